//! What the name of a delivered file says: which feed takes it, into which table it goes, and whether it may come today.

use crate::diagnostic::Severity;
use crate::model::delivery::{Verdict, today_of, verdict};
use crate::model::naming::Captured;
use crate::model::naming::{DeliveredName, NameIndex, NearMiss};
use crate::model::{Feed, Model, TableId};
use crate::text::Date;
use std::collections::BTreeSet;

/// What is known before any file is looked at.
pub struct Reception<'a> {
    pub model: &'a Model,
    pub names: NameIndex,
    pub today: Date,
    /// The instant in seconds since 1970, where `today` is taken from the clock: feeds may have another day in their zones.
    pub now_seconds: Option<i64>,
    /// Names of files that were delivered before, as they were listed.
    pub delivered: BTreeSet<String>,
    /// The only feed that is meant, whatever the name says.
    pub feed: Option<&'a Feed>,
}

/// What a name leads to.
#[derive(Debug)]
pub struct Judgement<'a> {
    /// The feeds whose names this is.
    pub candidates: Vec<&'a Feed>,
    /// Feeds that come near, and where the name goes apart from theirs.
    pub near: Vec<Near>,
    /// The feed that the file is taken for.
    pub feed: Option<&'a Feed>,
    pub table: Option<TableId>,
    pub date: Option<Date>,
    pub faults: Vec<NameFault>,
    /// What could not be judged, and why.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    pub feed: String,
    /// The beginning of the name that fits.
    pub fits: String,
    /// What the feed wants to read there.
    pub wants: String,
}

/// What is wrong with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameFault {
    pub severity: Severity,
    pub code: &'static str,
    pub message: String,
    pub help: String,
}

/// The day on which files are judged.
#[derive(Debug, Clone, Copy)]
struct Today {
    day: Date,
    /// It is that of the feed's zone, and not of UTC.
    is_own: bool,
}

/// So many feeds that come near are named.
const MAX_NEAR: usize = 3;

impl<'a> Reception<'a> {
    pub fn judge(&self, text: &str) -> Judgement<'a> {
        let name = read(text);
        let takers = self.names.takers(&name);
        let feed = |id: &crate::model::FeedId| self.model.feeds.get(id);
        let candidates: Vec<&'a Feed> = takers.iter().filter_map(|taker| feed(taker.feed)).collect();
        let mut judgement = Judgement {
            candidates,
            near: Vec::new(),
            feed: None,
            table: None,
            date: None,
            faults: Vec::new(),
            notes: Vec::new(),
        };
        judgement.choose(self.feed);
        let captured = takers.iter().find(|taker| judgement.feed.is_some_and(|feed| feed.id == *taker.feed));
        match (judgement.feed, captured) {
            (Some(feed), Some(taker)) => judgement.delivery(feed, &taker.captured, self.today_of(feed)),
            _ => self.explain(&name, &mut judgement),
        }
        if let Some(feed) = judgement.feed {
            judgement.table(feed, captured.map(|taker| &taker.captured), self.model);
        }
        if self.was_delivered(text) {
            judgement.fault(
                "delivered-before",
                format!("a file named `{}` was delivered before", name.text),
                "give each delivery a name of its own: a bucket that keeps its files refuses to overwrite one",
            );
        }
        judgement
    }

    fn today_of(&self, feed: &Feed) -> Today {
        let own = self.now_seconds.and_then(|now| today_of(&feed.delivery, now));
        Today { day: own.unwrap_or(self.today), is_own: own.is_some() }
    }

    /// Why no feed takes the file, or not the one that is meant.
    fn explain(&self, name: &DeliveredName<'_>, judgement: &mut Judgement<'a>) {
        let misses = self.names.near_misses(name, if self.feed.is_some() { usize::MAX } else { MAX_NEAR });
        let is_meant = |feed: &crate::model::FeedId| self.feed.is_none_or(|meant| meant.id == *feed);
        judgement.near = misses.into_iter().filter(|miss| is_meant(miss.feed)).map(|miss| near(name.text, &miss)).collect();
        let left_out = self.names.left_out().iter().filter(|(feed, _)| is_meant(feed));
        judgement.notes.extend(left_out.map(|(feed, why)| format!("the names of feed `{feed}` cannot be compared: {why}")));
        let help = match judgement.near.first() {
            Some(near) => {
                format!("rename the file so that feed `{}` takes it: behind `{}` it wants {}", near.feed, near.fits, near.wants)
            }
            None => {
                "rename the file as the feed's definition says; `feedgate check-file --calendar FEED` lists the names".to_owned()
            }
        };
        match self.feed {
            Some(meant) => judgement.fault("wrong-name", format!("`{}` is no name of feed `{}`", name.text, meant.id), help),
            None if judgement.candidates.is_empty() => {
                judgement.fault("no-feed", format!("no feed takes a file named `{}`", name.text), help)
            }
            None => {
                let named: Vec<String> = judgement.candidates.iter().map(|feed| format!("`{}`", feed.id)).collect();
                let message = format!("{} feeds take a file named `{}`: {}", named.len(), name.text, named.join(", "));
                judgement.fault(
                    "several-feeds",
                    message,
                    "name the feed that is meant with --feed, and give the feeds names that differ",
                );
            }
        }
    }

    fn was_delivered(&self, text: &str) -> bool {
        let name = text.rsplit('/').next().unwrap_or(text);
        self.delivered.contains(text) || (!text.contains('/') && self.delivered.contains(name))
    }
}

