//! A feed is gone, and something still reads the table that it was loaded into.

use crate::model::facts::Item;
use crate::model::graph::{Graph, Kind, Node, Stage};
use crate::model::{Feed, Model, Table};
use crate::rules::{Context, Sink};
use crate::text::Side;
use std::cell::LazyCell;

/// Further readers that are shown.
const MAX_OTHERS: usize = 8;

pub(in crate::rules) fn removed_feed(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(base) = context.base else { return };
    let removed = base.feeds.values().filter(|feed| context.pairs.feeds.head_of(&feed.id).is_none());
    let removed: Vec<(&Feed, &Table)> = removed.filter_map(|feed| Some((feed, base.table_of(feed)?))).collect();
    if removed.is_empty() {
        return;
    }
    let project = context.config.project.as_ref().map(|project| project.value.as_str());
    let graph = |model| LazyCell::new(move || Graph::of(model, project));
    let graphs = Graphs { head: graph(context.head), base: graph(base) };
    for (feed, table) in removed {
        let users = graphs.users(context, table);
        match hidden(context.head, feed) {
            Some(why) if !users.is_empty() => sink.not_checked(&Item::Feed(feed).subject(), why, None),
            _ => report(feed, table, &users, sink),
        }
    }
}

/// The ways of both revisions, each drawn when it is asked for.
struct Graphs<F: FnOnce() -> Graph> {
    head: LazyCell<Graph, F>,
    base: LazyCell<Graph, F>,
}

impl<F: FnOnce() -> Graph> Graphs<F> {
    /// What still reads or loads the table of a removed feed; nothing, where another feed is loaded into it.
    fn users(&self, context: &Context<'_>, table: &Table) -> Vec<&Node> {
        let id = context.pairs.tables.head_of(&table.id).unwrap_or(&table.id);
        match context.head.table_called(id) {
            Some(table) if table.feeds.is_empty() => users(&self.head, &table.id.to_string()),
            Some(_) => Vec::new(),
            // Where the table went too, what stands in files that nobody touched still names it.
            None => {
                let is_untouched =
                    |node: &&Node| node.span.is_some_and(|span| context.files.of(Side::Head).any(|(id, _)| id == span.file));
                users(&self.base, &table.id.to_string()).into_iter().filter(is_untouched).collect()
            }
        }
    }
}

/// An entry of a map in Terraform may be there still, and not be known.
fn hidden(head: &Model, feed: &Feed) -> Option<&'static str> {
    let source = feed.origins.first()?.source;
    let is_read = head.feeds.values().any(|other| other.origins.iter().any(|origin| origin.source == source));
    (source == crate::model::feed::FeedSource::Terraform && !is_read)
        .then_some("no feed is read from Terraform any longer: the map may be there, and not be known")
}

/// What reads a table, and what loads it, by stage.
fn users<'g>(graph: &'g Graph, key: &str) -> Vec<&'g Node> {
    let is_table = |node: &Node| matches!(node.kind, Kind::Table | Kind::Derived) && *node.key == *key;
    let Some(table) = graph.nodes.iter().position(is_table) else { return Vec::new() };
    let other = |edge: &crate::model::graph::Edge| match (edge.from == table, edge.to == table) {
        _ if edge.is_declared => None,
        (true, _) => Some(edge.to),
        (_, true) => Some(edge.from),
        _ => None,
    };
    let others = graph.edges.iter().filter_map(other).filter_map(|at| graph.nodes.get(at));
    let mut users: Vec<&Node> =
        others.filter(|node| node.span.is_some() && (node.kind.stage() == Stage::Load || node.kind > Kind::Table)).collect();
    users.sort_by_key(|node| (node.kind.stage() == Stage::Load, node.kind, &node.key));
    users
}

fn report(feed: &Feed, table: &Table, users: &[&Node], sink: &mut Sink<'_>) {
    let Some((first, others)) = users.split_first() else { return };
    let Some(span) = first.span else { return };
    let and = match others.len() {
        0 => String::new(),
        1 => " and 1 other".to_owned(),
        n => format!(" and {n} others"),
    };
    let (does, name) = (verb(first, others.len()), &first.name);
    let message =
        format!("{} `{name}`{and} still {does} `{}`, and its feed `{}` is removed", first.kind.name(), table.id, feed.id);
    let finding = sink.report(Item::Feed(feed).subject(), span, message);
    for other in others.iter().take(MAX_OTHERS) {
        if let Some(span) = other.span {
            finding.related(span, format!("{} `{}` {} it too", other.kind.name(), other.name, verb(other, 0)));
        }
    }
    finding.related(feed.name_span, "the feed as it was");
}

fn verb(node: &Node, n_others: usize) -> &'static str {
    match (node.kind.stage() == Stage::Load, n_others) {
        (true, 0) => "loads",
        (true, _) => "load",
        (false, 0) => "reads",
        (false, _) => "read",
    }
}
