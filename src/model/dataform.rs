//! Files of Dataform: each defines a table, a view, a check or a run of statements, and its query names others by `${ref(…)}`.
//! They are read as the SQL that Dataform makes of them, each place in it leading back into the file.

mod write;

use super::query::SqlText;
use super::{Known, Model, SqlProblems, Why, ddl};
use crate::sql::{SqlError, TablePath};
use crate::syntax::sqlx::{self, Call, SPREAD, Sqlx};
use crate::syntax::{Document, NodeId, Value, json, yaml};
use crate::text::{FileId, RepoPath, SourceFile, Span, SpanMap, Spanned};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The files that say what holds for all of the folder they lie in, the newer one first.
const SETTINGS: [&str; 2] = ["workflow_settings.yaml", "dataform.json"];

/// What holds for all files of one folder.
#[derive(Debug, Clone)]
pub struct Settings {
    /// With a slash at its end, where it is not the root.
    folder: String,
    /// By the place among [`SETTINGS`].
    rank: usize,
    project: Option<String>,
    dataset: Option<String>,
    /// Names get something added to them, which stands elsewhere as often as not.
    renames: bool,
    is_bigquery: bool,
}

/// One file, before the names of others are put in.
#[derive(Debug, Clone)]
pub struct Action {
    path: RepoPath,
    sqlx: Sqlx,
    kind: ActionKind,
    /// `None` where it is computed.
    name: Option<String>,
    dataset: Known<String>,
    project: Known<String>,
}

/// What a file is for: its `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ActionKind {
    Table,
    View,
    MaterializedView,
    /// A query whose rows are mistakes.
    Assertion,
    /// Statements that may make a table.
    Operations,
    /// The name of a table that is made elsewhere.
    Declaration,
    /// What is not read: tests, notebooks, a type that is computed.
    Other,
}

/// What a name of Dataform stands for.
struct Target {
    /// As the file writes it.
    dataset: Option<String>,
    path: Option<TablePath>,
}

/// The names of one folder of Dataform.
struct Project<'a> {
    settings: Option<&'a Settings>,
    targets: BTreeMap<&'a str, Vec<Target>>,
}

/// Whether a file holds the settings of a folder.
pub fn is_settings(path: &RepoPath) -> bool {
    SETTINGS.contains(&path.name())
}

