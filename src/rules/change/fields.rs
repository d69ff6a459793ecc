//! What a changed JSON Schema means for the provider of the files, and for those who read what is loaded from them.

use super::readers::{Readers, readers};
use super::schemas::{Both, changed};
use super::severity;
use crate::config::Promise;
use crate::diagnostic::{Severity, Subject, SubjectKind};
use crate::model::schema::SchemaField;
use crate::record::compatibility::{Class, Loss, Verdict};
use crate::rules::{Context, Sink};
use crate::text::nearest;
use serde_json::Value;

pub(in crate::rules) fn narrowed_field(context: &Context<'_>, sink: &mut Sink<'_>) {
    for both in changed(context) {
        for loss in both.lost_to_provider() {
            let asks = match loss.class {
                Class::RemovedField | Class::ClaimedField | Class::NewlyRequired => continue,
                Class::Format | Class::Pattern | Class::Limit => format!("is held to {} now", loss.what),
                Class::Combination => "is held to other conditions now".to_owned(),
                Class::Type | Class::Values | Class::UnlistedKeys => format!("no longer takes {}", loss.what),
            };
            refused(context, &both, &loss, format!("{} {asks}", both.named(&loss.field)), sink);
        }
    }
}

pub(in crate::rules) fn newly_required_field(context: &Context<'_>, sink: &mut Sink<'_>) {
    for both in changed(context) {
        for loss in both.lost_to_provider().into_iter().filter(|loss| loss.class == Class::NewlyRequired) {
            refused(context, &both, &loss, format!("{} is newly required", both.named(&loss.field)), sink);
        }
    }
}

/// Reports what is shown by a record, and says what is not.
fn refused(context: &Context<'_>, both: &Both<'_>, loss: &Loss, message: String, sink: &mut Sink<'_>) {
    let subject = subject(both, &loss.field);
    let place = both.head.place(&loss.to).unwrap_or_else(|| both.head.place_of_field(&loss.field));
    let record = match &loss.verdict {
        Verdict::Breaking(record) => record,
        Verdict::Unknown(why) => return sink.not_checked(&subject, why.clone(), Some(place)),
    };
    let severity = severity(Promise::File, context, sink);
    let diagnostic = sink.report(subject, place, message).detail(format!("{:?} {}", loss.class, loss.what));
    diagnostic.severity = severity;
    diagnostic.label(format!("refuses {}", shown(record, &loss.field)));
    let before = both.base.place(&loss.from).unwrap_or_else(|| both.base.place_of_field(&loss.field));
    diagnostic.related(before, format!("the base accepts {}", whole(record)));
}

pub(in crate::rules) fn removed_field(context: &Context<'_>, sink: &mut Sink<'_>) {
    for both in changed(context) {
        let losses = both.lost_to_provider();
        for field in gone(&both.base_schema.fields, &both.schema.fields) {
            let loss = losses.iter().find(|loss| loss.class == Class::RemovedField && loss.field == field.path);
            removed(context, &both, field, loss, sink);
        }
    }
}

/// The topmost fields that only one of two schemas has.
fn gone<'a>(of: &'a [SchemaField], other: &[SchemaField]) -> Vec<&'a SchemaField> {
    let has = |path: &str| other.iter().any(|field| field.path == path);
    let is_topmost = |field: &&SchemaField| field.path.rsplit_once('.').is_none_or(|(above, _)| has(above));
    of.iter().filter(|field| !has(&field.path)).filter(is_topmost).collect()
}

fn removed(context: &Context<'_>, both: &Both<'_>, field: &SchemaField, loss: Option<&Loss>, sink: &mut Sink<'_>) {
    let readers = readers_of(context, both, &field.path);
    let witness = loss.and_then(|loss| match &loss.verdict {
        Verdict::Breaking(record) => Some(record),
        Verdict::Unknown(_) => None,
    });
    // Keys that nobody lists are still taken, and what nobody reads nobody misses.
    if witness.is_none() && readers.is_empty() {
        return;
    }
    let broken = if witness.is_some() { Promise::File } else { Promise::Read };
    let severity = severity(broken, context, sink);
    let renamed = new_name(both, field).map_or_else(String::new, |name| format!(": it looks renamed to `{name}`"));
    let message = format!("{} is removed{}{renamed}", both.named(&field.path), readers.words());
    let diagnostic = sink.report(subject(both, &field.path), both.head.place_of_field(&field.path), message);
    diagnostic.severity = severity;
    if let Some(record) = witness {
        diagnostic.label(format!("refuses {}", shown(record, &field.path)));
    }
    let accepted = witness.map_or_else(String::new, |record| format!(", and the base accepts {}", whole(record)));
    diagnostic.related(field.key_span, format!("it was here{accepted}"));
    readers.relate(diagnostic);
}

