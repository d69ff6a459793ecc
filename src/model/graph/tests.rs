use super::{Graph, Kind};
use crate::model::FeedId;
use crate::model::testing::{files, model};

const FEED: &str = "feed: trades\nfile: { bucket: acme-landing }\ntable: { dataset: raw, name: trades }\nconsumers:\n  - { team: Risk, dashboard: Volume }\n";
const OTHER: &str = "feed: quotes\nfile: { bucket: acme-landing }\ntable: { dataset: raw, name: quotes }\n";
const INFRA: &str = r#"
resource "google_storage_bucket" "landing" {
  name     = "acme-landing"
  location = "EU"
}

resource "google_storage_notification" "landing" {
  bucket         = google_storage_bucket.landing.name
  topic          = google_pubsub_topic.files.id
  payload_format = "JSON_API_V1"
}

resource "google_pubsub_topic" "files" {
  name = "files"
}

resource "google_eventarc_trigger" "files" {
  name     = "files"
  location = "europe-west1"
  matching_criteria {
    attribute = "type"
    value     = "google.cloud.pubsub.topic.v1.messagePublished"
  }
  transport {
    pubsub {
      topic = google_pubsub_topic.files.id
    }
  }
  destination {
    workflow = google_workflows_workflow.load.id
  }
}

resource "google_workflows_workflow" "load" {
  name            = "load"
  source_contents = "main: { steps: [] }"
}
"#;
const SQL: &str = "CREATE TABLE mart.daily AS SELECT 1 AS n FROM raw.trades;";
const VIEW: &str = "CREATE VIEW mart.latest AS SELECT n FROM mart.daily;";
const QUERY: &str = "SELECT n FROM mart.latest";

fn graph_of(texts: &[(&str, &str)]) -> Graph {
    Graph::of(&model(&files(texts)), None)
}

fn texts() -> Vec<(&'static str, &'static str)> {
    vec![
        ("feeds/trades.yaml", FEED),
        ("feeds/quotes.yaml", OTHER),
        ("infra/main.tf", INFRA),
        ("sql/daily.sql", SQL),
        ("sql/latest.sql", VIEW),
        ("sql/report.sql", QUERY),
    ]
}

fn ways(graph: &Graph) -> Vec<String> {
    let name = |at: usize| graph.nodes.get(at).map(|node| format!("{} {}", node.kind.name(), node.name)).unwrap_or_default();
    let arrow = |is_declared| if is_declared { "-.->" } else { "-->" };
    graph.edges.iter().map(|edge| format!("{} {} {}", name(edge.from), arrow(edge.is_declared), name(edge.to))).collect()
}

#[test]
fn a_feed_is_followed_from_its_file_to_its_dashboard() {
    let graph = graph_of(&texts());
    let expected = [
        "feed quotes --> bucket acme-landing",
        "feed trades --> bucket acme-landing",
        "bucket acme-landing --> topic files",
        "topic files --> trigger files",
        "trigger files --> workflow load",
        "workflow load --> table raw.quotes",
        "workflow load --> table raw.trades",
        "table raw.trades --> derived table mart.daily",
        "table raw.trades -.-> dashboard Volume",
        "derived table mart.daily --> view mart.latest",
        "view mart.latest --> query report.sql",
    ];
    assert_eq!(ways(&graph), expected);
}

#[test]
fn the_way_of_one_feed_leaves_the_others_out() {
    let graph = graph_of(&texts()).of_feed(&FeedId("quotes".into()));
    let kinds: Vec<Kind> = graph.nodes.iter().map(|node| node.kind).collect();
    assert_eq!(kinds, [Kind::Feed, Kind::Bucket, Kind::Topic, Kind::Trigger, Kind::Workflow, Kind::Table]);
    assert!(ways(&graph).iter().all(|way| !way.contains("trades")));
}

