//! Rules on what a workflow does with the files of feeds: whether it loads them, into which table, and how.

use super::calls::started_loads;
use crate::diagnostic::Subject;
use crate::model::facts::Item;
use crate::model::trigger::Listener;
use crate::model::workflow::{Load, Outcome, Route, Val};
use crate::model::{Feed, FeedId, Known, TableId, Workflow};
use crate::rules::{Context, Sink};
use crate::text::Span;
use std::collections::BTreeSet;

/// A workflow loads the files of a feed into the table that the feed declares.
pub(in crate::rules) fn misrouted_feed(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (route, feed) in routes(context) {
        let Some(TableId::Named { project, dataset, name }) = feed.table_id() else { continue };
        let declared = [project.as_deref(), Some(&*dataset), Some(&*name)];
        let verdicts: Vec<Option<bool>> = route.loads.iter().map(|load| is_table(load, declared)).collect();
        let Some(load) = route.loads.first() else {
            report_undecided(route, feed, sink);
            continue;
        };
        if verdicts.contains(&Some(true)) {
            continue;
        }
        if verdicts.contains(&None) {
            let why = "which table the workflow loads is known only when it runs";
            sink.not_checked(&Item::Feed(feed).subject(), why, Some(load.table_span));
            continue;
        }
        let loaded = load.table.iter().flatten().cloned().collect::<Vec<_>>().join(".");
        let wanted = declared.iter().flatten().copied().collect::<Vec<_>>().join(".");
        let message = format!("files of feed `{}` are loaded into `{loaded}`, and its table is `{wanted}`", feed.id);
        let span = feed.table.name.span().unwrap_or(feed.name_span);
        let label = format!("step `{}` of the workflow, for `{}`", load.step.value, route.object);
        sink.report(Item::Feed(feed).subject(), span, message).related(load.table_span, label).detail(loaded);
    }
}

/// Parts that are not known on either side may be the same.
fn is_table(load: &Load, declared: [Option<&str>; 3]) -> Option<bool> {
    let [project, dataset, name] = &load.table;
    let mut is_same = Some(true);
    for (loaded, declared) in [(dataset, declared[1]), (name, declared[2])] {
        match (loaded.as_deref(), declared) {
            (Some(loaded), Some(declared)) if loaded != declared => return Some(false),
            (Some(_), Some(_)) => {}
            _ => is_same = None,
        }
    }
    match (project.as_deref(), declared[0]) {
        (Some(loaded), Some(declared)) if loaded != declared => Some(false),
        _ => is_same,
    }
}

fn report_undecided(route: &Route, feed: &Feed, sink: &mut Sink<'_>) {
    let (why, span) = match (&route.outcome, route.handed_on) {
        (Outcome::Undecided(span), _) => ("what the workflow does next depends on what is known only when it runs", Some(*span)),
        (_, Some(span)) => ("the workflow hands the file on to what is not read here", Some(span)),
        (Outcome::Done(..) | Outcome::Raised(_), None) => return,
    };
    sink.not_checked(&Item::Feed(feed).subject(), why, span);
}

/// A workflow that a feed's files start does something with them.
pub(in crate::rules) fn unrouted_feed(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.head;
    report_unfollowed(context, sink);
    for feed in model.feeds.values() {
        let own: Vec<&Route> = model.routes.iter().filter(|route| route.feed == feed.id).collect();
        let started = model.triggers.values().filter(|trigger| trigger.feeds.contains(&feed.id)).count();
        let followed: BTreeSet<_> = own.iter().map(|route| &route.workflow).collect();
        let n_triggers: usize = model
            .workflows
            .values()
            .filter(|it| followed.contains(&it.id))
            .map(|workflow| own_triggers(workflow, context, feed))
            .sum();
        let folder = feed.file.prefix.value().map_or("", String::as_str);
        let is_of = |listener: &Listener| listener.bucket == feed.bucket_id() && listener.may_hear_of(folder);
        let is_heard = model.listeners.iter().any(is_of);
        let Some(first) = own.first().filter(|_| n_triggers >= started && !is_heard) else { continue };
        if own.iter().any(|route| !is_ignored(route)) {
            continue;
        }
        let end = match &first.outcome {
            Outcome::Done(Some(span), _) | Outcome::Raised(span) | Outcome::Undecided(span) => *span,
            Outcome::Done(None, _) => model.workflows.get(&first.workflow).map_or(feed.name_span, |workflow| workflow.span),
        };
        let message = format!("files of feed `{}` start a workflow, which loads none of them", feed.id);
        let span = feed.file.name.span().unwrap_or(feed.name_span);
        let label = format!("here it ends for `{}`", first.object);
        sink.report(Item::Feed(feed).subject(), span, message).related(end, label);
    }
}

