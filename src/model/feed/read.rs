//! From a tree of the shape of a feed file to a [`Feed`]: the base values, with those of one environment laid over them.
//! Feed files are such trees; other sources are lowered to one, with the places of what they were lowered from.
//! What the check of keys complains of is unknown here, so that no defect is found twice.

use super::{Cadence, Consumer, Delivery, Feed, FeedFile, FeedId, FeedSource, FeedTable, Lag, Origin};
use crate::keys::format::FEED_NAME;
use crate::keys::{self, cron, units};
use crate::model::naming::{NamePattern, TableTemplate};
use crate::model::schema::{SchemaReference, Target};
use crate::model::table::{PartitionKind, Partitioning};
use crate::model::{Known, Why};
use crate::syntax::embed::embedded;
use crate::syntax::{Document, Entry, NodeId, Operator, Problem, Value};
use crate::text::{FileId, RepoPath, Span, SpanMap, Spanned};
use std::sync::Arc;

/// What the repository has under a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    File(FileId),
    Missing,
    /// It is there but was not read: why.
    Unread {
        why: String,
    },
}

/// Whether a document is a feed of ours without being told: a map with the string `feed` and one more key of ours. In a
/// document that breaks off the other key may be out of reach, so it is enough that no key is another tool's.
pub fn is_feed_document(document: &Document, root: NodeId) -> bool {
    let is_broken = document.is_broken(root);
    let Some(name) = document.get(root, "feed").and_then(|name| document.str(name)) else {
        return is_broken && is_begun(document, root);
    };
    let is_signed = || keys::feed::SIGNS.iter().any(|key| document.get(root, key).is_some());
    let is_named = || FEED_NAME.complaint(name).is_none();
    let is_ours = || document.map(root).iter().all(|entry| keys::feed::knows(document.key(entry)));
    is_signed() || (is_broken && ((is_named() && is_ours()) || is_begun(document, root)))
}

/// Whether a document that breaks off at its first key is a feed by its lines: the first names one, another begins with a
/// key that feed files are told by, and none with one of another tool.
fn is_begun(document: &Document, root: NodeId) -> bool {
    let Some(first) = document.map(root).first().filter(|entry| document.key(entry) == "feed") else { return false };
    let mut lines = document.source().get(first.key_span.range().end..).unwrap_or("").lines();
    let name = lines.next().and_then(|line| line.trim_start().strip_prefix(':')).unwrap_or("");
    let name = name.split(" #").next().unwrap_or("").trim().trim_matches(['"', '\'']);
    let lines: Vec<&str> = lines.take_while(|line| !line.starts_with("---")).collect();
    let key = |line: &&str| line.split_once(':').map(|(key, _)| key.trim().to_owned());
    let is_ours = |line: &&str| line.starts_with([' ', '\t', '#']) || key(line).is_none_or(|key| keys::feed::knows(&key));
    let is_signed = |line: &&str| key(line).is_some_and(|key| keys::feed::SIGNS.contains(&key.as_str()));
    FEED_NAME.complaint(name).is_none() && lines.iter().all(is_ours) && lines.iter().any(is_signed)
}

/// How the trees of a file are read.
pub struct Reading<'a> {
    pub source: FeedSource,
    /// The file that paths in the definitions are relative to.
    pub path: &'a RepoPath,
    /// Laid over each feed that knows it.
    pub environment: Option<&'a str>,
    /// What a path of the repository leads to.
    pub lookup: &'a dyn Fn(&RepoPath) -> Lookup,
}

/// The feeds of a file's documents, and what is wrong with their keys and values.
pub fn read_feeds(document: &Document, roots: &[NodeId], reading: &Reading<'_>) -> (Vec<Feed>, Vec<Problem>) {
    let (mut feeds, mut problems) = (Vec::new(), Vec::new());
    for root in roots {
        let found = keys::check(document, *root, reading.source.shape());
        let overlay = reading.environment.and_then(|name| document.get(document.get(*root, "environments")?, name));
        let reader = Reader { document, reading, problems: &found, is_broken: document.is_broken(*root) };
        feeds.extend(reader.feed(*root, overlay));
        problems.extend(found);
    }
    (feeds, problems)
}

