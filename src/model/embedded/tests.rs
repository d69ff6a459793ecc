//! Terraform and workflows in; queries with their places, and what is said of them, out.

use crate::model::testing::{files, model};
use crate::text::Span;

/// For each statement: its name, what it reads with the text at each table's place, and what is wrong, line by line.
fn found(texts: &[(&str, &str)]) -> String {
    let files = files(texts);
    let model = model(&files);
    let at = |span: Span| format!("{}:{}", files.get(span.file).position(span.start).line, files.slice(span));
    let mut lines: Vec<String> = Vec::new();
    for query in model.queries.values() {
        let scans = query.resolution.scans.iter();
        let scans = scans.map(|scan| {
            let columns = scan.columns.values().map(|column| at(query.map.span(column.clone()))).collect::<Vec<_>>();
            format!(" {}@{}({})", scan.table, at(query.map.span(scan.range.clone())), columns.join(" "))
        });
        let body = if query.is_body { " body" } else { "" };
        let schedule = query.runs.value().map(|runs| format!(" [{}]", runs.why)).unwrap_or_default();
        lines.push(format!("{} {}{body}{schedule}{}", query.id, query.statement.kind.name(), scans.collect::<String>()));
    }
    for problems in &model.sql_problems {
        let place = |range: &std::ops::Range<usize>| at(problems.map.span(range.clone()));
        lines.extend(problems.errors.iter().map(|error| format!("error {} @{}", error.message, place(&error.range))));
        lines.extend(problems.not_analysed.iter().map(|gap| format!("gap {} @{}", gap.message, place(&gap.range))));
    }
    lines.extend(model.skipped.iter().map(|skipped| format!("skipped {}: {}", skipped.subject, skipped.why)));
    lines.join("\n")
}

fn terraform(text: &str) -> String {
    found(&[("infra/main.tf", text)])
}

#[test]
fn views_are_bodies_with_places() {
    let said = terraform(
        r#"
resource "google_bigquery_table" "orders" {
  view {
    use_legacy_sql = false
    query          = <<-EOT
      SELECT o.id,
        o.total
      FROM `${var.project}.shop.orders` AS o
    EOT
  }
}
resource "google_bigquery_table" "daily" {
  materialized_view { query = "SELECT day FROM shop.orders WHERE note = \"x\"" }
}
resource "google_bigquery_table" "monthly" {
  materialized_view { query = trimspace("SELECT month \tFROM shop.orders") }
}"#,
    );
    assert_eq!(
        said,
        "infra/main.tf:google_bigquery_table.daily.materialized_view CREATE_VIEW body shop.orders@13:shop.orders(13:day 13:note)\ninfra/main.tf:google_bigquery_table.monthly.materialized_view CREATE_VIEW body shop.orders@16:shop.orders(16:month)\ninfra/main.tf:google_bigquery_table.orders.view CREATE_VIEW body ${var.project}.shop.orders@8:`${var.project}.shop.orders`(6:o.id 7:o.total)\nskipped infra/main.tf:google_bigquery_table.orders.view: a template names a table, so that its columns, partitions and size are not known"
    );
}

#[test]
fn mistakes_are_at_their_place_in_the_host() {
    let said = terraform(
        "resource \"google_bigquery_job\" \"daily\" {\n  query {\n    use_legacy_sql = false\n    query = <<-EOT\n      SELECT id\n      FROM shop.orders\n      WHERE\n    EOT\n  }\n}",
    );
    assert_eq!(
        said,
        "infra/main.tf:google_bigquery_job.daily.query SELECT\nerror expected an expression after `WHERE`, found the end of the statement @7:WHERE"
    );
}

#[test]
fn what_may_be_legacy_sql_is_no_error() {
    let view =
        |inside: &str| terraform(&format!("resource \"google_bigquery_table\" \"v\" {{\n  view {{\n    {inside}\n  }}\n}}"));
    assert_eq!(
        view("query = \"SELECT id FROM [p:shop.orders] WHERE\""),
        "gap nothing says that this is GoogleSQL and not legacy SQL, which is not analysed @3:SELECT id FROM [p:shop.orders] WHERE"
    );
    assert_eq!(
        view("query = \"SELECT id FROM `shop.orders`\""),
        "infra/main.tf:google_bigquery_table.v.view CREATE_VIEW body shop.orders@3:`shop.orders`(3:id)"
    );
    assert_eq!(
        view("query = \"SELECT id FROM `shop.orders` WHERE\""),
        "infra/main.tf:google_bigquery_table.v.view CREATE_VIEW body\ngap expected an expression after `WHERE`, found the end of the statement @3:WHERE"
    );
    assert_eq!(
        view("use_legacy_sql = true\n query = \"SELECT id FROM [p:shop.orders]\""),
        "gap legacy SQL is not analysed @4:SELECT id FROM [p:shop.orders]"
    );
}

