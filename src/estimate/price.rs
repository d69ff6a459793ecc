//! The on-demand price of bytes by location, and what the configuration says instead. The free TiB of each month is
//! not taken off a single run: it is of the month.

use super::Bounds;
use super::billing::TIB;
use crate::config::Config;
use crate::model::Known;
use crate::model::Table;
use crate::text::nearest;
use std::collections::BTreeMap;

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
    /// Whether the free tier of each month is for it.
    pub is_free_at_first: bool,
    /// For people: the list price and its day, or the configuration.
    pub source: String,
}

/// Where the tables of a query lie.
#[derive(Debug, Default)]
pub struct Locations {
    /// By the location in small letters, as it is written, with the first table there.
    known: BTreeMap<String, (String, String)>,
    /// Why it is not known of a table.
    unknown: Option<String>,
}

impl Locations {
    pub fn add(&mut self, table: &Table, location: Known<String>) {
        match location {
            Known::Known(location) => {
                let named = (location.value.clone(), table.id.to_string());
                self.known.entry(location.value.to_ascii_lowercase()).or_insert(named);
            }
            Known::Unknown(why) => {
                self.unknown.get_or_insert(format!("where `{}` lies is not known, as {}", table.id, why.text));
            }
            Known::Absent => {}
        }
    }
}

/// What BigQuery takes when nothing is said.
const DEFAULT: &str = "US";
/// Training of models is charged at this many times the price.
const MODEL_FACTOR: f64 = 50.0;

/// The price where the tables lie, or else in the location that is configured, or else in `US`. `Err` says why there
/// is none.
pub fn price(config: &Config, tables: &Locations) -> Result<Price, String> {
    let mut located = tables.known.values();
    if let (Some((first, table)), Some((second, other))) = (located.next(), located.next()) {
        return Err(format!(
            "`{table}` lies in {first} and `{other}` in {second}: BigQuery refuses a query over several locations"
        ));
    }
    let configured = config.location.as_ref().map(|location| location.value.as_str());
    let of_tables = tables.known.values().next().map(|(location, _)| location.as_str());
    let location = of_tables.or(configured);
    let why = tables.unknown.as_deref().unwrap_or("nothing says where its tables lie");
    let taken = if location.is_some() { String::new() } else { format!("; {why}: BigQuery's default is taken") };
    let location = location.unwrap_or(DEFAULT);
    let own = config.prices.iter().find(|(name, _)| name.eq_ignore_ascii_case(location));
    if let Some((_, usd)) = own {
        return Ok(Price {
            location: location.to_owned(),
            usd_per_tib: usd.value,
            is_free_at_first: true,
            source: format!("of `feedgate.yaml`{taken}"),
        });
    }
    let listed = PRICES.iter().find(|(name, _)| name.eq_ignore_ascii_case(location));
    let Some((_, usd_per_tib)) = listed else { return Err(no_price(location)) };
    let source = format!("list price of {PRICES_READ}{taken}");
    Ok(Price { location: location.to_owned(), usd_per_tib: *usd_per_tib, is_free_at_first: true, source })
}

/// The day from which the prices of the list hold.
pub const RAISED: &str = "2023-07-05";
/// By which all of them were raised on that day.
const RAISE: f64 = 1.25;

/// What a query costs in a location, in USD per TiB: as configured, or else by the list.
pub fn price_in(config: &Config, location: &str) -> Option<f64> {
    let own = config.prices.iter().find(|(name, _)| name.eq_ignore_ascii_case(location)).map(|(_, usd)| usd.value);
    own.or_else(|| PRICES.iter().find(|(name, _)| name.eq_ignore_ascii_case(location)).map(|(_, usd)| *usd))
}

/// What it cost before the prices were raised.
pub fn former_price_in(location: &str) -> Option<f64> {
    PRICES.iter().find(|(name, _)| name.eq_ignore_ascii_case(location)).map(|(_, usd)| usd / RAISE)
}

/// Some location has, or had, this price by the list.
pub fn is_list_price(usd: f64) -> bool {
    is_listed(usd) || is_listed(usd * RAISE)
}

