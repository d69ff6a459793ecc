//! From files to the model of one revision. Files are parsed on all cores; what depends on other files is linked after.

use super::columns::is_field_list;
use super::discover::{FileKind, kind_of};
use super::feed::{Feed, FeedId, Lookup, is_feed_document};
use super::link;
use super::query::{self, ModelCatalog, Query, QueryId, SqlProblems, SqlText};
use super::schema::{JsonSchema, Target, says_draft};
use super::statistics::{self, StatisticsFile};
use super::table::{Table, TableSchemas, read_terraform_tables};
use super::terraform::Terraform;
use super::{Counts, FileProblem, FileProblemKind, Model, Skipped, bucket, feed};
use crate::config::{Config, PathKind};
use crate::syntax::{Document, NodeId, Parsed, Problem, ProblemKind, hcl, json, yaml};
use crate::text::{FileId, Files, RepoPath, Side, SourceFile, Span, nearest};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What a file gave, before anything is linked.
enum Loaded {
    Tree(FileKind, Parsed),
    Sql(SqlText),
    Statistics(StatisticsFile),
}

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
    let Input { files, side, config, .. } = *input;
    let mut model = Model::default();
    let own: Vec<(FileId, &SourceFile)> = files.iter().filter(|(_, file)| file.side == side).collect();
    let loaded: Vec<(FileId, Loaded)> = own.par_iter().filter_map(|(id, file)| Some((*id, load(*id, file, config)?))).collect();
    model.counts = Counts { files: loaded.len(), bytes: loaded.iter().map(|(id, _)| files.get(*id).text.len() as u64).sum() };
    let sources = sort_out(loaded, &mut model);
    read_feeds(input, &sources, &mut model);
    load_references(files, &mut model);
    let mut tables = read_tables(files, side, config, &sources, &mut model);
    tables.extend(sources.statistics);
    tables.extend(sources.sql.iter().flat_map(|(id, text)| query::tables_of(text, sql_of(files, *id))));
    link::merge_tables(tables, &mut model);
    fill_created(files, config, &sources.sql, &mut model);
    read_schemas(files, config, &mut model);
    read_queries(files, config, sources.sql, &mut model);
    link::link_feeds(&mut model);
    keep_own_problems(files, config, &mut model);
    model
}

fn load(id: FileId, file: &SourceFile, config: &Config) -> Option<Loaded> {
    let kind = kind_of(&file.path, &file.text, config)?;
    Some(match kind {
        FileKind::Feed => Loaded::Tree(kind, yaml::parse(id, &file.text)),
        FileKind::Json => Loaded::Tree(kind, json::parse(id, &file.text)),
        FileKind::Terraform => Loaded::Tree(kind, hcl::parse(id, &file.text)),
        FileKind::Variables if file.path.has_extension("tfvars") => Loaded::Tree(kind, hcl::parse(id, &file.text)),
        FileKind::TerraformJson | FileKind::Variables => Loaded::Tree(kind, hcl::parse_json(id, &file.text)),
        FileKind::Sql => Loaded::Sql(query::read_file(id, &file.text)),
        FileKind::Statistics => Loaded::Statistics(statistics::read(id, &file.text)),
        FileKind::Config | FileKind::Samples => return None,
    })
}

/// What was loaded, by what becomes of it.
#[derive(Default)]
struct Sources {
    feeds: Vec<FileId>,
    terraform: Vec<FileId>,
    sql: Vec<(FileId, SqlText)>,
    statistics: Vec<Table>,
}

fn sort_out(loaded: Vec<(FileId, Loaded)>, model: &mut Model) -> Sources {
    let mut sources = Sources::default();
    for (id, loaded) in loaded {
        match loaded {
            Loaded::Sql(text) => sources.sql.push((id, text)),
            Loaded::Statistics(read) => {
                sources.statistics.extend(read.tables);
                let problems = read.problems.into_iter();
                model.problems.extend(problems.map(|(kind, problem)| FileProblem { file: id, kind, problem }));
            }
            Loaded::Tree(kind, parsed) => {
                let reader = match kind {
                    FileKind::Feed => FileProblemKind::Yaml,
                    FileKind::Terraform | FileKind::TerraformJson | FileKind::Variables => FileProblemKind::Hcl,
                    _ => FileProblemKind::Json,
                };
                add_document(id, parsed, reader, model);
                match kind {
                    FileKind::Feed => sources.feeds.push(id),
                    FileKind::Terraform | FileKind::TerraformJson => sources.terraform.push(id),
                    _ => {}
                }
            }
        }
    }
    sources
}

