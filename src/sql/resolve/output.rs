//! The columns that a query gives, with the shapes of the base columns that they are. Knows the graph, and no SQL.

use super::graph::{ColumnId, Graph, Path, RelationId, ScanId, Source, joined};
use crate::sql::ColumnShape;

impl Graph {
    /// The columns that a query gives; `None` when not all of their names are known.
    pub(super) fn outputs(&self, root: RelationId) -> Option<Vec<ColumnShape>> {
        let relation = &self.relations[root];
        let is_named = relation.open.is_empty() && relation.columns.iter().all(|(name, _)| !name.is_empty());
        is_named.then(|| relation.columns.iter().map(|(name, column)| self.shape(name, *column)).collect())
    }

    /// The shape of the base column that this one is; a shape without a type when it is computed.
    fn shape(&self, name: &str, column: ColumnId) -> ColumnShape {
        let unknown = ColumnShape { name: name.to_owned(), data_type: String::new(), repeated: false, fields: Vec::new() };
        let (mut id, mut path) = (column, Path::new());
        // Recursive queries go in circles.
        for _ in 0..=self.columns.len() {
            let column = &self.columns[id];
            match &column.source {
                Source::Base(scan) => {
                    let found = self.base_shape(*scan, &column.name, &path);
                    return found.map_or(unknown, |shape| ColumnShape { name: name.to_owned(), ..shape.clone() });
                }
                Source::Same(inner, below) => {
                    path = joined(below, &path);
                    id = *inner;
                }
                Source::Branches(_) | Source::Computed(_) => break,
            }
        }
        unknown
    }

    /// `None` when an array lies on the way: its elements or the whole, the path does not tell.
    fn base_shape(&self, scan: ScanId, name: &str, path: &Path) -> Option<&ColumnShape> {
        let find = |list: &'_ [ColumnShape], name: &str| list.iter().position(|one| one.name.eq_ignore_ascii_case(name));
        let columns = &self.bases[scan].shape.columns;
        let mut shape = columns.get(find(columns, name)?)?;
        for field in path {
            shape = shape.fields.get(find(&shape.fields, field)?).filter(|_| !shape.repeated)?;
        }
        (!shape.repeated).then_some(shape)
    }
}
