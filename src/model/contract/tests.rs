use crate::config::Config;
use crate::diagnostic::SubjectKind;
use crate::model::facts::{self, FactValue, Item};
use crate::model::testing::{files, model_of};
use crate::model::{FileProblemKind, Model};
use crate::syntax::testing::for_each_mutation;
use crate::text::Files;
use std::fmt::Write;

const HEAD: &str = "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n";

fn model(text: &str, environment: Option<&str>) -> (Files, Model) {
    let files = files(&[("contracts/x.odcs.yaml", text)]);
    let model = model_of(&files, &Config::default(), environment);
    (files, model)
}

/// The facts of every feed that are there, each with the text that it points at.
fn feeds(text: &str, environment: Option<&str>) -> String {
    let (files, model) = model(text, environment);
    let mut shown = String::new();
    for item in facts::items(&model, SubjectKind::Feed) {
        for fact in facts::of(SubjectKind::Feed) {
            let reading = fact.read(&item);
            if reading.value == FactValue::Null || fact.name == "defined_in" || reading.value == FactValue::Count(0) {
                continue;
            }
            let place = reading.span.map_or("", |span| files.slice(span)).replace('\n', " ");
            let place: String = place.chars().take(40).collect();
            let _ = writeln!(shown, "{} = {} <{place}>", fact.name, reading.value);
        }
    }
    shown
}

fn problems(text: &str) -> Vec<String> {
    let (files, model) = model(text, None);
    let of_contract = model.problems.iter().filter(|problem| problem.kind == FileProblemKind::DataContract);
    of_contract.map(|found| format!("{}: {}", files.slice(found.problem.span), found.problem.message)).collect()
}

#[test]
fn what_a_contract_says_is_what_a_feed_file_would_say() {
    let text = format!(
        "{HEAD}\
description: {{ purpose: Orders of clients }}
domain: Order management
team: {{ name: desk, members: [{{ username: a@x, role: Steward }}, {{ username: b@x, role: Data Owner }}] }}
support: [{{ channel: '#orders' }}]
roles: [{{ role: risk, access: read }}, {{ role: desk, access: write }}]
servers:
  - {{ server: test, type: custom, environment: dev, location: 'gs://acme-dev/orders/*.json' }}
  - {{ server: live, type: custom, environment: prod, location: 'gs://acme/in/{{model}}/*.json', format: json, delimiter: new_line }}
  - {{ server: wh, type: bigquery, project: acme-prod, dataset: raw }}
slaProperties:
  - {{ property: frequency, value: 4, unit: h }}
  - {{ property: retention, value: 2, unit: y }}
  - {{ property: latency, value: 90, unit: minutes }}
  - {{ property: timeOfAvailability, value: '09:30-08:00' }}
  - {{ property: retention, value: 1, unit: d, element: totals.x }}
schema:
  - name: orders
    physicalName: orders_raw
    properties: [{{ name: day, logicalType: date, physicalType: DATE, partitioned: true }}]
    customProperties: [{{ property: feedgate.file, value: {{ name: 'o_{{date:%Y%m%d}}.json' }} }}]
  - name: totals
"
    );
    let expected = "\
name = orders <orders>
description = Orders of clients <Orders of clients>
owner = b@x <b@x>
source_system = Order management <Order management>
source_contact = #orders <'#orders'>
consumers = 1 <{ role: risk, access: read }>
cadence = 0 */4 * * * <4>
deliveries_per_month = 180 <4>
time_zone = Etc/GMT+8 <'09:30-08:00'>
due = 09:30 <'09:30-08:00'>
latency_seconds = 5400 <90>
file_name = o_{date:%Y%m%d}.json <'o_{date:%Y%m%d}.json'>
format = ndjson <json>
bucket = acme <'gs://acme/in/{model}/*.json'>
prefix = in/orders/ <'gs://acme/in/{model}/*.json'>
schema = inline <name: orders     physicalName: orders_ra>
retention_days = 730 <2>
project = acme-prod <acme-prod>
dataset = raw <raw>
table = orders_raw <orders_raw>
partition_column = day <day>
";
    assert_eq!(problems(&text), Vec::<String>::new());
    assert_eq!(feeds(&text, None), expected);
    assert!(feeds(&text, Some("dev")).contains("bucket = acme-dev <'gs://acme-dev/orders/*.json'>"));
}

