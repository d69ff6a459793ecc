//! Tables whose definition is a folder: `…/project/dataset/table/` with the columns in `schema.yaml` and how it is cut into
//! partitions in `metadata.yaml`, beside the query that fills it. The folders say the table's name.

use super::columns::{is_field_list, read_columns};
use super::table::{DefinitionSource, PartitionKind, Partitioning, Table, TableId};
use super::{Known, Why};
use crate::syntax::{Document, NodeId, Value, yaml};
use crate::text::{FileId, RepoPath, SourceFile, Span, Spanned};
use memchr::memmem;

const SCHEMA: [&str; 2] = ["schema.yaml", "schema.yml"];
const METADATA: [&str; 2] = ["metadata.yaml", "metadata.yml"];

/// Whether a file may be one of the two: its name and its place say so, and a word in it.
pub fn may_define(path: &RepoPath, text: &str) -> bool {
    let has = |word: &str| memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let name = path.name();
    let is_ours = (SCHEMA.contains(&name) && has("fields:")) || (METADATA.contains(&name) && has("bigquery:"));
    is_ours && table_of(path).is_some()
}

/// Reads one of the files; `None` when it is none of them after all.
pub fn read(file: FileId, source: &SourceFile) -> Option<Table> {
    let parsed = yaml::parse(file, &source.text);
    let document = &parsed.document;
    let root = *document.roots.first()?;
    let empty = Table::defined(table_of(&source.path)?, DefinitionSource::Folder, Span::start_of(file));
    if SCHEMA.contains(&source.path.name()) {
        let list = document.get(root, "fields").filter(|list| is_field_list(document, *list))?;
        if puts_in_fields(&source.text) {
            let why = Why::new("a tag of another tool puts further fields into the list", Some(document.span(list)));
            return Some(Table { columns: Known::Unknown(why), ..empty });
        }
        // What else stands in a field is for the tool that fills the table.
        let columns = read_columns(document, list, &mut Vec::new());
        return Some(Table { columns: Known::Known(Spanned::new(columns, document.span(list))), ..empty });
    }
    let settings = document.get(root, "bigquery")?;
    let partitioning = partitioning(document, settings);
    let clustering = document.get(settings, "clustering").and_then(|clustering| columns_of(document, clustering));
    if partitioning.is_none() && clustering.is_none() {
        return None;
    }
    let by_time = document.get(settings, "time_partitioning");
    let filter = by_time.and_then(|block| document.get(block, "require_partition_filter"));
    let filter = filter.and_then(|node| match document.value(node) {
        Value::Bool(value) => Some(Spanned::new(value, document.span(node))),
        _ => None,
    });
    Some(Table {
        partitioning: partitioning.into(),
        clustering: clustering.into(),
        require_partition_filter: filter.into(),
        ..empty
    })
}

/// Whether a tag stands where a field or a list of fields would: `- !include …`.
fn puts_in_fields(text: &str) -> bool {
    let is_tag = |line: &str| {
        let item = line.trim_start().trim_start_matches("- ").trim_start();
        item.starts_with('!') || item.strip_prefix("fields:").is_some_and(|value| value.trim_start().starts_with('!'))
    };
    text.lines().any(is_tag)
}

/// The table that the three folders around a file name; names of ours, not of some other folder of configuration.
pub fn table_of(path: &RepoPath) -> Option<TableId> {
    let mut folders = path.folder().rsplit('/');
    let (table, dataset, project) = (folders.next()?, folders.next()?, folders.next()?);
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_project =
        project.len() >= 6 && project.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    // Folders above name no project: the layout begins below another folder.
    (is_name(table) && is_name(dataset) && is_project && folders.next().is_some())
        .then(|| TableId::new(Some(project), dataset, table))
}

