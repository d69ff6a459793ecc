//! Files of the repository as values: which there are, and what data they hold.

use super::{Content, Evaluated, Evaluator, MAX_DEPTH, MAX_STEPS, Member};
use crate::model::terraform::plan::Planned;
use crate::syntax::{Document, Entry, NodeId, Value, json, yaml};
use crate::text::{FileId, Span};

impl Evaluator<'_, '_> {
    pub(super) fn file_set(&self, root: &str, folder: &str, pattern: &str, span: Span) -> Evaluated {
        match self.index.file_set(root, folder, pattern) {
            Some(names) => {
                let item = |name: String| Evaluated::new(Content::Text(name.into()), span);
                Evaluated::new(Content::List(names.into_iter().map(item).collect()), span)
            }
            None => Evaluated::failed(format!("`{pattern}` is no pattern of files"), span),
        }
    }

    pub(super) fn decode(&self, file: FileId, is_json: bool) -> Evaluated {
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
