//! The two demonstration repositories: the valid one is clean, the broken one shows each planted mistake and nothing else.

use feedgate::outside::worktree::{Limits, read_tree};
use feedgate::report::Report;
use feedgate::rules::catalogue::Catalogue;
use feedgate::text::Date;
use feedgate::{Options, Run, lint};
use std::path::Path;

fn demo(name: &str) -> Run {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    let tree = read_tree(&root, Limits::default()).expect("the demo is committed");
    let options = Options::new(Date { year: 2026, month: 8, day: 22 });
    lint(&tree, None, Catalogue::embedded(), &options)
}

/// Rule, file and line of every finding.
fn found(run: &Run) -> Vec<(String, String, u32)> {
    let place = |found: &feedgate::diagnostic::Diagnostic| {
        let file = run.files.get(found.primary.file);
        (found.rule.to_string(), file.path.to_string(), file.position(found.primary.start).line)
    };
    let mut found: Vec<_> = run.report.diagnostics.iter().map(place).collect();
    found.sort();
    found
}

/// The rows of the table in `PLANTED.md`.
fn planted() -> Vec<(String, String, u32)> {
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| ")?.split(" | ").map(str::to_owned);
        let (rule, file, line) = (cells.next()?, cells.next()?, cells.next()?);
        Some((rule, file, line.parse().ok()?))
    };
    let mut planted: Vec<_> = include_str!("../examples/broken/PLANTED.md").lines().filter_map(row).collect();
    planted.sort();
    planted
}

#[test]
fn the_landing_zone_is_clean() {
    let run = demo("landing-zone");
    assert_eq!(found(&run), []);
    assert!(!run.failed);
}

#[test]
fn every_query_of_the_landing_zone_has_an_estimate() {
    let Run { report: Report { estimates, .. }, .. } = demo("landing-zone");
    assert_eq!(estimates.len(), 7);
    for estimate in estimates {
        let is_known = estimate.bytes.low > 0 || estimate.bytes.high.is_some();
        assert!(is_known, "{} has no figure: {:?}", estimate.query, estimate.unknown);
    }
}

#[test]
fn every_planted_mistake_is_found_and_nothing_else() {
    assert_eq!(found(&demo("broken")), planted());
}

#[test]
fn the_dashboards_read_the_partitions_that_they_show() {
    let Run { report: Report { estimates, .. }, .. } = demo("landing-zone");
    let partitions = |path: &str, table: &str| {
        let estimate = estimates.iter().find(|estimate| estimate.query.to_string().ends_with(path));
        estimate.and_then(|estimate| estimate.tables.iter().find(|read| read.table == table)?.partitions)
    };
    assert_eq!(partitions("daily_volume.sql", "raw.trades"), Some((31, 2_557)));
    assert_eq!(partitions("quote_spreads.sql", "raw.quotes"), Some((8, 400)));
}
