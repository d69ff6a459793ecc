//! BigQuery tables: who defines them, their columns, partitioning and clustering, and what is known of their size.

use super::columns::read_columns;
use super::parameters::TypeParameters;
use super::terraform::{Resource, Terraform, blocks};
use super::{FeedId, Known, Why};
use crate::syntax::embed::embedded;
use crate::syntax::{Document, NodeId, Operator, Problem, Value, json};
use crate::text::{FileId, Files, Span, Spanned};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The identity of a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TableId {
    /// `dataset.name`, with the project where it is said.
    Named { project: Option<Arc<str>>, dataset: Arc<str>, name: Arc<str> },
    /// The address of a Terraform resource whose name is not known: `google_bigquery_table.raw`.
    Address(Arc<str>),
}

impl TableId {
    pub fn new(project: Option<&str>, dataset: &str, name: &str) -> TableId {
        TableId::Named { project: project.map(Into::into), dataset: dataset.into(), name: name.into() }
    }
}

impl fmt::Display for TableId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TableId::Named { project: Some(project), dataset, name } => write!(f, "{project}.{dataset}.{name}"),
            TableId::Named { project: None, dataset, name } => write!(f, "{dataset}.{name}"),
            TableId::Address(address) => f.write_str(address),
        }
    }
}

/// A table, merged from everything that defines it.
#[derive(Debug, Clone)]
pub struct Table {
    pub id: TableId,
    /// Where Terraform declares it: the address with the folder of its module.
    pub address: Option<Arc<str>>,
    /// Best first: Terraform, DDL, a folder of its own, the feed, a data contract, statistics.
    pub definitions: Vec<Definition>,
    pub kind: TableKind,
    pub columns: Known<Vec<Column>>,
    pub partitioning: Known<Partitioning>,
    pub clustering: Known<Vec<Spanned<String>>>,
    pub require_partition_filter: Known<bool>,
    /// The query of a view, as text.
    pub view_query: Option<String>,
    pub statistics: Option<Statistics>,
    pub feeds: Vec<FeedId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    Table,
    View,
    MaterializedView,
    External,
}

/// A place that defines a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Definition {
    pub source: DefinitionSource,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DefinitionSource {
    Terraform,
    Ddl,
    /// Files of a folder that is named after the table.
    Folder,
    Feed,
    /// A data contract, which says what a table looks like to those who read it.
    Contract,
    Statistics,
    /// It changes the columns, or gives the table others than those before it.
    Otherwise,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub name_span: Span,
    /// The GoogleSQL name in capitals: `INT64`, `STRING`, `STRUCT`. As written when BigQuery has no such type.
    pub data_type: String,
    pub parameters: TypeParameters,
    pub type_span: Span,
    pub mode: Mode,
    /// Whether it has a description of its own, even one that is computed.
    pub is_described: bool,
    /// The policy tags that guard it, or the data policies, which do the same.
    pub policy_tags: Known<Vec<String>>,
    pub fields: Vec<Column>,
}

impl Column {
    /// For people: `NUMERIC(10, 2)`.
    pub fn type_text(&self) -> String {
        format!("{}{}", self.data_type, self.parameters)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Nullable,
    Required,
    Repeated,
}

impl Mode {
    pub fn name(self) -> &'static str {
        match self {
            Mode::Nullable => "NULLABLE",
            Mode::Required => "REQUIRED",
            Mode::Repeated => "REPEATED",
        }
    }
}

/// How a table is cut into partitions.
#[derive(Debug, Clone, PartialEq)]
pub struct Partitioning {
    pub kind: PartitionKind,
    /// The column; `None` for ingestion time.
    pub column: Option<Spanned<String>>,
    /// After how many days a partition expires.
    pub expiration_days: Known<f64>,
    /// How a column of integers is cut, where that is known.
    pub range: Option<IntegerRange>,
}

/// Ranges of integers of one width; what lies outside goes to a partition of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntegerRange {
    pub start: i64,
    /// Exclusive.
    pub end: i64,
    pub interval: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartitionKind {
    Hour,
    Day,
    Month,
    Year,
    IntegerRange,
    /// Said, but not which.
    Unknown,
}

