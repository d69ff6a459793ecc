//! The entry of a new feed in the map of which Terraform makes tables and buckets: with what the other entries say, in their
//! notation and at the end of the map. The rest of the file stays as it is.

mod file_name;
mod notation;

use super::feed::{NewFeed, PARTITION_TYPE, WRITE_DISPOSITION};
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

/// A map of another entry, and the key of that entry.
type Sibling<'a> = (&'a str, NodeId);

/// What is at hand while an entry is composed of its siblings.
struct Composer<'a> {
    document: &'a Document,
    notation: Notation,
    n_siblings: usize,
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
    let mut composer = Composer { document, notation, n_siblings: siblings.len(), feed, left_out: Vec::new() };
    let maps: Vec<Sibling<'_>> = siblings.iter().map(|sibling| (document.key(sibling), sibling.value)).collect();
    let attributes = composer.map(&maps);
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

impl<'a> Composer<'a> {
    /// What the new entry says, of all that any of these maps says.
    fn map(&mut self, siblings: &[Sibling<'a>]) -> Vec<Attribute> {
        let entries = self.of_any(siblings);
        entries.iter().filter_map(|entry| self.attribute(entry, siblings)).collect()
    }

    /// An entry for each attribute that is said, in the order of the last map; what that does not say comes behind what it
    /// is said behind elsewhere.
    fn of_any(&self, siblings: &[Sibling<'a>]) -> Vec<Entry> {
        let own = |map: NodeId| self.document.map(map).iter().filter(|entry| !entry.merged).copied();
        let Some(((_, last), others)) = siblings.split_last() else { return Vec::new() };
        let mut all: Vec<Entry> = own(*last).collect();
        for entries in others.iter().rev().map(|(_, map)| own(*map)) {
            let mut next = 0;
            for entry in entries {
                let known = all.iter().position(|known| is_same(self.document.key(known), self.document.key(&entry)));
                if known.is_none() {
                    all.insert(next, entry);
                }
                next = known.unwrap_or(next) + 1;
            }
        }
        all
    }

    fn attribute(&mut self, entry: &Entry, siblings: &[Sibling<'a>]) -> Option<Attribute> {
        let document = self.document;
        let name = document.key(entry);
        let key = document.source().get(entry.key_span.range())?.to_owned();
        let said: Vec<Sibling<'a>> = siblings.iter().filter_map(|(of, map)| Some((*of, document.get(*map, name)?))).collect();
        let is_map = |(_, node): &Sibling<'_>| matches!(document.value(*node), Value::Map(_));
        if said.iter().all(is_map) && said.iter().any(|(_, map)| !document.map(*map).is_empty()) {
            let inner = self.map(&said);
            return (!inner.is_empty()).then_some(Attribute { key, value: Part::Map(inner) });
        }
        let is_of_all = said.len() == self.n_siblings;
        let value = self.own(name, entry.value).or_else(|| self.agreed(&said).filter(|_| is_of_all));
        let value = value.or_else(|| self.usual(name, entry.value));
        if value.is_none() && is_of_all {
            self.left_out.push(name.to_owned());
        }
        value.map(|value| Attribute { key, value: Part::Plain(value) })
    }

    fn written(&self, node: NodeId) -> &'a str {
        self.document.source().get(self.document.span(node).range()).unwrap_or("").trim_end()
    }

    /// What is known of the feed itself, whatever the others say.
    fn own(&self, attribute: &str, other: NodeId) -> Option<String> {
        let feed = self.feed;
        let text = |text: &str| Some(self.notation.text(text));
        match meaning(attribute)? {
            "file_name" => text(&file_name::like(self.written(other), feed)?),
            "owner" => text(&feed.owner),
            "source_contact" => text(feed.contact.as_deref()?),
            "cadence" => text(&feed.cadence),
            "rows" => feed.rows.map(|rows| rows.to_string()),
            "bytes" => feed.n_bytes.map(|bytes| bytes.to_string()),
            "description" => text(&format!("Feed {}", feed.name)),
            "partition_column" => text(feed.partition_field.as_deref()?),
            "partition_type" => text(PARTITION_TYPE),
            "require_partition_filter" => Some("true".to_owned()),
            "write_disposition" => text(WRITE_DISPOSITION),
            _ => None,
        }
    }

    /// What the definition says as others do: written out where others write it out, and never over what all agree on.
    fn usual(&self, attribute: &str, other: NodeId) -> Option<String> {
        let feed = self.feed;
        let (is_text, is_number) = match self.document.value(other) {
            Value::String(_) => (true, false),
            Value::Int(_) => (false, true),
            _ => return None,
        };
        let text = |text: &str| is_text.then(|| self.notation.text(text));
        match meaning(attribute)? {
            "bucket" => text(feed.bucket.as_deref()?),
            "prefix" => text(feed.prefix.as_deref()?),
            "time_zone" => text(feed.time_zone.as_deref()?),
            "dataset" => text(&feed.dataset),
            "table" => text(&feed.name),
            "retention_days" => feed.retention_days.filter(|_| is_number).map(|days| days.to_string()),
            _ => None,
        }
    }

    /// What all of these say, each with its own name where that stands in it.
    fn agreed(&self, said: &[Sibling<'a>]) -> Option<String> {
        let mut all = said.iter().map(|(name, node)| renamed(self.written(*node), name, &self.feed.name));
        let first = all.next()?;
        all.all(|other| other == first).then_some(first)
    }
}

/// Whether two names of attributes say one thing.
fn is_same(name: &str, other: &str) -> bool {
    name == other || meaning(name).is_some_and(|meant| meaning(other) == Some(meant))
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
