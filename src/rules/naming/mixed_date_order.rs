//! Dates of file names whose parts stand in another order than in the other feeds.

use super::dates::moments;
use crate::model::Feed;
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use crate::text::Span;
use std::collections::BTreeMap;

/// The order of year, month and day; the sorting is the preference where two are equally common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    YearMonthDay,
    DayMonthYear,
    MonthDayYear,
    YearDayMonth,
}

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut orders: BTreeMap<Order, Vec<(&Feed, Span)>> = BTreeMap::new();
    for feed in context.head.feeds.values() {
        if let Some((order, span)) = order(feed) {
            orders.entry(order).or_default().push((feed, span));
        }
    }
    let Some((common, example)) = orders.iter().min_by_key(|(order, feeds)| (std::cmp::Reverse(feeds.len()), **order)) else {
        return;
    };
    let Some((other, of_other)) = example.first() else { return };
    for (order, feeds) in orders.iter().filter(|(order, _)| *order != common) {
        for (feed, span) in feeds {
            let message =
                format!("the date of feed `{}` is written {}, and that of most feeds {}", feed.id, order.words(), common.words());
            let label = format!("feed `{}` writes {}", other.id, common.words());
            sink.report(subject(feed), *span, message).related(*of_other, label);
        }
    }
}

/// The order in a date of digits.
fn order(feed: &Feed) -> Option<(Order, Span)> {
    let name = feed.file.name.spanned()?;
    moments(feed, name).into_iter().find_map(|moment| {
        let place = |letters: &str| moment.directives.iter().position(|directive| letters.contains(directive.letter));
        let order = match (place("YyGF"), place("mF"), place("deF")) {
            (Some(year), Some(month), Some(day)) if year <= month && month <= day => Order::YearMonthDay,
            (Some(year), Some(month), Some(day)) if day < month && month < year => Order::DayMonthYear,
            (Some(year), Some(month), Some(day)) if month < day && day < year => Order::MonthDayYear,
            (Some(year), Some(month), Some(day)) if year < day && day < month => Order::YearDayMonth,
            _ if place("Dx").is_some() => Order::MonthDayYear,
            _ => return None,
        };
        Some((order, moment.span))
    })
}

impl Order {
    fn words(self) -> &'static str {
        match self {
            Order::YearMonthDay => "year, month, day",
            Order::DayMonthYear => "day, month, year",
            Order::MonthDayYear => "month, day, year",
            Order::YearDayMonth => "year, day, month",
        }
    }
}
