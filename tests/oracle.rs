//! Our scans against Google's own SQL analyzer: for each table the columns that a statement needs are the same.
//!
//! The analyzer is WebAssembly in a Python package. It is installed below `target/oracle` on the first run, which takes a
//! minute; without it these tests fail, because there is nothing to compare with.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test that runs a peer installs and starts it")]

#[path = "oracle/corpus.rs"]
mod corpus;
#[path = "oracle/jobs.rs"]
mod jobs;
#[path = "oracle/peer.rs"]
mod peer;
#[path = "common/python.rs"]
mod python;

use feedgate::model::table::{Column, Mode};
use feedgate::model::{Model, Query, Table, TableId};
use feedgate::outside::worktree::{Limits, read_tree};
use feedgate::rules::catalogue::Catalogue;
use feedgate::rules::examples;
use feedgate::sql::parse::parse;
use feedgate::sql::resolve::resolve;
use feedgate::sql::{Catalog, ColumnShape, Scan, StatementKind, TablePath, TableShape};
use feedgate::text::Date;
use feedgate::{Options, Run, lint, run_example};
use peer::{Answer, Group};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Tables with the top-level columns that are read: `customers(id name); orders()`.
type Columns = BTreeMap<String, BTreeSet<String>>;

fn shown(columns: &Columns) -> String {
    let table = |(name, columns): (&String, &BTreeSet<String>)| {
        format!("{name}({})", columns.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
    };
    columns.iter().map(table).collect::<Vec<_>>().join("; ")
}

fn columns_of<'a>(scans: impl IntoIterator<Item = &'a Scan>) -> Columns {
    let mut columns = Columns::new();
    for scan in scans {
        let top = |path: &String| path.split('.').next().unwrap_or(path).to_owned();
        columns.entry(scan.table.clone()).or_default().extend(scan.columns.keys().map(top));
    }
    columns
}

fn said(answer: &Answer) -> String {
    match answer {
        Ok(columns) => shown(columns),
        Err(words) => format!("refuses: {words}"),
    }
}

/// A table under all names that lead to it; ingestion time is there for the asking.
fn described(name: &str, paths: &[Vec<String>], columns: &Value, partition_column: Option<&str>) -> Value {
    let mut pseudo = Vec::new();
    if partition_column == Some("_PARTITIONTIME") {
        pseudo.push(json!({"name": "_PARTITIONTIME", "type": "TIMESTAMP"}));
        pseudo.push(json!({"name": "_PARTITIONDATE", "type": "DATE"}));
    }
    if name.ends_with('*') {
        pseudo.push(json!({"name": "_TABLE_SUFFIX", "type": "STRING"}));
    }
    json!({"name": name, "paths": paths, "columns": columns, "pseudo": pseudo})
}

// The corpus.

