//! Terraform's expressions as far as they can be worked out without running it: a value with the place that says it, or
//! the reason why there is none. Pure and total: whatever is written ends, within a budget, in a value or a reason.
//! What there is to refer to is asked of the index of blocks; this knows only what expressions mean.

mod comprehension;
mod decode;
mod functions;
mod operators;
mod optional;
mod reference;
mod runs;

pub(super) use functions::{pairs, to_text};
pub(super) use runs::Runs;

use super::Resource;
use super::index::Index;
use super::instances::{Module, State};
use crate::model::Why;
use crate::syntax::{Children, Document, Entry, NodeId, Operator, Value};
use crate::text::{FileId, Span};
use std::sync::Arc;

/// Nested expressions and references are followed this far; a circle ends here.
const MAX_DEPTH: usize = 96;

/// So many steps are taken for one repository.
const MAX_STEPS: usize = 20_000_000;

/// What an expression comes to, and the place that says it: the literal behind names and functions that pass it on.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluated {
    pub content: Content,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    Null,
    Bool(bool),
    Number(f64),
    Text(Arc<str>),
    /// The text of a file of the repository.
    File(FileId),
    List(Arc<[Evaluated]>),
    Map(Arc<[Member]>),
    /// What a block says of a resource; it has more attributes, which are known when it is applied.
    Resource(Arc<[Member]>),
    /// There is a value, and it cannot be had.
    Unknown(Why),
    /// Terraform would refuse the expression, which `try` and `can` catch.
    Failed(Why),
}

/// An entry of a map, with the place of its key.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub key: Arc<str>,
    pub key_span: Span,
    pub value: Evaluated,
}

impl Member {
    /// One that is not written as such: its place is that of its value.
    pub(super) fn new(key: &str, value: Evaluated) -> Member {
        Member { key: key.into(), key_span: value.span, value }
    }
}

/// A name that `for_each`, `count` or `dynamic` gives a value.
#[derive(Debug, PartialEq)]
pub(super) struct Binding {
    name: Arc<str>,
    value: Evaluated,
    outer: Option<Arc<Binding>>,
}

impl Binding {
    pub(super) fn new(name: &str, value: Evaluated, outer: Option<Arc<Binding>>) -> Arc<Binding> {
        Arc::new(Binding { name: name.into(), value, outer })
    }
}

impl Evaluated {
    pub fn new(content: Content, span: Span) -> Evaluated {
        Evaluated { content, span }
    }

    pub fn unknown(why: impl Into<Arc<str>>, span: Span) -> Evaluated {
        Evaluated::new(Content::Unknown(Why::new(why, Some(span))), span)
    }

    fn failed(why: impl Into<Arc<str>>, span: Span) -> Evaluated {
        Evaluated::new(Content::Failed(Why::new(why, Some(span))), span)
    }

    /// Why there is no value.
    pub fn why(&self) -> Option<&Why> {
        match &self.content {
            Content::Unknown(why) | Content::Failed(why) => Some(why),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The members of a map; none of anything else.
    pub fn members(&self) -> &[Member] {
        match &self.content {
            Content::Map(members) => members,
            _ => &[],
        }
    }

    pub fn items(&self) -> &[Evaluated] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    pub fn get(&self, key: &str) -> Option<&Member> {
        self.members().iter().find(|member| &*member.key == key)
    }
}

/// Works out expressions of one revision.
pub(super) struct Evaluator<'t, 'a> {
    pub(super) index: &'t Index<'a>,
    pub(super) state: &'t State<'a>,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a, 's> {
    document: &'a Document,
    module: &'s Arc<Module<'a>>,
    bound: Option<&'s Bound<'s>>,
    binding: Option<&'s Binding>,
    /// Within a template, which sees nothing else.
    given: Option<Given<'s>>,
    depth: usize,
}

impl<'a, 's> Scope<'a, 's> {
    pub(super) fn of_module(module: &'s Arc<Module<'a>>, document: &'a Document, binding: Option<&'s Binding>) -> Scope<'a, 's> {
        Scope { document, module, bound: None, binding, given: None, depth: 0 }
    }

    /// The scope of what stands in a template of its own.
    pub(super) fn of_template(module: &'s Arc<Module<'a>>, document: &'a Document, given: Given<'s>) -> Scope<'a, 's> {
        Scope { given: Some(given), ..Scope::of_module(module, document, None) }
    }
}

/// What a template is given.
#[derive(Clone, Copy)]
pub(super) struct Given<'s> {
    pub(super) variables: &'s Evaluated,
    /// Stands in the text for a hole whose value is not known; without one, the text is not known either.
    pub(super) mark: Option<char>,
}

/// A name that `for` gives a value.
struct Bound<'s> {
    name: &'s str,
    value: Evaluated,
    outer: Option<&'s Bound<'s>>,
}