/// What BigQuery said of a table, from a statistics file.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    pub rows: Option<u64>,
    pub bytes: Option<u64>,
    /// Total logical bytes of each leaf column.
    pub column_bytes: BTreeMap<String, u64>,
    /// `None` where they are not listed; a list may be empty.
    pub partitions: Option<Vec<PartitionStatistics>>,
    /// Rows wait in the streaming buffer.
    pub is_buffered: bool,
    /// The format of an external table's files.
    pub format: Option<String>,
    pub location: Option<String>,
    pub span: Span,
}

/// A row of `INFORMATION_SCHEMA.PARTITIONS`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionStatistics {
    pub id: String,
    pub rows: u64,
    /// `None` where it is not listed.
    pub bytes: Option<u64>,
}

impl Table {
    /// A table of which nothing is known but that something defines it.
    pub fn defined(id: TableId, source: DefinitionSource, span: Span) -> Table {
        Table {
            id,
            address: None,
            definitions: vec![Definition { source, span }],
            kind: TableKind::Table,
            columns: Known::Absent,
            partitioning: Known::Absent,
            clustering: Known::Absent,
            require_partition_filter: Known::Absent,
            view_query: None,
            statistics: None,
            feeds: Vec::new(),
        }
    }

    /// Where findings on the table as a whole point.
    pub fn span(&self) -> Option<Span> {
        self.definitions.first().map(|definition| definition.span)
    }

    /// Not all that defines it gives it the same columns.
    pub fn may_have_more_columns(&self) -> bool {
        self.definitions.iter().any(|definition| definition.source == DefinitionSource::Otherwise)
    }
}

/// The table of this name, as [`TableId`] writes names and the scans of queries carry them.
pub fn table_named<'a>(tables: &'a BTreeMap<TableId, Table>, name: &str) -> Option<&'a Table> {
    // From the right: a project may hold dots, a dataset and a table cannot.
    let mut parts = name.rsplitn(3, '.');
    let (table, dataset, project) = (parts.next()?, parts.next(), parts.next());
    let named = dataset.and_then(|dataset| tables.get(&TableId::new(project, dataset, table)));
    named.or_else(|| tables.get(&TableId::Address(name.into())))
}

/// Reads the tables of all modules; `schemas` gives the columns of a JSON file, read once.
pub fn read_terraform_tables(terraform: &Terraform<'_>, schemas: &mut TableSchemas<'_>) -> Vec<Table> {
    terraform.resources("google_bigquery_table").map(|resource| read_terraform_table(terraform, resource, schemas)).collect()
}

fn read_terraform_table<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>, schemas: &mut TableSchemas<'_>) -> Table {
    let (document, body) = (resource.document, resource.body);
    let text = |name| terraform.text(resource, body, name);
    let id = match (text("dataset_id"), text("table_id")) {
        (Known::Known(dataset), Known::Known(name)) => {
            TableId::new(text("project").value().map(String::as_str), &dataset.value, &name.value)
        }
        _ => TableId::Address(resource.unique_address().into()),
    };
    let view = blocks(document, body, "view").into_iter().next();
    let materialized = blocks(document, body, "materialized_view").into_iter().next();
    let external = blocks(document, body, "external_data_configuration").into_iter().next();
    let kind = match (view, materialized, external) {
        (Some(_), _, _) => TableKind::View,
        (_, Some(_), _) => TableKind::MaterializedView,
        (_, _, Some(_)) => TableKind::External,
        _ => TableKind::Table,
    };
    Table {
        id,
        address: Some(resource.unique_address().into()),
        definitions: vec![Definition { source: DefinitionSource::Terraform, span: resource.span }],
        kind,
        columns: read_schema_attribute(terraform, resource, schemas),
        partitioning: read_partitioning(terraform, resource),
        clustering: terraform.texts(resource, body, "clustering"),
        require_partition_filter: read_partition_filter(terraform, resource),
        view_query: view.or(materialized).and_then(|(_, block)| view_query(terraform, resource, block, kind, schemas)),
        statistics: None,
        feeds: Vec::new(),
    }
}

/// The query of a view, unless it may be legacy SQL.
fn view_query<'a>(
    terraform: &Terraform<'a>,
    resource: &Resource<'a>,
    block: NodeId,
    kind: TableKind,
    schemas: &TableSchemas<'_>,
) -> Option<String> {
    let query = resource.document.get(block, "query")?;
    if let Some(named) = terraform.file_argument(resource, query) {
        return Some(schemas.text_of(named.ok()?.0));
    }
    if terraform.text_file(resource, query).is_some() {
        return terraform.source_with_holes(resource, query).map(|source| source.text);
    }
    let (document, node) = terraform.text_node(resource, query);
    let is_google =
        kind == TableKind::MaterializedView || terraform.bool(resource, block, "use_legacy_sql").value() == Some(&false);
    let text = embedded(document, node)?.text;
    (is_google || text.contains('`')).then_some(text)
}

