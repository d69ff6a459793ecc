//! From files to the model of one revision. Each file is read on whatever core is free and its tree dropped at once;
//! what depends on other files is linked after.

pub(super) mod feeds;
mod load;
mod made;
mod sql;

use super::dataform::{Action, Settings};
use super::embedded::EmbeddedSql;
use super::feed::Feed;
use super::link;
use super::lookml::LookFile;
use super::naming::NamePattern;
use super::query::{self, ModelCatalog, Query, SqlText};
use super::schema::{JsonSchema, Target, elsewhere};
use super::table::{SchemaFile, Table, TableSchemas, read_terraform_tables};
use super::terraform::{Templates, Terraform};
use super::trigger;
use super::{
    Counts, FeedId, FileProblem, FileProblemKind, Known, Model, NameIndex, Skipped, Workflow, allowance, bucket, dataset,
    deployment, environment, governance, legacy, role, runs, scheduled, statistics, workflow,
};
use crate::config::{Config, PathKind};
use crate::syntax::{Document, Problem, ProblemKind, json, yaml};
use crate::text::{FileId, Files, RepoPath, Side};
use load::{Loaded, LoadedFiles};
use sql::{Asked, Defines, MadeColumns, ReadSql, Twin};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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
    let mut draft = Draft::of(input, load::all(input), None);
    let columns = draft.columns(&draft.catalog(input), None);
    draft.fill_in(columns);
    let queries = draft.queries(&draft.catalog(input), None);
    draft.finish(input, queries, None)
}

/// Builds the models of base and head. What is the same in both is worked out once: a file, what a text of SQL defines,
/// and what it reads, as long as the tables that it asks for are the same too.
pub fn build_both(base_input: &Input<'_>, head_input: &Input<'_>) -> (Model, Model) {
    let files = load::all(head_input);
    let files_of_base = load::all_but(base_input, head_input, &files);
    let mut head = Draft::of(head_input, files, None);
    let mut base = Draft::of(base_input, files_of_base, Some(&head));
    let twins = sql::twins(&base.sql, &head.sql);
    let catalog = head.catalog(head_input);
    let columns = head.columns(&catalog, None);
    let columns_of_base =
        base.columns(&base.catalog(base_input), Some(Twin { twins: &twins, catalog: &catalog, results: &columns }));
    head.fill_in(columns);
    base.fill_in(columns_of_base);
    let catalog = head.catalog(head_input);
    let queries = head.queries(&catalog, None);
    let twin = Twin { twins: &twins, catalog: &catalog, results: &queries };
    let queries_of_base = base.queries(&base.catalog(base_input), Some(twin));
    let head = head.finish(head_input, queries, None);
    (base.finish(base_input, queries_of_base, Some(&head)), head)
}

/// A model of which the SQL is still to be read.
struct Draft {
    model: Model,
    sql: Vec<SqlText>,
    /// What each text defines.
    defines: Vec<Defines>,
}

impl Draft {
    /// Everything that does not ask what a query reads. `other` is the draft of another revision.
    fn of(input: &Input<'_>, loaded: LoadedFiles, other: Option<&Draft>) -> Draft {
        let Input { files, side, .. } = *input;
        let mut model = Model::default();
        let bytes = loaded.iter().map(|(id, _)| files.get(*id).text.len() as u64).sum();
        model.counts = Counts { files: loaded.len(), bytes };
        let mut sources = sort_out(loaded, &mut model);
        let documents = std::mem::take(&mut sources.terraform);
        let of_variables = std::mem::take(&mut sources.variables);
        let plans = std::mem::take(&mut sources.plans);
        let templates = Templates::of(files, side);
        let terraform = Terraform::read(&templates, &documents, &of_variables, &plans, input.environment, production(input));
        model.skipped.extend(terraform.skipped());
        model.moves = terraform.moves();
        model.deployed = deployment::read_deployed(&terraform);
        model.drifts = environment::read_drifts(&terraform, files, side, input.config);
        model.triggers = trigger::read_triggers(&terraform);
        model.listeners = trigger::read_listeners(&terraform);
        feeds::add_terraform(input, &terraform, std::mem::take(&mut sources.others), &mut model);
        feeds::take_holidays(&input.config.holidays, &mut model);
        let found = workflow::read_workflows(&terraform, std::mem::take(&mut sources.flows));
        model.skipped.extend(found.skipped);
        model.workflows = found.workflows;
        model.scheduled = scheduled::read_scheduled(&terraform);
        let sql = sql::texts(files, &terraform, &mut sources, &mut model);
        let defines = sql::definitions(&sql, other.map(|other| (&*other.sql, &*other.defines)));
        sources.tables.extend(defines.iter().flat_map(|defines| defines.tables.iter().cloned()));
        model.routines.extend(sql.iter().filter_map(SqlText::routine));
        model.routines.extend(defines.iter().flat_map(|defines| defines.routines.iter().cloned()));
        read_tables(input, &terraform, sources, &mut model);
        drop(documents);
        read_named_schemas(input, &mut model);
        elsewhere::complete(files, side, &mut model.schemas);
        Draft { model, sql, defines }
    }

