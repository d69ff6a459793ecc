//! The SQL that Dataform makes of a file: `CREATE` in front of the query, operations before and after it, and the names of
//! tables in place of `${ref(…)}`. What only a run can fill in stays a hole.

use super::{Action, ActionKind, Project};
use crate::model::embedded::Occasion;
use crate::model::query::{Dialect, Role, SqlText};
use crate::sql::TablePath;
use crate::syntax::sqlx::{self, PartKind, Piece};
use crate::syntax::{NodeId, Value};
use crate::text::SpanMap;
use std::ops::Range;
use std::sync::Arc;

/// Branches within branches.
const BRANCH_LIMIT: usize = 3;

/// Says that a template chose what follows; as a comment of a template it is no SQL.
const CHOICE: &str = "{##}";

/// A hole.
const COMPUTED: &str = "${computed}";

/// `None` where the file holds no SQL that BigQuery runs, or is broken.
pub(super) fn text_of(action: &Action, project: &Project<'_>) -> Option<SqlText> {
    let is_read = !matches!(action.kind, ActionKind::Declaration | ActionKind::Other) && action.sqlx.unclosed.is_none();
    let start = action.sqlx.query_start().filter(|_| is_read)?;
    let (file, source) = (action.sqlx.document.file(), action.sqlx.document.source());
    let mut writer = Writer { action, project, source, text: String::new(), map: SpanMap::new(file) };
    let path = project.path_of(action);
    // Comments on top of the file stay there: they may say how often it runs.
    writer.parts(PartKind::Query, 0..start);
    writer.parts(PartKind::PreOperations, 0..source.len());
    writer.head(path.as_ref());
    writer.parts(PartKind::Query, start..source.len());
    writer.parts(PartKind::PostOperations, 0..source.len());
    let is_view = matches!(action.kind, ActionKind::View | ActionKind::MaterializedView);
    Some(SqlText {
        path: action.path.as_str().into(),
        text: writer.text.into(),
        map: Arc::new(writer.map),
        role: if is_view && path.is_none() { Role::View } else { Role::Script },
        dialect: if project.is_bigquery() { Dialect::GoogleSql } else { Dialect::MaybeOther },
        occasion: Occasion::Unsaid,
    })
}

struct Writer<'a> {
    action: &'a Action,
    project: &'a Project<'a>,
    source: &'a Arc<str>,
    text: String,
    map: SpanMap,
}