fn read_schema_attribute<'a>(
    terraform: &Terraform<'a>,
    resource: &Resource<'a>,
    schemas: &mut TableSchemas<'_>,
) -> Known<Vec<Column>> {
    let document = resource.document;
    let Some(node) = document.get(resource.body, "schema") else { return Known::Absent };
    let span = document.span(node);
    if let Some(named) = terraform.file_argument(resource, node) {
        return match named {
            Ok((file, _)) => schemas.of_file(file, span),
            Err(why) => Known::Unknown(why),
        };
    }
    match document.value(node) {
        Value::String(_) => schemas.of_text(document, node),
        Value::Expression { operator: Operator::Call, name, operands } if document.text(name) == "jsonencode" => {
            match document.items(operands).first() {
                Some(list) if matches!(document.value(*list), Value::Sequence(_)) => schemas.of_nodes(document, *list),
                _ => Known::Unknown(Why::new("the schema is computed", Some(span))),
            }
        }
        _ => Known::Unknown(Why::new("the schema is computed", Some(span))),
    }
}

/// At the top, or, as it was written before, in the block of the partitions.
fn read_partition_filter<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Known<bool> {
    let mut said = terraform.bool(resource, resource.body, "require_partition_filter");
    let block = terraform.nested(resource, resource.body, "time_partitioning").single();
    said.or(block.and_then(|block| terraform.bool(block, block.body, "require_partition_filter")));
    said
}

fn read_partitioning<'a>(terraform: &Terraform<'a>, resource: &Resource<'a>) -> Known<Partitioning> {
    match terraform.nested(resource, resource.body, "time_partitioning").single() {
        Known::Known(block) => return by_time(terraform, &block.value),
        Known::Unknown(why) => return Known::Unknown(why),
        Known::Absent => {}
    }
    terraform.nested(resource, resource.body, "range_partitioning").single().map(|block| by_range(terraform, &block))
}

fn by_time<'a>(terraform: &Terraform<'a>, block: &Resource<'a>) -> Known<Partitioning> {
    let text = |name| terraform.text(block, block.body, name);
    let column = match text("field") {
        Known::Known(field) => Some(field),
        Known::Absent => None,
        Known::Unknown(why) => return Known::Unknown(why),
    };
    let kind = text("type").value().map_or(PartitionKind::Unknown, |name| PartitionKind::from_name(name));
    // Zero is for good, as for the provider.
    let expiration_days = match terraform.number(block, block.body, "expiration_ms") {
        Known::Known(n_ms) if n_ms.value <= 0.0 => Known::Absent,
        said => said.map(|n_ms| n_ms / 86_400_000.0),
    };
    // What an entry elsewhere says is changed there.
    let entry = column.as_ref().map(|column| column.span).filter(|span| span.file != block.span.file);
    let span = entry.unwrap_or(block.span);
    Known::Known(Spanned::new(Partitioning { kind, column, expiration_days, range: None }, span))
}

fn by_range<'a>(terraform: &Terraform<'a>, block: &Resource<'a>) -> Partitioning {
    let column = terraform.text(block, block.body, "field").spanned().cloned();
    let bounds = terraform.nested(block, block.body, "range").blocks.into_iter().next();
    let number = |name| {
        let bounds = bounds.as_ref()?;
        // Keys of tables are far below 2^53, up to which f64 is exact.
        Some(*terraform.number(bounds, bounds.body, name).value()? as i64)
    };
    let range = number("start").zip(number("end")).zip(number("interval"));
    let range = range.map(|((start, end), interval)| IntegerRange { start, end, interval });
    Partitioning { kind: PartitionKind::IntegerRange, column, expiration_days: Known::Absent, range }
}

impl PartitionKind {
    /// As BigQuery's REST API and Terraform name it.
    pub fn from_name(name: &str) -> PartitionKind {
        match name.to_ascii_uppercase().as_str() {
            "HOUR" => PartitionKind::Hour,
            "DAY" => PartitionKind::Day,
            "MONTH" => PartitionKind::Month,
            "YEAR" => PartitionKind::Year,
            "RANGE" => PartitionKind::IntegerRange,
            _ => PartitionKind::Unknown,
        }
    }
}

