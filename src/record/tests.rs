//! What is said of records: texts in, texts out; and the same verdict as the `jsonschema` crate on schemas and records that
//! were made up.

mod agreement;
mod alignment;
mod compatibility;
mod dice;

use super::{Checker, Rules};
use crate::model::parameters::TypeParameters;
use crate::model::table::Mode;
use crate::model::{Column, Known};
use crate::text::{FileId, Span};
use serde_json::{Value, json};

/// `id INT64 REQUIRED`, with fields of a record behind `>`.
pub(super) fn columns(lines: &[&str]) -> Vec<Column> {
    let span = Span::start_of(FileId::from_index(0));
    let mut columns: Vec<Column> = Vec::new();
    for line in lines {
        let (is_field, line) = line.strip_prefix("> ").map_or((false, *line), |line| (true, line));
        let mut words = line.split(' ');
        let (name, data_type) = (words.next().expect("a name"), words.next().expect("a type"));
        let mode = match words.next() {
            Some("REQUIRED") => Mode::Required,
            Some("REPEATED") => Mode::Repeated,
            _ => Mode::Nullable,
        };
        let name_of_type = data_type.split('(').next().unwrap_or(data_type);
        let column = Column {
            name: name.to_owned(),
            name_span: span,
            data_type: name_of_type.to_owned(),
            parameters: TypeParameters::of_text(name_of_type, data_type),
            type_span: span,
            mode,
            is_described: false,
            policy_tags: Known::Absent,
            fields: Vec::new(),
        };
        match columns.last_mut().filter(|_| is_field) {
            Some(parent) => parent.fields.push(column),
            None => columns.push(column),
        }
    }
    columns
}

fn checker(schema: Option<Value>, of_table: &[&str]) -> Checker {
    let columns = (!of_table.is_empty()).then(|| columns(of_table));
    Checker::new(Rules { schema, columns, ignores_unknown: false })
}

/// `line:record path ×count message`.
fn said(checker: &Checker, text: &str) -> Vec<String> {
    let tally = checker.check(text.as_bytes());
    let line = |finding: &super::Finding| {
        let place = &finding.place;
        format!("{}:{} {} ×{} {}: {}", place.line, place.record, place.path, finding.count, finding.code, finding.message)
    };
    tally.findings().into_iter().map(line).collect()
}

#[test]
fn the_schema_is_explained() {
    let schema = json!({
        "type": "object",
        "properties": {
            "isin": { "type": "string", "pattern": "^[A-Z]{2}[A-Z0-9]{9}[0-9]$" },
            "side": { "enum": ["BUY", "SELL"] },
            "price": { "type": "number", "exclusiveMinimum": 0 },
            "day": { "type": "string", "format": "date" },
            "legs": { "type": "array", "items": { "type": "object", "required": ["ccy"] } },
        },
        "required": ["isin"],
        "additionalProperties": false,
    });
    let text = "{\"isin\": \"XS0123456789\", \"side\": \"BUY\", \"price\": 1.5, \"day\": \"2026-08-03\", \"legs\": [{\"ccy\": \"EUR\"}]}\n\
                {\"isin\": \"xs\", \"side\": \"HOLD\", \"price\": \"1.5\", \"day\": \"03.08.2026\", \"legs\": [{}, {}]}\n\
                {\"isni\": \"XS0123456789\", \"price\": 0}\n\
                {\"isin\": \"\"}\n";
    assert_eq!(
        said(&checker(Some(schema), &[]), text),
        [
            "2:2 $.isin ×2 pattern: `isin` must have the form `^[A-Z]{2}[A-Z0-9]{9}[0-9]$`, and is the text `xs`",
            "2:2 $.side ×1 enum: `side` must be one of `BUY`, `SELL`, and is the text `HOLD`",
            "2:2 $.price ×1 type: `price` must be a number, and is the text `1.5`",
            "2:2 $.day ×1 format: `day` must be a day, and is the text `03.08.2026`",
            "2:2 $.legs[0].ccy ×2 required: `legs[0].ccy` is missing",
            "3:3 $.isin ×1 required: `isin` is missing",
            "3:3 $.isni ×1 unknown-key: `isni` is no field of this feed",
            "3:3 $.price ×1 minimum: `price` must be more than 0, and is the number `0`",
        ]
    );
}

