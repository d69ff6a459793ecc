//! Names of tables and datasets that BigQuery refuses.

use super::own_tables;
use crate::model::facts::Item;
use crate::rules::{Context, Sink};
use regex::Regex;
use std::sync::OnceLock;

/// Longer names are refused, of tables and of datasets.
const MAX_BYTES: usize = 1_024;

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for own in own_tables(context.head) {
        let subject = Item::Table(own.table).subject();
        if let Some(defect) = table_defect(own.name) {
            let message = format!("BigQuery has no table `{}`: its name {defect}", own.name.escape_debug());
            sink.report(subject.clone(), own.span, message).detail("table");
        }
        if let Some(defect) = dataset_defect(own.dataset) {
            let message = format!("BigQuery has no dataset `{}`: its name {defect}", own.dataset.escape_debug());
            sink.report(subject, own.span, message).detail("dataset").help("write letters, digits and `_`");
        }
    }
}

fn table_defect(name: &str) -> Option<String> {
    static ALLOWED: OnceLock<Regex> = OnceLock::new();
    let allowed = ALLOWED.get_or_init(|| Regex::new(r"^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]$").expect("an expression of ours"));
    if name.len() > MAX_BYTES {
        return Some(format!("has more than {MAX_BYTES} bytes"));
    }
    let refused = name.chars().find(|letter| !allowed.is_match(letter.encode_utf8(&mut [0; 4])))?;
    Some(format!("holds `{}`", refused.escape_debug()))
}

fn dataset_defect(name: &str) -> Option<String> {
    if name.len() > MAX_BYTES {
        return Some(format!("has more than {MAX_BYTES} bytes"));
    }
    let refused = name.chars().find(|letter| !letter.is_ascii_alphanumeric() && *letter != '_')?;
    Some(format!("holds `{}`", refused.escape_debug()))
}
