//! Files that `templatefile` reads. Each is parsed once, when it is asked for, and lives as long as the blocks that name it.

use super::evaluate::{Content, Evaluated};
use crate::syntax::hcl_template::{self, Piece};
use crate::syntax::{Document, NodeId};
use crate::text::{FileId, Files, Side, Span};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The files of one revision, as templates.
pub struct Templates<'a> {
    pub(super) files: &'a Files,
    pub(super) side: Side,
    parsed: BTreeMap<FileId, OnceLock<Box<Template>>>,
}

pub(super) struct Template {
    pub(super) document: Document,
    pub(super) pieces: Vec<Piece>,
}

impl<'a> Templates<'a> {
    /// None is parsed yet.
    pub fn of(files: &'a Files, side: Side) -> Templates<'a> {
        Templates { files, side, parsed: files.of(side).map(|(file, _)| (file, OnceLock::new())).collect() }
    }

    pub(super) fn read(&self, file: FileId) -> Option<&Template> {
        let parse = || {
            let (document, pieces) = hcl_template::parse(file, &self.files.get(file).text);
            Box::new(Template { document, pieces })
        };
        self.parsed.get(&file).map(|template| &**template.get_or_init(parse))
    }
}

impl Template {
    /// The first name in an expression that the template is not given, with its place.
    pub(super) fn missing(&self, node: NodeId, given: &Evaluated) -> Option<(&str, Span)> {
        let Content::Map(_) = given.content else { return None };
        hcl_template::free_names(&self.document, node).into_iter().find(|(name, _)| given.get(name).is_none())
    }
}
