//! Deliveries in time: feed definitions in, calendars and verdicts out.

use feedgate::model::delivery::{Schedule, Verdict, calendar, verdict};
use feedgate::model::{Feed, Model};
use feedgate::report::calendar::{Sheet, csv, json, text};
use feedgate::report::text::TextOptions;
use feedgate::rules::catalogue::Catalogue;
use feedgate::text::{Date, RepoPath};
use feedgate::{Options, Tree, TreeFile, lint};

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

fn model(feed: &str) -> Model {
    let path = RepoPath::new("feeds/f.yaml").expect("a plain path");
    let tree = Tree { files: vec![TreeFile { path, content: Ok(feed.into()) }] };
    let options = Options { environment: None, only: Vec::new(), paths: Vec::new(), location: None, today: day("2026-08-22") };
    lint(&tree, None, Catalogue::embedded(), &options).model
}

fn with_feed<T>(delivery: &str, then: impl FnOnce(&Feed) -> T) -> T {
    let text = format!(
        "feed: orders\nowner: a\nretention: 30 days\ndelivery: {{ {delivery} }}\n\
         file: {{ name: \"{{feed}}_{{date:%Y%m%d}}_{{time:%H%M}}_{{seq:4}}.json\", bucket: acme-landing, prefix: in/ }}\n"
    );
    then(model(&text).feeds.values().next().expect("one feed"))
}

fn sheet(delivery: &str, from: &str, days: usize, render: impl FnOnce(&Sheet<'_>) -> String) -> String {
    with_feed(delivery, |feed| {
        let schedule = match Schedule::of(&feed.delivery) {
            Ok(schedule) => schedule,
            Err(why) => return why.text.to_string(),
        };
        let deliveries = calendar(feed, None, day(from), days).expect("there is a schedule");
        render(&Sheet { feed, schedule: &schedule, from: day(from), days, deliveries: &deliveries })
    })
}

fn shown(delivery: &str, from: &str, days: usize) -> String {
    sheet(delivery, from, days, |sheet| text(sheet, &TextOptions::default()))
}

#[test]
fn a_due_time_moves_with_the_clocks_of_its_zone() {
    let delivery = "cadence: weekdays, time_zone: Europe/London, due: \"06:30\", grace: 2 hours, files: 1";
    insta::assert_snapshot!("clocks_go_back", shown(delivery, "2026-10-22", 6));
}

#[test]
fn a_time_that_the_clocks_skip_or_repeat_is_said() {
    let delivery = "cadence: daily, time_zone: Europe/Berlin, due: \"02:30\", files: 3";
    let both = format!("{}\n{}", shown(delivery, "2026-03-28", 3), shown(delivery, "2026-10-25", 1));
    insta::assert_snapshot!("skipped_and_twice", both);
}

#[test]
fn several_deliveries_a_day_have_their_times_in_their_names() {
    insta::assert_snapshot!("several_a_day", shown("cadence: \"0 6,18 * * *\", time_zone: Asia/Kolkata", "2026-08-22", 2));
}

#[test]
fn what_is_not_said_is_left_open() {
    let never = shown("cadence: \"0 6 29 2 *\", files: 1", "2026-08-22", 30);
    insta::assert_snapshot!("left_open", format!("{}\n{never}", shown("cadence: daily", "2026-08-22", 1)));
}

#[test]
fn a_cadence_without_a_day_has_no_calendar() {
    assert_eq!(shown("cadence: weekly", "2026-08-22", 30), "the cadence `weekly` does not say on which day");
    assert_eq!(shown("due: \"06:30\"", "2026-08-22", 30), "no cadence is declared");
    assert_eq!(shown("cadence: daily, time_zone: Europe/Lodon", "2026-08-22", 1), "there is no time zone `Europe/Lodon`");
}

#[test]
fn programs_and_spreadsheets_read_the_same() {
    let delivery = "cadence: weekdays, time_zone: Europe/London, due: \"01:30\", grace: 90 minutes, files: 2";
    insta::assert_snapshot!("csv", sheet(delivery, "2026-03-27", 4, csv));
    insta::assert_snapshot!("json", sheet("cadence: \"30 1 * * 0\", time_zone: Europe/London", "2026-03-27", 4, json));
}

#[test]
fn a_file_is_expected_on_its_day_and_no_other() {
    let on = |delivery: &str, date: &str, today: &str| with_feed(delivery, |feed| verdict(feed, day(date), day(today)));
    let weekdays = "cadence: weekdays, time_zone: Europe/London";
    assert_eq!(on(weekdays, "2026-08-21", "2026-08-22"), Verdict::Expected);
    assert_eq!(on(weekdays, "2026-08-24", "2026-08-22"), Verdict::TooEarly);
    let (before, after) = (Some(day("2026-08-21")), Some(day("2026-08-24")));
    assert_eq!(on(weekdays, "2026-08-22", "2026-08-22"), Verdict::NoDeliveryDay { before, after });
    assert_eq!(on(weekdays, "2026-07-20", "2026-08-22"), Verdict::PastRetention { until: day("2026-08-19") });
    let leap = "cadence: \"0 6 29 2 *\"";
    let (before, after) = (Some(day("2024-02-29")), Some(day("2028-02-29")));
    assert_eq!(on(leap, "2026-08-22", "2026-08-22"), Verdict::NoDeliveryDay { before, after });
    let never = Verdict::NoDeliveryDay { before: None, after: None };
    assert_eq!(on("cadence: \"0 6 31 4 *\"", "2026-08-22", "2026-08-22"), never);
    assert!(matches!(on("cadence: monthly", "2026-08-22", "2026-08-22"), Verdict::Unknown(_)));
}
