//! Plans, as `terraform show -json` prints them: the values that Terraform itself worked out. They stand over what follows
//! from the files, at the places where the files say it. The format is described at
//! <https://developer.hashicorp.com/terraform/internals/json-format>.

use super::index::Index;
use super::instances::{Key, Module};
use super::variables::Chosen;
use crate::model::environment::named_in;
use crate::syntax::{Document, NodeId, Value};
use crate::text::{Files, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Modules stand in modules this deep.
const MAX_DEPTH: usize = 32;

/// The plans of root modules, by their folders. Of two for one environment the later one counts.
#[derive(Default)]
pub(super) struct Plans<'a> {
    of_roots: BTreeMap<&'a str, Vec<Plan<'a>>>,
    /// Plans that are of nothing in the repository, or that say nothing.
    pub(super) unused: Vec<Span>,
}

/// A value of a plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planned<'a> {
    pub(super) document: &'a Document,
    pub(super) node: NodeId,
}

struct Plan<'a> {
    document: &'a Document,
    /// The one that its name speaks of, where its root module is not of that one anyway.
    environment: Option<&'static str>,
    variables: Option<NodeId>,
    /// The values of each instance, by its address in the root module.
    resources: BTreeMap<String, NodeId>,
    /// The keys of instances of resources and modules, by their address without key.
    keys: BTreeMap<String, Vec<Key>>,
}

impl<'a> Plans<'a> {
    pub(super) fn read(files: &'a Files, index: &Index<'a>, documents: impl IntoIterator<Item = &'a Document>) -> Plans<'a> {
        let mut plans = Plans::default();
        for document in documents {
            match Plan::read(document).and_then(|plan| Some((plan.root(files, index)?, plan))) {
                Some((folder, plan)) => {
                    let name = files.get(document.file()).path.name();
                    let of_folder = folder.rsplit('/').find_map(named_in);
                    let environment = named_in(name).filter(|own| of_folder != Some(own));
                    plans.of_roots.entry(folder).or_default().push(Plan { environment, ..plan });
                }
                None => plans.unused.push(Span::start_of(document.file())),
            }
        }
        plans
    }

    /// Whether there is one of this root module.
    pub(super) fn is_of(&self, root: &str) -> bool {
        self.of_roots.contains_key(root)
    }

    /// The environments that the plans of each root module are named for.
    pub(super) fn environments(&self) -> impl Iterator<Item = (&'a str, BTreeSet<&'static str>)> {
        let named = |plans: &Vec<Plan<'a>>| plans.iter().filter_map(|plan| plan.environment).collect();
        self.of_roots.iter().map(move |(root, plans)| (*root, named(plans)))
    }

    /// The plans that count in no environment, or not in the one that is asked for, and why.
    pub(super) fn left_out(&self, files: &Files, chosen: &Chosen<'_>) -> Vec<(Span, String)> {
        let mut found = Vec::new();
        for (root, plans) in &self.of_roots {
            let taken = self.of(root, chosen);
            let mut plans = plans.as_slice();
            while let [plan, later @ ..] = plans {
                let why = match (plan.counts_less_than(later, taken), taken, plan.environment, chosen.environment()) {
                    (Some(other), ..) => {
                        let path = &files.get(other.document.file()).path;
                        Some(format!("`{path}` is a plan of the same root module, and counts in its place"))
                    }
                    (None, None, Some(own), Some(asked)) => Some(format!("the plan is of `{own}`, and `{asked}` is asked for")),
                    _ => None,
                };
                found.extend(why.map(|why| (Span::start_of(plan.document.file()), why)));
                plans = later;
            }
        }
        found
    }

    /// The plan of a root module in an environment: one that is named for it, else one that is named for none. Where no
    /// environment is asked for, one that is named for any will do.
    fn of(&self, root: &str, chosen: &Chosen<'_>) -> Option<&Plan<'a>> {
        let distance = |plan: &&Plan<'a>| chosen.distance_of(plan.environment);
        let counts = |plan: &&Plan<'a>| chosen.environment().is_none() || distance(plan) <= chosen.distance_of(None);
        self.of_roots.get(root)?.iter().rev().filter(counts).min_by_key(distance)
    }

    /// The value of a variable of a root module.
    pub(super) fn variable(&self, root: &str, chosen: &Chosen<'_>, name: &str) -> Option<Planned<'a>> {
        let Plan { document, variables, .. } = self.of(root, chosen)?;
        Some(Planned { document, node: document.get(document.get((*variables)?, name)?, "value")? })
    }

    /// What a resource will be.
    pub(super) fn resource(&self, module: &Module<'a>, chosen: &Chosen<'_>, address: &str) -> Option<Planned<'a>> {
        let plan = self.of(module.root, chosen)?;
        let node = plan.resources.get(&within(module, address)).copied()?;
        Some(Planned { document: plan.document, node })
    }

    /// The keys of all instances of a block, `None` where no plan covers it.
    pub(super) fn keys(&self, module: &Module<'a>, chosen: &Chosen<'_>, address: &str) -> Option<&[Key]> {
        let plan = self.of(module.root, chosen)?;
        Some(plan.keys.get(&within(module, address)).map_or(&[], Vec::as_slice))
    }
}

impl<'a> Planned<'a> {
    /// The value of an attribute; `None` where it is null or known only when it is applied.
    pub(super) fn get(self, attribute: &str) -> Option<Planned<'a>> {
        let node = self.document.get(self.node, attribute)?;
        (self.document.value(node) != Value::Null).then_some(Planned { node, ..self })
    }

    /// The blocks of one type: a list, or one alone.
    pub(super) fn blocks(self, kind: &str) -> Vec<Planned<'a>> {
        let Some(found) = self.get(kind) else { return Vec::new() };
        let items = match found.document.value(found.node) {
            Value::Sequence(items) => found.document.items(items).to_vec(),
            _ => vec![found.node],
        };
        items.into_iter().map(|node| Planned { node, ..self }).collect()
    }
}

