//! What depends on what: relations and their columns down to base tables, and the walk from the outermost query
//! that finds out which columns are needed. Knows nothing of SQL text.

use super::hindrance::Branch;
use super::pushdown;
use crate::sql::condition::{Condition, Hindrance, Wrapper};
use crate::sql::{ColumnShape, Scan, ScanKind, TableShape, Via};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

pub(super) type ColumnId = usize;
pub(super) type RelationId = usize;
pub(super) type ScanId = usize;
/// One `FROM`, or what a pipe operator makes of it.
pub(super) type ScopeId = usize;
/// Field names below a column.
pub(super) type Path = Vec<String>;

/// As much of a type as names need.
#[derive(Debug, Clone, Default)]
pub(super) enum Type {
    #[default]
    Unknown,
    Scalar,
    Struct(Rc<Vec<(String, Type)>>),
    Array(Rc<Type>),
}

impl Type {
    pub(super) fn of(shape: &ColumnShape) -> Type {
        let one = if shape.fields.is_empty() {
            // A record without fields is one of which they are not known.
            if matches!(shape.data_type.as_str(), "STRUCT" | "RECORD") { Type::Unknown } else { Type::Scalar }
        } else {
            Type::Struct(Rc::new(shape.fields.iter().map(|field| (field.name.clone(), Type::of(field))).collect()))
        };
        if shape.repeated { Type::Array(Rc::new(one)) } else { one }
    }

    pub(super) fn field(&self, name: &str) -> Option<Type> {
        let Type::Struct(fields) = self else { return None };
        fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, found)| found.clone())
    }

    pub(super) fn element(&self) -> Type {
        match self {
            Type::Array(element) => (**element).clone(),
            Type::Unknown | Type::Scalar | Type::Struct(_) => Type::Unknown,
        }
    }
}

/// Something that a value needs.
#[derive(Debug, Clone)]
pub(super) enum Use {
    Column {
        column: ColumnId,
        path: Path,
        at: Range<usize>,
    },
    /// The rows of an array, whatever is read of them.
    Presence {
        column: ColumnId,
        path: Path,
        at: Range<usize>,
    },
    /// A subquery: what it needs to give any row at all.
    Relation(RelationId),
    /// Whole rows of it, with columns that nobody listed.
    Row(RelationId),
}

#[derive(Debug)]
pub(super) enum Source {
    Base(ScanId),
    /// The same value under another name, or a field of it, or its elements.
    Same(ColumnId, Path),
    /// One of these, by branch.
    Branches(Vec<ColumnId>),
    Computed(Vec<Use>),
}

/// A column within functions of it alone through which partitions are still pruned, the innermost first.
#[derive(Debug, Clone)]
pub(super) struct Wrapped {
    pub(super) named: (ColumnId, Path),
    pub(super) through: Vec<Wrapper>,
}

impl Wrapped {
    pub(super) fn bare(named: (ColumnId, Path)) -> Wrapped {
        Wrapped { named, through: Vec::new() }
    }

    pub(super) fn with(mut self, wrappers: impl IntoIterator<Item = Wrapper>) -> Wrapped {
        self.through.extend(wrappers);
        self
    }
}

#[derive(Debug)]
pub(super) struct Column {
    pub(super) relation: RelationId,
    pub(super) name: String,
    pub(super) data_type: Type,
    pub(super) source: Source,
    pub(super) wraps: Option<Wrapped>,
    /// Where it is asked for, when it is the same as another.
    pub(super) at: Range<usize>,
}

/// Where columns come from whose names are not known beforehand.
#[derive(Debug, Clone)]
pub(super) enum Open {
    Scan(ScanId),
    Value(ColumnId),
    Relation(RelationId),
    /// A set operation over relations of which some are open.
    Branches(Vec<RelationId>),
}

