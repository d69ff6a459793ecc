//! Which attribute of an entry says which thing of a feed, by common names or as the configuration has it, and how the
//! values that people write there become those of a feed file.

use super::evaluate::{Content, Evaluated, Member};
use super::words::{Style, cadence, days, file_format, milliseconds, regex_of, style};
use crate::config::TerraformFeeds;
use crate::model::feed::draft::{self, Draft, Placed};
use crate::syntax::{Document, Format, NodeId, Value};
use crate::text::{FileId, Files, RepoPath, Side, Span};

/// A thing that an entry may say.
pub(super) struct Attribute {
    /// What the configuration calls it.
    pub(super) name: &'static str,
    /// Where it stands in a feed file.
    path: &'static str,
    kind: Kind,
    /// What it is called elsewhere, best first.
    others: &'static [&'static str],
}

/// How a value is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// As it is: a text, a number, a boolean, a list.
    Plain,
    FileName,
    Cadence,
    Days,
    /// Milliseconds, or days where its name says so.
    Expiration,
    Format,
    Table,
    Schema,
}

const fn attribute(name: &'static str, path: &'static str, kind: Kind, others: &'static [&'static str]) -> Attribute {
    Attribute { name, path, kind, others }
}

/// The configuration's names, which are those of the facts where there is one.
pub(super) const ATTRIBUTES: &[Attribute] = &[
    attribute(
        "file_name",
        "file.name",
        Kind::FileName,
        &[
            "file_name_pattern",
            "filename_pattern",
            "file_pattern",
            "object_name_pattern",
            "object_pattern",
            "name_pattern",
            "file_regex",
            "filename_regex",
            "object_regex",
            "file_glob",
            "file_name_template",
            "file_template",
            "file_name",
            "filename",
            "pattern",
        ],
    ),
    attribute("bucket", "file.bucket", Kind::Plain, &["bucket", "bucket_name", "landing_bucket", "source_bucket", "gcs_bucket"]),
    attribute(
        "prefix",
        "file.prefix",
        Kind::Plain,
        &["prefix", "object_prefix", "path_prefix", "gcs_prefix", "landing_prefix", "folder"],
    ),
    attribute("format", "file.format", Kind::Format, &["file_format", "source_format", "format"]),
    attribute("compression", "file.compression", Kind::Plain, &["compression"]),
    attribute("description", "description", Kind::Plain, &["description"]),
    attribute("owner", "owner", Kind::Plain, &["owner", "data_owner", "owner_team", "owner_email", "team"]),
    attribute("source_system", "source.system", Kind::Plain, &["source_system", "system"]),
    attribute("source_contact", "source.contact", Kind::Plain, &["source_contact", "contact"]),
    attribute("classification", "classification", Kind::Plain, &["classification"]),
    attribute("cadence", "delivery.cadence", Kind::Cadence, &["cadence", "frequency", "schedule", "cron"]),
    attribute("time_zone", "delivery.time_zone", Kind::Plain, &["time_zone", "timezone"]),
    attribute("due", "delivery.due", Kind::Plain, &["due", "due_time", "due_by"]),
    attribute("grace", "delivery.grace", Kind::Plain, &["grace"]),
    attribute("files", "delivery.files", Kind::Plain, &["files_per_delivery"]),
    attribute("rows", "delivery.rows", Kind::Plain, &["rows_per_delivery", "expected_rows"]),
    attribute("bytes", "delivery.bytes", Kind::Plain, &["bytes_per_delivery"]),
    attribute("retention_days", "retention", Kind::Days, &["retention_days", "retention_in_days", "retention"]),
    attribute("project", "table.project", Kind::Plain, &["table_project"]),
    attribute("dataset", "table.dataset", Kind::Plain, &["dataset_id", "dataset"]),
    attribute("table", "table.name", Kind::Table, &["table_id", "table_name", "table"]),
    attribute("schema", "schema", Kind::Schema, &["schema_file", "schema_path", "json_schema", "schema"]),
    attribute("table_schema", "table.schema", Kind::Schema, &["table_schema", "table_schema_file"]),
    attribute("partition_column", "table.partitioning.field", Kind::Plain, &["partition_field", "partition_column"]),
    attribute("partition_type", "table.partitioning.type", Kind::Plain, &["partition_type", "partitioning_type"]),
    attribute(
        "partition_expiration",
        "table.partitioning.expiration",
        Kind::Expiration,
        &["partition_expiration_ms", "partition_expiration_days"],
    ),
    attribute("clustering", "table.clustering", Kind::Plain, &["clustering", "clustering_fields"]),
    attribute("require_partition_filter", "table.require_partition_filter", Kind::Plain, &["require_partition_filter"]),
    attribute("write_disposition", "table.write_disposition", Kind::Plain, &["write_disposition"]),
];

