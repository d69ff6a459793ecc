//! Queries: SQL files, and SQL that lies in other files.

use super::embedded::Occasion;
use super::runs::Runs;
use super::table::{Column, Mode, Table, TableId, TableKind};
use super::{FeedId, Known, Model, Skipped, ddl};
use crate::sql::ddl::{Created, CreatedColumns, routine};
use crate::sql::fold::Constant;
use crate::sql::parse::{parse, parse_within};
use crate::sql::resolve::resolve;
use crate::sql::{
    Catalog, ColumnShape, Resolution, Scan, Script, SqlError, Statement, StatementKind, TablePath, TableShape, metadata,
};
use crate::text::{BOM, FileId, SourceFile, Span, SpanMap, Spanned};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// `sql/cost.sql`, or `sql/cost.sql#2` for the second statement of a file that holds several.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QueryId {
    pub path: Arc<str>,
    /// From 1.
    pub number: u32,
    pub is_only: bool,
}

impl fmt::Display for QueryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_only { f.write_str(&self.path) } else { write!(f, "{}#{}", self.path, self.number) }
    }
}

/// One statement of SQL with what it reads.
#[derive(Debug, Clone)]
pub struct Query {
    pub id: QueryId,
    /// The whole statement.
    pub span: Span,
    /// From offsets of the SQL text to places.
    pub map: Arc<SpanMap>,
    pub statement: Statement,
    pub resolution: Resolution,
    /// Feeds whose tables it reads.
    pub feeds: Vec<FeedId>,
    /// The text is the body of a view or a routine: what it reads depends on who asks.
    pub is_body: bool,
    /// How often it runs, and where that is said.
    pub runs: Known<Runs>,
    /// It is a step of a workflow.
    pub is_step: bool,
}

/// The defects of one SQL text, at their places.
#[derive(Debug, Clone)]
pub struct SqlProblems {
    pub map: Arc<SpanMap>,
    pub errors: Vec<SqlError>,
    pub not_analysed: Vec<SqlError>,
    /// Where the text says, or shows, that it is legacy SQL.
    pub legacy: Vec<Range<usize>>,
}

/// A SQL text and where it stands, before it is parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlText {
    /// Of its queries' ids: the path of a file, or `views.tf:google_bigquery_table.orders.view`.
    pub path: Arc<str>,
    pub text: Arc<str>,
    pub map: Arc<SpanMap>,
    pub role: Role,
    pub dialect: Dialect,
    pub occasion: Occasion,
}

/// What a SQL text is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// It is run as it is.
    Script,
    /// It is the body of a view.
    View,
    /// It is the body of a procedure with these arguments.
    Procedure(Vec<String>),
    /// It is the query of a table function.
    TableFunction(Signature),
    /// It is the expression of a function, behind `SELECT`.
    Function(Signature),
}

/// How a function is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// `None` where it is computed.
    pub path: Option<TablePath>,
    pub arguments: Vec<String>,
}

/// Which SQL a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    GoogleSql,
    Legacy,
    /// Nothing says that it is GoogleSQL, where BigQuery or who calls it may take it for legacy SQL.
    MaybeLegacy,
    /// Nothing says that BigQuery runs it at all.
    MaybeOther,
}

impl SqlText {
    /// A file of SQL.
    pub fn of_file(id: FileId, file: &SourceFile) -> SqlText {
        let (text, skip) = match file.text.strip_prefix(BOM) {
            Some(text) => (text.into(), BOM.len_utf8()),
            None => (file.text.clone(), 0),
        };
        SqlText {
            path: file.path.as_str().into(),
            text,
            map: Arc::new(SpanMap::verbatim(id, skip..file.text.len())),
            role: Role::Script,
            dialect: Dialect::GoogleSql,
            occasion: Occasion::Unsaid,
        }
    }

