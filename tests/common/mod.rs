//! What tests of estimates share: a statement and statistics go in, a figure comes out.
#![allow(dead_code, reason = "each test uses a part of it")]

use feedgate::estimate::{Accuracy, Bounds, Estimate};
use feedgate::rules::catalogue::Catalogue;
use feedgate::text::{Date, RepoPath};
use feedgate::{Options, Tree, TreeFile, lint};

/// The estimates of a repository of these files, on this day.
pub(crate) fn estimates(files: &[(&str, &str)], today: Date) -> Vec<Estimate> {
    let file =
        |(path, text): &(&str, &str)| TreeFile { path: RepoPath::new(path).expect("a plain path"), content: Ok((*text).into()) };
    let tree = Tree { files: files.iter().map(file).collect() };
    let options = Options {
        config_from: feedgate::text::Side::Head,
        environment: None,
        only: Vec::new(),
        paths: Vec::new(),
        today,
        location: None,
    };
    lint(&tree, None, Catalogue::embedded(), &options).report.estimates
}

/// The estimate of the last statement of a text over these statistics.
pub(crate) fn estimate(sql: &str, tables: &str, today: Date) -> Estimate {
    let found = estimates(&[("feedgate.tables.json", tables), ("q.sql", sql)], today);
    found.into_iter().last().expect("the statement has an estimate")
}

/// `1600`, `0-1600`, `10-`.
pub(crate) fn bounds(bounds: Bounds) -> String {
    match (bounds.low, bounds.high) {
        (low, Some(high)) if low == high => low.to_string(),
        (low, Some(high)) => format!("{low}-{high}"),
        (low, None) => format!("{low}-"),
    }
}

/// Bytes, and how sure they are: `1600 exact`.
pub(crate) fn figure(estimate: &Estimate) -> String {
    let accuracy = match estimate.accuracy {
        Accuracy::Exact => "exact",
        Accuracy::UpperBound => "upper",
        Accuracy::LowerBound => "lower",
        Accuracy::Range => "range",
        Accuracy::Unknown => "unknown",
    };
    format!("{} {accuracy}", bounds(estimate.bytes))
}
