//! A window of time travel that BigQuery refuses.

use crate::diagnostic::{Subject, SubjectKind};
use crate::model::dataset::Dataset;
use crate::rules::{Context, Sink};

const HOURS: std::ops::RangeInclusive<f64> = 48.0..=168.0;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for dataset in context.head.datasets.values() {
        check_dataset(dataset, sink);
    }
}

fn check_dataset(dataset: &Dataset, sink: &mut Sink<'_>) {
    let subject = Subject::new(SubjectKind::Dataset, dataset.name.clone());
    if let Some(why) = dataset.time_travel_hours.why() {
        return sink.not_checked(&subject, why.text.to_string(), why.span);
    }
    let Some(hours) = dataset.time_travel_hours.spanned() else { return };
    if HOURS.contains(&hours.value) && hours.value % 24.0 == 0.0 {
        return;
    }
    let message = format!("dataset `{}` has a time travel of {} hours, which is refused", dataset.name, hours.value);
    let meant = hours.value * 24.0;
    let found = sink.report(subject, hours.span, message);
    if HOURS.contains(&meant) && hours.value.fract() == 0.0 {
        found.help(format!("write {meant} if {} days are meant", hours.value));
    }
}
