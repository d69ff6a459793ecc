//! Repositories in; how often their queries run, where they are charged, and what a month costs, out.

use feedgate::rules::catalogue::Catalogue;
use feedgate::text::{Date, RepoPath};
use feedgate::{Options, Run, Tree, TreeFile, lint};

/// 2^34 bytes in one column: 64 runs are a TiB.
const TABLES: &str = r#"[
 {"tableReference": {"projectId": "p", "datasetId": "shop", "tableId": "orders"}, "numRows": "2147483648", "numBytes": "17179869184",
  "schema": {"fields": [{"name": "n", "type": "INTEGER", "mode": "REQUIRED"}]}},
 {"tableReference": {"projectId": "p", "datasetId": "zurich", "tableId": "orders"}, "location": "europe-west6", "numRows": "2147483648",
  "numBytes": "17179869184", "schema": {"fields": [{"name": "n", "type": "INTEGER", "mode": "REQUIRED"}]}}]"#;

const SELECT: &str = "SELECT n FROM shop.orders";

fn run(files: &[(&str, &str)], location: Option<&str>) -> Run {
    let file =
        |(path, text): &(&str, &str)| TreeFile { path: RepoPath::new(path).expect("a plain path"), content: Ok((*text).into()) };
    let files = files.iter().chain([&("feedgate.tables.json", TABLES)]).map(file).collect();
    let today = Date { year: 2024, month: 3, day: 9 };
    let location = location.map(str::to_owned);
    let options = Options { location, ..Options::new(today) };
    lint(&Tree { files }, None, Catalogue::embedded(), &options)
}

/// For each query how often it runs and what that costs, or why that is not known; then the month.
fn money(files: &[(&str, &str)]) -> String {
    let run = run(files, None);
    let usd = |low: f64, high: Option<f64>| match high {
        Some(high) if (high - low).abs() < 0.005 => format!("${low:.2}"),
        high => format!("${low:.2} to {}", high.map_or("?".to_owned(), |high| format!("${high:.2}"))),
    };
    let mut lines: Vec<String> = Vec::new();
    for estimate in &run.report.estimates {
        let runs = estimate.runs_per_month.map_or("unknown".to_owned(), |runs| format!("{runs:.2} runs"));
        let cost = estimate.cost_usd_per_month().map(|cost| format!(", {}", usd(cost.low, cost.high))).unwrap_or_default();
        let steps = estimate.steps.iter().filter_map(|step| step.text.split_once("runs in a month of 30.44 days: "));
        let why: String = steps.map(|(_, why)| format!(": {why}")).collect();
        let notes = estimate.notes.iter().filter_map(|note| note.strip_prefix("how often it runs is not known"));
        lines.push(format!("{} {runs}{cost}{why}{}", estimate.query, notes.collect::<String>()));
    }
    if let Some(month) = &run.report.monthly {
        let list = usd(month.list_usd.low, month.list_usd.high);
        lines.push(format!(
            "month {list}, {} after the free TiB, {} without",
            usd(month.usd.low, month.usd.high),
            month.n_without_runs
        ));
    }
    lines.extend(run.report.diagnostics.iter().map(|finding| format!("{}: {}", finding.rule, finding.message)));
    lines.join("\n")
}

#[test]
fn a_schedule_of_terraform_is_counted() {
    let scheduled = |attributes: &str| {
        let config = format!(
            "resource \"google_bigquery_data_transfer_config\" \"q\" {{\n  data_source_id = \"scheduled_query\"\n  service_account_name = \"q@p.iam.gserviceaccount.com\"\n  {attributes}\n  params = {{\n    query = \"{SELECT}\"\n  }}\n}}\n"
        );
        money(&[("main.tf", &config)]).replace("main.tf:google_bigquery_data_transfer_config.q.params ", "")
    };
    let cases = [
        (
            "schedule = \"every 12 hours\"",
            "60.88 runs, $5.94: `every 12 hours` in Terraform\nmonth $5.94, $0.00 after the free TiB, 0 without",
        ),
        (
            "schedule = \"every day 07:00\"\n  disabled = true",
            "0.00 runs, $0.00: it is switched off in Terraform\nmonth $0.00, $0.00 after the free TiB, 0 without",
        ),
        ("schedule = var.schedule", "unknown: `var.schedule` has no value in the repository"),
        ("", "unknown"),
        (
            "schedule = \"each day\"",
            "unknown: `schedule` is not understood: `each day`\nunreadable-schedule: `schedule` is not understood: `each day`",
        ),
    ];
    for (attributes, expected) in cases {
        assert_eq!(scheduled(attributes), expected, "{attributes}");
    }
}

