//! A list of fields where it stands in a file (a JSON file, a heredoc, `jsonencode([…])`), and the edits that change it
//! and leave everything else as it is written.

use super::style::{Notation, Style};
use crate::diagnostic::Edit;
use crate::model::schema::columns::ImpliedColumn;
use crate::model::table::{Column, Mode};
use crate::syntax::embed::embedded;
use crate::syntax::{Document, Entry, NodeId, Operator, Value, hcl, json};
use crate::text::{Files, Span, Spanned};
use std::sync::Arc;

/// The list and the text around it.
pub struct Written {
    document: Document,
    list: NodeId,
    text: Arc<str>,
    notation: Notation,
}

impl Written {
    /// The list that columns were read from; `None` when it stands where it cannot be changed.
    pub fn find(files: &Files, columns: &Spanned<Vec<Column>>) -> Option<Written> {
        let first = columns.value.first()?.name_span;
        let file = files.get(first.file);
        let text = file.text.clone();
        let (document, list, notation) = if file.path.has_extension("tf") {
            in_terraform(hcl::parse(first.file, &text).document, columns.span)?
        } else if file.path.has_extension("json") {
            let document = json::parse(first.file, &text).document;
            let root = *document.roots.first()?;
            let list = document.get(root, "fields").unwrap_or(root);
            (document, list, Notation::Json)
        } else {
            return None;
        };
        let written = Written { document, list, text, notation };
        let is_there = written.document.sequence(list).first().and_then(|item| written.document.get(*item, "name"));
        let is_there = is_there.is_some_and(|name| written.span(name) == first);
        // A string with escapes has no place for each of its characters.
        (is_there && written.is_plain(first)).then_some(written)
    }

