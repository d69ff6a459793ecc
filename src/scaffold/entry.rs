//! The entry of a new feed in the map of which Terraform makes tables and buckets: with what the other entries say, in their
//! notation and at the end of the map. The rest of the file stays as it is.

mod file_name;
mod notation;

use super::feed::NewFeed;
use crate::model::terraform::meaning;
use crate::syntax::{Document, Entry, NodeId, Parsed, Value, hcl, json, yaml};
use crate::text::{FileId, RepoPath, Span};
use notation::{Line, Notation};
use std::sync::Arc;

/// A map with one entry more.
#[derive(Debug, PartialEq, Eq)]
pub struct Grown {
    /// The whole file.
    pub text: String,
    /// Attributes that other entries have, each with another value, and of which nothing is known here.
    pub left_out: Vec<String>,
}

/// What stands in an entry: the attribute as it is written, and its value.
struct Attribute {
    key: String,
    value: Part,
}

enum Part {
    Plain(String),
    Map(Vec<Attribute>),
}

/// What is at hand while an entry is composed of its siblings.
struct Composer<'a> {
    document: &'a Document,
    notation: Notation,
    /// The keys of the siblings.
    names: Vec<&'a str>,
    feed: &'a NewFeed,
    left_out: Vec<String>,
}

/// Adds the entry of a feed behind the last one of the map that these entries are of, each the places of its key and of its
/// value. `None` where no map of such entries is found, or where the text would not be read as before.
pub fn add(path: &RepoPath, text: &Arc<str>, entries: &[(Span, Span)], feed: &NewFeed) -> Option<Grown> {
    let (notation, read) = notation_of(path)?;
    let parsed = read(entries.first()?.0.file, text);
    let document = &parsed.document;
    let siblings = siblings(document, entries)?;
    let last = siblings.last()?;
    let names = siblings.iter().map(|sibling| document.key(sibling)).collect();
    let mut composer = Composer { document, notation, names, feed, left_out: Vec::new() };
    let values: Vec<NodeId> = siblings.iter().map(|sibling| sibling.value).collect();
    let attributes = composer.map(&values);
    let places = (last.key_span.range(), document.span(last.value).range());
    let line = Line { text, notation, key: places.0, value: places.1 };
    let grown = line.with_entry_behind(&feed.name, &attributes)?;
    let again = read(last.key_span.file, &grown.as_str().into());
    (again.problems.len() == parsed.problems.len()).then_some(Grown { text: grown, left_out: composer.left_out })
}

/// The entry as somebody would paste it into a map of Terraform.
pub fn to_paste(feed: &NewFeed) -> String {
    let quoted = |text: &str| Part::Plain(notation::quoted(text));
    let bucket = feed.bucket.as_deref().map(|bucket| ("bucket", quoted(bucket)));
    let all = [("file_name", quoted(&feed.file_name)), ("owner", quoted(&feed.owner)), ("dataset", quoted(&feed.dataset))];
    let rest = [("table", quoted(&feed.name)), ("schema", quoted(&feed.schema)), ("table_schema", quoted(&feed.table_schema))];
    let attributes: Vec<Attribute> = all.into_iter().chain(bucket).chain(rest).map(named).collect();
    notation::of_hcl(&feed.name, &attributes)
}

fn named((key, value): (&str, Part)) -> Attribute {
    Attribute { key: key.to_owned(), value }
}

type Reader = fn(FileId, &Arc<str>) -> Parsed;

fn notation_of(path: &RepoPath) -> Option<(Notation, Reader)> {
    let is = |extension| path.has_extension(extension);
    match () {
        () if is("tf") || is("tfvars") => Some((Notation::Hcl, hcl::parse)),
        () if is("json") => Some((Notation::Json, json::parse)),
        () if is("yaml") || is("yml") => Some((Notation::Yaml, yaml::parse)),
        () => None,
    }
}