/// Reads the settings of a folder.
pub fn read_settings(id: FileId, file: &SourceFile) -> Settings {
    let is_json = file.path.has_extension("json");
    let parsed = if is_json { json::parse(id, &file.text) } else { yaml::parse(id, &file.text) };
    let document = &parsed.document;
    let text = |keys: &[&str]| {
        let mut found = document.roots.iter().flat_map(|root| keys.iter().filter_map(|key| document.get(*root, key)));
        found.find_map(|node| document.str(node)).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    Settings {
        folder: file.path.as_str().strip_suffix(file.path.name()).unwrap_or_default().to_owned(),
        rank: SETTINGS.iter().position(|name| *name == file.path.name()).unwrap_or_default(),
        project: text(&["defaultProject", "defaultDatabase"]),
        dataset: text(&["defaultDataset", "defaultSchema"]),
        renames: text(&["datasetSuffix", "schemaSuffix", "namePrefix", "tablePrefix", "projectSuffix", "databaseSuffix"])
            .is_some(),
        is_bigquery: text(&["warehouse"]).is_none_or(|warehouse| warehouse == "bigquery"),
    }
}

/// Reads a file.
pub fn read(id: FileId, file: &SourceFile) -> Action {
    let sqlx = sqlx::parse(id, &file.text);
    let said = |keys| said(&sqlx, keys);
    let own = file.path.name().rsplit_once('.').map_or(file.path.name(), |(name, _)| name);
    let name = match said(&["name"]) {
        Known::Known(name) => Some(name.value),
        Known::Absent => Some(own.to_owned()),
        Known::Unknown(_) => None,
    };
    Action {
        path: file.path.clone(),
        kind: kind_of(&sqlx),
        name,
        dataset: said(&["schema", "dataset"]),
        project: said(&["database", "project"]),
        sqlx,
    }
}

/// A text of the settings, under the first of these keys; unknown where it is computed, or another object may say it.
fn said(sqlx: &Sqlx, keys: &[&str]) -> Known<String> {
    let Some(config) = sqlx.config else { return Known::Absent };
    let document = &sqlx.document;
    match keys.iter().chain([&SPREAD]).find_map(|key| document.get(config, key)) {
        None => Known::Absent,
        Some(node) => match document.str(node) {
            Some(text) => Known::Known(Spanned::new(text.to_owned(), document.span(node))),
            None => Known::Unknown(Why::new("it is computed", Some(document.span(node)))),
        },
    }
}

fn kind_of(sqlx: &Sqlx) -> ActionKind {
    let is_materialized = || {
        let value = sqlx.config.and_then(|config| sqlx.document.get(config, "materialized"));
        value.is_some_and(|node| sqlx.document.value(node) == Value::Bool(true))
    };
    match said(sqlx, &["type"]) {
        Known::Absent => ActionKind::Operations,
        Known::Unknown(_) => ActionKind::Other,
        Known::Known(kind) => match kind.value.as_str() {
            "table" | "incremental" => ActionKind::Table,
            "view" if is_materialized() => ActionKind::MaterializedView,
            "view" => ActionKind::View,
            "assertion" => ActionKind::Assertion,
            "operations" => ActionKind::Operations,
            "declaration" => ActionKind::Declaration,
            _ => ActionKind::Other,
        },
    }
}

/// The SQL of all files, with the names that they have for each other put in.
pub(super) fn texts(actions: &[Action], settings: &[Settings], model: &mut Model) -> Vec<SqlText> {
    let mut by_folder: BTreeMap<&str, (Option<&Settings>, Vec<&Action>)> = BTreeMap::new();
    for action in actions {
        let settings = settings_of(&action.path, settings);
        let folder = settings.map_or("", |settings| settings.folder.as_str());
        by_folder.entry(folder).or_insert((settings, Vec::new())).1.push(action);
    }
    model.sql_problems.extend(actions.iter().filter_map(problem));
    let mut texts = Vec::new();
    for (settings, actions) in by_folder.into_values() {
        let project = Project::new(settings, &actions);
        for action in actions {
            let id = project.path_of(action).and_then(|path| ddl::id_of(&path));
            model.descriptions.extend(id.map(|id| (id, action.descriptions())));
            texts.extend(write::text_of(action, &project));
        }
    }
    texts
}

/// The settings that lie in the nearest folder above.
fn settings_of<'a>(path: &RepoPath, settings: &'a [Settings]) -> Option<&'a Settings> {
    let above = settings.iter().filter(|settings| path.as_str().starts_with(&settings.folder));
    above.min_by_key(|settings| (std::cmp::Reverse(settings.folder.len()), settings.rank))
}

fn problem(action: &Action) -> Option<SqlProblems> {
    let range = action.sqlx.unclosed.clone()?;
    let source = action.sqlx.document.source();
    let map = Arc::new(SpanMap::verbatim(action.sqlx.document.file(), 0..source.len()));
    let opening = source.get(range.clone()).unwrap_or_default();
    let message = format!("this `{opening}` is never closed: `}}` is missing, so the file is not read");
    Some(SqlProblems { map, errors: vec![SqlError { range, message }], not_analysed: Vec::new(), legacy: Vec::new() })
}

