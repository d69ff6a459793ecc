//! A text that Terraform hands on: written inline, or read from a file by `file` or `templatefile`, with the values of its
//! holes where they are known. What is not known leaves a mark in the text.

use super::evaluate::{Content, Evaluated, Given, Runs, Scope, to_text};
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
            let variables = &self.template_variables(resource, document, node);
            let template = self.index.templates.read(file)?;
            let mark = (unknown == Unknown::Marked).then_some(HOLE);
            let scope = Scope::of_template(&resource.module, &template.document, Given { variables, mark });
            let missing = |hole: NodeId| template.missing(hole, variables).map(|(name, place)| (name.to_owned(), place));
            return Some(self.filled(Source::empty(file, Loading::Template), &template.pieces, unknown, scope, missing));
        }
        let Some(pieces) = hcl_template::pieces(document, node) else { return self.computed(resource, document, node) };
        let scope = Scope::of_module(&resource.module, document, resource.binding.as_deref());
        let missing = |hole: NodeId| Some((self.unknown_root(resource, document, hole)?, document.span(hole)));
        Some(self.filled(Source::empty(document.file(), Loading::Inline), &pieces, unknown, scope, missing))
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
        pieces: &[Piece],
        unknown: Unknown,
        scope: Scope<'a, '_>,
        missing: impl Fn(NodeId) -> Option<(String, Span)>,
    ) -> Source {
        let mark = |span: Span| match unknown {
            Unknown::Marked => HOLE.to_string(),
            Unknown::Written => self.index.files.slice(span).to_owned(),
        };
        let text = |node: NodeId| self.text_of(&self.evaluator().node(scope, node));
        for piece in pieces {
            match piece {
                Piece::Text(piece) => source.add(piece),
                Piece::Hole(node, span) => match missing(*node) {
                    None => source.put(&text(*node).unwrap_or_else(|| mark(*span)), *span),
                    Some((name, _)) => source.refuse(*span, Some(name), &mark(*span)),
                },
                Piece::Directive(Some(node), span) => match (missing(*node), text(*node)) {
                    (Some((name, place)), _) => source.refuse(place, Some(name), &mark(*span)),
                    (None, Some(text)) => self.put_runs(&mut source, &text, *span, &self.evaluator().runs(scope, *node)),
                    (None, None) => source.direct(*span, unknown, mark(*span)),
                },
                Piece::Broken(span) => source.refuse(*span, None, &mark(*span)),
                Piece::Directive(None, span) => source.direct(*span, unknown, mark(*span)),
            }
        }
        source
    }

    /// Puts the text of a directive, each run at its place where the runs are the text.
    fn put_runs(&self, source: &mut Source, text: &str, whole: Span, runs: &Runs) {
        if runs.iter().map(|(run, _)| &**run).collect::<String>() != text {
            return source.put(text, whole);
        }
        for (run, span) in runs {
            if self.index.files.slice(*span) == &**run {
                source.map.push_verbatim(source.text.len(), span.range());
                source.text.push_str(run);
            } else {
                source.put(run, *span);
            }
        }
    }

    fn text_of(&self, value: &Evaluated) -> Option<String> {
        match value.content {
            Content::File(file) => Some(self.index.files.get(file).text.to_string()),
            _ => to_text(value),
        }
    }

    /// The entries of a map of texts, each known or not; none of a map that is not written. `None` where it is not known
    /// which entries there are.
    pub fn members(&self, resource: &Resource<'a>, attribute: &str) -> Option<Vec<(String, Option<String>)>> {
        let Some(node) = resource.document.get(resource.body, attribute) else { return Some(Vec::new()) };
        let value = self.evaluator().of_resource(resource, node);
        let members = value.members().iter().map(|member| (member.key.to_string(), self.text_of(&member.value)));
        matches!(value.content, Content::Map(_) | Content::Null).then(|| members.collect())
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
                Piece::Directive(_, span) => source.direct(span, Unknown::Marked, String::new()),
            }
        }
        source
    }

    fn add(&mut self, piece: &Embedded) {
        self.map.append(self.text.len(), &piece.map);
        self.text.push_str(&piece.text);
    }

    fn direct(&mut self, span: Span, unknown: Unknown, written: String) {
        let why = || Why::new("its template has a directive whose text is not known", Some(span));
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
