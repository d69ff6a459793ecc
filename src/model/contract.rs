//! Data contracts of the Open Data Contract Standard, versions 3.0 and 3.1: held against the standard's own schema, and
//! lowered to what we know already. An object with a pattern of file names becomes the tree of a feed; any object of a
//! BigQuery server describes a table. What else a contract says is left alone.

mod columns;
mod lower;
mod record;
mod service_level;
mod validate;

pub use lower::Lowered;

use super::Skipped;
use super::feed::draft::Placed;
use crate::syntax::{Document, NodeId, Problem};
use crate::text::RepoPath;

/// What a YAML document of this subject says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standard {
    /// The Open Data Contract Standard, a version that is read.
    Odcs(Version),
    /// Another version of it, or the specification that came before it.
    NotRead,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    V3_0,
    V3_1,
}

/// Which standard a document follows; `None` when it is no data contract.
pub fn standard(document: &Document, root: NodeId) -> Option<Standard> {
    if document.get(root, "dataContractSpecification").is_some() {
        return Some(Standard::NotRead);
    }
    document.get(root, "kind").and_then(|kind| document.str(kind)).filter(|kind| *kind == "DataContract")?;
    let version = document.get(root, "apiVersion").and_then(|version| document.str(version));
    Some(match version.map(|version| version.trim_start_matches('v')) {
        Some(version) if is_of(version, "3.0") => Standard::Odcs(Version::V3_0),
        Some(version) if is_of(version, "3.1") => Standard::Odcs(Version::V3_1),
        Some(_) => Standard::NotRead,
        // The newest schema says what is missing.
        None => Standard::Odcs(Version::V3_1),
    })
}

fn is_of(version: &str, minor: &str) -> bool {
    version.strip_prefix(minor).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Where the standard is broken.
pub fn problems(document: &Document, root: NodeId, version: Version) -> Vec<Problem> {
    validate::problems(document, root, version)
}

/// The feeds and tables of a contract. New nodes are made in its own document.
pub fn lower(document: &mut Document, root: NodeId, environment: Option<&str>) -> Lowered {
    lower::lower(document, root, environment)
}

/// The words on a contract that is recognised and not read.
pub fn not_read(document: &Document, root: NodeId, path: &RepoPath) -> Skipped {
    let specification = document.entry(root, "dataContractSpecification");
    let entry = specification.or_else(|| document.entry(root, "apiVersion"));
    let version = entry.and_then(|entry| document.str(entry.value)).unwrap_or("");
    let why = match specification {
        Some(_) => format!("a contract of the Data Contract Specification {version}: contracts of ODCS v3.0 and v3.1 are read"),
        None => format!("a data contract of ODCS {version}: v3.0 and v3.1 are read"),
    };
    let span = entry.map(|entry| document.span(entry.value));
    Skipped { what: "data contract".to_owned(), subject: path.to_string(), why: why.replace("  ", " "), span }
}

/// The value under a key, with the place of the key.
fn member(document: &Document, map: NodeId, key: &str) -> Option<Placed> {
    document.entry(map, key).map(|entry| Placed { key_span: entry.key_span, node: entry.value })
}

/// The items of the list under a key.
fn items(document: &Document, map: NodeId, key: &str) -> Vec<NodeId> {
    document.get(map, key).map_or(Vec::new(), |list| document.sequence(list).to_vec())
}

/// The text under a key, unless it is empty.
fn text<'a>(document: &'a Document, map: NodeId, key: &str) -> Option<&'a str> {
    document.get(map, key).and_then(|node| document.str(node)).filter(|text| !text.is_empty())
}

fn is_true(document: &Document, map: NodeId, key: &str) -> bool {
    use crate::syntax::Value;
    document.get(map, key).is_some_and(|node| document.value(node) == Value::Bool(true))
}

#[cfg(test)]
mod tests;
