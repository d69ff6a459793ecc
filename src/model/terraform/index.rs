//! The blocks of all Terraform files of one revision, by the folder of their module. Knows nothing of their values.

use super::bodies;
use super::plan::Plans;
use super::templates::Templates;
use super::variables::Variables;
use crate::model::Why;
use crate::syntax::{Document, Entry, NodeId, Value};
use crate::text::{FileId, Files, RepoPath, Side, Span};
use std::collections::{BTreeMap, BTreeSet};

/// Begins a path from the root of the repository, which is what `path.module` comes to.
const FROM_ROOT: &str = "//";

/// A `resource` block.
#[derive(Clone, Copy)]
pub(super) struct Declared<'a> {
    pub(super) document: &'a Document,
    pub(super) body: NodeId,
    /// The label that names it.
    pub(super) span: Span,
}

/// A `module` block, with the folder of the repository that it calls.
#[derive(Clone, Copy)]
pub(super) struct Called<'a> {
    pub(super) document: &'a Document,
    pub(super) body: NodeId,
    /// `None` for a module from elsewhere.
    pub(super) folder: Option<&'a str>,
}

/// Blocks by the folder of their module and by name.
type ByName<'a, T> = BTreeMap<(&'a str, &'a str), T>;

pub(super) struct Index<'a> {
    pub(super) files: &'a Files,
    pub(super) side: Side,
    pub(super) templates: &'a Templates<'a>,
    /// By folder, type and name.
    pub(super) resources: BTreeMap<(&'a str, &'a str, &'a str), Declared<'a>>,
    pub(super) locals: ByName<'a, (&'a Document, NodeId)>,
    pub(super) outputs: ByName<'a, (&'a Document, NodeId)>,
    pub(super) calls: ByName<'a, Called<'a>>,
    pub(super) variables: Variables<'a>,
    pub(super) plans: Plans<'a>,
    /// `moved` and `removed` blocks, by folder.
    pub(super) refactored: BTreeMap<&'a str, Vec<Refactored>>,
    /// `terraform` blocks, by folder.
    pub(super) settings: BTreeMap<&'a str, Vec<(&'a Document, NodeId)>>,
    /// `data` blocks that read the state of another root module, by folder.
    pub(super) remote_states: BTreeMap<&'a str, Vec<(&'a Document, NodeId)>>,
    /// Buckets of states that files name which complete a backend.
    pub(super) completed_backends: BTreeSet<String>,
    /// `default_labels` of providers, by folder.
    pub(super) default_labels: BTreeMap<&'a str, Vec<(&'a Document, NodeId)>>,
    /// Every folder that declares something or sets a variable.
    pub(super) folders: BTreeSet<&'a str>,
}

/// What a block says of addresses in its module.
pub(super) enum Refactored {
    Moved {
        from: String,
        to: String,
    },
    /// Terraform lets it go and does not destroy it.
    Forgotten {
        from: String,
    },
}

