//! From files to the model of one revision. Each file is read on whatever core is free and its tree dropped at once;
//! what depends on other files is linked after.

pub(super) mod feeds;

use super::columns::is_field_list;
use super::discover::{FileKind, kind_of};
use super::embedded::{self, EmbeddedSql};
use super::feed::Feed;
use super::link;
use super::query::{self, ModelCatalog, Query, SqlProblems, SqlText};
use super::schema::{JsonSchema, Target, elsewhere, says_draft};
use super::statistics::{self, StatisticsFile};
use super::table::{SchemaFile, Table, TableSchemas, read_terraform_tables};
use super::terraform::Terraform;
use super::{Counts, FileProblem, FileProblemKind, Model, NameIndex, Skipped, bucket, location, runs};
use crate::config::{Config, PathKind};
use crate::sql::Script;
use crate::syntax::{Document, Parsed, Problem, ProblemKind, hcl, json, yaml};
use crate::text::{FileId, Files, RepoPath, Side, SourceFile};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What a model is built from.
pub struct Input<'a> {
    pub files: &'a Files,
    pub side: Side,
    /// Files that are there but were not read, and why.
    pub unread: &'a BTreeMap<RepoPath, String>,
    pub config: &'a Config,
    /// Overrides of this environment hold.
    pub environment: Option<&'a str>,
}

/// Builds the model of one side.
pub fn build(input: &Input<'_>) -> Model {
    let Input { files, side, .. } = *input;
    let mut model = Model::default();
    let own: Vec<(FileId, &SourceFile)> = files.of(side).collect();
    let loaded: Vec<(FileId, Loaded)> = own.par_iter().filter_map(|(id, file)| Some((*id, load(input, *id, file)?))).collect();
    model.counts = Counts { files: loaded.len(), bytes: loaded.iter().map(|(id, _)| files.get(*id).text.len() as u64).sum() };
    let mut sources = sort_out(loaded, &mut model);
    let documents = std::mem::take(&mut sources.terraform);
    let of_variables = std::mem::take(&mut sources.variables);
    let terraform = Terraform::read(files, side, &documents, &of_variables, input.environment);
    model.skipped.extend(terraform.skipped());
    feeds::add_terraform(input, &terraform, &mut model);
    let sql = sql_texts(files, &terraform, &mut sources, &mut model);
    read_definitions(input, &sql, &terraform, sources, &mut model);
    drop(documents);
    read_named_schemas(input, &mut model);
    elsewhere::complete(files, side, &mut model.schemas);
    read_queries(input, sql, &mut model);
    link::link_feeds(files, &mut model);
    runs::of_deliveries(&mut model);
    model.names = NameIndex::new(model.feeds.values(), &environments(input));
    keep_own_problems(input, &mut model);
    model
}

/// The environments that a token `{env}` may stand for: the one that is asked about, or all.
fn environments(input: &Input<'_>) -> Vec<String> {
    match input.environment {
        Some(environment) => vec![environment.to_owned()],
        None => input.config.environments.keys().cloned().collect(),
    }
}

/// What a file gave, before anything is linked.
enum Loaded {
    Feeds(feeds::FeedFile),
    Json(JsonFile),
    Terraform(Parsed),
    Variables(Parsed),
    /// Parsed where its queries are resolved: the trees of all SQL at once would be most of the memory.
    Sql,
    Workflow(EmbeddedSql),
    Statistics(StatisticsFile),
}

/// What a JSON file turned out to be, if it is one of ours.
#[derive(Default)]
struct JsonFile {
    schema: Option<JsonSchema>,
    columns: Option<SchemaFile>,
    problems: Vec<Problem>,
}

