//! The binary as users meet it: arguments, exit codes, where output goes.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "these tests run the binary on trees that they make")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder that is gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the target folder is ours");
        Folder(path)
    }

    fn write(&self, path: &str, content: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a path below the folder")).expect("the folder is ours");
        fs::write(path, content).expect("the folder is ours");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        feedgate(arguments).current_dir(&self.0).output().expect("the binary runs")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The binary, in an environment that says nothing of where the tests run.
fn feedgate(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_feedgate"));
    command.args(arguments);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("GITHUB_") || ["CI", "NO_COLOR", "COLUMNS", "TERM", "CLICOLOR_FORCE"].contains(&name.as_str()) {
            command.env_remove(name);
        }
    }
    command
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("output is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("output is UTF-8")
}

/// The page holds the help of every command, and is held to it where it is generated.
#[test]
fn help_is_what_the_page_of_commands_says() {
    let folder = Folder::new("help");
    let page = include_str!("../docs/command-line.md");
    let commands: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## feedgate ")).collect();
    assert!(commands.len() > 10, "{commands:?}");
    for command in commands.into_iter().map(Some).chain([None]) {
        let asked: Vec<&str> = command.into_iter().collect();
        for words in [[&asked[..], &["--help"]].concat(), [&["help"], &asked[..]].concat()] {
            let output = folder.run(&words);
            assert_eq!(output.status.code(), Some(0));
            assert!(page.contains(&format!("```text\n{}\n```\n", stdout(&output).trim_end())), "{words:?}");
        }
    }
}

#[test]
fn bad_arguments_exit_with_two() {
    let folder = Folder::new("arguments");
    let cases: [(&[&str], &str); 8] = [
        (&[], "Usage"),
        (&["lnit"], "lint"),
        (&["lint", "--fail-on", "note"], "possible values"),
        (&["lint", "--format", "json", "--format", "text"], "only one format can go to standard output"),
        (&["lint", "nowhere.yaml"], "cannot find `nowhere.yaml`"),
        (&["lint", "--only", "no-such-rule"], "there is no rule `no-such-rule`"),
        (&["explain", "no-such-rule"], "there is no rule `no-such-rule`"),
        (&["graph", "--simulate", "trades.json"], "`trades.json` names no object"),
    ];
    for (arguments, words) in cases {
        let output = folder.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(words), "{arguments:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{arguments:?}");
    }
}

#[test]
fn the_arrival_of_a_file_is_followed() {
    let arrive = |format: &str| {
        let uri = "gs://acme-landing/trades/trades_20260803_0001.json";
        let mut command = feedgate(&["graph", "--simulate", uri, "--format", format]);
        let output = command.current_dir("examples/landing-zone").output().expect("the binary is built");
        assert_eq!((stderr(&output).as_str(), output.status.code()), ("", Some(0)));
        stdout(&output)
    };
    insta::assert_snapshot!("simulation", arrive("text"));
    let said: serde_json::Value = serde_json::from_str(&arrive("json")).expect("it is JSON");
    let load = &said["started"][0]["loads"][0];
    assert_eq!((load["dataset"].as_str(), load["table"].as_str()), (Some("raw"), Some("trades")));
    assert_eq!(said["replaceable"].as_bool(), Some(false));
}

#[test]
fn every_shell_has_completions() {
    let folder = Folder::new("completions");
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let output = folder.run(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).contains("test-rules") && stdout(&output).contains("fail-on"), "{shell}");
    }
}

#[test]
fn an_empty_folder_is_told_what_is_looked_for() {
    let folder = Folder::new("empty");
    folder.write("feedgate.yaml", "");
    let output = folder.run(&["lint"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).starts_with("nothing to check here"), "{}", stdout(&output));
    assert_eq!(stderr(&output), "");
}

