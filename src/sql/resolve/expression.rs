//! What an expression needs. Every kind of expression is listed, so that a new one cannot be forgotten.

use super::Resolver;
use super::graph::{Path, RelationId, Type, Use, Wrapped};
use super::scope::{Scope, Value, ident_range};
use crate::sql::condition::Wrapper;
use sqlparser::ast::{AccessExpr, ArrayElemTypeDef, DataType, Expr, FunctionArg, FunctionArgExpr, Query, StructField, Subscript};
use std::rc::Rc;

impl Resolver<'_> {
    /// What the expression needs, into `out`.
    pub(super) fn uses(&mut self, expr: &Expr, scope: &Scope<'_>, out: &mut Vec<Use>) {
        let (mut expr, mut outer) = (expr, None);
        // Long chains of operators lean to the left: walked, not called.
        while let Expr::BinaryOp { left, op, right } = expr {
            self.note_operator(expr, outer, scope);
            self.uses(right, scope, out);
            (expr, outer) = (left, Some(op));
        }
        let value = self.value(expr, scope);
        out.extend(value.uses);
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>, scope: &Scope<'_>) -> Value {
        let mut uses = Vec::new();
        for expr in exprs {
            self.uses(expr, scope, &mut uses);
        }
        Value::computed(uses, Type::Scalar)
    }

    /// What the expression is: a column that stays one, a struct, an array.
    pub(super) fn value(&mut self, expr: &Expr, scope: &Scope<'_>) -> Value {
        self.note(expr, scope);
        match expr {
            Expr::Identifier(name) => self.name(std::slice::from_ref(name), scope),
            Expr::CompoundIdentifier(names) => self.name(names, scope),
            Expr::CompoundFieldAccess { root, access_chain } => self.access(root, access_chain, scope),
            Expr::Nested(inner) => self.value(inner, scope),
            Expr::Named { expr, .. } => self.value(expr, scope),
            Expr::Cast { expr, data_type, .. } => self.cast(expr, data_type, scope),
            Expr::Function(function) => self.function(function, scope),
            Expr::Subquery(query) => self.subquery(query, scope),
            Expr::Struct { values, fields } => self.structure(values, fields, scope),
            Expr::Array(array) => self.array(&array.elem, scope),
            Expr::BinaryOp { .. } => {
                let mut uses = Vec::new();
                self.uses(expr, scope, &mut uses);
                Value::computed(uses, Type::Scalar)
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), scope)
            }
            Expr::Exists { subquery, .. } => self.exists(subquery, scope),
            Expr::InSubquery { expr, subquery, .. } => {
                let mut value = self.all([&**expr], scope);
                let found = self.subquery(subquery, scope).uses;
                // The elements of an array are at hand, however often each is there.
                if self.graph.reads_table(&found) {
                    self.notice_semi_join(subquery);
                }
                value.uses.extend(found);
                value
            }
            _ => self.plain(expr, scope),
        }
    }

    /// Expressions that are no more than their parts.
    fn plain(&mut self, expr: &Expr, scope: &Scope<'_>) -> Value {
        match expr {
            Expr::IsFalse(e)
            | Expr::IsNotFalse(e)
            | Expr::IsTrue(e)
            | Expr::IsNotTrue(e)
            | Expr::IsNull(e)
            | Expr::IsNotNull(e)
            | Expr::IsUnknown(e)
            | Expr::IsNotUnknown(e)
            | Expr::OuterJoin(e)
            | Expr::Prior(e)
            | Expr::IsJson { expr: e, .. }
            | Expr::IsNormalized { expr: e, .. }
            | Expr::UnaryOp { expr: e, .. }
            | Expr::Convert { expr: e, .. }
            | Expr::Extract { expr: e, .. }
            | Expr::Ceil { expr: e, .. }
            | Expr::Floor { expr: e, .. }
            | Expr::Collate { expr: e, .. }
            | Expr::JsonAccess { value: e, .. }
            | Expr::Prefixed { value: e, .. } => self.all([&**e], scope),
            Expr::IsDistinctFrom(a, b)
            | Expr::IsNotDistinctFrom(a, b)
            | Expr::Position { expr: a, r#in: b }
            | Expr::AnyOp { left: a, right: b, .. }
            | Expr::AllOp { left: a, right: b, .. }
            | Expr::AtTimeZone { timestamp: a, time_zone: b }
            | Expr::InUnnest { expr: a, array_expr: b, .. }
            | Expr::Like { expr: a, pattern: b, .. }
            | Expr::ILike { expr: a, pattern: b, .. }
            | Expr::SimilarTo { expr: a, pattern: b, .. }
            | Expr::RLike { expr: a, pattern: b, .. } => self.all([&**a, &**b], scope),
            Expr::InList { expr, list, .. } => self.all(std::iter::once(&**expr).chain(list), scope),
            Expr::Between { expr, low, high, .. } => self.all([&**expr, &**low, &**high], scope),
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                let parts = [Some(expr), substring_from.as_ref(), substring_for.as_ref()];
                self.all(parts.into_iter().flatten().map(|part| &**part), scope)
            }
            Expr::Trim { trim_what, expr, trim_characters, .. } => {
                let parts = std::iter::once(&**expr).chain(trim_what.as_deref());
                self.all(parts.chain(trim_characters.iter().flatten()), scope)
            }
            Expr::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                let parts = [Some(expr), Some(overlay_what), Some(overlay_from), overlay_for.as_ref()];
                self.all(parts.into_iter().flatten().map(|part| &**part), scope)
            }
            Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => self.all(sets.iter().flatten(), scope),
            Expr::Tuple(values) => self.structure(values, &[], scope),
            Expr::Interval(interval) => self.all([&*interval.value], scope),
            Expr::Lambda(lambda) => self.lambda(lambda, scope),
            Expr::Value(value) => {
                self.literal(&value.value, value.span);
                Value::computed(Vec::new(), Type::Scalar)
            }
            Expr::TypedString(typed) => {
                self.literal(&typed.value.value, typed.value.span);
                Value::computed(Vec::new(), Type::Scalar)
            }
            Expr::Wildcard(_) => Value::computed(Vec::new(), Type::Scalar),
            _ => self.foreign(expr),
        }
    }

    /// Syntax of other databases, which the parser lets through.
    fn foreign(&mut self, expr: &Expr) -> Value {
        let range = super::filter::range_of(expr, &self.source.text);
        self.unresolved(range, "this expression is not understood, and what it reads is not counted".to_owned());
        Value::default()
    }

    fn cast(&mut self, expr: &Expr, data_type: &DataType, scope: &Scope<'_>) -> Value {
        let mut value = self.value(expr, scope);
        let inner = value.same.take().map(Wrapped::bare).or(value.wraps.take());
        value.wraps = inner.filter(|_| *data_type == DataType::Date).map(|inner| inner.with([Wrapper::Date]));
        // `ARRAY<STRUCT<…>>[…]` is kept as a cast: its elements' fields are named by the type.
        value.data_type = written_type(data_type);
        value
    }

    fn access(&mut self, root: &Expr, chain: &[AccessExpr], scope: &Scope<'_>) -> Value {
        let call = chain.iter().rposition(|part| matches!(part, AccessExpr::Dot(Expr::Function(_))));
        // `f(x).g(y)`, `dataset.f(x).y`: what stands before the call is its name.
        let (mut value, rest) = match call {
            Some(at) => (self.calls(chain.get(..=at).unwrap_or_default(), root, scope), chain.get(at + 1..).unwrap_or_default()),
            None => self.path(root, chain, scope),
        };
        for part in rest {
            value = self.step(value, part, scope);
        }
        value
    }

    /// The names at the begin are one path: `o.items[0]` is no field of the whole row `o`.
    fn path<'e>(&mut self, root: &Expr, chain: &'e [AccessExpr], scope: &Scope<'_>) -> (Value, &'e [AccessExpr]) {
        let mut names = match root {
            Expr::Identifier(name) => vec![name.clone()],
            Expr::CompoundIdentifier(names) => names.clone(),
            _ => return (self.value(root, scope), chain),
        };
        let mut rest = chain;
        while let Some((AccessExpr::Dot(part), after)) = rest.split_first() {
            match part {
                Expr::Identifier(name) => names.push(name.clone()),
                Expr::CompoundIdentifier(more) => names.extend(more.iter().cloned()),
                _ => break,
            }
            rest = after;
        }
        (self.name(&names, scope), rest)
    }

    fn calls(&mut self, chain: &[AccessExpr], root: &Expr, scope: &Scope<'_>) -> Value {
        let is_name = matches!(root, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
        let mut uses = if is_name { Vec::new() } else { self.value(root, scope).uses };
        for part in chain {
            if let AccessExpr::Dot(call @ Expr::Function(_)) = part {
                uses.extend(self.value(call, scope).uses);
            }
        }
        Value::computed(uses, Type::Unknown)
    }

    fn step(&mut self, value: Value, part: &AccessExpr, scope: &Scope<'_>) -> Value {
        match part {
            AccessExpr::Dot(Expr::Identifier(name)) => self.fields(value, std::slice::from_ref(name)),
            AccessExpr::Dot(Expr::CompoundIdentifier(names)) => self.fields(value, names),
            AccessExpr::Dot(other) => self.with_uses(value, &[other], scope),
            AccessExpr::Subscript(Subscript::Index { index }) => {
                let element = value.data_type.element();
                let (same, at) = (value.same.clone(), value.at.clone());
                let mut value = self.with_uses(value, &[index], scope);
                value.data_type = element;
                // An element is the column still, as far as leaves go, when the index reads nothing.
                value.same = if reads_nothing(index) { same } else { None };
                value.at = at;
                value
            }
            AccessExpr::Subscript(Subscript::Slice { .. }) => value,
        }
    }

    fn with_uses(&mut self, mut value: Value, exprs: &[&Expr], scope: &Scope<'_>) -> Value {
        for expr in exprs {
            self.uses(expr, scope, &mut value.uses);
        }
        value.same = None;
        value
    }

    fn structure(&mut self, values: &[Expr], fields: &[sqlparser::ast::StructField], scope: &Scope<'_>) -> Value {
        let mut uses = Vec::new();
        let mut types = Vec::new();
        for (at, expr) in values.iter().enumerate() {
            let value = self.value(expr, scope);
            let declared = fields.get(at).and_then(|field| field.field_name.as_ref()).map(|name| name.value.clone());
            types.push((declared.or_else(|| implied_name(expr)).unwrap_or_default(), value.data_type));
            uses.extend(value.uses);
        }
        Value::computed(uses, Type::Struct(Rc::new(types)))
    }

    fn array(&mut self, elements: &[Expr], scope: &Scope<'_>) -> Value {
        let mut uses = Vec::new();
        let mut element = Type::Unknown;
        for (at, expr) in elements.iter().enumerate() {
            let value = self.value(expr, scope);
            if at == 0 {
                element = value.data_type;
            }
            uses.extend(value.uses);
        }
        Value::computed(uses, Type::Array(Rc::new(element)))
    }

    fn case(
        &mut self,
        operand: Option<&Expr>,
        conditions: &[sqlparser::ast::CaseWhen],
        otherwise: Option<&Expr>,
        scope: &Scope<'_>,
    ) -> Value {
        let mut uses = Vec::new();
        for expr in operand.into_iter().chain(conditions.iter().map(|when| &when.condition)) {
            self.uses(expr, scope, &mut uses);
        }
        let mut data_type = Type::Unknown;
        for expr in conditions.iter().map(|when| &when.result).chain(otherwise) {
            let value = self.value(expr, scope);
            // The first names the fields of all.
            if matches!(data_type, Type::Unknown | Type::Scalar) {
                data_type = value.data_type;
            }
            uses.extend(value.uses);
        }
        Value::computed(uses, data_type)
    }

    /// A subquery of which every column counts.
    pub(super) fn subquery(&mut self, query: &Query, scope: &Scope<'_>) -> Value {
        let relation = self.query(query, Some(scope));
        let uses = self.all_of(relation);
        let data_type = self.row_type(query, relation);
        Value::computed(uses, data_type)
    }

    /// The rows of a relation with all columns.
    pub(super) fn all_of(&self, relation: RelationId) -> Vec<Use> {
        let columns = self.graph.relations[relation].columns.iter();
        let all = columns.map(|(_, column)| Use::Column { column: *column, path: Path::new(), at: 0..0 });
        std::iter::once(Use::Relation(relation)).chain(all).collect()
    }

    /// The select list of `EXISTS` counts, as it does for Google's analyzer; its star is no finding.
    fn exists(&mut self, query: &Query, scope: &Scope<'_>) -> Value {
        let before = std::mem::replace(&mut self.in_exists, true);
        let value = self.subquery(query, scope);
        self.in_exists = before;
        Value { data_type: Type::Scalar, ..value }
    }

    fn lambda(&mut self, lambda: &sqlparser::ast::LambdaFunction, scope: &Scope<'_>) -> Value {
        use sqlparser::ast::OneOrManyWithParens::{Many, One};
        let before = self.locals.len();
        match &lambda.params {
            One(parameter) => self.locals.push(parameter.name.value.to_ascii_lowercase()),
            Many(parameters) => {
                self.locals.extend(parameters.iter().map(|parameter| parameter.name.value.to_ascii_lowercase()));
            }
        }
        let value = self.all([&*lambda.body], scope);
        self.locals.truncate(before);
        value
    }

    /// An argument; `None` for `*`.
    pub(super) fn argument<'e>(&self, argument: &'e FunctionArg) -> Option<&'e Expr> {
        let (FunctionArg::Named { arg, .. } | FunctionArg::ExprNamed { arg, .. } | FunctionArg::Unnamed(arg)) = argument;
        match arg {
            FunctionArgExpr::Expr(expr) => Some(expr),
            FunctionArgExpr::QualifiedWildcard(_) | FunctionArgExpr::Wildcard | FunctionArgExpr::WildcardWithOptions(_) => None,
        }
    }

    /// The argument is marked as a table.
    pub(super) fn is_table_argument(&self, expr: &Expr) -> bool {
        let first = match expr {
            Expr::Identifier(name) => Some(name),
            Expr::CompoundIdentifier(names) => names.first(),
            _ => None,
        };
        first.is_some_and(|name| self.source.parsed.table_arguments.contains(&ident_range(name).start))
    }
}