impl<'a> Plan<'a> {
    fn read(document: &'a Document) -> Option<Plan<'a>> {
        let root = *document.roots.first()?;
        let module = document.get(document.get(root, "planned_values")?, "root_module")?;
        let variables = document.get(root, "variables");
        let mut plan = Plan { document, environment: None, variables, resources: BTreeMap::new(), keys: BTreeMap::new() };
        plan.module(module, 0);
        Some(plan)
    }

    /// The plan that counts wherever this one would: a later one for the same environment, or the one that is taken, which
    /// is named for an environment where this one is not.
    fn counts_less_than<'p>(&self, later: &'p [Plan<'a>], taken: Option<&'p Plan<'a>>) -> Option<&'p Plan<'a>> {
        let same = later.iter().find(|later| later.environment == self.environment);
        same.or_else(|| taken.filter(|taken| self.environment.is_none() && taken.environment.is_some()))
    }

    fn module(&mut self, module: NodeId, depth: usize) {
        let document = self.document;
        let text = |node, key| document.get(node, key).and_then(|node| document.str(node));
        for resource in list(document, module, "resources") {
            let Some(address) = text(resource, "address").filter(|_| text(resource, "mode") == Some("managed")) else { continue };
            self.resources.extend(document.get(resource, "values").map(|values| (address.to_owned(), values)));
            let key = document.get(resource, "index").and_then(|index| match document.value(index) {
                Value::String(text) => Some(Key::planned(document.text(text), false)),
                Value::Int(number) => Some(Key::planned(&number.to_string(), true)),
                _ => None,
            });
            self.keys.entry(base(address, key.as_ref())).or_default().extend(key);
        }
        for child in list(document, module, "child_modules").into_iter().filter(|_| depth < MAX_DEPTH) {
            if let Some(address) = text(child, "address") {
                let key = last_key(address);
                self.keys.entry(base(address, key.as_ref())).or_default().extend(key);
            }
            self.module(child, depth + 1);
        }
    }

    /// The folder of the root module that the plan is of: the one that it lies in, else the one that declares most of it.
    fn root(&self, files: &'a Files, index: &Index<'a>) -> Option<&'a str> {
        let is_declared = |folder: &str, address: &str| match address.split('.').collect::<Vec<_>>().as_slice() {
            ["module", name] => index.calls.contains_key(&(folder, *name)),
            [kind, name] => index.resources.contains_key(&(folder, *kind, *name)),
            _ => false,
        };
        let count = |folder: &str| self.keys.keys().filter(|address| is_declared(folder, address)).count();
        let own = files.get(self.document.file()).path.folder();
        if count(own) > 0 {
            return Some(own);
        }
        let counted = index.folders.iter().map(|folder| (count(folder), *folder));
        counted.filter(|(count, _)| *count > 0).max_by_key(|(count, _)| *count).map(|(_, folder)| folder)
    }
}

fn list(document: &Document, node: NodeId, key: &str) -> Vec<NodeId> {
    document.get(node, key).map_or_else(Vec::new, |node| document.sequence(node).to_vec())
}

/// An address in a module as one in the root module.
fn within(module: &Module<'_>, address: &str) -> String {
    if module.address.is_empty() { address.to_owned() } else { format!("{}.{address}", module.address) }
}

/// The address without the key at its end.
fn base(address: &str, key: Option<&Key>) -> String {
    let written = key.map_or_else(String::new, Key::to_string);
    address.strip_suffix(&written).unwrap_or(address).to_owned()
}

/// The key at the end of a module's address.
fn last_key(address: &str) -> Option<Key> {
    let inner = address.strip_suffix(']')?;
    if let Some(text) = inner.strip_suffix('"').and_then(|inner| inner.rsplit_once("[\"")) {
        return Some(Key::planned(text.1, false));
    }
    let (_, number) = inner.rsplit_once('[')?;
    number.parse::<u32>().is_ok().then(|| Key::planned(number, true))
}
