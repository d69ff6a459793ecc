//! The rules that an expression cannot say: each name once, beside its function. A page without `require:` must be
//! named here, and every name here must have a page.

use super::{Check, Context, Sink};

/// How a rule without an expression is judged.
#[derive(Clone, Copy)]
pub enum Native {
    Code(fn(&Context<'_>, &mut Sink<'_>)),
    /// Findings that come out of a stage of the run itself: the configuration, the catalogue, ignores.
    Stage,
}

impl From<Native> for Check {
    fn from(native: Native) -> Check {
        match native {
            Native::Code(function) => Check::Code(function),
            Native::Stage => Check::Stage,
        }
    }
}

pub(crate) const NATIVE: &[(&str, Native)] = &[
    ("expired-ignore", Native::Stage),
    ("ignore-of-unknown-rule", Native::Stage),
    ("ignore-without-reason", Native::Stage),
    ("invalid-config", Native::Stage),
    ("invalid-rule", Native::Stage),
    ("malformed-ignore", Native::Stage),
    ("unused-ignore", Native::Stage),
];

pub(crate) fn find(id: &str) -> Option<Native> {
    NATIVE.iter().find(|(name, _)| *name == id).map(|(_, native)| *native)
}

/// Every name, for the test that holds them to the pages.
pub fn names() -> impl Iterator<Item = &'static str> {
    NATIVE.iter().map(|(name, _)| *name)
}
