//! What datasets that Terraform declares do to their tables: for how long they are kept where they say nothing themselves,
//! and for how long what was deleted can be had back.

use super::table::{Table, TableId};
use super::terraform::Terraform;
use super::{Known, Model};
use crate::text::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A dataset.
#[derive(Debug, Clone)]
pub struct Dataset {
    pub name: Arc<str>,
    /// The Terraform address with the folder of its root module.
    pub address: Arc<str>,
    pub span: Span,
    /// After how many milliseconds a table is deleted that is made in it and says nothing.
    pub table_expiration_ms: Known<f64>,
    /// The same of partitions; where it is said, that of tables does not hold for those with partitions.
    pub partition_expiration_ms: Known<f64>,
    pub time_travel_hours: Known<f64>,
}

/// Reads the datasets of all modules whose name is known, by their unique address.
pub fn read_datasets(terraform: &Terraform<'_>) -> BTreeMap<Arc<str>, Dataset> {
    let mut datasets = BTreeMap::new();
    for resource in terraform.resources("google_bigquery_dataset") {
        let Known::Known(name) = terraform.text(resource, resource.body, "dataset_id") else { continue };
        let number = |attribute| terraform.number(resource, resource.body, attribute);
        // A zero says that nothing expires.
        let period = |attribute| Some(number(attribute)).filter(|n_ms| n_ms.value() != Some(&0.0)).unwrap_or_default();
        let address: Arc<str> = resource.unique_address().into();
        let dataset = Dataset {
            name: name.value.into(),
            address: address.clone(),
            span: resource.span,
            table_expiration_ms: period("default_table_expiration_ms"),
            partition_expiration_ms: period("default_partition_expiration_ms"),
            time_travel_hours: number("max_time_travel_hours"),
        };
        datasets.insert(address, dataset);
    }
    datasets
}

impl Model {
    /// The dataset in which a table lies, where one is declared by that name: in the root module of the table, or alone.
    pub fn dataset_of(&self, table: &Table) -> Option<&Dataset> {
        let TableId::Named { dataset, .. } = &table.id else { return None };
        let root = |address: &str| address.split_once(':').map_or_else(String::new, |(folder, _)| folder.to_owned());
        let named: Vec<&Dataset> = self.datasets.values().filter(|other| other.name == *dataset).collect();
        let of_root = table.address.as_deref().map(root);
        let beside: Vec<&Dataset> =
            named.iter().copied().filter(|other| of_root.as_ref() == Some(&root(&other.address))).collect();
        match (beside.as_slice(), named.as_slice()) {
            ([one], _) | ([], [one]) => Some(one),
            _ => None,
        }
    }
}
