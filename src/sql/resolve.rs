//! Statements to scans: which columns of which base tables a statement needs, and what filters them. Asks a catalog
//! for tables and knows nothing of where it has them from. What it cannot resolve it says; it never guesses in silence.

mod base;
mod change;
mod constant;
mod equality;
mod expression;
mod filter;
mod from;
mod function;
mod graph;
mod hindrance;
mod mistake;
mod notice;
mod number;
mod output;
mod pipe;
mod pivot;
mod pushdown;
mod reckoning;
mod scope;
mod select;
mod star;
mod zone;

use super::parse::{Body, Parsed, Tree, touches};
use super::{Catalog, NameMistake, Resolution, Scan, SqlError, Star, Statement, StatementKind};
use graph::{Graph, RelationId};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// Queries within queries, views included.
const DEPTH_LIMIT: usize = 60;
/// Queries of one statement, views included.
const QUERY_LIMIT: usize = 10_000;

/// Names looked up in one statement, each times the tables that it is looked up in; no real text comes near.
const WORK_LIMIT: usize = 1_000_000;

/// Finds out what a statement reads. A statement of a kind that has no query reads nothing; one whose query was not
/// understood reads nobody knows what.
pub fn resolve(statement: &Statement, text: &str, catalog: &dyn Catalog) -> Resolution {
    let Some(body) = &statement.body else { return without_body(statement) };
    let mut resolver = Resolver::new(text, catalog, body, statement.range.clone());
    let root = match &body.0.tree {
        Tree::Query(query) => {
            resolver.notice_whole(query);
            resolver.query(query, None)
        }
        Tree::Change(change) => resolver.change(change),
    };
    let outputs = if statement.kind == StatementKind::CreateTableAsSelect { resolver.graph.outputs(root) } else { None };
    let inserts_only = matches!(&body.0.tree, Tree::Change(change) if change::inserts_only(change));
    Resolution { outputs, inserts_only, ..resolver.finish(root) }
}

fn without_body(statement: &Statement) -> Resolution {
    let reads = match &statement.kind {
        StatementKind::Select
        | StatementKind::CreateTableAsSelect
        | StatementKind::CreateView
        | StatementKind::Insert
        | StatementKind::Update
        | StatementKind::Delete
        | StatementKind::Merge
        | StatementKind::ExportData => true,
        StatementKind::CreateTable
        | StatementKind::CreateFunction
        | StatementKind::CreateTableFunction
        | StatementKind::Other(_) => false,
    };
    let message = "the statement could not be analysed".to_owned();
    let unresolved = reads.then(|| SqlError { range: statement.range.clone(), message });
    Resolution { unresolved: unresolved.into_iter().collect(), ..Resolution::default() }
}

/// Whether this says that the columns of the table are not known, and nothing else.
pub fn is_unknown_schema(error: &SqlError, table: &str) -> bool {
    error.message.starts_with(&base::unknown_schema(table, ""))
}

struct Resolver<'a> {
    catalog: &'a dyn Catalog,
    graph: Graph,
    /// What `WITH` has named so far, the innermost last.
    tables: Vec<(String, RelationId)>,
    /// Names of lambda parameters.
    locals: Vec<String>,
    unresolved: Vec<SqlError>,
    mistakes: Vec<NameMistake>,
    /// What templates fill in where no name of a column can hide: in names of tables, and in strings.
    harmless_holes: Vec<Range<usize>>,
    /// Something was left out, so that a name that is not found may be there.
    is_lost: bool,
    stars: Vec<Star>,
    source: TextSource<'a>,
    /// The statement.
    whole: Range<usize>,
    depth: usize,
    n_queries: usize,
    n_work: usize,
    /// Window functions seen so far: they stop filters.
    n_windows: usize,
    /// Functions of the repository that were called, as written, with what they read.
    routines: Vec<(String, Option<RelationId>)>,
    /// The query at hand is that of `EXISTS`, where a star is nobody's concern.
    in_exists: bool,
    /// A condition names no column of what it filters, such as `RAND() < 0.1`.
    has_free_condition: bool,
    reads_past: bool,
    federated: Vec<Range<usize>>,
    /// Views and functions that were taken apart.
    through: BTreeSet<String>,
    noticed: notice::Noticed,
    ledger: reckoning::Ledger,
}

/// Where the tree at hand comes from.
#[derive(Clone)]
struct TextSource<'a> {
    text: Cow<'a, str>,
    parsed: Arc<Parsed>,
    /// Inside a view all places are the place that names the view.
    place: Option<Range<usize>>,
}

impl<'a> Resolver<'a> {
    fn new(text: &'a str, catalog: &'a dyn Catalog, body: &Body, whole: Range<usize>) -> Self {
        let source = TextSource { text: Cow::Borrowed(text), parsed: Arc::clone(&body.0), place: None };
        let unresolved = body.0.notes.clone();
        let reads_past = body.0.reads_past;
        Resolver {
            catalog,
            graph: Graph::default(),
            tables: Vec::new(),
            locals: Vec::new(),
            unresolved,
            mistakes: Vec::new(),
            harmless_holes: Vec::new(),
            is_lost: false,
            stars: Vec::new(),
            source,
            whole,
            depth: 0,
            n_queries: 0,
            n_work: 0,
            n_windows: 0,
            routines: Vec::new(),
            in_exists: false,
            has_free_condition: false,
            reads_past,
            federated: Vec::new(),
            through: BTreeSet::new(),
            noticed: notice::Noticed::default(),
            ledger: reckoning::Ledger::default(),
        }
    }

    fn finish(mut self, root: RelationId) -> Resolution {
        let scans: Vec<Scan> = self.graph.scans(root);
        let notables = self.notables();
        let mistakes = self.certain_mistakes();
        self.unresolved.sort_by_key(|error| (error.range.start, error.range.end));
        self.unresolved.dedup();
        self.stars.sort_by_key(|star| star.range.start);
        Resolution {
            scans,
            unresolved: self.unresolved,
            mistakes,
            stars: self.stars,
            outputs: None,
            inserts_only: false,
            has_free_condition: self.has_free_condition,
            reads_past: self.reads_past,
            federated: self.federated,
            notables,
            through: self.through,
            reckoning: self.ledger.close(),
        }
    }

    /// The place of something in the text that the caller gave; what has no place of its own is said of the statement.
    fn place(&self, range: Range<usize>) -> Range<usize> {
        match &self.source.place {
            Some(place) => place.clone(),
            None if range.end == 0 => self.whole.clone(),
            None => range,
        }
    }

    fn unresolved(&mut self, range: Range<usize>, message: String) {
        let range = self.place(range);
        self.unresolved.push(SqlError { range, message });
    }

    /// Whether there is room for so much more work; says once that there is not.
    fn spend(&mut self, work: usize) -> bool {
        let before = self.n_work;
        self.n_work = before.saturating_add(work);
        let is_over = self.n_work > WORK_LIMIT;
        if is_over && before <= WORK_LIMIT {
            self.is_lost = true;
            self.unresolved(0..0, "this statement names too much to be analysed".to_owned());
        }
        !is_over
    }

    fn is_hole(&self, range: &Range<usize>) -> bool {
        touches(&self.source.parsed.holes, range)
    }
}
