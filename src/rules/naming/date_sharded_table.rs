//! Tables with a date in their names, which BigQuery takes for parts of one table.

use super::from_file::from_file;
use super::own_tables;
use crate::model::facts::Item;
use crate::model::naming::{Language, NamePattern, Tokens, name_outside};
use crate::rules::feed::subject;
use crate::rules::{Context, Sink};
use crate::text::Date;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    from_files(context, sink);
    for own in own_tables(context.head) {
        if let Some(date) = date_at_end(own.name) {
            let message = format!("the name of table `{}` ends in the date {date}", own.table.id);
            sink.report(Item::Table(own.table).subject(), own.span, message);
        }
    }
}

/// Files that name their tables, each by a day: one table a day.
fn from_files(context: &Context<'_>, sink: &mut Sink<'_>) {
    let day = r"(?s).*[^0-9](19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])";
    let dated = NamePattern::regex(&format!("^{day}$"));
    let Ok(dated) = Language::of(&dated, Tokens::default()) else { return };
    for one in from_file(context).filter(|one| !one.is_listed) {
        let Ok(tables) = &one.tables else { continue };
        if !tables.is_void() && name_outside(tables, &dated.automaton) == Ok(None) {
            let message = format!("feed `{}` makes a table of each day: `{}`", one.feed.id, one.template.text);
            sink.report(subject(one.feed), one.span, message);
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