/// A file that holds a table schema, read.
#[derive(Debug, Clone, Default)]
pub struct SchemaFile {
    pub columns: Vec<Column>,
    pub problems: Vec<Problem>,
}

impl SchemaFile {
    pub fn read(document: &Document, root: NodeId) -> SchemaFile {
        let mut problems = Vec::new();
        // The REST resource nests the list: `{"fields": […]}`.
        let list = document.get(root, "fields").unwrap_or(root);
        let columns = read_columns(document, list, &mut problems);
        SchemaFile { columns, problems }
    }
}

/// The columns of table schemas wherever they are written, each file read once, with what is wrong in them.
pub struct TableSchemas<'a> {
    files: &'a Files,
    of_files: BTreeMap<FileId, Option<SchemaFile>>,
    of_texts: Vec<(FileId, Problem)>,
    /// What the reader says of files that are read because they are named.
    pub of_readers: Vec<(FileId, Problem)>,
}

impl<'a> TableSchemas<'a> {
    pub fn new(files: &'a Files, read: BTreeMap<FileId, SchemaFile>) -> TableSchemas<'a> {
        let of_files = read.into_iter().map(|(file, schema)| (file, Some(schema))).collect();
        TableSchemas { files, of_files, of_texts: Vec::new(), of_readers: Vec::new() }
    }

    /// What BigQuery would refuse in all of them.
    pub fn problems(&mut self) -> impl Iterator<Item = (FileId, Problem)> {
        let of_files = self.of_files.iter_mut().filter_map(|(file, schema)| Some((*file, schema.as_mut()?)));
        let of_files = of_files.flat_map(|(file, schema)| schema.problems.drain(..).map(move |problem| (file, problem)));
        of_files.chain(self.of_texts.drain(..))
    }

    /// The text of a file that Terraform names.
    fn text_of(&self, file: FileId) -> String {
        self.files.get(file).text.to_string()
    }

    /// The columns of a schema file, which `reference` names.
    pub fn of_file(&mut self, file: FileId, reference: Span) -> Known<Vec<Column>> {
        let columns = self.read(file).map(|schema| schema.columns.clone());
        known_columns(columns, reference)
    }

    /// The same for the last reference to the file: the columns are handed over.
    pub fn take_file(&mut self, file: FileId, reference: Span) -> Known<Vec<Column>> {
        let columns = self.read(file).map(|schema| std::mem::take(&mut schema.columns));
        known_columns(columns, reference)
    }

    fn read(&mut self, file: FileId) -> Option<&mut SchemaFile> {
        if !self.of_files.contains_key(&file) {
            let parsed = json::parse(file, &self.files.get(file).text);
            let root = parsed.document.roots.first();
            self.of_files.insert(file, root.map(|root| SchemaFile::read(&parsed.document, *root)));
            self.of_readers.extend(parsed.problems.into_iter().map(|problem| (file, problem)));
        }
        self.of_files.get_mut(&file)?.as_mut()
    }

    /// A schema written as a JSON string: a heredoc of Terraform.
    fn of_text(&mut self, document: &Document, node: NodeId) -> Known<Vec<Column>> {
        let span = document.span(node);
        let Some(embedded) = embedded(document, node) else { return Known::Absent };
        let mut parsed = json::parse(document.file(), &embedded.text.as_str().into());
        parsed.document.move_to(&embedded.map);
        let Some(root) = parsed.document.roots.first().copied() else {
            return Known::Unknown(Why::new("the schema is not valid JSON", Some(span)));
        };
        self.of_nodes(&parsed.document, root)
    }

    fn of_nodes(&mut self, document: &Document, list: NodeId) -> Known<Vec<Column>> {
        let SchemaFile { columns, problems } = SchemaFile::read(document, list);
        self.of_texts.extend(problems.into_iter().map(|problem| (document.file(), problem)));
        Known::Known(Spanned::new(columns, document.span(list)))
    }
}

fn known_columns(columns: Option<Vec<Column>>, reference: Span) -> Known<Vec<Column>> {
    match columns {
        Some(columns) => Known::Known(Spanned::new(columns, reference)),
        None => Known::Unknown(Why::new("the schema file is not valid JSON", Some(reference))),
    }
}
