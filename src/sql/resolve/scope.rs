//! What a name means at a place: the tables of `FROM`, their columns, the aliases of the select list, and the query
//! around it.

use super::Resolver;
use super::graph::{ColumnId, Path, RelationId, ScopeId, Type, Use, Wrapped};
use super::mistake::Place;
use crate::sql::parse::token;
use sqlparser::ast::Ident;
use std::ops::Range;

/// One table of `FROM`.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) alias: Option<String>,
    pub(super) relation: RelationId,
    /// The rows are plain values, and the alias names the value.
    pub(super) value: Option<ColumnId>,
    /// Named in `FROM` itself: a table or a view, as the catalog names it.
    pub(super) base: Option<String>,
    /// The whole path as written, which names the table too when it has no alias.
    pub(super) path: Option<String>,
    /// Only its alias leads to it: a pipe operator has changed the columns.
    pub(super) is_hidden: bool,
}

/// The names at a place.
#[derive(Debug, Default)]
pub(super) struct Scope<'s> {
    pub(super) id: ScopeId,
    pub(super) items: Vec<Item>,
    /// Columns that `USING` made one.
    pub(super) merged: Vec<(String, Vec<ColumnId>)>,
    /// The select list, where it can be named.
    pub(super) aliases: Vec<(String, Value)>,
    pub(super) prefers_aliases: bool,
    pub(super) windows: Vec<(String, Vec<Use>)>,
    pub(super) parent: Option<&'s Scope<'s>>,
}

/// What an expression needs, and what it is if it is no more than a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Value {
    pub(super) uses: Vec<Use>,
    pub(super) data_type: Type,
    pub(super) same: Option<(ColumnId, Path)>,
    pub(super) wraps: Option<Wrapped>,
    pub(super) at: Range<usize>,
    pub(super) chain: Option<std::rc::Rc<super::reckoning::Chain>>,
}

impl Value {
    /// A column, or a field of one.
    pub(super) fn column(column: ColumnId, path: Path, data_type: Type, at: Range<usize>) -> Value {
        let uses = vec![Use::Column { column, path: path.clone(), at: at.clone() }];
        Value { uses, data_type, same: Some((column, path)), wraps: None, at, chain: None }
    }

    pub(super) fn computed(uses: Vec<Use>, data_type: Type) -> Value {
        Value { uses, data_type, ..Value::default() }
    }
}

/// How a name was met.
enum Met {
    Value(Value),
    /// Nothing here has it, but these may.
    Maybe(Vec<RelationId>),
    Nothing,
}

