//! The SQL of a revision: where it stands, what it defines, and what it reads. Where another revision holds the same text
//! and knows the same tables, what was worked out there holds here.

use super::super::embedded::{self, NamedFile};
use super::super::query::{self, ModelCatalog, Query, Routine, SqlProblems, SqlText};
use super::super::table::{Column, Table, TableId};
use super::super::terraform::Terraform;
use super::super::{Known, Model, dataform, lookml, runs};
use super::Sources;
use crate::sql::{Catalog, Script, TablePath, TableShape};
use crate::text::Files;
use rayon::prelude::*;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Every text of SQL, wherever it stands.
pub(super) fn texts(files: &Files, terraform: &Terraform<'_>, sources: &mut Sources, model: &mut Model) -> Vec<SqlText> {
    let mut found = embedded::of_terraform(terraform);
    model.skipped.append(&mut found.skipped);
    let named = std::mem::take(&mut found.files);
    for id in std::mem::take(&mut sources.sql) {
        let text = SqlText::of_file(id, files.get(id));
        match named.get(&id).map(Vec::as_slice) {
            // Templates are added below.
            Some([NamedFile { filled: Some(_), .. }, ..]) => {}
            Some([named, ..]) => found.texts.push(named.purpose.of(text)),
            Some([]) | None => found.texts.push(text),
        }
    }
    for (id, named) in named {
        found.add_templates(&files.get(id).path, named);
    }
    for query in &mut model.scheduled {
        if let Some(path) = found.paths.get(&query.path) {
            query.path = path.to_string();
        }
    }
    let mut texts = found.texts;
    texts.extend(lookml::add(std::mem::take(&mut sources.lookml), files, model));
    let (actions, settings) = std::mem::take(&mut sources.dataform);
    texts.extend(dataform::texts(&actions, &settings, model));
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

/// For each text the place of the same text in another revision, if it has it.
pub(super) fn twins(texts: &[SqlText], others: &[SqlText]) -> Vec<Option<usize>> {
    let by_path: BTreeMap<&str, usize> = others.iter().enumerate().map(|(index, text)| (&*text.path, index)).collect();
    let twin = |text: &SqlText| by_path.get(&*text.path).copied().filter(|index| others.get(*index) == Some(text));
    texts.iter().map(twin).collect()
}

/// What a text defines, whatever the rest of the repository says.
#[derive(Clone, Default)]
pub(super) struct Defines {
    pub(super) tables: Vec<Table>,
    pub(super) routines: Vec<Routine>,
    /// The statements, where they were parsed for this.
    script: Option<Script>,
}

/// What each text defines; `other` are the texts of another revision and what they define.
pub(super) fn definitions(texts: &[SqlText], other: Option<(&[SqlText], &[Defines])>) -> Vec<Defines> {
    let (others, defined) = other.unwrap_or_default();
    let twins = twins(texts, others);
    let define = |(text, twin): (&SqlText, &Option<usize>)| match twin.and_then(|index| defined.get(index)) {
        Some(Defines { tables, routines, .. }) => Defines { tables: tables.clone(), routines: routines.clone(), script: None },
        None => Defines::of(text),
    };
    texts.par_iter().zip(&twins).map(define).collect()
}

/// The columns of tables that are made from a query.
pub(super) type MadeColumns = Vec<(TableId, Known<Vec<Column>>)>;

impl Defines {
    fn of(text: &SqlText) -> Defines {
        let Some(script) = defining_script(text) else { return Defines::default() };
        let tables = query::tables_of(text, &script).collect();
        let routines = query::routines_of(text, &script).collect();
        Defines { tables, routines, script: Some(script) }
    }

    /// `asked` is the same as `catalog`, and remembers what it is asked for.
    pub(super) fn columns(&self, text: &SqlText, catalog: &ModelCatalog<'_>, asked: &dyn Catalog) -> MadeColumns {
        if self.tables.is_empty() {
            return MadeColumns::new();
        }
        let script = self.script.as_ref().map_or_else(|| Cow::Owned(text.parse()), Cow::Borrowed);
        query::columns_of(text, &script, catalog, asked)
    }
}

/// The statements of a text that may define a table or change one.
fn defining_script(text: &SqlText) -> Option<Script> {
    let has = |wanted: &[u8]| text.text.as_bytes().windows(wanted.len()).any(|word| word.eq_ignore_ascii_case(wanted));
    (has(b"create") || has(b"alter")).then(|| text.parse())
}

/// What one text of SQL holds.
#[derive(Clone, Default)]
pub(super) struct ReadSql {
    pub(super) queries: Vec<Query>,
    pub(super) problems: Option<SqlProblems>,
}

impl ReadSql {
    pub(super) fn of(text: &SqlText, catalog: &dyn Catalog) -> ReadSql {
        let script = text.parse();
        let (errors, not_analysed) = (script.errors.clone(), script.not_analysed.clone());
        let is_whole = errors.is_empty() && not_analysed.is_empty();
        let legacy = script.legacy.clone();
        let problems = (!is_whole).then(|| SqlProblems { map: text.map.clone(), errors, not_analysed, legacy });
        ReadSql { queries: query::resolve_text(text, script, catalog), problems }
    }
}

/// What was worked out from a text, and the names that it asked the catalog for.
pub(super) struct Asked<T> {
    pub(super) value: T,
    names: Vec<TablePath>,
}

/// The same work on the texts of another revision.
pub(super) struct Twin<'a, T> {
    /// For each text of this revision, the same text of the other.
    pub(super) twins: &'a [Option<usize>],
    pub(super) catalog: &'a ModelCatalog<'a>,
    pub(super) results: &'a [Asked<T>],
}