impl<'a> Project<'a> {
    fn new(settings: Option<&'a Settings>, actions: &[&'a Action]) -> Project<'a> {
        let mut project = Project { settings, targets: BTreeMap::new() };
        for action in actions.iter().filter(|action| action.makes_a_name()) {
            let target = Target { dataset: action.dataset.value().cloned(), path: project.path_of(action) };
            if let Some(name) = &action.name {
                project.targets.entry(name).or_default().push(target);
            }
        }
        project
    }

    /// The table that a file defines, or would.
    fn path_of(&self, action: &Action) -> Option<TablePath> {
        if action.kind != ActionKind::Declaration && self.settings.is_some_and(|settings| settings.renames) {
            return None;
        }
        let or_default = |said: &Known<String>, default: fn(&Settings) -> &Option<String>| match said {
            Known::Known(said) => Ok(Some(said.value.clone())),
            Known::Absent => Ok(self.settings.and_then(|settings| default(settings).clone())),
            Known::Unknown(_) => Err(()),
        };
        let dataset = or_default(&action.dataset, |settings| &settings.dataset).ok()??;
        let project = or_default(&action.project, |settings| &settings.project).ok()?;
        Some(TablePath(project.into_iter().chain([dataset, action.name.clone()?]).collect()))
    }

    /// The table that `ref`, `resolve` or `self` stands for.
    fn table_of(&self, call: &Call, action: &Action) -> Option<TablePath> {
        match call.name.as_str() {
            "self" if call.arguments.is_empty() => self.path_of(action),
            "ref" | "resolve" => {
                let (dataset, name) = named_in(call)?;
                let named = self.targets.get(name.as_str())?.iter();
                let mut fits = named.filter(|target| dataset.is_none() || self.dataset_of(target) == dataset.as_deref());
                let first = fits.next()?;
                // Of several, the name alone says none.
                fits.next().is_none().then(|| first.path.clone()).flatten()
            }
            _ => None,
        }
    }

    fn dataset_of<'t>(&'t self, target: &'t Target) -> Option<&'t str> {
        target.dataset.as_deref().or_else(|| self.settings?.dataset.as_deref())
    }

    fn is_bigquery(&self) -> bool {
        self.settings.is_none_or(|settings| settings.is_bigquery)
    }
}

impl Action {
    /// The columns that its settings put into words.
    fn descriptions(&self) -> Known<BTreeSet<String>> {
        let document = &self.sqlx.document;
        let Some(columns) = self.setting(&["columns"]) else { return Known::Absent };
        let is_computed = !matches!(document.value(columns), Value::Map(_)) || document.get(columns, SPREAD).is_some();
        if is_computed {
            return Known::Unknown(Why::new("the descriptions of its columns are computed", Some(document.span(columns))));
        }
        let mut described = BTreeSet::new();
        let mut open = vec![(String::new(), columns)];
        while let Some((above, columns)) = open.pop() {
            for entry in document.map(columns) {
                let path = format!("{above}{}", document.key(entry));
                open.extend(document.get(entry.value, "columns").map(|fields| (format!("{path}."), fields)));
                let is_described = document.map(entry.value).is_empty() || document.get(entry.value, "description").is_some();
                described.extend(is_described.then_some(path));
            }
        }
        Known::Known(Spanned::new(described, document.span(columns)))
    }

    fn makes_a_name(&self) -> bool {
        match self.kind {
            ActionKind::Table | ActionKind::View | ActionKind::MaterializedView | ActionKind::Declaration => true,
            ActionKind::Operations => {
                let output = self.setting(&["hasOutput"]);
                output.is_some_and(|node| self.sqlx.document.value(node) == Value::Bool(true))
            }
            ActionKind::Assertion | ActionKind::Other => false,
        }
    }

    /// What stands under these keys.
    fn setting(&self, keys: &[&str]) -> Option<NodeId> {
        keys.iter().try_fold(self.sqlx.config?, |node, key| self.sqlx.document.get(node, key))
    }

    /// Where the name of what it defines is said, or else what it is.
    fn name_span(&self) -> Option<Span> {
        let node = self.setting(&["name"]).or_else(|| self.setting(&["type"]))?;
        Some(self.sqlx.document.span(node))
    }
}

/// `ref("orders")`, `ref("shop", "orders")`, `ref({ schema: "shop", name: "orders" })`: dataset and name.
fn named_in(call: &Call) -> Option<(Option<String>, String)> {
    if let Some(object) = call.object() {
        return named_by(&call.document, object);
    }
    match call.strings()?.as_slice() {
        [name] => Some((None, (*name).to_owned())),
        [dataset, name] | [_, dataset, name] => Some((Some((*dataset).to_owned()), (*name).to_owned())),
        _ => None,
    }
}

fn named_by(document: &Document, object: NodeId) -> Option<(Option<String>, String)> {
    let name = document.str(document.get(object, "name")?)?.to_owned();
    match document.get(object, "schema").or_else(|| document.get(object, "dataset")) {
        None => Some((None, name)),
        Some(dataset) => Some((Some(document.str(dataset)?.to_owned()), name)),
    }
}

#[cfg(test)]
mod tests;