/// A field that came, at the same level and of the same type.
fn new_name<'a>(both: &'a Both<'_>, field: &SchemaField) -> Option<&'a str> {
    let above = |path: &str| path.rsplit_once('.').map(|(above, _)| above.to_owned());
    let is_like = |other: &&SchemaField| {
        above(&other.path) == above(&field.path) && other.types == field.types && other.format == field.format
    };
    let came: Vec<&str> = gone(&both.schema.fields, &both.base_schema.fields)
        .into_iter()
        .filter(is_like)
        .map(|field| field.name.as_str())
        .collect();
    match came.as_slice() {
        [one] => Some(one),
        several => nearest(&field.name, several.iter().copied()),
    }
}

pub(in crate::rules) fn widened_field(context: &Context<'_>, sink: &mut Sink<'_>) {
    for both in changed(context) {
        let losses = both.lost_to_readers();
        // A field of another type keeps no format and no limit that would be worth a word.
        let retyped: Vec<&str> = losses.iter().filter(|loss| loss.class == Class::Type).map(|loss| loss.field.as_str()).collect();
        for loss in &losses {
            let Verdict::Breaking(record) = &loss.verdict else { continue };
            let (may, is_mild) = match loss.class {
                Class::Type | Class::Values => (format!("may be {} now", loss.what), false),
                Class::NewlyRequired => ("may be missing now".to_owned(), false),
                Class::Format | Class::Pattern | Class::Limit if retyped.contains(&loss.field.as_str()) => continue,
                Class::Format => (format!("is no longer held to {}", loss.what), false),
                Class::Pattern | Class::Limit => (format!("is no longer held to {}", loss.what), true),
                Class::RemovedField | Class::UnlistedKeys | Class::ClaimedField | Class::Combination => continue,
            };
            let readers = readers_of(context, &both, &loss.field);
            // Of a field that is gone another rule speaks.
            if readers.is_empty() || !both.schema.fields.iter().any(|field| field.path == loss.field) {
                continue;
            }
            let place = both.head.place(&loss.from).filter(|_| loss.class != Class::NewlyRequired);
            let place = place.unwrap_or_else(|| both.head.place_of_field(&loss.field));
            let severity = severity(Promise::Read, context, sink);
            let message = format!("{} {may}{}", both.named(&loss.field), readers.words());
            let diagnostic = sink.report(subject(&both, &loss.field), place, message);
            diagnostic.severity = if is_mild { severity.min(Severity::Note) } else { severity };
            diagnostic.label(format!("allows {}", shown(record, &loss.field))).detail(format!("{:?} {}", loss.class, loss.what));
            if let Some(before) = both.base.place(&loss.to) {
                diagnostic.related(before, format!("the base refuses {}", whole(record)));
            }
            readers.relate(diagnostic);
        }
    }
}

fn subject(both: &Both<'_>, field: &str) -> Subject {
    Subject::new(SubjectKind::Field, format!("{}#{field}", both.schema.path))
}

/// Those who read the columns that a field is loaded into.
fn readers_of<'a>(context: &'a Context<'_>, both: &Both<'_>, field: &str) -> Readers<'a> {
    let column = field.replace("[]", "");
    let tables = both.schema.feeds.iter().filter_map(|feed| context.head.feed_tables.get(feed));
    tables.map(|table| readers(context, table, &column)).fold(Readers::default(), Readers::and)
}

/// Longer records do not fit a line, and records of any length no report.
const MAX_SHOWN: usize = 120;
const MAX_WHOLE: usize = 2_000;

/// What a record has to do with a field; all of it, where it is short.
fn shown(record: &Value, field: &str) -> String {
    let text = record.to_string();
    let first = field.split(['.', '[']).next().unwrap_or(field);
    match record.get(first).filter(|_| text.chars().count() > MAX_SHOWN) {
        Some(value) => format!("`{}`", cut(&format!("{{{}: {value}, …}}", Value::from(first)), MAX_SHOWN)),
        None if text.chars().count() > MAX_SHOWN => format!("a record without `{first}`"),
        None => format!("`{text}`"),
    }
}

fn whole(record: &Value) -> String {
    format!("`{}`", cut(&record.to_string(), MAX_WHOLE))
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most).chain(['…']).collect() }
}
