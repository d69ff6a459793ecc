//! Feeds and configurations that the binary begins, held against what it says of them. Every test makes a folder of its own.
#![cfg(unix)]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "these tests make repositories and run the binary on them"
)]

#[path = "common/git.rs"]
mod git;

use git::{Ran, Repository};
use std::fs;

const RECORD: &str = "{\"trade_id\": \"T1\", \"trade_date\": \"2026-08-01\", \"executed_at\": \"2026-08-01T09:00:00Z\", \"price\": 101.5, \
                      \"trader\": {\"desk\": \"a\", \"login\": null}, \"legs\": [{\"n\": 1}]}\n";

fn add_feed(repository: &Repository, arguments: &[&str]) -> Ran {
    Ran::of(repository.feedgate(&[&["add-feed"], arguments].concat()).stdin(std::process::Stdio::null()))
}

const ANSWERS: [&str; 6] = ["--cadence", "daily", "--volume", "400000 rows", "--owner", "desk@example.com"];

fn text(repository: &Repository, path: &str) -> String {
    fs::read_to_string(repository.0.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Nothing at all is found, and the samples are what the feed takes.
fn is_clean(repository: &Repository, sample: &str) {
    let ran = repository.lint(&["--fail-on", "warning"]);
    assert!(ran.stdout.contains("no findings"), "{}{}", ran.stdout, ran.stderr);
    let checked = Ran::of(&mut repository.feedgate(&["check-file", sample]));
    assert_eq!(checked.code, Some(0), "{}{}", checked.stdout, checked.stderr);
    assert!(checked.stdout.contains("nothing wrong"), "{}", checked.stdout);
}

#[test]
fn a_feed_of_samples_and_answers_is_clean() {
    let repository = Repository::new("begin-feed");
    repository.write("samples/trades_20260801_0001.json", RECORD);
    repository.write("samples/trades_20260802_0002.json", RECORD.replace("2026-08-01", "2026-08-02").replace("null", "\"x\""));
    let samples = ["samples/trades_20260801_0001.json", "samples/trades_20260802_0002.json"];
    let ran = add_feed(&repository, &[&["trades", "--sample"], &samples[..], &ANSWERS].concat());
    let said = "feed `trades`\n  new: feeds/trades.yaml\n  new: schemas/trades.schema.json\n  new: tables/trades.json\n  nothing is found in it\n";
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), said), "{}", ran.stderr);
    let feed = text(&repository, "feeds/trades.yaml");
    for line in [
        "owner: desk@example.com",
        "  rows: 400000",
        "  name: \"trades_{date:%Y%m%d}_{seq:4}.json\"",
        "  partitioning: { type: DAY, field: trade_date }",
    ] {
        assert!(feed.lines().any(|known| known == line), "{line} is not in\n{feed}");
    }
    assert!(
        text(&repository, "tables/trades.json")
            .contains("{ \"name\": \"trade_date\", \"type\": \"DATE\", \"mode\": \"REQUIRED\" }")
    );
    samples.iter().for_each(|sample| is_clean(&repository, sample));
}

#[test]
fn what_other_feeds_say_is_taken_over() {
    let repository = Repository::new("begin-usual");
    repository.write(
        "feedgate.yaml",
        "version: 1\npaths: { feeds: [\"zone/feeds/**\"], schemas: [\"zone/schemas/**\"], table_schemas: [\"zone/tables/**\"] }\npolicy: { retention: 90 days }\n",
    );
    repository.write("zone/schemas/.keep.json", "{}");
    repository.write("zone/tables/.keep.json", "[]");
    let other = "feed: quotes\nowner: desk@example.com\ndelivery: { cadence: daily, time_zone: Europe/London }\n\
                 file: { name: \"quotes_{date:%Y%m%d}.json\", bucket: acme-landing, prefix: quotes/ }\nschema: { type: object }\nretention: 90 days\ntable: { dataset: stg, name: quotes }\n";
    repository.write("zone/feeds/quotes.yaml", other);
    repository.write("trades_20260801_0930.json", RECORD);
    let ran = add_feed(&repository, &[&["trades", "--sample", "trades_20260801_0930.json"], &ANSWERS[..]].concat());
    assert!(ran.code.is_some_and(|code| code < 2), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("note: `trader.login` is null in every sample"), "{}", ran.stdout);
    let feed = text(&repository, "zone/feeds/trades.yaml");
    let lines =
        ["  time_zone: Europe/London", "  bucket: acme-landing", "  prefix: trades/", "retention: 90 days", "  dataset: stg"];
    let names = ["  name: \"trades_{date:%Y%m%d}_{time:%H%M}.json\"", "schema: ../../zone/schemas/trades.schema.json"];
    for line in lines.into_iter().chain(names) {
        assert!(feed.lines().any(|known| known == line), "{line} is not in\n{feed}");
    }
}