#[derive(Debug, Default)]
pub(super) struct Relation {
    pub(super) columns: Vec<(String, ColumnId)>,
    pub(super) open: Vec<Open>,
    /// Relations whose whole rows are part of its own.
    pub(super) rows_of: Vec<RelationId>,
    /// The base table that this is.
    pub(super) scan: Option<ScanId>,
    /// Needed as soon as any row of the relation is.
    pub(super) required: Vec<Use>,
    pub(super) inputs: Vec<RelationId>,
    /// A filter on an output column is as good as one on what it stands for.
    pub(super) is_transparent: bool,
    pub(super) references: usize,
    /// The scopes that name it, of what `WITH` names.
    pub(super) named_in: Vec<ScopeId>,
    /// The scope that its columns come from.
    pub(super) of: Option<ScopeId>,
    pub(super) found: BTreeMap<String, ColumnId>,
}

#[derive(Debug)]
pub(super) struct Base {
    pub(super) name: String,
    pub(super) range: Range<usize>,
    pub(super) shape: TableShape,
    pub(super) is_known: bool,
    pub(super) is_target: bool,
    pub(super) kind: ScanKind,
    pub(super) sample_percent: Option<f64>,
    pub(super) via: Option<Via>,
    pub(super) is_direct: bool,
}

/// A condition that holds for every row, by the columns it names.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) scope: ScopeId,
    pub(super) columns: Vec<(ColumnId, Path)>,
    /// The column that alone is compared with constants, and how; or why there is none.
    pub(super) condition: Result<((ColumnId, Path), Condition), Hindrance>,
    pub(super) range: Range<usize>,
    pub(super) is_direct: bool,
    /// The sides, where it is an `OR`.
    pub(super) branches: Vec<Branch>,
}

/// What a join makes equal: what holds of the first holds of the second.
#[derive(Debug)]
pub(super) struct Equality {
    pub(super) scope: ScopeId,
    pub(super) first: (ColumnId, Path),
    pub(super) second: Wrapped,
}

#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) columns: Vec<Column>,
    pub(super) relations: Vec<Relation>,
    pub(super) bases: Vec<Base>,
    pub(super) filters: Vec<Filter>,
    pub(super) equalities: Vec<Equality>,
    n_scopes: usize,
}

impl Graph {
    pub(super) fn next_scope(&mut self) -> ScopeId {
        self.n_scopes += 1;
        self.n_scopes
    }

    pub(super) fn relation(&mut self, relation: Relation) -> RelationId {
        self.relations.push(relation);
        self.relations.len() - 1
    }

    /// A new column, not yet among those that the relation shows.
    pub(super) fn column(&mut self, relation: RelationId, name: &str, data_type: Type, source: Source) -> ColumnId {
        self.columns.push(Column { relation, name: name.to_owned(), data_type, source, wraps: None, at: 0..0 });
        self.columns.len() - 1
    }

    /// A new column that the relation shows.
    pub(super) fn show(&mut self, relation: RelationId, name: &str, data_type: Type, source: Source) -> ColumnId {
        let column = self.column(relation, name, data_type, source);
        self.relations[relation].columns.push((name.to_owned(), column));
        column
    }

