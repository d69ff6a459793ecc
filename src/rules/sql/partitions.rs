//! Reads of partitioned tables, and which conditions they put on the column that partitions them.

use crate::model::table::{PartitionKind, Partitioning, Table, table_named};
use crate::model::{Model, Query};
use crate::sql::resolve::is_unknown_schema;
use crate::sql::{Predicate, Scan, SqlError};

/// The pseudo-columns of tables that are partitioned by ingestion time.
const PSEUDO_COLUMNS: [&str; 2] = ["_PARTITIONTIME", "_PARTITIONDATE"];

/// A read of a table that is partitioned.
pub(super) struct PartitionedScan<'a> {
    pub(super) scan: &'a Scan,
    pub(super) table: &'a Table,
    pub(super) partitioning: &'a Partitioning,
}

/// Those of a query.
pub(super) fn scans<'a>(query: &'a Query, model: &'a Model) -> impl Iterator<Item = PartitionedScan<'a>> {
    query.resolution.scans.iter().filter_map(|scan| {
        let table = table_named(&model.tables, &scan.table)?;
        Some(PartitionedScan { scan, table, partitioning: table.partitioning.value()? })
    })
}

impl<'a> PartitionedScan<'a> {
    /// As a filter names it.
    pub(super) fn column(&self) -> &'a str {
        self.partitioning.column.as_ref().map_or("_PARTITIONTIME", |column| column.value.as_str())
    }

    /// The conditions that name the partition column.
    pub(super) fn named(&self) -> impl Iterator<Item = &'a Predicate> {
        let is_it = |name: &str| match &self.partitioning.column {
            Some(column) => column.value.eq_ignore_ascii_case(name),
            None => PSEUDO_COLUMNS.iter().any(|pseudo| pseudo.eq_ignore_ascii_case(name)),
        };
        self.scan.predicates.iter().filter(move |predicate| is_it(&predicate.column))
    }

    /// Some condition is of a form that partitions are chosen by.
    pub(super) fn is_pruned(&self) -> bool {
        self.named().any(|predicate| predicate.condition.is_ok())
    }

    /// Counting rows reads no column, and no byte.
    pub(super) fn reads(&self) -> bool {
        !self.scan.columns.is_empty() || self.scan.is_whole || self.is_demanded()
    }

    /// BigQuery refuses a query of the table without a filter.
    pub(super) fn is_demanded(&self) -> bool {
        self.table.require_partition_filter.value() == Some(&true) && !self.scan.is_target
    }

    /// Whether the condition names further columns of the table.
    pub(super) fn is_mixed(&self, predicate: &Predicate) -> bool {
        let is_other = |other: &Predicate| !other.column.eq_ignore_ascii_case(&predicate.column);
        !predicate.is_constant && self.scan.predicates.iter().any(|other| other.range == predicate.range && is_other(other))
    }

    /// The partition column holds dates.
    pub(super) fn is_by_date(&self) -> bool {
        self.partitioning.column.as_ref().is_some_and(|column| self.has(&column.value, &["DATE"]))
    }

    /// A column that holds times is compared with constants: some span of time is meant.
    pub(super) fn is_of_a_time(&self) -> bool {
        let mut compared = self.scan.predicates.iter().filter(|predicate| predicate.condition.is_ok());
        compared.any(|predicate| self.has(&predicate.column, &["DATE", "DATETIME", "TIMESTAMP"]))
    }

    /// A column of this name and of one of these types.
    fn has(&self, name: &str, types: &[&str]) -> bool {
        let mut columns = self.table.columns.value().into_iter().flatten();
        columns.any(|column| column.name.eq_ignore_ascii_case(name) && types.contains(&column.data_type.as_str()))
    }

    pub(super) fn is_by_integer(&self) -> bool {
        self.partitioning.kind == PartitionKind::IntegerRange
    }
}

/// What could not be resolved, where it might be a condition on the table: a name whose table is not known is none.
pub(super) fn gap<'a>(query: &'a Query, scan: &Scan) -> Option<&'a SqlError> {
    let others = |error: &SqlError| {
        let of_other = |other: &Scan| other.table != scan.table && is_unknown_schema(error, &other.table);
        query.resolution.scans.iter().any(of_other)
    };
    query.resolution.unresolved.iter().find(|error| !others(error))
}
