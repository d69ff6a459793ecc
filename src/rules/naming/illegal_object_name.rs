//! File names that Cloud Storage refuses.

use super::faults;
use crate::model::naming::FaultKind;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    faults::report(context, sink, FaultKind::Illegal);
}