fn load(input: &Input<'_>, id: FileId, file: &SourceFile) -> Option<Loaded> {
    Some(match kind_of(&file.path, &file.text, input.config)? {
        FileKind::Feed => Loaded::Feeds(feeds::load(input, id, file)),
        FileKind::Json => Loaded::Json(load_json(input.config, id, file)),
        FileKind::Terraform => Loaded::Terraform(hcl::parse(id, &file.text)),
        FileKind::TerraformJson => Loaded::Terraform(hcl::parse_json(id, &file.text)),
        FileKind::Variables if file.path.has_extension("tfvars") => Loaded::Variables(hcl::parse(id, &file.text)),
        FileKind::Variables => Loaded::Variables(hcl::parse_json(id, &file.text)),
        FileKind::Sql => Loaded::Sql,
        FileKind::Workflow => Loaded::Workflow(embedded::of_workflow(id, file)),
        FileKind::Statistics => Loaded::Statistics(statistics::read(id, &file.text)),
        FileKind::Config | FileKind::Samples => return None,
    })
}

fn load_json(config: &Config, id: FileId, file: &SourceFile) -> JsonFile {
    let Parsed { document, problems } = json::parse(id, &file.text);
    let Some(root) = document.roots.first().copied() else { return JsonFile { problems, ..JsonFile::default() } };
    let is_schema = says_draft(&document, root) || config.paths.matches(PathKind::Schemas, &file.path);
    let is_table = is_field_list(&document, root) || config.paths.matches(PathKind::TableSchemas, &file.path);
    JsonFile {
        schema: is_schema.then(|| JsonSchema::read(file.path.clone(), &document, root)),
        columns: is_table.then(|| SchemaFile::read(&document, root)),
        problems,
    }
}

/// What was loaded, by what becomes of it.
#[derive(Default)]
struct Sources {
    terraform: Vec<Document>,
    /// Files that set variables of Terraform.
    variables: Vec<Document>,
    columns: BTreeMap<FileId, SchemaFile>,
    sql: Vec<FileId>,
    workflows: Vec<EmbeddedSql>,
    /// What statistics and SQL define.
    tables: Vec<Table>,
}

fn sort_out(loaded: Vec<(FileId, Loaded)>, model: &mut Model) -> Sources {
    let mut sources = Sources::default();
    for (id, loaded) in loaded {
        match loaded {
            Loaded::Sql => sources.sql.push(id),
            Loaded::Workflow(found) => sources.workflows.push(found),
            Loaded::Variables(parsed) => {
                add_problems(id, FileProblemKind::Hcl, parsed.problems, model);
                sources.variables.push(parsed.document);
            }
            Loaded::Terraform(parsed) => {
                add_problems(id, FileProblemKind::Hcl, parsed.problems, model);
                sources.terraform.push(parsed.document);
            }
            Loaded::Statistics(read) => {
                sources.tables.extend(read.tables);
                let problems = read.problems.into_iter();
                model.problems.extend(problems.map(|(kind, problem)| FileProblem { file: id, kind, problem }));
            }
            Loaded::Json(read) => {
                add_problems(id, FileProblemKind::Json, read.problems, model);
                model.schemas.extend(read.schema.map(|schema| (schema.path.clone(), schema)));
                sources.columns.extend(read.columns.map(|columns| (id, columns)));
            }
            Loaded::Feeds(read) => sources.tables.extend(feeds::add(id, read, model)),
        }
    }
    sources
}

fn add_problems(file: FileId, kind: FileProblemKind, problems: Vec<Problem>, model: &mut Model) {
    model.problems.extend(problems.into_iter().map(|problem| FileProblem { file, kind, problem }));
}

/// The files that feeds name as schemas of their records.
fn schema_files(model: &Model) -> BTreeSet<FileId> {
    model.feeds.values().filter_map(|feed| file_of(&feed.schema.value()?.target)).collect()
}

/// The files that feeds name as schemas of their tables.
fn table_schema_files(model: &Model) -> BTreeSet<FileId> {
    model.feeds.values().filter_map(|feed| file_of(&feed.table.schema.value()?.target)).collect()
}

fn file_of(target: &Target) -> Option<FileId> {
    match target {
        Target::File(id, _) => Some(*id),
        Target::Inline(_) | Target::Missing { .. } | Target::OutsideRoot | Target::Unread { .. } => None,
    }
}