#[test]
fn scheduled_queries_say_when_they_run() {
    let said = found(&[
        (
            "a.tf",
            r#"
locals { text = "DELETE FROM shop.orders WHERE id = 'x'" }
resource "google_bigquery_data_transfer_config" "inline" {
  data_source_id = "scheduled_query"
  schedule       = "every day 07:00"
  params         = { query = local.text }
}
resource "google_bigquery_data_transfer_config" "of_file" {
  data_source_id = "scheduled_query"
  schedule       = "every hour"
  params         = { query = file("daily.sql") }
}
resource "google_bigquery_data_transfer_config" "copy" {
  data_source_id = "cross_region_copy"
  params         = { query = "no SQL" }
}
resource "google_bigquery_data_transfer_config" "computed" {
  data_source_id = "scheduled_query"
  params         = { query = var.query }
}"#,
        ),
        ("daily.sql", "SELECT id FROM shop.orders"),
    ]);
    assert_eq!(
        said,
        "a.tf:google_bigquery_data_transfer_config.inline.params DELETE [`every day 07:00` in Terraform] shop.orders@2:shop.orders(2:id)\ndaily.sql SELECT [`every hour` in Terraform] shop.orders@1:shop.orders(1:id)\nskipped a.tf:google_bigquery_data_transfer_config.computed.params: its text is computed"
    );
}

#[test]
fn routines_know_their_arguments() {
    let routine = |kind: &str, body: &str| {
        terraform(&format!(
            "resource \"google_bigquery_routine\" \"r\" {{\n  routine_type = \"{kind}\"\n  language = \"SQL\"\n  definition_body = \"{body}\"\n  arguments {{ name = \"since\" }}\n}}"
        ))
    };
    assert_eq!(
        routine("SCALAR_FUNCTION", "since + 1"),
        "infra/main.tf:google_bigquery_routine.r.definition_body CREATE_FUNCTION body"
    );
    assert_eq!(
        routine("SCALAR_FUNCTION", "since + (SELECT MAX(id) FROM shop.orders"),
        "infra/main.tf:google_bigquery_routine.r.definition_body CREATE_FUNCTION body\nerror this `(` is never closed @4:("
    );
    assert_eq!(
        routine("TABLE_VALUED_FUNCTION", "SELECT id FROM shop.orders WHERE dt > since"),
        "infra/main.tf:google_bigquery_routine.r.definition_body CREATE_TABLE_FUNCTION body shop.orders@4:shop.orders(4:dt 4:id)"
    );
    assert_eq!(
        routine("PROCEDURE", "BEGIN SELECT id FROM shop.orders; END"),
        "infra/main.tf:google_bigquery_routine.r.definition_body SELECT body shop.orders@4:shop.orders(4:id)"
    );
    assert_eq!(routine("SCALAR_FUNCTION", ""), "");
    let script = "resource \"google_bigquery_routine\" \"r\" {\n  routine_type = \"SCALAR_FUNCTION\"\n  language = \"JAVASCRIPT\"\n  definition_body = \"return x(;\"\n}";
    assert_eq!(terraform(script), "");
}

#[test]
fn steps_of_workflows_are_queries() {
    let workflow = "main:\n  steps:\n    - merge:\n        call: googleapis.bigquery.v2.jobs.query\n        args:\n          projectId: p\n          body:\n            useLegacySql: false\n            query: |\n              SELECT id,\n                note\n              FROM shop.orders\n    - load:\n        call: googleapis.bigquery.v2.jobs.insert\n        args: { body: { configuration: { query: { useLegacySql: false, query: 'SELECT id FROM shop.''x' } } } }\n    - merge:\n        call: googleapis.bigquery.v2.jobs.query\n        args: { body: { query: '${text}' } }\n    - other:\n        call: googleapis.bigquery.v2.tables.get\n        args: { body: { query: 'no SQL' } }\n";
    assert_eq!(
        found(&[("flow.yaml", workflow)]),
        "flow.yaml:merge SELECT shop.orders@12:shop.orders(10:id 11:note)\nerror this string is never closed: its closing quote is missing @15:''x\nskipped flow.yaml:merge.2: its text is computed"
    );
    assert_eq!(found(&[("flow.yaml", "main: [googleapis.bigquery, {a: &b [*b]")]), "");
}

