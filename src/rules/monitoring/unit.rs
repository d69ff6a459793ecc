//! A price for a TiB times a number of decimal terabytes.

use super::money::Money;
use super::{reckonings, subject};
use crate::diagnostic::Applicability;
use crate::rules::sql::edit;
use crate::rules::{Context, Sink};

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (query, reckoning) in reckonings(context) {
        for money in reckoning.products.iter().filter_map(Money::of).filter(Money::is_per_terabyte) {
            let Some(first) = money.units.iter().min_by_key(|unit| unit.range.start) else { continue };
            let message =
                "bytes are divided by a terabyte of 10^12, and the price is for a TiB of 2^40: all sums are 9.95 % too high";
            let diagnostic = sink.report(subject(query), query.map.span(first.range.clone()), message);
            diagnostic.help("divide by `POW(2, 40)`");
            diagnostic.detail(money.product.name.clone().unwrap_or_default());
            let is_one = money.units.len() == 1 && first.is_divisor;
            let fix = edit::replace(query, first.range.clone(), "POW(2, 40)", "divide by a TiB", Applicability::Safe);
            if let Some(fix) = fix.filter(|_| is_one) {
                diagnostic.fix(fix);
            }
        }
    }
}
