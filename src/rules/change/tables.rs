//! What a changed table means for the records that are loaded into it, and for those who read it.

use super::super::deployment::replaced_table::is_refused;
use super::readers::{filters, readers};
use super::severity;
use super::width::{Width, width};
use crate::config::Promise;
use crate::diagnostic::{Severity, Subject, SubjectKind};
use crate::model::change::{Change, ChangeKind, Difference, Said};
use crate::model::schema::SchemaField;
use crate::model::table::Mode;
use crate::model::table::table_named;
use crate::model::{Column, Feed, Table};
use crate::rules::{Context, Sink};
use crate::text::Span;

/// The changes of columns of tables that both revisions have.
fn columns<'a>(context: &'a Context<'_>) -> impl Iterator<Item = (&'a Change, &'a Table)> {
    let changes = context.changes.iter().filter(|change| change.subject.kind == SubjectKind::Column);
    changes.filter_map(|change| Some((change, table_named(&context.head.tables, &change.holder.as_ref()?.key)?)))
}

fn difference<'a>(change: &'a Change, name: &str) -> Option<(&'a Difference, &'a str, &'a str)> {
    let difference = change.differences.iter().find(|difference| difference.name == name)?;
    Some((difference, &difference.before.as_ref()?.text, &difference.after.as_ref()?.text))
}

pub(in crate::rules) fn removed_column(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (change, table) in columns(context) {
        let (was, what) = match &change.kind {
            ChangeKind::Removed => (change.part(), "is removed".to_owned()),
            ChangeKind::Renamed(_) => {
                let Some(was) = change.was() else { continue };
                (was, format!("is renamed to `{}`", change.part()))
            }
            ChangeKind::Added | ChangeKind::Modified => continue,
        };
        if table.may_have_more_columns() {
            let why = "not all that defines the table gives it the same columns";
            sink.not_checked(&change.subject, why, change.after.or(table.span()));
            continue;
        }
        let Some(place) = change.after.or_else(|| survivor(table, was)) else { continue };
        let readers = readers(context, &table.id, was);
        let severity = severity(Promise::Read, context, sink);
        let subject = Subject::new(SubjectKind::Column, format!("{}.{was}", table.id));
        let message = format!("column `{was}` of table `{}` {what}{}", table.id, readers.words());
        let diagnostic = sink.report(subject, place, message);
        diagnostic.severity = severity;
        if let Some(before) = change.before {
            diagnostic.related(before, "it was here");
        }
        readers.relate(diagnostic);
        for feed in loaded_strictly(context, table) {
            let what = format!("files of feed `{}` that still hold it are refused: unknown values are not ignored", feed.id);
            diagnostic.related(feed.name_span, what);
        }
    }
}

/// The feeds whose loads refuse keys that the table has no column for.
fn loaded_strictly<'a>(context: &'a Context<'_>, table: &'a Table) -> impl Iterator<Item = &'a Feed> {
    let feeds = table.feeds.iter().filter_map(|id| context.head.feeds.get(id));
    feeds.filter(|feed| feed.table.ignore_unknown_values.value() != Some(&true))
}

pub(in crate::rules) fn new_required_column(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (change, table) in columns(context).filter(|(change, _)| change.kind == ChangeKind::Added) {
        let column = table.columns.value().and_then(|columns| find(columns, change.part()));
        let Some(column) = column.filter(|column| column.mode == Mode::Required) else { continue };
        // Where the deployment stops at it, the column does not come, and no load asks for it.
        if is_refused(context, table) {
            continue;
        }
        let lacks = |feed: &&Feed| may_lack(context, feed, change.part());
        let mut feeds = table.feeds.iter().filter_map(|id| context.head.feeds.get(id)).filter(lacks);
        let Some(feed) = feeds.next() else { continue };
        let severity = severity(Promise::Load, context, sink);
        let message = format!(
            "column `{}` of table `{}` is new and REQUIRED: files of feed `{}` that lack it do not load",
            change.part(),
            table.id,
            feed.id
        );
        let diagnostic = sink.report(change.subject.clone(), column.name_span, message);
        diagnostic.severity = severity;
        diagnostic.related(feed.name_span, format!("feed `{}`", feed.id));
    }
}

/// Whether a feed that was there before was allowed to leave a field out.
fn may_lack(context: &Context<'_>, feed: &Feed, column: &str) -> bool {
    let Some((base, id)) = context.base.zip(context.pairs.feeds.base_of(&feed.id)) else { return false };
    let Some(schema) = base.feeds.get(id).and_then(|feed| base.schema_of(feed)) else { return true };
    let is_it = |field: &&SchemaField| field.path.replace("[]", "").eq_ignore_ascii_case(column);
    schema.fields.iter().find(is_it).is_none_or(|field| !field.required || field.nullable)
}

/// Whether a record without a column that is newly REQUIRED may come, as far as feeds tell.
fn may_break_loads(context: &Context<'_>, table: &Table, column: &str) -> bool {
    let mut feeds = table.feeds.iter().filter_map(|id| context.head.feeds.get(id));
    !is_refused(context, table) && (table.feeds.is_empty() || feeds.any(|feed| may_lack(context, feed, column)))
}

