//! The on-demand price of bytes by location, and what the configuration says instead. The free TiB of each month is
//! not taken off: whether it is left, no file can tell.

use super::Bounds;
use super::billing::TIB;
use crate::config::Config;
use crate::text::nearest;

/// The day on which the list prices were read.
pub const PRICES_READ: &str = "2026-07-25";

/// USD per TiB by location, sorted.
const PRICES: [(&str, f64); 48] = [
    ("africa-south1", 7.50),
    ("asia-east1", 7.1875),
    ("asia-east2", 8.75),
    ("asia-northeast1", 7.50),
    ("asia-northeast2", 7.50),
    ("asia-northeast3", 7.50),
    ("asia-south1", 7.50),
    ("asia-south2", 7.50),
    ("asia-southeast1", 8.4375),
    ("asia-southeast2", 7.50),
    ("asia-southeast3", 7.50),
    ("asia-southeast4", 6.5625),
    ("australia-southeast1", 8.125),
    ("australia-southeast2", 8.125),
    ("eu", 6.25),
    ("europe-central2", 8.125),
    ("europe-north1", 7.50),
    ("europe-north2", 6.5625),
    ("europe-southwest1", 7.8125),
    ("europe-west1", 7.50),
    ("europe-west10", 9.625),
    ("europe-west12", 8.0625),
    ("europe-west2", 7.8125),
    ("europe-west3", 8.125),
    ("europe-west4", 7.50),
    ("europe-west6", 8.75),
    ("europe-west8", 7.8125),
    ("europe-west9", 7.8125),
    ("me-central1", 7.59375),
    ("me-central2", 10.00),
    ("me-west1", 7.50),
    ("northamerica-northeast1", 6.5625),
    ("northamerica-northeast2", 6.5625),
    ("northamerica-south1", 6.8125),
    ("southamerica-east1", 11.25),
    ("southamerica-west1", 8.9375),
    ("us", 6.25),
    ("us-central1", 6.25),
    ("us-east1", 6.25),
    ("us-east4", 6.25),
    ("us-east5", 6.25),
    ("us-east7", 6.25),
    ("us-south1", 7.50),
    ("us-west1", 6.25),
    ("us-west2", 8.4375),
    ("us-west3", 8.4375),
    ("us-west4", 6.25),
    ("us-west8", 6.25),
];

/// A price, and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    pub location: String,
    pub usd_per_tib: f64,
    /// For people: the list price and its day, or the configuration.
    pub source: String,
}

/// The price in the configured location, or else the one where the tables lie, or else in `US`. `Err` says why there
/// is none.
pub fn price(config: &Config, location_of_tables: Option<&str>) -> Result<Price, String> {
    let configured = config.location.as_ref().map(|location| location.value.as_str());
    let location = configured.or(location_of_tables).unwrap_or("US");
    let own = config.prices.iter().find(|(name, _)| name.eq_ignore_ascii_case(location));
    if let Some((_, usd)) = own {
        return Ok(Price { location: location.to_owned(), usd_per_tib: usd.value, source: "of `feedgate.yaml`".to_owned() });
    }
    let listed = PRICES.iter().find(|(name, _)| name.eq_ignore_ascii_case(location));
    let Some((_, usd_per_tib)) = listed else { return Err(no_price(location)) };
    let source = format!("list price of {PRICES_READ}");
    Ok(Price { location: location.to_owned(), usd_per_tib: *usd_per_tib, source })
}

fn no_price(location: &str) -> String {
    let meant = nearest(location, PRICES.iter().map(|(name, _)| *name));
    let meant = meant.map(|meant| format!(", did you mean `{meant}`?")).unwrap_or_default();
    format!("no price is known for the location `{location}`{meant}")
}

impl Price {
    /// What so many billed bytes cost.
    pub fn usd(&self, billed: Bounds) -> (f64, Option<f64>) {
        // A bill in f64 is exact to far below a cent.
        let usd = |bytes: u64| bytes as f64 / TIB as f64 * self.usd_per_tib;
        (usd(billed.low), billed.high.map(usd))
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, PRICES, TIB, price};
    use crate::config::Config;
    use crate::syntax::yaml;
    use crate::text::FileId;

    fn config(text: &str) -> Config {
        Config::read(&yaml::parse(FileId::from_index(0), &text.into()).document)
    }

    fn usd(text: &str, location: Option<&str>) -> Result<f64, String> {
        price(&config(text), location).map(|price| price.usd_per_tib)
    }

    #[test]
    fn the_configuration_comes_before_the_tables_and_the_list() {
        assert_eq!(usd("", None), Ok(6.25));
        assert_eq!(usd("", Some("europe-west2")), Ok(7.8125));
        assert_eq!(usd("location: europe-west3", Some("europe-west2")), Ok(8.125));
        assert_eq!(usd("location: EU\nprices: { eu: 5 }", None), Ok(5.0));
    }

    #[test]
    fn a_location_without_a_price_gives_no_cost_and_a_hint() {
        let why = "no price is known for the location `europe-wst2`, did you mean `europe-west2`?";
        assert_eq!(usd("", Some("europe-wst2")), Err(why.to_owned()));
    }

    #[test]
    fn the_list_is_sorted_and_each_location_stands_once() {
        assert!(PRICES.windows(2).all(|pair| matches!(pair, [(a, _), (b, _)] if a < b)));
    }

    #[test]
    fn a_published_bill_comes_out_to_the_cent() {
        // 1,576.56 TiB, of which one was free, for 9,847.24 USD.
        let price = price(&Config::default(), None).expect("US is listed");
        let (low, high) = price.usd(Bounds::exactly(157_556 * (TIB / 100)));
        assert!((low - 9_847.24).abs() < 0.02, "{low}");
        assert_eq!(high, Some(low));
    }
}