struct Reader<'a> {
    document: &'a Document,
    reading: &'a Reading<'a>,
    /// Of this feed, sorted by place.
    problems: &'a [Problem],
    /// The document breaks off: what is not there may only be out of reach.
    is_broken: bool,
}

/// One map, and over it the one of the environment: the strongest first.
struct Scope<'a> {
    reader: &'a Reader<'a>,
    layers: Vec<NodeId>,
}

impl Reader<'_> {
    fn feed(&self, root: NodeId, overlay: Option<NodeId>) -> Option<Feed> {
        let name = self.document.get(root, "feed")?;
        let id = FeedId(self.document.str(name).filter(|name| !name.is_empty())?.into());
        let scope = Scope { reader: self, layers: overlay.into_iter().chain([root]).collect() };
        let source = scope.map("source");
        let environments = self.document.get(root, "environments").map(|map| self.document.map(map)).unwrap_or(&[]);
        let (span, name_span) = (self.document.span(root), self.document.span(name));
        let origin = Origin { source: self.reading.source, span, name_span };
        Some(Feed {
            description: scope.text("description"),
            owner: scope.text("owner"),
            source_system: source.text("system"),
            source_contact: source.text("contact"),
            consumers: scope.consumers(),
            classification: scope.text("classification"),
            delivery: scope.map("delivery").delivery(),
            file: scope.map("file").file(),
            schema: scope.reference("schema"),
            retention_days: scope.parsed("retention", |text| units::days(text).ok()),
            table: scope.map("table").table(&id),
            environments: environments.iter().map(|entry| (self.document.key(entry).to_owned(), entry.key_span)).collect(),
            ..Feed::named(id, origin)
        })
    }

    /// Whether the check complained of this value.
    fn is_bad(&self, span: Span) -> bool {
        let from = self.problems.partition_point(|problem| problem.span < Span { end: span.start, ..span });
        self.problems.get(from).is_some_and(|problem| problem.span.file == span.file && problem.span.start < span.end)
    }

    fn target(&self, text: &str) -> Target {
        let Some(path) = self.reading.path.sibling(text) else { return Target::OutsideRoot };
        match (self.reading.lookup)(&path) {
            Lookup::File(file) => Target::File(file, path),
            Lookup::Missing => Target::Missing { path },
            Lookup::Unread { why } => Target::Unread { path, why },
        }
    }
}