/// Some location has this price by the list of today.
pub fn is_listed(usd: f64) -> bool {
    PRICES.iter().any(|(_, listed)| is_same(*listed, usd))
}

/// Two prices that print alike.
pub fn is_same(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-6
}

fn no_price(location: &str) -> String {
    let meant = nearest(location, PRICES.iter().map(|(name, _)| *name));
    let meant = meant.map(|meant| format!(", did you mean `{meant}`?")).unwrap_or_default();
    format!("no price is known for the location `{location}`{meant}")
}

impl Price {
    /// The price of training a model on these bytes.
    pub fn of_model(self) -> Price {
        let source = format!("{MODEL_FACTOR} times the {}, as a model is trained", self.source);
        Price { usd_per_tib: self.usd_per_tib * MODEL_FACTOR, is_free_at_first: false, source, ..self }
    }

    /// What so many billed bytes cost.
    pub fn usd(&self, billed: Bounds) -> (f64, Option<f64>) {
        // A bill in f64 is exact to far below a cent.
        let usd = |bytes: u64| bytes as f64 / TIB as f64 * self.usd_per_tib;
        (usd(billed.low), billed.high.map(usd))
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Locations, PRICES, TIB, price};
    use crate::config::Config;
    use crate::syntax::yaml;
    use crate::text::FileId;

    fn config(text: &str) -> Config {
        Config::read(&yaml::parse(FileId::from_index(0), &text.into()).document)
    }

    fn usd(text: &str, location: Option<&str>) -> Result<f64, String> {
        price(&config(text), &tables(location.into_iter())).map(|price| price.usd_per_tib)
    }

    fn tables<'l>(locations: impl Iterator<Item = &'l str>) -> Locations {
        let named = |name: &str| (name.to_ascii_lowercase(), (name.to_owned(), format!("d.in_{name}")));
        Locations { known: locations.map(named).collect(), unknown: None }
    }

    #[test]
    fn where_the_tables_lie_comes_before_the_configuration_and_the_default() {
        assert_eq!(usd("", None), Ok(6.25));
        assert_eq!(usd("", Some("europe-west2")), Ok(7.8125));
        assert_eq!(usd("location: europe-west3", Some("europe-west2")), Ok(7.8125));
        assert_eq!(usd("location: europe-west3", None), Ok(8.125));
        assert_eq!(usd("location: EU\nprices: { eu: 5 }", None), Ok(5.0));
    }

    #[test]
    fn a_location_without_a_price_gives_no_cost_and_a_hint() {
        let why = "no price is known for the location `europe-wst2`, did you mean `europe-west2`?";
        assert_eq!(usd("", Some("europe-wst2")), Err(why.to_owned()));
    }

    #[test]
    fn a_query_over_two_locations_has_no_price() {
        let found = price(&Config::default(), &tables(["EU", "US"].into_iter()));
        let why = "`d.in_EU` lies in EU and `d.in_US` in US: BigQuery refuses a query over several locations";
        assert_eq!(found, Err(why.to_owned()));
    }

    #[test]
    fn a_location_that_is_taken_for_granted_is_said() {
        let source = |location: Option<&str>| price(&Config::default(), &tables(location.into_iter())).map(|price| price.source);
        let said = "list price of 2026-07-25; nothing says where its tables lie: BigQuery's default is taken";
        assert_eq!(source(None).as_deref(), Ok(said));
        assert_eq!(source(Some("US")).as_deref(), Ok("list price of 2026-07-25"));
    }

    #[test]
    fn the_list_is_sorted_and_each_location_stands_once() {
        assert!(PRICES.windows(2).all(|pair| matches!(pair, [(a, _), (b, _)] if a < b)));
    }

    #[test]
    fn a_published_bill_comes_out_to_the_cent() {
        // 1,576.56 TiB, of which one was free, for 9,847.24 USD.
        let price = price(&Config::default(), &Locations::default()).expect("US is listed");
        let (low, high) = price.usd(Bounds::exactly(157_556 * (TIB / 100)));
        assert!((low - 9_847.24).abs() < 0.02, "{low}");
        assert_eq!(high, Some(low));
    }
}
