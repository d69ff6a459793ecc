//! The drawing as Mermaid, which GitHub draws in a comment. A comment is bounded and so is Mermaid on GitHub: what is too
//! much is left out feed by feed, and said.

use super::Drawing;
use crate::diagnostic::Severity;
use crate::model::graph::{Edge, Kind, Node};
use crate::report::{amount, clean};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Nodes beyond which nobody finds a way in a comment.
const MAX_NODES: usize = 80;
/// GitHub's Mermaid refuses more than 500.
const MAX_EDGES: usize = 300;
/// Characters of a name.
const MAX_NAME: usize = 48;
/// So many things that stand between the same others are still drawn each by itself.
const MAX_ALIKE: usize = 3;

/// What becomes one node of the drawing.
struct Group {
    /// Places in the graph.
    members: Vec<usize>,
    kind: Kind,
}

/// The drawing between fences, and a line below for what it leaves out.
pub fn mermaid(drawing: &Drawing<'_>) -> String {
    let groups = groups(drawing);
    let shown = chosen(drawing, &groups);
    let drawn: Vec<&Group> = groups.iter().filter(|group| group.members.iter().all(|at| shown.contains(at))).collect();
    let mut out = String::from("```mermaid\nflowchart LR\n");
    let mut number: BTreeMap<usize, usize> = BTreeMap::new();
    for (n, group) in drawn.iter().enumerate() {
        number.extend(group.members.iter().map(|at| (*at, n)));
        let _ = writeln!(out, "  n{n}{}", labelled(drawing, group));
    }
    let drawn_edge = |edge: &Edge| Some((*number.get(&edge.from)?, *number.get(&edge.to)?, edge.is_declared));
    let edges: BTreeSet<(usize, usize, bool)> = drawing.graph.edges.iter().filter_map(drawn_edge).collect();
    for (from, to, is_declared) in edges.iter().take(MAX_EDGES) {
        let _ = writeln!(out, "  n{from} {} n{to}", if *is_declared { "-.->" } else { "-->" });
    }
    classes(drawing, &drawn, &mut out);
    out.push_str("```\n");
    out.push_str(&note(drawing, &shown, edges.len().saturating_sub(MAX_EDGES)));
    clean::without_commands(out)
}

/// Things of one kind that stand between the same others, with the same findings, are drawn as one where they are many.
fn groups(drawing: &Drawing<'_>) -> Vec<Group> {
    let mut around: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for edge in &drawing.graph.edges {
        around.entry(edge.from).or_default().1.push(edge.to);
        around.entry(edge.to).or_default().0.push(edge.from);
    }
    let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, node) in drawing.nodes().filter(|(at, _)| around.contains_key(at)) {
        alike.entry((node.kind, drawing.worst(at), around.get(&at))).or_default().push(at);
    }
    let mut groups = Vec::new();
    for ((kind, worst, _), members) in alike {
        let is_one = members.len() > MAX_ALIKE && kind != Kind::Feed && worst.is_none();
        match is_one {
            true => groups.push(Group { members, kind }),
            false => groups.extend(members.into_iter().map(|at| Group { members: vec![at], kind })),
        }
    }
    groups.sort_by_key(|group| group.members.first().copied());
    groups
}

/// The places that are drawn: everything, or one feed after the other as long as there is room, those with findings first.
fn chosen(drawing: &Drawing<'_>, groups: &[Group]) -> BTreeSet<usize> {
    if groups.len() <= MAX_NODES {
        return groups.iter().flat_map(|group| group.members.iter().copied()).collect();
    }
    let is_of =
        |group: &Group, feed| group.members.iter().any(|at| node(drawing, *at).is_some_and(|node| node.feeds.contains(feed)));
    let mut feeds: Vec<_> = drawing.nodes().filter(|(_, node)| node.kind == Kind::Feed).collect();
    feeds.sort_by_key(|(at, _)| std::cmp::Reverse(drawing.worst(*at)));
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    for (_, feed) in feeds {
        let own = feed.feeds.iter().next();
        let more: Vec<usize> = (0..groups.len())
            .filter(|n| !taken.contains(n))
            .filter(|n| own.zip(groups.get(*n)).is_some_and(|(feed, group)| is_of(group, feed)))
            .collect();
        if taken.len() + more.len() <= MAX_NODES {
            taken.extend(more);
        }
    }
    if taken.is_empty() {
        taken.extend(0..MAX_NODES);
    }
    taken.into_iter().filter_map(|n| groups.get(n)).flat_map(|group| group.members.iter().copied()).collect()
}