    fn catalog<'a>(&'a self, input: &Input<'a>) -> ModelCatalog<'a> {
        ModelCatalog::new(&self.model, input.config.project.as_ref().map(|project| project.value.as_str()))
    }

    /// The columns of tables that are made from a query. Once: tables that are made from one another wait in vain.
    fn columns(&self, catalog: &ModelCatalog<'_>, twin: Option<Twin<'_, MadeColumns>>) -> Vec<Asked<MadeColumns>> {
        sql::work_out(self.sql.len(), catalog, twin, |index, asked| {
            let both = self.sql.get(index).zip(self.defines.get(index));
            both.map(|(text, defines)| defines.columns(text, catalog, asked)).unwrap_or_default()
        })
    }

    fn fill_in(&mut self, columns: Vec<Asked<MadeColumns>>) {
        for (id, columns) in columns.into_iter().flat_map(|found| found.value) {
            if let Some(table) = self.model.tables.get_mut(&id).filter(|table| query::is_made_at(table, columns.span())) {
                table.columns = columns;
            }
        }
        // The trees of all definitions are most of the memory.
        self.defines.clear();
    }

    fn queries(&self, catalog: &ModelCatalog<'_>, twin: Option<Twin<'_, ReadSql>>) -> Vec<Asked<ReadSql>> {
        sql::work_out(self.sql.len(), catalog, twin, |index, asked| {
            self.sql.get(index).map(|text| ReadSql::of(text, asked)).unwrap_or_default()
        })
    }

    /// `other` is the model of another revision in the same environments.
    fn finish(self, input: &Input<'_>, queries: Vec<Asked<ReadSql>>, other: Option<&Model>) -> Model {
        let mut model = self.model;
        for (text, Asked { value: read, .. }) in self.sql.iter().zip(queries) {
            // A text that is the same in both revisions may be said to run more often in one.
            let (runs, of_runs) = runs::of_text(text, input.files, input.config);
            model.problems.extend(of_runs);
            model.sql_problems.extend(read.problems);
            model.skipped.extend(read.queries.iter().filter_map(query::not_judged));
            let with_runs = |query: Query| (query.id.clone(), Query { runs: runs.clone(), ..query });
            model.queries.extend(read.queries.into_iter().map(with_runs));
        }
        link::link_feeds(input.files, &mut model);
        trigger::link_triggers(&mut model);
        workflow::link_workflows(&mut model);
        model.routes = workflow::routes(&model);
        runs::of_deliveries(&mut model);
        model.names = match other.filter(|other| are_named_alike(&model, other)) {
            Some(other) => other.names.clone(),
            None => Arc::new(NameIndex::new(model.feeds.values(), &environments(input))),
        };
        keep_own_problems(input, &mut model);
        model
    }
}

/// Whether the files of all feeds have the same names in both.
fn are_named_alike(one: &Model, other: &Model) -> bool {
    one.feeds.values().map(names_of).eq(other.feeds.values().map(names_of))
}

/// What the names of a feed's files follow from.
fn names_of(feed: &Feed) -> (&FeedId, &Known<NamePattern>, [&Known<String>; 2]) {
    (&feed.id, &feed.file.name, [&feed.file.prefix, &feed.file.bucket])
}