/// A day of orders is 2^30 bytes in one column.
#[test]
fn the_day_of_a_scheduled_run_is_that_on_which_it_is_asked() {
    let feed = "feed: orders\nowner: o\nfile: { name: 'orders_{date:%Y%m%d}.json' }\ndelivery: { cadence: daily, rows: 134217728 }\n\
                table: { dataset: raw, name: orders, partitioning: { type: DAY, field: day, expiration: 30 days }, schema: orders.json }\n";
    let columns =
        r#"[{"name": "day", "type": "DATE", "mode": "REQUIRED"}, {"name": "n", "type": "INTEGER", "mode": "REQUIRED"}]"#;
    let bytes = |condition: &str| {
        let config = format!(
            "resource \"google_bigquery_data_transfer_config\" \"q\" {{\n  data_source_id = \"scheduled_query\"\n  schedule = \"every day \
             07:00\"\n  params = {{\n    query = \"SELECT n FROM raw.orders WHERE {condition}\"\n  }}\n}}\n"
        );
        let run = run(&[("feeds/orders.yaml", feed), ("feeds/orders.json", columns), ("main.tf", &config)], None);
        let estimates = run.report.estimates.iter();
        estimates.map(|estimate| (estimate.bytes.low >> 30, estimate.bytes.high.map(|high| high >> 30))).collect::<Vec<_>>()
    };
    let today = bytes("day = CURRENT_DATE()");
    assert_eq!(bytes("day = @run_date"), today);
    assert_eq!(bytes("day = DATE(@run_time)"), today);
    assert_eq!(bytes("day IN (@run_date)"), today);
    assert_eq!(today, [(2, Some(2))]);
    assert_eq!(bytes("day = @other"), [(0, Some(60))]);
}

#[test]
fn the_nearest_word_counts_comment_then_terraform_then_configuration() {
    let config = "version: 1\nruns:\n  sql/a.sql: 10/month\n  sql/**: 128/month\n";
    let commented = format!("-- feedgate: runs=64/month\n{SELECT}");
    let said = money(&[
        ("feedgate.yaml", config),
        ("sql/a.sql", SELECT),
        ("sql/b.sql", SELECT),
        ("sql/c.sql", &commented),
        ("d.sql", SELECT),
    ]);
    let expected = "d.sql unknown\n\
        sql/a.sql 10.00 runs, $0.98: `10/month` in `feedgate.yaml`\n\
        sql/b.sql 128.00 runs, $12.50: `128/month` in `feedgate.yaml`\n\
        sql/c.sql 64.00 runs, $6.25: `64/month` in its comment\n\
        month $19.73, $13.48 after the free TiB, 1 without";
    assert_eq!(said, expected);
}

#[test]
fn a_configuration_that_says_nothing_is_found() {
    let config = "version: 1\nruns:\n  sqls/**: 10/month\n  sql/**: often\n";
    let expected = "sql/a.sql unknown\n\
        invalid-config: `runs.sql/**` is not understood: `often`\n\
        invalid-config: no file lies at `sqls/**`";
    let said = money(&[("feedgate.yaml", config), ("sql/a.sql", SELECT)]);
    let mut lines: Vec<&str> = said.lines().collect();
    lines.sort_unstable_by_key(|line| (line.starts_with("invalid"), *line));
    assert_eq!(lines.join("\n"), expected);
}

const WORKFLOW: &str = "main:\n  steps:\n    - check:\n        call: googleapis.bigquery.v2.jobs.query\n        args:\n          body:\n            useLegacySql: false\n            query: SELECT n FROM shop.orders\n";
const FEED: &str = "feed: orders\nowner: a@example.com\nschema: { type: object, properties: { n: { type: integer } } }\ndelivery: { cadence: daily, files: 2 }\ntable: { dataset: shop, name: orders }\n";

#[test]
fn steps_of_a_workflow_run_at_each_delivery_or_when_they_are_started() {
    let of = |files: &[(&str, &str)]| {
        let said = money(files);
        said.lines().find(|line| line.starts_with("load.yaml")).unwrap_or_default().to_owned()
    };
    let served = of(&[("load.yaml", WORKFLOW), ("feeds/orders.yaml", FEED)]);
    assert_eq!(served, "load.yaml:check 60.88 runs, $5.94: once for each file of `orders`");
    let unserved = of(&[("load.yaml", WORKFLOW)]);
    assert_eq!(unserved, "load.yaml:check unknown: the workflow runs when files come, and of which feeds is not known");
    let job = |uri: &str| {
        format!(
            "resource \"google_workflows_workflow\" \"load\" {{\n  name = \"load-orders\"\n  source_contents = file(\"load.yaml\")\n}}\nresource \"google_cloud_scheduler_job\" \"daily\" {{\n  schedule = \"0 7 * * 1-5\"\n  http_target {{\n    uri = {uri}\n  }}\n}}\n"
        )
    };
    for uri in [
        "\"https://workflowexecutions.googleapis.com/v1/projects/p/locations/eu/workflows/load-orders/executions\"",
        "\"https://workflowexecutions.googleapis.com/v1/${google_workflows_workflow.load.id}/executions\"",
    ] {
        let started = of(&[("load.yaml", WORKFLOW), ("main.tf", &job(uri)), ("feeds/orders.yaml", FEED)]);
        assert_eq!(started, "load.yaml:check 21.74 runs, $2.12: `0 7 * * 1-5` in Terraform", "{uri}");
    }
    let other = job("\"https://example.com/workflows/other/executions\"");
    assert!(of(&[("load.yaml", WORKFLOW), ("main.tf", &other)]).contains("unknown"));
}

