//! Rules on what stands in the calls of a workflow, whichever way leads to them.

use super::routes::subject;
use crate::model::workflow::{Load, Val, Workflow, loads_of};
use crate::rules::{Context, Sink};
use crate::text::{Span, nearest};
use std::collections::BTreeSet;

/// What a load may be given: <https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationLoad>.
const LOAD_OPTIONS: [&str; 45] = [
    "allowJaggedRows",
    "allowQuotedNewlines",
    "autodetect",
    "clustering",
    "columnNameCharacterMap",
    "connectionProperties",
    "copyFilesOnly",
    "createDisposition",
    "createSession",
    "dateFormat",
    "datetimeFormat",
    "decimalTargetTypes",
    "destinationEncryptionConfiguration",
    "destinationTable",
    "destinationTableProperties",
    "encoding",
    "fieldDelimiter",
    "fileSetSpecType",
    "hivePartitioningOptions",
    "ignoreUnknownValues",
    "jsonExtension",
    "maxBadRecords",
    "nullMarker",
    "nullMarkers",
    "parquetOptions",
    "preserveAsciiControlCharacters",
    "projectionFields",
    "quote",
    "rangePartitioning",
    "referenceFileSchemaUri",
    "schema",
    "schemaInline",
    "schemaInlineFormat",
    "schemaUpdateOptions",
    "skipLeadingRows",
    "sourceColumnMatch",
    "sourceFormat",
    "sourceUris",
    "thriftOptions",
    "timeFormat",
    "timePartitioning",
    "timeZone",
    "timestampFormat",
    "useAvroLogicalTypes",
    "writeDisposition",
];

/// An option of a load is one that there is. Google's services take the names of their own fields, with underscores, too.
pub(in crate::rules) fn unknown_load_option(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    for workflow in context.head.workflows.values() {
        for key in loads_of(workflow).iter().flat_map(|load| &load.keys).filter(|key| seen.insert(key.span)) {
            let plain = |name: &str| name.replace('_', "").to_ascii_lowercase();
            if LOAD_OPTIONS.contains(&key.value.as_str()) {
                continue;
            }
            let near = LOAD_OPTIONS.iter().find(|own| plain(own) == plain(&key.value));
            if near.is_some() && key.value.contains('_') {
                continue;
            }
            let message = format!("a load has no option `{}`", key.value);
            let finding = sink.report(subject(workflow), key.span, message);
            if let Some(near) = near {
                finding.help(format!("`{near}` is meant"));
            }
        }
    }
}

/// What options may say: <https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationLoad>.
const LOAD_VALUES: [(&str, &[&str]); 3] = [
    (
        "sourceFormat",
        &["CSV", "DATASTORE_BACKUP", "NEWLINE_DELIMITED_JSON", "AVRO", "PARQUET", "ORC", "ICEBERG", "THRIFT", "GOOGLE_SHEETS"],
    ),
    ("writeDisposition", &["WRITE_TRUNCATE", "WRITE_TRUNCATE_DATA", "WRITE_APPEND", "WRITE_EMPTY"]),
    ("createDisposition", &["CREATE_IF_NEEDED", "CREATE_NEVER"]),
];

/// What people call a format, and what BigQuery calls it.
const FORMATS: [(&str, &str); 4] = [
    ("json", "NEWLINE_DELIMITED_JSON"),
    ("jsonl", "NEWLINE_DELIMITED_JSON"),
    ("ndjson", "NEWLINE_DELIMITED_JSON"),
    ("newline_delimited", "NEWLINE_DELIMITED_JSON"),
];

/// The value of an option is one that BigQuery knows. In which case it is written is left to Google's services.
pub(in crate::rules) fn unknown_load_value(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    for workflow in context.head.workflows.values() {
        for load in loads_of(workflow) {
            for (option, known) in LOAD_VALUES {
                let Some(value) = load.option(option).and_then(Val::text) else { continue };
                let is_known = known.iter().any(|own| own.eq_ignore_ascii_case(value));
                if is_known || !seen.insert(load.place(option)) {
                    continue;
                }
                let message = format!("`{option}` of a load cannot be `{value}`");
                let finding = sink.report(subject(workflow), load.place(option), message);
                finding.detail(option);
                let meant = FORMATS.iter().find(|(name, _)| name.eq_ignore_ascii_case(value)).map(|(_, meant)| *meant);
                if let Some(meant) = meant.or_else(|| nearest(value, known.iter().copied())) {
                    finding.help(format!("`{meant}` is meant"));
                }
            }
        }
    }
}

/// A load changes the columns of its table only where it adds rows, or replaces one partition.
pub(in crate::rules) fn unusable_schema_update(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    for workflow in context.head.workflows.values() {
        for load in loads_of(workflow) {
            let asks = matches!(load.option("schemaUpdateOptions"), Some(Val::List(options)) if !options.is_empty());
            let write = load.option("writeDisposition").and_then(Val::text).unwrap_or_default().to_ascii_uppercase();
            let [.., name] = &load.table;
            let is_partition = name.as_ref().is_none_or(|name| name.contains('$'));
            let is_refused = write == "WRITE_EMPTY" || write == "WRITE_TRUNCATE" && !is_partition;
            if !asks || !is_refused || !seen.insert(load.place("schemaUpdateOptions")) {
                continue;
            }
            let message = format!("a load with `{write}` takes no `schemaUpdateOptions`");
            let finding = sink.report(subject(workflow), load.place("schemaUpdateOptions"), message);
            finding.related(load.place("writeDisposition"), "how rows are written").detail(load.step.value.clone());
        }
    }
}

/// The loads of a workflow that something starts, which its routes have not shown.
pub(super) fn started_loads(workflow: &Workflow) -> Vec<Load> {
    if workflow.triggers.is_empty() { Vec::new() } else { loads_of(workflow) }
}