struct Shop(&'static BTreeMap<String, Value>);

impl Catalog for Shop {
    fn table(&self, path: &TablePath) -> Result<(String, TableShape), String> {
        let name = path.0.last().cloned().unwrap_or_default();
        self.0.get(&name).map(|table| (name.clone(), corpus::shape(table))).ok_or_else(String::new)
    }
}

fn of_corpus(case: &corpus::Case, shop: &Shop) -> String {
    let script = parse(case.text);
    let scans = script.statements.iter().flat_map(|statement| resolve(statement, case.text, shop).scans);
    shown(&columns_of(&scans.collect::<Vec<_>>()))
}

/// Views are written out for the analyzer, which knows tables only.
fn without_views(text: &str, shop: &Shop) -> String {
    let views = shop.0.iter().filter_map(|(name, table)| Some((name, table["view"].as_str()?)));
    views.fold(text.to_owned(), |text, (name, query)| text.replace(&format!("shop.{name}"), &format!("({query})")))
}

#[test]
fn columns_of_the_corpus_are_those_of_the_analyzer() {
    let shop = Shop(corpus::catalog());
    let cases = corpus::cases();
    assert!(cases.len() >= 150, "{} statements are no corpus", cases.len());
    let table = |(name, table): (&String, &Value)| {
        let paths = [vec!["shop".to_owned(), name.clone()], vec!["p".to_owned(), "shop".to_owned(), name.clone()]];
        described(name, &paths, &table["columns"], table["partition_column"].as_str())
    };
    let group = Group {
        tables: shop.0.iter().map(table).collect(),
        statements: cases.iter().map(|case| without_views(case.text, &shop)).collect(),
    };
    let answers = peer::ask("corpus", &[group]);
    let mut wrong = Vec::new();
    for (case, answer) in cases.iter().zip(answers.iter().flatten()) {
        let (ours, theirs) = (of_corpus(case, &shop), said(answer));
        match case.differs {
            Some((expected, _)) if theirs.starts_with(expected) && theirs != ours => {}
            None if theirs == ours => {}
            _ => wrong.push(format!("{}: {}\n  ours:   {ours}\n  theirs: {theirs}", case.file, case.text)),
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

// What people write: the demonstrations and the examples of the rules' pages.

/// Statements of a run that the analyzer is asked about, with the tables of the model.
struct Asked<'a> {
    run: &'a Run,
    queries: Vec<&'a Query>,
}

impl<'a> Asked<'a> {
    fn of(run: &'a Run) -> Asked<'a> {
        let reads = |query: &&Query| !matches!(query.statement.kind, StatementKind::Other(_));
        // Dataform writes statements around what stands in its files.
        let is_written = |query: &&Query| !run.files.get(query.span.file).path.has_extension("sqlx");
        Asked { run, queries: run.model.queries.values().filter(reads).filter(is_written).collect() }
    }

    /// Only statements whose tables the example defines.
    fn with_known_tables(mut self) -> Asked<'a> {
        let named: BTreeSet<String> = self.run.model.tables.keys().map(ToString::to_string).collect();
        let is_known = |query: &&Query| {
            let scans = &query.resolution.scans;
            query.resolution.unresolved.is_empty() && !scans.is_empty() && scans.iter().all(|scan| named.contains(&scan.table))
        };
        self.queries.retain(is_known);
        self
    }

    fn group(&self) -> Group {
        let text = |query: &&Query| self.run.files.slice(query.span).to_owned();
        Group { tables: tables(&self.run.model), statements: self.queries.iter().map(text).collect() }
    }

    /// One line for each statement on which the two do not agree.
    fn differences(&self, answers: &[Answer]) -> Vec<String> {
        let pairs = self.queries.iter().zip(answers);
        let differing = pairs.filter_map(|(query, answer)| {
            let (ours, theirs) = (shown(&columns_of(&query.resolution.scans)), said(answer));
            match answer {
                Err(words) => Some(format!("{}: {}", query.id, words.lines().next().unwrap_or_default())),
                Ok(_) => (ours != theirs).then(|| format!("{}: ours {ours}, theirs {theirs}", query.id)),
            }
        });
        differing.collect()
    }
}

fn tables(model: &Model) -> Vec<Value> {
    let known = model.tables.values().filter_map(|table| Some((table, table.columns.value()?)));
    known.filter_map(|(table, columns)| model_table(table, columns)).collect()
}

fn model_table(table: &Table, columns: &[Column]) -> Option<Value> {
    let TableId::Named { project, dataset, name } = &table.id else { return None };
    let short = vec![dataset.to_string(), name.to_string()];
    let long = project.iter().map(|project| [vec![project.to_string()], short.clone()].concat());
    let paths: Vec<Vec<String>> = [short.clone()].into_iter().chain(long).collect();
    let partitioning = table.partitioning.value().map(|partitioning| partitioning.column.as_ref());
    let partition_column = if partitioning == Some(None) { Some("_PARTITIONTIME") } else { None };
    let columns = Value::from_iter(columns.iter().map(model_column));
    Some(described(&table.id.to_string(), &paths, &columns, partition_column))
}

fn model_column(column: &Column) -> Value {
    let fields: Vec<Value> = column.fields.iter().map(model_column).collect();
    json!({"name": column.name, "type": column.data_type, "repeated": column.mode == Mode::Repeated, "fields": fields})
}

/// Refused: its catalog holds no metadata of ours, and the others are mistakes that the demonstration shows.
const REFUSED_IN_DEMOS: &[&str] = &[
    "sql/cost_by_day.sql: Code: 3, Message: Table not found: `region-eu`.INFORMATION_SCHEMA.JOBS",
    "sql/cost_by_user.sql: Code: 3, Message: Table not found: `region-eu`.INFORMATION_SCHEMA.JOBS",
    "sql/cost_by_user.sql: Code: 3, Message: Table not found: `region-eu`.INFORMATION_SCHEMA.JOBS",
    "sql/dashboards/desk_turnover.sql: Code: 3, Message: Column name currency is ambiguous",
    "sql/invoice.sql: Code: 3, Message: Table not found: `acme-prod.billing_export.gcp_billing_export_resource_v1_01A2B3_C4D5E6_F7A8B9`; Did you mean acme-prod.billing_export.gcp_billing_export_v1_01A2B3_C4D5E6_F7A8B9?",
    "sql/invoice_total.sql: Code: 3, Message: Table not found: `acme-prod.billing_export.gcp_billing_export_*`",
    "sql/job_history.sql: Code: 3, Message: Table not found: `region-eu`.INFORMATION_SCHEMA.JOBS",
    "sql/late_deliveries.sql: Code: 3, Message: Syntax error: Expected \")\" but got keyword FROM",
    "sql/month_end.sql#3: Code: 3, Message: Table not found: `archive.fills_*`",
    "sql/month_end.sql#4: Code: 3, Message: Table not found: `archive.fills_*`",
    "sql/month_end.sql#6: Code: 3, Message: Table not found: `archive.calls_*`",
    "sql/month_end.sql#10: Code: 3, Message: Unrecognized name: bond",
    "sql/month_end.sql#11: Code: 3, Message: Unrecognized name: bond",
    "sql/query_costs.sql: Code: 3, Message: Table not found: `region-us`.INFORMATION_SCHEMA.JOBS",
    "sql/slow_jobs.sql: Code: 3, Message: Table not found: `region-eu`.INFORMATION_SCHEMA.JOBS_BY_PROJECTS",
    "sql/spend_by_day.sql: Code: 3, Message: Table not found: `region-eu`.INFORMATION_SCHEMA.JOBS",
    "sql/spend_by_project.sql: Code: 3, Message: Table not found: `region-eu`.INFORMATION_SCHEMA.JOBS_BY_ORGANIZATION",
    "sql/spend_by_team.sql: Code: 3, Message: Table not found: INFORMATION_SCHEMA.JOBS_BY_PROJECT",
    "sql/spend_in_tokyo.sql: Code: 3, Message: Table not found: `region-asia-northeast1`.INFORMATION_SCHEMA.JOBS",
    "terraform/month_end.tf:google_bigquery_data_transfer_config.month_end.params: Code: 3, Message: Table not found: operations.month_ends",
];

#[test]
fn columns_of_the_demos_are_those_of_the_analyzer() {
    let runs = ["landing-zone", "broken"].map(|name| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
        let tree = read_tree(&root, Limits::default()).expect("the demo is committed");
        let today = Date { year: 2026, month: 8, day: 22 };
        let options = Options::new(today);
        lint(&tree, None, Catalogue::embedded(), &options)
    });
    let asked: Vec<Asked<'_>> = runs.iter().map(Asked::of).collect();
    let answers = peer::ask("demos", &asked.iter().map(Asked::group).collect::<Vec<_>>());
    let found: Vec<String> = asked.iter().zip(&answers).flat_map(|(asked, answers)| asked.differences(answers)).collect();
    assert_eq!(found, REFUSED_IN_DEMOS);
    let accepted = answers.iter().flatten().filter(|answer| answer.is_ok()).count();
    assert!(accepted >= 8, "{accepted} statements were compared");
}

/// The target of an `INSERT` need not be defined in the example; the analyzer wants it. It is asked about each statement
/// alone: it knows neither what a script declares nor what an `ALTER TABLE` adds, nor a view.
const REFUSED_IN_PAGES: &[&str] = &[
    "rules/sql/missing-partition-filter.md: queries/dealers.sql: ours acme-prod.raw.quotes(dealer), theirs acme-prod.reporting.dealers(dealer)",
    "rules/sql/missing-partition-filter.md: queries/spreads.sql#7: Code: 3, Message: Table not found: reporting.dealers",
    "rules/sql/scan-in-loop.md: queries/desk.sql#2: Code: 3, Message: Unrecognized name: one",
    "rules/sql/unknown-column.md: queries/turnover.sql#2: Code: 3, Message: Unrecognized name: least",
    "rules/sql/unknown-column.md: queries/turnover.sql#3: Code: 3, Message: Unrecognized name: reason",
    "rules/sql/unprunable-partition-filter.md: queries/month.sql: Code: 3, Message: Table not found: marts.prices",
    "rules/sql/unprunable-partition-filter.md: queries/quotes.sql#3: Code: 3, Message: Unrecognized name: newest",
    "rules/sql/unprunable-partition-filter.md: queries/quotes.sql#10: Code: 3, Message: Undeclared parameter 'day' is used assuming different types (DATE vs INT64)",
    "rules/sql/wildcard-over-view.md: queries/desk.sql#2: Code: 3, Message: Table not found: web.events_today",
    "rules/sql/wrapped-clustering-key.md: queries/bond.sql: Code: 3, Message: Table not found: marts.prices",
];

#[test]
fn columns_of_the_rule_pages_are_those_of_the_analyzer() {
    let pages = examples::our_pages();
    let inputs = pages.iter().flat_map(|page| examples::inputs(page).into_iter().map(move |(_, input)| (page, input)));
    let runs: Vec<(&str, Run)> = inputs.map(|(page, input)| (page.path.as_str(), run_example(&input, &[]))).collect();
    let asked: Vec<(&str, Asked<'_>)> = runs.iter().map(|(place, run)| (*place, Asked::of(run).with_known_tables())).collect();
    let asked: Vec<(&str, Asked<'_>)> = asked.into_iter().filter(|(_, asked)| !asked.queries.is_empty()).collect();
    let answers = peer::ask("pages", &asked.iter().map(|(_, asked)| asked.group()).collect::<Vec<_>>());
    let found = asked.iter().zip(&answers).flat_map(|((place, asked), answers)| {
        asked.differences(answers).into_iter().map(move |difference| format!("{place}: {difference}"))
    });
    assert_eq!(found.collect::<Vec<_>>(), REFUSED_IN_PAGES);
    let accepted = answers.iter().flatten().filter(|answer| answer.is_ok()).count();
    assert!(accepted >= 10, "{accepted} statements were compared");
}