fn node<'a>(drawing: &Drawing<'a>, at: usize) -> Option<&'a Node> {
    drawing.graph.nodes.get(at)
}

fn labelled(drawing: &Drawing<'_>, group: &Group) -> String {
    let first = group.members.first().copied().unwrap_or_default();
    let name = match group.members.as_slice() {
        [_] => {
            let name = node(drawing, first).map_or("", |node| node.name.as_str());
            format!("{}<br>{}", group.kind.name(), escaped(&clean::shortened(name, MAX_NAME)))
        }
        several => amount::count(several.len(), group.kind.name()),
    };
    let badge = match drawing.findings(first).len() {
        0 => String::new(),
        n => format!("<br>⚠ {n} found"),
    };
    let (open, close) = shape(group.kind);
    format!("{open}\"{name}{badge}\"{close}")
}

fn shape(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Feed => ("([", "])"),
        Kind::Bucket => ("[(", ")]"),
        Kind::Topic | Kind::Trigger => ("{{", "}}"),
        Kind::Workflow | Kind::Function | Kind::Service | Kind::Endpoint => ("[[", "]]"),
        Kind::Table | Kind::Derived | Kind::View => ("[", "]"),
        Kind::Query | Kind::Look => ("(", ")"),
        Kind::Dashboard => ("[/", "/]"),
    }
}

/// Colours that read on a light and on a dark page alike.
fn classes(drawing: &Drawing<'_>, drawn: &[&Group], out: &mut String) {
    let of = |wanted: &dyn Fn(&Group) -> bool| -> Vec<String> {
        drawn.iter().enumerate().filter(|(_, group)| wanted(group)).map(|(n, _)| format!("n{n}")).collect()
    };
    let worst = |group: &Group| group.members.iter().filter_map(|at| drawing.worst(*at)).max();
    let is_strange = |group: &Group| group.members.iter().all(|at| node(drawing, *at).is_some_and(|node| node.span.is_none()));
    let styles = [
        ("error", "stroke:#d1242f,stroke-width:3px", of(&|group| worst(group) == Some(Severity::Error))),
        ("warning", "stroke:#bf8700,stroke-width:3px", of(&|group| worst(group) == Some(Severity::Warning))),
        ("elsewhere", "stroke-dasharray:4", of(&is_strange)),
    ];
    for (name, style, nodes) in styles.iter().filter(|(_, _, nodes)| !nodes.is_empty()) {
        let _ = writeln!(out, "  classDef {name} {style}\n  class {} {name}", nodes.join(","));
    }
}

/// What is not drawn.
fn note(drawing: &Drawing<'_>, shown: &BTreeSet<usize>, n_edges_out: usize) -> String {
    let linked: BTreeSet<usize> = drawing.graph.edges.iter().flat_map(|edge| [edge.from, edge.to]).collect();
    let n_alone = drawing.graph.nodes.len() - linked.len();
    let out: Vec<usize> = linked.iter().copied().filter(|at| !shown.contains(at)).collect();
    let n_feeds = out.iter().filter(|at| node(drawing, **at).is_some_and(|node| node.kind == Kind::Feed)).count();
    let mut parts = Vec::new();
    if n_feeds > 0 {
        parts.push(amount::count(n_feeds, "feed"));
    }
    if out.len() > n_feeds {
        parts.push(amount::count(out.len() - n_feeds, "other thing"));
    }
    if n_edges_out > 0 {
        parts.push(amount::count(n_edges_out, "way"));
    }
    let mut sentences = Vec::new();
    if !parts.is_empty() {
        sentences.push(format!("Left out for want of room: {}. `feedgate graph --format html` draws all.", parts.join(", ")));
    }
    if n_alone > 0 {
        let stands = if n_alone == 1 { "stands" } else { "stand" };
        sentences.push(format!("{} {stands} alone: nothing here leads to or from it.", amount::count(n_alone, "thing")));
    }
    if sentences.is_empty() { String::new() } else { format!("\n{}\n", sentences.join(" ")) }
}

/// Mermaid reads `#60;` as the character of that number: only what cannot mean anything stays as it is.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in clean::line(text).chars() {
        match character {
            ' ' | '_' | '-' | '.' | '/' | ':' | '…' => out.push(character),
            character if character.is_alphanumeric() => out.push(character),
            character => {
                let _ = write!(out, "#{};", u32::from(character));
            }
        }
    }
    out
}
