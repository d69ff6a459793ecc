//! A record of a sample that BigQuery would not load into the table of its feed.

use crate::record::Check;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    super::report(context, sink, &[Check::Load]);
}
