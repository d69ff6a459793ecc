//! A template of Terraform in pieces: the text between its holes, decoded, and the expressions in them. A file that
//! `templatefile` reads, and a template that stands in a `.tf` file, come to the same pieces.

use super::embed::Embedded;
use super::hcl_directive::Trim;
use super::hcl_lex::hole_end;
use super::hcl_lower::{Host, Lowering};
use super::hcl_text::{Style, decode, heredoc};
use super::node::{Document, EACH_ITEM, Format, NodeId, Operator, Value};
use crate::text::{FileId, Span, offset};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// A piece of a template.
#[derive(Debug, Clone)]
pub enum Piece {
    Text(Embedded),
    /// `${…}`: the expression, and where the hole stands.
    Hole(NodeId, Span),
    /// `${…}` that is no expression of Terraform.
    Broken(Span),
    /// `%{ if … }` or `%{ for … }` to its end: the expression that it comes to. `None` of one that has no end, or that is
    /// nested too deep.
    Directive(Option<NodeId>, Span),
}

/// Directives within directives are read this far.
const MAX_NESTED: usize = 16;

/// Reads a file as `templatefile` does: the document holds the expressions of its holes.
pub fn parse(file: FileId, source: &Arc<str>) -> (Document, Vec<Piece>) {
    let mut document = Document::new(file, source.clone());
    document.format = Format::Hcl;
    let ends = directive_ends(source);
    let (mut pieces, mut from, mut trim) = (Vec::new(), 0, Trim::default());
    let mut starts = Sequences { source, at: 0 };
    while let Some(start) = starts.next() {
        let piece = match ends.get(&start) {
            Some(end) => directive(&mut document, source, Span::new(file, start..*end)),
            None => None,
        };
        let piece = piece.unwrap_or_else(|| hole(&mut document, source, Span::new(file, start..sequence_end(source, start))));
        let end = piece.end();
        trim.end = source.get(start + 2..).is_some_and(|rest| rest.starts_with('~'));
        pieces.extend(trimmed_text(file, source, from..start, trim));
        trim.start = source.get(..end).is_some_and(|before| before.ends_with("~}"));
        (from, starts.at) = (end, end);
        pieces.push(piece);
    }
    trim.end = false;
    pieces.extend(trimmed_text(file, source, from..source.len(), trim));
    (document, pieces)
}

impl Piece {
    /// Where a hole or a directive ends in its file.
    fn end(&self) -> usize {
        match self {
            Piece::Hole(_, span) | Piece::Broken(span) | Piece::Directive(_, span) => span.range().end,
            Piece::Text(_) => 0,
        }
    }
}

/// The places of `${` and `%{` that are not escaped.
struct Sequences<'a> {
    source: &'a str,
    at: usize,
}

impl Iterator for Sequences<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while let Some(found) = self.source.get(self.at..).and_then(|rest| rest.find(['$', '%'])) {
            let start = self.at + found;
            match self.source.as_bytes().get(start..).unwrap_or_default() {
                [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => self.at = start + 3,
                [_, b'{', ..] => {
                    self.at = start + 2;
                    return Some(start);
                }
                _ => self.at = start + 1,
            }
        }
        None
    }
}

fn sequence_end(source: &str, start: usize) -> usize {
    source.floor_char_boundary(hole_end(source, start).max(start + 2))
}

/// Where the directives that open at these places end, with what closes them.
fn directive_ends(source: &str) -> BTreeMap<usize, usize> {
    let (mut ends, mut open) = (BTreeMap::new(), Vec::new());
    let mut starts = Sequences { source, at: 0 };
    while let Some(start) = starts.next() {
        starts.at = sequence_end(source, start);
        match keyword(source, start) {
            "if" | "for" => open.push(start),
            "endif" | "endfor" => {
                let is_read = open.len() <= MAX_NESTED;
                ends.extend(open.pop().filter(|_| is_read).map(|opened| (opened, starts.at)));
            }
            _ => {}
        }
    }
    ends
}

/// The word that begins a directive; nothing of a hole.
fn keyword(source: &str, start: usize) -> &str {
    let rest = source.get(start..).and_then(|rest| rest.strip_prefix("%{")).unwrap_or("");
    let rest = rest.strip_prefix('~').unwrap_or(rest).trim_start();
    rest.split(|letter: char| !letter.is_ascii_lowercase()).next().unwrap_or("")
}

fn trimmed_text(file: FileId, source: &str, range: Range<usize>, trim: Trim) -> Option<Piece> {
    let kept = trim.of(source.get(range.clone()).unwrap_or(""));
    text(file, source, range.start + kept.start..range.start + kept.end, Style::Bare)
}

