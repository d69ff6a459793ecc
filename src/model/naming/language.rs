//! The language of a pattern: every name that it allows, as an automaton, with what stands for which part. A pattern
//! stands for the whole name of a file; `\d`, `\w` and `\s` are those of RE2, which are ASCII.

use super::automaton::{Automaton, Unbuilt};
use super::{NameKind, NamePart, NamePattern, strftime};
use regex_syntax::ast::{self, Ast};
use regex_syntax::hir::{Hir, HirKind};
use std::borrow::Cow;

/// What stands for the tokens that the pattern itself does not fix.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tokens<'a> {
    /// `{feed}`; anything that a feed may be called where it is not known.
    pub feed: Option<&'a str>,
    /// `{env}`: one of these; any word when there are none.
    pub environments: &'a [String],
    /// `{layer}`: one of these; any word when there are none.
    pub layers: &'a [String],
}

/// Every name that a pattern allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    pub automaton: Automaton,
    /// What the parts of the automaton are, as the pattern writes them: `{date:%Y%m%d}`, a literal, the name of a group.
    pub parts: Vec<String>,
}

impl Language {
    /// The language of a pattern that could be read.
    pub fn of(pattern: &NamePattern, tokens: Tokens<'_>) -> Result<Language, Unbuilt> {
        let (parts, hirs): (Vec<String>, Vec<Hir>) = parts(pattern, tokens).into_iter().unzip();
        Ok(Language { automaton: Automaton::of_parts(&hirs)?, parts })
    }

    /// The names of this one, each followed by a name of the other.
    pub fn then(&self, other: &Language) -> Language {
        let n_parts = u32::try_from(self.parts.len()).unwrap_or(u32::MAX);
        let parts = self.parts.iter().chain(&other.parts).cloned().collect();
        Language { automaton: self.automaton.then(&other.automaton, n_parts), parts }
    }
}

/// The parts of a pattern with their expressions.
pub(super) fn parts(pattern: &NamePattern, tokens: Tokens<'_>) -> Vec<(String, Hir)> {
    match pattern.kind {
        NameKind::Template => pattern.parts.iter().map(|part| template_part(part, tokens)).collect(),
        NameKind::Regex => regex_parts(&pattern.text),
    }
}

fn template_part(part: &NamePart, tokens: Tokens<'_>) -> (String, Hir) {
    match part {
        NamePart::Literal { text, .. } => (text.clone(), Hir::literal(text.as_bytes())),
        NamePart::Token { name, format, .. } => {
            let written = format.as_deref().map_or_else(|| format!("{{{name}}}"), |format| format!("{{{name}:{format}}}"));
            (written, parsed(&token_expression(name, format.as_deref(), tokens)))
        }
    }
}

/// The expression of a token of a template.
pub(super) fn token_expression<'a>(name: &str, format: Option<&'a str>, tokens: Tokens<'_>) -> Cow<'a, str> {
    let hex = |count: u8| format!("[0-9a-fA-F]{{{count}}}");
    match name {
        "date" => strftime::expression(format.unwrap_or("%Y%m%d")).into(),
        "time" => strftime::expression(format.unwrap_or("%H%M%S")).into(),
        "seq" => format.map_or("[0-9]+".into(), |width| format!("[0-9]{{{width}}}").into()),
        "uuid" => [8, 4, 4, 4, 12].map(hex).join("-").into(),
        "feed" => tokens.feed.map_or("[a-z][a-z0-9_-]*".into(), |feed| regex_syntax::escape(feed).into()),
        "env" => one_of(tokens.environments).into(),
        "layer" => one_of(tokens.layers).into(),
        _ => "[^/]+".into(),
    }
}

fn one_of(words: &[String]) -> String {
    if words.is_empty() {
        return "[A-Za-z0-9]+".to_owned();
    }
    let words: Vec<String> = words.iter().map(|word| regex_syntax::escape(word)).collect();
    format!("(?:{})", words.join("|"))
}

/// An expression of a pattern that was read before: one that does not parse allows nothing.
fn parsed(expression: &str) -> Hir {
    regex_syntax::parse(expression).unwrap_or_else(|_| Hir::fail())
}

/// The items of the outermost sequence of a regular expression.
fn regex_parts(text: &str) -> Vec<(String, Hir)> {
    let hir = parsed(&with_ascii_classes(text));
    let items = match hir.kind() {
        HirKind::Concat(items) => items.clone(),
        _ => vec![hir],
    };
    let named = |hir: &Hir| match hir.kind() {
        HirKind::Capture(capture) => capture.name.as_deref().map(str::to_owned),
        HirKind::Literal(literal) => Some(String::from_utf8_lossy(&literal.0).into_owned()),
        _ => None,
    };
    items.into_iter().map(|hir| (named(&hir).unwrap_or_default(), hir)).collect()
}

/// The expression with `\d`, `\w` and `\s` written out as RE2 reads them.
pub(super) fn with_ascii_classes(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return text.into();
    }
    let Ok(tree) = ast::parse::Parser::new().parse(text) else { return text.into() };
    let Ok(classes) = ast::visit(&tree, PerlClasses::default());
    let mut written = String::new();
    let mut end = 0;
    for (range, class) in classes {
        written.push_str(text.get(end..range.start).unwrap_or(""));
        written.push_str(class);
        end = range.end;
    }
    written.push_str(text.get(end..).unwrap_or(""));
    written.into()
}

#[derive(Default)]
struct PerlClasses(Vec<(std::ops::Range<usize>, &'static str)>);

impl PerlClasses {
    fn add(&mut self, class: &ast::ClassPerl) {
        let written = match (&class.kind, class.negated) {
            (ast::ClassPerlKind::Digit, false) => "[0-9]",
            (ast::ClassPerlKind::Digit, true) => "[^0-9]",
            (ast::ClassPerlKind::Space, false) => r"[\t\n\v\f\r ]",
            (ast::ClassPerlKind::Space, true) => r"[^\t\n\v\f\r ]",
            (ast::ClassPerlKind::Word, false) => "[0-9A-Za-z_]",
            (ast::ClassPerlKind::Word, true) => "[^0-9A-Za-z_]",
        };
        self.0.push((class.span.start.offset..class.span.end.offset, written));
    }
}

impl ast::Visitor for PerlClasses {
    type Output = Vec<(std::ops::Range<usize>, &'static str)>;
    type Err = std::convert::Infallible;

    fn finish(mut self) -> Result<Self::Output, Self::Err> {
        self.0.sort_by_key(|(range, _)| range.start);
        Ok(self.0)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        if let Ast::ClassPerl(class) = ast {
            self.add(class);
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ast::ClassSetItem) -> Result<(), Self::Err> {
        if let ast::ClassSetItem::Perl(class) = item {
            self.add(class);
        }
        Ok(())
    }
}
