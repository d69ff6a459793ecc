//! Variables of modules: their declarations, and what `.tfvars` files set them to, in Terraform's order of precedence.

use super::bodies;
use crate::model::environment::named_in;
use crate::syntax::{Document, NodeId};
use crate::text::{Files, RepoPath, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Where a value or a type is written.
pub(super) type Place<'a> = (&'a Document, NodeId);

/// All variables of one revision, by module and name.
#[derive(Default)]
pub(super) struct Variables<'a> {
    declared: BTreeMap<(&'a str, &'a str), Declared<'a>>,
    assigned: BTreeMap<(&'a str, &'a str), Vec<Assigned<'a>>>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Declared<'a> {
    pub(super) default: Option<Place<'a>>,
    pub(super) type_node: Option<Place<'a>>,
}

#[derive(Clone, Copy)]
struct Assigned<'a> {
    path: &'a RepoPath,
    rank: Rank,
    place: Place<'a>,
}

/// Later ones stand over earlier ones; of two of one rank, the later path counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// `terraform.tfvars`
    Standard,
    /// `terraform.tfvars.json`
    StandardJson,
    /// `*.auto.tfvars`
    Automatic,
    /// Read only when it is named on the command line.
    Named,
}

/// Which of the files that have to be named hold.
pub(super) struct Chosen<'a> {
    environment: Option<&'a str>,
    workspace: Option<&'a str>,
}

impl<'a> Chosen<'a> {
    /// `workspace` is that of Terraform where no environment is asked for.
    pub(super) fn new(environment: Option<&'a str>, workspace: Option<&'a str>) -> Chosen<'a> {
        Chosen { environment, workspace: environment.or(workspace) }
    }

    pub(super) fn workspace(&self) -> Option<&'a str> {
        self.workspace
    }

    /// The environment that is asked for.
    pub(super) fn environment(&self) -> Option<&'a str> {
        self.environment
    }

    /// Where a folder stands in the order of root modules: those of the environment that counts, those of none, the others.
    /// What several of them declare is said by the first.
    pub(super) fn distance(&self, folder: &str) -> u8 {
        self.distance_of(folder.rsplit('/').find_map(named_in))
    }

    /// The same for something of an environment, or of none.
    pub(super) fn distance_of(&self, own: Option<&str>) -> u8 {
        let wanted: &[&str] = match self.environment {
            Some(environment) => &[named_in(environment).unwrap_or(environment)],
            None => &PRODUCTION,
        };
        match own {
            Some(own) if wanted.contains(&own) => 0,
            None => 1,
            Some(_) => 2,
        }
    }
}

/// What a variable may hold: one value, or several where the environment decides.
pub(super) struct Found<'a> {
    pub(super) values: Vec<Place<'a>>,
    pub(super) type_node: Option<Place<'a>>,
}

/// Names of the environment that counts where none is asked for.
const PRODUCTION: [&str; 2] = ["prod", "production"];

impl<'a> Variables<'a> {
    /// Adds the `variable` blocks of a module.
    pub(super) fn declare(&mut self, document: &'a Document, blocks: NodeId, module: &'a str) {
        for name in document.map(blocks) {
            for body in bodies(document, name.value) {
                let place = |key| document.get(body, key).map(|node| (document, node));
                let declared = Declared { default: place("default"), type_node: place("type") };
                self.declared.entry((module, document.key(name))).or_insert(declared);
            }
        }
    }

    /// Adds what a file of variables sets. Call it when everything is declared.
    pub(super) fn assign(&mut self, files: &'a Files, document: &'a Document) {
        let path = &files.get(document.file()).path;
        let rank = rank(path.name());
        for root in &document.roots {
            for entry in document.map(*root) {
                let name = document.key(entry);
                let Some(module) = self.module_of(path, rank, name) else { continue };
                let assigned = Assigned { path, rank, place: (document, entry.value) };
                self.assigned.entry((module, name)).or_default().push(assigned);
            }
        }
    }