/// A workflow is followed with the name of a file; where none can be made up, nobody knows what it does.
fn report_unfollowed(context: &Context<'_>, sink: &mut Sink<'_>) {
    let model = context.head;
    for workflow in model.workflows.values() {
        let is_followed = |feed: &&FeedId| model.routes.iter().any(|route| route.workflow == workflow.id && route.feed == **feed);
        for feed in workflow.feeds.iter().filter(|feed| !is_followed(feed)).filter_map(|feed| model.feeds.get(feed)) {
            let why = "no name of its files is known with which its workflow could be followed";
            sink.not_checked(&Item::Feed(feed).subject(), why, feed.file.name.span().or(Some(feed.name_span)));
        }
    }
}

fn own_triggers(workflow: &Workflow, context: &Context<'_>, feed: &Feed) -> usize {
    let triggers = workflow.triggers.iter().filter_map(|id| context.head.triggers.get(id));
    triggers.filter(|trigger| trigger.feeds.contains(&feed.id)).count()
}

fn is_ignored(route: &Route) -> bool {
    let has_ended = matches!(route.outcome, Outcome::Done(..) | Outcome::Raised(_));
    has_ended && route.loads.is_empty() && route.handed_on.is_none()
}

/// What BigQuery takes for an option that is not given.
const DEFAULTS: [(&str, &str); 2] = [("writeDisposition", "WRITE_APPEND"), ("sourceFormat", "CSV")];

/// The load does what the feed says of it.
pub(in crate::rules) fn contradicting_load_option(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (load, feed) in loads(context) {
        let format = feed.file.format.clone().and_then(|format| match source_format(format) {
            Some(wanted) => feed.file.format.clone().map(|_| wanted.to_owned()),
            None => Known::Absent,
        });
        let ignores = feed.table.ignore_unknown_values.clone().map(|value| value.to_string());
        let options = [
            ("writeDisposition", "write_disposition", &feed.table.write_disposition),
            ("sourceFormat", "format", &format),
            ("ignoreUnknownValues", "ignore_unknown_values", &ignores),
        ];
        for (option, key, declared) in options {
            let Some(declared) = declared.spanned() else { continue };
            let loaded = match load.option(option) {
                Some(Val::Text(text)) => text.clone(),
                Some(Val::Bool(value)) => value.to_string(),
                Some(_) => continue,
                None => DEFAULTS.iter().find(|(name, _)| *name == option).map_or("false", |(_, value)| *value).to_owned(),
            };
            if loaded.eq_ignore_ascii_case(&declared.value) {
                continue;
            }
            let message = format!("feed `{}` says `{key}` is {}, and its load has `{option}: {loaded}`", feed.id, declared.value);
            let label = format!("step `{}`, which loads it", load.step.value);
            let finding = sink.report(Item::Feed(feed).subject(), declared.span, message);
            finding.related(load.place(option), label).detail(option.to_owned());
        }
    }
}

fn source_format(format: &str) -> Option<&'static str> {
    Some(match format {
        "ndjson" | "json" => "NEWLINE_DELIMITED_JSON",
        "csv" => "CSV",
        "avro" => "AVRO",
        "parquet" => "PARQUET",
        _ => return None,
    })
}

/// A table whose columns are declared is not loaded with columns that are guessed.
pub(in crate::rules) fn autodetected_schema(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (load, feed) in loads(context) {
        let declared = feed.table.schema.span().or_else(|| {
            let table = context.head.table_of(feed)?;
            table.columns.span()
        });
        if let (Some(Val::Bool(true)), Some(declared)) = (load.option("autodetect"), declared) {
            let message = format!("the columns of feed `{}` are declared, and its load guesses them", feed.id);
            let finding = sink.report(Item::Feed(feed).subject(), load.place("autodetect"), message);
            finding.related(declared, "the columns").detail(load.step.value.clone());
        }
    }
}