impl<'a> Judgement<'a> {
    fn choose(&mut self, meant: Option<&'a Feed>) {
        self.feed = meant.or(match self.candidates.as_slice() {
            [one] => Some(*one),
            _ => None,
        });
    }

    /// The table that the feed names, or that the name of this file does.
    fn table(&mut self, feed: &'a Feed, captured: Option<&Captured>, model: &Model) {
        match model.table_of_file(feed, captured.map_or(&[], |captured| &captured.values)) {
            Ok(table) => self.table = table,
            Err(why) => self.notes.push(why),
        }
    }

    fn fault(&mut self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        let severity = if matches!(code, "no-delivery-day" | "past-retention") { Severity::Warning } else { Severity::Error };
        self.faults.push(NameFault { severity, code, message: message.into(), help: help.into() });
    }

    fn delivery(&mut self, feed: &Feed, captured: &Captured, Today { day: today, is_own }: Today) {
        for contradiction in &captured.contradictions {
            self.fault(
                "wrong-date",
                format!("the name cannot be right: {contradiction}"),
                "correct the date in the name of the file",
            );
        }
        self.date = captured.date;
        let Some(date) = captured.date else { return };
        match verdict(feed, date, today) {
            Verdict::Expected => {}
            // Days of other zones begin while it is still today in UTC.
            Verdict::TooEarly if !is_own && today.later(1) == Some(date) => {
                self.notes.push(format!("the delivery is of tomorrow: today is {today} in UTC"));
            }
            Verdict::TooEarly => {
                self.fault(
                    "too-early",
                    format!("the delivery of {date} lies in the future: today is {today}"),
                    "correct the date in the name, or deliver the file on its day",
                );
            }
            Verdict::NotOver { due } => {
                let due = due.map_or_else(String::new, |due| format!(", and its file is expected on {due}"));
                let message = format!("{date} is not over{due}: the feed says a lag");
                self.fault("too-early", message, "correct the date in the name, or deliver the file when its day is over");
            }
            Verdict::NoDeliveryDay { before, after } => {
                let days: Vec<String> = [before, after].into_iter().flatten().map(|day| day.to_string()).collect();
                let help = match days.as_slice() {
                    [] => "correct the date in the name".to_owned(),
                    days => format!("correct the date in the name: the nearest deliveries are those of {}", days.join(" and ")),
                };
                let cadence = feed.delivery.cadence.value().map_or("", |cadence| cadence.text.as_str());
                self.fault(
                    "no-delivery-day",
                    format!("feed `{}` has no delivery of {date}: its cadence is `{cadence}`", feed.id),
                    help,
                );
            }
            Verdict::PastRetention { until } => {
                let message = format!("the files of {date} were kept until {until}, which is over");
                self.fault("past-retention", message, "ask the owner of the feed before you deliver so late");
            }
            Verdict::Unknown(why) => self.notes.push(format!("whether a delivery of {date} is due is not known: {}", why.text)),
        }
    }
}

/// A name with a folder in it is that of an object; any other is that of the file alone.
fn read(text: &str) -> DeliveredName<'_> {
    if text.contains('/') { DeliveredName::read(text) } else { DeliveredName::file(text) }
}

fn near(name: &str, miss: &NearMiss<'_>) -> Near {
    let fits = name.get(..miss.at).unwrap_or("").to_owned();
    let mut ways: Vec<String> = miss
        .expected
        .characters
        .iter()
        .map(|(what, part)| match part.as_str() {
            "" => what.clone(),
            part => format!("{what} of `{part}`"),
        })
        .collect();
    if miss.expected.end {
        ways.push("the end of the name".to_owned());
    }
    Near { feed: miss.feed.to_string(), fits, wants: ways.join(" or ") }
}