    /// The columns of a relation that go by this name, without those that are only guessed.
    pub(super) fn named(&self, relation: RelationId, name: &str) -> Vec<ColumnId> {
        let columns = self.relations[relation].columns.iter();
        columns.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, column)| *column).collect()
    }

    /// A column that an open relation may have; `None` when it has no place for one.
    pub(super) fn guessed(&mut self, relation: RelationId, name: &str) -> Option<ColumnId> {
        let key = name.to_ascii_lowercase();
        if let Some(found) = self.relations[relation].found.get(&key) {
            return Some(*found);
        }
        let open = self.relations[relation].open.clone();
        let sources: Vec<Source> = open.iter().filter_map(|open| self.open_source(open, name)).collect();
        let source = match sources.len() {
            0 => return None,
            1 => sources.into_iter().next()?,
            _ => Source::Branches(sources.into_iter().map(|source| self.column(relation, name, Type::Unknown, source)).collect()),
        };
        let column = self.column(relation, name, Type::Unknown, source);
        self.relations[relation].found.insert(key, column);
        Some(column)
    }

    fn open_source(&mut self, open: &Open, name: &str) -> Option<Source> {
        match open {
            Open::Scan(scan) => Some(Source::Base(*scan)),
            Open::Value(column) => Some(Source::Same(*column, vec![name.to_owned()])),
            Open::Relation(relation) => self.any(*relation, name).map(|column| Source::Same(column, Path::new())),
            Open::Branches(relations) => {
                let columns: Vec<_> = relations.iter().filter_map(|relation| self.any(*relation, name)).collect();
                (!columns.is_empty()).then_some(Source::Branches(columns))
            }
        }
    }

    fn any(&mut self, relation: RelationId, name: &str) -> Option<ColumnId> {
        self.named(relation, name).first().copied().or_else(|| self.guessed(relation, name))
    }

    /// The column of a base table that this one is, under whatever names.
    pub(super) fn base_of(&self, (column, path): &(ColumnId, Path)) -> Option<(ScanId, String)> {
        let (mut id, mut path) = (*column, path.clone());
        // No chain is longer than there are columns.
        for _ in 0..self.columns.len() {
            let column = self.columns.get(id)?;
            match &column.source {
                Source::Base(scan) => return Some((*scan, leaf_name(&column.name, &path))),
                Source::Same(inner, below) => (id, path) = (*inner, joined(below, &path)),
                Source::Branches(_) | Source::Computed(_) => return None,
            }
        }
        None
    }

    /// Whether a subquery among what a value needs reads a table.
    pub(super) fn reads_table(&self, uses: &[Use]) -> bool {
        let of = |one: &Use| match one {
            Use::Relation(id) => Some(*id),
            Use::Column { .. } | Use::Presence { .. } | Use::Row(_) => None,
        };
        let mut work: Vec<RelationId> = uses.iter().filter_map(of).collect();
        let mut seen = BTreeSet::new();
        while let Some(id) = work.pop().filter(|_| seen.len() < self.relations.len()) {
            if seen.insert(id) {
                let relation = &self.relations[id];
                if relation.scan.is_some() {
                    return true;
                }
                work.extend(relation.inputs.iter().copied().chain(relation.required.iter().filter_map(of)));
            }
        }
        false
    }

    /// The scans that the relation needs, with their columns and filters.
    pub(super) fn scans(&self, root: RelationId) -> Vec<Scan> {
        let mut walk = Walk::new(self);
        walk.run(root);
        let mut predicates = pushdown::predicates(self);
        let mut scans = Vec::new();
        for (id, columns) in walk.columns {
            let base = &self.bases[id];
            scans.push(Scan {
                table: base.name.clone(),
                range: base.range.clone(),
                columns,
                predicates: predicates.remove(&id).unwrap_or_default(),
                is_whole: walk.whole.contains(&id),
                is_target: base.is_target,
                kind: base.kind,
                via: base.via,
                is_direct: base.is_direct,
                sample_percent: base.sample_percent,
            });
        }
        scans
    }
}

fn reading(column: ColumnId, path: Path, at: Range<usize>, is_presence: bool) -> Use {
    if is_presence { Use::Presence { column, path, at } } else { Use::Column { column, path, at } }
}

pub(super) fn joined(above: &Path, below: &Path) -> Path {
    above.iter().chain(below).cloned().collect()
}

pub(super) fn leaf_name(column: &str, path: &Path) -> String {
    std::iter::once(column).chain(path.iter().map(String::as_str)).collect::<Vec<_>>().join(".")
}

/// From the outermost query down to the leaves, with a list of work instead of recursion.
struct Walk<'a> {
    graph: &'a Graph,
    seen: BTreeSet<(ColumnId, Path, bool)>,
    presences: Vec<(ScanId, String, Path, Range<usize>)>,
    relations: BTreeSet<RelationId>,
    rows: BTreeSet<RelationId>,
    whole: BTreeSet<ScanId>,
    work: Vec<Use>,
    columns: BTreeMap<ScanId, BTreeMap<String, Range<usize>>>,
}

impl<'a> Walk<'a> {
    fn new(graph: &'a Graph) -> Self {
        Walk {
            graph,
            seen: BTreeSet::new(),
            presences: Vec::new(),
            relations: BTreeSet::new(),
            rows: BTreeSet::new(),
            whole: BTreeSet::new(),
            work: Vec::new(),
            columns: BTreeMap::new(),
        }
    }