fn text(file: FileId, source: &str, range: Range<usize>, style: Style) -> Option<Piece> {
    let (text, map) = decode(source, range.clone(), style).into_map(file, range);
    let map = if style == Style::Quoted { map } else { map.literal() };
    (!text.is_empty()).then_some(Piece::Text(Embedded { text, map }))
}

fn directive(document: &mut Document, source: &str, span: Span) -> Option<Piece> {
    expression(document, source, span).map(|node| Piece::Directive(Some(node), span))
}

/// `${…}`, or what opens or closes a directive that cannot be read as a whole.
fn hole(document: &mut Document, source: &str, span: Span) -> Piece {
    if is_directive(source, span) {
        return Piece::Directive(None, span);
    }
    expression(document, source, span).map_or(Piece::Broken(span), |node| Piece::Hole(node, span))
}

/// The expression of the one hole or directive that a text is.
fn expression(document: &mut Document, source: &str, span: Span) -> Option<NodeId> {
    let written = source.get(span.range()).unwrap_or_default();
    let template = hcl_edit::parser::parse_template(written).ok()?;
    let mut problems = Vec::new();
    let host = Host::File(span.range().start);
    let mut lowering = Lowering { document, problems: &mut problems, text: written, host, depth: 0 };
    match lowering.bare_template(&template) {
        Value::Expression { operator: Operator::Template, operands, .. } => match document.items(operands) {
            [expression] => Some(*expression),
            _ => None,
        },
        _ => None,
    }
}

/// The pieces of a string or a template of a `.tf` file; `None` for anything else, and for templates in JSON.
pub fn pieces(document: &Document, node: NodeId) -> Option<Vec<Piece>> {
    if let Value::String(_) = document.value(node) {
        return Some(vec![Piece::Text(super::embed::embedded(document, node)?)]);
    }
    let Value::Expression { operator: Operator::Template, operands, .. } = document.value(node) else { return None };
    let (source, whole) = (document.source(), document.span(node));
    if document.format != Format::Hcl || whole.file != document.file() {
        return None;
    }
    let is_heredoc = source.get(whole.range()).is_some_and(|written| written.starts_with("<<"));
    let style = if is_heredoc { heredoc(source, whole.range())?.1 } else { Style::Quoted };
    let piece = |operand: &NodeId| {
        let span = document.span(*operand);
        match document.value(*operand) {
            _ if is_directive(source, span) => Some(Piece::Directive(Some(*operand), span)),
            Value::String(_) if !is_in_hole(source, span) => text(document.file(), source, span.range(), style),
            _ => Some(Piece::Hole(*operand, widened(source, span))),
        }
    };
    Some(document.items(operands).iter().filter_map(piece).collect())
}

/// The names that an expression asks for, with their places: those that it does not give values itself.
pub fn free_names(document: &Document, node: NodeId) -> Vec<(&str, Span)> {
    let mut names = Names { document, bound: vec![EACH_ITEM], free: Vec::new() };
    names.visit(node);
    names.free
}

struct Names<'a> {
    document: &'a Document,
    bound: Vec<&'a str>,
    free: Vec<(&'a str, Span)>,
}

