//! `feedgate check-file`: whether delivered files are right, and what a feed delivers, under which name and when.

use super::{known_environment, received, text_options};
use crate::cli::{CheckFile, CheckFileFormat};
use crate::model::delivery;
use crate::model::{Feed, Model};
use crate::outside::terminal::Terminal;
use crate::outside::{Failure, clock, output, root};
use crate::report::calendar::{self, Sheet};
use crate::text::nearest;
use std::path::{Path, PathBuf};

pub(super) fn run(arguments: &CheckFile, current: &Path, terminal: &Terminal) -> Result<u8, Failure> {
    let start: Vec<PathBuf> = arguments.root.iter().cloned().collect();
    let tree = super::tree(&root::find(current, &start)?.folder)?;
    if let Some(name) = &arguments.environment {
        known_environment(name, &tree)?;
    }
    let repository = crate::read_repository(&tree, arguments.environment.as_deref());
    let Some(name) = &arguments.calendar else { return received::run(arguments, current, &repository, terminal) };
    let rendered = expected(arguments, feed(&repository.model, name)?, terminal)?;
    output::to_stdout(&rendered).map(|()| 0)
}

/// The calendar of a feed.
fn expected(arguments: &CheckFile, feed: &Feed, terminal: &Terminal) -> Result<String, Failure> {
    let from = arguments.from.unwrap_or_else(clock::today);
    let days = usize::from(arguments.days);
    let no_calendar = |why: crate::model::Why| {
        let help =
            "say `delivery.cadence` with `delivery.on`, or as a cron expression such as `30 6 * * 1`, which names day and time";
        Failure::new(format!("the deliveries of feed `{}` cannot be told: {}", feed.id, why.text)).help(help)
    };
    let schedule = delivery::Schedule::of(&feed.delivery).map_err(no_calendar)?;
    let deliveries = delivery::calendar(feed, arguments.environment.as_deref(), from, days).map_err(no_calendar)?;
    let sheet = Sheet { feed, schedule: &schedule, from, days, deliveries: &deliveries };
    Ok(match arguments.format {
        CheckFileFormat::Text => calendar::text(&sheet, &text_options(arguments.color.color, terminal, true)),
        CheckFileFormat::Json => calendar::json(&sheet),
        CheckFileFormat::Csv => calendar::csv(&sheet),
    })
}

/// The feed of this name; otherwise the name that was probably meant is in the failure.
pub(super) fn feed<'m>(model: &'m Model, name: &str) -> Result<&'m Feed, Failure> {
    let names = || model.feeds.keys().map(|id| &*id.0);
    let found = model.feeds.values().find(|feed| &*feed.id.0 == name);
    found.ok_or_else(|| {
        let help = match nearest(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if model.feeds.is_empty() => "no feed is defined in this repository".to_owned(),
            None => format!("there are {}", names().take(20).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
        };
        Failure::new(format!("there is no feed `{name}`")).help(help)
    })
}
