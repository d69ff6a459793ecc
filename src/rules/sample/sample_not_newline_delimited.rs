//! A sample whose records do not stand one on each line.

use crate::record::Check;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    super::report(context, sink, &[Check::Layout]);
}