fn partitioning(document: &Document, settings: NodeId) -> Option<Spanned<Partitioning>> {
    let block = document.get(settings, "time_partitioning")?;
    let kind = PartitionKind::from_name(document.get(block, "type").and_then(|node| document.str(node))?);
    let column = document.get(block, "field").and_then(|node| text(document, node));
    let expiration_days = document.get(block, "expiration_days").and_then(|node| match document.value(node) {
        Value::Int(days) => Some(Spanned::new(days as f64, document.span(node))),
        Value::Float(days) => Some(Spanned::new(days, document.span(node))),
        _ => None,
    });
    Some(Spanned::new(Partitioning { kind, column, expiration_days: expiration_days.into(), range: None }, document.span(block)))
}

fn columns_of(document: &Document, clustering: NodeId) -> Option<Spanned<Vec<Spanned<String>>>> {
    let list = document.get(clustering, "fields")?;
    let columns: Option<Vec<_>> = document.sequence(list).iter().map(|node| text(document, *node)).collect();
    columns.filter(|columns| !columns.is_empty()).map(|columns| Spanned::new(columns, document.span(list)))
}

fn text(document: &Document, node: NodeId) -> Option<Spanned<String>> {
    Some(Spanned::new(document.str(node)?.to_owned(), document.span(node)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Side;

    fn table(path: &str, content: &str) -> Option<Table> {
        let path = RepoPath::new(path).expect("a plain path");
        let is_one = may_define(&path, content);
        is_one.then(|| read(FileId::from_index(0), &SourceFile::new(Side::Head, path, content.into()))).flatten()
    }

    #[test]
    fn a_folder_defines_a_table_by_two_files() {
        let schema = "fields:\n- name: day\n  type: DATE\n  mode: NULLABLE\n- name: tags\n  type: RECORD\n  mode: REPEATED\n  fields:\n  - name: key\n    type: STRING\n";
        let columns = table("sql/acme-prod/sales/orders_v1/schema.yaml", schema).expect("it is one");
        assert_eq!(columns.id.to_string(), "acme-prod.sales.orders_v1");
        let names = |columns: &[super::super::Column]| {
            columns.iter().map(|column| format!("{} {}", column.name, column.data_type)).collect::<Vec<_>>()
        };
        assert_eq!(names(columns.columns.value().expect("columns")), ["day DATE", "tags STRUCT"]);
        let metadata = "owners: [a@example.com]\nbigquery:\n  time_partitioning:\n    type: day\n    field: day\n    require_partition_filter: true\n    expiration_days: 775.0\n  clustering:\n    fields: [channel]\n";
        let cut = table("sql/acme-prod/sales/orders_v1/metadata.yaml", metadata).expect("it is one");
        let partitioning = cut.partitioning.value().expect("partitions");
        assert_eq!((partitioning.kind, partitioning.expiration_days.value()), (PartitionKind::Day, Some(&775.0)));
        assert_eq!(cut.require_partition_filter.value(), Some(&true));
        assert_eq!(cut.clustering.value().map(Vec::len), Some(1));
    }

    #[test]
    fn fields_that_another_tool_puts_in_are_not_known() {
        let schema = "fields:\n- name: a\n  type: RECORD\n  fields: !flatten-lists\n  - name: b\n    type: STRING\n  - !include-fields\n    table: c\n";
        let found = table("sql/acme-prod/sales/orders_v1/schema.yaml", schema).expect("it is one");
        assert!(found.columns.why().is_some());
    }

    #[test]
    fn other_files_of_these_names_are_left_alone() {
        let schema = "fields:\n- name: day\n  type: DATE\n";
        assert!(table("schemas/schema.yaml", schema).is_none());
        assert!(table("sql/acme-prod/sales/orders v1/schema.yaml", schema).is_none());
        assert!(table("sql/acme-prod/sales/orders/schema.yaml", "fields:\n- question: why\n").is_none());
        assert!(table("sql/acme-prod/sales/orders/metadata.yaml", "bigquery: null\n").is_none());
    }
}