impl<'a> Scope<'a> {
    fn document(&self) -> &'a Document {
        self.reader.document
    }

    fn entry(&self, key: &str) -> Option<Entry> {
        self.layers.iter().find_map(|layer| self.document().entry(*layer, key)).copied()
    }

    /// The map under a key, with what lies below it as far as those are maps as well.
    fn map(&self, key: &str) -> Scope<'a> {
        let nodes = self.layers.iter().filter_map(|layer| self.document().get(*layer, key));
        let layers = nodes.take_while(|node| matches!(self.document().value(*node), Value::Map(_))).collect();
        Scope { reader: self.reader, layers }
    }

    /// A value read by `read`, which gives nothing where the check of keys has complained.
    fn value<T>(&self, key: &str, read: impl FnOnce(NodeId) -> Option<T>) -> Known<T> {
        let Some(entry) = self.entry(key) else { return self.absent() };
        self.node_value(entry.value, key, read)
    }

    fn absent<T>(&self) -> Known<T> {
        if self.reader.is_broken {
            Known::Unknown(Why::new("the definition cannot be read to its end", None))
        } else {
            Known::Absent
        }
    }

    fn node_value<T>(&self, node: NodeId, key: &str, read: impl FnOnce(NodeId) -> Option<T>) -> Known<T> {
        let span = self.document().span(node);
        if let Value::Expression { operator: Operator::Unknown, name, .. } = self.document().value(node) {
            return Known::Unknown(Why::new(self.document().text(name), Some(span)));
        }
        match read(node) {
            Some(value) => Known::Known(Spanned::new(value, span)),
            None => Known::Unknown(Why::new(format!("the value of `{key}` is not valid"), Some(span))),
        }
    }

    fn str(&self, node: NodeId) -> Option<&'a str> {
        let text = self.document().str(node)?;
        (!self.reader.is_bad(self.document().span(node))).then_some(text)
    }

    fn text(&self, key: &str) -> Known<String> {
        self.parsed(key, |text| Some(text.to_owned()))
    }

    fn parsed<T>(&self, key: &str, parse: impl FnOnce(&str) -> Option<T>) -> Known<T> {
        self.value(key, |node| parse(self.str(node)?))
    }

    fn count(&self, key: &str, min: u64) -> Known<u64> {
        self.value(key, |node| self.integer(node).filter(|count| *count >= min))
    }

    fn integer(&self, node: NodeId) -> Option<u64> {
        match self.document().value(node) {
            Value::Int(number) => u64::try_from(number).ok(),
            _ => None,
        }
    }

    fn bytes(&self, key: &str) -> Known<u64> {
        self.value(key, |node| self.integer(node).or_else(|| units::bytes(self.document().str(node)?).ok()))
    }

    fn boolean(&self, key: &str) -> Known<bool> {
        self.value(key, |node| match self.document().value(node) {
            Value::Bool(value) => Some(value),
            _ => None,
        })
    }

    fn reference(&self, key: &str) -> Known<SchemaReference> {
        self.value(key, |node| match self.document().value(node) {
            Value::Map(_) => Some(SchemaReference { text: String::new(), target: Target::Inline(node) }),
            _ => self.reference_to(node),
        })
    }

    fn reference_to(&self, node: NodeId) -> Option<SchemaReference> {
        let text = self.str(node)?;
        Some(SchemaReference { text: text.to_owned(), target: self.reader.target(text) })
    }

    fn items(&self, key: &str) -> &'a [NodeId] {
        self.entry(key).map_or(&[], |entry| self.document().sequence(entry.value))
    }

    fn texts(&self, key: &str) -> Vec<Spanned<String>> {
        let text = |node: &NodeId| Some(Spanned::new(self.str(*node)?.to_owned(), self.document().span(*node)));
        self.items(key).iter().filter_map(text).collect()
    }

    fn consumers(&self) -> Vec<Consumer> {
        let consumer = |node: &NodeId| {
            let text = |key| self.document().get(*node, key).and_then(|node| self.str(node)).map(str::to_owned);
            Consumer { team: text("team"), dashboard: text("dashboard"), span: self.document().span(*node) }
        };
        self.items("consumers").iter().map(consumer).collect()
    }

    fn delivery(&self) -> Delivery {
        Delivery {
            cadence: self.parsed("cadence", cadence),
            time_zone: self.text("time_zone"),
            due: self.text("due"),
            on: self
                .value("on", |node| self.integer(node).map(|day| day.to_string()).or_else(|| self.str(node).map(str::to_owned))),
            lag: self.parsed("lag", Lag::parse),
            holidays: self.text("holidays"),
            free_days: Known::Absent,
            grace_seconds: self.parsed("grace", |text| units::seconds(text).ok()),
            latency_seconds: self.parsed("latency", |text| units::seconds(text).ok()),
            files: self.count("files", 1),
            rows: self.count("rows", 0),
            bytes: self.bytes("bytes"),
            largest_file: self.bytes("largest_file"),
        }
    }

    fn file(&self) -> FeedFile {
        let (name, name_map) = self.name_pattern();
        let sample = |node: &NodeId| Some(Spanned::new(self.reference_to(*node)?, self.document().span(*node)));
        FeedFile {
            name,
            name_map,
            format: self.text("format"),
            compression: self.text("compression"),
            prefix: self.text("prefix"),
            bucket: self.text("bucket"),
            samples: self.items("samples").iter().filter_map(sample).collect(),
            examples: self.texts("examples"),
            counter_examples: self.texts("counter_examples"),
        }
    }

    /// `name` or `pattern`, from the strongest layer that has one of the two.
    fn name_pattern(&self) -> (Known<NamePattern>, Option<Arc<SpanMap>>) {
        let document = self.document();
        let found = self.layers.iter().find_map(|layer| {
            let name = document.get(*layer, "name").map(|node| (node, "name"));
            name.or_else(|| document.get(*layer, "pattern").map(|node| (node, "pattern")))
        });
        let Some((node, key)) = found else { return (self.absent(), None) };
        let read: fn(&str) -> NamePattern = if key == "name" { NamePattern::template } else { NamePattern::regex };
        let pattern = self.node_value(node, key, |node| self.str(node).map(read));
        (pattern, embedded(document, node).map(|embedded| Arc::new(embedded.map)))
    }

    /// The name of the table, which may follow from that of the feed, and from parts of the name of a file.
    fn table_name(&self, feed: &FeedId) -> (Known<String>, Option<Spanned<TableTemplate>>) {
        let name = match (self.text("name"), self.reader.reading.environment) {
            (Known::Known(name), environment) => name.map(|name| {
                let name = name.replace("{feed}", &feed.0);
                environment.map_or(name.clone(), |environment| name.replace("{env}", environment))
            }),
            (name, _) => return (name, None),
        };
        if name.value.contains("{env}") {
            let why = "the table's name depends on the environment: say which with `--env`";
            return (Known::Unknown(Why::new(why, Some(name.span))), None);
        }
        let Some(template) = TableTemplate::read(&name.value) else { return (Known::Known(name), None) };
        let parts: Vec<String> = template.parts().map(|part| format!("`{{{part}}}`")).collect();
        let why = format!("the table's name follows from {} of the file's name", parts.join(" and "));
        (Known::Unknown(Why::new(why, Some(name.span))), Some(Spanned::new(template, name.span)))
    }

    fn table(&self, feed: &FeedId) -> FeedTable {
        let column = |node: &NodeId| Some(Spanned::new(self.str(*node)?.to_owned(), self.document().span(*node)));
        let (name, template) = self.table_name(feed);
        FeedTable {
            project: self.text("project"),
            dataset: self.text("dataset"),
            name,
            template,
            schema: self.value("schema", |node| self.reference_to(node)),
            partitioning: self.partitioning(),
            clustering: self.value("clustering", |node| match self.document().value(node) {
                Value::Sequence(items) => self.document().items(items).iter().map(column).collect(),
                _ => None,
            }),
            require_partition_filter: self.boolean("require_partition_filter"),
            write_disposition: self.text("write_disposition"),
            ignore_unknown_values: self.boolean("ignore_unknown_values"),
            load_job: self.text("load_job"),
        }
    }

    fn partitioning(&self) -> Known<Partitioning> {
        self.value("partitioning", |_| {
            let scope = self.map("partitioning");
            scope.layers.first()?;
            let seconds = scope.parsed("expiration", |text| units::seconds(text).ok());
            Some(Partitioning {
                kind: scope.text("type").value().map_or(PartitionKind::Unknown, |kind| PartitionKind::from_name(kind)),
                column: scope.text("field").spanned().cloned(),
                // Durations are far below 2^52 seconds.
                expiration_days: seconds.map(|seconds| seconds as f64 / units::DAY_SECONDS as f64),
                range: None,
            })
        })
    }
}

fn cadence(text: &str) -> Option<Cadence> {
    let pace = cron::pace(text);
    Some(Cadence { text: text.to_owned(), per_month: pace.map(|(count, _)| count), step: pace.map(|(_, step)| step) })
}

#[cfg(test)]
mod tests;
