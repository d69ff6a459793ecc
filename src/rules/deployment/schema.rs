//! Whether the Google provider changes the schema of a table in place, as its own function decides
//! (`resourceBigQueryTableSchemaIsChangeable`), and what BigQuery can do with a statement of its own.

use super::{Cause, Way};
use crate::model::table::{Mode, Table, TableKind};
use crate::model::{Column, TableId};
use std::collections::BTreeMap;

/// Why the provider would make the table anew; none where it changes the schema in place.
pub(super) fn causes(base: &Table, head: &Table, has_row_policy: bool) -> Vec<Cause> {
    let Some((of_base, of_head)) = base.columns.value().zip(head.columns.value()) else { return Vec::new() };
    let mut comparison = Comparison { base, is_external: head.kind == TableKind::External, has_row_policy, causes: Vec::new() };
    comparison.level(of_base, of_head, "");
    comparison.causes
}

struct Comparison<'a> {
    base: &'a Table,
    is_external: bool,
    /// With a policy on its rows, a table keeps its columns.
    has_row_policy: bool,
    causes: Vec<Cause>,
}

impl Comparison<'_> {
    /// The provider knows columns by their names, as they are written.
    fn level(&mut self, base: &[Column], head: &[Column], prefix: &str) {
        let of_base: BTreeMap<&str, &Column> = base.iter().map(|column| (column.name.as_str(), column)).collect();
        let of_head: BTreeMap<&str, &Column> = head.iter().map(|column| (column.name.as_str(), column)).collect();
        let added: Vec<&Column> = head.iter().filter(|column| !of_base.contains_key(column.name.as_str())).collect();
        let dropped: Vec<&Column> = base.iter().filter(|column| !of_head.contains_key(column.name.as_str())).collect();
        for column in added.iter().filter(|column| column.mode == Mode::Required) {
            let text = format!("column `{prefix}{}` is added as REQUIRED", column.name);
            let way = Way::Other("add the column as NULLABLE: no row that is there has a value".to_owned());
            self.causes.push(Cause { text, place: Some(column.name_span), before: None, way });
        }
        match (prefix.is_empty() && !self.is_external && !self.has_row_policy, dropped.as_slice(), added.as_slice()) {
            (_, [], _) | (true, _, []) => {}
            (true, [was], [is]) => self.renamed(was, is, base, head),
            (is_top, dropped, added) => self.dropped(is_top, dropped, added.first().copied(), prefix),
        }
        for (name, was) in &of_base {
            if let Some(is) = of_head.get(name) {
                self.column(was, is, prefix);
            }
        }
    }

    fn renamed(&mut self, was: &Column, is: &Column, base: &[Column], head: &[Column]) {
        let position = |columns: &[Column], column: &Column| columns.iter().position(|other| other.name == column.name);
        let is_rename = was.data_type == is.data_type && was.mode == is.mode && position(base, was) == position(head, is);
        if !is_rename {
            return self.dropped(true, &[was], Some(is), "");
        }
        let text = format!("column `{}` is now called `{}`", was.name, is.name);
        let way = self.statement(was, format!("RENAME COLUMN `{}` TO `{}`", was.name, is.name));
        self.causes.push(Cause { text, place: Some(is.name_span), before: Some(was.name_span), way });
    }

    /// Columns that go: in a record, in an external table, or in one change with columns that come.
    fn dropped(&mut self, is_top: bool, dropped: &[&Column], added: Option<&Column>, prefix: &str) {
        let names: Vec<String> = dropped.iter().map(|column| format!("`{prefix}{}`", column.name)).collect();
        let n = if dropped.len() == 1 { "column" } else { "columns" };
        let (why, way) = match (is_top, dropped.first()) {
            (true, Some(first)) => {
                let drops: Vec<String> = dropped.iter().map(|column| format!("DROP COLUMN `{}`", column.name)).collect();
                (" in the same change in which others come", self.statement(first, drops.join(", ")))
            }
            _ if self.is_external => {
                (" from an external table", Way::Other("the files stay: only the definition is made anew".to_owned()))
            }
            _ if prefix.is_empty() => (
                " from a table with a policy on its rows",
                Way::Other("remove the row access policies first, and the column in the change after".to_owned()),
            ),
            _ => (
                " from a record",
                Way::Other("leave the field in the schema, or fill a table of the new form beside this one".to_owned()),
            ),
        };
        let text = format!("{n} {} {}{why}", names.join(", "), if dropped.len() == 1 { "goes" } else { "go" });
        let before = dropped.first().map(|column| column.name_span);
        self.causes.push(Cause { text, place: added.map(|column| column.name_span), before, way });
    }

    fn column(&mut self, base: &Column, head: &Column, prefix: &str) {
        let name = format!("{prefix}{}", head.name);
        if base.data_type != head.data_type {
            let text = format!("column `{name}` changes its type from {} to {}", base.data_type, head.data_type);
            let way = match prefix.is_empty() && base.mode != Mode::Repeated && widens(&base.data_type, &head.data_type) {
                true => self.statement(base, format!("ALTER COLUMN `{name}` SET DATA TYPE {}", head.type_text())),
                false => Way::Other(format!(
                    "BigQuery cannot make {} of {} in place: add a column beside it, or write the rows to a new table",
                    head.data_type, base.data_type
                )),
            };
            return self.causes.push(Cause { text, place: Some(head.type_span), before: Some(base.type_span), way });
        }
        let may_change = base.mode == head.mode || (base.mode, head.mode) == (Mode::Required, Mode::Nullable);
        if !may_change {
            let text = format!("column `{name}` changes its mode from {} to {}", base.mode.name(), head.mode.name());
            let way = Way::Other(
                "BigQuery has no way to do that in place: leave the mode, or write the rows to a new table".to_owned(),
            );
            self.causes.push(Cause { text, place: Some(head.name_span), before: Some(base.name_span), way });
        }
        self.level(&base.fields, &head.fields, &format!("{name}."));
    }

    /// What BigQuery does in place, unless the column cuts or orders the table.
    fn statement(&self, column: &Column, action: String) -> Way {
        let is = |name: &str| name.eq_ignore_ascii_case(&column.name);
        let cuts = self.base.partitioning.value().and_then(|partitioning| partitioning.column.as_ref());
        let orders = self.base.clustering.value().map_or(&[][..], Vec::as_slice);
        if cuts.is_some_and(|name| is(&name.value)) || orders.iter().any(|name| is(&name.value)) {
            return Way::Other("the table is partitioned or clustered by the column: write the rows to a new table".to_owned());
        }
        match &self.base.id {
            TableId::Named { .. } => Way::Statement(format!("ALTER TABLE `{}` {action}", self.base.id)),
            TableId::Address(_) => Way::Statement(format!("ALTER TABLE … {action}")),
        }
    }
}

/// What `ALTER COLUMN … SET DATA TYPE` takes.
fn widens(base: &str, head: &str) -> bool {
    matches!((base, head), ("INT64", "NUMERIC" | "BIGNUMERIC" | "FLOAT64") | ("NUMERIC", "BIGNUMERIC" | "FLOAT64"))
}
