//! A text that Terraform hands on: written inline, or read from a file by `file` or `templatefile`, with the values of its
//! holes where they are known. What is not known leaves a mark in the text.

use super::evaluate::{Content, Evaluated, call, to_text};
use super::{Resource, Terraform};
use crate::model::Why;
use crate::syntax::embed::Embedded;
use crate::syntax::hcl_template::{self, Piece};
use crate::syntax::workflow::HOLE;
use crate::syntax::{Document, NodeId, Operator, Value};
use crate::text::{FileId, Span, SpanMap};
use std::sync::Arc;

/// How a text comes to whoever reads it, which says what `${` and `$${` mean in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loading {
    /// As it is: by `file`, or by something that is not known.
    Verbatim,
    /// By `templatefile`.
    Template,
    /// It stands in a `.tf` file.
    Inline,
}

/// What stands for a hole whose value is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unknown {
    /// A mark that no text has.
    Marked,
    /// The hole itself.
    Written,
}

/// A text with its places.
#[derive(Debug, Clone)]
pub struct Source {
    pub text: String,
    pub map: SpanMap,
    pub loading: Loading,
    /// Holes that Terraform would refuse: where, and the name that it does not know; `None` where it is no expression.
    pub refused: Vec<(Span, Option<String>)>,
    /// Why the text is not the one that is handed on.
    pub hidden: Option<Why>,
}

/// The names that begin a reference in Terraform, beside types of resources.
const ROOTS: [&str; 9] = ["var", "local", "each", "count", "path", "terraform", "module", "data", "self"];

impl<'a> Terraform<'a> {
    /// The text that an attribute gives; `None` when it is neither a text nor read from a file of the repository.
    pub fn source(&self, resource: &Resource<'a>, node: NodeId) -> Option<Source> {
        self.source_with(resource, node, Unknown::Marked)
    }

    /// The same, where holes whose value is not known stand as they are written.
    pub fn source_with_holes(&self, resource: &Resource<'a>, node: NodeId) -> Option<Source> {
        self.source_with(resource, node, Unknown::Written)
    }

    fn source_with(&self, resource: &Resource<'a>, node: NodeId, unknown: Unknown) -> Option<Source> {
        if let Some(found) = self.file_argument(resource, node) {
            let (file, _) = found.ok()?;
            let text = self.index.files.get(file).text.to_string();
            let map = SpanMap::verbatim(file, 0..text.len());
            return Some(Source { text, map, ..Source::empty(file, Loading::Verbatim) });
        }
        let named = self.path_argument(resource, node, &["templatefile"]);
        let (document, node) = self.text_node(resource, node);
        if let Some(found) = named {
            let (file, _) = found.ok()?;
            let variables = self.template_variables(resource, document, node);
            let (own, pieces) = hcl_template::parse(file, &self.index.files.get(file).text);
            let value = |hole: NodeId, span: Span| of_template(&own, hole, span, &variables);
            return Some(self.filled(Source::empty(file, Loading::Template), pieces, unknown, value));
        }
        let Some(pieces) = hcl_template::pieces(document, node) else { return self.computed(resource, document, node) };
        let value = |hole: NodeId, _: Span| match self.unknown_root(resource, document, hole) {
            Some(name) => Err(name),
            None => Ok(self.evaluator().in_module(&resource.module, document, hole, resource.binding.as_deref())),
        };
        Some(self.filled(Source::empty(document.file(), Loading::Inline), pieces, unknown, value))
    }

    /// A text that a function makes has one place.
    fn computed(&self, resource: &Resource<'a>, document: &'a Document, node: NodeId) -> Option<Source> {
        let value = self.evaluator().in_module(&resource.module, document, node, resource.binding.as_deref());
        let mut source = Source::empty(document.file(), Loading::Inline);
        source.put(&self.text_of(&value)?, document.span(node));
        Some(source)
    }

    fn template_variables(&self, resource: &Resource<'a>, document: &'a Document, node: NodeId) -> Evaluated {
        let span = document.span(node);
        let Value::Expression { operands, .. } = document.value(node) else { return Evaluated::unknown("", span) };
        match document.items(operands).get(1) {
            Some(variables) => self.evaluator().in_module(&resource.module, document, *variables, resource.binding.as_deref()),
            None => Evaluated::unknown("`templatefile` has no variables", span),
        }
    }

    /// The name of a reference that leads nowhere. Types of resources have an underscore in their names.
    fn unknown_root(&self, resource: &Resource<'a>, document: &Document, hole: NodeId) -> Option<String> {
        let Value::Expression { operator: Operator::Reference, name, .. } = document.value(hole) else { return None };
        let name = document.text(name);
        let folder = resource.module.folder;
        let is_type = name.contains('_') || self.index.resources.keys().any(|(own, kind, _)| *own == folder && *kind == name);
        (!ROOTS.contains(&name) && !is_type).then(|| name.to_owned())
    }

