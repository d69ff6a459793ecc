//! Files of Dataform in; tables, queries with their places, and what is wrong with them, out.

use crate::model::testing::{files, model};
use crate::text::Span;

const SETTINGS: (&str, &str) = ("workflow_settings.yaml", "defaultProject: acme\ndefaultDataset: shop\n");
const ORDERS: (&str, &str) = ("definitions/orders.sqlx", "config { type: \"declaration\", schema: \"raw\" }\n");

/// For each table what is known of it, for each statement what it reads and where, and what is wrong, line by line.
fn found(texts: &[(&str, &str)]) -> String {
    let files = files(texts);
    let model = model(&files);
    let at = |span: Span| format!("{}:{}", files.get(span.file).position(span.start).line, files.slice(span));
    let mut lines: Vec<String> = Vec::new();
    for table in model.tables.values() {
        let columns = table.columns.value().into_iter().flatten().map(|column| column.name.as_str()).collect::<Vec<_>>();
        let partitioning = table.partitioning.value().and_then(|by| Some(at(by.column.as_ref()?.span))).unwrap_or_default();
        let clustering = table.clustering.value().into_iter().flatten().map(|column| at(column.span)).collect::<Vec<_>>();
        let filter = table.require_partition_filter.value().map(|filter| format!(" filter {filter}")).unwrap_or_default();
        let (kind, place) = (table.kind, table.span().map(at).unwrap_or_default());
        lines.push(format!("{} {kind:?}@{place} {columns:?} {partitioning:?} {clustering:?}{filter}", table.id));
    }
    for query in model.queries.values() {
        let scans = query.resolution.scans.iter();
        let scans = scans.map(|scan| {
            let columns = scan.columns.values().map(|column| at(query.map.span(column.clone()))).collect::<Vec<_>>();
            format!(" {}@{}({})", scan.table, at(query.map.span(scan.range.clone())), columns.join(" "))
        });
        lines.push(format!("{} {}{}", query.id, query.statement.kind.name(), scans.collect::<String>()));
    }
    for problems in &model.sql_problems {
        let place = |range: &std::ops::Range<usize>| at(problems.map.span(range.clone()));
        lines.extend(problems.errors.iter().map(|error| format!("error {} @{}", error.message, place(&error.range))));
        lines.extend(problems.not_analysed.iter().map(|gap| format!("gap {} @{}", gap.message, place(&gap.range))));
    }
    lines.join("\n")
}

fn of_file(text: &str) -> String {
    found(&[SETTINGS, ORDERS, ("definitions/daily.sqlx", text)])
}

#[test]
fn a_table_has_the_partitioning_of_its_settings() {
    let said = of_file(
        "config {\n  type: \"table\", // not }\n  schema: 'mart',\n  bigquery: {\n    partitionBy: \"DATE(created)\",\n    \
         clusterBy: [\"sku\", `shop`], requirePartitionFilter: true\n  }\n}\nSELECT \"}\" AS sku, 1 AS shop, CURRENT_TIMESTAMP() AS created\n\
         FROM ${ref(\"orders\")}",
    );
    assert_eq!(
        said,
        "acme.mart.daily Table@2:\"table\" [] \"5:created\" [\"6:sku\", \"6:shop\"] filter true\n\
         definitions/daily.sqlx CREATE_TABLE_AS_SELECT acme.raw.orders@10:${ref(\"orders\")}()"
    );
}

#[test]
fn a_table_has_the_columns_of_its_query() {
    let table = "config { type: \"table\" }\nSELECT o.sku FROM ${ref(\"orders\")} AS o";
    let said = found(&[SETTINGS, ORDERS, ("raw.sql", "CREATE TABLE raw.orders (sku STRING)"), ("t.sqlx", table)]);
    assert!(said.contains("acme.shop.t Table@1:\"table\" [\"sku\"]"), "{said}");
}

#[test]
fn names_stand_for_what_the_files_of_that_name_define() {
    let named = |name: &str| {
        let said = of_file(&format!("SELECT a FROM ${{{name}}} AS t"));
        said.split_once(" SELECT ")
            .and_then(|(_, reads)| reads.split_once('@'))
            .map(|(table, _)| table.to_owned())
            .unwrap_or_default()
    };
    for name in ["ref(\"orders\")", "ref('raw', 'orders')", "resolve(\"orders\")", "ref({ schema: \"raw\", name: \"orders\" })"] {
        assert_eq!(named(name), "acme.raw.orders", "{name}");
    }
    assert_eq!(named("self()"), "acme.shop.daily");
    for name in ["ref(\"else\", \"orders\")", "ref(\"unknown\")", "ref(`${x}`)", "ref(\"orders\") + \"_x\"", "x.orders()"] {
        let table = named(name);
        assert!(!table.is_empty() && !table.contains("acme"), "{name}: {table}");
    }
}

#[test]
fn without_settings_the_dataset_is_not_known() {
    let said = found(&[
        ("a.sqlx", "config { type: \"view\" }\nSELECT x FROM ${ref(\"b\")}"),
        ("b.sqlx", "config { type: \"table\" } SELECT 1 AS x"),
    ]);
    assert_eq!(said, "a.sqlx CREATE_VIEW ${ref(\"b\")}@2:${ref(\"b\")}(2:x)\nb.sqlx SELECT");
}

