//! Function calls: which arguments are names of units and no columns, what type comes out where names depend on it,
//! and windows.

use super::Resolver;
use super::constant::wrapper;
use super::graph::{Type, Use, Wrapped};
use super::scope::{Scope, Value};
use sqlparser::ast::{
    Expr, Function, FunctionArgumentClause, FunctionArgumentList, FunctionArguments, OrderByExpr, WindowSpec, WindowType,
};
use std::rc::Rc;

const UNITS: &[&str] = &[
    "MICROSECOND",
    "MILLISECOND",
    "SECOND",
    "MINUTE",
    "HOUR",
    "DAY",
    "DAYOFWEEK",
    "DAYOFYEAR",
    "WEEK",
    "ISOWEEK",
    "MONTH",
    "QUARTER",
    "YEAR",
    "ISOYEAR",
    "DATE",
    "TIME",
    "NFC",
    "NFKC",
    "NFD",
    "NFKD",
];

/// Functions that take a unit of time, or a normal form, as a bare word.
fn takes_unit(name: &str) -> bool {
    name.ends_with("_TRUNC") || name.ends_with("_DIFF") || matches!(name, "LAST_DAY" | "NORMALIZE" | "NORMALIZE_AND_CASEFOLD")
}

/// Functions that give one of their arguments back.
const KEEPS_TYPE: &[&str] = &[
    "ANY_VALUE",
    "COALESCE",
    "IFNULL",
    "IF",
    "MIN",
    "MAX",
    "MIN_BY",
    "MAX_BY",
    "FIRST_VALUE",
    "LAST_VALUE",
    "NTH_VALUE",
    "LAG",
    "LEAD",
    "NULLIF",
    "ARRAY_CONCAT",
    "ARRAY_CONCAT_AGG",
    "ARRAY_REVERSE",
    "ARRAY_SLICE",
    "ARRAY_FILTER",
    "ERROR",
];

const ARRAYS_OF_SCALARS: &[&str] = &[
    "GENERATE_ARRAY",
    "GENERATE_DATE_ARRAY",
    "GENERATE_TIMESTAMP_ARRAY",
    "SPLIT",
    "REGEXP_EXTRACT_ALL",
    "JSON_EXTRACT_ARRAY",
    "JSON_EXTRACT_STRING_ARRAY",
    "JSON_QUERY_ARRAY",
    "JSON_VALUE_ARRAY",
    "TO_CODE_POINTS",
    "APPROX_QUANTILES",
];

