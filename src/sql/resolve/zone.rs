//! In which time zone an expression cuts instants into days, or into what is longer.

use super::Resolver;
use super::function::short_name;
use crate::sql::reckoning::Zone;
use sqlparser::ast::{DataType, DateTimeField, Expr, Function, SelectItem};

/// Deeper calls are not followed.
const DEPTH: usize = 20;
/// Parts of a day.
const PARTS: [&str; 5] = ["HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND"];

/// What a call is made of, and how it cuts that.
type Cut<'e> = (&'e Expr, Option<Zone>);

impl Resolver<'_> {
    /// `None` where no day is cut, as far as is written here. The innermost call says it.
    pub(super) fn zone(&self, expr: &Expr) -> Option<Zone> {
        let (mut expr, mut found) = (expr, None);
        for _ in 0..DEPTH {
            let Some((inner, zone)) = self.cut(expr) else { break };
            found = zone.or(found);
            expr = inner;
        }
        found
    }

    fn cut<'e>(&self, expr: &'e Expr) -> Option<Cut<'e>> {
        match expr {
            Expr::Nested(inner) => Some((inner, None)),
            Expr::Cast { expr, data_type: DataType::Date | DataType::Datetime(_), .. } => Some((expr, Some(Zone::Utc))),
            Expr::Cast { expr, .. } => Some((expr, None)),
            Expr::Extract { field, expr, .. } if is_part(field) => Some((expr, None)),
            Expr::Extract { expr, .. } => Some(match &**expr {
                Expr::AtTimeZone { timestamp, time_zone } => (timestamp, Some(named(Some(time_zone)))),
                other => (other, Some(Zone::Utc)),
            }),
            // Hours that are added or taken away stand for a zone, or for something else.
            Expr::BinaryOp { left, .. } => Some((left, Some(Zone::Unknown))),
            Expr::Function(function) => self.cut_of_call(function),
            _ => None,
        }
    }

    fn cut_of_call<'e>(&self, function: &'e Function) -> Option<Cut<'e>> {
        let arguments = self.arguments_of(function);
        let at = |at: usize| arguments.get(at).copied();
        match short_name(function).as_str() {
            "DATE" | "DATETIME" => Some((at(0)?, Some(named(at(1))))),
            "TIMESTAMP_TRUNC" | "DATETIME_TRUNC" | "DATE_TRUNC" => {
                let is_part = at(1).is_some_and(|part| PARTS.iter().any(|name| part.to_string().eq_ignore_ascii_case(name)));
                Some((at(0)?, (!is_part).then(|| named(at(2)))))
            }
            "FORMAT_TIMESTAMP" => Some((at(1)?, Some(named(at(2))))),
            "FORMAT_DATE" | "FORMAT_DATETIME" => Some((at(1)?, None)),
            "TIMESTAMP_ADD" | "TIMESTAMP_SUB" | "DATETIME_ADD" | "DATETIME_SUB" => Some((at(0)?, Some(Zone::Unknown))),
            _ => Some((at(0)?, None)),
        }
    }
}

fn is_part(field: &DateTimeField) -> bool {
    PARTS.iter().any(|name| field.to_string().eq_ignore_ascii_case(name))
}

fn named(zone: Option<&Expr>) -> Zone {
    match zone {
        None => Zone::Utc,
        Some(Expr::Value(value)) => value.value.clone().into_string().map_or(Zone::Unknown, Zone::Named),
        Some(_) => Zone::Unknown,
    }
}

/// What a key of `GROUP BY` stands for: an output by its number or its alias, or what is written.
pub(super) fn written<'e>(key: &'e Expr, outputs: &'e [SelectItem]) -> &'e Expr {
    let by_name = |name: &str| {
        outputs.iter().find_map(|item| match item {
            SelectItem::ExprWithAlias { expr, alias } if alias.value.eq_ignore_ascii_case(name) => Some(expr),
            _ => None,
        })
    };
    let by_number = |number: &str| match outputs.get(number.parse::<usize>().ok()?.checked_sub(1)?)? {
        SelectItem::ExprWithAlias { expr, .. } | SelectItem::UnnamedExpr(expr) => Some(expr),
        _ => None,
    };
    let found = match key {
        Expr::Identifier(name) => by_name(&name.value),
        Expr::Value(value) => by_number(&value.value.to_string()),
        _ => None,
    };
    found.unwrap_or(key)
}