    /// Cuts the text into statements.
    pub fn parse(&self) -> Script {
        // Only GoogleSQL writes names in backticks.
        let is_google = match self.dialect {
            Dialect::GoogleSql | Dialect::MaybeOther => true,
            Dialect::MaybeLegacy => self.text.contains('`'),
            Dialect::Legacy => false,
        };
        if !is_google {
            return self.not_analysed();
        }
        let mut script = match &self.role {
            Role::Script | Role::View => parse(&self.text),
            Role::Procedure(arguments)
            | Role::TableFunction(Signature { arguments, .. })
            | Role::Function(Signature { arguments, .. }) => parse_within(&self.text, arguments),
        };
        if matches!(self.dialect, Dialect::MaybeLegacy | Dialect::MaybeOther) {
            script.not_analysed.append(&mut script.errors);
            script.legacy.clear();
        }
        for statement in &mut script.statements {
            // As if it stood in `CREATE VIEW` or `CREATE FUNCTION`: it is charged where it is used.
            match (&self.role, &statement.kind) {
                (Role::View, StatementKind::Select) => statement.kind = StatementKind::CreateView,
                (Role::Function(_), _) => statement.kind = StatementKind::CreateFunction,
                (Role::TableFunction(_), _) => statement.kind = StatementKind::CreateTableFunction,
                (Role::Script | Role::View | Role::Procedure(_), _) => {}
            }
        }
        script
    }

    /// The function that the text is the body of, as SQL would define it.
    pub fn routine(&self) -> Option<Routine> {
        let (what, Signature { path, arguments }) = match &self.role {
            Role::TableFunction(signature) => ("TABLE FUNCTION", signature),
            Role::Function(signature) => ("FUNCTION", signature),
            Role::Script | Role::View | Role::Procedure(_) => return None,
        };
        let path = path.clone().filter(|_| reads_tables(&self.text))?;
        let arguments: Vec<String> = arguments.iter().map(|name| format!("`{name}` ANY TYPE")).collect();
        let definition = format!("CREATE {what} `{path}`({}) AS ({}\n)", arguments.join(", "), self.text);
        Some(Routine { path, definition })
    }

    fn not_analysed(&self) -> Script {
        let message = match self.dialect {
            Dialect::MaybeLegacy => "nothing says that this is GoogleSQL and not legacy SQL, which is not analysed",
            Dialect::GoogleSql | Dialect::Legacy | Dialect::MaybeOther => "legacy SQL is not analysed",
        };
        let error = SqlError { range: 0..self.text.len(), message: message.to_owned() };
        let first_line = 0..self.text.trim_end().find('\n').unwrap_or(self.text.trim_end().len());
        let legacy = if self.dialect == Dialect::Legacy { vec![first_line] } else { Vec::new() };
        Script { not_analysed: vec![error], legacy, ..Script::default() }
    }
}

/// A function or table function whose SQL reads tables: it is charged where it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routine {
    pub path: TablePath,
    /// The statement that creates it.
    pub definition: String,
}

/// A template names a table of the query, so that what is said of tables is not said of this one.
pub fn not_judged(query: &Query) -> Option<Skipped> {
    let is_of_template = |scan: &&Scan| scan.table.contains('{');
    let scan = query.resolution.scans.iter().find(is_of_template)?;
    let why = "a template names a table, so that its columns, partitions and size are not known".to_owned();
    let span = Some(query.map.span(scan.range.clone()));
    Some(Skipped { what: "query".to_owned(), subject: query.id.to_string(), why, span })
}

/// The tables of a model, for the resolver.
pub struct ModelCatalog<'a> {
    routines: BTreeMap<&'a str, Vec<&'a Routine>>,
    by_name: BTreeMap<(&'a str, &'a str), Vec<&'a Table>>,
    by_table: BTreeMap<&'a str, Vec<&'a Table>>,
    project: Option<&'a str>,
    /// The project that a name without one is looked for in first, where nothing says it: that of the feeds' tables.
    likely: Option<&'a str>,
}