/// Every text of SQL, wherever it stands.
fn sql_texts(files: &Files, terraform: &Terraform<'_>, sources: &mut Sources, model: &mut Model) -> Vec<SqlText> {
    let EmbeddedSql { mut texts, files: named, skipped } = embedded::of_terraform(terraform);
    model.skipped.extend(skipped);
    for id in std::mem::take(&mut sources.sql) {
        let text = SqlText::of_file(id, files.get(id));
        texts.push(match named.get(&id) {
            Some(purpose) => purpose.of(text),
            None => text,
        });
    }
    let started = runs::of_workflows(terraform);
    for workflow in std::mem::take(&mut sources.workflows) {
        texts.extend(workflow.texts.into_iter().map(|text| match started.get(&text.map.file()) {
            Some(occasion) => SqlText { occasion: occasion.clone(), ..text },
            None => text,
        }));
        model.skipped.extend(workflow.skipped);
    }
    texts
}

fn read_tables(input: &Input<'_>, terraform: &Terraform<'_>, sources: Sources, model: &mut Model) {
    let mut schemas = TableSchemas::new(input.files, sources.columns);
    let mut tables = read_terraform_tables(terraform, &mut schemas);
    tables.extend(link::tables_of_feeds(model, &mut schemas));
    tables.extend(sources.tables);
    model.buckets = bucket::read_buckets(terraform);
    model.locations = location::read_locations(terraform);
    let kind = FileProblemKind::TableSchema;
    model.problems.extend(schemas.problems().map(|(file, problem)| FileProblem { file, kind, problem }));
    let of_readers = schemas.of_readers.into_iter();
    model.problems.extend(of_readers.map(|(file, problem)| FileProblem { file, kind: FileProblemKind::Json, problem }));
    link::merge_tables(tables, model);
}

/// Reads the schemas that feeds name and that do not say themselves that they are schemas.
fn read_named_schemas(input: &Input<'_>, model: &mut Model) {
    let named: Vec<FileId> = schema_files(model).into_iter().collect();
    let missing = named.into_iter().filter(|id| !model.schemas.contains_key(&input.files.get(*id).path));
    for id in missing.collect::<Vec<_>>() {
        let file = input.files.get(id);
        let is_yaml = file.path.has_extension("yaml") || file.path.has_extension("yml");
        let parsed = if is_yaml { yaml::parse(id, &file.text) } else { json::parse(id, &file.text) };
        if let Some(root) = parsed.document.roots.first() {
            let schema = JsonSchema::read(file.path.clone(), &parsed.document, *root);
            model.schemas.insert(file.path.clone(), schema);
        }
        let is_new = !model.problems.iter().any(|problem| problem.file == id);
        if is_new {
            add_problems(id, if is_yaml { FileProblemKind::Yaml } else { FileProblemKind::Json }, parsed.problems, model);
        }
    }
}

/// Reads what Terraform, feeds, statistics and SQL define, and gives tables that are made from a query its columns.
fn read_definitions(input: &Input<'_>, sql: &[SqlText], terraform: &Terraform<'_>, mut sources: Sources, model: &mut Model) {
    let defining: Vec<(&SqlText, Script)> = sql.par_iter().filter_map(|text| Some((text, defining_script(text)?))).collect();
    sources.tables.extend(defining.iter().flat_map(|(text, script)| query::tables_of(text, script)));
    model.routines.extend(sql.iter().filter_map(SqlText::routine));
    model.routines.extend(defining.iter().flat_map(|(text, script)| query::routines_of(text, script)));
    read_tables(input, terraform, sources, model);
    let project = input.config.project.as_ref().map(|project| project.value.as_str());
    let catalog = ModelCatalog::new(model, project);
    // Once: tables that are made from one another wait in vain.
    let found: Vec<_> = defining.par_iter().flat_map_iter(|(text, script)| query::columns_of(text, script, &catalog)).collect();
    for (id, columns) in found {
        if let Some(table) = model.tables.get_mut(&id) {
            table.columns = columns;
        }
    }
}

