//! Views of LookML: the tables and columns that dashboards read, and the queries that they bring along. Constants of a
//! manifest are put in; what Liquid or another view fills in is a hole.

pub mod ask;
pub mod explore;
pub mod field;

use super::embedded::Occasion;
use super::query::{Dialect, Role, SqlText};
use super::{Model, Skipped};
use crate::sql::TablePath;
use crate::syntax::{Document, Entry, NodeId, Parsed, Problem, Value, lookml};
use crate::text::{FileId, Files, SourceFile, Span, SpanMap, Spanned};
use ask::Ask;
use explore::{Explore, FieldReference};
use field::FieldName;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// What dashboards read one table by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Without the `+` of a refinement.
    pub name: Arc<str>,
    pub name_span: Span,
    /// It adds to the view of its name.
    pub is_refinement: bool,
    /// The table, where it is named without holes.
    pub table: Option<Spanned<TablePath>>,
    pub columns: Vec<ReadColumn>,
    /// The views whose fields and table it takes over.
    pub extends: Vec<String>,
    pub fields: Vec<FieldName>,
    /// The fields, of this view and of others, that its own name: `${price}`, `${trades.price}`.
    pub references: Vec<FieldReference>,
    /// It stands for nothing until another takes it over.
    pub is_part: bool,
}

/// What is asked of views: explores, and who asks them.
#[derive(Debug, Clone, Default)]
pub struct Looker {
    pub explores: Vec<Explore>,
    pub asks: Vec<Ask>,
    /// The models that are files of the repository.
    pub models: BTreeSet<String>,
    /// The files that files take in, as patterns.
    pub includes: Vec<Spanned<String>>,
    /// Where another project is taken in, which may have more of everything.
    pub elsewhere: Option<Span>,
}

/// A column of the view's table that a field reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadColumn {
    pub field: String,
    /// `address`, `zip`.
    pub path: Vec<String>,
    pub span: Span,
}

/// One file, before what it names in others is put in.
#[derive(Debug, Clone, Default)]
pub struct LookFile {
    views: Vec<(View, Sources)>,
    looker: Looker,
    constants: Vec<(String, String)>,
    problems: Vec<Problem>,
}

/// Where a view has its rows from, as it is written.
#[derive(Debug, Clone, Default)]
struct Sources {
    table: Option<Spanned<String>>,
    /// The query of a derived table.
    query: Option<Spanned<String>>,
}

/// Fields that read columns.
const FIELDS: [&str; 3] = ["dimension", "dimension_group", "measure"];
/// Names of fields are those of columns, unless one of these says what they read.
const SAYS_WHAT: [&str; 2] = ["case", "expression"];

/// Reads a file.
pub fn read(id: FileId, file: &SourceFile) -> LookFile {
    let Parsed { document, problems } = lookml::parse(id, &file.text);
    let Some(root) = document.roots.first().copied() else { return LookFile::default() };
    let views = document.all(root, "view").flat_map(|entry| document.map(entry.value)).map(|view| read_view(&document, view));
    let constant = |entry: &Entry| {
        let value = document.get(entry.value, "value").and_then(|value| document.str(value))?;
        Some((document.key(entry).to_owned(), value.to_owned()))
    };
    let constants = document.all(root, "constant").flat_map(|entry| document.map(entry.value)).filter_map(constant).collect();
    let derived =
        |view: &Entry| ask::read_explore_source(&document, document.get(view.value, "derived_table")?, document.key(view));
    let asks = document.all(root, "view").flat_map(|entry| document.map(entry.value)).filter_map(derived).collect();
    let models = file.path.name().strip_suffix(".model.lkml").map(str::to_owned).into_iter().collect();
    let looker = Looker {
        explores: explore::read_explores(&document, root),
        asks,
        models,
        includes: includes(&document, root),
        elsewhere: elsewhere(&document, root),
    };
    LookFile { views: views.collect(), looker, constants, problems }
}

/// Reads a file of dashboards.
pub fn read_dashboards(id: FileId, file: &SourceFile) -> LookFile {
    LookFile { looker: Looker { asks: ask::read_dashboards(id, file), ..Looker::default() }, ..LookFile::default() }
}