impl Names<'_> {
    fn visit(&mut self, node: NodeId) {
        let document = self.document;
        match document.value(node) {
            Value::Sequence(items) => document.items(items).iter().for_each(|item| self.visit(*item)),
            Value::Map(entries) => {
                for entry in document.entries(entries) {
                    document.key_expression(entry).into_iter().for_each(|key| self.visit(key));
                    self.visit(entry.value);
                }
            }
            Value::Expression { operator, name, operands } => {
                let name = document.text(name);
                if operator == Operator::Reference && !self.bound.contains(&name) {
                    self.free.push((name, document.span(node)));
                }
                match (operator, document.items(operands)) {
                    (Operator::For, [collection, key, value, rest @ ..]) => self.comprehension(*collection, [*key, *value], rest),
                    (_, operands) => operands.iter().for_each(|operand| self.visit(*operand)),
                }
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn comprehension(&mut self, collection: NodeId, names: [NodeId; 2], rest: &[NodeId]) {
        self.visit(collection);
        let n_outer = self.bound.len();
        self.bound.extend(names.iter().filter_map(|name| self.document.str(*name)));
        rest.iter().for_each(|part| self.visit(*part));
        self.bound.truncate(n_outer);
    }
}

fn is_directive(source: &str, span: Span) -> bool {
    source.get(span.range()).is_some_and(|written| written.starts_with("%{"))
}

/// A string may be the text between holes, or the expression in one.
fn is_in_hole(source: &str, span: Span) -> bool {
    let before = source.get(..span.start as usize).unwrap_or_default().trim_end();
    before.ends_with("${") || before.ends_with("${~")
}

/// The hole around an expression.
fn widened(source: &str, span: Span) -> Span {
    let before = source.get(..span.start as usize).unwrap_or_default();
    let start = before.rfind("${").unwrap_or(before.len());
    let after = source.get(span.end as usize..).unwrap_or_default();
    let end = after.find('}').map_or(0, |at| at + 1);
    Span { start: offset(start), end: span.end + offset(end), ..span }
}

#[cfg(test)]
mod tests {
    use super::{Piece, free_names, parse, pieces};
    use crate::syntax::hcl;
    use crate::syntax::testing::{file, for_each_mutation};
    use crate::text::{Files, Side, SourceFile};

    fn shown(source: &str, pieces: &[Piece]) -> String {
        let slice = |span: &crate::text::Span| source.get(span.range()).unwrap_or("?").to_owned();
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => format!("{:?}", text.text),
            Piece::Hole(_, span) => format!("hole {}", slice(span)),
            Piece::Broken(span) => format!("broken {}", slice(span)),
            Piece::Directive(Some(_), span) => format!("directive {}", slice(span)),
            Piece::Directive(None, span) => format!("open {}", slice(span)),
        };
        pieces.iter().map(piece).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn a_file_falls_into_text_and_holes() {
        let text = "a: $${b}\nc: ${d.e} $$ %%{f} ${sys.get_env(\"x\")}\n%{ if g }h%{ endif }";
        let (_, pieces) = parse(file(), &text.into());
        assert_eq!(
            shown(text, &pieces),
            "\"a: ${b}\\nc: \" | hole ${d.e} | \" $$ %{f} \" | broken ${sys.get_env(\"x\")} | \"\\n\" | \
             directive %{ if g }h%{ endif }"
        );
    }

    #[test]
    fn a_directive_reaches_to_its_own_end() {
        for (text, expected) in [
            ("%{ if a }b%{ if c }d%{ endif }%{ endif }e", "directive %{ if a }b%{ if c }d%{ endif }%{ endif } | \"e\""),
            ("%{ for a in b }%{ else }", "open %{ for a in b } | open %{ else }"),
            ("%{ endif }a%{ if b", "open %{ endif } | \"a\" | open %{ if b"),
            ("%{ if a }${b c}%{ endif }", "open %{ if a } | broken ${b c} | open %{ endif }"),
            ("%%{ if a }${\"%{ if b }c%{ endif }\"}", "\"%{ if a }\" | hole ${\"%{ if b }c%{ endif }\"}"),
        ] {
            assert_eq!(shown(text, &parse(file(), &text.into()).1), expected, "{text}");
        }
    }

    /// As `terraform console` shows it.
    #[test]
    fn a_tilde_takes_the_blanks_of_its_line() {
        let text = "a:\n  ${~ b ~}  \n\n   c\n  %{~ if d ~}e%{ endif ~}\n    f";
        assert_eq!(
            shown(text, &parse(file(), &text.into()).1),
            "\"a:\\n\" | hole ${~ b ~} | \"\\n   c\\n\" | directive %{~ if d ~}e%{ endif ~} | \"    f\""
        );
    }

    #[test]
    fn names_that_an_expression_binds_are_its_own() {
        let text = "%{ for a, b in c }${a}${b[d]}${[for e in b : e + f]}${g[*].h}%{ endfor }";
        let (document, pieces) = parse(file(), &text.into());
        let Some(Piece::Directive(Some(node), _)) = pieces.first() else { panic!("it is one directive") };
        let names: Vec<&str> = free_names(&document, *node).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["c", "d", "f", "g"]);
    }

    #[test]
    fn a_heredoc_falls_into_the_same_pieces() {
        let text = "a = <<-EOT\n    b: $${c}\n      d: ${ e.f }\n  EOT\n";
        let parsed = hcl::parse(file(), &text.into());
        let node = parsed.document.get(parsed.document.roots[0], "a").expect("it is there");
        let pieces = pieces(&parsed.document, node).expect("it is a template");
        assert_eq!(shown(text, &pieces), "\"b: ${c}\\n  d: \" | hole ${ e.f } | \"\\n\"");
    }

    #[test]
    fn no_mutation_leads_out_of_the_file() {
        for_each_mutation(
            &["a: $${b}\nc: ${d.é} %{~ if g ~} h%{ for i in é }${i}%{ endfor }%{ endif } ${jsonencode({a=\"}\"})}\n"],
            3_000,
            |text| {
                let mut files = Files::default();
                let path = crate::text::RepoPath::new("a.yaml").expect("a plain name");
                let id = files.push(SourceFile::new(Side::Head, path, text.clone()));
                for piece in parse(id, text).1 {
                    if let Piece::Hole(_, span) | Piece::Broken(span) | Piece::Directive(_, span) = piece {
                        assert!(text.get(span.range()).is_some(), "{text:?}");
                    }
                }
            },
        );
    }
}
