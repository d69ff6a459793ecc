//! Where datasets lie, as Terraform says it. A dataset without a location is made in `US`.

use super::table::{Table, TableId};
use super::terraform::Terraform;
use super::{Known, Model, Why};
use crate::text::Spanned;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the provider takes when nothing is said.
const DEFAULT: &str = "US";

/// The location of each dataset, by its name.
pub fn read_locations(terraform: &Terraform<'_>) -> BTreeMap<Arc<str>, Known<String>> {
    let mut found: BTreeMap<Arc<str>, Known<String>> = BTreeMap::new();
    for dataset in terraform.resources("google_bigquery_dataset") {
        let Known::Known(name) = terraform.text(dataset, dataset.body, "dataset_id") else { continue };
        let location = match terraform.text(dataset, dataset.body, "location") {
            Known::Absent => Known::Known(Spanned::new(DEFAULT.to_owned(), dataset.span)),
            said => said,
        };
        let name: Arc<str> = name.value.into();
        match found.get(&name) {
            Some(other) if !is_same(other, &location) => {
                let why = format!("dataset `{name}` is declared in several places");
                found.insert(name, Known::Unknown(Why::new(why, Some(dataset.span))));
            }
            Some(_) => {}
            None => {
                found.insert(name, location);
            }
        }
    }
    found
}

/// After how many days a partition expires by what its dataset says, by the dataset's name.
pub fn read_partition_defaults(terraform: &Terraform<'_>) -> BTreeMap<Arc<str>, Known<f64>> {
    let mut found: BTreeMap<Arc<str>, Known<f64>> = BTreeMap::new();
    for dataset in terraform.resources("google_bigquery_dataset") {
        let Known::Known(name) = terraform.text(dataset, dataset.body, "dataset_id") else { continue };
        let said = terraform.number(dataset, dataset.body, "default_partition_expiration_ms");
        let days = said.map(|n_ms| n_ms / 86_400_000.0);
        found.entry(name.value.into()).or_default().or(days);
    }
    found
}

fn is_same(a: &Known<String>, b: &Known<String>) -> bool {
    a.value().zip(b.value()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
}

/// Where a table lies: as its statistics say, or Terraform of its dataset.
pub fn location_of(table: &Table, model: &Model) -> Known<String> {
    let measured = table.statistics.as_ref().and_then(|statistics| {
        let location = statistics.location.clone()?;
        Some(Known::Known(Spanned::new(location, statistics.span)))
    });
    let declared = || match &table.id {
        TableId::Named { dataset, .. } => model.locations.get(dataset).cloned(),
        TableId::Address(_) => None,
    };
    measured.or_else(declared).unwrap_or_default()
}