#[test]
fn each_folder_has_its_own_settings_and_names() {
    let table = "config { type: \"table\" } SELECT 1 AS x";
    let said = found(&[
        ("one/dataform.json", "{\"defaultSchema\": \"one\", \"warehouse\": \"bigquery\"}"),
        ("one/definitions/t.sqlx", table),
        ("two/workflow_settings.yaml", "defaultDataset: two\n"),
        ("two/t.sqlx", table),
        ("two/v.sqlx", "config { type: \"view\" }\nSELECT x FROM ${ref(\"t\")}"),
    ]);
    assert_eq!(
        said,
        "one.t Table@1:\"table\" [] \"\" []\ntwo.t Table@1:\"table\" [] \"\" []\ntwo.v View@1:\"view\" [] \"\" []\none/definitions/t.sqlx CREATE_TABLE_AS_SELECT\ntwo/t.sqlx CREATE_TABLE_AS_SELECT\ntwo/v.sqlx CREATE_VIEW two.t@2:${ref(\"t\")}(2:x)"
    );
}

#[test]
fn operations_stand_around_the_query_and_are_parted_by_lines_of_dashes() {
    let around = of_file(
        "config { type: \"incremental\", bigquery: { partitionBy: dayOf(x) } }\npre_operations { DELETE FROM ${self()} WHERE x = 1 }\n\
         SELECT o.x FROM ${ref(\"orders\")} AS o\n${when(incremental(), `WHERE o.x > (SELECT MAX(x) FROM ${self()})`)}\n\
         post_operations { SELECT y FROM ${ref(\"orders\")} }",
    );
    assert_eq!(
        around,
        "acme.shop.daily Table@1:\"incremental\" [] \"\" []\ndefinitions/daily.sqlx#1 DELETE acme.shop.daily@2:${self()}(2:x)\ndefinitions/daily.sqlx#2 CREATE_TABLE_AS_SELECT acme.raw.orders@3:${ref(\"orders\")}(3:o.x) acme.shop.daily@4:${self()}(4:x)\ndefinitions/daily.sqlx#3 SELECT acme.raw.orders@5:${ref(\"orders\")}(5:y)"
    );
    let parted = of_file(
        "config { type: \"operations\", hasOutput: true }\nCREATE TABLE ${self()} (x INT64)\n---\nSELECT x FROM ${self()}",
    );
    assert_eq!(
        parted,
        "acme.shop.daily Table@2:${self()} [\"x\"] \"\" []\ndefinitions/daily.sqlx#1 CREATE_TABLE\ndefinitions/daily.sqlx#2 SELECT acme.shop.daily@4:${self()}(4:x)"
    );
}

#[test]
fn checks_are_queries_and_tests_are_none() {
    assert_eq!(
        of_file("config { type: \"assertion\" } SELECT x FROM ${ref(\"orders\")}"),
        "definitions/daily.sqlx SELECT acme.raw.orders@1:${ref(\"orders\")}(1:x)"
    );
    assert_eq!(of_file("\u{feff}-- a note\nSELECT x FROM d.t"), "definitions/daily.sqlx SELECT d.t@2:d.t(2:x)");
    assert_eq!(of_file("config { type: \"test\", dataset: \"orders\" } input \"orders\" { SELECT 1 AS x } SELECT 1 AS x"), "");
}

#[test]
fn what_is_not_closed_is_said_at_its_opening() {
    assert_eq!(
        of_file("config { type: \"table\"\nSELECT 1 AS x"),
        "error this `{` is never closed: `}` is missing, so the file is not read @1:{"
    );
    assert_eq!(
        of_file("config { type: \"table\" }\nSELECT ${ref(\"orders\" AS x"),
        "error this `${` is never closed: `}` is missing, so the file is not read @2:${"
    );
}

#[test]
fn mistakes_of_sql_stand_where_they_are_written() {
    let said = of_file("config { type: \"table\" }\nSELECT x,, y FROM ${ref(\"orders\")}");
    assert_eq!(
        said,
        "acme.shop.daily Table@1:\"table\" [] \"\" []\ndefinitions/daily.sqlx CREATE_TABLE_AS_SELECT\nerror expected an expression after `,`, found `,` @2:,"
    );
}

#[test]
fn descriptions_of_columns_stand_in_the_settings() {
    let described = |columns: &str| {
        let text = format!("config {{ type: \"table\", columns: {columns} }} SELECT 1 AS x");
        let model = model(&files(&[SETTINGS, ("t.sqlx", &text)]));
        let all = model.descriptions.into_values().next().unwrap_or_default();
        all.value().map(|names| names.iter().cloned().collect::<Vec<_>>().join(" "))
    };
    let nested = "{ x: 'X', y: { description: \"Y\", columns: { z: `Z` } }, bare: { tags: [\"a\"] } }";
    assert_eq!(described(nested).as_deref(), Some("x y y.z"));
    assert_eq!(described("docs.columns"), None);
    assert_eq!(described("{ ...docs, x: 'X' }"), None);
}

#[test]
fn no_text_makes_it_panic() {
    let text = "config { type: \"table\", ...é, b: [1, {c: `${x}`}], bigquery: { partitionBy: \"d\" } } js { '\\é }' } pre_operations { \
                \"\"\"${self()}\"\"\" }\nSELECT '${ref(\"é\")}' -- }\nFROM ${when(incremental(), `a ${ref({name: 'x'})}`)} # é\n---\ninput \"x\" { 1 }";
    for (start, _) in text.char_indices() {
        for (end, _) in text.char_indices().filter(|(end, _)| *end >= start && (start < 12 || end % 7 == 0)) {
            of_file(&text[start..end]);
        }
    }
    for many in ["config { a: ", "${", "${when(incremental(), `", "js {", "[", "---\n", "input ", "'---", "'", "\"\"\""] {
        of_file(&format!("config {{ type: \"table\" }} {}", many.repeat(2000)));
        of_file(&format!("config {{ a: {}", many.repeat(2000)));
    }
}
