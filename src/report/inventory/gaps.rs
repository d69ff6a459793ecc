//! What is not known of a feed, as questions for the people who know. A review asks the same of every feed; what a
//! definition answers is not asked again.

use crate::model::delivery::Schedule;
use crate::model::{Feed, Known, Model};

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) ask: Ask,
    /// The key of the definition that the answer goes into.
    pub(super) key: &'static str,
    pub(super) question: String,
}

/// Who can answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ask {
    Owner,
    Source,
    Consumers,
}

impl Ask {
    pub(super) fn name(self) -> &'static str {
        match self {
            Ask::Owner => "the owner",
            Ask::Source => "the source",
            Ask::Consumers => "the consumers",
        }
    }
}

/// What has to be asked of this feed, by whom.
pub(super) fn of(model: &Model, feed: &Feed, queries: &[String]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = owner(model, feed);
    gaps.extend(source(feed));
    gaps.extend(consumers(model, feed, queries));
    gaps
}

fn owner(model: &Model, feed: &Feed) -> Vec<Gap> {
    let table = table_name(model, feed);
    let asked = [
        missing(&feed.owner, "owner", "Who answers for this feed, and under which address?".to_owned()),
        missing(&feed.description, "description", "What is one record of it, in a sentence?".to_owned()),
        missing(&feed.classification, "classification", "How confidential is it, and who may see it?".to_owned()),
        missing(&feed.retention_days, "retention", "For how long must its files be kept, and who demands it?".to_owned()),
        missing(&feed.file.bucket, "file.bucket", "Into which bucket is it delivered?".to_owned()),
        missing(&feed.table.name, "table", "Which table is it loaded into?".to_owned()),
        missing(
            &feed.delivery.grace_seconds,
            "delivery.grace",
            "How late may it be before somebody is called, and who is?".to_owned(),
        ),
    ];
    let kept = model
        .table_of(feed)
        .and_then(|table| table.partitioning.value())
        .filter(|partitioning| partitioning.expiration_days.is_absent());
    let kept = kept.map(|_| {
        ("table.partitioning.expiration", format!("The rows of {table} are kept for good: for how long are they needed?"))
    });
    asked.into_iter().flatten().chain(kept).map(|(key, question)| Gap { ask: Ask::Owner, key, question }).collect()
}

fn source(feed: &Feed) -> Vec<Gap> {
    let system = feed.source_system.value().map_or("the source".to_owned(), |system| format!("`{system}`"));
    let asked = [
        missing(&feed.source_system, "source.system", "Which system does it come from?".to_owned()),
        missing(&feed.source_contact, "source.contact", format!("Who answers at {system} when a file is wrong or missing?")),
        missing(&feed.delivery.cadence, "delivery.cadence", "How often is it delivered, and on which days?".to_owned())
            .or_else(|| day(feed)),
        due(feed),
        volume(feed),
        missing(
            &feed.file.name,
            "file.name",
            "Under which names do its files come, and what tells two deliveries apart?".to_owned(),
        ),
        missing(&feed.file.format, "file.format", "In which format are its files, and how are they compressed?".to_owned()),
        missing(&feed.schema, "schema", "Which fields does a record have, and who says when one changes?".to_owned()),
        samples(feed),
    ];
    asked.into_iter().flatten().map(|(key, question)| Gap { ask: Ask::Source, key, question }).collect()
}

fn consumers(model: &Model, feed: &Feed, queries: &[String]) -> Vec<Gap> {
    let table = table_name(model, feed);
    let readers = match queries.len() {
        0 => " No query of this repository reads it.".to_owned(),
        1 => " One query of this repository reads it.".to_owned(),
        n => format!(" {n} queries of this repository read it."),
    };
    let question = if feed.consumers.is_empty() {
        Some(format!("Who reads {table}, and what is decided by it?{readers}"))
    } else {
        let names = without_dashboard(feed);
        (!names.is_empty()).then(|| format!("Where is {table} seen by {names}, and what is decided by it?{readers}"))
    };
    question.into_iter().map(|question| Gap { ask: Ask::Consumers, key: "consumers", question }).collect()
}

/// `Finance and Market risk`: the consumers that name no dashboard.
fn without_dashboard(feed: &Feed) -> String {
    let silent = feed.consumers.iter().filter(|consumer| consumer.dashboard.is_none());
    let teams: Vec<&str> = silent.filter_map(|consumer| consumer.team.as_deref()).collect();
    match teams.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => teams.concat(),
    }
}

type Asked = Option<(&'static str, String)>;

/// The question for what is not there; what is there and cannot be read is asked for with the reason.
fn missing<T>(fact: &Known<T>, key: &'static str, question: String) -> Asked {
    match fact {
        Known::Known(_) => None,
        Known::Absent => Some((key, question)),
        Known::Unknown(why) => Some((key, format!("{question} What is written is not understood: {}.", why.text))),
    }
}

/// A word such as `weekly` leaves the day open; and with a time zone that does not exist no time is known.
fn day(feed: &Feed) -> Asked {
    let why = Schedule::of(&feed.delivery).err()?;
    let (cadence, zone) = (feed.delivery.cadence.spanned()?, feed.delivery.time_zone.span());
    if why.span.is_some() && why.span == zone {
        return Some(("delivery.time_zone", format!("In which time zone are its times and dates? As it stands, {}.", why.text)));
    }
    Some(("delivery.cadence", format!("It comes `{}`: on which day, and at what time?", cadence.value.text)))
}

fn due(feed: &Feed) -> Asked {
    let schedule = Schedule::of(&feed.delivery).ok()?;
    match (schedule.times.as_slice(), schedule.is_zone_said) {
        ([], _) => Some(("delivery.due", "By what time of the day must it be there, and in which time zone?".to_owned())),
        (_, false) => Some(("delivery.time_zone", "In which time zone are its times and dates?".to_owned())),
        (_, true) => None,
    }
}

fn volume(feed: &Feed) -> Asked {
    let delivery = &feed.delivery;
    let parts = [
        (delivery.files.value(), "files", "delivery.files"),
        (delivery.rows.value(), "rows", "delivery.rows"),
        (delivery.bytes.value(), "bytes", "delivery.bytes"),
    ];
    let open = || parts.iter().filter(|(known, ..)| known.is_none());
    let (_, _, key) = open().next()?;
    let open: Vec<&str> = open().map(|(_, what, _)| *what).collect();
    Some((key, format!("How many {} does a delivery have, and how fast does that grow?", open.join(", how many "))))
}

fn samples(feed: &Feed) -> Asked {
    feed.file.samples.is_empty().then(|| ("file.samples", "Is there a file that may serve as a sample?".to_owned()))
}

fn table_name(model: &Model, feed: &Feed) -> String {
    model.feed_tables.get(&feed.id).map_or("its table".to_owned(), |id| format!("`{id}`"))
}