/// As much of a type as names need.
fn written_type(data_type: &DataType) -> Type {
    match data_type {
        DataType::Array(ArrayElemTypeDef::AngleBracket(element) | ArrayElemTypeDef::Parenthesis(element)) => {
            Type::Array(Rc::new(written_type(element)))
        }
        DataType::Struct(fields, _) => {
            let name = |field: &StructField| field.field_name.as_ref().map(|name| name.value.clone()).unwrap_or_default();
            Type::Struct(Rc::new(fields.iter().map(|field| (name(field), written_type(&field.field_type))).collect()))
        }
        DataType::Array(_) | DataType::Custom(..) => Type::Unknown,
        _ => Type::Scalar,
    }
}

/// The name that a value has without an alias.
pub(super) fn implied_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(name) => Some(name.value.clone()),
        Expr::CompoundIdentifier(names) => names.last().map(|name| name.value.clone()),
        Expr::Named { name, .. } => Some(name.value.clone()),
        Expr::CompoundFieldAccess { access_chain, .. } => match access_chain.last() {
            Some(AccessExpr::Dot(Expr::Identifier(name))) => Some(name.value.clone()),
            Some(AccessExpr::Dot(Expr::CompoundIdentifier(names))) => names.last().map(|name| name.value.clone()),
            Some(AccessExpr::Dot(_) | AccessExpr::Subscript(_)) | None => None,
        },
        _ => None,
    }
}

/// `OFFSET(0)`, `SAFE_ORDINAL(1)`, `0`.
fn reads_nothing(index: &Expr) -> bool {
    match index {
        Expr::Value(_) => true,
        Expr::Function(function) => match &function.args {
            sqlparser::ast::FunctionArguments::List(list) => {
                list.args.iter().all(|argument| matches!(argument, FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(_)))))
            }
            _ => false,
        },
        _ => false,
    }
}
