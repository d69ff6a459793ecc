//! What Terraform says in an older way: views that BigQuery takes for legacy SQL because nothing says otherwise, and filters
//! that are demanded where the provider no longer wants it. Knows where they stand, and no more of SQL than what only one
//! of the two languages writes.

use super::terraform::{Resource, Terraform};
use crate::syntax::embed::embedded;
use crate::text::{Files, Span};

/// A view that does not say which SQL it is, and is not written in the older one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyByDefault {
    /// Unique in the repository.
    pub address: String,
    /// `reports.daily`, or the address where that is not known.
    pub shown: String,
    /// The key of the block that should say it.
    pub span: Span,
}

/// A table whose block of partitions demands a filter, which the table itself is to demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldPartitionFilter {
    /// Unique in the repository.
    pub address: String,
    /// `reports.daily`, or the address where that is not known.
    pub shown: String,
    pub span: Span,
    /// The table demands it as well, which the provider refuses.
    pub is_doubled: bool,
}

/// Finds those filters in all modules.
pub fn read_old_filters(terraform: &Terraform<'_>) -> Vec<OldPartitionFilter> {
    let of_table = |table| {
        let blocks = terraform.nested(table, table.body, "time_partitioning").blocks.into_iter();
        blocks.filter_map(move |block| {
            let said = terraform.bool(&block, block.body, "require_partition_filter");
            Some(OldPartitionFilter {
                address: table.unique_address(),
                shown: shown(terraform, table),
                span: said.span()?,
                is_doubled: !terraform.bool(table, table.body, "require_partition_filter").is_absent(),
            })
        })
    };
    terraform.blocks_of("google_bigquery_table").flat_map(of_table).collect()
}

/// Finds the views in all modules.
pub fn read_legacy(terraform: &Terraform<'_>, files: &Files) -> Vec<LegacyByDefault> {
    let tables = terraform.blocks_of("google_bigquery_table");
    let of_table = |table| {
        let views = terraform.nested(table, table.body, "view").blocks.into_iter();
        views.filter_map(move |view| read_view(terraform, files, table, &view))
    };
    tables.flat_map(of_table).collect()
}

fn read_view<'a>(terraform: &Terraform<'a>, files: &Files, table: &Resource<'a>, view: &Resource<'a>) -> Option<LegacyByDefault> {
    let is_said = !terraform.bool(view, view.body, "use_legacy_sql").is_absent();
    // Legacy SQL writes names in brackets.
    let is_legacy = text_of(terraform, files, view)?.contains('[');
    (!is_said && !is_legacy).then(|| LegacyByDefault {
        address: table.unique_address(),
        shown: shown(terraform, table),
        span: view.span,
    })
}

fn shown<'a>(terraform: &Terraform<'a>, table: &Resource<'a>) -> String {
    let text = |name| terraform.text(table, table.body, name).value().cloned();
    let name = text("dataset_id").zip(text("table_id")).map(|(dataset, name)| format!("{dataset}.{name}"));
    name.unwrap_or_else(|| table.address())
}

fn text_of<'a>(terraform: &Terraform<'a>, files: &Files, view: &Resource<'a>) -> Option<String> {
    let node = view.document.get(view.body, "query")?;
    match terraform.text_file(view, node) {
        Some(named) => Some(files.get(named.ok()?.0).text.to_string()),
        None => {
            let (document, node) = terraform.text_node(view, node);
            Some(embedded(document, node)?.text)
        }
    }
}
