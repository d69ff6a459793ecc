//! Bytes billed on demand: rounded up to the MiB, with a minimum for each table and each query.

use super::Bounds;

pub const MIB: u64 = 1 << 20;
pub const TIB: u64 = 1 << 40;

/// The least that is billed for a table that is read, and for a query that reads anything.
pub const MINIMUM_BYTES: u64 = 10 * MIB;

/// What is billed for so many bytes processed over so many tables. Nothing processed is nothing billed.
/// The minimums act on the sum and not table by table, as published bills show.
pub fn billed_bytes(processed: u64, n_tables: u64) -> u64 {
    if processed == 0 {
        return 0;
    }
    let rounded = processed.div_ceil(MIB).saturating_mul(MIB);
    rounded.max(MINIMUM_BYTES.saturating_mul(n_tables.max(1)))
}

/// The bounds of what is billed, where the number of tables that count is itself between two bounds.
pub fn billed(processed: Bounds, n_tables: Bounds) -> Bounds {
    let high = processed.high.map(|high| billed_bytes(high, n_tables.high.unwrap_or(n_tables.low)));
    Bounds { low: billed_bytes(processed.low, n_tables.low), high }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, MIB, billed, billed_bytes};

    #[test]
    fn published_bills_come_out_to_the_byte() {
        // Bytes processed, tables, bytes billed.
        let cases = [
            (171_432_506, 1, 171_966_464),
            (49_525_078, 1, 50_331_648),
            (121_162_410, 1, 121_634_816),
            (6_170, 3, 31_457_280),
            (6_660, 2, 20_971_520),
            (28_947, 1, 10_485_760),
            (163_595_928, 13, 164_626_432),
            (0, 0, 0),
            (0, 2, 0),
        ];
        for (processed, tables, expected) in cases {
            assert_eq!(billed_bytes(processed, tables), expected, "{processed} over {tables}");
        }
    }

    #[test]
    fn an_open_figure_stays_open() {
        let bounds = billed(Bounds { low: 1, high: None }, Bounds { low: 1, high: Some(2) });
        assert_eq!(bounds, Bounds { low: 10 * MIB, high: None });
        let range = billed(Bounds { low: 0, high: Some(1) }, Bounds { low: 0, high: Some(2) });
        assert_eq!(range, Bounds { low: 0, high: Some(20 * MIB) });
    }

    #[test]
    fn no_figure_overflows() {
        assert_eq!(billed_bytes(u64::MAX, u64::MAX), u64::MAX);
    }
}