#[test]
fn several_reports_are_written_in_one_run() {
    let folder = Folder::new("reports");
    folder.write("feedgate.yaml", "");
    let output = folder
        .run(&["lint", "--format", "text", "--format", "json", "--output", "r.json", "--format", "markdown", "--output", "r.md"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let json = fs::read_to_string(folder.0.join("r.json")).expect("it was written");
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(json["version"], 1);
    assert!(fs::read_to_string(folder.0.join("r.md")).expect("it was written").starts_with("### ✅ feedgate: no findings"));
    assert!(stdout(&output).starts_with("nothing to check here"));
    let left_over = fs::read_dir(&folder.0).expect("the folder is ours").count();
    assert_eq!(left_over, 3);
    let output = folder.run(&["lint", "--output", "no/such/folder/r.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("cannot write"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::process::Stdio;
    let folder = Folder::new("pipe");
    let mut child = feedgate(&["completions", "zsh"])
        .current_dir(&folder.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[test]
fn colors_go_to_a_terminal_or_where_they_are_asked_for() {
    let folder = Folder::new("colors");
    folder.write("feedgate.yaml", "");
    folder.write("binary.tf", "\0");
    let escapes = |output: &Output| stdout(output).matches('\u{1b}').count();
    assert_eq!(escapes(&folder.run(&["lint"])), 0);
    assert_eq!(escapes(&folder.run(&["lint", "--color", "never"])), 0);
    assert!(escapes(&folder.run(&["lint", "--color", "always"])) > 0);
    let no_color = feedgate(&["lint"]).current_dir(&folder.0).env("NO_COLOR", "1").output().expect("the binary runs");
    assert_eq!(escapes(&no_color), 0);
}

#[test]
fn strict_fails_where_something_was_not_checked() {
    let folder = Folder::new("strict");
    folder.write("feedgate.yaml", "");
    folder.write("binary.tf", "\0");
    assert_eq!(folder.run(&["lint"]).status.code(), Some(0));
    assert_eq!(folder.run(&["lint", "--strict"]).status.code(), Some(1));
}

#[test]
fn a_workflow_that_cannot_be_followed_is_not_checked() {
    let folder = Folder::new("unfollowed");
    folder.write("feedgate.yaml", "version: 1\n");
    let feed = "feed: trades\nowner: desk@example.com\nfile:\n  bucket: acme-landing\n";
    folder.write("feeds/trades.yaml", feed);
    folder.write("load.yaml", "main:\n  params: [event]\n  steps:\n    - done:\n        return: ${event.data.name}\n");
    folder.write("main.tf", UNFOLLOWED);
    let told = |name: &str| {
        folder.write("feeds/trades.yaml", &format!("{feed}{name}"));
        let report: serde_json::Value =
            serde_json::from_str(&stdout(&folder.run(&["lint", "--format", "json"]))).expect("it is JSON");
        let skipped = report["skipped"].as_array().into_iter().flatten();
        skipped
            .filter(|skipped| skipped["what"] == "unrouted-feed")
            .map(|skipped| skipped["subject"].to_string())
            .collect::<String>()
    };
    assert_eq!(told(""), "\"feed trades\"");
    assert_eq!(told("  name: trades.json\n"), "");
}

const UNFOLLOWED: &str = r#"
resource "google_storage_bucket" "landing" {
  name     = "acme-landing"
  location = "EU"
}

resource "google_workflows_workflow" "load" {
  name            = "load"
  source_contents = file("${path.module}/load.yaml")
}

resource "google_eventarc_trigger" "landing" {
  name = "landing"
  matching_criteria {
    attribute = "type"
    value     = "google.cloud.storage.object.v1.finalized"
  }
  matching_criteria {
    attribute = "bucket"
    value     = "acme-landing"
  }
  destination {
    workflow = google_workflows_workflow.load.id
  }
}
"#;

const OWNERLESS: &str = "feed: orders\nschema: orders.schema.json\n";
const SCHEMA: &str = "{\"type\": \"object\", \"properties\": {\"id\": {\"type\": \"integer\"}}}\n";

/// A repository with one warning and nothing else.
fn with_a_warning(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("feedgate.yaml", "version: 1\n");
    folder.write("feeds/orders.yaml", &OWNERLESS.replace("orders.schema", "../orders.schema"));
    folder.write("orders.schema.json", SCHEMA);
    folder
}

#[test]
fn the_exit_code_follows_the_severity() {
    let folder = with_a_warning("exit");
    let code = |arguments: &[&str]| folder.run(arguments).status.code();
    assert_eq!(code(&["lint"]), Some(0));
    assert_eq!(code(&["lint", "--fail-on", "warning"]), Some(1));
    folder.write("feedgate.yaml", "version: 1\nrules: { missing-owner: error }\n");
    assert_eq!(code(&["lint"]), Some(1));
    assert_eq!(code(&["lint", "--fail-on", "never"]), Some(0));
    folder.write("feedgate.yaml", "version: 1\nrules: { missing-owner: { level: note, environments: { prod: error } } }\n");
    assert_eq!(code(&["lint"]), Some(0));
    assert_eq!(code(&["lint", "--env", "prod"]), Some(1));
}

#[test]
fn paths_limit_what_is_reported_and_not_what_is_read() {
    let folder = with_a_warning("paths");
    folder.write("feeds/trades.yaml", "feed: trades\nschema: ../orders.schema.json\n");
    let output = folder.run(&["lint", "feeds/trades.yaml"]);
    let text = stdout(&output);
    assert!(text.contains("feed `trades` has no owner") && !text.contains("feed `orders`"), "{text}");
    assert!(text.contains("2 feeds"), "{text}");
}

#[test]
fn a_rule_of_the_repository_is_run_named_and_tested() {
    let folder = with_a_warning("user-rule");
    let page = "---\nseverity: error\neach: feed\nrequire: feed.retention_days != null\nmessage: feed `{feed.name}` is kept for nobody knows how long\n---\n# Feed without a retention\n\nSay it.\n\n## Bad\n`feeds/a.yaml`:\n```yaml\nfeed: a #~ feed `a` is kept for nobody knows how long\nowner: x\n```\n\n## Good\n`feeds/a.yaml`:\n```yaml\nfeed: a\nowner: x\nretention: 180 days\n```\n";
    folder.write(".feedgate/rules/house/unsaid-retention.md", page);
    let output = folder.run(&["lint", "--only", "unsaid-retention"]);
    assert!(stdout(&output).contains("feed `orders` is kept for nobody knows how long"), "{}", stdout(&output));
    assert_eq!(output.status.code(), Some(1));
    let output = folder.run(&["explain", "unsaid-retention"]);
    assert!(stdout(&output).contains("Feed without a retention"), "{}", stderr(&output));
    let output = folder.run(&["test-rules"]);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{}", stdout(&output));
    folder.write(".feedgate/rules/house/unsaid-retention.md", &page.replace("#~ feed `a` is", "#~ feed `a` was"));
    let output = folder.run(&["test-rules"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains(".feedgate/rules/house/unsaid-retention.md:14"), "{}", stdout(&output));
}

#[test]
fn estimate_reads_sql_from_an_argument_a_file_and_standard_input() {
    let folder = Folder::new("estimate");
    let table = "{\"tableReference\": {\"projectId\": \"p\", \"datasetId\": \"d\", \"tableId\": \"t\"}, \"numRows\": \"1000000\", \"numBytes\": \"16000000\", \"schema\": {\"fields\": [{\"name\": \"a\", \"type\": \"INT64\", \"mode\": \"REQUIRED\"}, {\"name\": \"b\", \"type\": \"INT64\", \"mode\": \"REQUIRED\"}]}}";
    folder.write("tables.json", table);
    folder.write("q.sql", "SELECT a FROM d.t");
    for arguments in [&["--sql", "SELECT a FROM d.t"][..], &["q.sql"]] {
        let arguments: Vec<&str> =
            ["estimate", "--tables", "tables.json", "--format", "json"].iter().chain(arguments).copied().collect();
        let output = folder.run(&arguments);
        let report: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("the report is JSON");
        let estimate = &report["estimates"][0];
        assert_eq!(estimate["bytes_processed"]["low"], 8_000_000);
        assert_eq!(estimate["bytes_billed"]["high"], 10 * 1024 * 1024);
        assert_eq!(estimate["accuracy"], "exact");
    }
}

#[test]
fn an_environment_that_the_configuration_does_not_list_is_refused() {
    let folder = Folder::new("environments");
    folder.write("feedgate.yaml", "version: 1\nenvironments: { dev: {}, prod: {} }\n");
    assert_eq!(folder.run(&["lint", "--env", "prod"]).status.code(), Some(0));
    let refused = folder.run(&["lint", "--env", "prd"]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(stderr(&refused), "failed: there is no environment `prd`\n  help: did you mean `prod`?\n");
}

/// A repository with one feed of orders.
#[test]
fn fixes_are_made_said_and_no_longer_found() {
    let folder = Folder::new("fix");
    folder.write("feedgate.yaml", "");
    let pattern =
        |feed: &str| format!("feed: {feed}\r\nowner: a@example.com\r\nfile: {{ pattern: '{feed}_\\d+\\.json' }} # kept\r\n");
    folder.write("feeds/orders.yaml", &pattern("orders"));
    folder.write("feeds/quotes.yaml", &pattern("quotes"));
    let only = ["lint", "--only", "unanchored-name-pattern", "--fail-on", "warning", "--as-of", "2026-08-22"];
    assert_eq!(folder.run(&only).status.code(), Some(1));
    let fixed = folder.run(&[&only[..], &["--fix", "feeds/orders.yaml"]].concat());
    assert_eq!(stderr(&fixed), "fixed 1 finding\n  feeds/orders.yaml: anchor the pattern\n");
    assert_eq!(fixed.status.code(), Some(0), "{}", stdout(&fixed));
    let text = |name: &str| fs::read_to_string(folder.0.join(name)).expect("it is there");
    assert_eq!(text("feeds/orders.yaml"), pattern("orders").replace("'orders", "'^orders").replace("json'", "json$'"));
    assert_eq!(text("feeds/quotes.yaml"), pattern("quotes"), "what was not asked about is left alone");
    let rest = folder.run(&[&only[..], &["--fix", "--format", "json"]].concat());
    assert_eq!(stderr(&rest), "fixed 1 finding\n  feeds/quotes.yaml: anchor the pattern\n");
    assert!(stdout(&rest).contains("\"findings\": []"), "{}", stdout(&rest));
    assert_eq!(stderr(&folder.run(&[&only[..], &["--fix"]].concat())), "");
}

fn with_orders(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("feedgate.yaml", "version: 1\n");
    folder.write(
        "feeds/orders.yaml",
        "feed: orders\nowner: a@example.com\ndelivery: { cadence: weekdays, time_zone: Europe/London }\n\
         file: { name: \"orders_{date:%Y%m%d}_{seq:2}.json\", bucket: acme-landing, prefix: orders/ }\n\
         schema: { type: object, required: [id] }\ntable: { dataset: raw, name: orders, schema: ../t.json }\n",
    );
    folder.write("t.json", "[{\"name\": \"id\", \"type\": \"INT64\"}]");
    folder
}

/// The one file of a JSON report of `check-file`.
fn checked(folder: &Folder, arguments: &[&str]) -> (serde_json::Value, Option<i32>) {
    let arguments: Vec<&str> =
        ["check-file", "--format", "json", "--as-of", "2026-08-04"].iter().chain(arguments).copied().collect();
    let output = folder.run(&arguments);
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("the report is JSON");
    assert_eq!(report["version"], 1);
    (report["files"][0].clone(), output.status.code())
}

fn codes(file: &serde_json::Value) -> Vec<&str> {
    let findings = file["findings"].as_array().expect("a list");
    findings.iter().filter_map(|finding| finding["code"].as_str()).collect()
}

#[test]
fn a_delivered_file_is_taken_by_its_name_and_checked_by_its_content() {
    let folder = with_orders("check-file");
    folder.write("in/orders_20260803_01.json", "{\"id\": 1}\n{\"id\": 2}\n");
    let (file, code) = checked(&folder, &["in/orders_20260803_01.json"]);
    assert_eq!(
        (code, &file["ok"], &file["feed"], &file["table"]),
        (Some(0), &true.into(), &"orders".into(), &"raw.orders".into())
    );
    assert_eq!((&file["delivery_date"], &file["content"]["records"]), (&"2026-08-03".into(), &2.into()));
    folder.write("in/orders_20260803_02.json", "{\"id\": 1}\n{\"id\": \"x\"}\n{}\n{\"id\": \"y\"}\n");
    let (file, code) = checked(&folder, &["in/orders_20260803_02.json"]);
    assert_eq!((code, codes(&file)), (Some(1), vec!["format", "required"]));
    let first = &file["findings"][0];
    assert_eq!(
        (&first["line"], &first["record"], &first["path"], &first["count"]),
        (&2.into(), &2.into(), &"$.id".into(), &2.into())
    );
    let text = stdout(&folder.run(&["check-file", "--as-of", "2026-08-04", "in/orders_20260803_02.json"]));
    assert!(text.contains("line 2: `id` is loaded as INT64, and is the text `x` (and 1 more like it)"), "{text}");
    assert_eq!(folder.run(&["check-file", "in/nowhere.json"]).status.code(), Some(2));
}

/// Two feeds share a name, and only the content tells which of them a file is of.
#[test]
fn a_file_that_several_feeds_take_is_held_against_each() {
    let folder = with_orders("check-several");
    folder.write(
        "late.yaml",
        "feed: late_orders\nowner: order-desk@example.com\nfile: { name: \"orders_{date:%Y%m%d}_{seq:2}.json\", format: ndjson, \
         bucket: acme-landing, prefix: orders/ }\ntable: { dataset: raw, name: late_orders, schema: late.json }\n",
    );
    folder.write("late.json", "[{\"name\": \"id\", \"type\": \"STRING\"}, {\"name\": \"reason\", \"type\": \"STRING\"}]");
    folder.write("in/orders_20260803_01.json", "{\"id\": \"a\", \"reason\": \"lost\"}\n");
    let (file, code) = checked(&folder, &["in/orders_20260803_01.json"]);
    assert_eq!((code, codes(&file)), (Some(1), vec!["several-feeds"]));
    assert_eq!((&file["feed"], &file["table"]), (&serde_json::Value::Null, &serde_json::Value::Null));
    let text = stdout(&folder.run(&["check-file", "--as-of", "2026-08-04", "in/orders_20260803_01.json"]));
    for expected in ["the content is right for feed `late_orders`", "for feed `orders`, 1 of 1 records cannot be taken"] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    let (file, code) = checked(&folder, &["--feed", "late_orders", "in/orders_20260803_01.json"]);
    assert_eq!((code, &file["table"]), (Some(0), &"raw.late_orders".into()));
}

#[test]
fn a_name_that_no_feed_takes_is_told_what_would_fit() {
    let folder = with_orders("check-name");
    let (file, code) = checked(&folder, &["--name-only", "orders_2026-08-03_01.json"]);
    assert_eq!((code, codes(&file)), (Some(1), vec!["no-feed"]));
    assert_eq!((&file["nearest"][0]["feed"], &file["nearest"][0]["fits"]), (&"orders".into(), &"orders_2026".into()));
    for (name, expected) in [
        ("gs://acme-landing/orders/orders_20260803_01.json", vec![]),
        ("gs://elsewhere/orders/orders_20260803_01.json", vec!["no-feed"]),
        ("orders_20260802_01.json", vec!["no-delivery-day"]),
        ("orders_20260901_01.json", vec!["too-early"]),
        ("orders_20260805_01.json", vec![]),
    ] {
        assert_eq!(codes(&checked(&folder, &["--name-only", name]).0), expected, "{name}");
    }
    folder.write("there.txt", "gs://acme-landing/orders/orders_20260803_01.json\norders_20260731_01.json\n");
    let again = ["--name-only", "--delivered", "there.txt", "orders_20260731_01.json"];
    assert_eq!(codes(&checked(&folder, &again).0), ["delivered-before"]);
}

#[test]
fn standard_input_and_packed_files_are_checked_like_any_other() {
    use std::io::Write as _;
    use std::process::Stdio;
    let folder = with_orders("check-packed");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"{\"id\": 1}\n{\"id\": true}\n").expect("memory takes it");
    let packed = packed.finish().expect("memory takes it");
    fs::write(folder.0.join("orders_20260803_01.json"), &packed).expect("the folder is ours");
    fs::write(folder.0.join("orders_20260803_02.json"), &packed[..packed.len() - 9]).expect("the folder is ours");
    let (file, code) = checked(&folder, &["orders_20260803_02.json"]);
    assert_eq!((code, codes(&file).first()), (Some(1), Some(&"packing")));
    let (file, code) = checked(&folder, &["orders_20260803_01.json"]);
    assert_eq!((code, &file["content"]["compression"], codes(&file)), (Some(1), &"gzip".into(), vec!["type"]));
    let mut child = feedgate(&["check-file", "-", "--name", "orders_20260803_01.json", "--as-of", "2026-08-04"])
        .current_dir(&folder.0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    child.stdin.take().expect("it is piped").write_all(b"{\"id\": 1}\n").expect("the binary reads");
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert_eq!(folder.run(&["check-file", "-"]).status.code(), Some(2));
}

/// A bucket whose retention only a plan can say.
const BUCKET_OF_DAYS: &str = r#"variable "days" {}
resource "google_storage_bucket" "landing" {
  name     = "acme-landing"
  location = "EU"
  retention_policy {
    retention_period = var.days * 86400
  }
}
"#;

#[test]
fn a_plan_gives_the_values_that_the_files_do_not_say() {
    let folder = Folder::new("plan");
    folder.write("feedgate.yaml", "version: 1\npolicy: { retention: 180 days }\n");
    folder.write("infra/main.tf", BUCKET_OF_DAYS);
    let lint = |more: &[&str]| stdout(&folder.run(&[&["lint", "--only", "bucket-retention-below-policy"], more].concat()));
    assert!(!lint(&[]).contains("bucket-retention-below-policy] infra"), "{}", lint(&[]));
    folder.write(
        "infra/tfplan.json",
        "{\"format_version\":\"1.2\",\"variables\":{\"days\":{\"value\":90}},\"planned_values\":{\"root_module\":{\"resources\":[{\"address\":\
         \"google_storage_bucket.landing\",\"mode\":\"managed\",\"type\":\"google_storage_bucket\",\"name\":\"landing\",\"values\":{\"name\":\
         \"acme-landing\",\"retention_policy\":[{\"retention_period\":\"7776000\"}]}}]}}}",
    );
    let found = lint(&["--plan", "infra/tfplan.json"]);
    assert!(found.contains("bucket-retention-below-policy] infra/main.tf:6"), "{found}");
    let refused = folder.run(&["lint", "--plan", "infra/main.tf"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is no plan of Terraform in JSON"));
}

#[test]
fn plans_of_one_root_module_are_told_apart_by_their_names() {
    let folder = Folder::new("plans");
    folder.write("feedgate.yaml", "version: 1\npolicy: { retention: 180 days }\n");
    folder.write("infra/main.tf", BUCKET_OF_DAYS);
    for (name, days) in [("prod.plan", 200), ("plan-dev", 90), ("yesterday", 60), ("today", 100)] {
        let plan = format!(
            "{{\"variables\":{{\"days\":{{\"value\":{days}}}}},\"planned_values\":{{\"root_module\":{{\"resources\":[{{\"address\":\
             \"google_storage_bucket.landing\",\"mode\":\"managed\",\"values\":{{\"name\":\"acme-landing\"}}}}]}}}}}}"
        );
        folder.write(&format!("infra/{name}.json"), &plan);
    }
    let lint = |environment: &[&str], plans: [&str; 2]| {
        let plans = plans.map(|name| format!("infra/{name}.json"));
        let [one, other] = &plans;
        let arguments = ["lint", "--only", "bucket-retention-below-policy", "--plan", one, "--plan", other];
        stdout(&folder.run(&[&arguments, environment].concat()))
    };
    let found = |environment, plans| lint(environment, plans).contains("bucket-retention-below-policy] infra/main.tf:6");
    assert!(!found(&[], ["prod.plan", "plan-dev"]) && !found(&[], ["plan-dev", "prod.plan"]));
    assert!(found(&["--env", "dev"], ["prod.plan", "plan-dev"]) && found(&["--env", "dev"], ["plan-dev", "prod.plan"]));
    let of_one = lint(&[], ["yesterday", "today"]);
    assert!(of_one.contains("keeps files 100 days"), "{of_one}");
    assert!(of_one.contains("infra/feedgate.plan.0.yesterday.json"), "{of_one}");
    assert!(of_one.contains("`infra/feedgate.plan.1.today.json` is a plan of the same root module"), "{of_one}");
    let of_another = lint(&["--env", "uat"], ["plan-dev", "prod.plan"]);
    assert!(of_another.contains("the plan is of `dev`, and `uat` is asked for"), "{of_another}");
}

/// Below the target folder there is always a `.git` above.
#[test]
fn a_file_is_read_with_the_folder_that_the_user_works_in_where_nothing_marks_a_root() {
    let folder = Folder(std::env::temp_dir().join(format!("feedgate-unmarked-{}", std::process::id())));
    folder.write("tables/orders.sql", "CREATE TABLE raw.orders (id INT64)");
    folder.write("sql/ids.sql", "SELECT id FROM raw.orders");
    let text = stdout(&folder.run(&["estimate", "sql/ids.sql"]));
    assert!(text.contains("nothing says how many rows `raw.orders` holds"), "{text}");
    let text = stdout(&folder.run(&["lint", "sql"]));
    assert!(text.contains("read 1 file"), "{text}");
}
