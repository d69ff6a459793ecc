//! Terraform's expressions as far as they can be worked out without running it: a value with the place that says it, or
//! the reason why there is none. Pure and total: whatever is written ends, within a budget, in a value or a reason.
//! What variables, locals and files hold is asked of [`Terraform`]; this knows only what expressions mean.

mod decode;
mod functions;
mod operators;
mod optional;

pub(super) use functions::to_text;

use super::{MODULE_PATH, Terraform};
use crate::model::Why;
use crate::syntax::{Children, Document, Entry, NodeId, Operator, Value};
use crate::text::{FileId, Span};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Nested expressions and references are followed this far; a circle ends here.
const MAX_DEPTH: usize = 96;

/// So many steps are taken for one repository.
const MAX_STEPS: usize = 4_000_000;

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
pub struct Evaluator<'a> {
    terraform: &'a Terraform<'a>,
    /// What variables hold; without it they are set from outside.
    variables: Option<super::variables::Chosen<'a>>,
    n_steps: Cell<usize>,
    /// Files that were decoded, each once.
    decoded: RefCell<BTreeMap<FileId, Evaluated>>,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
struct Scope<'a, 's> {
    document: &'a Document,
    module: &'a str,
    bound: Option<&'s Bound<'s>>,
    depth: usize,
}

/// A name that `for` gives a value.
struct Bound<'s> {
    name: &'s str,
    value: Evaluated,
    outer: Option<&'s Bound<'s>>,
}