/// The nearest thing that is still there: the record that held the column, the list of columns, the table.
fn survivor(table: &Table, path: &str) -> Option<Span> {
    let above = path.rsplit_once('.').and_then(|(above, _)| find(table.columns.value()?, above));
    let opening = |span: Span| Span { end: (span.start + 1).min(span.end), ..span };
    above.map(|column| column.name_span).or_else(|| table.columns.span().map(opening)).or_else(|| table.span())
}

fn find<'a>(columns: &'a [Column], path: &str) -> Option<&'a Column> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let column = columns.iter().find(|column| column.name.eq_ignore_ascii_case(first))?;
    rest.map_or(Some(column), |rest| find(&column.fields, rest))
}

pub(in crate::rules) fn changed_column_type(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (change, table) in columns(context) {
        let Some((difference, before, after)) = difference(change, "type") else { continue };
        let Some(place) = difference.after.as_ref().and_then(|said| said.span) else { continue };
        let readers = readers(context, &table.id, change.part());
        let (what, broken, is_mild) = match width(before, after) {
            // Whatever loaded loads, and whatever was read is read.
            Width::SameTypeWider => continue,
            Width::SameTypeNarrower => (": what is longer does not load any more", Promise::Load, false),
            Width::OtherTypeWider => ("", Promise::Read, true),
            Width::Other => ("", Promise::Read, false),
        };
        let broken = severity(broken, context, sink);
        let and = readers.words();
        let message = format!("column `{}` of table `{}` changes from {before} to {after}{what}{and}", change.part(), table.id);
        let diagnostic = sink.report(change.subject.clone(), place, message);
        diagnostic.severity = if is_mild { broken.min(Severity::Warning) } else { broken };
        if let Some(span) = difference.before.as_ref().and_then(|said| said.span) {
            diagnostic.related(span, format!("{before} in the base"));
        }
        readers.relate(diagnostic);
    }
}

pub(in crate::rules) fn changed_column_mode(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (change, table) in columns(context) {
        let Some((difference, before, after)) = difference(change, "mode") else { continue };
        let Some(place) = difference.after.as_ref().and_then(|said| said.span) else { continue };
        let readers = readers(context, &table.id, change.part());
        let (what, broken) = match (before, after) {
            ("NULLABLE", "REQUIRED") if !may_break_loads(context, table, change.part()) => continue,
            ("NULLABLE", "REQUIRED") => ("is newly REQUIRED: records without it load no longer", Promise::Load),
            ("REQUIRED", "NULLABLE") if readers.is_empty() => continue,
            ("REQUIRED", "NULLABLE") => ("may be null now", Promise::Read),
            (_, "REPEATED") => ("is a list now", Promise::Read),
            _ => ("is no list any more", Promise::Read),
        };
        let severity = severity(broken, context, sink);
        let message = format!("column `{}` of table `{}` {what}{}", change.part(), table.id, readers.words());
        let diagnostic = sink.report(change.subject.clone(), place, message);
        diagnostic.severity = if what == "may be null now" { severity.min(Severity::Warning) } else { severity };
        if let Some(span) = difference.before.as_ref().and_then(|said| said.span) {
            diagnostic.related(span, format!("{before} in the base"));
        }
        readers.relate(diagnostic);
    }
}

pub(in crate::rules) fn changed_partitioning(context: &Context<'_>, sink: &mut Sink<'_>) {
    let tables = context.changes.iter().filter(|change| change.subject.kind == SubjectKind::Table);
    for change in tables {
        let Some(table) = table_named(&context.head.tables, &change.subject.key) else { continue };
        let Some(difference) = change.differences.iter().find(|difference| difference.name == "partitioning") else { continue };
        let Some(base) = context.base.and_then(|base| base.tables.get(context.pairs.tables.base_of(&table.id)?)) else {
            continue;
        };
        if let Some(why) = table.partitioning.why().or(base.partitioning.why()) {
            sink.not_checked(&change.subject, why.text.to_string(), table.span());
            continue;
        }
        let Some(was) = base.partitioning.value() else { continue };
        let by = was.column.as_ref().map_or("_PARTITIONTIME", |column| column.value.as_str());
        let filters = filters(context, &table.id, by);
        let place = difference.after.as_ref().and_then(|said| said.span).or(table.span());
        let Some(place) = place.filter(|_| !filters.is_empty()) else { continue };
        let said = |said: &Option<Said>| said.as_ref().map_or_else(|| "none".to_owned(), |said| said.text.clone());
        let (before, after) = (said(&difference.before), said(&difference.after));
        let severity = severity(Promise::Read, context, sink);
        let what = filters.words_of(&format!("filters by `{by}`"), &format!("filter by `{by}`"));
        let message = format!("the partitioning of table `{}` changes from {before} to {after}{what}", table.id);
        let diagnostic = sink.report(change.subject.clone(), place, message);
        diagnostic.severity = severity;
        if let Some(span) = difference.before.as_ref().and_then(|said| said.span) {
            diagnostic.related(span, "the partitioning of the base");
        }
        filters.relate_as("filters here", diagnostic);
    }
}