impl Resolver<'_> {
    pub(super) fn function(&mut self, function: &Function, scope: &Scope<'_>) -> Value {
        let name = function.name.to_string().to_ascii_uppercase();
        let short = short_name(function);
        self.notice_function(&name, function);
        let mut uses = Vec::new();
        let mut types = Vec::new();
        let mut wraps = None;
        match &function.args {
            FunctionArguments::None => {}
            FunctionArguments::Subquery(query) => {
                let value = self.subquery(query, scope);
                types.push(value.data_type);
                uses.extend(value.uses);
            }
            FunctionArguments::List(list) => {
                let first = self.arguments(&short, list, scope, &mut uses, &mut types);
                first.iter().for_each(|column| self.notice_payload(&short, function, column));
                let variables = std::sync::Arc::clone(&self.source.parsed);
                wraps = first.and_then(|inner| Some(inner.with(wrapper(&short, function, &variables.variables)?)));
                self.clauses(list, scope, &mut uses);
            }
        }
        uses.extend(self.reads_of_function(&function.name));
        if let FunctionArguments::List(list) = &function.parameters {
            self.arguments(&short, list, scope, &mut uses, &mut Vec::new());
        }
        self.order(&function.within_group, scope, &mut uses);
        if let Some(filter) = &function.filter {
            self.uses(filter, scope, &mut uses);
        }
        if let Some(window) = &function.over {
            self.n_windows += 1;
            self.window(window, scope, &mut uses);
        }
        let data_type = result_type(&short, &types, function);
        Value { uses, data_type, wraps, ..Value::default() }
    }

    /// The arguments; gives back the only column named, if it stands alone or within such functions.
    fn arguments(
        &mut self,
        name: &str,
        list: &FunctionArgumentList,
        scope: &Scope<'_>,
        uses: &mut Vec<Use>,
        types: &mut Vec<Type>,
    ) -> Option<Wrapped> {
        let mut only = None;
        for (at, argument) in list.args.iter().enumerate() {
            let Some(expr) = self.argument(argument) else { continue };
            if at > 0 && takes_unit(name) && is_unit(expr) || name == "WEEK" && is_weekday(expr) {
                continue;
            }
            if self.is_table_argument(expr) {
                uses.extend(self.table_argument(expr));
                continue;
            }
            let value = self.value(expr, scope);
            let bare = value.same.clone().map(Wrapped::bare).or(value.wraps);
            let is_first = only.is_none() && (at == 0 || at == 1 && (name == "FORMAT_TIMESTAMP" || name.ends_with("_DIFF")));
            only = if is_first { bare } else { only.filter(|_| value.uses.is_empty()) };
            types.push(value.data_type);
            uses.extend(value.uses);
        }
        only
    }

    fn clauses(&mut self, list: &FunctionArgumentList, scope: &Scope<'_>, uses: &mut Vec<Use>) {
        for clause in &list.clauses {
            match clause {
                FunctionArgumentClause::Where(expr) | FunctionArgumentClause::Limit(expr) => self.uses(expr, scope, uses),
                FunctionArgumentClause::Having(bound) => self.uses(&bound.1, scope, uses),
                FunctionArgumentClause::OrderBy(order) => self.order(order, scope, uses),
                FunctionArgumentClause::IgnoreOrRespectNulls(_)
                | FunctionArgumentClause::OnOverflow(_)
                | FunctionArgumentClause::Separator(_)
                | FunctionArgumentClause::JsonNullClause(_)
                | FunctionArgumentClause::JsonReturningClause(_) => {}
            }
        }
    }

    pub(super) fn order(&mut self, order: &[OrderByExpr], scope: &Scope<'_>, uses: &mut Vec<Use>) {
        for key in order {
            self.uses(&key.expr, scope, uses);
        }
    }

    fn window(&mut self, window: &WindowType, scope: &Scope<'_>, uses: &mut Vec<Use>) {
        match window {
            WindowType::WindowSpec(spec) => self.window_spec(spec, scope, uses),
            WindowType::NamedWindow(name) => named_window(&name.value, scope, uses),
        }
    }

    pub(super) fn window_spec(&mut self, spec: &WindowSpec, scope: &Scope<'_>, uses: &mut Vec<Use>) {
        if let Some(name) = &spec.window_name {
            named_window(&name.value, scope, uses);
        }
        for expr in &spec.partition_by {
            self.uses(expr, scope, uses);
        }
        self.order(&spec.order_by, scope, uses);
    }
}

/// The name without what stands before its last dot, in capitals.
pub(super) fn short_name(function: &Function) -> String {
    let name = function.name.to_string().to_ascii_uppercase();
    name.rsplit(['.', '`']).find(|part| !part.is_empty()).unwrap_or_default().to_owned()
}

fn named_window(name: &str, scope: &Scope<'_>, uses: &mut Vec<Use>) {
    let found = scope.windows.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    uses.extend(found.into_iter().flat_map(|(_, uses)| uses.iter().cloned()));
}

fn is_unit(expr: &Expr) -> bool {
    match expr {
        Expr::Identifier(name) => UNITS.iter().any(|unit| name.value.eq_ignore_ascii_case(unit)),
        Expr::Function(function) => function.name.to_string().eq_ignore_ascii_case("WEEK"),
        _ => false,
    }
}

fn is_weekday(expr: &Expr) -> bool {
    matches!(expr, Expr::Identifier(name) if name.value.to_ascii_uppercase().ends_with("DAY"))
}

fn result_type(name: &str, types: &[Type], function: &Function) -> Type {
    let is_known = |data_type: &&Type| !matches!(data_type, Type::Unknown | Type::Scalar);
    let is_scalar = || !types.is_empty() && types.iter().all(|data_type| matches!(data_type, Type::Scalar));
    let found = types.iter().find(is_known).cloned().or_else(|| is_scalar().then_some(Type::Scalar));
    let array = |element: Type| Type::Array(Rc::new(element));
    match name {
        _ if ARRAYS_OF_SCALARS.contains(&name) => array(Type::Scalar),
        "APPROX_TOP_COUNT" | "APPROX_TOP_SUM" => {
            let value = types.first().cloned().unwrap_or_default();
            array(Type::Struct(Rc::new(vec![("value".to_owned(), value), (name.replace("APPROX_TOP_", ""), Type::Scalar)])))
        }
        "ARRAY_AGG" => Type::Array(Rc::new(types.first().cloned().unwrap_or_default())),
        "ARRAY" if matches!(function.args, FunctionArguments::Subquery(_)) => {
            Type::Array(Rc::new(types.first().cloned().unwrap_or_default()))
        }
        _ if KEEPS_TYPE.contains(&name) => found.unwrap_or_default(),
        _ => Type::Unknown,
    }
}