#[test]
fn a_workflow_in_a_heredoc_has_places() {
    let said = terraform(
        r#"
resource "google_workflows_workflow" "nightly" {
  source_contents = <<-EOT
    main:
      steps:
        - merge:
            call: googleapis.bigquery.v2.jobs.query
            args:
              projectId: $${sys.get_env("GOOGLE_CLOUD_PROJECT_ID")}
              body:
                useLegacySql: false
                query: |
                  SELECT id,
                    note
                  FROM `${var.project}.shop.orders`
        - copy:
            call: googleapis.bigquery.v2.jobs.query
            args: { body: { useLegacySql: false, query: "SELECT id FROM shop.customers" } }
        - computed:
            call: googleapis.bigquery.v2.jobs.query
            args:
              body:
                query: $${text}
  EOT
}"#,
    );
    assert_eq!(
        said,
        "infra/main.tf:google_workflows_workflow.nightly:copy SELECT shop.customers@18:shop.customers(18:id)\n\
         infra/main.tf:google_workflows_workflow.nightly:merge SELECT ${var.project}.shop.orders@15:`${var.project}.shop.orders`(13:id 14:note)\n\
         skipped infra/main.tf:google_workflows_workflow.nightly:computed: its text is computed\n\
         skipped infra/main.tf:google_workflows_workflow.nightly:merge: a template names a table, so that its columns, partitions and size are not known"
    );
}

#[test]
fn a_view_of_terraform_is_seen_through() {
    let said = found(&[
        (
            "a.tf",
            "resource \"google_bigquery_table\" \"v\" {\n  dataset_id = \"shop\"\n  table_id = \"v\"\n  view {\n    use_legacy_sql = false\n    query = \"SELECT id FROM `${var.project}.shop.orders`\"\n  }\n}",
        ),
        ("q.sql", "CREATE TABLE shop.orders (id INT64, note STRING); SELECT * FROM shop.v"),
    ]);
    assert_eq!(
        said,
        "a.tf:google_bigquery_table.v.view CREATE_VIEW body shop.orders@6:`${var.project}.shop.orders`(6:id)\nq.sql#1 CREATE_TABLE\nq.sql#2 SELECT shop.orders@1:shop.v(1:*)"
    );
}

#[test]
fn holes_are_filled_in_for_each_instance() {
    let view = "resource \"google_bigquery_table\" \"v\" {\n  for_each = { orders = \"sales\", trades = \"desk\" }\n  dataset_id = \"views\"\n  table_id = \
                each.key\n  view {\n    use_legacy_sql = false\n    query = \"SELECT id, x FROM `${var.project}.${each.value}.${each.key}`\"\n  }\n}";
    assert_eq!(
        terraform(view),
        "infra/main.tf:google_bigquery_table.v[\"orders\"].view CREATE_VIEW body ${var.project}.sales.orders@7:`${var.project}.${each.value}.${each.key}`\
         (7:id 7:x)\n\
         infra/main.tf:google_bigquery_table.v[\"trades\"].view CREATE_VIEW body ${var.project}.desk.trades@7:`${var.project}.${each.value}.${each.key}`\
         (7:id 7:x)\n\
         skipped infra/main.tf:google_bigquery_table.v[\"orders\"].view: a template names a table, so that its columns, partitions and size are not known\n\
         skipped infra/main.tf:google_bigquery_table.v[\"trades\"].view: a template names a table, so that its columns, partitions and size are not known"
    );
    // What is the same for all and run by nobody is there once.
    let routine = "resource \"google_bigquery_job\" \"j\" {\n  count = 3\n  query {\n    use_legacy_sql = false\n    query = \"SELECT 1 FROM d.${\"t\"}\"\n  }\n}";
    assert_eq!(terraform(routine), "infra/main.tf:google_bigquery_job.j[0].query SELECT d.t@5:d.${\"t\"}()");
}

#[test]
fn a_template_is_filled_in_with_its_variables() {
    let call = |name: &str| {
        format!(
            "resource \"google_bigquery_data_transfer_config\" \"{name}\" {{\n  data_source_id = \"scheduled_query\"\n  schedule = \"every 24 hours\"\n  \
             params = {{\n    query = templatefile(\"${{path.module}}/q.sql.tftpl\", {{ dataset = \"{name}\", rest = var.rest }})\n  }}\n}}\n"
        )
    };
    let query = "SELECT a\nFROM ${dataset}.orders\nJOIN ${rest}.x USING (a)\n";
    let one = found(&[("main.tf", &call("raw")), ("q.sql.tftpl", query)]);
    assert_eq!(
        one,
        "q.sql.tftpl SELECT [`every 24 hours` in Terraform] raw.orders@2:${dataset}.orders(1:a) ${rest}.x@3:${rest}.x(3:a)\nskipped q.sql.tftpl: a template names a table, so that its columns, partitions and size are not known"
    );
    let two = found(&[("main.tf", &[call("raw"), call("staging")].concat()), ("q.sql.tftpl", query)]);
    assert!(two.contains("main.tf:google_bigquery_data_transfer_config.staging.params SELECT"), "{two}");
    assert!(two.contains("raw.orders@2") && two.contains("staging.orders@2"), "{two}");
}

