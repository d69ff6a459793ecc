//! Queries that cost clearly more than in the base: one finding for all that one change has made dearer.

use crate::config::OptionValue;
use crate::diagnostic::{Subject, SubjectKind};
use crate::estimate::amount::usd;
use crate::estimate::repricing::{Cause, CauseKind, Kind, Repriced};
use crate::rules::{Context, Sink};
use crate::text::{Side, Span};
use std::collections::{BTreeMap, BTreeSet};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut groups: BTreeMap<Key, Group<'_>> = BTreeMap::new();
    for repriced in context.repricing.iter().flat_map(|repricing| &repricing.queries) {
        let Some(cause) = judged(repriced) else { continue };
        match Change::of(repriced) {
            Ok(change) => {
                let key = Key { place: cause.head.or(cause.base), per_month: change.per_month };
                groups.entry(key).or_insert_with(|| Group::new(cause)).add(repriced, change);
            }
            Err(why) => sink.not_checked(&subject(repriced), why, repriced.span()),
        }
    }
    let limits = Limits::read(sink);
    for (key, group) in groups.iter().filter(|(key, group)| limits.are_passed(key.per_month, group)) {
        report(context, key, group, sink);
    }
}

/// What makes a query dearer that both revisions have. One that is new has nothing to be compared with.
fn judged(repriced: &Repriced) -> Option<&Cause> {
    match repriced.kind() {
        Kind::Added | Kind::Removed => None,
        Kind::Rewritten | Kind::Repriced => repriced.causes.first(),
    }
}

fn subject(repriced: &Repriced) -> Subject {
    Subject::new(SubjectKind::Query, repriced.query().map(ToString::to_string).unwrap_or_default())
}

/// What is told as one: the place that changed, and whether months are counted or runs.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    place: Option<Span>,
    per_month: bool,
}

impl Key {
    fn unit(&self) -> &'static str {
        if self.per_month { "a month" } else { "a run" }
    }
}

/// What a query costs before and after.
#[derive(Clone, Copy)]
struct Change {
    base: f64,
    head: f64,
    per_month: bool,
    /// The figures, of base and head, are the most that it may cost.
    is_at_most: [bool; 2],
}

impl Change {
    /// By the month where that is known, else by the run. Upper ends are compared, and lower ends where there are none.
    fn of(repriced: &Repriced) -> Result<Change, String> {
        let (sides, per_month) = match repriced.usd_per_month() {
            [Some(base), Some(head)] => ([Some(base), Some(head)], true),
            _ => (repriced.usd_per_run(), false),
        };
        let [Some(base), Some(head)] = sides else {
            let side = if sides[0].is_none() { "in the base" } else { "now" };
            return Err(format!("what it costs {side} is not known"));
        };
        let is_at_most = [base, head].map(|side| side.high.is_some_and(|high| usd(high) != usd(side.low)));
        let change = |base, head| Ok(Change { base, head, per_month, is_at_most });
        match (base.high, head.high) {
            (Some(base), Some(head)) => change(base, head),
            (Some(_), None) => Err("what it costs has no upper bound any more".to_owned()),
            (None, _) => change(base.low, head.low),
        }
    }
}

/// Queries that one change has re-priced.
struct Group<'a> {
    cause: &'a Cause,
    queries: Vec<(&'a Repriced, Change)>,
}

impl<'a> Group<'a> {
    fn new(cause: &'a Cause) -> Group<'a> {
        Group { cause, queries: Vec::new() }
    }

    fn add(&mut self, repriced: &'a Repriced, change: Change) {
        self.queries.push((repriced, change));
    }

    /// Before and after; queries that have become cheaper count against the others.
    fn sum(&self) -> (f64, f64) {
        let sum = |of: fn(&Change) -> f64| self.queries.iter().map(|(_, change)| of(change)).sum();
        (sum(|change| change.base), sum(|change| change.head))
    }
}

impl Group<'_> {
    fn is_text(&self) -> bool {
        self.cause.kind == CauseKind::Text
    }

    fn message(&self, key: &Key) -> String {
        let what = match self.queries.as_slice() {
            [(only, _)] => format!("query `{}` costs", only.query().map(ToString::to_string).unwrap_or_default()),
            queries => format!("{} queries cost", queries.len()),
        };
        let (base, head) = self.sum();
        let [of_base, of_head] = [0, 1].map(|side| {
            let is_at_most = |change: &Change| change.is_at_most.get(side) == Some(&true);
            if self.queries.iter().any(|(_, change)| is_at_most(change)) { "up to " } else { "" }
        });
        let why = if self.is_text() { String::new() } else { format!(", because of {}", self.cause.text) };
        format!("{what} {of_head}{} {}, and {of_base}{} in the base{why}", usd(head), key.unit(), usd(base))
    }

    fn dearest_first(&self) -> Vec<(&Repriced, Change)> {
        let mut queries: Vec<(&Repriced, Change)> = self.queries.clone();
        queries.sort_by(|(_, a), (_, b)| (b.head - b.base).total_cmp(&(a.head - a.base)));
        queries
    }
}

/// From where on a query is said to be costlier.
struct Limits {
    usd_per_month: f64,
    usd_per_run: f64,
    percent: f64,
}

impl Limits {
    fn read(sink: &Sink<'_>) -> Limits {
        let number = |name: &str| match sink.option(name) {
            // Options are far below 2^53.
            Some(OptionValue::Int(number)) => *number as f64,
            _ => 0.0,
        };
        Limits { usd_per_month: number("usd_per_month"), usd_per_run: number("usd_per_run"), percent: number("percent") }
    }

    fn are_passed(&self, per_month: bool, group: &Group<'_>) -> bool {
        let (base, head) = group.sum();
        let more = head - base;
        let limit = if per_month { self.usd_per_month } else { self.usd_per_run };
        more > 0.0 && more >= limit && more >= base * self.percent / 100.0
    }
}

fn report(context: &Context<'_>, key: &Key, group: &Group<'_>, sink: &mut Sink<'_>) {
    let in_head = |span: &Span| context.files.get(span.file).sides.hold(Side::Head);
    let own = group.queries.first().and_then(|(repriced, _)| repriced.span());
    let Some(primary) = group.cause.head.filter(in_head).or(own) else { return };
    let finding = sink.report(group.cause.subject.clone(), primary, group.message(key)).detail(group.cause.kind.name());
    if let Some(base) = group.cause.base.filter(|base| *base != primary) {
        finding.related(base, "as it is in the base");
    }
    for (repriced, change) in group.dearest_first().into_iter().filter(|_| !group.is_text()) {
        let Some((query, span)) = repriced.query().zip(repriced.span()) else { continue };
        finding.related(span, format!("`{query}`: {} → {} {}", usd(change.base), usd(change.head), key.unit()));
    }
    let others = group.queries.iter().flat_map(|(repriced, _)| repriced.causes.iter().skip(1));
    for (place, text) in others.filter_map(|cause| Some((cause.head.filter(in_head)?, &cause.text))).collect::<BTreeSet<_>>() {
        finding.related(place, format!("and {text}"));
    }
}
