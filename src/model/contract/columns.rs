//! The properties of an object as columns of a BigQuery table.

use super::{is_true, items, record, text};
use crate::model::columns::{is_described, type_name};
use crate::model::parameters::TypeParameters;
use crate::model::table::Mode;
use crate::model::{Column, Known, Why};
use crate::syntax::{Document, NodeId};
use crate::text::Spanned;

/// The columns of an object's table: known when the type of each is.
pub(super) fn columns(document: &Document, object: NodeId) -> Known<Vec<Column>> {
    let Some(list) = document.get(object, "properties") else { return Known::Absent };
    let span = document.span(list);
    match read(document, object) {
        Ok(columns) => Known::Known(Spanned::new(columns, span)),
        Err(why) => Known::Unknown(why),
    }
}

fn read(document: &Document, object: NodeId) -> Result<Vec<Column>, Why> {
    items(document, object, "properties").into_iter().map(|property| column(document, property)).collect()
}

fn column(document: &Document, property: NodeId) -> Result<Column, Why> {
    let name = record::name_node(document, property);
    let Some((name, name_node)) = name.and_then(|node| Some((document.str(node)?, node))) else {
        return Err(Why::new("a property of the contract has no name", Some(document.span(property))));
    };
    let unknown = |at| Why::new(format!("the contract does not say which BigQuery type `{name}` has"), Some(document.span(at)));
    let is_list = text(document, property, "logicalType") == Some("array") || type_of(document, property) == Some("ARRAY");
    let item = document.get(property, "items").filter(|_| is_list);
    let typed = item.unwrap_or(property);
    let listed = text(document, property, "physicalType").filter(|_| is_list);
    let written_type = listed.filter(|written| item_type(written).is_some()).or_else(|| text(document, typed, "physicalType"));
    let data_type = listed
        .and_then(item_type)
        .or_else(|| type_of(document, typed))
        .filter(|name| *name != "ARRAY")
        .ok_or_else(|| unknown(typed))?;
    let fields = if data_type == "STRUCT" { read(document, typed)? } else { Vec::new() };
    if data_type == "STRUCT" && fields.is_empty() {
        return Err(unknown(typed));
    }
    let mode = match (is_list, is_true(document, property, "required")) {
        (true, _) => Mode::Repeated,
        (false, true) => Mode::Required,
        (false, false) => Mode::Nullable,
    };
    let type_node = document.get(property, "physicalType").or_else(|| document.get(property, "logicalType"));
    Ok(Column {
        name: name.to_owned(),
        name_span: document.span(name_node),
        data_type: data_type.to_owned(),
        parameters: written_type.map_or(TypeParameters::None, |written| TypeParameters::of_text(data_type, written)),
        type_span: document.span(type_node.unwrap_or(property)),
        mode,
        is_described: is_described(document, property),
        policy_tags: Known::Unknown(Why::new("a contract names no policy tags", Some(document.span(name_node)))),
        fields,
    })
}

/// The physical type where BigQuery knows it; without one, the type that the logical one leaves no doubt about.
fn type_of(document: &Document, property: NodeId) -> Option<&'static str> {
    if let Some(physical) = text(document, property, "physicalType") {
        return big_query_type(physical);
    }
    Some(match text(document, property, "logicalType")? {
        "string" => "STRING",
        "date" => "DATE",
        "timestamp" => "TIMESTAMP",
        "time" => "TIME",
        "integer" => "INT64",
        "boolean" => "BOOL",
        "object" => "STRUCT",
        "array" => "ARRAY",
        _ => return None,
    })
}

/// The GoogleSQL name of a type as a contract writes it: `NUMERIC(10, 2)`, `STRUCT<…>`, `ARRAY<STRING>`, `RECORD`.
pub(super) fn big_query_type(written: &str) -> Option<&'static str> {
    let name = written.split(['(', '<']).next().unwrap_or(written).trim();
    if name.eq_ignore_ascii_case("ARRAY") { Some("ARRAY") } else { type_name(name) }
}

/// The type of the items of `ARRAY<STRING>`.
fn item_type(written: &str) -> Option<&'static str> {
    big_query_type(written.split_once('<')?.1.trim_end_matches('>')).filter(|name| *name != "ARRAY")
}
