//! `*`, `t.*` and `value.*`: which columns they stand for.

use super::from::VALUE;
use super::graph::{Open, Path, Relation, Source, Type};
use super::mistake::Place;
use super::scope::{Item, Scope, Value, ident_range};
use super::select::Outputs;
use super::{Resolver, filter};
use crate::sql::Star;
use crate::sql::parse::token;
use sqlparser::ast::{ExceptSelectItem, Ident, SelectItemQualifiedWildcardKind, WildcardAdditionalOptions};
use std::collections::BTreeSet;

impl Resolver<'_> {
    pub(super) fn qualified_star(
        &mut self,
        kind: &SelectItemQualifiedWildcardKind,
        options: &WildcardAdditionalOptions,
        scope: &Scope<'_>,
        out: &mut Outputs,
    ) {
        let value = match kind {
            SelectItemQualifiedWildcardKind::ObjectName(name) => {
                let names = super::from::idents(name);
                let first = names.first().map(ident_range);
                if let ([name], Some(first)) = (names.as_slice(), first)
                    && let Some(item) = find_item(scope, name)
                {
                    return self.star(&[item], options, Some(first.start), scope, out);
                }
                self.name(&names, scope)
            }
            SelectItemQualifiedWildcardKind::Expr(expr) => self.value(expr, scope),
        };
        self.struct_star(value, options, scope, out);
    }

    /// `value.*`: the fields of a struct.
    fn struct_star(&mut self, value: Value, options: &WildcardAdditionalOptions, scope: &Scope<'_>, out: &mut Outputs) {
        let Type::Struct(fields) = value.data_type.clone() else {
            // The fields are not known: whatever is asked for comes from the whole value.
            let relation = self.graph.relation(Relation::default());
            let source =
                value.same.clone().map_or(Source::Computed(value.uses.clone()), |(column, path)| Source::Same(column, path));
            let column = self.graph.column(relation, VALUE, Type::Unknown, source);
            out.open.push(Open::Value(column));
            out.columns.push((VALUE.to_owned(), Value { same: None, ..value }));
            return;
        };
        let known: Vec<String> = fields.iter().map(|(name, _)| name.clone()).collect();
        self.named_in_star(options, &known);
        let changed = self.replaced(options, scope);
        for (name, data_type) in fields.iter().filter(|(name, _)| !is_excepted(name, options)) {
            let field = match (&value.same, take_replaced(&changed, name)) {
                (_, Some(new)) => new,
                (Some((column, path)), None) => {
                    let path = path.iter().cloned().chain([name.clone()]).collect();
                    Value::column(*column, path, data_type.clone(), value.at.clone())
                }
                (None, None) => Value::computed(value.uses.clone(), data_type.clone()),
            };
            out.columns.push((name.clone(), field));
        }
    }

    pub(super) fn star(
        &mut self,
        items: &[Item],
        options: &WildcardAdditionalOptions,
        start: Option<usize>,
        scope: &Scope<'_>,
        out: &mut Outputs,
    ) {
        let token = token::bytes(options.wildcard_token.0.span).unwrap_or_default();
        let range = start.unwrap_or(token.start)..token.end;
        let tables: Vec<String> = items.iter().filter_map(|item| item.base.clone()).collect();
        if !tables.is_empty() && self.source.place.is_none() {
            let is_of_one = items.len() == 1 && options.opt_replace.is_none() && options.opt_rename.is_none();
            let star = Star { range: range.clone(), tables, has_except: options.opt_except.is_some(), is_of_one };
            if !self.stars.contains(&star) {
                self.stars.push(star);
            }
        }
        let at = self.place(range);
        if items.iter().all(|item| self.graph.relations[item.relation].open.is_empty()) {
            let known: Vec<String> = items.iter().flat_map(|item| self.columns_of_item(item)).map(|(name, ..)| name).collect();
            self.named_in_star(options, &known);
        }
        let changed = self.replaced(options, scope);
        let mut merged_done: Vec<String> = Vec::new();
        for item in items {
            for (name, column, path) in self.columns_of_item(item) {
                let is_merged = items.len() > 1 && scope.merged.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name));
                let key = name.to_ascii_lowercase();
                if is_excepted(&name, options) || is_merged && merged_done.contains(&key) {
                    continue;
                }
                if is_merged {
                    merged_done.push(key);
                }
                let data_type = path
                    .iter()
                    .fold(self.graph.columns[column].data_type.clone(), |found, field| found.field(field).unwrap_or_default());
                let value = take_replaced(&changed, &name).unwrap_or_else(|| Value::column(column, path, data_type, at.clone()));
                out.columns.push((name, value));
            }
            let is_open = !self.graph.relations[item.relation].open.is_empty();
            if is_open {
                out.open.push(Open::Relation(item.relation));
            }
            match item.value {
                None if is_open && options.opt_except.is_some() => {
                    self.unresolved(at.clone(), "what `EXCEPT` leaves of columns that are not known is not known".to_owned());
                }
                None => out.rows_of.push(item.relation),
                Some(_) => {}
            }
        }
    }

    /// The columns that a star makes of a table; the fields, where the rows are structs.
    fn columns_of_item(&self, item: &Item) -> Vec<(String, usize, Path)> {
        let Some(value) = item.value else {
            let columns = self.graph.relations[item.relation].columns.iter();
            return columns.map(|(name, column)| (name.clone(), *column, Path::new())).collect();
        };
        match &self.graph.columns[value].data_type {
            Type::Struct(fields) => fields.iter().map(|(name, _)| (name.clone(), value, vec![name.clone()])).collect(),
            Type::Unknown | Type::Scalar | Type::Array(_) => vec![(item.alias.clone().unwrap_or_default(), value, Path::new())],
        }
    }

    /// What `EXCEPT` and `REPLACE` name must be there.
    fn named_in_star(&mut self, options: &WildcardAdditionalOptions, known: &[String]) {
        if options.opt_except.is_none() && options.opt_replace.is_none() {
            return;
        }
        let lower: BTreeSet<String> = known.iter().map(|name| name.to_ascii_lowercase()).collect();
        let excepted = options.opt_except.iter().flat_map(excepted);
        let replaced = options.opt_replace.iter().flat_map(|replace| &replace.items).map(|element| &element.column_name);
        for name in excepted.chain(replaced) {
            if !lower.contains(&name.value.to_ascii_lowercase()) && self.spend(known.len()) {
                self.unknown_name(&name.value, ident_range(name), Place::Star, known);
            }
        }
    }

    fn replaced(&mut self, options: &WildcardAdditionalOptions, scope: &Scope<'_>) -> Vec<(String, Value)> {
        let mut out = Vec::new();
        for element in options.opt_replace.iter().flat_map(|replace| &replace.items) {
            let mut value = self.value(&element.expr, scope);
            if value.at.end == 0 {
                value.at = self.place(filter::range_of(&element.expr, &self.source.text));
            }
            out.push((element.column_name.value.clone(), value));
        }
        out
    }
}

fn find_item(scope: &Scope<'_>, name: &Ident) -> Option<Item> {
    let mut level = Some(scope);
    while let Some(scope) = level {
        let found =
            scope.items.iter().find(|item| item.alias.as_deref().is_some_and(|alias| alias.eq_ignore_ascii_case(&name.value)));
        if let Some(item) = found {
            return Some(item.clone());
        }
        level = scope.parent;
    }
    None
}

fn take_replaced(changed: &[(String, Value)], name: &str) -> Option<Value> {
    changed.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
}

fn is_excepted(name: &str, options: &WildcardAdditionalOptions) -> bool {
    options.opt_except.iter().flat_map(excepted).any(|known| known.value.eq_ignore_ascii_case(name))
}

fn excepted(except: &ExceptSelectItem) -> impl Iterator<Item = &Ident> {
    std::iter::once(&except.first_element).chain(&except.additional_elements)
}
