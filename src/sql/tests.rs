//! Texts in, scans and mistakes out, one line each.

#[path = "../../tests/oracle/corpus.rs"]
mod corpus;
mod ddl;
mod hostile;
mod mistakes;
mod pushdown;
mod scans;

use super::parse::parse;
use super::resolve::resolve;
use super::{Catalog, ColumnShape, ScanKind, TablePath, TableShape};

/// A shop: the tables of the corpus, and some that are broken.
struct Shop;

impl Catalog for Shop {
    fn table(&self, path: &TablePath) -> Result<(String, TableShape), String> {
        let name = path.0.last().cloned().unwrap_or_default();
        let view = match name.as_str() {
            "broken_view" => "SELECT FROM",
            "loop_view" => "SELECT * FROM shop.loop_view",
            "twin_view" => "SELECT id FROM shop.twin_view JOIN shop.twin_view USING (id)",
            _ => {
                let shape = corpus::catalog().get(&name).map(corpus::shape).ok_or_else(String::new)?;
                return Ok((name, shape));
            }
        };
        let id = ColumnShape { name: "id".to_owned(), data_type: "STRING".to_owned(), repeated: false, fields: Vec::new() };
        Ok((name, TableShape { columns: vec![id], view: Some(view.to_owned()), ..TableShape::default() }))
    }
}

/// What the statements of a text read: `table(column column | filter! filter?)`, `*tables`, `~ unresolved`, `! error`, `- skipped`.
fn reads(text: &str) -> String {
    let script = parse(text);
    let mut out: Vec<String> = Vec::new();
    for statement in script.statements.iter().filter(|statement| statement.body.is_some()) {
        let found = resolve(statement, text, &Shop);
        out.extend(found.scans.iter().map(scan));
        for star in &found.stars {
            assert_eq!(&text[star.range.end - 1..star.range.end], "*", "a star is at its star: {text}");
            out.push(format!("*{}{}", star.tables.join("+"), if star.has_except { "-" } else { "" }));
        }
        out.extend(found.unresolved.iter().map(|error| format!("~ {} @{}", error.message, &text[error.range.clone()])));
    }
    out.extend(script.errors.iter().map(|error| format!("! {} @{}", error.message, &text[error.range.clone()])));
    out.extend(script.not_analysed.iter().map(|error| format!("- {} @{}", error.message, &text[error.range.clone()])));
    out.join("; ")
}

#[test]
fn statements_that_were_not_understood_read_nobody_knows_what() {
    let unresolved = |text: &str| {
        let script = parse(text);
        let found = script.statements.iter().flat_map(|statement| resolve(statement, text, &Shop).unresolved);
        found.map(|error| format!("{} @{}", error.message, &text[error.range.clone()])).collect::<Vec<_>>().join("; ")
    };
    for text in ["SELECT id FORM shop.orders WHERE", "MERGE shop.orders", "CREATE TABLE a.b AS SELECT FROM FROM", "EXPORT DATA"] {
        assert_eq!(unresolved(text), format!("the statement could not be analysed @{text}"));
    }
    for text in ["DECLARE x INT64", "CREATE TABLE a.b (x INT64)", "DROP TABLE a.b", "SELECT 1"] {
        assert_eq!(unresolved(text), "");
    }
}

fn scan(scan: &super::Scan) -> String {
    let columns = scan.columns.keys().map(String::as_str).collect::<Vec<_>>().join(" ");
    let sign = |one: &super::Predicate| match (one.is_constant, one.is_carried) {
        (false, _) => "?",
        (true, false) => "!",
        (true, true) => "=",
    };
    let filters: Vec<String> = scan.predicates.iter().map(|one| format!("{}{}", one.column, sign(one))).collect();
    let filters = if filters.is_empty() { String::new() } else { format!(" | {}", filters.join(" ")) };
    let kind = match scan.kind {
        ScanKind::Table => "",
        ScanKind::Wildcard => "wildcard ",
        ScanKind::InformationSchema => "metadata ",
    };
    let target = if scan.is_target { "target " } else { "" };
    format!("{kind}{target}{}({columns}{filters})", scan.table)
}

#[test]
fn statements_of_the_corpus_read_just_these_columns() {
    for case in corpus::cases() {
        assert_eq!(reads(case.text), case.reads, "{}: {}", case.file, case.text);
    }
}
