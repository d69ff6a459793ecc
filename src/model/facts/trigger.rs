//! Facts of an Eventarc trigger, as Terraform declares it.

use super::FactType::{Bool, Count, Text};
use super::Read::Trigger as Of;
use super::{Fact, FactValue, Reading, always, fact, length, text};
use crate::model::{Known, Trigger};

pub(super) const FACTS: &[Fact] = &[
    always(
        "address",
        Text,
        "The Terraform address",
        Of(|t| Reading::at(FactValue::Text(t.address.as_str().into()), Some(t.span))),
    ),
    fact("location", Text, "Where it lies, as written", Of(|t| text(&t.location))),
    fact("event_type", Text, "The type of the events that start it", Of(event_type)),
    fact("service_account", Text, "The account in whose name it starts its destination", Of(|t| text(&t.service_account))),
    always(
        "has_service_account",
        Bool,
        "Whether it names such an account",
        Of(|t| Reading::at(FactValue::Bool(t.has_service_account), Some(t.span))),
    ),
    always("feeds", Count, "How many feeds are delivered to its bucket", Of(|t| length(t.feeds.len(), None))),
];

fn event_type(trigger: &Trigger) -> Reading<'_> {
    match trigger.criterion("type") {
        Some(criterion) => text(&criterion.value),
        None => match trigger.hidden() {
            Some(why) => Reading::at(FactValue::Unknown(why), why.span),
            None => text(&Known::Absent),
        },
    }
}