impl<'a> ModelCatalog<'a> {
    pub fn new(model: &'a Model, project: Option<&'a str>) -> ModelCatalog<'a> {
        let mut routines: BTreeMap<&str, Vec<&Routine>> = BTreeMap::new();
        for routine in &model.routines {
            routines.entry(routine.path.0.last().map_or("", String::as_str)).or_default().push(routine);
        }
        let mut by_name: BTreeMap<(&str, &str), Vec<&Table>> = BTreeMap::new();
        let mut by_table: BTreeMap<&str, Vec<&Table>> = BTreeMap::new();
        for table in model.tables.values() {
            if let TableId::Named { dataset, name, .. } = &table.id {
                by_name.entry((dataset, name)).or_default().push(table);
                by_table.entry(name).or_default().push(table);
            }
        }
        ModelCatalog { routines, by_name, by_table, project, likely: project_of_feeds(model) }
    }

    /// The table of this name, where the dataset is left to the job's default: the only one there is, in whatever dataset.
    fn only_one_named(&self, name: &str) -> Option<&'a Table> {
        match self.by_table.get(name)?.as_slice() {
            [table] => Some(table),
            _ => None,
        }
    }

    /// The table that a path of a query names.
    pub fn find(&self, path: &TablePath) -> Option<&'a Table> {
        let (project, dataset, name) = match path.0.as_slice() {
            [name] => return self.only_one_named(name),
            [dataset, name] => (self.project, dataset, name),
            [project, dataset, name] => (Some(project.as_str()), dataset, name),
            _ => return None,
        };
        let tables = self.by_name.get(&(dataset.as_str(), name.as_str()))?;
        let fits = |table: &&&Table| match &table.id {
            TableId::Named { project: Some(own), .. } => project.is_none_or(|project| project == &**own),
            TableId::Named { project: None, .. } | TableId::Address(_) => true,
        };
        let is_likely = |table: &&&Table| match &table.id {
            TableId::Named { project: own, .. } => project.is_none() && self.likely.is_some() && own.as_deref() == self.likely,
            TableId::Address(_) => false,
        };
        tables.iter().find(is_likely).or_else(|| tables.iter().find(fits)).copied()
    }
}

impl ModelCatalog<'_> {
    /// The columns of a view, as its query names them; `None` where not all of their names are known.
    pub fn columns_of_view(&self, view: &Table) -> Option<Vec<Column>> {
        // The columns of a query are named where it makes a table.
        let text = format!("CREATE TABLE made AS {}", view.view_query.as_deref()?);
        let script = parse(&text);
        let [statement] = script.statements.as_slice() else { return None };
        Some(ddl::columns_of_outputs(&resolve(statement, &text, self).outputs?, view.span()?))
    }
}

/// The project of the tables that feeds are loaded into, where they all lie in one.
fn project_of_feeds(model: &Model) -> Option<&str> {
    let mut projects = model.feeds.values().filter_map(|feed| feed.table.project.value());
    let first = projects.next()?;
    projects.all(|other| other == first).then_some(first)
}

impl<'a> ModelCatalog<'a> {
    /// The newest of the tables that a name with a `*` at its end stands for: its columns are those of all.
    fn newest(&self, path: &TablePath) -> Option<&'a Table> {
        let (last, before) = path.0.split_last()?;
        let (prefix, dataset) = (last.strip_suffix('*')?, before.last()?.as_str());
        let from = self.by_name.range((dataset, prefix)..);
        let names = from.take_while(|((its, name), _)| *its == dataset && name.starts_with(prefix)).map(|((_, name), _)| *name);
        let found = names.filter_map(|name| {
            let path = TablePath(before.iter().cloned().chain([name.to_owned()]).collect());
            self.find(&path).filter(|table| table.view_query.is_none())
        });
        found.last()
    }
}