impl<'a> Evaluator<'a> {
    /// With variables that are set from outside.
    pub fn new(terraform: &'a Terraform<'a>) -> Evaluator<'a> {
        Evaluator { terraform, variables: None, n_steps: Cell::new(0), decoded: RefCell::default() }
    }

    /// With what `.tfvars` files and defaults say of variables, in this environment.
    pub fn with_variables(terraform: &'a Terraform<'a>, environment: Option<&'a str>) -> Evaluator<'a> {
        Evaluator { variables: Some(super::variables::Chosen::new(environment)), ..Evaluator::new(terraform) }
    }

    pub fn evaluate(&self, document: &'a Document, module: &'a str, node: NodeId) -> Evaluated {
        self.node(Scope { document, module, bound: None, depth: 0 }, node)
    }

    /// The value of a variable of a module.
    pub fn variable(&self, module: &'a str, name: &str, span: Span) -> Evaluated {
        self.variable_at(module, name, span, 0)
    }

    fn variable_at(&self, module: &'a str, name: &str, span: Span, depth: usize) -> Evaluated {
        let Some(chosen) = &self.variables else {
            return Evaluated::unknown(format!("`var.{name}` is set from outside"), span);
        };
        let Some(found) = self.terraform.variables.choose(module, name, chosen) else {
            return Evaluated::unknown(format!("`var.{name}` has no value in the repository"), span);
        };
        let mut values = found
            .values
            .iter()
            .map(|(document, node)| self.node(Scope { document, module, bound: None, depth: depth + 1 }, *node));
        let Some(first) = values.next() else {
            return Evaluated::unknown(format!("`var.{name}` has no value in the repository"), span);
        };
        if values.any(|other| !is_same(&other, &first)) {
            let why = format!("`var.{name}` differs between files of variables: name an environment with `--env`");
            return Evaluated::unknown(why, span);
        }
        match found.type_node {
            Some((document, node)) => {
                let scope = Scope { document, module, bound: None, depth: depth + 1 };
                self.with_optional(scope, node, first)
            }
            None => first,
        }
    }

    fn node(&self, scope: Scope<'a, '_>, node: NodeId) -> Evaluated {
        let document = scope.document;
        let span = document.span(node);
        self.n_steps.set(self.n_steps.get() + 1);
        if scope.depth >= MAX_DEPTH {
            return Evaluated::unknown("the references go in a circle or too deep", span);
        }
        if self.n_steps.get() > MAX_STEPS {
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
        let document = scope.document;
        let is_computed = |key: &str| key.starts_with('(') || key.contains("${");
        if document.entries(entries).iter().any(|entry| is_computed(document.key(entry))) {
            return Evaluated::unknown("a key of the map is computed", span);
        }
        let member = |entry: &Entry| Member {
            key: document.key(entry).into(),
            key_span: entry.key_span,
            value: self.node(scope, entry.value),
        };
        Evaluated::new(Content::Map(document.entries(entries).iter().map(member).collect()), span)
    }

    fn expression(&self, scope: Scope<'a, '_>, operator: Operator, name: &str, operands: Children, span: Span) -> Evaluated {
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
            Operator::Other => Evaluated::unknown("the expression is not evaluated", span),
            Operator::Unknown => Evaluated::unknown(name, span),
        }
    }

    fn reference(&self, scope: Scope<'a, '_>, root: &str, path: &[NodeId], span: Span) -> Evaluated {
        let mut bound = scope.bound;
        while let Some(name) = bound {
            if name.name == root {
                return self.steps(scope, name.value.clone(), path, span);
            }
            bound = name.outer;
        }
        let step = |at: usize| path.get(at).and_then(|node| scope.document.str(*node));
        let rest = path.get(1..).unwrap_or(&[]);
        match (root, step(0)) {
            ("path", Some("module" | "root" | "cwd")) => Evaluated::new(Content::Text(MODULE_PATH.into()), span),
            ("local", Some(name)) => match self.terraform.locals.get(&(scope.module, name)) {
                Some((document, node)) => {
                    let value = self.node(Scope { document, bound: None, ..scope }, *node);
                    self.steps(scope, value, rest, span)
                }
                None => Evaluated::unknown(format!("`local.{name}` is not defined in this module"), span),
            },
            ("var", Some(name)) => {
                let value = self.variable_at(scope.module, name, span, scope.depth);
                self.steps(scope, value, rest, span)
            }
            ("each", _) => Evaluated::unknown("`each` differs from instance to instance", span),
            (kind, Some(name)) => match step(1) {
                Some(attribute) => self.resource(scope, kind, name, attribute, span),
                None => Evaluated::unknown(format!("`{kind}.{name}` is known only when it is applied"), span),
            },
            (root, None) => Evaluated::unknown(format!("`{root}` is known only when it is applied"), span),
        }
    }

    fn resource(&self, scope: Scope<'a, '_>, kind: &str, name: &str, attribute: &str, span: Span) -> Evaluated {
        let applied = || Evaluated::unknown(format!("`{kind}.{name}.{attribute}` is known only when it is applied"), span);
        let Some(resource) = self.terraform.resources.get(&(scope.module, kind, name)) else { return applied() };
        let (document, body) = (resource.document, resource.body);
        document.get(body, attribute).map_or_else(applied, |node| self.node(Scope { document, bound: None, ..scope }, node))
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
        for part in parts {
            let part = self.node(scope, *part);
            match functions::to_text(&part) {
                Some(part) => text.push_str(&part),
                None if part.why().is_some() => return Evaluated { span, ..part },
                None => return Evaluated::failed("a hole of the template is no plain value", span),
            }
        }
        Evaluated::new(Content::Text(text.into()), span)
    }

    fn conditional(&self, scope: Scope<'a, '_>, operands: &[NodeId], span: Span) -> Evaluated {
        let [condition, yes, no] = operands else { return Evaluated::unknown("the condition is not evaluated", span) };
        match self.node(scope, *condition).content {
            Content::Bool(true) => self.node(scope, *yes),
            Content::Bool(false) => self.node(scope, *no),
            _ => {
                let (yes, no) = (self.node(scope, *yes), self.node(scope, *no));
                if is_same(&yes, &no) { yes } else { Evaluated::unknown("a condition is not evaluated", span) }
            }
        }
    }

    fn call(&self, scope: Scope<'a, '_>, name: &str, operands: &[NodeId], span: Span) -> Evaluated {
        let arguments: Vec<Evaluated> = operands.iter().map(|operand| self.node(scope, *operand)).collect();
        match (name, arguments.as_slice()) {
            ("file", [path]) => match path.text().map(|text| self.terraform.find_file(scope.module, text, span)) {
                Some(Ok((file, _))) => Evaluated::new(Content::File(file), span),
                Some(Err(why)) => Evaluated::new(Content::Failed(why), span),
                None => path.clone(),
            },
            ("fileset", [folder, pattern]) => match (folder.text(), pattern.text()) {
                (Some(folder), Some(pattern)) => self.file_set(scope.module, folder, pattern, span),
                _ => Evaluated::unknown("the folder or the pattern of `fileset` is not known", span),
            },
            ("yamldecode" | "jsondecode", [text]) => match text.content {
                Content::File(file) => self.decode(file, name == "jsondecode"),
                _ if text.why().is_some() => text.clone(),
                _ => Evaluated::unknown(format!("`{name}(…)` is evaluated for files only"), span),
            },
            _ => functions::call(name, &arguments, span),
        }
    }

    /// `[for …]` and `{ for … }`.
    fn for_each(&self, scope: Scope<'a, '_>, operands: &[NodeId], span: Span) -> Evaluated {
        let &[collection, key_name, value_name, key, value, condition, is_grouping] = operands else {
            return Evaluated::unknown("the expression is not evaluated", span);
        };
        let document = scope.document;
        let source = self.node(scope, collection);
        if source.why().is_some() {
            return source;
        }
        if document.value(is_grouping) == Value::Bool(true) {
            return Evaluated::unknown("a grouping `for` is not evaluated", span);
        }
        let names = [key_name, value_name].map(|name| document.str(name).unwrap_or(""));
        let is_map = document.value(key) != Value::Null;
        let (mut items, mut members) = (Vec::new(), Vec::new());
        for (of_key, of_value) in functions::pairs(&source) {
            let outer = Bound { name: names[0], value: of_key, outer: scope.bound };
            let inner = Bound { name: names[1], value: of_value, outer: Some(&outer) };
            let scope = Scope { bound: Some(&inner), ..scope };
            match self.node(scope, condition).content {
                Content::Bool(true) => {}
                Content::Bool(false) => continue,
                _ => return Evaluated::unknown("the condition of a `for` is not evaluated", span),
            }
            if !is_map {
                items.push(self.node(scope, value));
                continue;
            }
            let key = self.node(scope, key);
            let Some(text) = functions::to_text(&key) else {
                return Evaluated::unknown("a key of a `for` is not evaluated", span);
            };
            members.push(Member { key: text.into(), key_span: key.span, value: self.node(scope, value) });
        }
        Evaluated::new(if is_map { Content::Map(members.into()) } else { Content::List(items.into()) }, span)
    }
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
