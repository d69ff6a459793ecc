//! The expression of a rule with its message: compiled when it is first needed, and held to the facts that there are.

use super::expr::{ExprError, Expression, Name, Vocabulary};
use super::page::problem;
use super::template::Template;
use super::{Meta, total};
use crate::diagnostic::SubjectKind;
use crate::model::facts;
use crate::syntax::Problem;
use crate::syntax::embed::Embedded;
use crate::text::{Span, nearest};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// The expression of a rule with its message, compiled when it is first needed.
pub struct Requirement {
    pub(super) require: Embedded,
    pub(super) message: Embedded,
    pub(super) help: Option<Embedded>,
    pub(super) at: Option<(String, Span)>,
    pub(super) compiled: OnceLock<Result<Compiled, Problem>>,
}

/// What a requirement comes down to.
#[derive(Debug)]
pub struct Compiled {
    pub expression: Expression,
    pub message: Template,
    pub help: Option<Template>,
    /// The fact whose place a finding points at.
    pub at: Option<&'static str>,
    /// Every fact that is read, judged or shown or pointed at.
    pub facts: BTreeSet<&'static str>,
}

impl Requirement {
    /// Compiles on first use; `Err` for a page that is wrong.
    pub fn compiled(&self, meta: &Meta) -> Result<&Compiled, &Problem> {
        self.compiled.get_or_init(|| self.compile(meta)).as_ref()
    }

    fn compile(&self, meta: &Meta) -> Result<Compiled, Problem> {
        let vocabulary = Vocabulary { each: meta.each, options: &meta.options };
        let template = |text: &Embedded| Template::compile(&text.text, vocabulary).map_err(|error| placed(text, error));
        let expression = Expression::compile(&self.require.text, vocabulary).map_err(|error| placed(&self.require, error))?;
        let message = template(&self.message)?;
        let help = self.help.as_ref().map(template).transpose()?;
        let at = self.at.as_ref().map(|(name, span)| pointed_at(meta.each, name, *span)).transpose()?;
        let shown = message.reads().chain(help.iter().flat_map(Template::reads));
        let fact = |name: &Name| if let Name::Fact(name) = name { Some(*name) } else { None };
        let facts = expression.reads().iter().chain(shown).filter_map(fact).chain(at).collect();
        Ok(Compiled { expression, message, help, at, facts })
    }

    /// Everything that can be wrong with it: names, types, and expressions that give neither true nor false.
    pub fn problems(&self, meta: &Meta) -> Option<Problem> {
        let vocabulary = Vocabulary { each: meta.each, options: &meta.options };
        let compiled = match self.compiled(meta) {
            Ok(compiled) => compiled,
            Err(problem) => return Some(problem.clone()),
        };
        let why = total::check_total(&compiled.expression, vocabulary).err()?;
        let help = "compare with null first: `feed.rows == null || feed.rows > 0`".to_owned();
        Some(problem(
            self.require.map.span(0..self.require.text.len()),
            format!("the expression does not say true or false: {why}"),
            Some(help),
        ))
    }
}

fn pointed_at(each: SubjectKind, name: &str, span: Span) -> Result<&'static str, Problem> {
    let found = facts::find(each, name).map(|fact| fact.name);
    found.ok_or_else(|| {
        let near = nearest(name, facts::of(each).iter().map(|fact| fact.name));
        let help = near.map(|near| format!("did you mean `{near}`?"));
        problem(span, format!("`at: {name}` is not a fact of a {}", each.name()), help)
    })
}

fn placed(text: &Embedded, error: ExprError) -> Problem {
    let from = text.text.floor_char_boundary(error.at);
    let until = text.text[from..].chars().next().map_or(from, |first| from + first.len_utf8());
    problem(text.map.span(from..until), error.message, error.help)
}
