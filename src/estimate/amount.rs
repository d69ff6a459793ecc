//! Bytes and money as people read them, in findings and in reports.

use super::monthly::Usd;
use crate::text::grouped;

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

/// `$3.40`, `$0.12 to $3.40`, `at least $3.40`.
pub fn usd_between(amount: Usd) -> String {
    match amount.high {
        None => format!("at least {}", usd(amount.low)),
        Some(high) if usd(amount.low) == usd(high) => usd(high),
        Some(high) => format!("{} to {}", usd(amount.low), usd(high)),
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
}