    fn filled(
        &self,
        mut source: Source,
        pieces: Vec<Piece>,
        unknown: Unknown,
        value: impl Fn(NodeId, Span) -> Result<Evaluated, String>,
    ) -> Source {
        let mark = |span: Span| match unknown {
            Unknown::Marked => HOLE.to_string(),
            Unknown::Written => self.index.files.slice(span).to_owned(),
        };
        for piece in pieces {
            match piece {
                Piece::Text(piece) => source.add(&piece),
                Piece::Hole(node, span) => match value(node, span) {
                    Ok(value) => match self.text_of(&value) {
                        Some(text) => source.put(&text, span),
                        None if self.is_directive(span) => source.direct(span, unknown, mark(span)),
                        None => source.put(&mark(span), span),
                    },
                    Err(name) => source.refuse(span, Some(name), &mark(span)),
                },
                Piece::Broken(span) => source.refuse(span, None, &mark(span)),
                Piece::Directive(span) => source.direct(span, unknown, mark(span)),
            }
        }
        source
    }

    fn is_directive(&self, span: Span) -> bool {
        self.index.files.get(span.file).text.get(span.range()).is_some_and(|written| written.starts_with("%{"))
    }

    fn text_of(&self, value: &Evaluated) -> Option<String> {
        match value.content {
            Content::File(file) => Some(self.index.files.get(file).text.to_string()),
            _ => to_text(value),
        }
    }

    /// The entries of a map of texts, each known or not.
    pub fn members(&self, resource: &Resource<'a>, attribute: &str) -> Vec<(String, Option<String>)> {
        let Some(node) = resource.document.get(resource.body, attribute) else { return Vec::new() };
        let value = self.evaluator().of_resource(resource, node);
        value.members().iter().map(|member| (member.key.to_string(), self.text_of(&member.value))).collect()
    }
}

impl Source {
    fn empty(file: FileId, loading: Loading) -> Source {
        Source { text: String::new(), map: SpanMap::new(file), loading, refused: Vec::new(), hidden: None }
    }

    /// A file that nothing in the repository hands on. Doubled marks say that it is a template.
    pub fn of_file(file: FileId, text: &Arc<str>) -> Source {
        if !text.contains("$${") {
            let map = SpanMap::verbatim(file, 0..text.len());
            return Source { text: text.to_string(), map, ..Source::empty(file, Loading::Verbatim) };
        }
        let mut source = Source::empty(file, Loading::Template);
        for piece in hcl_template::parse(file, text).1 {
            match piece {
                Piece::Text(piece) => source.add(&piece),
                Piece::Hole(_, span) | Piece::Broken(span) => source.put(&HOLE.to_string(), span),
                Piece::Directive(span) => source.direct(span, Unknown::Marked, String::new()),
            }
        }
        source
    }

    fn add(&mut self, piece: &Embedded) {
        self.map.append(self.text.len(), &piece.map);
        self.text.push_str(&piece.text);
    }

    fn direct(&mut self, span: Span, unknown: Unknown, written: String) {
        let why = || Why::new("its template has directives, which are not worked out", Some(span));
        self.hidden.get_or_insert_with(why);
        if unknown == Unknown::Written {
            self.put(&written, span);
        }
    }

    fn put(&mut self, text: &str, span: Span) {
        if !text.is_empty() {
            self.map.push_replaced(self.text.len(), span.range());
            self.text.push_str(text);
        }
    }

    fn refuse(&mut self, span: Span, name: Option<String>, mark: &str) {
        self.refused.push((span, name));
        self.put(mark, span);
    }
}

/// What an expression in a template comes to: names of its variables, what is in them, and functions of them. An error
/// names the variable that there is not.
pub(super) fn of_template(document: &Document, node: NodeId, span: Span, variables: &Evaluated) -> Result<Evaluated, String> {
    let inner = |node: NodeId| of_template(document, node, span, variables);
    Ok(match document.value(node) {
        Value::String(text) => Evaluated::new(Content::Text(document.text(text).into()), span),
        Value::Expression { operator: Operator::Reference, name, operands } => {
            let name = document.text(name);
            let found = match (&variables.content, variables.get(name)) {
                (_, Some(member)) => member.value.clone(),
                (Content::Map(_), None) => return Err(name.to_owned()),
                _ => Evaluated::unknown("the variables of the template are not known", span),
            };
            let step = |value: Evaluated, step: &NodeId| match document.str(*step) {
                Some(key) => value
                    .get(key)
                    .map_or_else(|| Evaluated::unknown("a part of a variable is not known", span), |member| member.value.clone()),
                None => Evaluated::unknown("a part of a variable is not known", span),
            };
            document.items(operands).iter().fold(found, step)
        }
        Value::Expression { operator: Operator::Call, name, operands } => {
            let arguments = document.items(operands).iter().map(|node| inner(*node)).collect::<Result<Vec<_>, _>>()?;
            call(document.text(name), &arguments, span)
        }
        _ => Evaluated::unknown("the expression of the template is not evaluated", span),
    })
}
