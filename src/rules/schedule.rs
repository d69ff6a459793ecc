//! Rules on scheduled queries: who runs them, when, and where their result goes.

use super::{Context, Sink};
use crate::diagnostic::{Subject, SubjectKind};
use crate::keys::schedule::{DAYS_OF_MONTH, runs_a_month};
use crate::model::Known;
use crate::model::scheduled::{ScheduledQuery, unknown_parameter};
use crate::sql::StatementKind;
use crate::text::nearest;

/// Minutes between two runs, at least.
const MIN_MINUTES: f64 = 5.0;

fn subject(query: &ScheduledQuery) -> Subject {
    Subject::new(SubjectKind::Query, query.path.clone())
}

/// A scheduled query runs in the name of a service account.
pub(super) fn scheduled_query_of_a_person(context: &Context<'_>, sink: &mut Sink<'_>) {
    for query in &context.head.scheduled {
        match &query.service_account {
            Known::Unknown(why) if query.account.is_none() => {
                sink.not_checked(&subject(query), why.text.to_string(), why.span);
            }
            Known::Known(_) | Known::Unknown(_) => {}
            Known::Absent => {
                let message = format!("`{}` has no service account: it runs as the person who applies it", query.shown);
                sink.report(subject(query), query.span, message).detail(query.address.clone());
            }
        }
    }
}

/// The transfer service knows two ways to write a result.
pub(super) fn illegal_write_disposition(context: &Context<'_>, sink: &mut Sink<'_>) {
    for query in &context.head.scheduled {
        let Some(written) = query.write_disposition.spanned() else { continue };
        if !matches!(written.value.as_str(), "WRITE_TRUNCATE" | "WRITE_APPEND" | "") {
            let message = format!("`{}` is no way to write the result of a scheduled query", written.value);
            sink.report(subject(query), written.span, message).detail(query.address.clone());
        }
    }
}

/// What is filled in into the name of the destination is the time or the date of the run.
pub(super) fn unknown_run_parameter(context: &Context<'_>, sink: &mut Sink<'_>) {
    for query in &context.head.scheduled {
        let Some(written) = query.destination.spanned() else { continue };
        if let Some(parameter) = unknown_parameter(&written.value) {
            let message = format!("a run has no `{{{parameter}}}` to fill in into `{}`", written.value);
            sink.report(subject(query), written.span, message).detail(query.address.clone());
        }
    }
}

/// A statement that says itself what it writes has no other destination.
pub(super) fn destination_of_statement(context: &Context<'_>, sink: &mut Sink<'_>) {
    for query in &context.head.scheduled {
        let Some(destination) = query.destination.spanned().filter(|name| !name.value.is_empty()) else { continue };
        let own = context.head.queries.values().filter(|one| *one.id.path == *query.path);
        let Some(statement) = own.clone().find(|one| changes(&one.statement.kind)) else { continue };
        let message = match statement.id.is_only {
            true => format!("`{}` runs {}, and has a destination table", query.shown, statement.statement.kind.name()),
            false => format!("`{}` is a script, and has a destination table", query.shown),
        };
        let found = sink.report(subject(query), destination.span, message);
        found.related(statement.span, "what it writes stands here").detail(query.address.clone());
    }
}

/// Whether a statement says itself what it writes.
fn changes(kind: &StatementKind) -> bool {
    match kind {
        StatementKind::CreateTableAsSelect
        | StatementKind::CreateTable
        | StatementKind::CreateView
        | StatementKind::Insert
        | StatementKind::Update
        | StatementKind::Delete
        | StatementKind::Merge => true,
        StatementKind::Select
        | StatementKind::CreateFunction
        | StatementKind::CreateTableFunction
        | StatementKind::ExportData
        | StatementKind::Other(_) => false,
    }
}

/// The result goes into a dataset that is there.
pub(super) fn unknown_destination_dataset(context: &Context<'_>, sink: &mut Sink<'_>) {
    for query in &context.head.scheduled {
        let Some(written) = query.dataset.spanned() else { continue };
        let names = || context.head.datasets.values().map(|dataset| &*dataset.name);
        // A dataset of another repository is called something else altogether.
        let Some(near) = nearest(&written.value, names()).filter(|_| names().all(|name| name != written.value)) else { continue };
        let message = format!("`{}` writes into dataset `{}`, which nothing here declares", query.shown, written.value);
        let found = sink.report(subject(query), written.span, message);
        found.help(format!("did you mean `{near}`?")).detail(query.address.clone());
    }
}

/// Scheduled queries run every five minutes at most.
pub(super) fn too_frequent_schedule(context: &Context<'_>, sink: &mut Sink<'_>) {
    for query in &context.head.scheduled {
        let Some(schedule) = query.schedule.spanned() else { continue };
        let Ok(per_month) = runs_a_month(&schedule.value) else { continue };
        let minutes = DAYS_OF_MONTH * 24.0 * 60.0 / per_month;
        // Schedules of part of a day run less often than they seem to.
        if per_month > 0.0 && minutes < MIN_MINUTES - 0.01 {
            let message =
                format!("`{}` would run every {minutes:.0} min, and scheduled queries run every 5 at most", query.shown);
            sink.report(subject(query), schedule.span, message).detail(query.address.clone());
        }
    }
}

/// On the full hour a run may come twice, which a query that adds rows does not stand.
pub(super) fn append_on_the_hour(context: &Context<'_>, sink: &mut Sink<'_>) {
    for query in &context.head.scheduled {
        let Some(schedule) = query.schedule.spanned().filter(|schedule| is_on_the_hour(&schedule.value)) else { continue };
        let appends = query.write_disposition.value().is_some_and(|write| write == "WRITE_APPEND");
        if appends || is_one_insert(context, query) {
            let message = format!("`{}` adds rows, and on the full hour a run may come twice", query.shown);
            sink.report(subject(query), schedule.span, message).detail(query.address.clone());
        }
    }
}

fn is_on_the_hour(schedule: &str) -> bool {
    let words: Vec<&str> = schedule.split_whitespace().collect();
    words.last().is_some_and(|last| last.contains(':') && last.ends_with(":00"))
}

/// The whole text is one `INSERT`: a script may look first at what is there.
fn is_one_insert(context: &Context<'_>, scheduled: &ScheduledQuery) -> bool {
    let is_own = |query: &&crate::model::Query| *query.id.path == *scheduled.path && query.id.is_only;
    let mut own = context.head.queries.values().filter(is_own);
    own.next().is_some_and(|query| query.statement.kind == StatementKind::Insert)
}