    fn is_plain(&self, name: Span) -> bool {
        let before = self.text.get(..name.range().start).unwrap_or("");
        self.slice(name).starts_with('"') && !before.ends_with('\\')
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    fn span(&self, node: NodeId) -> Span {
        self.document.span(node)
    }

    /// Adds a field at the end of the list, or of the fields of a record.
    pub fn append(&self, record: Option<&Column>, column: &ImpliedColumn) -> Option<Edit> {
        let list = match record {
            Some(record) => self.document.get(self.item(record)?, "fields")?,
            None => self.list,
        };
        let items = self.document.sequence(list);
        let style = self.style();
        let Some(last) = items.last().map(|item| self.span(*item)) else {
            let text = style.list(std::slice::from_ref(column), self.indent(self.span(list).start));
            return Some(Edit { span: self.span(list), text });
        };
        let between = items.first().map_or("", |first| self.between(self.span(list).start, self.span(*first).start));
        if !between.contains('\n') {
            let line = Style { is_one_line: true, is_compact: true, ..style };
            let text = format!("{}{}", line.comma, line.field(column, self.indent(last.start)));
            return Some(Edit { span: after(last), text });
        }
        let indent = self.indent(last.start);
        let (newline, field) = (style.newline, style.field(column, indent));
        Some(match self.end_of_line_behind_comma(last.end) {
            Some(at) => Edit { span: Span { start: at, end: at, ..last }, text: format!("{newline}{indent}{field},") },
            None => Edit { span: after(last), text: format!(",{newline}{indent}{field}") },
        })
    }

    /// The end of the line on which a comma, and at most a remark, follows; what is added goes behind it.
    fn end_of_line_behind_comma(&self, from: u32) -> Option<u32> {
        let rest = self.text.get(from as usize..)?;
        let line = rest.split('\n').next()?.trim_end_matches('\r');
        let is_comma = self.notation == Notation::Hcl && line.trim_start().starts_with(',') && line.len() < rest.len();
        let tail = line.trim_start().get(1..)?.trim_start();
        let is_remark = tail.is_empty() || tail.starts_with('#') || tail.starts_with("//");
        (is_comma && is_remark).then(|| from + crate::text::offset(line.len()))
    }

    /// Gives a column another type, mode and fields, and leaves its other keys.
    pub fn set(&self, column: &Column, to: &ImpliedColumn) -> Option<Vec<Edit>> {
        let item = self.item(column)?;
        let style = self.style();
        let mut edits = Vec::new();
        if column.data_type != to.data_type {
            edits.push(Edit { span: column.type_span, text: style.string(&style.type_text(to.data_type)) });
        }
        if column.mode != to.mode {
            edits.push(self.mode_edit(item, to.mode, &style)?);
        }
        let fields = self.document.entry(item, "fields");
        match (fields, to.fields.is_empty()) {
            // The fields of a record that stays one are judged one by one.
            (Some(entry), false) if column.data_type != to.data_type => {
                let text = style.list(&to.fields, self.indent(entry.key_span.start));
                edits.push(Edit { span: self.span(entry.value), text });
            }
            (Some(entry), true) => edits.push(self.removal(item, entry)),
            (None, false) => edits.push(self.fields_edit(item, to, &style)?),
            _ => {}
        }
        // The schema says what a value is, and not how much of it a column should take.
        let sizes = ["maxLength", "precision", "scale"].into_iter().filter_map(|key| self.document.entry(item, key));
        edits.extend(sizes.map(|entry| self.removal(item, entry)));
        edits.sort_by_key(|edit| edit.span);
        let is_clear = edits.windows(2).all(|pair| matches!(pair, [one, other] if one.span.end <= other.span.start));
        (is_clear && !edits.is_empty()).then_some(edits)
    }

    pub fn set_mode(&self, column: &Column, mode: Mode) -> Option<Edit> {
        self.mode_edit(self.item(column)?, mode, &self.style())
    }

    fn mode_edit(&self, item: NodeId, mode: Mode, style: &Style) -> Option<Edit> {
        let text = style.string(&style.mode_text(mode));
        match self.document.get(item, "mode") {
            Some(node) => Some(Edit { span: self.span(node), text }),
            None => self.member_behind_type(item, "mode", &text, style),
        }
    }

    fn fields_edit(&self, item: NodeId, to: &ImpliedColumn, style: &Style) -> Option<Edit> {
        let key = self.document.entry(item, "type")?.key_span;
        self.member_behind_type(item, "fields", &style.list(&to.fields, self.indent(key.start)), style)
    }

    /// A member that stands to its neighbours as the type does: on a line of its own, or on the same.
    fn member_behind_type(&self, item: NodeId, key: &str, value: &str, style: &Style) -> Option<Edit> {
        let entry = self.document.entry(item, "type")?;
        let before = self.between(self.line_start(entry.key_span.start), entry.key_span.start);
        let has_own_line = before.trim().is_empty();
        let comma = match (has_own_line, style.notation) {
            (true, Notation::Hcl) => format!("{}{before}", style.newline),
            (true, Notation::Json | Notation::Heredoc) => format!(",{}{before}", style.newline),
            (false, _) => style.comma.clone(),
        };
        let text = format!("{comma}{}{}{value}", style.key(key), style.colon);
        Some(Edit { span: after(self.span(entry.value)), text })
    }

    /// Takes a member out together with the comma that sets it apart.
    fn removal(&self, item: NodeId, entry: &Entry) -> Edit {
        let entries = self.document.map(item);
        let at = entries.iter().position(|other| other.key_span == entry.key_span).unwrap_or(0);
        let end = self.span(entry.value).end;
        let span = match at.checked_sub(1).and_then(|before| entries.get(before)) {
            Some(before) => Span { start: self.span(before.value).end, end, ..entry.key_span },
            None => {
                let next = entries.get(at + 1).map_or(end, |next| next.key_span.start);
                Span { start: entry.key_span.start, end: next, ..entry.key_span }
            }
        };
        Edit { span, text: String::new() }
    }

    /// The object of a column.
    fn item(&self, column: &Column) -> Option<NodeId> {
        let is_own = |item: &NodeId| self.document.get(*item, "name").is_some_and(|name| self.span(name) == column.name_span);
        let mut open = vec![self.list];
        while let Some(list) = open.pop() {
            for item in self.document.sequence(list) {
                if is_own(item) {
                    return Some(*item);
                }
                open.extend(self.document.get(*item, "fields"));
            }
        }
        None
    }

    fn between(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    fn line_start(&self, at: u32) -> u32 {
        let before = self.text.get(..at as usize).unwrap_or("");
        crate::text::offset(before.rfind('\n').map_or(0, |newline| newline + 1))
    }

    /// The white space with which the line of a place begins.
    fn indent(&self, at: u32) -> &str {
        let line = self.text.get(self.line_start(at) as usize..).unwrap_or("");
        line.get(..line.len() - line.trim_start_matches([' ', '\t']).len()).unwrap_or("")
    }

    fn is_in_lines(&self, item: NodeId) -> bool {
        let first = self.document.map(item).first().map(|entry| entry.key_span.start);
        first.is_some_and(|first| self.between(self.span(item).start, first).contains('\n'))
    }

    fn style(&self) -> Style {
        let mut items = Vec::new();
        let mut open = vec![self.list];
        while let Some(list) = open.pop() {
            items.extend(self.document.sequence(list).iter().copied());
            open.extend(self.document.sequence(list).iter().filter_map(|item| self.document.get(*item, "fields")));
        }
        let mut style = Style { notation: self.notation, ..Style::default() };
        if self.text.contains("\r\n") {
            style.newline = "\r\n";
        }
        let text = |item: &NodeId, key| self.document.str(self.document.get(*item, key)?);
        items.iter().filter_map(|item| text(item, "type")).for_each(|written| style.learn_type(written));
        style.has_lower_modes = items.iter().find_map(|item| text(item, "mode")).map(|mode| mode.chars().any(char::is_lowercase));
        let modes = items.iter().filter(|item| text(item, "mode").is_some_and(|mode| mode.eq_ignore_ascii_case("NULLABLE")));
        let n_silent = items.iter().filter(|item| self.document.get(**item, "mode").is_none()).count();
        style.writes_nullable = modes.count() > n_silent;
        if let Some(longest) = items.iter().max_by_key(|item| (self.document.map(**item).len(), std::cmp::Reverse(**item))) {
            style.keys = self.document.map(*longest).iter().map(|entry| self.document.key(entry).to_owned()).collect();
        }
        style.is_one_line = !items.iter().any(|item| self.is_in_lines(*item));
        self.learn_spaces(&mut style, &items);
        style
    }

    fn learn_spaces(&self, style: &mut Style, items: &[NodeId]) {
        let Some(item) = items.first() else { return };
        let Some(entry) = self.document.map(*item).first() else { return };
        let colon = self.between(entry.key_span.end, self.span(entry.value).start);
        let is_equals = self.notation == Notation::Hcl;
        style.colon = if is_equals { " = ".to_owned() } else { colon.to_owned() };
        if !self.is_in_lines(*item) {
            style.padding = self.between(self.span(*item).start + 1, entry.key_span.start).to_owned();
            let second =
                self.document.map(*item).get(1).map(|second| self.between(self.span(entry.value).end, second.key_span.start));
            style.comma = second.unwrap_or(", ").to_owned();
            let first = self.document.sequence(self.list).first().map_or(0, |first| self.span(*first).start);
            style.is_compact = !self.between(self.span(self.list).start, first).contains('\n');
        }
        let outer = self.indent(self.span(self.list).start);
        let inner = if style.is_one_line { self.indent(self.span(*item).start) } else { self.indent(entry.key_span.start) };
        let outer = if style.is_one_line { outer } else { self.indent(self.span(*item).start) };
        if let Some(step) = inner.strip_prefix(outer).filter(|step| !step.is_empty()) {
            style.step = step.to_owned();
        }
    }
}

fn after(span: Span) -> Span {
    Span { start: span.end, ..span }
}

/// The list of `jsonencode([…])`, or of the JSON of a heredoc, that covers the span.
fn in_terraform(document: Document, span: Span) -> Option<(Document, NodeId, Notation)> {
    let is_list =
        |document: &Document, node: &NodeId| document.span(*node) == span && matches!(document.value(*node), Value::Sequence(_));
    let written = document.node_ids().find(|node| is_list(&document, node));
    if let Some(list) = written {
        let is_computed = document.sequence(list).iter().any(|item| {
            matches!(document.value(*item), Value::Expression { operator: Operator::Call | Operator::For | Operator::Other, .. })
        });
        return (!is_computed).then_some((document, list, Notation::Hcl));
    }
    let holds = |node: &NodeId| {
        let own = document.span(*node);
        document.str(*node).is_some() && own.start <= span.start && span.end <= own.end
    };
    let node = document.node_ids().find(holds)?;
    let text = embedded(&document, node)?;
    let mut parsed = json::parse(document.file(), &text.text.as_str().into()).document;
    parsed.move_to(&text.map);
    let list = parsed.node_ids().find(|node| is_list(&parsed, node))?;
    Some((parsed, list, Notation::Heredoc))
}
