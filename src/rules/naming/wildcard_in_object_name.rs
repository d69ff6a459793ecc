//! File names that tools read as a pattern or a version.

use super::faults;
use crate::model::naming::FaultKind;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    faults::report(context, sink, FaultKind::Wildcard);
}
