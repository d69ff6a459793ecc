use super::{EventKind, Lane, Timeline, When};
use crate::model::testing::{files, model};

const FEED: &str = "\
feed: orders
delivery: { cadence: daily, due: \"18:30\", grace: 12 hours }
file: { name: \"orders_{date:%Y%m%d}.json\", bucket: acme-landing, prefix: orders/ }
retention: 90 days
table: { dataset: raw, name: orders }
";

fn lines(lane: &Lane) -> Vec<String> {
    let line = |event: &super::Event| {
        let when = match &event.when {
            When::Day(day) => format!("{day}"),
            When::On(date) => date.to_string(),
            When::OfTable(days) => format!("{days} of the table"),
            When::Never => "never".to_owned(),
            When::Unknown(why) => format!("? {}", why.text),
        };
        format!("{when} {:?}", event.kind)
    };
    lane.events.iter().map(line).collect()
}

fn timeline(terraform: &str) -> Timeline {
    let model = model(&files(&[("feeds/orders.yaml", FEED), ("infra/main.tf", terraform)]));
    let feed = model.feeds.values().next().expect("one feed");
    Timeline::of(&model, feed, None)
}

#[test]
fn a_deletion_waits_for_the_retention() {
    let timeline = timeline(
        r#"
resource "google_storage_bucket" "landing" {
  name = "acme-landing"
  retention_policy { retention_period = 15552000 }
  lifecycle_rule {
    action {
      type          = "SetStorageClass"
      storage_class = "NEARLINE"
    }
    condition { age = 30 }
  }
  lifecycle_rule {
    action { type = "Delete" }
    condition { age = 100 }
  }
  lifecycle_rule {
    action { type = "Delete" }
    condition {
      age            = 3
      matches_prefix = ["tmp/"]
    }
  }
}
"#,
    );
    let expected = [
        "0 Delivered",
        "0.5 Late",
        "30 Class(\"NEARLINE\")",
        "90 PromiseEnds",
        "180 RetentionEnds",
        "180 Deleted { waits_since: Some(100) }",
        "187 SoftDeleteEnds",
        "? nothing here is started by its files Loaded",
    ];
    assert_eq!(lines(&timeline.files), expected);
    assert_eq!(timeline.files.place.as_deref(), Some("gs://acme-landing/orders/"));
}

#[test]
fn what_is_deleted_may_leave_a_version() {
    let bucket = |rules: &str| {
        format!(
            "resource \"google_storage_bucket\" \"landing\" {{\n  name = \"acme-landing\"\n  versioning {{ enabled = true }}\n{rules}}}\n"
        )
    };
    let rule = |condition: &str| {
        format!("  lifecycle_rule {{\n    action {{ type = \"Delete\" }}\n    condition {{\n{condition}\n    }}\n  }}\n")
    };
    let last = |terraform: String| {
        let events = lines(&timeline(&terraform).files);
        events.into_iter().filter(|line| line.contains("Version") || line.contains("Soft")).collect::<Vec<_>>()
    };
    assert_eq!(last(bucket(&rule("age = 30"))), ["31 VersionDeleted", "38 SoftDeleteEnds"]);
    assert_eq!(last(bucket(&rule("age = 30\nwith_state = \"LIVE\""))), ["never VersionDeleted"]);
    let both = rule("age = 30\nwith_state = \"LIVE\"") + &rule("days_since_noncurrent_time = 10");
    assert_eq!(last(bucket(&both)), ["40 VersionDeleted", "47 SoftDeleteEnds"]);
}

#[test]
fn rows_go_with_their_partition_or_with_their_table() {
    let table = |dataset: &str, table: &str| {
        lines(
            &timeline(&format!(
                "resource \"google_bigquery_dataset\" \"raw\" {{\n  dataset_id = \"raw\"\n{dataset}\n}}\nresource \
                 \"google_bigquery_table\" \"orders\" {{\n  dataset_id = \"raw\"\n  table_id = \"orders\"\n{table}\n}}\n"
            ))
            .rows,
        )
    };
    let partitioned = "time_partitioning {\n type = \"DAY\"\n expiration_ms = 34560000000\n}";
    let expected = ["0 Loaded", "400 PartitionExpires", "402 TimeTravelEnds", "409 FailSafeEnds"];
    assert_eq!(table("max_time_travel_hours = 48", partitioned), expected);
    assert_eq!(table("default_table_expiration_ms = 86400000", ""), ["0 Loaded", "1 of the table TableExpires"]);
    let by_default = table(
        "default_table_expiration_ms = 86400000\ndefault_partition_expiration_ms = 172800000",
        "time_partitioning { type = \"DAY\" }",
    );
    assert_eq!(by_default.get(1).map(String::as_str), Some("2 PartitionExpires"));
    assert_eq!(table("", "expiration_time = 1798761600000"), ["0 Loaded", "2027-01-01 TableExpires"]);
    assert_eq!(table("", ""), ["0 Loaded", "never TableExpires"]);
    assert_eq!(
        table("default_table_expiration_ms = var.days", "").get(1).map(String::as_str).map(|line| line.starts_with('?')),
        Some(true)
    );
}

#[test]
fn what_takes_the_data_away_is_found() {
    let timeline = timeline("");
    assert_eq!(timeline.files.loss(), None);
    let deleted = timeline.files.event(|kind| matches!(kind, EventKind::Deleted { .. })).map(|event| &event.when);
    assert!(matches!(deleted, Some(When::Unknown(_))));
}
