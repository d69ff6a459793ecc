//! Bytes, money and counts as people read them. Every renderer uses these, so that one figure looks the same everywhere.

pub use crate::estimate::amount::{bytes, usd, usd_between};
pub use crate::text::grouped;

use crate::estimate::monthly::Usd;
use crate::estimate::repricing::Difference;
use crate::estimate::{Accuracy, Basis, Bounds, Estimate};

/// `1 error`, `3 errors`, `1,000 queries`.
pub fn count(n: usize, one: &str) -> String {
    let number = grouped(n as u64);
    if n == 1 {
        return format!("{number} {one}");
    }
    match one.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        Some(stem) => format!("{number} {stem}ies"),
        None => format!("{number} {one}s"),
    }
}

/// `2 hours`, `90 minutes`, `1 day`: in the largest unit that it is whole of.
pub fn duration(seconds: u64) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let (unit_seconds, unit) =
        units.into_iter().find(|(unit_seconds, _)| seconds.is_multiple_of(*unit_seconds)).unwrap_or((1, "second"));
    count(usize::try_from(seconds / unit_seconds).unwrap_or(usize::MAX), unit)
}

/// The bytes of an estimate, as far as they are known.
pub fn bounds(bounds: Bounds, accuracy: Accuracy) -> String {
    match (accuracy, bounds.high) {
        (Accuracy::Unknown, _) if bounds.low == 0 => "unknown".to_owned(),
        (_, None) => format!("at least {}", bytes(bounds.low)),
        (_, Some(high)) if high == bounds.low => bytes(high),
        (Accuracy::UpperBound, Some(high)) => format!("up to {}", bytes(high)),
        (_, Some(high)) => format!("{} to {}", bytes(bounds.low), bytes(high)),
    }
}

/// The bytes of one table of an estimate.
pub fn part(part: Bounds, of_estimate: Accuracy) -> String {
    let accuracy = match (part, of_estimate) {
        (Bounds { low: 0, high: None }, _) => Accuracy::Unknown,
        (_, Accuracy::Unknown) => Accuracy::Range,
        (_, accuracy) => accuracy,
    };
    bounds(part, accuracy)
}

/// The cost of one run of an estimate.
pub fn cost(estimate: &Estimate) -> String {
    money(estimate.cost_usd.map(|(low, high)| Usd { low, high }), estimate.accuracy)
}

/// The cost of a month of an estimate, before the free tier.
pub fn cost_per_month(estimate: &Estimate) -> String {
    if estimate.billed == Bounds::ZERO {
        return usd(0.0);
    }
    money(estimate.cost_usd_per_month(), estimate.accuracy)
}

/// `300 runs`, `30.4 runs`.
pub fn runs(per_month: f64) -> String {
    let is_whole = (per_month - per_month.round()).abs() < 0.005;
    match per_month {
        _ if is_whole && (per_month.round() - 1.0).abs() < 0.5 => "1 run".to_owned(),
        // Runs of a month are far below 2^53.
        _ if is_whole || per_month >= 1_000.0 => format!("{} runs", grouped(per_month.round() as u64)),
        _ => format!("{per_month:.2} runs"),
    }
}

/// Money, as far as it is known.
pub(super) fn money(amount: Option<Usd>, accuracy: Accuracy) -> String {
    match amount {
        None => "unknown".to_owned(),
        Some(Usd { low, high: None }) if accuracy == Accuracy::Unknown && low == 0.0 => "unknown".to_owned(),
        Some(Usd { low, high: Some(high) }) if accuracy == Accuracy::UpperBound && usd(low) != usd(high) => {
            format!("up to {}", usd(high))
        }
        Some(amount) => usd_between(amount),
    }
}

/// `+10.8 GiB`, `-$3.40`, `-100 MiB to +2.00 GiB`, `at least +$1.20`: what came on top, or went.
pub fn difference<T: Copy + PartialOrd + Default>(difference: Difference<T>, show: impl Fn(T) -> String) -> String {
    let signed = |amount: T| format!("{}{}", if amount > T::default() { "+" } else { "" }, show(amount));
    match (difference.low.map(signed), difference.high.map(signed)) {
        (Some(low), Some(high)) if low == high => low,
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (None, None) => "unknown".to_owned(),
    }
}

/// Bytes that may be fewer than none.
pub fn signed_bytes(n_bytes: i64) -> String {
    format!("{}{}", if n_bytes < 0 { "-" } else { "" }, bytes(n_bytes.unsigned_abs()))
}

/// Money that may be less than none.
pub fn signed_usd(amount: f64) -> String {
    format!("{}{}", if amount < 0.0 { "-" } else { "" }, usd(amount.abs()))
}

/// The word for an accuracy, as the JSON report writes it.
pub fn accuracy(accuracy: Accuracy) -> &'static str {
    match accuracy {
        Accuracy::Exact => "exact",
        Accuracy::UpperBound => "upper-bound",
        Accuracy::LowerBound => "lower-bound",
        Accuracy::Range => "range",
        Accuracy::Unknown => "unknown",
    }
}

/// The accuracy of this word; of no word of ours, nothing is known.
pub fn accuracy_of(word: &str) -> Accuracy {
    use Accuracy::{Exact, LowerBound, Range, Unknown, UpperBound};
    [Exact, UpperBound, LowerBound, Range].into_iter().find(|one| accuracy(*one) == word).unwrap_or(Unknown)
}

/// The word for a basis, as the JSON report writes it.
pub fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::DryRun => "dry-run",
        Basis::Statistics => "statistics",
        Basis::Declared => "declared",
        Basis::Samples => "samples",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_has_a_sign_and_as_many_ends_as_are_known() {
        let usd = |low, high| difference(Difference { low, high }, signed_usd);
        assert_eq!(usd(Some(2.5), Some(2.5)), "+$2.50");
        assert_eq!(usd(Some(-2.5), Some(0.25)), "-$2.50 to +$0.25");
        assert_eq!(
            [usd(Some(1.0), None), usd(None, Some(-1.0)), usd(None, None)],
            ["at least +$1.00", "at most -$1.00", "unknown"]
        );
        let bytes = difference(Difference { low: Some(0), high: Some(-2048) }, signed_bytes);
        assert_eq!(bytes, "0 B to -2.00 KiB");
    }

    #[test]
    fn a_duration_is_counted_in_its_largest_unit() {
        assert_eq!([7_200, 5_400, 86_400, 61].map(duration), ["2 hours", "90 minutes", "1 day", "61 seconds"]);
    }

    #[test]
    fn counts_have_a_plural() {
        assert_eq!(
            [count(1, "query"), count(2, "query"), count(0, "error"), count(12_345, "file"), count(2, "day")],
            ["1 query", "2 queries", "0 errors", "12,345 files", "2 days"]
        );
    }
}
