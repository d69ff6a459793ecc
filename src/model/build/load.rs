//! Reads each file by itself, on whatever core is free; what is the same in both revisions is read once.

use super::super::columns::is_field_list;
use super::super::dataform::{self, Action, Settings};
use super::super::discover::{FileKind, kind_of};
use super::super::embedded::{self, EmbeddedSql};
use super::super::lookml::{self, LookFile};
use super::super::schema::{JsonSchema, says_draft};
use super::super::statistics::{self, StatisticsFile};
use super::super::table::{SchemaFile, Table};
use super::super::table_folder;
use super::super::workflow::{self, Workflow};
use super::{Input, feeds};
use crate::config::{Config, PathKind};
use crate::syntax::{Parsed, Problem, hcl, json};
use crate::text::{FileId, SourceFile};
use rayon::prelude::*;

/// The files of a revision that are for us, in the order of their ids.
pub(super) type LoadedFiles = Vec<(FileId, Loaded)>;

/// Reads the files of a revision.
pub(super) fn all(input: &Input<'_>) -> LoadedFiles {
    let own: Vec<(FileId, &SourceFile)> = input.files.of(input.side).collect();
    own.par_iter().filter_map(|(id, file)| Some((*id, load(input, *id, file)?))).collect()
}

/// Reads the files of a revision of which another is read already.
pub(super) fn all_but(input: &Input<'_>, other: &Input<'_>, loaded: &LoadedFiles) -> LoadedFiles {
    let own: Vec<(FileId, &SourceFile)> = input.files.of(input.side).collect();
    let known = |id: &FileId| loaded.binary_search_by_key(id, |(id, _)| *id).ok().and_then(|at| loaded.get(at));
    let read = |(id, file): &(FileId, &SourceFile)| match known(id) {
        Some((_, loaded)) if loaded.is_same_in(input, other) => Some((*id, loaded.clone())),
        // What is not for us is so in both.
        None if file.sides.hold(other.side) => None,
        Some(_) | None => Some((*id, load(input, *id, file)?)),
    };
    own.par_iter().filter_map(read).collect()
}

/// What a file gave, before anything is linked.
#[derive(Clone)]
pub(super) enum Loaded {
    Feeds(feeds::FeedFile),
    Json(JsonFile),
    Terraform(Parsed),
    Variables(Parsed),
    Plan(Parsed),
    /// Parsed where its queries are resolved: the trees of all SQL at once would be most of the memory.
    Sql,
    Workflow(EmbeddedSql, Option<Box<Workflow>>),
    Statistics(StatisticsFile),
    Table(Option<Box<Table>>),
    Lookml(LookFile),
    Sqlx(Action),
    DataformSettings(Settings),
}

/// What a JSON file turned out to be, if it is one of ours.
#[derive(Clone, Default)]
pub(super) struct JsonFile {
    pub(super) schema: Option<JsonSchema>,
    pub(super) columns: Option<SchemaFile>,
    pub(super) workflow: Option<Box<Workflow>>,
    pub(super) problems: Vec<Problem>,
}

fn load(input: &Input<'_>, id: FileId, file: &SourceFile) -> Option<Loaded> {
    Some(match kind_of(&file.path, &file.text, input.config)? {
        FileKind::Feed => Loaded::Feeds(feeds::load(input, id, file)),
        FileKind::Json => {
            let workflow = workflow::of_file(id, file).map(Box::new);
            Loaded::Json(JsonFile { workflow, ..load_json(input.config, id, file) })
        }
        FileKind::Terraform => Loaded::Terraform(hcl::parse(id, &file.text)),
        FileKind::TerraformJson => Loaded::Terraform(hcl::parse_json(id, &file.text)),
        FileKind::Variables if file.path.has_extension("json") => Loaded::Variables(hcl::parse_json(id, &file.text)),
        FileKind::Variables => Loaded::Variables(hcl::parse(id, &file.text)),
        FileKind::Plan => Loaded::Plan(json::parse(id, &file.text)),
        FileKind::Sql => Loaded::Sql,
        FileKind::Sqlx => Loaded::Sqlx(dataform::read(id, file)),
        FileKind::DataformSettings => Loaded::DataformSettings(dataform::read_settings(id, file)),
        FileKind::Workflow => Loaded::Workflow(embedded::of_workflow(id, file), workflow::of_file(id, file).map(Box::new)),
        FileKind::TableFolder => Loaded::Table(table_folder::read(id, file).map(Box::new)),
        FileKind::Lookml => Loaded::Lookml(lookml::read(id, file)),
        FileKind::Dashboards => Loaded::Lookml(lookml::read_dashboards(id, file)),
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
        workflow: None,
        problems,
    }
}

impl Loaded {
    /// Whether a file that both revisions hold gives the same in both: feeds say what the files are that they name.
    fn is_same_in(&self, one: &Input<'_>, other: &Input<'_>) -> bool {
        match self {
            Loaded::Feeds(read) => read.is_same_in(one, other),
            Loaded::Json(_)
            | Loaded::Terraform(_)
            | Loaded::Variables(_)
            | Loaded::Plan(_)
            | Loaded::Sql
            | Loaded::Workflow(..)
            | Loaded::Lookml(_)
            | Loaded::Sqlx(_)
            | Loaded::DataformSettings(_)
            | Loaded::Table(_)
            | Loaded::Statistics(_) => true,
        }
    }
}