impl<'t, 'a> Evaluator<'t, 'a> {
    pub(super) fn new(index: &'t Index<'a>, state: &'t State<'a>) -> Evaluator<'t, 'a> {
        Evaluator { index, state }
    }

    /// An expression in a resource or in a block within one.
    pub(super) fn of_resource(&self, resource: &Resource<'a>, node: NodeId) -> Evaluated {
        self.in_module(&resource.module, resource.document, node, resource.binding.as_deref())
    }

    /// An expression of a module, with what its block binds.
    pub(super) fn in_module(
        &self,
        module: &Arc<Module<'a>>,
        document: &'a Document,
        node: NodeId,
        binding: Option<&Binding>,
    ) -> Evaluated {
        self.node(Scope::of_module(module, document, binding), node)
    }

    /// The value of a variable of a module.
    pub(super) fn variable_of(&self, module: &Arc<Module<'a>>, name: &'a str, span: Span) -> Evaluated {
        let Some(document) = self.index.variables.document(module.folder, name) else {
            return Evaluated::unknown(format!("`var.{name}` has no value in the repository"), span);
        };
        self.variable(Scope::of_module(module, document, None), name, span)
    }

    pub(super) fn node(&self, scope: Scope<'a, '_>, node: NodeId) -> Evaluated {
        let document = scope.document;
        let span = document.span(node);
        let n_steps = self.state.n_steps.get() + 1;
        self.state.n_steps.set(n_steps);
        if scope.depth >= MAX_DEPTH {
            return Evaluated::unknown("the references go in a circle or too deep", span);
        }
        if n_steps > MAX_STEPS {
            return Evaluated::unknown("the expressions of the repository take too many steps", span);
        }
        let scope = Scope { depth: scope.depth + 1, ..scope };
        let content = match document.value(node) {
            Value::Null => Content::Null,
            Value::Bool(value) => Content::Bool(value),
            // Seconds, days and counts are far below 2^52, where f64 is exact.
            Value::Int(value) => Content::Number(value as f64),
            Value::Float(value) => Content::Number(value),
            Value::Number(text) | Value::String(text) => Content::Text(document.text(text).into()),
            Value::Sequence(items) => Content::List(document.items(items).iter().map(|item| self.node(scope, *item)).collect()),
            Value::Map(entries) => return self.map(scope, entries, span),
            Value::Expression { operator, name, operands } => {
                return self.expression(scope, operator, document.text(name), operands, span);
            }
        };
        Evaluated::new(content, span)
    }

    fn map(&self, scope: Scope<'a, '_>, entries: Children, span: Span) -> Evaluated {
        let member = |entry: &Entry| {
            let key = self.key(scope, entry).ok_or_else(|| Evaluated::unknown("a key of the map is not known", span))?;
            Ok(Member { key, key_span: entry.key_span, value: self.node(scope, entry.value) })
        };
        let members: Result<_, Evaluated> = scope.document.entries(entries).iter().map(member).collect();
        members.map_or_else(|unknown| unknown, |members| Evaluated::new(Content::Map(members), span))
    }

    fn key(&self, scope: Scope<'a, '_>, entry: &Entry) -> Option<Arc<str>> {
        let written = scope.document.key(entry);
        match scope.document.key_expression(entry) {
            Some(key) => functions::to_text(&self.node(scope, key)).map(Into::into),
            // In JSON, keys are templates that are not read.
            None => (!written.contains("${")).then(|| written.into()),
        }
    }

    fn expression(&self, scope: Scope<'a, '_>, operator: Operator, name: &'a str, operands: Children, span: Span) -> Evaluated {
        let operands = scope.document.items(operands);
        match operator {
            Operator::Reference => self.reference(scope, name, operands, span),
            Operator::Template => self.template(scope, operands, span),
            Operator::Binary | Operator::Unary => {
                let values: Vec<Evaluated> = operands.iter().map(|operand| self.node(scope, *operand)).collect();
                operators::apply(name, &values, span)
            }
            Operator::Conditional => self.conditional(scope, operands, span),
            Operator::Call => self.call(scope, name, operands, span),
            Operator::For => self.for_each(scope, operands, span),
            Operator::Access => match operands.split_first() {
                Some((base, steps)) => self.steps(scope, self.node(scope, *base), steps, span),
                None => Evaluated::unknown("the expression is not evaluated", span),
            },
            Operator::Splat => self.splat(scope, operands, span),
            Operator::Expand | Operator::Other => Evaluated::unknown("the expression is not evaluated", span),
            Operator::Unknown => Evaluated::unknown(name, span),
        }
    }

