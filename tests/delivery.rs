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

const HOLIDAYS: &str = "holidays: { london: [2026-12-25, 2026-12-28], berlin: [2026-12-25] }\n";

fn model(feed: &str) -> Model {
    let file = |path: &str, text: &str| TreeFile { path: RepoPath::new(path).expect("a plain path"), content: Ok(text.into()) };
    let tree = Tree { files: vec![file("feedgate.yaml", HOLIDAYS), file("feeds/f.yaml", feed)] };
    let options = Options::new(day("2026-08-22"));
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
    let weekly = "the cadence `weekly` does not say on which day: add `delivery.on`, a day of the week such as `monday`";
    assert_eq!(shown("cadence: weekly", "2026-08-22", 30), weekly);
    let monthly = "the cadence `monthly` wants a day of the month such as `1` in `delivery.on`, not `monday`";
    assert_eq!(shown("cadence: monthly, on: monday", "2026-08-22", 30), monthly);
    let daily = "the cadence `daily` says its days itself, so that `delivery.on` has no place beside it";
    assert_eq!(shown("cadence: daily, on: monday", "2026-08-22", 30), daily);
    let list = "`holidays` of feedgate.yaml has no list `londn`";
    assert_eq!(shown("cadence: daily, holidays: londn", "2026-08-22", 30), list);
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

/// `day of the file > day on which it is due`.
fn days(delivery: &str, from: &str, count: usize) -> String {
    with_feed(&format!("{delivery}, due: \"06:30\""), |feed| {
        let deliveries = calendar(feed, None, day(from), count).expect("there is a schedule");
        let shown = |expected: &feedgate::model::delivery::Expected| {
            let due = expected.due.as_ref().map_or_else(String::new, |due| due.utc());
            format!("{} > {}", expected.day, due.get(5..10).unwrap_or(""))
        };
        deliveries.iter().map(shown).collect::<Vec<_>>().join(", ")
    })
}

#[test]
fn a_word_for_weeks_or_months_has_a_calendar_once_its_day_is_said() {
    assert_eq!(days("cadence: weekly, on: monday", "2026-08-22", 14), "2026-08-24 > 08-24, 2026-08-31 > 08-31");
    assert_eq!(days("cadence: monthly, on: 15", "2026-08-22", 60), "2026-09-15 > 09-15, 2026-10-15 > 10-15");
    assert_eq!(days("cadence: quarterly, on: \"1\"", "2026-08-22", 60), "2026-10-01 > 10-01");
}

#[test]
fn files_may_come_after_the_day_that_they_are_of() {
    assert_eq!(days("cadence: daily, lag: 1 day", "2026-08-22", 2), "2026-08-21 > 08-22, 2026-08-22 > 08-23");
    let weekdays = "cadence: weekdays, lag: 1 business day";
    assert_eq!(days(weekdays, "2026-08-21", 4), "2026-08-20 > 08-21, 2026-08-21 > 08-24");
    let over_christmas = format!("{weekdays}, holidays: london");
    assert_eq!(
        days(&over_christmas, "2026-12-23", 8),
        "2026-12-22 > 12-23, 2026-12-23 > 12-24, 2026-12-24 > 12-29, 2026-12-29 > 12-30"
    );
}

#[test]
fn holidays_are_no_days_of_deliveries() {
    assert_eq!(days("cadence: weekdays, holidays: london", "2026-12-24", 6), "2026-12-24 > 12-24, 2026-12-29 > 12-29");
    let sheet = shown("cadence: weekdays, lag: 2 days, holidays: london", "2026-12-24", 3);
    assert!(sheet.contains("files come 2 days after the day that they are of"), "{sheet}");
    assert!(sheet.contains("without the days of `london`, a list that ends on 2026-12-28"), "{sheet}");
    let on = |date: &str| {
        with_feed("cadence: daily, holidays: london, lag: 1 day", |feed| verdict(feed, day(date), day("2026-12-29")))
    };
    let neighbours = Verdict::NoDeliveryDay { before: Some(day("2026-12-27")), after: Some(day("2026-12-29")) };
    assert_eq!(on("2026-12-28"), neighbours);
    assert_eq!(on("2026-12-27"), Verdict::Expected);
    assert_eq!(on("2026-12-29"), Verdict::NotOver { due: Some(day("2026-12-30")) });
}