impl Writer<'_> {
    /// All parts of one kind, as far as they lie within the range.
    fn parts(&mut self, kind: PartKind, within: Range<usize>) {
        for part in self.action.sqlx.parts.iter().filter(|part| part.kind == kind) {
            let range = part.range.start.max(within.start)..part.range.end.min(within.end);
            if range.is_empty() {
                continue;
            }
            if kind == PartKind::PostOperations {
                self.put("\n;", range.start..range.start);
            }
            self.sql(range.clone(), 0);
            if kind == PartKind::PreOperations {
                self.put("\n;\n", range.end..range.end);
            }
        }
    }

    fn put(&mut self, text: &str, host: Range<usize>) {
        self.map.push_replaced(self.text.len(), host);
        self.text.push_str(text);
    }

    fn verbatim(&mut self, host: Range<usize>) {
        self.map.push_verbatim(self.text.len(), host.clone());
        self.text.push_str(self.source.get(host).unwrap_or_default());
    }

    fn sql(&mut self, range: Range<usize>, depth: usize) {
        for piece in sqlx::pieces(self.source, range) {
            match piece {
                Piece::Sql(range) if range.is_empty() => {}
                Piece::Sql(range) => self.verbatim(range),
                Piece::Separator(range) => self.put(";", range),
                Piece::Hole(range) => self.hole(range, depth),
            }
        }
    }

    fn hole(&mut self, hole: Range<usize>, depth: usize) {
        let call = sqlx::call(self.map.file(), self.source, hole.clone());
        if let Some(path) = call.as_ref().and_then(|call| self.project.table_of(call, self.action)) {
            return self.put(&format!("`{path}`"), hole);
        }
        match call.as_ref().and_then(when_incremental).filter(|_| depth < BRANCH_LIMIT) {
            Some(branch) => {
                self.put(CHOICE, hole.start..branch.start);
                self.sql(branch, depth + 1);
            }
            // Quotes within quotes are for readers of JavaScript.
            None if self.source.get(hole.clone()).is_some_and(|text| text.contains('`')) => self.put(COMPUTED, hole),
            None => self.verbatim(hole),
        }
    }

    /// What stands before the query.
    fn head(&mut self, path: Option<&TablePath>) {
        let kind = match self.action.kind {
            ActionKind::Table => "TABLE",
            ActionKind::View => "VIEW",
            ActionKind::MaterializedView => "MATERIALIZED VIEW",
            ActionKind::Assertion | ActionKind::Operations | ActionKind::Declaration | ActionKind::Other => return,
        };
        let (Some(path), Some(name)) = (path, self.action.name_span()) else { return };
        let name = name.range();
        self.put(&format!("CREATE {kind} "), name.clone());
        self.put(&format!("`{path}`"), name.clone());
        self.partitioning();
        self.clustering();
        self.options(&name);
        self.put(" AS\n", name);
    }

    fn setting(&self, key: &str) -> Option<NodeId> {
        // Older settings had these keys in a block of their own.
        self.action.setting(&["bigquery", key]).or_else(|| self.action.setting(&[key]))
    }

    fn partitioning(&mut self) {
        if let Some(node) = self.setting("partitionBy") {
            self.put(" PARTITION BY ", self.range_of(node));
            self.value(node);
        }
    }

    /// Columns of which one is computed are left out: what is not known clusters nothing.
    fn clustering(&mut self) {
        let Some(node) = self.setting("clusterBy") else { return };
        let document = &self.action.sqlx.document;
        let columns = document.sequence(node);
        if columns.is_empty() || columns.iter().any(|column| document.str(*column).is_none()) {
            return;
        }
        for (column, before) in columns.iter().zip([" CLUSTER BY "].into_iter().chain(std::iter::repeat(", "))) {
            self.put(before, self.range_of(*column));
            self.value(*column);
        }
    }

    fn options(&mut self, host: &Range<usize>) {
        let keys =
            [("requirePartitionFilter", "require_partition_filter"), ("partitionExpirationDays", "partition_expiration_days")];
        let said: Vec<_> = keys.iter().filter_map(|(key, option)| Some((*option, self.setting(key)?))).collect();
        if said.is_empty() {
            return;
        }
        for ((option, node), before) in said.into_iter().zip([" OPTIONS(", ", "]) {
            self.put(&format!("{before}{option} = "), self.range_of(node));
            self.value(node);
        }
        self.put(")", host.clone());
    }

    /// A value as SQL; one that is computed as a hole.
    fn value(&mut self, node: NodeId) {
        let document = &self.action.sqlx.document;
        let range = self.range_of(node);
        match document.value(node) {
            Value::String(text) => match document.text_range(text) {
                Some(inner) => self.verbatim(inner),
                None => self.put(document.text(text), range),
            },
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => self.verbatim(range),
            _ => self.put(COMPUTED, range),
        }
    }

    fn range_of(&self, node: NodeId) -> Range<usize> {
        self.action.sqlx.document.span(node).range()
    }
}

/// The text that `when(incremental(), …)` puts in: that is how the table is filled from its second run on.
fn when_incremental(call: &sqlx::Call) -> Option<Range<usize>> {
    let (condition, _) = call.written(0)?;
    let (branch, range) = call.written(1)?;
    let is_ours = call.name == "when"
        && condition == "incremental()"
        && branch.len() > 1
        && branch.starts_with('`')
        && branch.ends_with('`');
    is_ours.then(|| range.start + 1..range.end - 1)
}