impl Resolver<'_> {
    /// What a path of names stands for; says so when it stands for nothing.
    pub(super) fn name(&mut self, names: &[Ident], scope: &Scope<'_>) -> Value {
        let Some(first) = names.first() else { return Value::default() };
        let range = range_of(names);
        let at = self.place(range.clone());
        if first.value.starts_with('@') || self.source.parsed.not_columns.contains(&range.start) {
            return Value::default();
        }
        if self.is_hole(&range) {
            let message = "what the template puts here is not known".to_owned();
            self.unresolved(range, message);
            return Value::default();
        }
        let mut maybe: Vec<RelationId> = Vec::new();
        if !self.spend(size_of(scope)) {
            return Value::default();
        }
        let mut level = Some(scope);
        while let Some(scope) = level {
            match self.meet(names, scope, &at) {
                Met::Value(value) => return value,
                Met::Maybe(relations) => maybe.extend(relations),
                Met::Nothing => {}
            }
            level = scope.parent;
        }
        if self.is_declared(&first.value) {
            return Value::default();
        }
        self.guess(names, &maybe, scope, range)
    }

    fn is_declared(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        self.locals.contains(&name) || self.source.parsed.variables.contains_key(&name)
    }

    fn meet(&mut self, names: &[Ident], scope: &Scope<'_>, at: &Range<usize>) -> Met {
        let Some((first, rest)) = names.split_first() else { return Met::Nothing };
        if scope.prefers_aliases
            && let Some(value) = self.alias(first, rest, scope)
        {
            return Met::Value(value);
        }
        if let Some(value) = self.qualified(first, rest, scope, at) {
            return Met::Value(value);
        }
        let merged = scope.merged.iter().find(|(name, _)| name.eq_ignore_ascii_case(&first.value));
        if let Some((_, columns)) = merged {
            return Met::Value(self.merged(columns, rest, at));
        }
        let found: Vec<ColumnId> = scope.items.iter().flat_map(|item| self.columns_of(item, &first.value)).collect();
        if let Some(value) = self.one_of(&found, rest, at) {
            self.one_meaning(first, &found, scope);
            return Met::Value(value);
        }
        if let Some(value) = self.pseudo_column(first, scope, at) {
            return Met::Value(value);
        }
        if let Some(value) = self.alias(first, rest, scope) {
            return Met::Value(value);
        }
        let open = scope.items.iter().filter(|item| !item.is_hidden && self.is_open(item.relation)).map(|item| item.relation);
        let open: Vec<RelationId> = open.collect();
        if open.is_empty() { Met::Nothing } else { Met::Maybe(open) }
    }

    fn is_open(&self, relation: RelationId) -> bool {
        !self.graph.relations[relation].open.is_empty()
    }

    /// Columns, and fields of the value when the rows are values.
    pub(super) fn columns_of(&mut self, item: &Item, name: &str) -> Vec<ColumnId> {
        if item.is_hidden {
            return Vec::new();
        }
        let found = self.graph.named(item.relation, name);
        if !found.is_empty() {
            return found;
        }
        let Some(value) = item.value else { return found };
        let Some(data_type) = self.graph.columns[value].data_type.field(name) else { return found };
        let source = super::graph::Source::Same(value, vec![name.to_owned()]);
        vec![self.graph.column(item.relation, name, data_type, source)]
    }

    fn alias(&mut self, first: &Ident, rest: &[Ident], scope: &Scope<'_>) -> Option<Value> {
        let found = scope.aliases.iter().find(|(name, _)| name.eq_ignore_ascii_case(&first.value));
        let (_, value) = found?;
        Some(self.fields(value.clone(), rest))
    }

    /// `alias`, `alias.column`, `dataset.table.column`.
    fn qualified(&mut self, first: &Ident, rest: &[Ident], scope: &Scope<'_>, at: &Range<usize>) -> Option<Value> {
        let item = scope.items.iter().find(|item| is_alias(item, &first.value))?.clone();
        let item = Item { is_hidden: false, ..item };
        let Some((second, below)) = rest.split_first() else { return Some(self.row(&item, at)) };
        let found = self.columns_of(&item, &second.value);
        if let Some(value) = self.one_of(&found, below, at) {
            self.one_meaning(second, &found, scope);
            return Some(value);
        }
        if let Some(column) = self.pseudo(item.relation, &second.value) {
            return Some(Value::column(column, Path::new(), Type::Scalar, at.clone()));
        }
        // A column that has the name of the table: `FROM t, t.t`.
        let columns: Vec<ColumnId> = scope.items.iter().flat_map(|other| self.columns_of(other, &first.value)).collect();
        let has_field = |column: &ColumnId| self.graph.columns[*column].data_type.field(&second.value).is_some();
        if columns.iter().any(has_field) {
            return self.one_of(&columns, rest, at);
        }
        if let Some(column) = self.graph.guessed(item.relation, &second.value) {
            let value = Value::column(column, Path::new(), Type::Unknown, at.clone());
            return Some(self.fields(value, below));
        }
        if let Some(value) = item.value.filter(|value| matches!(self.graph.columns[*value].data_type, Type::Scalar)) {
            // What is no struct may be JSON, whose fields no schema lists.
            return Some(self.fields(Value::column(value, Path::new(), Type::Scalar, at.clone()), rest));
        }
        let known: Vec<String> = self.names_of(&item);
        self.unknown_name(&second.value, ident_range(second), Place::Table(&first.value), &known);
        Some(Value::default())
    }

    pub(super) fn names_of(&self, item: &Item) -> Vec<String> {
        self.graph.relations[item.relation].columns.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The whole row.
    pub(super) fn row(&mut self, item: &Item, at: &Range<usize>) -> Value {
        if let Some(value) = item.value {
            let data_type = self.graph.columns[value].data_type.clone();
            return Value::column(value, Path::new(), data_type, at.clone());
        }
        let columns = self.graph.relations[item.relation].columns.clone();
        let mut uses: Vec<Use> =
            columns.iter().map(|(_, column)| Use::Column { column: *column, path: Path::new(), at: at.clone() }).collect();
        uses.extend([Use::Relation(item.relation), Use::Row(item.relation)]);
        let fields = columns.iter().map(|(name, column)| (name.clone(), self.graph.columns[*column].data_type.clone()));
        let data_type =
            if self.is_open(item.relation) { Type::Unknown } else { Type::Struct(std::rc::Rc::new(fields.collect())) };
        Value::computed(uses, data_type)
    }

    fn merged(&mut self, columns: &[ColumnId], rest: &[Ident], at: &Range<usize>) -> Value {
        let mut out = Value::default();
        for column in columns {
            let data_type = self.graph.columns[*column].data_type.clone();
            let value = self.fields(Value::column(*column, Path::new(), data_type, at.clone()), rest);
            out.uses.extend(value.uses);
            out.data_type = value.data_type;
            out.same = out.same.or(value.same);
        }
        // The first is the side whose rows are kept; the others are read by the join in any case.
        out.at = at.clone();
        out
    }

    /// One column, or every one of them when the name is ambiguous.
    fn one_of(&mut self, columns: &[ColumnId], rest: &[Ident], at: &Range<usize>) -> Option<Value> {
        let (first, others) = columns.split_first()?;
        let data_type = self.graph.columns[*first].data_type.clone();
        let mut value = self.fields(Value::column(*first, Path::new(), data_type, at.clone()), rest);
        for other in others {
            value.uses.push(Use::Column { column: *other, path: Path::new(), at: at.clone() });
            value.same = None;
        }
        Some(value)
    }

    /// `value.a.b`.
    pub(super) fn fields(&mut self, mut value: Value, rest: &[Ident]) -> Value {
        for field in rest {
            value = self.field(value, &field.value, ident_range(field));
        }
        value
    }

    fn field(&mut self, value: Value, name: &str, range: Range<usize>) -> Value {
        let data_type = match (&value.data_type, value.data_type.field(name)) {
            (_, Some(found)) => found,
            // One without a name may have got one where it was put beside others.
            (Type::Struct(fields), None) if fields.iter().all(|(name, _)| !name.is_empty()) => {
                let known: Vec<String> = fields.iter().map(|(name, _)| name.clone()).collect();
                self.unknown_name(name, range, Place::Struct, &known);
                return value;
            }
            (Type::Unknown | Type::Scalar | Type::Array(_) | Type::Struct(_), None) => Type::Unknown,
        };
        let end = self.place(range).end;
        let Some((column, mut path)) = value.same else { return Value { data_type, ..value } };
        path.push(name.to_owned());
        let at = value.at.start.min(end)..value.at.end.max(end);
        Value::column(column, path, data_type, at)
    }

    fn pseudo_column(&mut self, name: &Ident, scope: &Scope<'_>, at: &Range<usize>) -> Option<Value> {
        let mut columns = Vec::new();
        for item in &scope.items {
            columns.extend(self.pseudo(item.relation, &name.value));
        }
        self.one_of(&columns, &[], at)
    }

    /// A column that no schema lists.
    fn pseudo(&mut self, relation: RelationId, name: &str) -> Option<ColumnId> {
        const PSEUDO: &[&str] =
            &["_PARTITIONTIME", "_PARTITIONDATE", "_TABLE_SUFFIX", "_FILE_NAME", "_CHANGE_TYPE", "_CHANGE_TIMESTAMP"];
        let scan = self.graph.relations[relation].scan?;
        let name = PSEUDO.iter().find(|known| known.eq_ignore_ascii_case(name))?;
        let base = &self.graph.bases[scan];
        let is_wildcard = base.kind == crate::sql::ScanKind::Wildcard;
        let by_time = base.shape.partition_column.as_deref().is_some_and(|column| column.starts_with('_'));
        let may_have = match *name {
            "_TABLE_SUFFIX" => is_wildcard,
            "_PARTITIONTIME" | "_PARTITIONDATE" => {
                by_time || !base.is_known || is_wildcard || base.shape.partition_column.is_none()
            }
            _ => true,
        };
        if !may_have {
            return None;
        }
        let found = self.graph.columns.iter().position(|column| column.relation == relation && column.name == *name);
        let source = super::graph::Source::Base(scan);
        Some(found.unwrap_or_else(|| self.graph.column(relation, name, Type::Scalar, source)))
    }

    /// Nothing is known to have the name: the only table that may have it gets it.
    fn guess(&mut self, names: &[Ident], maybe: &[RelationId], scope: &Scope<'_>, range: Range<usize>) -> Value {
        let Some((first, rest)) = names.split_first() else { return Value::default() };
        let at = self.place(range.clone());
        if maybe.is_empty() {
            let mut known: Vec<String> = Vec::new();
            let scope_of_name = scope;
            let mut level = Some(scope);
            while let Some(scope) = level {
                known.extend(scope.items.iter().flat_map(|item| self.names_of(item)));
                level = scope.parent;
            }
            // Where there is no table at all, a script that is not before us may have declared the name.
            let has_table = std::iter::successors(Some(scope_of_name), |scope| scope.parent).any(|scope| !scope.items.is_empty());
            let place = if has_table { Place::Scope } else { Place::Nowhere };
            self.unknown_name(&first.value, ident_range(first), place, &known);
            return Value::default();
        }
        // What may be anybody's goes to all of them, and is traced and walked for each.
        if !self.spend(maybe.len() * 8) {
            return Value::default();
        }
        if maybe.len() > 1 {
            let message = format!("`{}` may be a column of several tables whose schema is not known", first.value);
            self.unresolved(range, message);
        }
        let columns: Vec<ColumnId> = maybe.iter().filter_map(|relation| self.graph.guessed(*relation, &first.value)).collect();
        self.one_of(&columns, rest, &at).unwrap_or_default()
    }
}

/// How much there is to look through, here and around.
fn size_of(scope: &Scope<'_>) -> usize {
    let around = std::iter::successors(Some(scope), |scope| scope.parent);
    around.map(|scope| scope.items.len() + scope.aliases.len() / 8 + scope.merged.len() / 8 + 1).sum()
}

fn is_alias(item: &Item, name: &str) -> bool {
    let names = [item.alias.as_deref(), item.path.as_deref()];
    names.into_iter().flatten().any(|known| known.eq_ignore_ascii_case(name))
}

/// Bytes of a name.
pub(super) fn ident_range(ident: &Ident) -> Range<usize> {
    token::bytes(ident.span).unwrap_or_default()
}

/// Bytes from the first name to the last.
pub(super) fn range_of(names: &[Ident]) -> Range<usize> {
    let start = names.first().map(ident_range).unwrap_or_default().start;
    let end = names.last().map(ident_range).unwrap_or_default().end;
    start..end.max(start)
}