/// The paths of scheduled queries, each with whether a statement goes by it.
fn scheduled(texts: &[(&str, &str)]) -> Vec<(String, bool)> {
    let files = files(texts);
    let model = model(&files);
    let is_query = |path: &str| model.queries.values().any(|query| &*query.id.path == path);
    model.scheduled.iter().map(|query| (query.path.clone(), is_query(&query.path))).collect()
}

#[test]
fn a_scheduled_query_goes_by_the_path_of_its_text() {
    let transfer = |name: &str, each: &str, schedule: &str, query: &str| {
        format!(
            "resource \"google_bigquery_data_transfer_config\" \"{name}\" {{\n  {each}\n  data_source_id = \"scheduled_query\"\n  {schedule}\n  \
             params = {{ query = {query} }}\n}}\n"
        )
    };
    let daily = "schedule = \"every day 07:00\"";
    let each = "for_each = toset([\"a\", \"b\"])";
    let filled = "templatefile(\"${path.module}/q.sql.tftpl\", { dataset = \"raw\" })";
    let of_each = "templatefile(\"${path.module}/q.sql.tftpl\", { dataset = each.key })";
    let insert = "INSERT INTO d.t SELECT x FROM raw.y\n";
    let template = "INSERT INTO d.t SELECT x FROM ${dataset}.y\n";
    let said = |main: String| scheduled(&[("main.tf", &main), ("q.sql", insert), ("q.sql.tftpl", template)]);
    let both = |part: &str, known: bool| {
        ["a", "b"].map(|key| (format!("main.tf:google_bigquery_data_transfer_config.q[\"{key}\"].{part}"), known)).to_vec()
    };
    assert_eq!(said(transfer("q", each, daily, of_each)), both("params", true));
    assert_eq!(said(transfer("q", each, daily, "\"SELECT x FROM ${each.key}.y\"")), both("params", true));
    assert_eq!(said(transfer("q", "", daily, filled)), [("q.sql.tftpl".to_owned(), true)]);
    assert_eq!(said(transfer("q", "", daily, "file(\"${path.module}/q.sql\")")), [("q.sql".to_owned(), true)]);
    // Texts that nothing starts are there once, and all instances go by the name of the first.
    let first = ("main.tf:google_bigquery_data_transfer_config.q[\"a\"].params".to_owned(), true);
    assert_eq!(said(transfer("q", each, "", filled)), [first.clone(), first]);
}

#[test]
fn a_scheduled_query_in_a_module_goes_by_the_path_of_its_text() {
    let transfer = "resource \"google_bigquery_data_transfer_config\" \"q\" {\n  data_source_id = \"scheduled_query\"\n  \
                    schedule = \"every day 07:00\"\n  params = { query = \"INSERT INTO d.t SELECT 1\" }\n}\n";
    let said = scheduled(&[("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n"), ("m/main.tf", transfer)]);
    assert!(!said.is_empty() && said.iter().all(|(_, is_query)| *is_query), "{said:?}");
}

/// Each file has a tree of its own, and what stands in one is not looked up in the other.
#[test]
fn a_text_may_stand_in_a_local_of_another_file() {
    let resources = "resource \"google_bigquery_table\" \"v\" {\n  dataset_id = \"d\"\n  table_id = \"v\"\n  view {\n    use_legacy_sql = false\n    \
                     query = local.query\n  }\n}\nresource \"google_bigquery_table\" \"w\" {\n  view {\n    query = local.query\n  }\n}\nresource \
                     \"google_workflows_workflow\" \"load\" {\n  source_contents = local.steps\n}\n";
    let many: String = (0..80).map(|number| format!("  x{number} = [\"a\", \"b\"]\n")).collect();
    let locals = format!("locals {{\n{many}  query = file(\"v.sql\")\n  steps = file(\"load.yaml\")\n}}\n");
    let said = found(&[("a.tf", resources), ("locals.tf", &locals), ("v.sql", "SELECT a FROM d.t"), ("load.yaml", "main: {}")]);
    assert_eq!(said, "v.sql CREATE_VIEW body d.t@1:d.t(1:a)");
}

#[test]
fn a_file_is_found_behind_the_value_of_a_loop() {
    let terraform = r#"
locals {
  views = { for f in fileset("${path.module}/../sql", "*.sql") : trimsuffix(f, ".sql") => file("${path.module}/../sql/${f}") }
}
resource "google_bigquery_table" "view" {
  for_each   = local.views
  dataset_id = "marts"
  table_id   = each.key
  view {
    query          = each.value
    use_legacy_sql = false
  }
}
"#;
    let said = found(&[("infra/main.tf", terraform), ("sql/daily.sql", "SELECT id FROM shop.orders\n")]);
    assert_eq!(said, "sql/daily.sql CREATE_VIEW body shop.orders@1:shop.orders(1:id)");
}