impl Catalog for ModelCatalog<'_> {
    fn table(&self, path: &TablePath) -> Result<(String, TableShape), String> {
        let newest = self.newest(path);
        let is_wildcard = newest.is_some();
        let of_google = metadata::billing_export(path);
        let Some(table) = newest.or_else(|| self.find(path)) else {
            return of_google.map(|shape| (path.to_string(), shape.clone())).ok_or_else(String::new);
        };
        let mut may_grow = false;
        let (columns, why_unknown) = match &table.columns {
            Known::Known(columns) => (columns.value.iter().map(shape_of).collect(), None),
            Known::Absent | Known::Unknown(_) if let Some(shape) = of_google => {
                may_grow = true;
                (shape.columns.clone(), None)
            }
            Known::Absent => (Vec::new(), Some(format!("`{path}` is defined without a schema"))),
            Known::Unknown(why) => (Vec::new(), Some(format!("the schema of `{path}` is not known: {}", why.text))),
        };
        let partitioning = table.partitioning.value();
        let column = partitioning.map(|partitioning| partitioning.column.as_ref().map(|column| column.value.clone()));
        let clustering = table.clustering.value().map_or(&[][..], |columns| columns);
        Ok((
            if is_wildcard { path.to_string() } else { table.id.to_string() },
            TableShape {
                columns,
                partition_column: column.map(|column| column.unwrap_or_else(|| "_PARTITIONTIME".to_owned())),
                clustering: clustering.iter().map(|column| column.value.clone()).collect(),
                view: table.view_query.clone().filter(|_| !is_read_as_table(table)),
                is_materialized: table.kind == TableKind::MaterializedView,
                why_unknown,
                may_grow,
                is_partial: table.may_have_more_columns(),
            },
        ))
    }

    fn routine(&self, path: &TablePath) -> Option<(String, String)> {
        let (project, dataset) = in_project(path, self.project);
        let fits = |routine: &&&Routine| {
            let (own, its) = in_project(&routine.path, self.project);
            its.is_some() && its == dataset && own.zip(project).is_none_or(|(own, project)| own == project)
        };
        let routine = self.routines.get(path.0.last()?.as_str())?.iter().find(fits)?;
        Some((routine.path.to_string(), routine.definition.clone()))
    }
}

/// `dataset.name`, with the project where it is said.
fn in_project<'p>(path: &'p TablePath, default: Option<&'p str>) -> (Option<&'p str>, Option<&'p str>) {
    match path.0.as_slice() {
        [dataset, _] => (default, Some(dataset)),
        [project, dataset, _] => (Some(project), Some(dataset)),
        _ => (None, None),
    }
}

/// A materialized view that is as well known as a table is read itself, and not what it was made from.
fn is_read_as_table(table: &Table) -> bool {
    table.kind == TableKind::MaterializedView && table.statistics.is_some() && table.columns.value().is_some()
}

fn shape_of(column: &Column) -> ColumnShape {
    ColumnShape {
        name: column.name.clone(),
        data_type: column.data_type.clone(),
        repeated: column.mode == Mode::Repeated,
        fields: column.fields.iter().map(shape_of).collect(),
    }
}

/// The tables and views that a text defines.
pub fn tables_of<'t>(text: &'t SqlText, script: &'t Script) -> impl Iterator<Item = Table> + 't {
    script.statements.iter().filter_map(|statement| match &statement.creates {
        Some(created) => ddl::table_of(created, &text.map, &text.text),
        None => ddl::altered_by(statement, &text.map, &text.text),
    })
}

/// The functions of a text that read tables.
pub fn routines_of<'t>(text: &'t SqlText, script: &'t Script) -> impl Iterator<Item = Routine> + 't {
    let is_sql = |statement: &&Statement| {
        let is_routine = matches!(statement.kind, StatementKind::CreateFunction | StatementKind::CreateTableFunction);
        is_routine && statement.body.is_some()
    };
    script.statements.iter().filter(is_sql).filter_map(|statement| {
        let definition = text.text.get(statement.range.clone())?;
        let path = routine(definition).filter(|_| reads_tables(definition))?;
        Some(Routine { path, definition: definition.to_owned() })
    })
}

/// Most functions are expressions of their arguments alone.
fn reads_tables(definition: &str) -> bool {
    definition.to_ascii_uppercase().contains("FROM")
}

/// The columns of tables that are made from a query, where the query tells all of them.
///
/// `asked` gives the answers of `catalog`.
pub fn columns_of(
    text: &SqlText,
    script: &Script,
    catalog: &ModelCatalog<'_>,
    asked: &dyn Catalog,
) -> Vec<(TableId, Known<Vec<Column>>)> {
    let mut found = Vec::new();
    for statement in &script.statements {
        let Some(created) = statement.creates.as_ref().filter(|created| !created.is_temporary) else { continue };
        let span = text.map.span(created.range.clone());
        let _ = asked.table(&created.path);
        if let Some(table) = catalog.find(&created.path).filter(|table| is_made_at(table, Some(span)))
            && let Some(outputs) = outputs_of(statement, created, &text.text, asked)
            && let Some(columns) = ddl::columns_of_query(&ddl::renamed(outputs, &created.columns), span)
        {
            found.push((table.id.clone(), Known::Known(Spanned::new(columns, span))));
        }
    }
    found
}