    /// Follows attributes and indices into a value.
    fn steps(&self, scope: Scope<'a, '_>, value: Evaluated, path: &[NodeId], span: Span) -> Evaluated {
        path.iter().fold(value, |value, step| {
            if value.why().is_some() {
                return value;
            }
            functions::element(&value, &self.node(scope, *step), span)
        })
    }

    fn template(&self, scope: Scope<'a, '_>, parts: &[NodeId], span: Span) -> Evaluated {
        let mut text = String::new();
        let mark = scope.given.and_then(|given| given.mark).filter(|_| !is_quoted(scope.document, span));
        for part in parts {
            let part = self.node(scope, *part);
            match functions::to_text(&part) {
                Some(part) => text.push_str(&part),
                None if part.why().is_some() && mark.is_some() => text.extend(mark),
                None if part.why().is_some() => return Evaluated { span, ..part },
                None => return Evaluated::failed("a hole of the template is no plain value", span),
            }
        }
        Evaluated::new(Content::Text(text.into()), span)
    }

    fn conditional(&self, scope: Scope<'a, '_>, operands: &[NodeId], span: Span) -> Evaluated {
        let [condition, yes, no] = operands else { return Evaluated::unknown("the condition is not evaluated", span) };
        let condition = self.node(scope, *condition);
        match condition.content {
            Content::Bool(true) => self.node(scope, *yes),
            Content::Bool(false) => self.node(scope, *no),
            _ => {
                let (yes, no) = (self.node(scope, *yes), self.node(scope, *no));
                let why =
                    || condition.why().map_or_else(|| "a condition is neither true nor false".into(), |why| why.text.clone());
                if is_same(&yes, &no) { yes } else { Evaluated::unknown(why(), span) }
            }
        }
    }

    fn call(&self, scope: Scope<'a, '_>, name: &str, operands: &[NodeId], span: Span) -> Evaluated {
        if let ("yamldecode" | "jsondecode", &[text]) = (name, operands) {
            return self.decoded(scope, text, name == "jsondecode", span);
        }
        let Some(arguments) = self.arguments(scope, operands) else {
            return Evaluated::unknown("how many arguments there are is not known", span);
        };
        match (name, arguments.as_slice()) {
            ("file", [path]) => match path.text().map(|text| self.index.find_file(scope.module.root, text, span)) {
                Some(Ok((file, _))) => Evaluated::new(Content::File(file), span),
                Some(Err(why)) => Evaluated::new(Content::Failed(why), span),
                None => path.clone(),
            },
            ("fileset", [folder, pattern]) => match (folder.text(), pattern.text()) {
                (Some(folder), Some(pattern)) => self.file_set(scope.module.root, folder, pattern, span),
                _ => Evaluated::unknown("the folder or the pattern of `fileset` is not known", span),
            },
            ("templatefile", _) if scope.given.is_some() => Evaluated::failed("a template reads no other", span),
            ("templatefile", [path, variables]) => match self.rendered(scope.module, path, variables, span) {
                Ok((text, _)) => Evaluated::new(Content::Text(text.into()), span),
                Err(hidden) => hidden,
            },
            _ => functions::call(name, &arguments, span),
        }
    }

    /// The arguments of a call; `None` where `...` stands behind something that is no known list.
    fn arguments(&self, scope: Scope<'a, '_>, operands: &[NodeId]) -> Option<Vec<Evaluated>> {
        let mut arguments = Vec::with_capacity(operands.len());
        for operand in operands {
            match scope.document.value(*operand) {
                Value::Expression { operator: Operator::Expand, operands, .. } => {
                    let list = self.node(scope, *scope.document.items(operands).first()?);
                    let Content::List(items) = &list.content else { return None };
                    arguments.extend(items.iter().cloned());
                }
                _ => arguments.push(self.node(scope, *operand)),
            }
        }
        Some(arguments)
    }
}

/// A text in an expression, and not the body of a directive.
fn is_quoted(document: &Document, span: Span) -> bool {
    document.source().get(span.range()).is_some_and(|written| written.starts_with(['"', '<']))
}

/// Whether two values are equal, wherever they are written; what is not known equals nothing.
pub fn is_same(a: &Evaluated, b: &Evaluated) -> bool {
    match (&a.content, &b.content) {
        (Content::Unknown(_) | Content::Failed(_), _) | (_, Content::Unknown(_) | Content::Failed(_)) => false,
        (Content::List(a), Content::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| is_same(a, b)),
        (Content::Map(a), Content::Map(b)) => {
            let is_in = |member: &Member| b.iter().any(|other| other.key == member.key && is_same(&other.value, &member.value));
            a.len() == b.len() && a.iter().all(is_in)
        }
        (a, b) => a == b,
    }
}