fn includes(document: &Document, root: NodeId) -> Vec<Spanned<String>> {
    let listed = document.all(root, "include").map(|entry| entry.value);
    listed.filter_map(|node| Some(Spanned::new(document.str(node)?.to_owned(), document.span(node)))).collect()
}

/// Another project that the file takes in.
fn elsewhere(document: &Document, root: NodeId) -> Option<Span> {
    let included = document.all(root, "include").map(|entry| entry.value);
    let of_others = included.filter(|node| document.str(*node).is_some_and(|path| path.starts_with("//")));
    let dependencies =
        ["local_dependency", "remote_dependency"].iter().flat_map(|key| document.all(root, key)).map(|entry| entry.value);
    of_others.chain(dependencies).map(|node| document.span(node)).next()
}

fn read_view(document: &Document, entry: &Entry) -> (View, Sources) {
    let (body, name) = (entry.value, document.key(entry));
    let text = |node: NodeId| Some(Spanned::new(document.str(node)?.to_owned(), document.span(node)));
    let derived = document.get(body, "derived_table");
    let sources = Sources {
        table: document.get(body, "sql_table_name").and_then(text),
        query: derived.and_then(|derived| document.get(derived, "sql")).and_then(text),
    };
    let is_refinement = name.starts_with('+');
    let stands_alone = !is_refinement && document.get(body, "extends").is_none() && document.get(body, "extends__all").is_none();
    let fields = document.map(body).iter().filter(|entry| FIELDS.contains(&document.key(entry)));
    let columns = fields.flat_map(|kind| {
        let is_dimension = document.key(kind) != "measure";
        document.map(kind.value).iter().flat_map(move |field| read_field(document, field, stands_alone && is_dimension))
    });
    let view = View {
        name: name.trim_start_matches('+').into(),
        name_span: entry.key_span,
        is_refinement,
        table: None,
        columns: columns.collect(),
        extends: ["extends", "extends__all"]
            .iter()
            .filter_map(|key| document.get(body, key))
            .flat_map(|list| field::names(document, list))
            .collect(),
        fields: field::read_fields(document, body),
        references: field::read_references(document, body, name.trim_start_matches('+')),
        is_part: document.get(body, "extension").is_some(),
    };
    (view, sources)
}

/// The columns that a field reads: those it names, or else the one that it is named after.
fn read_field(document: &Document, field: &Entry, may_be_named_after: bool) -> Vec<ReadColumn> {
    let name = document.key(field);
    let mut found = Vec::new();
    let mut says_what = false;
    // A stack and no recursion: `case` holds conditions.
    let mut open = vec![field.value];
    while let Some(map) = open.pop() {
        for entry in document.map(map) {
            let key = document.key(entry);
            says_what |= key.starts_with("sql") || SAYS_WHAT.contains(&key);
            match document.value(entry.value) {
                Value::String(text) if key.starts_with("sql") => {
                    let range = document.text_range(text).unwrap_or_default();
                    found.extend(references(document, range).map(|(path, span)| ReadColumn {
                        field: name.to_owned(),
                        path,
                        span,
                    }));
                }
                Value::Map(_) => open.push(entry.value),
                _ => {}
            }
        }
    }
    if !says_what && may_be_named_after {
        found.push(ReadColumn { field: name.to_owned(), path: vec![name.to_owned()], span: field.key_span });
    }
    found.sort_by_key(|column| column.span.start);
    found
}

const TABLE: &str = "${TABLE}.";

/// `${TABLE}.address.zip`, each with the place of what follows the table.
fn references<'d>(document: &'d Document, range: Range<usize>) -> impl Iterator<Item = (Vec<String>, Span)> + 'd {
    let text = document.source().get(range.clone()).unwrap_or_default();
    text.match_indices(TABLE).filter_map(move |(at, _)| {
        let line = text.get(..at)?.rsplit('\n').next().unwrap_or_default();
        let start = at + TABLE.len();
        let (path, length) = column_path(text.get(start..)?)?;
        let place = range.start + start;
        // What a comment says is not read.
        (!line.contains("--")).then(|| (path, Span::new(document.file(), place..place + length)))
    })
}

