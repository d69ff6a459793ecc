//! Which revision a run compares with, and what is said where it cannot be had.

use crate::Tree;
use crate::model::Skipped;
use crate::outside::Failure;
use crate::outside::event::Event;
use crate::outside::git::{self, Base, Fetch, Head};
use crate::outside::worktree::Limits;
use crate::text::Revision;
use std::path::Path;

/// Nothing at all where nothing is to be compared.
#[derive(Default)]
pub(super) struct Compared {
    pub(super) revision: Option<Revision>,
    pub(super) tree: Option<Tree>,
    pub(super) missing: Option<Skipped>,
}

impl Compared {
    /// Whether nothing was to be compared. A base that is wanted and missing is something: then all findings are shown.
    pub(super) fn is_nothing(&self) -> bool {
        self.revision.is_none() && self.missing.is_none()
    }

    /// The revision that is asked for, else that of the event that the run is for. `head` lies below `root`; `fetch` is leave
    /// to get from the remote what the clone does not hold.
    pub(super) fn with(asked: Option<&str>, root: &Path, head: Head<'_>, fetch: bool) -> Result<Compared, Failure> {
        let fetch = fetch.then(Fetch::from_environment);
        let limits = Limits::default();
        let base = match asked {
            Some(name) => Some(git::base(root, name, head, limits, fetch.as_ref())?),
            None => Event::read().and_then(|event| git::base_of_event(root, &event, head, limits, fetch.as_ref())),
        };
        Ok(match base {
            Some(Base::There(revision, tree)) => Compared { revision: Some(revision), tree: Some(tree), missing: None },
            Some(Base::Missing { name, why }) => {
                let missing = Skipped { what: "base".to_owned(), subject: name, why, span: None };
                Compared { missing: Some(missing), ..Compared::default() }
            }
            None => Compared::default(),
        })
    }
}