    fn run(&mut self, root: RelationId) {
        self.work.extend([Use::Relation(root), Use::Row(root)]);
        for (_, column) in self.graph.relations[root].columns.iter().rev() {
            self.work.push(Use::Column { column: *column, path: Path::new(), at: 0..0 });
        }
        while let Some(wanted) = self.work.pop() {
            match wanted {
                Use::Relation(id) => self.relation(id),
                Use::Row(id) => self.row(id),
                Use::Column { column, path, at } => self.column(column, path, at, false),
                Use::Presence { column, path, at } => self.column(column, path, at, true),
            }
        }
        self.read_rows();
    }

    /// Rows of an array of which nothing else is read: all of it, since what is read then is not known.
    fn read_rows(&mut self) {
        for (scan, name, path, at) in std::mem::take(&mut self.presences) {
            let prefix = leaf_name(&name, &path).to_ascii_lowercase();
            let is_read = self.columns.get(&scan).is_some_and(|columns| {
                columns.keys().any(|leaf| {
                    let leaf = leaf.to_ascii_lowercase();
                    leaf.strip_prefix(&prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                })
            });
            if !is_read {
                self.leaves(scan, &name, &path, &at);
            }
        }
    }

    fn relation(&mut self, id: RelationId) {
        if !self.relations.insert(id) {
            return;
        }
        let relation = &self.graph.relations[id];
        self.work.extend(relation.required.iter().rev().cloned());
        self.work.extend(relation.inputs.iter().map(|input| Use::Relation(*input)));
        if let Some(scan) = relation.scan {
            self.columns.entry(scan).or_default();
        }
    }

    fn row(&mut self, id: RelationId) {
        if self.rows.insert(id) {
            let relation = &self.graph.relations[id];
            self.whole.extend(relation.scan);
            self.work.extend(relation.rows_of.iter().map(|inner| Use::Row(*inner)));
        }
    }

    fn column(&mut self, id: ColumnId, path: Path, at: Range<usize>, is_presence: bool) {
        let column = &self.graph.columns[id];
        let is_computed = matches!(column.source, Source::Computed(_));
        let path = if is_computed { Path::new() } else { path };
        let at = if at.end == 0 { column.at.clone() } else { at };
        if !self.seen.insert((id, path.clone(), is_presence && !is_computed)) {
            return;
        }
        self.work.push(Use::Relation(column.relation));
        match &column.source {
            Source::Base(scan) if is_presence => self.presences.push((*scan, column.name.clone(), path, at)),
            Source::Base(scan) => self.leaves(*scan, &column.name, &path, &at),
            Source::Same(inner, below) => self.work.push(reading(*inner, joined(below, &path), at, is_presence)),
            Source::Branches(columns) => {
                let uses = columns.iter().map(|inner| reading(*inner, path.clone(), at.clone(), is_presence));
                self.work.extend(uses);
            }
            Source::Computed(uses) => self.work.extend(uses.iter().cloned()),
        }
    }

    fn leaves(&mut self, scan: ScanId, name: &str, path: &Path, at: &Range<usize>) {
        let base = &self.graph.bases[scan];
        let mut shape = base.shape.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name));
        let mut prefix = shape.map_or(name.to_owned(), |column| column.name.clone());
        for field in path {
            let found = shape.and_then(|shape| shape.fields.iter().find(|inner| inner.name.eq_ignore_ascii_case(field)));
            match (shape, found) {
                (Some(_), None) => break,
                (_, found) => {
                    shape = found;
                    prefix = format!("{prefix}.{}", found.map_or(field.as_str(), |inner| inner.name.as_str()));
                }
            }
        }
        let mut names = Vec::new();
        match shape {
            Some(shape) => collect_leaves(shape, prefix, &mut names),
            None => names.push(prefix),
        }
        let columns = self.columns.entry(scan).or_default();
        for name in names {
            let place = columns.entry(name).or_insert_with(|| at.clone());
            // The first place in the text that asks.
            if at.end > 0 && (place.end == 0 || at.start < place.start) {
                *place = at.clone();
            }
        }
    }
}

fn collect_leaves(shape: &ColumnShape, name: String, out: &mut Vec<String>) {
    if shape.fields.is_empty() {
        out.push(name);
        return;
    }
    for field in &shape.fields {
        collect_leaves(field, format!("{name}.{}", field.name), out);
    }
}
