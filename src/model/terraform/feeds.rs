//! Feeds that Terraform is told of: entries of a map behind `for_each`. Which map that is follows from the
//! configuration, else from names and from what the entries say; a map that says no name of files is left alone.

use super::Terraform;
use super::attributes::{Likeness, Lowering, likeness};
use super::evaluate::{Content, Evaluated, Evaluator, Member};
use crate::config::TerraformFeeds;
use crate::model::{FeedId, Skipped};
use crate::syntax::{Document, NodeId};
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet};

/// What maps of feeds are called.
const NAMES: [&str; 12] = [
    "feeds",
    "feed",
    "data_feeds",
    "feed_definitions",
    "feed_configs",
    "sources",
    "data_sources",
    "datasets",
    "deliveries",
    "ingestions",
    "imports",
    "loads",
];

/// The attribute that names an entry of a list.
const KEYS: [&str; 5] = ["feed", "feed_name", "name", "id", "key"];

/// An entry, lowered to the tree of a feed file.
pub struct Entry {
    pub document: Document,
    pub root: NodeId,
    /// The file in which the entry's own value stands, and that value.
    pub span: Span,
}

/// What Terraform says of feeds.
#[derive(Default)]
pub struct Found {
    pub entries: Vec<Entry>,
    /// Maps that are of feeds and cannot be had.
    pub skipped: Vec<Skipped>,
}

/// A map that may be of feeds.
struct Candidate<'a> {
    module: &'a str,
    /// `var.feeds`, `local.feeds`, or the address of what loops over it.
    address: String,
    name: &'a str,
    value: Evaluated,
    span: Span,
}

/// The entries of the maps of feeds. `known` are the feeds that other sources define: entries of their names in a map
/// with a name for feeds are of them, even when they say no name of files.
pub fn find<'a>(
    terraform: &'a Terraform<'a>,
    chosen: &TerraformFeeds,
    environment: Option<&'a str>,
    known: &BTreeSet<FeedId>,
) -> Found {
    let evaluator = Evaluator::with_variables(terraform, environment);
    let mut found = Found::default();
    let mut seen = BTreeSet::new();
    for candidate in candidates(terraform, &evaluator, chosen) {
        let is_chosen = chosen.variable.as_ref().is_some_and(|variable| variable.value == candidate.name);
        let is_named = is_chosen || NAMES.contains(&candidate.name);
        if let Some(why) = candidate.value.why().filter(|_| is_chosen || (is_named && is_of_feeds(candidate.name))) {
            let subject = candidate.address.clone();
            let (what, why, span) = ("feeds of Terraform".to_owned(), why.text.to_string(), Some(candidate.span));
            found.skipped.push(Skipped { what, subject, why, span });
            continue;
        }
        let members = members(&candidate.value);
        if !is_map_of_feeds(&members, is_chosen, is_named, chosen, known) {
            continue;
        }
        let (files, side, module) = (terraform.files, terraform.side, candidate.module);
        let lowering = Lowering { files, side, module, chosen };
        for member in members.iter().filter(|member| matches!(member.value.content, Content::Map(_))) {
            if seen.insert((member.key.clone(), member.value.span)) {
                let (document, root) = lowering.entry(member);
                found.entries.push(Entry { document, root, span: member.value.span });
            }
        }
    }
    found
}

fn is_of_feeds(name: &str) -> bool {
    name.contains("feed")
}

/// One entry that is clearly of a feed, or in a map with a name for feeds one that may be, makes the whole map one.
fn is_map_of_feeds(
    members: &[Member],
    is_chosen: bool,
    is_named: bool,
    chosen: &TerraformFeeds,
    known: &BTreeSet<FeedId>,
) -> bool {
    let wanted = if is_named { Likeness::Some } else { Likeness::Clear };
    let is_alike = || members.iter().any(|member| likeness(&member.value, chosen) >= wanted);
    let is_known = || is_named && members.iter().any(|member| known.contains(&FeedId(member.key.clone())));
    is_chosen || (chosen.guess && (is_alike() || is_known()))
}

/// The entries of a map, or of a list whose items name themselves.
fn members(value: &Evaluated) -> Vec<Member> {
    let of_item = |item: &Evaluated| {
        let key = KEYS.iter().find_map(|key| item.get(key))?;
        Some(Member { key: key.value.text()?.into(), key_span: key.value.span, value: item.clone() })
    };
    value.members().iter().cloned().chain(value.items().iter().filter_map(of_item)).collect()
}

/// Everything that may be a map of feeds: what is called so first, then whatever is looped over.
fn candidates<'a>(terraform: &'a Terraform<'a>, evaluator: &Evaluator<'a>, chosen: &TerraformFeeds) -> Vec<Candidate<'a>> {
    let is_wanted = |name: &str| match &chosen.variable {
        Some(variable) => variable.value == name,
        None => chosen.guess && NAMES.contains(&name),
    };
    let mut candidates = Vec::new();
    for (module, name) in terraform.variables.names().into_iter().filter(|(_, name)| is_wanted(name)) {
        let Some(span) = terraform.variables.span(module, name) else { continue };
        let value = evaluator.variable(module, name, span);
        candidates.push(Candidate { module, address: format!("var.{name}"), name, value, span });
    }
    for ((module, name), (document, node)) in terraform.locals.iter().filter(|((_, name), _)| is_wanted(name)) {
        let (value, span) = (evaluator.evaluate(document, module, *node), document.span(*node));
        candidates.push(Candidate { module, address: format!("local.{name}"), name, value, span });
    }
    for (module, call, document, body) in &terraform.calls {
        for argument in document.map(*body).iter().filter(|argument| is_wanted(document.key(argument))) {
            let (name, span) = (document.key(argument), document.span(argument.value));
            let value = evaluator.evaluate(document, module, argument.value);
            candidates.push(Candidate { module, address: format!("module.{call}.{name}"), name, value, span });
        }
    }
    if chosen.variable.is_none() && chosen.guess {
        candidates.extend(loops(terraform, evaluator));
    }
    candidates
}

/// What resources and modules loop over.
fn loops<'a>(terraform: &'a Terraform<'a>, evaluator: &Evaluator<'a>) -> Vec<Candidate<'a>> {
    let of_resources =
        terraform.resources.values().map(|resource| (resource.module, resource.address(), resource.document, resource.body));
    let of_calls =
        terraform.calls.iter().map(|(module, name, document, body)| (*module, format!("module.{name}"), *document, *body));
    // Many resources loop over one variable, which is worked out once.
    let mut done: BTreeMap<(&str, &str), ()> = BTreeMap::new();
    let mut candidates = Vec::new();
    for (module, address, document, body) in of_resources.chain(of_calls) {
        let Some(node) = document.get(body, "for_each") else { continue };
        let span = document.span(node);
        let written = document.source().get(span.range()).unwrap_or("");
        if done.insert((module, written), ()).is_none() {
            candidates.push(Candidate { module, address, name: "", value: evaluator.evaluate(document, module, node), span });
        }
    }
    candidates
}

#[cfg(test)]
mod tests;
