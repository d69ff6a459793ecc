//! The two revisions of a run, and which of them a file belongs to.

/// A revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    Base,
    Head,
}

/// Which revisions hold a file. One that is the same in both is held once, so that it is parsed once, and a place in it
/// is a place in either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sides {
    Base,
    Head,
    Both,
}

impl Sides {
    pub fn hold(self, side: Side) -> bool {
        match self {
            Sides::Base => side == Side::Base,
            Sides::Head => side == Side::Head,
            Sides::Both => true,
        }
    }
}

impl From<Side> for Sides {
    fn from(side: Side) -> Sides {
        match side {
            Side::Base => Sides::Base,
            Side::Head => Sides::Head,
        }
    }
}

/// The revision that the head is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// As it was asked for: `origin/main`.
    pub name: String,
    /// The id of the commit whose tree is the base: the last that `name` and the head have in common.
    pub commit: String,
}
