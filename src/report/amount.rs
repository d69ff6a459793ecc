//! Bytes, money and counts as people read them. Every renderer uses these, so that one figure looks the same everywhere.

pub use crate::text::grouped;

use crate::estimate::monthly::Usd;
use crate::estimate::{Accuracy, Basis, Bounds, Estimate};

const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// `0 B`, `1023 B`, `1.50 KiB`, `21.2 MiB`, `180 GiB`: three digits and a binary unit.
pub fn bytes(n_bytes: u64) -> String {
    if n_bytes < 1024 {
        return format!("{n_bytes} B");
    }
    // Three digits are shown, far fewer than f64 keeps.
    let mut value = n_bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    let unit = UNITS.get(unit).copied().unwrap_or("EiB");
    match value {
        value if value < 9.995 => format!("{value:.2} {unit}"),
        value if value < 99.95 => format!("{value:.1} {unit}"),
        value => format!("{value:.0} {unit}"),
    }
}

/// `$0`, `$0.0062`, `$6.25`, `$1,250`: two significant digits below a dollar, cents above it.
pub fn usd(amount: f64) -> String {
    if !amount.is_finite() || amount < 0.0 {
        return "unknown".to_owned();
    }
    if amount == 0.0 {
        return "$0".to_owned();
    }
    if amount < 0.000_001 {
        return "under $0.000001".to_owned();
    }
    if amount >= 1000.0 {
        return format!("${}", grouped(amount.round() as u64));
    }
    if amount >= 0.995 {
        return format!("${amount:.2}");
    }
    // The first digit that is not zero stands at this decimal; one more follows it.
    let first = (-amount.log10()).ceil().clamp(1.0, 6.0) as usize;
    let decimals = (first + 1).max(2);
    let text = format!("{amount:.decimals$}");
    let shortest = text.trim_end_matches('0');
    let wanted = text.find('.').map_or(text.len(), |dot| dot + 3);
    format!("${}", if shortest.len() < wanted { text.get(..wanted).unwrap_or(&text) } else { shortest })
}

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

fn money(amount: Option<Usd>, accuracy: Accuracy) -> String {
    match amount {
        None => "unknown".to_owned(),
        Some(Usd { low, high: None }) if accuracy == Accuracy::Unknown && low == 0.0 => "unknown".to_owned(),
        Some(Usd { low, high: Some(high) }) if accuracy == Accuracy::UpperBound && usd(low) != usd(high) => {
            format!("up to {}", usd(high))
        }
        Some(amount) => usd_between(amount),
    }
}

/// `$3.40`, `$0.12 to $3.40`, `at least $3.40`.
pub fn usd_between(amount: Usd) -> String {
    match amount.high {
        None => format!("at least {}", usd(amount.low)),
        Some(high) if usd(amount.low) == usd(high) => usd(high),
        Some(high) => format!("{} to {}", usd(amount.low), usd(high)),
    }
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
    fn bytes_have_three_digits_and_a_binary_unit() {
        let shown = [0, 1023, 1024, 1536, 10_485_760, 22_209_808, 193_273_528_320, 1 << 40, u64::MAX].map(bytes);
        assert_eq!(shown, ["0 B", "1023 B", "1.00 KiB", "1.50 KiB", "10.0 MiB", "21.2 MiB", "180 GiB", "1.00 TiB", "16.0 EiB"]);
        assert_eq!(bytes(1024 * 1024 - 1), "1.00 MiB");
    }

    #[test]
    fn money_keeps_the_digits_that_say_something() {
        let shown = [0.0, 0.000_000_1, 0.000_059_6, 0.0062, 0.05, 0.1, 0.25, 0.999, 1.0, 6.25, 999.99, 1250.4].map(usd);
        let wanted = [
            "$0",
            "under $0.000001",
            "$0.00006",
            "$0.0062",
            "$0.05",
            "$0.10",
            "$0.25",
            "$1.00",
            "$1.00",
            "$6.25",
            "$999.99",
            "$1,250",
        ];
        assert_eq!(shown, wanted);
        assert_eq!(usd(f64::NAN), "unknown");
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
