//! Schemas that refer to other files of the repository: by path, or by the `$id` that the other file has.

use super::JsonSchema;
use super::read_shape::{Place, read_shape};
use crate::syntax::{Document, json, yaml};
use crate::text::{FileId, Files, RepoPath, Side};
use std::collections::BTreeMap;

/// So many files are read again for references; a repository with more schemas keeps the rest unknown.
const MAX_FILES: usize = 2_000;

/// Reads the shapes of those schemas anew that say a part of it in another file.
pub fn complete(files: &Files, side: Side, schemas: &mut BTreeMap<RepoPath, JsonSchema>) {
    let referring: Vec<&JsonSchema> = schemas.values().filter(|schema| schema.refers_elsewhere).collect();
    if referring.is_empty() {
        return;
    }
    let ids = schemas.values().filter_map(|schema| Some((schema.id.as_deref()?.trim_end_matches('#'), &schema.path)));
    let ids: BTreeMap<String, RepoPath> = ids.map(|(id, path)| (id.to_owned(), path.clone())).collect();
    let mut library = Library { files, side, ids, documents: BTreeMap::new() };
    referring.iter().for_each(|schema| library.add(schema.file));
    let read = |schema: &&JsonSchema| Some((schema.path.clone(), library.shape_of(schema)?));
    let shapes: Vec<_> = referring.iter().filter_map(read).collect();
    for (path, shape) in shapes {
        if let Some(schema) = schemas.get_mut(&path) {
            schema.shape = shape;
        }
    }
}

/// The files that refer to each other.
struct Library<'f> {
    files: &'f Files,
    side: Side,
    ids: BTreeMap<String, RepoPath>,
    documents: BTreeMap<RepoPath, Document>,
}

impl Library<'_> {
    /// Adds a file and all that it refers to.
    fn add(&mut self, first: FileId) {
        let mut waiting = vec![first];
        while let Some(file) = waiting.pop() {
            let path = self.files.get(file).path.clone();
            if self.documents.contains_key(&path) || self.documents.len() >= MAX_FILES {
                continue;
            }
            let document = document_of(self.files, file);
            let named = document.node_ids().filter_map(|node| document.str(document.get(node, "$ref")?));
            let named = named.filter_map(|reference| reference.split('#').next().filter(|file| !file.is_empty()));
            let id = own_id(&document);
            waiting.extend(named.filter_map(|named| self.files.find(self.side, &self.resolve(&path, id, named)?)));
            self.documents.insert(path, document);
        }
    }

    /// The file that a reference names: beside the one that refers, or with the `$id` that this comes to.
    fn resolve(&self, from: &RepoPath, id: Option<&str>, named: &str) -> Option<RepoPath> {
        let beside = from.sibling(named).filter(|path| self.files.find(self.side, path).is_some());
        let of_id = || {
            let joined =
                id.and_then(|id| id.rsplit_once('/')).map(|(folder, _)| format!("{folder}/{}", named.trim_start_matches("./")));
            self.ids.get(named).or_else(|| self.ids.get(&joined?)).cloned()
        };
        beside.or_else(of_id)
    }

    fn shape_of(&self, schema: &JsonSchema) -> Option<super::shape::Shape> {
        let (path, document) = self.documents.get_key_value(&self.files.get(schema.file).path)?;
        let root = document.node_ids().find(|node| document.span(*node) == schema.span)?;
        let place = Place { path, document, root, node: root };
        let elsewhere = |from: &Place<'_>, named: &str| {
            let target = self.resolve(from.path, own_id(from.document), named)?;
            let (path, document) = self.documents.get_key_value(&target)?;
            let root = *document.roots.first()?;
            Some(Place { path, document, root, node: root })
        };
        Some(read_shape(place, schema.draft, &elsewhere).0)
    }
}

fn own_id(document: &Document) -> Option<&str> {
    document.str(document.get(*document.roots.first()?, "$id")?)
}

/// The tree of a file that holds a schema, in YAML or JSON by its name.
pub fn document_of(files: &Files, file: FileId) -> Document {
    let source = files.get(file);
    let is_yaml = ["yaml", "yml"].iter().any(|extension| source.path.has_extension(extension));
    if is_yaml { yaml::parse(file, &source.text).document } else { json::parse(file, &source.text).document }
}
