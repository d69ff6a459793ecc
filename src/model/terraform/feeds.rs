//! Feeds that Terraform is told of: entries of a map behind `for_each`. Which map that is follows from the
//! configuration, else from names and from what the entries say; a map that says no name of files is left alone.

use super::Terraform;
use super::attributes::{Likeness, Lowering, is_of_data, likeness};
use super::evaluate::{Content, Evaluated, Member};
use super::instances::Module;
use crate::config::TerraformFeeds;
use crate::model::{FeedId, Skipped};
use crate::syntax::{Document, NodeId};
use crate::text::Span;
use std::collections::BTreeSet;
use std::sync::Arc;

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
    pub key_span: Span,
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
pub fn find<'a>(terraform: &Terraform<'a>, chosen: &TerraformFeeds, known: &BTreeSet<FeedId>) -> Found {
    let mut found = Found::default();
    let mut seen = BTreeSet::new();
    let mut unread = Vec::new();
    for candidate in candidates(terraform, chosen) {
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
            unread.extend(is_unread(&candidate, &members, chosen).then_some(candidate));
            continue;
        }
        let (files, side, module) = (terraform.index.files, terraform.index.side, candidate.module);
        let lowering = Lowering { files, side, module, chosen };
        for member in members.iter().filter(|member| matches!(member.value.content, Content::Map(_))) {
            if seen.insert((member.key.clone(), member.value.span)) {
                let (document, root) = lowering.entry(member);
                found.entries.push(Entry { document, root, span: member.value.span, key_span: member.key_span });
            }
        }
    }
    // Where one map is read, another of that name says something else of the same feeds.
    if found.entries.is_empty() && known.is_empty() {
        found.skipped.extend(unread.into_iter().next().map(skip_unread));
    }
    found
}

/// Whether a map is called as maps of feeds are, and nothing in it is known for a name of files.
fn is_unread(candidate: &Candidate<'_>, members: &[Member], chosen: &TerraformFeeds) -> bool {
    chosen.guess && is_of_feeds(candidate.name) && members.iter().any(|member| is_of_data(&member.value, chosen))
}

fn skip_unread(candidate: Candidate<'_>) -> Skipped {
    let why = "no attribute of its entries is known to name files: say which one does under `terraform.feeds.attributes`";
    let (what, why, span) = ("feeds of Terraform".to_owned(), why.to_owned(), Some(candidate.span));
    Skipped { what, subject: candidate.address, why, span }
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
fn candidates<'a>(terraform: &Terraform<'a>, chosen: &TerraformFeeds) -> Vec<Candidate<'a>> {
    let is_wanted = |name: &str| match &chosen.variable {
        Some(variable) => variable.value == name,
        None => chosen.guess && NAMES.contains(&name),
    };
    let modules = terraform.evaluator().modules();
    let mut candidates: Vec<_> = modules.iter().flat_map(|module| of_module(terraform, module, &is_wanted)).collect();
    if chosen.variable.is_none() && chosen.guess {
        candidates.extend(modules.iter().flat_map(|module| loops(terraform, module)));
    }
    candidates
}

/// Variables and locals of a module, and arguments of its calls, of which a name says that they may be of feeds.
fn of_module<'a>(terraform: &Terraform<'a>, module: &Arc<Module<'a>>, is_wanted: &dyn Fn(&str) -> bool) -> Vec<Candidate<'a>> {
    let (evaluator, index) = (terraform.evaluator(), &terraform.index);
    let mut candidates = Vec::new();
    let folder = module.folder;
    let variables = index.variables.names().into_iter().filter(|(own, name)| *own == folder && is_wanted(name));
    for (_, name) in variables {
        let Some(span) = index.variables.span(folder, name) else { continue };
        let value = evaluator.variable_of(module, name, span);
        candidates.push(Candidate { module: folder, address: format!("var.{name}"), name, value, span });
    }
    let locals = index.locals.iter().filter(|((own, name), _)| *own == folder && is_wanted(name));
    for ((_, name), (document, node)) in locals {
        let (value, span) = (evaluator.in_module(module, document, *node, None), document.span(*node));
        candidates.push(Candidate { module: folder, address: format!("local.{name}"), name, value, span });
    }
    for ((_, call), called) in index.calls.iter().filter(|((own, _), _)| *own == folder) {
        let document = called.document;
        // An argument of a call that loops is one entry at most, of a map that is looked at as such.
        if document.get(called.body, "for_each").is_some() {
            continue;
        }
        for argument in document.map(called.body).iter().filter(|argument| is_wanted(document.key(argument))) {
            let (name, span) = (document.key(argument), document.span(argument.value));
            let value = evaluator.in_module(module, document, argument.value, None);
            candidates.push(Candidate { module: folder, address: format!("module.{call}.{name}"), name, value, span });
        }
    }
    candidates
}

/// What resources and calls of a module loop over.
fn loops<'a>(terraform: &Terraform<'a>, module: &Arc<Module<'a>>) -> Vec<Candidate<'a>> {
    let (evaluator, index, folder) = (terraform.evaluator(), &terraform.index, module.folder);
    let of_resources = index.resources.iter().filter(|((own, ..), _)| *own == folder);
    let of_resources = of_resources.map(|((_, kind, name), block)| (format!("{kind}.{name}"), block.document, block.body));
    let of_calls = index.calls.iter().filter(|((own, _), _)| *own == folder);
    let of_calls = of_calls.map(|((_, name), call)| (format!("module.{name}"), call.document, call.body));
    // Many resources loop over one variable, which is worked out once.
    let mut done = BTreeSet::new();
    let mut candidates = Vec::new();
    for (address, document, body) in of_resources.chain(of_calls) {
        let Some(node) = document.get(body, "for_each") else { continue };
        let span = document.span(node);
        let written = document.source().get(span.range()).unwrap_or("");
        if done.insert(written) {
            let value = evaluator.in_module(module, document, node, None);
            candidates.push(Candidate { module: folder, address, name: "", value, span });
        }
    }
    candidates
}

#[cfg(test)]
mod tests;