/// The statements of a text that may define a table or change one.
fn defining_script(text: &SqlText) -> Option<Script> {
    let has = |wanted: &[u8]| text.text.as_bytes().windows(wanted.len()).any(|word| word.eq_ignore_ascii_case(wanted));
    (has(b"create") || has(b"alter")).then(|| text.parse())
}

/// What one text of SQL holds.
struct ReadSql {
    queries: Vec<Query>,
    problems: Option<SqlProblems>,
    /// What is wrong with what is said of its runs.
    of_runs: Vec<FileProblem>,
}

fn read_queries(input: &Input<'_>, sql: Vec<SqlText>, model: &mut Model) {
    let project = input.config.project.as_ref().map(|project| project.value.as_str());
    let catalog = ModelCatalog::new(model, project);
    let read = |text: SqlText| {
        let script = text.parse();
        let (errors, not_analysed) = (script.errors.clone(), script.not_analysed.clone());
        let is_whole = errors.is_empty() && not_analysed.is_empty();
        let problems = (!is_whole).then(|| SqlProblems { map: text.map.clone(), errors, not_analysed });
        let (runs, of_runs) = runs::of_text(&text, input.files, input.config);
        ReadSql { queries: query::resolve_text(&text, script, &runs, &catalog), problems, of_runs }
    };
    let read: Vec<ReadSql> = sql.into_par_iter().map(read).collect();
    for text in read {
        model.sql_problems.extend(text.problems);
        model.problems.extend(text.of_runs);
        model.queries.extend(text.queries.into_iter().map(|query| (query.id.clone(), query)));
    }
}

/// JSON that merely might have been a schema gives no finding unless it is one, or something names it.
fn keep_own_problems(input: &Input<'_>, model: &mut Model) {
    let Input { files, config, .. } = *input;
    let mut named = schema_files(model);
    named.extend(table_schema_files(model));
    named.extend(model.schemas.values().map(|schema| schema.file));
    let problems = std::mem::take(&mut model.problems);
    let samples: BTreeSet<&RepoPath> = model.feeds.values().flat_map(feed_samples).collect();
    let (ours, problems): (Vec<_>, Vec<_>) = problems.into_iter().partition(is_our_limit);
    model.skipped.extend(ours.into_iter().map(|problem| skip(files, &problem, &problem.problem.message)));
    let (kept, dropped): (Vec<_>, Vec<_>) = problems.into_iter().partition(|problem| {
        let path = &files.get(problem.file).path;
        problem.kind != FileProblemKind::Json
            || named.contains(&problem.file)
            || config.paths.matches(PathKind::Schemas, path)
            || config.paths.matches(PathKind::TableSchemas, path)
            || config.paths.matches(PathKind::Statistics, path)
            || path.as_str() == statistics::FILE_NAME
            || path.name().ends_with(".schema.json")
    });
    model.problems = kept;
    let dropped = dropped.into_iter().filter(|problem| !samples.contains(&files.get(problem.file).path));
    let why = "not valid JSON, and nothing names it as a schema";
    let mut skipped: Vec<Skipped> = dropped.map(|problem| skip(files, &problem, why)).collect();
    skipped.dedup_by(|a, b| a.subject == b.subject);
    model.skipped.extend(skipped);
}

/// Samples hold one record a line, whatever their name ends in.
fn feed_samples(feed: &Feed) -> impl Iterator<Item = &RepoPath> {
    feed.file.samples.iter().filter_map(|reference| match &reference.value.target {
        Target::File(_, path) => Some(path),
        Target::Inline(_) | Target::Missing { .. } | Target::OutsideRoot | Target::Unread { .. } => None,
    })
}

fn is_our_limit(problem: &FileProblem) -> bool {
    problem.problem.kind == ProblemKind::NotAnalysed
}

fn skip(files: &Files, problem: &FileProblem, why: &str) -> Skipped {
    Skipped {
        what: "file".to_owned(),
        subject: files.get(problem.file).path.to_string(),
        why: why.to_owned(),
        span: Some(problem.problem.span),
    }
}