/// Objects within an entry that group what it says: `landing = { file_pattern = … }`.
const GROUPS: [&str; 16] = [
    "file",
    "files",
    "object",
    "objects",
    "landing",
    "inbound",
    "source",
    "storage",
    "delivery",
    "sla",
    "load",
    "target",
    "destination",
    "sink",
    "bigquery",
    "table",
];

/// Attributes of which an entry has one when its files are loaded somewhere: a bucket of scripts has none of them.
const OF_DATA: [&str; 6] = ["cadence", "retention_days", "dataset", "table", "schema", "table_schema"];

/// What of a feed an attribute of this name says, in the words of the configuration, where names are the common ones.
pub fn meaning(name: &str) -> Option<&'static str> {
    ATTRIBUTES.iter().find(|attribute| attribute.others.contains(&name)).map(|attribute| attribute.name)
}

/// How much an entry looks like a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Nothing says that it delivers files.
    None,
    /// It has a name of files and something else of a feed.
    Some,
    /// It says as well where the data goes, or when it comes.
    Clear,
}

/// The names of what an entry says.
fn said(entry: &Evaluated, chosen: &TerraformFeeds) -> Vec<&'static str> {
    ATTRIBUTES.iter().filter(|attribute| find(entry, attribute, chosen).is_some()).map(|attribute| attribute.name).collect()
}

/// Whether an entry says where data goes, or when it comes.
pub(super) fn is_of_data(entry: &Evaluated, chosen: &TerraformFeeds) -> bool {
    said(entry, chosen).iter().any(|name| OF_DATA.contains(name))
}

/// How much an entry looks like a feed by the names of its attributes.
pub(super) fn likeness(entry: &Evaluated, chosen: &TerraformFeeds) -> Likeness {
    let said = said(entry, chosen);
    if !said.contains(&"file_name") || said.len() < 2 {
        return Likeness::None;
    }
    if said.len() > 2 && said.iter().any(|name| OF_DATA.contains(name)) { Likeness::Clear } else { Likeness::Some }
}

/// The member that says it: what the configuration names, which may lie deeper, else the first of the common names.
fn find<'e>(entry: &'e Evaluated, attribute: &Attribute, chosen: &TerraformFeeds) -> Option<&'e Member> {
    if let Some(path) = chosen.attributes.get(attribute.name) {
        let (last, above) =
            path.value.split('.').collect::<Vec<_>>().split_last().map(|(last, above)| (*last, above.to_vec()))?;
        let holder = above.into_iter().try_fold(entry, |value, key| value.get(key).map(|member| &member.value))?;
        return holder.get(last).filter(|member| member.value.content != Content::Null);
    }
    let is_taken = |name: &str| chosen.attributes.values().any(|path| path.value == name);
    let names: Vec<&str> = attribute.others.iter().copied().filter(|name| !is_taken(name)).collect();
    // A group may be called as an attribute is.
    let is_said = |member: &&Member| !matches!(member.value.content, Content::Null | Content::Map(_));
    let named = |holder: &'e Evaluated| names.iter().filter_map(|name| holder.get(name)).find(is_said);
    let groups = entry.members().iter().filter(|member| GROUPS.contains(&&*member.key));
    named(entry).or_else(|| groups.map(|group| &group.value).find_map(named))
}