#[test]
fn the_load_is_explained() {
    let checker = checker(
        None,
        &[
            "id INT64 REQUIRED",
            "name STRING",
            "at TIMESTAMP",
            "amount NUMERIC",
            "tags STRING REPEATED",
            "who STRUCT",
            "> lei STRING",
            "extra JSON",
        ],
    );
    let text = "{\"id\": 1, \"name\": \"a\", \"at\": \"2026-08-03T11:01:17Z\", \"amount\": 1.5, \"tags\": [\"x\"], \"who\": {\"lei\": \"1\"}, \"extra\": [[null]]}\n\
                {\"ID\": \"7\", \"tags\": null, \"who\": null}\n\
                {\"id\": 9007199254740993, \"name\": [\"a\"], \"at\": \"yesterday\", \"amount\": 0.12345678901, \"tags\": [null, [\"x\"]]}\n\
                {\"id\": null, \"tags\": \"x\", \"who\": {\"LEI\": 1, \"lei\": \"1\", \"lie\": 1}, \"nmae\": 1}\n\
                {\"name\": {}}\n\
                7\n";
    assert_eq!(
        said(&checker, text),
        [
            "3:3 $.id ×1 unsafe-integer: `id` is the number `9007199254740993`: many programs round numbers beyond 9007199254740991",
            "3:3 $.name ×1 list: `name` is a list, and its column takes one STRING value",
            "3:3 $.at ×1 format: `at` is loaded as TIMESTAMP, and is the text `yesterday`",
            "3:3 $.amount ×1 decimals: `amount` is the number `0.12345678901`, and NUMERIC holds 9 digits behind the point",
            "3:3 $.tags[0] ×1 null-item: `tags[0]` is `null`, and BigQuery loads no list with `null` in it",
            "3:3 $.tags[1] ×1 list-of-lists: `tags[1]` is a list inside a list, which BigQuery does not load",
            "4:4 $.id ×1 null: `id` is `null`, and its column is REQUIRED",
            "4:4 $.tags ×1 not-a-list: `tags` must be a list of STRING values, and is the text `x`",
            "4:4 $.who.lei ×1 case-twin: `who.lei` and `LEI` differ only in case, and BigQuery takes them for one column",
            "4:4 $.who.lie ×1 unknown-key: `who.lie` has no column in the table, and BigQuery refuses the whole record",
            "4:4 $.nmae ×1 unknown-key: `nmae` has no column in the table, and BigQuery refuses the whole record",
            "5:5 $.id ×1 required: `id` is missing, and its column is REQUIRED",
            "5:5 $.name ×1 type: `name` is loaded as STRING, and is an object",
            "6:6 $ ×1 not-a-record: the record is the number `7`, and must be an object",
        ]
    );
}

#[test]
fn keys_that_the_load_ignores_are_no_mistake() {
    let rules = Rules { schema: None, columns: Some(columns(&["id INT64 REQUIRED"])), ignores_unknown: true };
    let checker = Checker::new(rules);
    assert_eq!(said(&checker, "{\"id\": 1, \"more\": {\"a\": [[1]]}}\n{\"more\": 1, \"More\": 2, \"Id\": 3}\n"), [""; 0]);
    assert_eq!(said(&checker, "{\"id\": 1, \"ID\": 1}\n").len(), 1);
}

#[test]
fn text_that_is_no_json_is_explained() {
    let checker = checker(None, &["a INT64"]);
    let text = "{\"a\": 1}\n{'a': 1}\n{\"a\": 1,}\n\n{\"a\": NaN}\n{\"a\": 1} {\"a\": 2}\n{\"a\": 1, \"a\": 2}\na,b\n{\"a\": 1e999}\n{\"a\": 1";
    assert_eq!(
        said(&checker, text),
        [
            "2:2 $ ×1 syntax: the record is no JSON: a text stands in single quotes",
            "3:3 $ ×1 syntax: the record is no JSON: a comma stands before a closing bracket",
            "5:4 $ ×1 syntax: the record is no JSON: `NaN` is no JSON value",
            "6:5 $ ×1 syntax: something stands behind the record on its line",
            "7:6 $.a ×1 duplicate-key: `a` stands twice in one object",
            "8:7 $ ×1 syntax: this line is no JSON: `a,b`",
            "9:8 $ ×1 large-number: the record holds a number that no reader can hold",
            "10:9 $ ×1 syntax: the last record breaks off: the file ends too early",
        ]
    );
    assert_eq!(said(&checker, "{\"a\": 1}\n{\"a\": 1"), ["2:2 $ ×1 syntax: the last record breaks off: the file ends too early"]);
    let bytes = checker.check(b"{\"a\": 1}\n{\"a\": \"\xe9\"}\n{\"a\": 2}\n");
    let found: Vec<_> =
        bytes.findings().into_iter().map(|finding| (finding.place.line, finding.place.offset, finding.code)).collect();
    assert_eq!((found, bytes.n_records, bytes.n_wrong_records), (vec![(2, 16, "not-utf-8")], 3, 1));
}