/// Order days of a shop, as samples of a feed that the landing zone does not have.
const ORDERS: &str = "samples/orders_20260803_0001.json";
const ORDER: &str = "{\"order_id\": \"A1\", \"order_date\": \"2026-08-03\", \"n_units\": 5}\n";

#[test]
fn a_feed_more_in_the_landing_zone_is_clean() {
    let repository = Repository::new("begin-zone");
    repository.copy("examples/landing-zone");
    repository.write(ORDERS, ORDER);
    let arguments = ["orders", "--sample", ORDERS, "--contact", "shop-support@example.com"];
    let ran = add_feed(&repository, &[&arguments[..], &ANSWERS].concat());
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let map = text(&repository, "terraform/feeds.auto.tfvars");
    let (_, entry) = map.split_once("  orders = {\n").expect("there is an entry");
    for said in ["file_name", "partition_field", "require_partition_filter", "write_disposition", "source_contact"] {
        assert!(entry.lines().any(|line| line.split_whitespace().next() == Some(said)), "{said} is not in\n{entry}");
    }
    is_clean(&repository, ORDERS);
}

#[test]
fn each_environment_with_a_map_of_its_own_has_the_entry() {
    let repository = Repository::new("begin-maps");
    repository.write("feedgate.yaml", "version: 1\nenvironments: { dev: {}, prod: {} }\n");
    let table = "resource \"google_bigquery_table\" \"feed\" {\n  for_each = var.feeds\n  dataset_id = each.value.dataset\n  table_id = each.key\n  schema = file(\"${path.module}/../tables/${each.key}.json\")\n}\n";
    repository.write("terraform/main.tf", format!("variable \"feeds\" {{\n  type = map(any)\n}}\n\n{table}"));
    repository.write("tables/trades.json", "[]");
    let map = |dataset: &str, rest: &str| format!("feeds = {{\n  trades = {{\n    dataset = \"{dataset}\"\n{rest}  }}\n}}\n");
    repository.write("terraform/dev.tfvars", map("raw_dev", ""));
    repository.write("terraform/prod.tfvars", map("raw", "    strict = true\n"));
    repository.write(ORDERS, ORDER);
    let ran = add_feed(&repository, &[&["orders", "--sample", ORDERS], &ANSWERS[..]].concat());
    assert!(ran.code.is_some_and(|code| code < 2), "{}{}", ran.stdout, ran.stderr);
    for (path, dataset, rest) in
        [("terraform/dev.tfvars", "raw_dev", ""), ("terraform/prod.tfvars", "raw", "    strict  = true\n")]
    {
        assert!(ran.stdout.contains(&format!("  changed: {path}\n")), "{}", ran.stdout);
        let entry = format!("  orders = {{\n    dataset = \"{dataset}\"\n{rest}  }}\n");
        assert!(text(&repository, path).contains(&entry), "{}", text(&repository, path));
    }
}

#[test]
fn nothing_is_written_that_is_not_asked_for_or_is_there() {
    let repository = Repository::new("begin-refused");
    repository.write("trades_20260801.json", RECORD);
    let refused = |arguments: &[&str], words: &str| {
        let ran = add_feed(&repository, arguments);
        assert_eq!(ran.code, Some(2), "{}", ran.stdout);
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
        assert!(!repository.0.join("feeds").exists());
    };
    let with = |name: &'static str, sample: &'static str| [&[name, "--sample", sample], &ANSWERS[..]].concat();
    refused(&["trades", "--sample", "trades_20260801.json", "--cadence", "daily"], "--volume, --owner missing");
    refused(&with("Trades!", "trades_20260801.json"), "the name of a feed must be a name of lower-case letters");
    refused(&with("trades", "gone.json"), "cannot read");
    repository.write("broken.json", "{\"a\": ");
    refused(&with("trades", "broken.json"), "`broken.json` is not JSON");
    repository.write("scalar.json", "1\n");
    refused(&with("trades", "scalar.json"), "hold no records");
    let shown = add_feed(&repository, &[&with("trades", "trades_20260801.json")[..], &["--dry-run"]].concat());
    assert!(shown.stdout.contains("--- feeds/trades.yaml would be new\nfeed: trades\n"), "{}", shown.stdout);
    assert!(!repository.0.join("feeds").exists());
    repository.write("schemas/trades.schema.json", "{\"type\": \"object\"}");
    refused(&with("trades", "trades_20260801.json"), "`schemas/trades.schema.json` is there already");
}