#[test]
fn a_contract_without_a_file_name_describes_tables_and_no_feeds() {
    let text = format!(
        "{HEAD}\
servers: [{{ server: wh, type: bigquery, project: acme-prod, dataset: raw }}]
schema:
  - name: orders
    properties:
      - {{ name: id, logicalType: integer, required: true }}
      - {{ name: tags, logicalType: array, items: {{ logicalType: string }} }}
      - {{ name: at, physicalType: TIMESTAMP }}
      - {{ name: price, physicalType: 'NUMERIC(10, 2)' }}
  - name: vague
    properties: [{{ name: x, logicalType: number }}]
"
    );
    let (_, model) = model(&text, None);
    assert!(model.feeds.is_empty());
    let columns = |table: &crate::model::Table| match table.columns.value() {
        Some(columns) => {
            columns.iter().map(|column| format!("{} {} {:?}", column.name, column.type_text(), column.mode)).collect()
        }
        None => vec![table.columns.why().map_or(String::new(), |why| why.text.to_string())],
    };
    let shown: Vec<String> = model.tables.values().map(|table| format!("{}: {}", table.id, columns(table).join(", "))).collect();
    let expected = [
        "acme-prod.raw.orders: id INT64 Required, tags STRING Repeated, at TIMESTAMP Nullable, price NUMERIC(10, 2) Nullable",
        "acme-prod.raw.vague: the contract does not say which BigQuery type `x` has",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn the_records_of_a_contract_have_a_json_schema_with_its_places() {
    let text = format!(
        "{HEAD}\
customProperties: [{{ property: feedgate.file.name, value: 'o_{{date:%Y%m%d}}.json' }}]
schema:
  - name: orders
    properties:
      - {{ name: id, logicalType: string, required: true, logicalTypeOptions: {{ maxLength: 8 }} }}
      - name: lines
        logicalType: array
        items: {{ logicalType: object, properties: [{{ name: n, logicalType: integer, required: true }}] }}
      - {{ name: when, physicalName: day, logicalType: date }}
"
    );
    let (files, model) = model(&text, None);
    let schema = model.schemas.values().next().expect("the schema of the one feed");
    assert_eq!(schema.violations, []);
    let field = |field: &crate::model::schema::SchemaField| {
        let null = if field.nullable { " or null" } else { "" };
        let format = field.format.as_deref().unwrap_or("");
        format!("{} {}{null} {} {format}<{}>", field.path, field.types.join("|"), field.required, files.slice(field.key_span))
    };
    let expected = [
        "id string true <id>",
        "lines[] array or null false <lines>",
        "lines[].n integer true <n>",
        "day string or null false date<day>",
    ];
    assert_eq!(schema.fields.iter().map(field).collect::<Vec<_>>(), expected);
}

#[test]
fn promises_that_cannot_be_read_are_unknown_and_no_finding() {
    let text = format!(
        "{HEAD}\
customProperties: [{{ property: feedgate.file.name, value: 'o_{{date:%Y%m%d}}.json' }}]
team: [{{ username: a, role: Steward }}]
slaProperties:
  - {{ property: frequency, value: 5, unit: m }}
  - {{ property: retention, value: forever }}
  - {{ property: timeOfAvailability, value: by noon }}
schema: [{{ name: Orders }}]
"
    );
    assert_eq!(problems(&text), Vec::<String>::new());
    let expected = "\
name = Orders <Orders>
owner = no member of `team` has the role of an owner, and the team has no name <[{ username: a, role: Steward }]>
cadence = the unit `m` may mean minutes or months <5>
deliveries_per_month = the unit `m` may mean minutes or months <5>
due = `by noon` is not read as a time of day <by noon>
file_name = o_{date:%Y%m%d}.json <'o_{date:%Y%m%d}.json'>
retention_days = `forever` is not read as a period <forever>
";
    assert_eq!(feeds(&text, None), expected);
}

#[test]
fn defects_are_said_at_their_places() {
    let found = |rest: &str| problems(&format!("{HEAD}{rest}"));
    assert_eq!(
        found("schema: [{ name: a, properties: [{ logicalType: string }] }]\n"),
        ["logicalType: an item of `properties` has no `name`, which ODCS v3.1 demands"]
    );
    assert_eq!(
        found("slaProperties: [{ property: retention, value: [1] }]\n"),
        ["[1]: `value` must be a boolean or a number or a string or an integer or null, not a list"]
    );
    assert_eq!(
        found("servers: [{ server: a, type: bigquery, project: p, dataset: d, account: x }]\n"),
        ["account: `a` of `servers` takes no key `account` in ODCS v3.1"]
    );
    assert_eq!(
        found("team: [{ usrname: a }]\n"),
        [
            "usrname: an item of `team` has no `username`, which ODCS v3.1 demands",
            "usrname: an item of `team` has no key `usrname` in ODCS v3.1"
        ]
    );
}

#[test]
fn other_versions_are_said_to_be_left_out() {
    for text in ["kind: DataContract\napiVersion: v2.2.2\n", "dataContractSpecification: 1.1.0\nmodels: {}\n"] {
        let (_, model) = model(text, None);
        assert_eq!((model.problems.len(), model.skipped.len()), (0, 1), "{text}");
    }
}

#[test]
fn no_mutation_of_a_contract_ends_in_a_panic() {
    let text = format!(
        "{HEAD}team: {{ name: x, members: [{{ username: a, role: owner }}] }}\nslaProperties: [{{ property: retention, value: P2Y }}]\nschema: [{{ name: a, properties: [{{ name: b, logicalType: array, items: {{ logicalType: object }} }}] }}]\ncustomProperties: [{{ property: feedgate.file.name, value: x }}]\n"
    );
    for_each_mutation(&[&text], 1_000, |text| {
        let (files, model) = model(text, None);
        let places = model.problems.iter().map(|found| found.problem.span);
        assert!(places.into_iter().all(|span| files.get(span.file).text.get(span.range()).is_some()));
        assert!(facts::items(&model, SubjectKind::Feed).iter().all(|item| matches!(item, Item::Feed(_))));
    });
}