/// Whether the statement at this place makes the table from a query that was not read yet.
pub fn is_made_at(table: &Table, span: Option<Span>) -> bool {
    ddl::awaits_query(table) && table.span() == span
}

/// The columns of what a table is made from: a query, or another table.
fn outputs_of(statement: &Statement, created: &Created, text: &str, catalog: &dyn Catalog) -> Option<Vec<ColumnShape>> {
    match &created.columns {
        CreatedColumns::Like(path) => {
            let (_, shape) = catalog.table(path).ok()?;
            (!shape.columns.is_empty()).then_some(shape.columns)
        }
        _ => resolve(statement, text, catalog).outputs,
    }
}

/// The tables of the model, and those that a script has made for itself so far.
struct ScriptCatalog<'a> {
    model: &'a dyn Catalog,
    temporary: BTreeMap<String, TableShape>,
}

/// The dataset under which a script may name its temporary tables.
pub const SESSION: &str = "_SESSION";

impl ScriptCatalog<'_> {
    fn add(&mut self, created: &Created, outputs: Option<Vec<ColumnShape>>) {
        if let Some(name) = session_name(&created.path) {
            self.temporary.insert(name.to_owned(), ddl::shape_of(created, outputs));
        }
    }
}

impl Catalog for ScriptCatalog<'_> {
    fn table(&self, path: &TablePath) -> Result<(String, TableShape), String> {
        let temporary = session_name(path).and_then(|name| Some((name, self.temporary.get(name)?)));
        match temporary {
            Some((name, shape)) => Ok((format!("{SESSION}.{name}"), shape.clone())),
            None => self.model.table(path),
        }
    }

    fn routine(&self, path: &TablePath) -> Option<(String, String)> {
        self.model.routine(path)
    }
}

/// `name`, `_SESSION.name`.
fn session_name(path: &TablePath) -> Option<&str> {
    match path.0.as_slice() {
        [name] => Some(name),
        [session, name] if session.eq_ignore_ascii_case(SESSION) => Some(name),
        _ => None,
    }
}

/// What BigQuery gives to each run of a scheduled query, and what it is worth when the run is on time.
const RUN: [(&str, &str); 2] = [("@run_date", "CURRENT_DATE"), ("@run_time", "CURRENT_TIMESTAMP")];

/// Conditions on the day of the run as conditions on the day on which it is asked.
fn give_run(resolution: &mut Resolution) {
    for predicate in resolution.scans.iter_mut().flat_map(|scan| &mut scan.predicates) {
        let Ok(condition) = &mut predicate.condition else { continue };
        for (parameter, function) in RUN {
            *condition = condition.with(parameter, &Constant::Call(function.to_owned(), Vec::new()));
        }
    }
}

/// Resolves the statements of one text against the tables, in order: a temporary table is known after it is made.
pub fn resolve_text(text: &SqlText, script: Script, catalog: &dyn Catalog) -> Vec<Query> {
    let count = script.statements.len();
    let is_body = text.role != Role::Script;
    let mut catalog = ScriptCatalog { model: catalog, temporary: BTreeMap::new() };
    let mut queries = Vec::with_capacity(count);
    for (statement, number) in script.statements.into_iter().zip(1..) {
        let mut resolution = resolve(&statement, &text.text, &catalog);
        if let Some(created) = statement.creates.as_ref().filter(|created| created.is_temporary) {
            let outputs = resolution.outputs.take().or_else(|| outputs_of(&statement, created, &text.text, &catalog));
            catalog.add(created, outputs);
        }
        if let Occasion::Schedule(_) = text.occasion {
            give_run(&mut resolution);
        }
        queries.push(Query {
            id: QueryId { path: text.path.clone(), number, is_only: count == 1 },
            span: text.map.span(statement.range.clone()),
            map: text.map.clone(),
            runs: Known::Absent,
            is_step: text.occasion == Occasion::Delivery,
            resolution,
            is_body: is_body
                || matches!(
                    statement.kind,
                    StatementKind::CreateView | StatementKind::CreateFunction | StatementKind::CreateTableFunction
                ),
            statement: statement.without_tree(),
            feeds: Vec::new(),
        });
    }
    queries
}
