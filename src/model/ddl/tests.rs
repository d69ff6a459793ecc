//! SQL files in; tables, and what queries read of them, out.

use crate::model::testing::{files, model};

/// Of the query of this name: `table(columns)@place` for each scan, then what is not resolved.
fn reads(texts: &[(&str, &str)], name: &str) -> String {
    let files = files(texts);
    let model = model(&files);
    let query = model.queries.values().find(|query| query.id.to_string() == name).expect("the query is there");
    let text = texts.iter().find(|(path, _)| *path == &*query.id.path).map_or("", |(_, text)| text);
    let scans = query.resolution.scans.iter().map(|scan| {
        let columns = scan.columns.keys().map(String::as_str).collect::<Vec<_>>().join(" ");
        format!("{}({columns})@{}", scan.table, &text[scan.range.clone()])
    });
    let unresolved = query.resolution.unresolved.iter().map(|error| format!("~ {}", error.message));
    scans.chain(unresolved).collect::<Vec<_>>().join("; ")
}

/// `name type` of the columns of each table, or why they are not known.
fn tables(texts: &[(&str, &str)]) -> String {
    let files = files(texts);
    let model = model(&files);
    let line = |table: &crate::model::Table| {
        let span = table.span().expect("a table is defined somewhere");
        let text = &files.get(span.file).text;
        let place = &text[span.start as usize..span.end as usize];
        let columns: Vec<String> =
            table.columns.value().into_iter().flatten().map(|column| format!("{} {}", column.name, column.type_text())).collect();
        let why = table.columns.why().map(|why| why.text.to_string());
        format!("{} at {place}: {}", table.id, why.unwrap_or(columns.join(", ")))
    };
    model.tables.values().map(line).collect::<Vec<_>>().join("; ")
}

const ORDERS: (&str, &str) =
    ("ddl/orders.sql", "CREATE TABLE shop.orders (id INTEGER, amount NUMERIC(10, 2), note STRING, dt DATE)");

#[test]
fn created_tables_are_known_to_queries_of_other_files() {
    assert_eq!(tables(&[ORDERS]), "shop.orders at shop.orders: id INT64, amount NUMERIC(10, 2), note STRING, dt DATE");
    assert_eq!(reads(&[ORDERS, ("q.sql", "SELECT id FROM shop.orders")], "q.sql"), "shop.orders(id)@shop.orders");
    let found = reads(&[ORDERS, ("q.sql", "SELECT ids FROM `p.shop.orders`")], "q.sql");
    assert_eq!(found, "shop.orders()@`p.shop.orders`; ~ no column is called `ids`; did you mean `id`?");
}

#[test]
fn a_query_over_a_view_reads_what_the_view_needs_for_it() {
    let view =
        ("views/big.sql", "CREATE OR REPLACE VIEW shop.big AS SELECT id, amount, note FROM shop.orders WHERE dt > '2026-01-01'");
    let read = |sql| reads(&[ORDERS, view, ("q.sql", sql)], "q.sql");
    assert_eq!(read("SELECT id FROM shop.big"), "shop.orders(dt id)@shop.big");
    assert_eq!(read("SELECT * FROM shop.big"), "shop.orders(amount dt id note)@shop.big");
    let named = ("views/named.sql", "CREATE VIEW shop.named (key, worth) AS SELECT id, amount FROM shop.orders -- all\n");
    assert_eq!(reads(&[ORDERS, named, ("q.sql", "SELECT worth FROM shop.named")], "q.sql"), "shop.orders(amount)@shop.named");
}

#[test]
fn temporary_tables_are_known_from_where_they_are_made_and_nowhere_else() {
    let script = "SELECT a FROM t; CREATE TEMP TABLE t AS SELECT id AS a, 1 AS b FROM shop.orders; SELECT c FROM _SESSION.t; SELECT a FROM t";
    let read = |name| reads(&[ORDERS, ("s.sql", script), ("q.sql", "SELECT a FROM _SESSION.t")], name);
    assert_eq!(read("s.sql#1"), "t(a)@t; ~ no schema of `t` is known");
    assert_eq!(read("s.sql#2"), "shop.orders(id)@shop.orders");
    assert_eq!(read("s.sql#3"), "_SESSION.t()@_SESSION.t; ~ no column is called `c`; did you mean `a`?");
    assert_eq!(read("s.sql#4"), "_SESSION.t(a)@t");
    assert!(read("q.sql").contains("~ no schema of `_SESSION.t` is known"));
    assert!(!tables(&[ORDERS, ("s.sql", script)]).contains("SESSION"));
}

#[test]
fn tables_made_from_a_query_have_its_columns_when_all_types_are_known() {
    let made = |query: &str| tables(&[ORDERS, ("t.sql", &format!("CREATE TABLE a.t AS {query}"))]);
    let starts = |text: String| text.split("; ").next().unwrap_or_default().to_owned();
    assert_eq!(starts(made("SELECT id AS k, note FROM shop.orders")), "a.t at a.t: k INT64, note STRING");
    assert_eq!(starts(made("SELECT * FROM (SELECT dt FROM shop.orders)")), "a.t at a.t: dt DATE");
    assert_eq!(
        starts(made("SELECT COUNT(*) AS n FROM shop.orders")),
        "a.t at a.t: its columns are those of what it is made from"
    );
    assert_eq!(starts(made("SELECT x FROM no.where")), "a.t at a.t: its columns are those of what it is made from");
}
