//! Tables with a date in their names, which BigQuery takes for parts of one table.

use super::own_tables;
use crate::model::facts::Item;
use crate::rules::{Context, Sink};
use crate::text::Date;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for own in own_tables(context.head) {
        if let Some(date) = date_at_end(own.name) {
            let message = format!("the name of table `{}` ends in the date {date}", own.table.id);
            sink.report(Item::Table(own.table).subject(), own.span, message);
        }
    }
}

/// The day that the last eight digits of a name are, when something stands before them.
fn date_at_end(name: &str) -> Option<Date> {
    let (before, digits) = name.split_at_checked(name.len().checked_sub(8)?)?;
    let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
    let stands_alone = !before.is_empty() && !before.ends_with(|letter: char| letter.is_ascii_digit());
    let (year, rest) = digits.split_at_checked(4).filter(|_| is_number && stands_alone)?;
    let (month, day) = rest.split_at_checked(2)?;
    Date::parse(&format!("{year}-{month}-{day}")).filter(|date| (1900..2100).contains(&date.year))
}