fn add_document(id: FileId, parsed: Parsed, kind: FileProblemKind, model: &mut Model) {
    let problems = parsed.problems.into_iter();
    model.problems.extend(problems.map(|problem| FileProblem { file: id, kind, problem }));
    model.documents.insert(id, parsed.document);
}

fn read_feeds(input: &Input<'_>, sources: &Sources, model: &mut Model) {
    let is_configured = input.config.paths.is_configured(PathKind::Feeds);
    let read = |id: &FileId| {
        let document = model.documents.get(id)?;
        let is_feed = |root: &NodeId| is_configured || is_feed_document(document, *root);
        let roots: Vec<NodeId> = document.roots.iter().copied().filter(is_feed).collect();
        let path = &input.files.get(*id).path;
        let content = feed::read_feeds(document, &roots, path, input.environment, &|path| lookup(input, path));
        Some((*id, !roots.is_empty(), content))
    };
    let read: Vec<_> = sources.feeds.par_iter().filter_map(read).collect();
    for (file, has_feeds, (feeds, problems)) in read {
        if !has_feeds && !is_configured {
            // Another tool's YAML with a key `feed`: what is wrong in it is not ours to say.
            forget(file, model);
        }
        let kind = FileProblemKind::FeedDefinition;
        model.problems.extend(problems.into_iter().map(|problem| FileProblem { file, kind, problem }));
        for feed in feeds {
            add_feed(file, feed, model);
        }
    }
}

/// Drops a file that turned out not to be ours. One that could not be read at all may have been: it stays.
fn forget(file: FileId, model: &mut Model) {
    let is_readable = model.documents.get(&file).is_some_and(|document| !document.roots.is_empty());
    if is_readable {
        model.documents.remove(&file);
        model.problems.retain(|problem| problem.file != file);
    }
}

/// What the repository has under a path that a feed names.
fn lookup(input: &Input<'_>, path: &RepoPath) -> Lookup {
    if let Some(file) = input.files.find(input.side, path) {
        return Lookup::File(file);
    }
    if let Some(why) = input.unread.get(path) {
        return Lookup::Unread { why: why.clone() };
    }
    let paths = input.files.iter().filter(|(_, file)| file.side == input.side).map(|(_, file)| file.path.as_str());
    Lookup::Missing { nearest: nearest(path.as_str(), paths).and_then(RepoPath::new) }
}

fn add_feed(file: FileId, feed: Feed, model: &mut Model) {
    let Some(first) = model.feeds.get(&feed.id) else {
        model.feeds.insert(feed.id.clone(), feed);
        return;
    };
    let problem = Problem {
        kind: ProblemKind::DuplicateKey,
        span: feed.name_span,
        message: format!("feed `{}` is defined twice", feed.id),
        help: Some("give one of the two another name, or remove it".to_owned()),
        related: Some((first.name_span, "first defined here".to_owned())),
    };
    model.problems.push(FileProblem { file, kind: FileProblemKind::DuplicateFeed, problem });
}

/// Parses the files that feeds name and that nothing else made us read.
fn load_references(files: &Files, model: &mut Model) {
    let named: BTreeSet<FileId> = model.feeds.values().flat_map(feed_files).collect();
    for id in named {
        if model.documents.contains_key(&id) {
            continue;
        }
        let file = files.get(id);
        if file.path.has_extension("json") {
            add_document(id, json::parse(id, &file.text), FileProblemKind::Json, model);
        } else if file.path.has_extension("yaml") || file.path.has_extension("yml") {
            add_document(id, yaml::parse(id, &file.text), FileProblemKind::Yaml, model);
        }
    }
}

/// The schema files that a feed names.
fn feed_files(feed: &Feed) -> Vec<FileId> {
    let references = [&feed.schema, &feed.table.schema];
    let targets = references.into_iter().filter_map(|reference| reference.value());
    targets
        .filter_map(|reference| match reference.target {
            Target::File(id, _) => Some(id),
            Target::Inline(_) | Target::Missing { .. } | Target::OutsideRoot | Target::Unread { .. } => None,
        })
        .collect()
}

fn read_tables(files: &Files, side: Side, config: &Config, sources: &Sources, model: &mut Model) -> Vec<Table> {
    let documents = sources.terraform.iter().filter_map(|id| model.documents.get(id));
    let terraform = Terraform::index(files, side, documents);
    let mut schemas = TableSchemas::new(files, &model.documents);
    let mut tables = read_terraform_tables(&terraform, &mut schemas);
    tables.extend(model.feeds.values().filter_map(|feed| link::table_of_feed(feed, &mut schemas)));
    // Schema files that nothing names are read for what is wrong in them.
    for (id, document) in &model.documents {
        let path = &files.get(*id).path;
        let is_schema = path.has_extension("json") && document.roots.first().is_some_and(|root| is_field_list(document, *root));
        if is_schema || config.paths.matches(PathKind::TableSchemas, path) {
            schemas.of_file(*id, Span::start_of(*id));
        }
    }
    let problems = std::mem::take(&mut schemas.problems);
    let (buckets, bodies) = (bucket::read_buckets(&terraform), terraform.body_files());
    model.buckets = buckets;
    model.sql_bodies = bodies;
    let kind = FileProblemKind::TableSchema;
    model.problems.extend(problems.into_iter().map(|(file, problem)| FileProblem { file, kind, problem }));
    tables
}

