//! The buckets in which Terraform keeps its state, as far as the repository says so: in a backend, in a file that completes
//! one, or where another root module reads the state.

use super::evaluate::to_text;
use super::{Index, Terraform, bodies, named};
use crate::syntax::{Document, NodeId};
use std::collections::BTreeSet;

/// What Terraform calls its backend in Cloud Storage.
const CLOUD_STORAGE: &str = "gcs";

impl Terraform<'_> {
    /// Their names, those that are known.
    pub fn state_buckets(&self) -> BTreeSet<String> {
        let evaluator = self.evaluator();
        let modules = evaluator.modules();
        let blocks = modules.iter().flat_map(|module| {
            let said = self.index.state_places(module.folder);
            said.into_iter().filter_map(|(document, node)| to_text(&evaluator.in_module(module, document, node, None)))
        });
        blocks.chain(self.index.completed_backends.iter().cloned()).collect()
    }
}

impl<'a> Index<'a> {
    /// The expressions of one folder that name such a bucket.
    fn state_places(&self, folder: &str) -> Vec<(&'a Document, NodeId)> {
        let settings = self.settings.get(folder).into_iter().flatten();
        let backends = settings.flat_map(|(document, body)| backends(document, *body).map(|backend| (*document, backend)));
        let remote = self.remote_states.get(folder).into_iter().flatten();
        let remote = remote.filter_map(|(document, body)| Some((*document, configured(document, *body)?)));
        let bucket = |(document, body): (&'a Document, NodeId)| Some((document, document.get(body, "bucket")?));
        backends.chain(remote).filter_map(bucket).collect()
    }

    /// A file that is given to `-backend-config`.
    pub(super) fn complete_backend(&mut self, document: &Document) {
        let bucket = |root: &NodeId| Some(document.str(document.get(*root, "bucket")?)?.to_owned());
        self.completed_backends.extend(document.roots.iter().filter_map(bucket));
    }
}

fn backends(document: &Document, settings: NodeId) -> impl Iterator<Item = NodeId> {
    let blocks = document.all(settings, "backend").flat_map(|entry| named(document, entry.value));
    blocks.filter(|(kind, _)| *kind == CLOUD_STORAGE).map(|(_, body)| body)
}

/// What `data "terraform_remote_state"` says of a state in Cloud Storage.
fn configured(document: &Document, body: NodeId) -> Option<NodeId> {
    let backend = document.str(document.get(body, "backend")?)?;
    let config = document.get(body, "config").filter(|_| backend == CLOUD_STORAGE)?;
    bodies(document, config).into_iter().next()
}