/// Runs what is in its arguments at a terminal of its own; types each answer once its question is shown, and says what was
/// seen. Control and D end the input.
const AT_A_TERMINAL: &str = r#"
import json, os, pty, sys
answers, command = json.loads(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
seen, unread = "", ""
while True:
    try:
        part = os.read(terminal, 4096).decode()
    except OSError:
        part = ""
    if not part:
        break
    seen, unread = seen + part, unread + part
    if answers and answers[0][0] in unread:
        unread = ""
        os.write(terminal, answers.pop(0)[1].encode())
print(seen.replace("\r\n", "\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"#;

fn at_a_terminal(repository: &Repository, arguments: &[&str], answers: &[(&str, &str)]) -> Ran {
    let mut command = repository.program("python3");
    command.args(["-c", AT_A_TERMINAL, &serde_json::json!(answers).to_string(), env!("CARGO_BIN_EXE_feedgate")]);
    Ran::of(command.args(arguments))
}

#[test]
fn who_sits_at_a_terminal_is_asked_and_asked_again() {
    let repository = Repository::new("begin-asked");
    repository.write("orders_20260801.json", RECORD.replace("null", "\"x\""));
    let answers = [
        ("first feed", "Orders!\n"),
        ("first feed", "orders\n"),
        ("A sample", "order.json\n"),
        ("A sample", "orders_20260801.json\n"),
        ("How often", "now and then\n"),
        ("How often", "daily\n"),
        ("How much", "much\n"),
        ("How much", "400000 rows\n"),
        ("Who answers", "\n"),
        ("Who answers", "desk@example.com\n"),
    ];
    let ran = at_a_terminal(&repository, &["init", "--no-hook"], &answers);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    for said in [
        "the name must be",
        "there is no file of this name",
        "the cadence is a cron expression of 3 fields",
        "say rows or bytes",
        "somebody must answer",
    ] {
        assert!(ran.stdout.contains(said), "`{said}` is not in\n{}", ran.stdout);
    }
    assert!(text(&repository, "feeds/orders.yaml").contains("owner: desk@example.com\n"));
    is_clean(&repository, "orders_20260801.json");
}

#[test]
fn who_ends_the_input_has_begun_nothing() {
    let repository = Repository::new("begin-ended");
    repository.write("orders_20260801.json", RECORD);
    let ran = at_a_terminal(&repository, &["add-feed", "orders", "--sample", "orders_20260801.json"], &[("How often", "\u{4}")]);
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    assert!(ran.stdout.contains("failed: there is no answer"), "{}", ran.stdout);
    assert!(!repository.0.join("feeds").exists());
}

const INITIALLY: [&str; 3] = ["feedgate.yaml", ".github/workflows/feedgate.yml", ".pre-commit-config.yaml"];

#[test]
fn a_repository_that_is_begun_is_clean() {
    let repository = Repository::new("begin-init");
    repository.write("infra/env/dev.tfvars", "");
    repository.write("infra/env/prod.tfvars", "");
    repository.write("samples/trades_20260801_0001.json", RECORD.replace("null", "\"x\""));
    let shown = Ran::of(&mut repository.feedgate(&["init", "--dry-run"]));
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    assert!(shown.stdout.contains("--- .github/workflows/feedgate.yml would be new\n"), "{}", shown.stdout);
    assert!(INITIALLY.iter().all(|path| !repository.0.join(path).exists()));
    let feed = ["--feed", "trades", "--sample", "samples/trades_20260801_0001.json"];
    let ran = Ran::of(&mut repository.feedgate(&[&["init", "--retention", "180 days"], &feed[..], &ANSWERS].concat()));
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let configuration = text(&repository, "feedgate.yaml");
    assert!(configuration.contains("\nenvironments:\n  dev: {}\n  prod: {}\n"), "{configuration}");
    assert!(configuration.contains("  retention: 180 days"), "{configuration}");
    assert!(text(&repository, "feeds/trades.yaml").contains("retention: 180 days"));
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/workflows/pull-request.yml");
    assert_eq!(text(&repository, INITIALLY[1]), fs::read_to_string(example).expect("it is committed"));
    is_clean(&repository, "samples/trades_20260801_0001.json");
}

#[test]
fn what_is_there_is_never_overwritten() {
    let repository = Repository::new("begin-again");
    for path in &INITIALLY[..2] {
        repository.write(path, "version: 1 # mine\n");
    }
    let hooks = "# mine\nrepos:\n  - repo: local\n    hooks: [] # none\n";
    repository.write(INITIALLY[2], hooks);
    let init = || Ran::of(&mut repository.feedgate(&["init"]));
    let first = init();
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert!(first.stdout.contains("  changed: .pre-commit-config.yaml\n  kept: feedgate.yaml\n"), "{}", first.stdout);
    assert!(INITIALLY[..2].iter().all(|path| text(&repository, path) == "version: 1 # mine\n"));
    let after = text(&repository, INITIALLY[2]);
    assert!(after.starts_with(hooks) && after.ends_with("    hooks:\n      - id: feedgate\n"), "{after}");
    assert!(init().stdout.contains("kept: .pre-commit-config.yaml"));
    assert_eq!(text(&repository, INITIALLY[2]), after);
}

#[test]
fn a_folder_of_a_repository_is_begun_alone() {
    let repository = Repository::new("begin-folder");
    // Nobody answers for them, which is found.
    let feed = |name: &str| format!("feed: {name}\nschema: {{ type: object }}\n");
    repository.write("data/zone/feeds/trades.yaml", feed("trades"));
    repository.write("other/feeds/quotes.yaml", feed("quotes"));
    repository.commit();
    let hooks = "# mine\r\nrepos:\r\n  - &own # ours\r\n    repo: local\r\n    hooks: []\r\n";
    repository.write(INITIALLY[2], hooks);
    let ran = Ran::of(&mut repository.feedgate(&["init", "data/zone"]));
    let said = "  new: .github/workflows/feedgate-data-zone.yml\n  changed: .pre-commit-config.yaml\n  new: data/zone/feedgate.yaml\n\n1 feed, ";
    assert!(ran.stdout.starts_with(said), "{}{}", ran.stdout, ran.stderr);
    let workflow = text(&repository, ".github/workflows/feedgate-data-zone.yml");
    let paths = workflow.lines().find_map(|line| line.strip_prefix("          paths: ")).expect("it names the folder");
    // What the workflow and the hook are told leads to the configuration in the folder.
    for path in [paths, "data/zone/feeds/trades.yaml"] {
        let ran = repository.lint(&["--", path]);
        assert!(ran.stdout.contains("data/zone/feeds/trades.yaml") && !ran.stdout.contains("quotes"), "{}", ran.stdout);
    }
    let after = text(&repository, INITIALLY[2]);
    assert!(after.starts_with(hooks), "{after}");
    assert!(after.ends_with("      - id: feedgate\r\n        files: \"^data/zone/\"\r\n"), "{after}");
    let again = Ran::of(&mut repository.feedgate(&["init", "data/zone"]));
    assert!(again.stdout.contains("  kept: .pre-commit-config.yaml\n"), "{}", again.stdout);
    let other = Ran::of(&mut repository.feedgate(&["init", "other"]));
    assert!(other.stdout.contains("  new: .github/workflows/feedgate-other.yml\n"), "{}", other.stdout);
    assert!(other.stdout.contains("  new: other/feedgate.yaml\n"), "{}", other.stdout);
}

#[test]
fn what_is_not_committed_stays_as_it_is() {
    let repository = Repository::new("begin-dirty");
    repository.write("feeds/trades.yaml", "feed: trades\nowner: desk@example.com\nschema: { type: object }\n");
    repository.write("infra/main.tf", "locals {}\n");
    repository.commit();
    repository.write("infra/main.tf", "locals { a = 1 }\n");
    repository.git(&["add", "infra/main.tf"]);
    repository.write("notes.txt", "mine\n");
    let before = repository.git(&["status", "--porcelain"]);
    let ran = Ran::of(&mut repository.feedgate(&["init"]));
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    let after = repository.git(&["status", "--porcelain"]);
    let ours = |line: &&str| !["?? .github/", "?? .pre-commit-config.yaml", "?? feedgate.yaml"].contains(line);
    assert_eq!(after.lines().filter(ours).collect::<Vec<_>>().join("\n"), before);
    assert_eq!(text(&repository, "infra/main.tf"), "locals { a = 1 }\n");
}
