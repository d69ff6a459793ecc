//! What datasets that Terraform declares do to their tables: where they lie, for how long they are kept where they say
//! nothing themselves, and for how long what was deleted can be had back.

use super::table::{Table, TableId};
use super::terraform::Terraform;
use super::{Known, Model, Why};
use crate::text::{Span, Spanned};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where the provider makes a dataset that says nothing.
const DEFAULT_LOCATION: &str = "US";

/// All datasets, by their name and their unique address.
pub type Datasets = BTreeMap<(Arc<str>, Arc<str>), Dataset>;

/// A dataset.
#[derive(Debug, Clone)]
pub struct Dataset {
    pub name: Arc<str>,
    /// The Terraform address with the folder of its root module.
    pub address: Arc<str>,
    pub span: Span,
    pub location: Known<String>,
    /// After how many milliseconds a table is deleted that is made in it and says nothing.
    pub table_expiration_ms: Known<f64>,
    /// The same of partitions; where it is said, that of tables does not hold for those with partitions.
    pub partition_expiration_ms: Known<f64>,
    pub time_travel_hours: Known<f64>,
}

/// Reads the datasets of all modules whose name is known.
pub fn read_datasets(terraform: &Terraform<'_>) -> Datasets {
    let mut datasets = Datasets::new();
    for resource in terraform.resources("google_bigquery_dataset") {
        let Known::Known(name) = terraform.text(resource, resource.body, "dataset_id") else { continue };
        let number = |attribute| terraform.number(resource, resource.body, attribute);
        // A zero says that nothing expires.
        let period = |attribute| Some(number(attribute)).filter(|n_ms| n_ms.value() != Some(&0.0)).unwrap_or_default();
        let default = || Known::Known(Spanned::new(DEFAULT_LOCATION.to_owned(), resource.span));
        let dataset = Dataset {
            name: name.value.into(),
            address: resource.unique_address().into(),
            span: resource.span,
            location: Some(terraform.text(resource, resource.body, "location"))
                .filter(|said| !said.is_absent())
                .unwrap_or_else(default),
            table_expiration_ms: period("default_table_expiration_ms"),
            partition_expiration_ms: period("default_partition_expiration_ms"),
            time_travel_hours: number("max_time_travel_hours"),
        };
        datasets.insert((dataset.name.clone(), dataset.address.clone()), dataset);
    }
    datasets
}

impl Dataset {
    /// The folder of its root module.
    pub fn root(&self) -> &str {
        root(&self.address)
    }
}

impl Model {
    /// The dataset in which a table lies, where one is declared by that name: in the root module of the table, or alone.
    pub fn dataset_of(&self, table: &Table) -> Option<&Dataset> {
        match self.datasets_of(table).as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// The datasets of the name that a table says: those in its root module, or else all.
    fn datasets_of(&self, table: &Table) -> Vec<&Dataset> {
        let TableId::Named { dataset: name, .. } = &table.id else { return Vec::new() };
        let named = self.datasets.range((name.clone(), Arc::from(""))..).map(|(_, dataset)| dataset);
        let named: Vec<&Dataset> = named.take_while(|dataset| dataset.name == *name).collect();
        let of_root = table.address.as_deref().map(root);
        let beside: Vec<&Dataset> = named.iter().copied().filter(|dataset| of_root == Some(root(&dataset.address))).collect();
        if beside.is_empty() { named } else { beside }
    }

    /// The dataset of this name that a root module declares.
    pub fn dataset_in(&self, root: &str, name: &str) -> Option<&Dataset> {
        self.datasets.values().find(|own| *own.name == *name && own.root() == root)
    }

    /// What the dataset of a table says; unknown where several could be it and do not say the same.
    pub fn said_by_dataset<T: Clone + PartialEq>(&self, table: &Table, of: impl Fn(&Dataset) -> Known<T>) -> Known<T> {
        self.alike_in_datasets(table, of, T::eq)
    }

    /// The same where not only equal values say the same.
    fn alike_in_datasets<T: Clone>(
        &self,
        table: &Table,
        of: impl Fn(&Dataset) -> Known<T>,
        is_same: impl Fn(&T, &T) -> bool,
    ) -> Known<T> {
        let datasets = self.datasets_of(table);
        let Some((first, others)) = datasets.split_first() else { return Known::Absent };
        let said = of(first);
        let says_so = |other: Known<T>| match (said.value(), other.value()) {
            (Some(one), Some(other)) => is_same(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        if others.iter().all(|other| says_so(of(other))) {
            return said;
        }
        let why = format!("dataset `{}` is declared in several places", first.name);
        Known::Unknown(Why::new(why, Some(first.span)))
    }

    /// Where a table lies: as its statistics say, or Terraform of its dataset.
    pub fn location_of(&self, table: &Table) -> Known<String> {
        let measured = table.statistics.as_ref().and_then(|statistics| {
            let location = statistics.location.clone()?;
            Some(Known::Known(Spanned::new(location, statistics.span)))
        });
        let is_same = |one: &String, other: &String| one.eq_ignore_ascii_case(other);
        let of_dataset = || self.alike_in_datasets(table, |dataset| dataset.location.clone(), is_same);
        measured.unwrap_or_else(of_dataset)
    }
}

/// The folder of the root module.
fn root(address: &str) -> &str {
    address.split_once(':').map_or("", |(folder, _)| folder)
}