#[test]
fn lists_and_records_over_several_lines_are_read_and_complained_of() {
    let checker = checker(None, &["a INT64"]);
    let list = "[\n{\"a\": 1},\n{\"a\": \"]\"},\n{\"a\": [1, 2]}\n]\n";
    let expected = [
        "1:1 $ ×1 list: the file is one JSON list, and BigQuery loads one record on each line",
        "3:2 $.a ×1 format: `a` is loaded as INT64, and is the text `]`",
        "4:3 $.a ×1 list: `a` is a list, and its column takes one INT64 value",
    ];
    assert_eq!(said(&checker, list), expected);
    let spread = "{\n  \"a\": 1\n}\n{\n  \"a\": \"}\"\n}";
    let expected = [
        "1:1 $ ×1 spread: a record runs over several lines, and BigQuery loads one record on each line",
        "5:2 $.a ×1 format: `a` is loaded as INT64, and is the text `}`",
    ];
    assert_eq!(said(&checker, spread), expected);
    for (broken, code) in
        [("[{} {}]", "syntax"), ("[{}", "open-list"), ("[{}] {}", "behind-list"), ("[]", "list"), ("[{},]", "spare-comma")]
    {
        assert!(said(&checker, broken).iter().any(|line| line.contains(code)), "{broken}: {:?}", said(&checker, broken));
    }
    assert_eq!(checker.check(b"[1, 2 , 3]").n_records, 3);
}

#[test]
fn findings_do_not_depend_on_where_the_text_is_cut() {
    let checker = checker(None, &["a INT64", "b STRING"]);
    let record = |n: usize| match n % 5_000 {
        4_999 => "{\"a\": \"x\", \"b\": \"[},\"}".to_owned(),
        _ => format!("{{\"a\": {n}, \"b\": \"{}\"}}", "[},".repeat(n % 90)),
    };
    let records: Vec<String> = (0..20_000).map(record).collect();
    for text in [records.join("\n"), format!("[{}]", records.join(",\n"))] {
        let tally = checker.check(text.as_bytes());
        assert_eq!((tally.n_records, tally.n_wrong_records, tally.n_bytes), (20_000, 4, text.len() as u64));
        let finding = tally.findings().into_iter().find(|finding| finding.code == "format").expect("four are wrong").clone();
        assert_eq!((finding.place.line, finding.place.record, finding.count), (5_000, 5_000, 4));
        let at = usize::try_from(finding.place.offset).expect("it is small");
        assert!(text.get(at..).is_some_and(|text| text.starts_with("\"x\"")));
    }
}

#[test]
fn files_of_other_kinds_are_called_by_their_name() {
    let checker = checker(None, &["a INT64"]);
    let found = |bytes: &[u8]| {
        let tally = checker.check(bytes);
        tally.findings().into_iter().map(|finding| finding.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(found(b"\xff\xfe{\0}\0\n\0"), ["the file is text in UTF-16, and not JSON"]);
    assert_eq!(found(b"PK\x03\x04\n\n\n"), ["the file is a ZIP archive, and not JSON"]);
    assert_eq!(found(b"\n\n"), ["the file holds no record"]);
}

#[test]
fn a_byte_order_mark_is_complained_of_once() {
    let checker = checker(None, &["a INT64"]);
    assert_eq!(
        said(&checker, "\u{feff}{\"a\": 1}\n{\"a\": 2}\n"),
        ["1:1 $ ×1 byte-order-mark: the file begins with a byte order mark"]
    );
}

#[test]
fn no_text_makes_the_check_panic() {
    let checker =
        checker(Some(json!({ "type": "object", "additionalProperties": { "$ref": "#" } })), &["a STRUCT", "> b INT64 REPEATED"]);
    let deep = "{\"a\":".repeat(400);
    for text in ["", "\n\n", "[", "]", "{", "[,", "{\"", "\"\\", "\u{feff}", "[[", "nul", "-", "{\"a\":{\"b\":[1,", "\0", &deep] {
        checker.check(text.as_bytes());
    }
    checker.check(b"\xff\xfe{\x00}\x00");
}