/// The names between dots, and how many bytes they are; `None` where a hole is a part of a name.
fn column_path(text: &str) -> Option<(Vec<String>, usize)> {
    let mut path = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let (name, length) = match rest.strip_prefix('`') {
            Some(quoted) => {
                let end = quoted.find('`')?;
                (quoted.get(..end)?, end + 2)
            }
            None => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                (rest.get(..end)?, end)
            }
        };
        let after = rest.get(length..)?;
        if name.is_empty() || after.starts_with(['{', '$', '@']) {
            return None;
        }
        path.push(name.to_owned());
        at += length;
        match after.strip_prefix('.') {
            Some(next) if next.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '`') => at += 1,
            _ => return Some((path, at)),
        }
    }
}

/// Puts the views of all files into the model, and gives back the queries of derived tables.
pub(super) fn add(read: Vec<LookFile>, files: &Files, model: &mut Model) -> Vec<SqlText> {
    let constants: BTreeMap<String, String> = read.iter().flat_map(|file| file.constants.iter().cloned()).collect();
    let mut texts = Vec::new();
    for file in read {
        for problem in file.problems {
            let subject = files.get(problem.span.file).path.to_string();
            model.skipped.push(Skipped { what: "file".to_owned(), subject, why: problem.message, span: Some(problem.span) });
        }
        model.looker.explores.extend(file.looker.explores);
        model.looker.asks.extend(file.looker.asks);
        model.looker.models.extend(file.looker.models);
        model.looker.includes.extend(file.looker.includes);
        model.looker.elsewhere = model.looker.elsewhere.or(file.looker.elsewhere);
        for (view, sources) in file.views {
            texts.extend(sources.query.map(|query| text_of(&view, query, &constants, files)));
            let table = sources.table.and_then(|table| table_path(table, &constants));
            model.views.push(View { table, ..view });
        }
    }
    texts
}

fn table_path(written: Spanned<String>, constants: &BTreeMap<String, String>) -> Option<Spanned<TablePath>> {
    let name: String = pieces(&written.value, constants).map(|(_, text)| text).collect();
    let name = name.replace('`', "");
    let is_plain = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '(' | '"' | '*'));
    let path = TablePath(name.split('.').map(str::to_owned).collect());
    is_plain.then(|| Spanned::new(path, written.span))
}

/// Looker may be connected to another warehouse: what is no GoogleSQL is no mistake.
fn text_of(view: &View, query: Spanned<String>, constants: &BTreeMap<String, String>, files: &Files) -> SqlText {
    let Spanned { value, span } = query;
    let mut map = SpanMap::new(span.file);
    let mut text = String::new();
    for (range, piece) in pieces(&value, constants) {
        let host = span.range().start + range.start..span.range().start + range.end;
        match value.get(range) == Some(&*piece) {
            true => map.push_verbatim(text.len(), host),
            false => map.push_replaced(text.len(), host),
        }
        text.push_str(&piece);
    }
    SqlText {
        path: format!("{}:{}", files.get(span.file).path, view.name).into(),
        text: text.into(),
        map: Arc::new(map),
        role: Role::Script,
        dialect: Dialect::MaybeOther,
        occasion: Occasion::Unsaid,
    }
}

/// A text in pieces: as it stands, or the value of `@{NAME}`; one whose value is not known is a hole, as templates write it.
fn pieces<'t>(text: &'t str, constants: &'t BTreeMap<String, String>) -> impl Iterator<Item = (Range<usize>, String)> + 't {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let start = at;
        let name = rest.strip_prefix("@{").and_then(|inner| inner.get(..inner.find('}')?));
        let piece = match name {
            Some(name) => {
                at += name.len() + 3;
                constants.get(name).cloned().unwrap_or_else(|| format!("${{{name}}}"))
            }
            None => {
                // Behind the first character, which may begin a constant that does not end.
                let first = rest.chars().next().map_or(1, char::len_utf8);
                let length = rest.get(first..).and_then(|rest| rest.find("@{")).map_or(rest.len(), |end| end + first);
                at += length;
                rest.get(..length)?.to_owned()
            }
        };
        Some((start..at, piece))
    })
}