fn read_schemas(files: &Files, config: &Config, model: &mut Model) {
    let named: BTreeSet<FileId> = model.feeds.values().filter_map(schema_file).collect();
    let is_schema = |id: FileId, document: &Document| {
        let root = document.roots.first()?;
        let path = &files.get(id).path;
        let is_json = path.has_extension("json");
        let wanted =
            named.contains(&id) || is_json && (says_draft(document, *root) || config.paths.matches(PathKind::Schemas, path));
        wanted.then(|| (path.clone(), *root))
    };
    let documents: Vec<(&FileId, &Document)> = model.documents.iter().collect();
    let schemas: Vec<JsonSchema> = documents
        .par_iter()
        .filter_map(|(id, document)| {
            let (path, root) = is_schema(**id, document)?;
            Some(JsonSchema::read(path, document, root))
        })
        .collect();
    model.schemas = schemas.into_iter().map(|schema| (schema.path.clone(), schema)).collect();
    let inline: Vec<JsonSchema> = model.feeds.values().filter_map(|feed| inline_schema(feed, files, model)).collect();
    model.schemas.extend(inline.into_iter().map(|schema| (schema.path.clone(), schema)));
}

fn schema_file(feed: &Feed) -> Option<FileId> {
    match feed.schema.value()?.target {
        Target::File(id, _) => Some(id),
        Target::Inline(_) | Target::Missing { .. } | Target::OutsideRoot | Target::Unread { .. } => None,
    }
}

fn inline_schema(feed: &Feed, files: &Files, model: &Model) -> Option<JsonSchema> {
    let Target::Inline(root) = feed.schema.value()?.target else { return None };
    let document = model.documents.get(&feed.span.file)?;
    Some(JsonSchema::read(inline_schema_path(&feed.id, &files.get(feed.span.file).path), document, root))
}

/// The name under which a schema that stands in a feed file is kept.
pub fn inline_schema_path(feed: &FeedId, file: &RepoPath) -> RepoPath {
    RepoPath::new(&format!("{file}#{feed}")).expect("the path of a file with a suffix stays a path")
}

fn sql_of(files: &Files, id: FileId) -> &str {
    let text = &files.get(id).text;
    text.strip_prefix(crate::text::BOM).unwrap_or(text)
}

/// Gives tables that are made from a query the columns of the query. Once: those made from one another wait in vain.
fn fill_created(files: &Files, config: &Config, texts: &[(FileId, SqlText)], model: &mut Model) {
    let project = config.project.as_ref().map(|project| project.value.as_str());
    let catalog = ModelCatalog::new(&model.tables, project);
    let found: Vec<_> =
        texts.par_iter().flat_map_iter(|(id, text)| query::columns_of(text, sql_of(files, *id), &catalog)).collect();
    for (id, columns) in found {
        if let Some(table) = model.tables.get_mut(&id) {
            table.columns = columns;
        }
    }
}

fn read_queries(files: &Files, config: &Config, texts: Vec<(FileId, SqlText)>, model: &mut Model) {
    let project = config.project.as_ref().map(|project| project.value.as_str());
    for (_, text) in &texts {
        let (errors, not_analysed) = (text.script.errors.clone(), text.script.not_analysed.clone());
        if !errors.is_empty() || !not_analysed.is_empty() {
            model.sql_problems.push(SqlProblems { map: text.map.clone(), errors, not_analysed });
        }
    }
    let catalog = ModelCatalog::new(&model.tables, project);
    let resolved: Vec<Vec<Query>> = texts
        .into_par_iter()
        .map(|(id, text)| {
            let path = files.get(id).path.as_str();
            query::resolve_text(path, sql_of(files, id), text, model.sql_bodies.contains(&id), &catalog)
        })
        .collect();
    let queries: BTreeMap<QueryId, Query> = resolved.into_iter().flatten().map(|query| (query.id.clone(), query)).collect();
    model.queries = queries;
}

/// JSON that merely might have been a schema gives no finding unless it is one, or something names it.
fn keep_own_problems(files: &Files, config: &Config, model: &mut Model) {
    let mut named: BTreeSet<FileId> = model.feeds.values().flat_map(feed_files).collect();
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
