//! Money that is reckoned from the bytes of jobs, and the rule on those that are not billed.

use super::{reckonings, subject};
use crate::diagnostic::Applicability;
use crate::estimate::price::is_list_price;
use crate::rules::sql::edit;
use crate::rules::{Context, Sink};
use crate::sql::reckoning::{Factor, Named, Product, SourceKind};

pub(super) const BILLED: &str = "total_bytes_billed";
pub(super) const PROCESSED: &str = "total_bytes_processed";

const TEBI: f64 = 1_099_511_627_776.0;
pub(super) const TERA: f64 = 1e12;

/// Parts of names that say money.
const WORDS: [&str; 9] = ["cost", "usd", "dollar", "price", "spend", "spent", "charge", "eur", "expense"];

/// A product that turns bytes into money.
pub(super) struct Money<'a> {
    pub(super) product: &'a Product,
    pub(super) bytes: Vec<&'a Named>,
    /// How many bytes the price is for.
    pub(super) per: f64,
    /// The factors that make `per`.
    pub(super) units: Vec<&'a Factor>,
    /// The price, where it is a number that stands here.
    pub(super) price: Option<&'a Factor>,
}

impl<'a> Money<'a> {
    /// `None` where the product is something else, as far as can be told.
    pub(super) fn of(product: &'a Product) -> Option<Money<'a>> {
        let is_bytes = |named: &&Named| {
            matches!(named.kind, SourceKind::Jobs | SourceKind::Timeline) && [BILLED, PROCESSED].contains(&named.column.as_str())
        };
        let bytes: Vec<&Named> = product.columns.iter().filter(is_bytes).collect();
        let (units, others): (Vec<&Factor>, Vec<&Factor>) = product.factors.iter().partition(|factor| is_unit(factor.value));
        let per = units.iter().fold(1.0, |per, unit| if unit.is_divisor { per * unit.value } else { per / unit.value });
        let mut prices = others.into_iter().filter(|factor| !factor.is_divisor && ![1.0, 100.0].contains(&factor.value));
        let (price, more) = (prices.next(), prices.next());
        let is_named = product.name.as_deref().is_some_and(says_money);
        let is_unit_of_prices = is_near(per, TEBI) || is_near(per, TERA);
        let is_price = match price {
            Some(price) => is_list_price(price.value) || is_named && (1.0..100.0).contains(&price.value),
            None => is_named && product.has_unknown,
        };
        let is_money = !bytes.is_empty() && is_unit_of_prices && more.is_none() && is_price;
        is_money.then_some(Money { product, bytes, per, units, price })
    }

    pub(super) fn is_per_terabyte(&self) -> bool {
        is_near(self.per, TERA)
    }
}

pub(super) fn says_money(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word))
}

/// A thousand, a million and so on, or the powers of 1,024.
fn is_unit(value: f64) -> bool {
    (1..=5).any(|power| is_near(value, 1000_f64.powi(power)) || is_near(value, 1024_f64.powi(power)))
}

fn is_near(one: f64, other: f64) -> bool {
    (one / other - 1.0).abs() < 1e-9
}

pub(in crate::rules) fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (query, reckoning) in reckonings(context) {
        for money in reckoning.products.iter().filter_map(Money::of) {
            let processed = money.bytes.iter().find(|named| named.column == PROCESSED);
            let Some(named) = processed.filter(|_| money.bytes.iter().all(|named| named.column != BILLED)) else { continue };
            let message = format!("money is reckoned from `{PROCESSED}`, and Google charges for `{BILLED}`");
            let diagnostic = sink.report(subject(query), query.map.span(named.range.clone()), message);
            diagnostic
                .help(format!("multiply `{BILLED}`, which is 0 where the cache answers, and 10 MiB at the least for each table"));
            diagnostic.detail(money.product.name.clone().unwrap_or_default());
            let is_here = money.product.range.start <= named.range.start && named.range.end <= money.product.range.end;
            let applicability = if is_here { Applicability::Safe } else { Applicability::Unsafe };
            let last = named.range.end.saturating_sub(PROCESSED.len())..named.range.end;
            let is_written = named.is_direct && context.files.slice(query.map.span(last.clone())).eq_ignore_ascii_case(PROCESSED);
            if let Some(fix) =
                edit::replace(query, last, BILLED, "use the bytes that are billed", applicability).filter(|_| is_written)
            {
                diagnostic.fix(fix);
            }
        }
    }
}