/// The environments that a token `{env}` may stand for: the one that is asked about, or all.
fn environments(input: &Input<'_>) -> Vec<String> {
    match input.environment {
        Some(environment) => vec![environment.to_owned()],
        None => input.config.environments.keys().cloned().collect(),
    }
}

/// What the configuration calls its production.
fn production<'a>(input: &Input<'a>) -> Option<&'a str> {
    let mut names = input.config.environments.keys();
    names.find(|name| environment::named_in(name) == Some("prod")).map(String::as_str)
}

/// What was loaded, by what becomes of it.
#[derive(Default)]
pub(in crate::model) struct Sources {
    terraform: Vec<Document>,
    /// Files that set variables of Terraform.
    variables: Vec<Document>,
    /// Plans of Terraform.
    plans: Vec<Document>,
    columns: BTreeMap<FileId, SchemaFile>,
    sql: Vec<FileId>,
    workflows: Vec<EmbeddedSql>,
    /// Files with the shape of a workflow.
    flows: Vec<Workflow>,
    lookml: Vec<LookFile>,
    dataform: (Vec<Action>, Vec<Settings>),
    /// What contracts say of feeds that they do not define.
    others: Vec<feeds::Other>,
    /// What statistics and SQL define.
    tables: Vec<Table>,
}

fn sort_out(loaded: Vec<(FileId, Loaded)>, model: &mut Model) -> Sources {
    let mut sources = Sources::default();
    for (id, loaded) in loaded {
        match loaded {
            Loaded::Sql => sources.sql.push(id),
            Loaded::Lookml(read) => sources.lookml.push(read),
            Loaded::Sqlx(read) => sources.dataform.0.push(read),
            Loaded::DataformSettings(read) => sources.dataform.1.push(read),
            Loaded::Table(read) => sources.tables.extend(read.map(|table| *table)),
            Loaded::Workflow(found, workflow) => {
                sources.workflows.push(found);
                sources.flows.extend(workflow.map(|workflow| *workflow));
            }
            Loaded::Variables(parsed) => {
                add_problems(id, FileProblemKind::Hcl, parsed.problems, model);
                sources.variables.push(parsed.document);
            }
            Loaded::Plan(parsed) => {
                add_problems(id, FileProblemKind::Json, parsed.problems, model);
                sources.plans.push(parsed.document);
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
                sources.flows.extend(read.workflow.map(|workflow| *workflow));
            }
            Loaded::Feeds(read) => {
                let (tables, others) = feeds::add(id, read, model);
                sources.tables.extend(tables);
                sources.others.extend(others);
            }
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

fn read_tables(input: &Input<'_>, terraform: &Terraform<'_>, sources: Sources, model: &mut Model) {
    let mut schemas = TableSchemas::new(input.files, sources.columns);
    let mut tables = read_terraform_tables(terraform, &mut schemas);
    tables.extend(link::tables_of_feeds(model, &mut schemas));
    tables.extend(sources.tables);
    model.buckets = bucket::read_buckets(terraform);
    model.topics = trigger::read_topics(terraform);
    model.roles = role::Roles::read(terraform);
    model.hard_coded = environment::read_hard_coded(terraform, input.files, input.side);
    model.hard_coded.extend(workflow::read_hard_coded(&model.workflows, input.files, input.side));
    model.runners = trigger::read_runners(terraform);
    model.datasets = dataset::read_datasets(terraform);
    model.legacy = legacy::read_legacy(terraform, input.files);
    model.old_filters = legacy::read_old_filters(terraform);
    model.has_reservations = terraform.resources("google_bigquery_reservation_assignment").next().is_some();
    model.allowances = allowance::read_quotas(terraform);
    model.misnamed_limits = allowance::misnamed_limits(terraform);
    model.misspelled_ids = allowance::misspelled_ids(terraform);
    model.hidden_quota = allowance::hidden_quota(terraform);
    model.thresholds = allowance::read_thresholds(terraform);
    model.amounts = allowance::read_amounts(terraform);
    model.labelled = governance::read_labelled(terraform);
    model.public_grants = governance::read_public(terraform, &model.buckets);
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