/// Works on each of `n_texts` texts by its number, unless its twin was worked on with the same answers.
pub(super) fn work_out<T: Clone + Send + Sync>(
    n_texts: usize,
    catalog: &ModelCatalog<'_>,
    twin: Option<Twin<'_, T>>,
    work: impl Fn(usize, &dyn Catalog) -> T + Sync,
) -> Vec<Asked<T>> {
    let different = twin.as_ref().map(|twin| twin.different(catalog)).unwrap_or_default();
    let known = |index: usize| {
        let result = twin.as_ref().and_then(|twin| twin.of(index))?;
        result.names.iter().all(|name| !different.contains(name)).then(|| result.value.clone())
    };
    let one = |index: usize| match known(index) {
        Some(value) => Asked { value, names: Vec::new() },
        None => {
            let remembering = Remembering { catalog, names: RefCell::default() };
            let value = work(index, &remembering);
            Asked { value, names: remembering.names.into_inner().into_iter().collect() }
        }
    };
    (0..n_texts).into_par_iter().map(one).collect()
}

impl<'a, T: Send + Sync> Twin<'a, T> {
    fn of(&self, index: usize) -> Option<&'a Asked<T>> {
        self.results.get((*self.twins.get(index)?)?)
    }

    /// The names that give another answer here than there.
    fn different(&self, catalog: &ModelCatalog<'_>) -> BTreeSet<&'a TablePath> {
        let results = (0..self.twins.len()).filter_map(|index| self.of(index));
        let names: BTreeSet<&TablePath> = results.flat_map(|result| &result.names).collect();
        let is_different = |name: &&TablePath| {
            self.catalog.table(name) != catalog.table(name) || self.catalog.routine(name) != catalog.routine(name)
        };
        names.into_par_iter().filter(is_different).collect()
    }
}

/// A catalog that remembers what it was asked for.
struct Remembering<'a> {
    catalog: &'a ModelCatalog<'a>,
    names: RefCell<BTreeSet<TablePath>>,
}

impl Catalog for Remembering<'_> {
    fn table(&self, path: &TablePath) -> Result<(String, TableShape), String> {
        self.names.borrow_mut().insert(path.clone());
        self.catalog.table(path)
    }

    fn routine(&self, path: &TablePath) -> Option<(String, String)> {
        self.names.borrow_mut().insert(path.clone());
        self.catalog.routine(path)
    }
}