/// Records that cannot be read are not left out in silence.
pub(in crate::rules) fn lossy_load(context: &Context<'_>, sink: &mut Sink<'_>) {
    for_each_load(context, |workflow, load| {
        let Some(Val::Int(most)) = load.option("maxBadRecords").filter(|value| !matches!(value, Val::Int(0))) else { return };
        let message = format!("the load leaves out up to {most} records of a file that it cannot read");
        sink.report(Item::Workflow(workflow).subject(), load.place("maxBadRecords"), message).detail(load.step.value.clone());
    });
}

/// A workflow that runs twice for a file does not load it twice.
pub(in crate::rules) fn repeatable_load(context: &Context<'_>, sink: &mut Sink<'_>) {
    for_each_load(context, |workflow, load| {
        let appends = match load.option("writeDisposition") {
            None => true,
            Some(value) => value.text().is_some_and(|write| write == "WRITE_APPEND"),
        };
        if appends && load.has_job_id.is_absent() {
            let message = format!("step `{}` appends a file again when it runs again", load.step.value);
            sink.report(Item::Workflow(workflow).subject(), load.span, message).detail(load.step.value.clone());
        }
    });
}

/// A load that fails is noticed where it fails.
pub(in crate::rules) fn unguarded_load(context: &Context<'_>, sink: &mut Sink<'_>) {
    for_each_load(context, |workflow, load| {
        if !load.is_tried {
            let message = format!("nothing catches a load that fails in step `{}`", load.step.value);
            sink.report(Item::Workflow(workflow).subject(), load.span, message).detail(load.step.value.clone());
        }
    });
}

/// BigQuery loads objects, and not their generations.
pub(in crate::rules) fn generation_in_load_uri(context: &Context<'_>, sink: &mut Sink<'_>) {
    for_each_load(context, |workflow, load| {
        if load.names_generation() {
            let message = format!("step `{}` loads a URI that ends in a generation", load.step.value);
            let subject = Item::Workflow(workflow).subject();
            sink.report(subject, load.place("sourceUris"), message).detail(load.step.value.clone());
        }
    });
}

/// A job runs where the dataset lies that it writes into.
pub(in crate::rules) fn load_in_another_location(context: &Context<'_>, sink: &mut Sink<'_>) {
    for_each_load(context, |workflow, load| {
        let (Some(location), [_, Some(name), _]) = (&load.location, &load.table) else { return };
        let own = workflow.service.as_ref().and_then(|service| context.head.dataset_in(&service.root, name));
        let Some(of_dataset) = own.and_then(|dataset| dataset.location.spanned()) else { return };
        if !location.value.eq_ignore_ascii_case(&of_dataset.value) {
            let message =
                format!("a load into dataset `{name}` is to run in `{}`, and it lies in `{}`", location.value, of_dataset.value);
            let finding = sink.report(subject(workflow), location.span, message);
            finding.related(of_dataset.span, "the dataset").detail(load.step.value.clone());
        }
    });
}

/// Each load once, however many feeds come by it, and those of workflows that something else starts.
fn for_each_load(context: &Context<'_>, mut each: impl FnMut(&Workflow, &Load)) {
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    for route in &context.head.routes {
        let Some(workflow) = context.head.workflows.get(&route.workflow) else { continue };
        for load in route.loads.iter().filter(|load| seen.insert(load.span)) {
            each(workflow, load);
        }
    }
    for workflow in context.head.workflows.values() {
        for load in started_loads(workflow).iter().filter(|load| seen.insert(load.span)) {
            each(workflow, load);
        }
    }
}

fn routes<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a Route, &'a Feed)> {
    let model = context.head;
    model.routes.iter().filter_map(|route| Some((route, model.feeds.get(&route.feed)?)))
}

/// The loads that bring a feed's files into its table.
fn loads<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a Load, &'a Feed)> {
    routes(context).flat_map(|(route, feed)| {
        let declared = feed.table_id();
        let is_own = move |load: &&Load| match &declared {
            Some(TableId::Named { project, dataset, name }) => {
                is_table(load, [project.as_deref(), Some(dataset), Some(name)]) != Some(false)
            }
            Some(TableId::Address(_)) | None => true,
        };
        route.loads.iter().filter(is_own).map(move |load| (load, feed))
    })
}

pub(in crate::rules) fn subject(workflow: &Workflow) -> Subject {
    Item::Workflow(workflow).subject()
}