#[test]
fn what_nothing_deployed_says_is_only_declared() {
    let graph = graph_of(&[("feeds/trades.yaml", FEED)]);
    let expected = [
        "feed trades --> bucket acme-landing",
        "bucket acme-landing -.-> table raw.trades",
        "table raw.trades -.-> dashboard Volume",
    ];
    assert_eq!(ways(&graph), expected);
}

/// Loads every file into one table, and adds up what is in it.
const WORKFLOW: &str = r#"
main:
  params: [event]
  steps:
    - load:
        call: googleapis.bigquery.v2.jobs.insert
        args:
          projectId: acme
          body:
            configuration:
              load:
                sourceUris: ["gs://acme-landing/trades.json"]
                destinationTable: { projectId: acme, datasetId: raw, tableId: trades }
    - add_up:
        call: googleapis.bigquery.v2.jobs.insert
        args:
          projectId: acme
          body:
            configuration:
              query:
                query: SELECT n FROM raw.trades
                useLegacySql: false
                destinationTable: { projectId: acme, datasetId: mart, tableId: sums }
"#;
const SCHEDULED: &str = r#"
resource "google_bigquery_data_transfer_config" "weekly" {
  display_name           = "weekly"
  data_source_id         = "scheduled_query"
  destination_dataset_id = "mart"
  params = {
    query                           = "SELECT n FROM raw.trades"
    destination_table_name_template = "weekly"
    write_disposition               = "WRITE_TRUNCATE"
  }
}
"#;

fn deployed() -> Vec<(&'static str, String)> {
    let named = |feed: &str, name: &str| {
        let file = format!("file: {{ bucket: acme-landing, name: \"{name}_{{date:%Y%m%d}}.json\" }}");
        feed.replace("file: { bucket: acme-landing }", &file)
    };
    let infra = INFRA.replace(r#""main: { steps: [] }""#, r#"file("${path.module}/load.yaml")"#);
    vec![
        ("feeds/trades.yaml", named(FEED, "trades")),
        ("feeds/quotes.yaml", named(OTHER, "quotes")),
        ("infra/main.tf", infra + SCHEDULED),
        ("infra/load.yaml", WORKFLOW.to_owned()),
    ]
}

#[test]
fn a_workflow_leads_to_the_tables_that_it_loads() {
    let texts = deployed();
    let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let graph = graph_of(&texts);
    let expected = [
        "feed quotes --> bucket acme-landing",
        "feed trades --> bucket acme-landing",
        "bucket acme-landing --> topic files",
        "topic files --> trigger files",
        "trigger files --> workflow load",
        "workflow load -.-> table raw.quotes",
        "workflow load --> table raw.trades",
        "workflow load --> derived table mart.sums",
        "table raw.trades --> derived table mart.sums",
        "table raw.trades --> derived table mart.weekly",
        "table raw.trades -.-> dashboard Volume",
    ];
    assert_eq!(ways(&graph), expected);
    let node = graph.nodes.iter().find(|node| node.kind == Kind::Workflow).expect("it is drawn");
    assert_eq!(node.subjects.len(), 1, "findings on the workflow are shown with it");
}

#[test]
fn a_workflow_that_nothing_deploys_is_drawn_with_what_it_writes() {
    let graph = graph_of(&[("flows/load.yaml", WORKFLOW)]);
    assert!(ways(&graph).contains(&"workflow load.yaml --> table raw.trades".to_owned()), "{:?}", ways(&graph));
}

#[test]
fn the_order_of_files_changes_nothing() {
    let mut texts = texts();
    let graph = ways(&graph_of(&texts));
    texts.reverse();
    assert_eq!(ways(&graph_of(&texts)), graph);
}

#[test]
fn views_in_a_circle_end() {
    let graph =
        graph_of(&[("sql/a.sql", "CREATE VIEW d.a AS SELECT n FROM d.b"), ("sql/b.sql", "CREATE VIEW d.b AS SELECT n FROM d.a")]);
    assert_eq!(graph.nodes.len(), 2);
}