#[test]
fn training_a_model_has_its_own_rate_and_no_free_tier() {
    let sql = "-- feedgate: runs=64/month\nCREATE MODEL shop.m OPTIONS (model_type = 'linear_reg') AS SELECT n FROM shop.orders";
    let expected = "m.sql 64.00 runs, $312.50: `64/month` in its comment\nmonth $312.50, $312.50 after the free TiB, 0 without";
    assert_eq!(money(&[("m.sql", sql)]), expected);
}

#[test]
fn what_a_script_may_leave_out_or_repeat_is_open() {
    let script = |body: &str| money(&[("s.sql", &format!("-- feedgate: runs=64/month\n{body}"))]);
    let branch = script("IF RAND() < 0.5 THEN SELECT n FROM shop.orders; END IF");
    assert!(branch.contains("64.00 runs, $0.00 to $6.25"), "{branch}");
    let looped = script("LOOP SELECT n FROM shop.orders; END LOOP");
    assert!(looped.contains("64.00 runs, $0.00 to ?"), "{looped}");
}

/// The price's note, and the cost of a run.
fn price(files: &[(&str, &str)], location: Option<&str>) -> String {
    let run = run(files, location);
    let estimate = run.report.estimates.first().expect("the statement has an estimate");
    let note =
        estimate.notes.iter().find(|note| note.contains("USD per TiB") || note.contains("price") || note.contains("lies in"));
    let cost = estimate.cost_usd.map_or("unknown".to_owned(), |(low, _)| format!("${low:.4}"));
    format!("{cost}: {}", note.map_or("", |note| note))
}

#[test]
fn queries_are_charged_where_their_tables_lie() {
    let dataset =
        |location: &str| format!("resource \"google_bigquery_dataset\" \"shop\" {{\n  dataset_id = \"shop\"\n  {location}\n}}\n");
    let query = ("q.sql", SELECT);
    let zurich = ("q.sql", "SELECT n FROM zurich.orders");
    let both = ("q.sql", "SELECT a.n FROM shop.orders a JOIN zurich.orders b USING (n)");
    let (tokyo, none, unknown) = (dataset("location = \"asia-northeast1\""), dataset(""), dataset("location = var.location"));
    let list = "list price of 2026-07-25";
    let taken = "nothing says where its tables lie: BigQuery's default is taken";
    let cases = [
        (price(&[query], None), format!("$0.0977: 6.25 USD per TiB in US, {list}; {taken}")),
        (price(&[query], Some("EU")), format!("$0.0977: 6.25 USD per TiB in EU, {list}")),
        (price(&[zurich], Some("EU")), format!("$0.1367: 8.75 USD per TiB in europe-west6, {list}")),
        (price(&[query, ("main.tf", &tokyo)], Some("EU")), format!("$0.1172: 7.5 USD per TiB in asia-northeast1, {list}")),
        (price(&[query, ("main.tf", &none)], Some("EU")), format!("$0.0977: 6.25 USD per TiB in US, {list}")),
        (price(&[query, ("main.tf", &unknown)], Some("EU")), format!("$0.0977: 6.25 USD per TiB in EU, {list}")),
        (
            price(&[query, ("main.tf", &unknown)], None),
            format!("$0.0977: 6.25 USD per TiB in US, {list}; where `p.shop.orders` lies is not known, as `var.location` has no value in the repository: BigQuery's default is taken"),
        ),
        (
            price(&[both, ("main.tf", &tokyo)], None),
            "unknown: `p.shop.orders` lies in asia-northeast1 and `p.zurich.orders` in europe-west6: BigQuery refuses a query over several locations".to_owned(),
        ),
        (
            price(&[query, ("feedgate.yaml", "version: 1\nlocation: mars\n")], None),
            "unknown: no price is known for the location `mars`".to_owned(),
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
}
