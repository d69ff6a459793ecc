//! A record of a sample is no JSON, or breaks the JSON Schema of its feed.

use crate::record::Check;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    super::report(context, sink, &[Check::Json, Check::Schema]);
}
