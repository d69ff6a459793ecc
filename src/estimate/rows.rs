//! How many rows a whole table holds, and what its feed's JSON Schema says of its columns.

use super::table::Rows;
use super::{Basis, thousands};
use crate::diagnostic::Label;
use crate::model::schema::{SchemaField, Target};
use crate::model::table::Table;
use crate::model::{Feed, Model};
use std::collections::BTreeMap;

/// The path of a leaf as fields of a JSON Schema are looked up: BigQuery compares names without case.
pub(super) fn schema_path(path: &str) -> String {
    path.to_ascii_lowercase()
}

/// The fields of the JSON Schema that limits the values of a table, by path.
pub(super) fn fields<'a>(feeds: &[&Feed], model: &'a Model) -> BTreeMap<String, &'a SchemaField> {
    let mut fields = BTreeMap::new();
    // Values of a table that several feeds fill may follow any of their schemas: none of them limits all.
    let [feed] = feeds else { return fields };
    let Some(Target::File(_, path)) = feed.schema.value().map(|reference| &reference.target) else { return fields };
    for field in model.schemas.get(path).into_iter().flat_map(|schema| &schema.fields) {
        fields.entry(field.path.replace("[]", "").to_ascii_lowercase()).or_insert(field);
    }
    fields
}

/// Rows by the statistics, or else by what the feeds of the table declare.
pub(super) fn rows(table: &Table, feeds: &[&Feed]) -> Result<Rows, String> {
    if let Some((count, span)) = table.statistics.as_ref().and_then(|statistics| Some((statistics.rows?, statistics.span))) {
        let text = format!("`{}` holds {} rows", table.id, thousands(count));
        return Ok(Rows { count, basis: Basis::Statistics, step: Some(Label::new(span, text)) });
    }
    let expiration = table.partitioning.value().and_then(|partitioning| partitioning.expiration_days.value().copied());
    let declared: Option<Vec<u64>> =
        feeds.iter().map(|feed| feed.rows_kept().or_else(|| feed.rows_kept_over(expiration))).collect();
    match declared.filter(|rows| !rows.is_empty()) {
        Some(rows) => {
            let count = rows.iter().fold(0u64, |sum, rows| sum.saturating_add(*rows));
            let step = feeds.first().and_then(|feed| declared_step(table, feed, count));
            Ok(Rows { count, basis: Basis::Declared, step })
        }
        None => Err(no_rows(table, feeds)),
    }
}

fn declared_step(table: &Table, feed: &Feed, count: u64) -> Option<Label> {
    let rows = feed.delivery.rows.spanned()?;
    let cadence = feed.delivery.cadence.value().map_or("", |cadence| cadence.text.as_str());
    let text = format!("`{}` keeps {} rows: {} a delivery, {cadence}", table.id, thousands(count), thousands(rows.value));
    Some(Label::new(rows.span, text))
}

fn no_rows(table: &Table, feeds: &[&Feed]) -> String {
    let id = &table.id;
    let Some(feed) = feeds.iter().find(|feed| feed.rows_kept().is_none()) else {
        return format!("nothing says how many rows `{id}` holds: put it into `feedgate.tables.json`");
    };
    let missing = match () {
        () if feed.delivery.rows.value().is_none() => "`delivery.rows`",
        () if feed.delivery.cadence.value().is_none() => "`delivery.cadence`",
        () => "`table.partitioning.expiration`",
    };
    format!("nothing says how many rows `{id}` holds: the feed `{}` has no {missing}, and no statistics are there", feed.id)
}
