//! Facts of a workflow: where it comes from, and what it serves.

use super::FactType::{Count, Text};
use super::Read::Workflow as Of;
use super::{Fact, FactValue, Reading, always, fact, length, text};
use crate::model::Workflow;

pub(super) const FACTS: &[Fact] = &[
    always(
        "address",
        Text,
        "The Terraform address, or the path of a file that nothing deploys",
        Of(|w| Reading::at(FactValue::Text(w.address.as_str().into()), Some(w.span))),
    ),
    fact("name", Text, "The name under which it is deployed", Of(|w| text(&w.name))),
    always("steps", Count, "How many steps it has, with those of its subworkflows", Of(steps)),
    always("triggers", Count, "How many triggers start it", Of(|w| length(w.triggers.len(), None))),
    always(
        "feeds",
        Count,
        "How many feeds are delivered to the buckets whose files start it",
        Of(|w| length(w.feeds.len(), None)),
    ),
];

fn steps(workflow: &Workflow) -> Reading<'_> {
    let mut count = 0;
    for step in workflow.subworkflows.iter().flat_map(|own| &own.steps) {
        step.walk(&mut |_| count += 1);
    }
    length(count, None)
}
