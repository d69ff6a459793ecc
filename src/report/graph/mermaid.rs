//! The drawing as Mermaid, which GitHub draws in a comment. A comment is bounded and so is Mermaid on GitHub: what is too
//! much is left out feed by feed, and said.

use super::sketch;
use super::{Drawing, Severity};
use crate::model::graph::Kind;
use crate::report::told::{Sketch, SketchNode};
use crate::report::{amount, clean};
use std::cmp::Reverse;
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
struct Group<'s> {
    /// Places in the sketch.
    members: Vec<usize>,
    kind: Kind,
    first: &'s SketchNode<'s>,
}

/// The drawing between fences, and a line below for what it leaves out.
pub fn mermaid(drawing: &Drawing<'_>) -> String {
    sketched(&sketch::whole(drawing), MAX_NODES)
}

/// The same of a sketch, which may be anybody's, of at most so many nodes.
pub(in crate::report) fn sketched(sketch: &Sketch<'_>, max_nodes: usize) -> String {
    let groups = groups(sketch);
    let shown = chosen(&groups, max_nodes);
    let drawn: Vec<&Group<'_>> = shown.iter().filter_map(|at| groups.get(*at)).collect();
    let mut out = String::from("```mermaid\nflowchart LR\n");
    let mut number: BTreeMap<usize, usize> = BTreeMap::new();
    for (n, group) in drawn.iter().enumerate() {
        number.extend(group.members.iter().map(|at| (*at, n)));
        let _ = writeln!(out, "  n{n}{}", labelled(group));
    }
    let edges = sketch.edges.iter().filter_map(|edge| Some((*number.get(&edge.from)?, *number.get(&edge.to)?, edge.declared)));
    let edges: BTreeSet<(usize, usize, bool)> = edges.collect();
    for (from, to, is_declared) in edges.iter().take(MAX_EDGES) {
        let _ = writeln!(out, "  n{from} {} n{to}", if *is_declared { "-.->" } else { "-->" });
    }
    classes(&drawn, &mut out);
    out.push_str("```\n");
    let left_out: Vec<&Group<'_>> = (0..groups.len()).filter(|at| !shown.contains(at)).filter_map(|at| groups.get(at)).collect();
    out.push_str(&note(sketch, &left_out, edges.len().saturating_sub(MAX_EDGES)));
    clean::without_commands(out)
}

/// Things of one kind that stand between the same others, with the same findings, are drawn as one where they are many.
fn groups<'s>(sketch: &'s Sketch<'s>) -> Vec<Group<'s>> {
    let mut around: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for edge in &sketch.edges {
        around.entry(edge.from).or_default().1.push(edge.to);
        around.entry(edge.to).or_default().0.push(edge.from);
    }
    let mut alike: BTreeMap<_, Vec<(usize, &SketchNode<'_>)>> = BTreeMap::new();
    for (at, node) in sketch.nodes.iter().enumerate().filter(|(at, _)| around.contains_key(at)) {
        let Some(kind) = Kind::from_name(&node.kind) else { continue };
        alike.entry((kind, worst(node), &node.change, around.get(&at))).or_default().push((at, node));
    }
    let mut groups = Vec::new();
    for ((kind, worst, change, _), members) in alike {
        let is_one = members.len() > MAX_ALIKE && kind != Kind::Feed && worst.is_none() && change.is_none();
        let group = |members: &[(usize, &'s SketchNode<'s>)]| {
            members.first().map(|(_, first)| Group { members: members.iter().map(|(at, _)| *at).collect(), kind, first })
        };
        groups.extend(members.chunks(if is_one { members.len() } else { 1 }).filter_map(group));
    }
    groups.sort_by_key(|group| group.members.first().copied());
    groups
}

/// The groups that are drawn: everything, or one feed after the other as long as there is room, those with findings first.
fn chosen(groups: &[Group<'_>], max_nodes: usize) -> BTreeSet<usize> {
    if groups.len() <= max_nodes {
        return (0..groups.len()).collect();
    }
    let mut feeds: Vec<&SketchNode<'_>> = groups.iter().filter(|one| one.kind == Kind::Feed).map(|one| one.first).collect();
    feeds.sort_by_key(|feed| Reverse((worst(feed), feed.change.is_some())));
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    for own in feeds.iter().filter_map(|feed| feed.feeds.first()) {
        let is_of = |n: &usize| groups.get(*n).is_some_and(|group| group.first.feeds.contains(own));
        let more: Vec<usize> = (0..groups.len()).filter(|n| !taken.contains(n)).filter(is_of).collect();
        if taken.len() + more.len() <= max_nodes {
            taken.extend(more);
        }
    }
    if taken.is_empty() {
        taken.extend(0..max_nodes);
    }
    taken
}

fn worst(node: &SketchNode<'_>) -> Option<Severity> {
    Severity::from_name(node.worst.as_deref()?)
}

fn labelled(group: &Group<'_>) -> String {
    let name = match group.members.as_slice() {
        [_] => format!("{}<br>{}", group.kind.name(), escaped(&clean::shortened(&group.first.name, MAX_NAME))),
        several => amount::count(several.len(), group.kind.name()),
    };
    let badge = match group.first.findings {
        0 => String::new(),
        n => format!("<br>⚠ {n} found"),
    };
    let change = match group.first.change.as_deref() {
        Some("added") => "<br>new",
        Some("renamed") => "<br>renamed",
        Some(_) => "<br>changed",
        None => "",
    };
    let (open, close) = shape(group.kind);
    format!("{open}\"{name}{change}{badge}\"{close}")
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
fn classes(drawn: &[&Group<'_>], out: &mut String) {
    let of = |wanted: &dyn Fn(&Group<'_>) -> bool| -> Vec<String> {
        drawn.iter().enumerate().filter(|(_, group)| wanted(group)).map(|(n, _)| format!("n{n}")).collect()
    };
    let styles = [
        ("changed", "stroke:#0969da,stroke-width:2px", of(&|group| group.first.change.is_some() && worst(group.first).is_none())),
        ("error", "stroke:#d1242f,stroke-width:3px", of(&|group| worst(group.first) == Some(Severity::Error))),
        ("warning", "stroke:#bf8700,stroke-width:3px", of(&|group| worst(group.first) == Some(Severity::Warning))),
        ("elsewhere", "stroke-dasharray:4", of(&|group| !group.first.declared)),
    ];
    for (name, style, nodes) in styles.iter().filter(|(_, _, nodes)| !nodes.is_empty()) {
        let _ = writeln!(out, "  classDef {name} {style}\n  class {} {name}", nodes.join(","));
    }
}

/// What is not drawn.
fn note(sketch: &Sketch<'_>, left_out: &[&Group<'_>], n_edges_out: usize) -> String {
    let count = |groups: &mut dyn Iterator<Item = &&Group<'_>>| groups.map(|group| group.members.len()).sum::<usize>();
    let n_feeds = count(&mut left_out.iter().filter(|group| group.kind == Kind::Feed));
    let n_others = count(&mut left_out.iter()) - n_feeds;
    let parts = [(n_feeds, "feed"), (n_others, "other thing"), (n_edges_out, "way")];
    let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| amount::count(*n, what)).collect();
    let mut sentences = Vec::new();
    if !parts.is_empty() {
        sentences.push(format!("Left out for want of room: {}. `feedgate graph --format html` draws all.", parts.join(", ")));
    }
    if sketch.alone > 0 {
        let stands = if sketch.alone == 1 { "stands" } else { "stand" };
        sentences.push(format!("{} {stands} alone: nothing here leads to or from it.", amount::count(sketch.alone, "thing")));
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