/// The entries of the map that has most of these.
fn siblings<'a>(document: &'a Document, entries: &[(Span, Span)]) -> Option<Vec<&'a Entry>> {
    let is_one = |entry: &Entry| entries.contains(&(entry.key_span, document.span(entry.value)));
    let n_known = |map: &NodeId| document.map(*map).iter().filter(|entry| is_one(entry)).count();
    let map = document.node_ids().max_by_key(n_known).filter(|map| n_known(map) > 0)?;
    let all = document.map(map).iter().filter(|entry| !entry.merged);
    Some(all.filter(|entry| matches!(document.value(entry.value), Value::Map(_))).collect())
}

impl Composer<'_> {
    /// What the new entry says, of all that the last of these maps says.
    fn map(&mut self, siblings: &[NodeId]) -> Vec<Attribute> {
        let Some(last) = siblings.last() else { return Vec::new() };
        let entries: Vec<Entry> = self.document.map(*last).iter().filter(|entry| !entry.merged).copied().collect();
        entries.iter().filter_map(|entry| self.attribute(entry, siblings)).collect()
    }

    fn attribute(&mut self, entry: &Entry, siblings: &[NodeId]) -> Option<Attribute> {
        let document = self.document;
        let name = document.key(entry);
        let key = document.source().get(entry.key_span.range())?.to_owned();
        let of_each: Vec<Option<NodeId>> = siblings.iter().map(|map| document.get(*map, name)).collect();
        let nodes: Vec<NodeId> = of_each.iter().copied().flatten().collect();
        if nodes.iter().all(|node| matches!(document.value(*node), Value::Map(_))) && !document.map(entry.value).is_empty() {
            let inner = self.map(&nodes);
            return (!inner.is_empty()).then_some(Attribute { key, value: Part::Map(inner) });
        }
        let is_of_all = nodes.len() == siblings.len();
        let written = self.written(entry.value);
        let value = self.own(name, written).or_else(|| self.agreed(&of_each).filter(|_| is_of_all));
        if value.is_none() && is_of_all {
            self.left_out.push(name.to_owned());
        }
        value.map(|value| Attribute { key, value: Part::Plain(value) })
    }

    fn written(&self, node: NodeId) -> &str {
        self.document.source().get(self.document.span(node).range()).unwrap_or("").trim_end()
    }

    /// What is known of the feed itself, whatever the others say.
    fn own(&self, attribute: &str, written: &str) -> Option<String> {
        let feed = self.feed;
        let text = |text: &str| Some(self.notation.text(text));
        match meaning(attribute)? {
            "file_name" => text(&file_name::like(written, feed)?),
            "owner" => text(&feed.owner),
            "cadence" => text(&feed.cadence),
            "rows" => feed.rows.map(|rows| rows.to_string()),
            "bytes" => feed.n_bytes.map(|bytes| bytes.to_string()),
            "description" => text(&format!("Feed {}", feed.name)),
            "partition_column" => text(feed.partition_field.as_deref()?),
            _ => None,
        }
    }

    /// What all others say, each with its own name where that stands in it.
    fn agreed(&self, of_each: &[Option<NodeId>]) -> Option<String> {
        let texts = of_each.iter().zip(&self.names).map(|(node, name)| Some((self.written((*node)?), *name)));
        let with_ours = texts.map(|each| each.map(|(text, name)| renamed(text, name, &self.feed.name)));
        let mut all = with_ours.collect::<Option<Vec<String>>>()?.into_iter();
        let first = all.next()?;
        all.all(|other| other == first).then_some(first)
    }
}

/// A text with another name wherever the name stands in it as a word or as a part between signs.
fn renamed(text: &str, name: &str, new: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(name).filter(|_| !name.is_empty()) {
        let (before, behind) = (rest.get(..at).unwrap_or(""), rest.get(at + name.len()..).unwrap_or(""));
        let is_inside = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let is_word = !is_inside(out.chars().chain(before.chars()).next_back()) && !is_inside(behind.chars().next());
        out.push_str(before);
        out.push_str(if is_word { new } else { name });
        rest = behind;
    }
    out + rest
}

#[cfg(test)]
mod tests;
