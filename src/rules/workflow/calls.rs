//! Rules on what stands in the calls of a workflow, whichever way leads to them.

use super::routes::subject;
use crate::model::workflow::{Load, Workflow, loads_of};
use crate::rules::{Context, Sink};
use crate::text::Span;
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

/// The loads of a workflow that something starts, which its routes have not shown.
pub(super) fn started_loads(workflow: &Workflow) -> Vec<Load> {
    if workflow.triggers.is_empty() { Vec::new() } else { loads_of(workflow) }
}
