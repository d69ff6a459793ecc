//! Files of the repository as values: which there are, and what data they hold.

use super::{Content, Evaluated, Evaluator, Given, MAX_DEPTH, MAX_STEPS, Member, Module, Scope, functions};
use crate::model::terraform::plan::Planned;
use crate::syntax::hcl_template::Piece;
use crate::syntax::{Document, Entry, NodeId, Operator, Value, json, yaml};
use crate::text::{FileId, Span, SpanMap};
use std::sync::Arc;

impl<'a> Evaluator<'_, 'a> {
    pub(super) fn file_set(&self, root: &str, folder: &str, pattern: &str, span: Span) -> Evaluated {
        match self.index.file_set(root, folder, pattern) {
            Some(names) => {
                let item = |name: String| Evaluated::new(Content::Text(name.into()), span);
                Evaluated::new(Content::List(names.into_iter().map(item).collect()), span)
            }
            None => Evaluated::failed(format!("`{pattern}` is no pattern of files"), span),
        }
    }

    fn decode(&self, file: FileId, is_json: bool) -> Evaluated {
        if let Some(known) = self.state.decoded.borrow().get(&file) {
            return known.clone();
        }
        let text = &self.index.files.get(file).text;
        let parsed = if is_json { json::parse(file, text) } else { yaml::parse(file, text) };
        let value = match parsed.document.roots.first() {
            // Decoded data holds no expressions, so it needs neither names nor a module.
            Some(root) => self.data(&parsed.document, *root, 0),
            None => Evaluated::failed("the file holds no value", Span::start_of(file)),
        };
        self.state.decoded.borrow_mut().insert(file, value.clone());
        value
    }

    /// The text that `templatefile` makes of a file, with the places of its parts in the file; an error is the value that
    /// hides it.
    pub(super) fn rendered(
        &self,
        module: &Arc<Module<'a>>,
        path: &Evaluated,
        variables: &Evaluated,
        span: Span,
    ) -> Result<(String, SpanMap), Evaluated> {
        let Some(path) = path.text() else { return Err(path.clone()) };
        let found = self.index.find_file(module.root, path, span);
        let (file, _) = found.map_err(|why| Evaluated::new(Content::Failed(why), span))?;
        let hidden = |place| Evaluated::unknown("the template is not worked out", place);
        let template = self.index.templates.read(file).ok_or_else(|| hidden(span))?;
        let (mut text, mut map) = (String::new(), SpanMap::new(file));
        for piece in &template.pieces {
            match piece {
                Piece::Text(piece) => {
                    map.append(text.len(), &piece.map);
                    text.push_str(&piece.text);
                }
                Piece::Hole(node, place) | Piece::Directive(Some(node), place) => {
                    if let Some((name, place)) = template.missing(*node, variables) {
                        return Err(Evaluated::failed(format!("the template is given no `{name}`"), place));
                    }
                    let value = self.node(Scope::of_template(module, &template.document, Given { variables, mark: None }), *node);
                    let Some(filled) = functions::to_text(&value) else {
                        return Err(Evaluated::unknown("a hole of the template is not known", *place));
                    };
                    map.push_replaced(text.len(), place.range());
                    text.push_str(&filled);
                }
                Piece::Broken(place) | Piece::Directive(None, place) => return Err(hidden(*place)),
            }
        }
        Ok((text, map))
    }

    /// What a text holds. Of a file and of a template, each value stands where that says it.
    pub(super) fn decoded(&self, scope: Scope<'a, '_>, text: NodeId, is_json: bool, span: Span) -> Evaluated {
        if let Some(rendered) = self.template_call(scope, text) {
            return rendered.map_or_else(|hidden| hidden, |(text, map)| self.decode_text(&text, is_json, Some(&map), span));
        }
        let text = self.node(scope, text);
        match &text.content {
            Content::File(file) => self.decode(*file, is_json),
            Content::Text(written) => self.decode_text(written, is_json, None, span),
            _ if text.why().is_some() => text,
            _ => Evaluated::failed("it is no text", span),
        }
    }

    fn decode_text(&self, text: &str, is_json: bool, map: Option<&SpanMap>, span: Span) -> Evaluated {
        let file = span.file;
        let mut parsed = if is_json { json::parse(file, &text.into()) } else { yaml::parse(file, &text.into()) };
        let Some(root) = parsed.document.roots.first().copied() else {
            return Evaluated::failed("the text holds no value", span);
        };
        match map {
            Some(map) => {
                parsed.document.move_to(map);
                self.data(&parsed.document, root, 0)
            }
            None => placed(self.data(&parsed.document, root, 0), span),
        }
    }

    /// What `templatefile(…)` makes, where that is the expression.
    fn template_call(&self, scope: Scope<'a, '_>, call: NodeId) -> Option<Result<(String, SpanMap), Evaluated>> {
        let Value::Expression { operator: Operator::Call, name, operands } = scope.document.value(call) else { return None };
        let &[path, variables] = scope.document.items(operands) else { return None };
        if scope.document.text(name) != "templatefile" {
            return None;
        }
        let [path, variables] = [path, variables].map(|node| self.node(scope, node));
        Some(self.rendered(scope.module, &path, &variables, scope.document.span(call)))
    }

    /// A value of a plan, at the place where the files say it.
    pub(in crate::model::terraform) fn planned_value(&self, planned: Planned<'_>, place: Span) -> Evaluated {
        placed(self.data(planned.document, planned.node, 0), place)
    }

    fn data(&self, document: &Document, node: NodeId, depth: usize) -> Evaluated {
        let span = document.span(node);
        let n_steps = self.state.n_steps.get() + 1;
        self.state.n_steps.set(n_steps);
        if depth >= MAX_DEPTH || n_steps > MAX_STEPS {
            return Evaluated::unknown("the file is too deep or too large to be evaluated", span);
        }
        let content = match document.value(node) {
            Value::Null | Value::Expression { .. } => Content::Null,
            Value::Bool(value) => Content::Bool(value),
            Value::Int(value) => Content::Number(value as f64),
            Value::Float(value) => Content::Number(value),
            Value::Number(text) | Value::String(text) => Content::Text(document.text(text).into()),
            Value::Sequence(items) => {
                Content::List(document.items(items).iter().map(|item| self.data(document, *item, depth + 1)).collect())
            }
            Value::Map(entries) => {
                let member = |entry: &Entry| Member {
                    key: document.key(entry).into(),
                    key_span: entry.key_span,
                    value: self.data(document, entry.value, depth + 1),
                };
                Content::Map(document.entries(entries).iter().map(member).collect())
            }
        };
        Evaluated::new(content, span)
    }
}

/// The same value, all of it at one place.
fn placed(value: Evaluated, place: Span) -> Evaluated {
    let content = match value.content {
        Content::List(items) => Content::List(items.iter().map(|item| placed(item.clone(), place)).collect()),
        Content::Map(members) => {
            let member = |member: &Member| Member::new(&member.key, placed(member.value.clone(), place));
            Content::Map(members.iter().map(member).collect())
        }
        content => content,
    };
    Evaluated::new(content, place)
}