impl<'a> Index<'a> {
    pub(super) fn read(
        templates: &'a Templates<'a>,
        documents: impl IntoIterator<Item = &'a Document>,
        of_variables: impl IntoIterator<Item = &'a Document>,
    ) -> Index<'a> {
        let Templates { files, side, .. } = *templates;
        let mut index = Index {
            files,
            side,
            templates,
            resources: BTreeMap::new(),
            locals: BTreeMap::new(),
            outputs: BTreeMap::new(),
            calls: BTreeMap::new(),
            variables: Variables::default(),
            plans: Plans::default(),
            refactored: BTreeMap::new(),
            settings: BTreeMap::new(),
            remote_states: BTreeMap::new(),
            completed_backends: BTreeSet::new(),
            default_labels: BTreeMap::new(),
            folders: BTreeSet::new(),
        };
        for document in documents {
            let folder = files.get(document.file()).path.folder();
            index.folders.insert(folder);
            for root in &document.roots {
                index.root(document, *root, folder);
            }
        }
        for document in of_variables {
            match files.get(document.file()).path.has_extension("tfbackend") {
                true => index.complete_backend(document),
                false => index.variables.assign(files, document),
            }
        }
        let of_variables: Vec<&str> = index.variables.names().into_iter().map(|(folder, _)| folder).collect();
        index.folders.extend(of_variables);
        index.resolve_calls();
        index
    }

    fn root(&mut self, document: &'a Document, root: NodeId, folder: &'a str) {
        for entry in document.map(root) {
            match document.key(entry) {
                "resource" => self.resources(document, entry.value, folder),
                "locals" => {
                    for body in bodies(document, entry.value) {
                        let locals = document.map(body).iter();
                        self.locals.extend(locals.map(|local| ((folder, document.key(local)), (document, local.value))));
                    }
                }
                "terraform" => {
                    let blocks = bodies(document, entry.value).into_iter().map(|body| (document, body));
                    self.settings.entry(folder).or_default().extend(blocks);
                }
                "variable" => self.variables.declare(document, entry.value, folder),
                "output" => self.outputs(document, entry.value, folder),
                "module" => {
                    for (name, body) in named(document, entry.value) {
                        self.calls.entry((folder, name)).or_insert(Called { document, body, folder: None });
                    }
                }
                "data" => {
                    let of_kind = document.all(entry.value, "terraform_remote_state");
                    let blocks = of_kind.flat_map(|kind| named(document, kind.value)).map(|(_, body)| (document, body));
                    self.remote_states.entry(folder).or_default().extend(blocks);
                }
                "provider" => {
                    let blocks = named(document, entry.value);
                    let labels = blocks.filter_map(|(_, body)| Some((document, document.get(body, "default_labels")?)));
                    self.default_labels.entry(folder).or_default().extend(labels);
                }
                "moved" | "removed" => {
                    let blocks = bodies(document, entry.value).into_iter();
                    let is_move = document.key(entry) == "moved";
                    let said = blocks.filter_map(|body| if is_move { moved(document, body) } else { removed(document, body) });
                    self.refactored.entry(folder).or_default().extend(said);
                }
                _ => {}
            }
        }
    }

    fn resources(&mut self, document: &'a Document, types: NodeId, folder: &'a str) {
        for kind in document.map(types) {
            for name in document.map(kind.value) {
                for body in bodies(document, name.value) {
                    let declared = Declared { document, body, span: name.key_span };
                    self.resources.entry((folder, document.key(kind), document.key(name))).or_insert(declared);
                }
            }
        }
    }

    fn outputs(&mut self, document: &'a Document, blocks: NodeId, folder: &'a str) {
        for (name, body) in named(document, blocks) {
            if let Some(value) = document.get(body, "value") {
                self.outputs.entry((folder, name)).or_insert((document, value));
            }
        }
    }

    /// Finds the folder of each call, when all folders are known.
    fn resolve_calls(&mut self) {
        let folders = &self.folders;
        for ((caller, _), call) in &mut self.calls {
            let source = call.document.get(call.body, "source").and_then(|node| call.document.str(node)).unwrap_or("");
            if source.starts_with("./") || source.starts_with("../") {
                let path = joined(caller, source);
                let folder = RepoPath::new(&path);
                call.folder = folders.get(folder.as_ref().map_or("", RepoPath::as_str)).copied();
            }
        }
    }

    /// The file that a path names, from the folder of the root module.
    pub(super) fn find_file(&self, root: &str, text: &str, span: Span) -> Result<(FileId, RepoPath), Why> {
        let path = RepoPath::new(&joined(root, text))
            .ok_or_else(|| Why::new(format!("`{text}` leads out of the repository"), Some(span)))?;
        let file = self.files.find(self.side, &path);
        file.map(|file| (file, path.clone())).ok_or_else(|| Why::missing(path, span))
    }

    /// The files below a folder that a pattern names, relative to the folder; `None` when it is no pattern.
    pub(super) fn file_set(&self, root: &str, folder: &str, pattern: &str) -> Option<Vec<String>> {
        let glob = globset::GlobBuilder::new(pattern).literal_separator(true).build().ok()?.compile_matcher();
        let folder = RepoPath::new(&joined(root, folder));
        let below = |path: &RepoPath| match &folder {
            Some(folder) if path.lies_in(folder) => path.as_str().get(folder.as_str().len() + 1..).map(str::to_owned),
            Some(_) => None,
            // The root of the repository is no path of its own.
            None => Some(path.as_str().to_owned()),
        };
        let own = self.files.of(self.side);
        let mut names: Vec<String> = own.filter_map(|(_, file)| below(&file.path)).filter(|name| glob.is_match(name)).collect();
        names.sort();
        Some(names)
    }
}

/// What `path.module` comes to.
pub(super) fn path_of(folder: &str) -> String {
    format!("{FROM_ROOT}{}", if folder.is_empty() { "." } else { folder })
}

/// A path that an expression gives, from the root of the repository.
pub(super) fn joined(folder: &str, text: &str) -> String {
    match text.strip_prefix(FROM_ROOT) {
        Some(path) => path.to_owned(),
        None if folder.is_empty() => text.to_owned(),
        None => format!("{folder}/{text}"),
    }
}

fn moved(document: &Document, body: NodeId) -> Option<Refactored> {
    Some(Refactored::Moved { from: address(document, body, "from")?, to: address(document, body, "to")? })
}

/// One that destroys says no more than a block that is gone.
fn removed(document: &Document, body: NodeId) -> Option<Refactored> {
    let mut lifecycles = document.all(body, "lifecycle").flat_map(|entry| bodies(document, entry.value));
    let keeps = lifecycles.any(|block| document.get(block, "destroy").is_some_and(|node| is_false(document, node)));
    Some(Refactored::Forgotten { from: address(document, body, "from").filter(|_| keeps)? })
}

fn is_false(document: &Document, node: NodeId) -> bool {
    document.value(node) == Value::Bool(false)
}

/// An address as it is written: a name in HCL, a string in JSON.
fn address(document: &Document, body: NodeId, key: &str) -> Option<String> {
    let node = document.get(body, key)?;
    let written = document.str(node).or_else(|| document.source().get(document.span(node).range()))?;
    Some(written.chars().filter(|c| !c.is_whitespace()).collect())
}

/// Blocks with one label.
pub(super) fn named<'a>(document: &'a Document, blocks: NodeId) -> impl Iterator<Item = (&'a str, NodeId)> {
    let bodies_of = |name: &'a Entry| bodies(document, name.value).into_iter().map(|body| (document.key(name), body));
    document.map(blocks).iter().flat_map(bodies_of)
}
