//! Tables that a query names: base tables, views and metadata, as the catalog knows them.

use super::from::idents;
use super::graph::{Base, Open, Relation, RelationId, Source, Type, Use};
use super::scope::range_of;
use super::{DEPTH_LIMIT, Resolver, TextSource};
use crate::sql::metadata;
use crate::sql::parse::{Tree, parse};
use crate::sql::{ScanKind, StatementKind, TablePath, TableShape, Via};
use sqlparser::ast::{ObjectName, TableSampleKind, TableSampleUnit};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

impl Resolver<'_> {
    /// The path as the text has it: what a template fills in stands in it as written.
    pub(super) fn table_path(&self, name: &ObjectName) -> TablePath {
        let names = idents(name);
        let range = range_of(&names);
        if !self.is_hole(&range) {
            let parts = names.iter().flat_map(|name| name.value.split('.')).filter(|part| !part.is_empty());
            return TablePath(parts.map(str::to_owned).collect());
        }
        let written = self.source.text.get(range.clone()).unwrap_or_default();
        let mut parts = vec![String::new()];
        for (at, ch) in written.char_indices() {
            let offset = range.start + at;
            match ch {
                '`' if !self.is_hole(&(offset..offset + 1)) => {}
                '.' if !self.is_hole(&(offset..offset + 1)) => parts.push(String::new()),
                _ => parts.last_mut().expect("there is always a last part").push(ch),
            }
        }
        TablePath(parts)
    }

    /// A table, a view or metadata, and the name it counts under.
    pub(super) fn base(&mut self, path: &TablePath, range: Range<usize>, is_target: bool) -> (RelationId, String) {
        self.harmless_hole(&range);
        if let Some(name) = metadata::name(path) {
            let shape = metadata::view(&name).cloned();
            if shape.is_none() {
                self.unknown_view(&name, range.clone());
            }
            let is_known = shape.is_some();
            let shape = shape.unwrap_or_default();
            let relation = self.scan(name.clone(), range.clone(), shape, is_known, is_target, ScanKind::InformationSchema);
            self.note_source(path, &name, &range);
            return (relation, name);
        }
        let is_wildcard = path.0.last().is_some_and(|last| last.ends_with('*'));
        let kind = if is_wildcard { ScanKind::Wildcard } else { ScanKind::Table };
        match self.catalog.table(path) {
            Ok((name, shape)) => {
                let n_bases = self.graph.bases.len();
                if let Some(view) = shape.view.clone()
                    && !is_target
                    && let Some(relation) = self.view(&view, &name, &range)
                {
                    let via = shape.is_materialized.then_some(Via::MaterializedView);
                    self.graph.bases.iter_mut().skip(n_bases).for_each(|base| base.via = via.or(base.via));
                    return (relation, name);
                }
                let is_known = !shape.columns.is_empty();
                if !is_known {
                    self.unresolved(range.clone(), unknown_schema(&name, shape.why_unknown.as_deref().unwrap_or_default()));
                }
                let relation = self.scan(name.clone(), range.clone(), shape, is_known, is_target, kind);
                self.note_source(path, &name, &range);
                (relation, name)
            }
            Err(why) => {
                let name = path.to_string();
                self.unresolved(range.clone(), unknown_schema(&name, &why));
                let shape = TableShape::default();
                (self.scan(name.clone(), range, shape, false, is_target, kind), name)
            }
        }
    }

    fn scan(
        &mut self,
        name: String,
        range: Range<usize>,
        shape: TableShape,
        is_known: bool,
        is_target: bool,
        kind: ScanKind,
    ) -> RelationId {
        let range = self.place(range);
        let columns = shape.columns.clone();
        let is_partial = shape.is_partial;
        let is_direct = self.source.place.is_none();
        let (sample_percent, via) = (None, None);
        self.graph.bases.push(Base { name, range, shape, is_known, is_target, kind, sample_percent, via, is_direct });
        let scan = self.graph.bases.len() - 1;
        let open = if is_known && !is_partial { Vec::new() } else { vec![Open::Scan(scan)] };
        let relation = self.graph.relation(Relation { scan: Some(scan), open, is_transparent: true, ..Relation::default() });
        for column in &columns {
            self.graph.show(relation, &column.name, Type::of(column), Source::Base(scan));
        }
        relation
    }

    /// The query of a table function of the repository, read where it is called: its arguments are values.
    pub(super) fn routine(&mut self, name: &ObjectName) -> Option<RelationId> {
        let path = self.table_path(name);
        let (name_of_it, definition) = self.catalog.routine(&path).filter(|_| path.0.len() > 1)?;
        self.view(&definition, &name_of_it, &range_of(&idents(name)))
    }

    /// What a function of the repository reads besides its arguments, once for all its calls.
    pub(super) fn reads_of_function(&mut self, name: &ObjectName) -> Vec<Use> {
        if name.0.len() < 2 {
            return Vec::new();
        }
        let written = name.to_string();
        let known = self.routines.iter().find(|(known, _)| *known == written).map(|(_, relation)| *relation);
        let relation = known.unwrap_or_else(|| {
            let relation = self.routine(name);
            self.routines.push((written, relation));
            relation
        });
        relation.map(|relation| self.all_of(relation)).unwrap_or_default()
    }

    /// The query of a view, whose places are all the place that names it; `None` when it cannot be read.
    fn view(&mut self, text: &str, name: &str, range: &Range<usize>) -> Option<RelationId> {
        if self.depth >= DEPTH_LIMIT {
            self.unresolved(range.clone(), format!("views are nested too deeply at `{name}`"));
            return None;
        }
        let script = parse(text);
        let statement = script.statements.iter().find(|statement| statement.body.is_some() && defines_query(&statement.kind));
        let Some(body) = statement.and_then(|statement| statement.body.as_ref()) else {
            self.unresolved(range.clone(), format!("the query of `{name}` is not understood"));
            return None;
        };
        let Tree::Query(query) = &body.0.tree else { return None };
        let place = self.place(range.clone());
        let inner = TextSource { text: Cow::Owned(text.to_owned()), parsed: Arc::clone(&body.0), place: Some(place) };
        self.reads_past |= body.0.reads_past;
        let outer = std::mem::replace(&mut self.source, inner);
        let tables = std::mem::take(&mut self.tables);
        let harmless = std::mem::take(&mut self.harmless_holes);
        for note in &body.0.notes {
            self.unresolved(note.range.clone(), note.message.clone());
        }
        let relation = self.query(query, None);
        self.is_lost |= self.hides_names(&(0..text.len()));
        self.harmless_holes = harmless;
        self.tables = tables;
        self.source = outer;
        self.through.insert(name.to_owned());
        Some(relation)
    }
}

fn defines_query(kind: &StatementKind) -> bool {
    use StatementKind::{CreateFunction, CreateTableFunction, CreateView, Select};
    matches!(kind, Select | CreateView | CreateFunction | CreateTableFunction)
}

/// What is said of a table whose columns are not known.
pub(super) fn unknown_schema(name: &str, why: &str) -> String {
    let message = format!("no schema of `{name}` is known");
    if why.is_empty() { message } else { format!("{message}: {why}") }
}

/// The figure of `TABLESAMPLE SYSTEM (… PERCENT)`.
pub(super) fn percent(sample: &TableSampleKind) -> Option<f64> {
    let (TableSampleKind::BeforeTableAlias(sample) | TableSampleKind::AfterTableAlias(sample)) = sample;
    let quantity = sample.quantity.as_ref().filter(|quantity| quantity.unit == Some(TableSampleUnit::Percent))?;
    quantity.value.to_string().parse().ok()
}