    /// The nearest folder upwards that declares the variable; files that are read by themselves belong to their own.
    fn module_of(&self, path: &'a RepoPath, rank: Rank, name: &'a str) -> Option<&'a str> {
        let own = path.folder();
        let mut folder = own;
        loop {
            if self.declared.contains_key(&(folder, name)) {
                return Some(folder);
            }
            if folder.is_empty() || rank != Rank::Named {
                return Some(own);
            }
            folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
    }

    /// The files that must be named to be read, by the module whose variables they set, several times each.
    pub(super) fn to_choose(&self) -> impl Iterator<Item = (&'a str, &'a RepoPath)> {
        let named = |one: &&Assigned<'a>| one.rank == Rank::Named;
        self.assigned.iter().flat_map(move |((module, _), all)| all.iter().filter(named).map(|one| (*module, one.path)))
    }

    /// Modules and names of everything that is declared or set.
    pub(super) fn names(&self) -> BTreeSet<(&'a str, &'a str)> {
        self.declared.keys().chain(self.assigned.keys()).copied().collect()
    }

    /// How a module declares a variable.
    pub(super) fn declared(&self, folder: &'a str, name: &'a str) -> Option<Declared<'a>> {
        self.declared.get(&(folder, name)).copied()
    }

    /// A place that speaks of the variable.
    pub(super) fn span(&self, module: &str, name: &str) -> Option<Span> {
        self.place(module, name).map(|(document, node)| document.span(node))
    }

    pub(super) fn document(&self, module: &str, name: &str) -> Option<&'a Document> {
        self.place(module, name).map(|(document, _)| document)
    }

    fn place(&self, module: &str, name: &str) -> Option<Place<'a>> {
        let assigned = self.assigned.get(&(module, name)).and_then(|all| all.first()).map(|one| one.place);
        let declared = self.declared.get(&(module, name)).and_then(|declared| declared.default.or(declared.type_node));
        assigned.or(declared)
    }

    /// What a variable holds; `None` when there is no such variable.
    pub(super) fn choose(&self, module: &'a str, name: &str, chosen: &Chosen<'_>) -> Option<Found<'a>> {
        let declared = self.declared.get(&(module, name));
        let assigned = self.assigned.get(&(module, name)).map_or(&[][..], Vec::as_slice);
        declared.or_else(|| assigned.first().map(|_| &NOTHING))?;
        let type_node = declared.and_then(|declared| declared.type_node);
        let best = |rank_is: &dyn Fn(&Assigned<'_>) -> bool| {
            assigned.iter().filter(|one| rank_is(one)).max_by_key(|one| (one.rank, one.path)).map(|one| one.place)
        };
        let named_by = |names: &[&str]| best(&|one| one.rank == Rank::Named && speaks_of(one.path, names));
        let environment = chosen.environment.map(|name| [name]);
        let own = environment.as_ref().and_then(|names| named_by(names)).or_else(|| match environment {
            None => named_by(&PRODUCTION),
            Some(_) => None,
        });
        let automatic = best(&|one| one.rank != Rank::Named).or(declared.and_then(|declared| declared.default));
        let values = match (own, automatic) {
            (Some(own), _) => vec![own],
            (None, Some(automatic)) => vec![automatic],
            (None, None) => assigned.iter().map(|one| one.place).collect(),
        };
        Some(Found { values, type_node })
    }
}

const NOTHING: Declared<'static> = Declared { default: None, type_node: None };

fn rank(name: &str) -> Rank {
    match name {
        "terraform.tfvars" => Rank::Standard,
        "terraform.tfvars.json" => Rank::StandardJson,
        name if name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json") => Rank::Automatic,
        _ => Rank::Named,
    }
}

/// Whether a file is of an environment: it or a folder above it has that name.
fn speaks_of(path: &RepoPath, environments: &[&str]) -> bool {
    let stem = |part: &str| environments.contains(&part.split('.').next().unwrap_or(part));
    path.as_str().split('/').any(stem)
}