/// What is at hand while an entry is lowered.
pub(super) struct Lowering<'a> {
    pub(super) files: &'a Files,
    pub(super) side: Side,
    pub(super) module: &'a str,
    pub(super) chosen: &'a TerraformFeeds,
}

impl Lowering<'_> {
    /// The tree of a feed file that an entry comes to, in a document of the file in which the entry stands.
    pub(super) fn entry(&self, entry: &Member) -> (Document, NodeId) {
        let file = entry.value.span.file;
        let source = self.files.get(file);
        let mut document = Document::new(file, source.text.clone());
        document.format = format_of(&source.path);
        let mut draft = Draft::default();
        let place = place_of_name(entry);
        let name = self.text(&mut document, &entry.key, place);
        draft.say(&document, "feed", Placed { key_span: place, node: name });
        for attribute in ATTRIBUTES {
            if let Some(member) = find(&entry.value, attribute, self.chosen) {
                self.say(&mut document, attribute, member, &mut draft);
            }
        }
        let root = draft.build(&mut document, entry.value.span);
        document.roots.push(root);
        (document, root)
    }

    fn say(&self, document: &mut Document, attribute: &Attribute, member: &Member, draft: &mut Draft) {
        let Member { key, key_span, value } = member;
        let (key_span, span) = (*key_span, value.span);
        let mut put = |document: &Document, path: &str, node| draft.say(document, path, Placed { key_span, node });
        if let Some(why) = value.why() {
            let node = draft::unknown(document, &*why.text, span);
            return put(document, attribute.path, node);
        }
        match (attribute.kind, value.text()) {
            (Kind::FileName, Some(written)) => self.file_name(document, written, span, &mut put),
            (Kind::Table, Some(written)) if written.contains('.') => {
                let parts = written.rsplit('.').zip(["table.name", "table.dataset", "table.project"]);
                for (part, path) in parts {
                    let node = draft::text(document, part, span);
                    put(document, path, node);
                }
            }
            (Kind::Schema, Some(written)) => {
                if let Some((path, node)) = self.schema(document, attribute, written, span) {
                    put(document, path, node);
                }
            }
            // The content of a file, or a schema that stands there.
            (Kind::Schema, None) => {}
            (kind, _) => {
                let is_days = kind == Kind::Expiration && key.ends_with("_days");
                let node = self.value(document, if is_days { Kind::Days } else { kind }, value);
                put(document, attribute.path, node);
            }
        }
    }

    fn value(&self, document: &mut Document, kind: Kind, value: &Evaluated) -> NodeId {
        let span = value.span;
        let worded = match kind {
            Kind::Cadence => value.text().map(cadence),
            Kind::Days => Some(days(value)),
            Kind::Expiration => Some(milliseconds(value)),
            Kind::Format => value.text().map(file_format),
            Kind::Plain | Kind::FileName | Kind::Table | Kind::Schema => None,
        };
        match worded {
            Some(Ok(words)) => self.text(document, &words, span),
            Some(Err(why)) => draft::unknown(document, why, span),
            None => self.plain(document, value),
        }
    }

    fn plain(&self, document: &mut Document, value: &Evaluated) -> NodeId {
        let span = value.span;
        match &value.content {
            Content::Text(text) => self.text(document, text, span),
            Content::Bool(value) => document.push(Value::Bool(*value), span),
            // Whole numbers below 2^52 are exact.
            Content::Number(number) if number.fract() == 0.0 && number.abs() < 4e15 => {
                document.push(Value::Int(*number as i64), span)
            }
            Content::Number(number) => document.push(Value::Float(*number), span),
            // Lists of a feed file hold plain texts.
            Content::List(items) => {
                let nodes: Vec<NodeId> = items
                    .iter()
                    .map(|item| match item.text() {
                        Some(text) => self.text(document, text, item.span),
                        None => draft::unknown(document, "an item of the list is not known", item.span),
                    })
                    .collect();
                draft::list(document, nodes, span)
            }
            Content::Null
            | Content::File(_)
            | Content::Map(_)
            | Content::Resource(_)
            | Content::Unknown(_)
            | Content::Failed(_) => draft::unknown(document, "the value is no plain one", span),
        }
    }

    /// A text, as a part of the source where it stands there as it is.
    fn text(&self, document: &mut Document, text: &str, span: Span) -> NodeId {
        let range = span.range();
        let inner = range.start + 1..range.end.saturating_sub(1).max(range.start + 1);
        let is_there = |range: &std::ops::Range<usize>| document.source().get(range.clone()) == Some(text);
        let found = [inner, range].into_iter().find(|range| span.file == document.file() && is_there(range));
        match found {
            Some(range) => {
                let text = document.slice_text(range.start, range.end);
                document.push(Value::String(text), span)
            }
            None => draft::text(document, text, span),
        }
    }

    /// A template, a regular expression or a glob, with the folder before it; what is none of them is not known.
    fn file_name(&self, document: &mut Document, written: &str, span: Span, put: &mut dyn FnMut(&Document, &str, NodeId)) {
        let (style, name) = (style(written), written);
        let (folder, name) = match (style, name.rsplit_once('/')) {
            (Style::Template | Style::Glob, Some((folder, name))) if !folder.contains(['*', '{', '?']) => (Some(folder), name),
            _ => (None, name),
        };
        let node = match style {
            Style::Template => self.text(document, name, span),
            Style::Regex => self.text(document, name, span),
            Style::Glob => draft::text(document, regex_of(name), span),
            Style::Other => draft::unknown(document, "the file name has placeholders that are not read", span),
        };
        let path = if matches!(style, Style::Regex | Style::Glob) { "file.pattern" } else { "file.name" };
        put(document, path, node);
        if let Some(folder) = folder {
            let node = draft::text(document, format!("{folder}/"), span);
            put(document, "file.prefix", node);
        }
    }

    /// The path of a schema, relative to the file of the entry. A list holds the columns of a table.
    fn schema(
        &self,
        document: &mut Document,
        attribute: &Attribute,
        written: &str,
        span: Span,
    ) -> Option<(&'static str, NodeId)> {
        let (file, path) = self.schema_file(written)?;
        let is_columns = self.files.get(file).text.trim_start().starts_with('[');
        let depth = self.files.get(document.file()).path.as_str().matches('/').count();
        let node = draft::text(document, format!("{}{path}", "../".repeat(depth)), span);
        Some((if is_columns { "table.schema" } else { attribute.path }, node))
    }

    /// From the module's folder, as Terraform would read it, else from the root.
    fn schema_file(&self, written: &str) -> Option<(FileId, RepoPath)> {
        let in_module = RepoPath::new(&super::index::joined(self.module, written));
        let paths = [in_module, RepoPath::new(written)].into_iter().flatten();
        paths.filter_map(|path| Some((self.files.find(self.side, &path)?, path))).next()
    }
}

/// The key, unless the entry stands in a file of its own, which is what its author edits.
fn place_of_name(entry: &Member) -> Span {
    let is_there = entry.key_span.file == entry.value.span.file;
    let first = entry.value.members().first().map(|member| member.key_span).filter(|_| !is_there);
    if is_there { entry.key_span } else { first.unwrap_or(entry.value.span) }
}

fn format_of(path: &RepoPath) -> Format {
    if path.has_extension("yaml") || path.has_extension("yml") {
        Format::Yaml
    } else if path.has_extension("json") {
        Format::HclJson
    } else {
        Format::Hcl
    }
}

#[cfg(test)]
mod tests {
    use super::ATTRIBUTES;

    #[test]
    fn the_configuration_names_every_attribute() {
        let ours: Vec<&str> = ATTRIBUTES.iter().map(|attribute| attribute.name).collect();
        let keys: Vec<&str> = crate::keys::config::TERRAFORM_ATTRIBUTES.keys.iter().map(|key| key.name).collect();
        assert_eq!(keys, ours);
    }
}
