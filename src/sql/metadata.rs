//! Tables that nobody defines because Google does: the views of `INFORMATION_SCHEMA`, and what Cloud Billing exports.
//! Their columns are written down beside this file, as statements that create them.

use super::ddl::{Created, CreatedColumns};
use super::parse::parse;
use super::{TablePath, TableShape};
use crate::text::nearest;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The day on which the lists were read.
pub const READ: &str = "2026-08-22";

type Shapes = BTreeMap<String, TableShape>;

static VIEWS: LazyLock<Shapes> = LazyLock::new(|| shapes(include_str!("metadata/information_schema.sql")));
static EXPORTS: LazyLock<Shapes> = LazyLock::new(|| shapes(include_str!("metadata/billing_export.sql")));

/// `INFORMATION_SCHEMA.JOBS` for every way to write it; `None` for other tables.
pub fn name(path: &TablePath) -> Option<String> {
    if let Some(at) = path.0.iter().position(|part| part.eq_ignore_ascii_case("INFORMATION_SCHEMA")) {
        let rest = path.0.get(at..).unwrap_or_default().join(".");
        return Some(rest.to_ascii_uppercase());
    }
    let last = path.0.last()?;
    matches!(last.as_str(), "__TABLES__" | "__TABLES_SUMMARY__").then(|| last.clone())
}

/// The columns of a view, by its name as [`name`] gives it.
pub fn view(name: &str) -> Option<&'static TableShape> {
    VIEWS.get(name)
}

/// The view that was probably meant.
pub fn nearest_view(name: &str) -> Option<&'static str> {
    nearest(name, VIEWS.keys().map(String::as_str))
}

/// Some view of metadata has a column of this name.
pub fn has_column(name: &str) -> bool {
    VIEWS.values().chain(EXPORTS.values()).any(|shape| shape.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name)))
}

/// The columns of a table that Cloud Billing exports, whose name goes on with the billing account, or with a `*`.
pub fn billing_export(path: &TablePath) -> Option<&'static TableShape> {
    let name = path.0.last()?;
    EXPORTS.iter().find(|(start, _)| name.starts_with(start.as_str())).map(|(_, shape)| shape)
}

/// The table is an export of what was used, and what it costs.
pub fn is_usage_export(path: &TablePath) -> bool {
    billing_export(path).is_some_and(|shape| shape.columns.iter().any(|column| column.name == "credits"))
}

fn shapes(text: &str) -> Shapes {
    let mut shapes = Shapes::new();
    for created in parse(text).statements.iter().filter_map(|statement| statement.creates.as_ref()) {
        let shape = shape(created, &shapes);
        shapes.insert(created.path.to_string(), shape);
    }
    shapes
}

/// Types are written by the names that the model knows them by.
fn shape(created: &Created, known: &Shapes) -> TableShape {
    let columns = match &created.columns {
        CreatedColumns::Listed(columns) => columns.iter().map(|column| column.shape(&str::to_owned)).collect(),
        CreatedColumns::Like(path) => return known.get(&path.to_string()).cloned().unwrap_or_default(),
        CreatedColumns::Named(_) | CreatedColumns::OfQuery | CreatedColumns::Unknown(_) => Vec::new(),
    };
    let partitioning = created.partitioning.as_ref();
    TableShape {
        columns,
        partition_column: partitioning
            .map(|unit| unit.column.as_ref().map_or_else(|| "_PARTITIONTIME".to_owned(), |name| name.text.clone())),
        clustering: created.clustering.iter().map(|name| name.text.clone()).collect(),
        may_grow: true,
        ..TableShape::default()
    }
}

#[cfg(test)]
mod tests {
    use super::{EXPORTS, VIEWS, name, view};
    use crate::sql::{ColumnShape, TablePath};

    fn has_type(column: &ColumnShape) -> bool {
        !column.data_type.is_empty() && column.fields.iter().all(has_type)
    }

    #[test]
    fn every_view_that_is_written_down_is_read_with_all_of_its_columns() {
        let text = include_str!("metadata/information_schema.sql");
        assert_eq!(VIEWS.len(), text.matches("CREATE TABLE").count());
        assert_eq!(EXPORTS.len(), 3);
        for (name, shape) in VIEWS.iter().chain(EXPORTS.iter()) {
            assert!(shape.columns.len() >= 4, "{name}");
            assert!(shape.columns.iter().all(has_type), "{name}");
        }
    }

    #[test]
    fn a_job_of_the_organization_does_not_show_its_text() {
        let columns = |name: &str| {
            let shape = view(name).expect("it is a view");
            shape.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(columns("INFORMATION_SCHEMA.JOBS"), columns("INFORMATION_SCHEMA.JOBS_BY_PROJECT"));
        assert!(columns("INFORMATION_SCHEMA.JOBS").contains(&"query"));
        assert!(!columns("INFORMATION_SCHEMA.JOBS_BY_ORGANIZATION").contains(&"query"));
        let partition_column = view("INFORMATION_SCHEMA.JOBS_TIMELINE").and_then(|shape| shape.partition_column.as_deref());
        assert_eq!(partition_column, Some("job_creation_time"));
    }

    #[test]
    fn a_view_has_one_name_wherever_it_is_asked_for() {
        let cases = [
            (&["INFORMATION_SCHEMA", "JOBS"][..], Some("INFORMATION_SCHEMA.JOBS")),
            (&["p", "region-us", "information_schema", "jobs"], Some("INFORMATION_SCHEMA.JOBS")),
            (&["d", "INFORMATION_SCHEMA", "TABLES"], Some("INFORMATION_SCHEMA.TABLES")),
            (&["p", "d", "__TABLES__"], Some("__TABLES__")),
            (&["p", "d", "t"], None),
        ];
        for (path, expected) in cases {
            let path = TablePath(path.iter().map(|part| (*part).to_owned()).collect());
            assert_eq!(name(&path).as_deref(), expected, "{path}");
        }
    }
}
