use super::{Drawing, html, json, svg, text};
use crate::model::testing::{files, model};
use crate::model::timeline::Timeline;
use crate::report::text::TextOptions;

fn drawing(feed: &str, terraform: &str) -> Drawing {
    let files = files(&[("feeds/orders.yaml", feed), ("infra/main.tf", terraform)]);
    let model = model(&files);
    let feed = model.feeds.values().next().expect("one feed");
    let mut drawing = Drawing::new(&feed.id.0);
    for environment in ["dev", "prod"] {
        drawing.add(Some(environment), &files, &model, feed, Timeline::of(&model, feed, None), &[]);
    }
    drawing
}

const FEED: &str = "\
feed: orders
file: { name: \"orders_{date:%Y%m%d}.json\", bucket: acme-landing, prefix: orders/ }
";

const TERRAFORM: &str = r#"
resource "google_storage_bucket" "landing" {
  name = "acme-landing"
  retention_policy { retention_period = 2592000 }
  lifecycle_rule {
    action { type = "Delete" }
    condition { age = 7 }
  }
}
"#;

#[test]
fn environments_that_agree_are_drawn_once() {
    let shown = text(&drawing(FEED, TERRAFORM), &TextOptions::default());
    let expected = "\
orders in dev and prod

  day   0                1                3               7               14               30
        ╷                ╷                ╷               ╷               ╷                ╷
  files ███████████████████████████████████████████████████████████████████████████████████░░░░░
        █ cannot be deleted   ░ gone, can be had back

  files in gs://acme-landing/orders/
    day 0      delivered  feeds/orders.yaml:1
    day 30     retention ends  infra/main.tf:4
    day 30     deleted: the rule says 7 days, and waits  infra/main.tf:7
    day 37     soft delete ends
    not known  loaded: nothing here is started by its files  feeds/orders.yaml:2

  rows
    not known  loaded: the feed names no table of this repository  feeds/orders.yaml:1
";
    assert_eq!(shown, expected);
}

#[test]
fn nothing_of_the_tree_is_markup() {
    let feed = FEED.replace("prefix: orders/", "prefix: \"<script>&'x'/\"");
    let drawing = drawing(&feed, TERRAFORM);
    for page in [svg(&drawing), html(&drawing)] {
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("&lt;script&gt;&amp;&#39;x&#39;/"), "{page}");
    }
}

#[test]
fn a_picture_needs_nothing_from_elsewhere() {
    let drawing = drawing(FEED, TERRAFORM);
    for page in [svg(&drawing), html(&drawing)] {
        let plain = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!plain.contains("http") && !plain.contains("url(") && !plain.contains("<script"), "{plain}");
    }
}

#[test]
fn programs_get_days_and_places() {
    let value: serde_json::Value = serde_json::from_str(&json(&drawing(FEED, TERRAFORM))).expect("it is JSON");
    let deleted = &value["timelines"][0]["files"]["events"][2];
    assert_eq!((&deleted["event"], &deleted["day"]), (&"deleted".into(), &30.0.into()));
    assert_eq!(deleted["at"], "infra/main.tf:7");
    assert_eq!(value["timelines"][0]["environments"], serde_json::json!(["dev", "prod"]));
}
