//! Time zones by their names in the IANA database, which is compiled in: no machine's own copy is asked.

use crate::model::feed::Delivery;
use crate::sql::fold::zone_database;
use crate::text::{Date, nearest};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A zone of the database.
#[derive(Debug, Clone)]
pub struct Zone {
    pub name: String,
    pub(super) zone: TimeZone,
}

impl Zone {
    /// The zone of this name, as the database spells it.
    pub fn find(name: &str) -> Option<Zone> {
        let zone = zone_database().get(name).ok()?;
        let is_spelt = zone.iana_name().is_some_and(|own| own == name);
        (name == "UTC" || is_spelt).then(|| Zone { name: name.to_owned(), zone })
    }

    pub fn utc() -> Zone {
        Zone { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }
}

/// The zone that was probably meant: the same name in other letters, or one that sounds alike.
pub fn nearest_zone(name: &str) -> Option<String> {
    let names: Vec<String> = zone_database().available().map(|name| name.as_str().to_owned()).collect();
    let same = names.iter().find(|own| own.eq_ignore_ascii_case(name));
    same.cloned().or_else(|| nearest(name, names.iter().map(String::as_str)).map(str::to_owned))
}

/// The day by the clocks of a feed's zone at an instant, in seconds since 1970; `None` where no zone is said.
pub fn today_of(delivery: &Delivery, now_seconds: i64) -> Option<Date> {
    let zone = Zone::find(delivery.time_zone.value()?)?;
    Date::of(zone.zone.to_datetime(Timestamp::from_second(now_seconds).ok()?).date())
}

#[cfg(test)]
mod tests {
    use super::{Zone, nearest_zone};

    #[test]
    fn a_zone_is_found_by_its_own_spelling_alone() {
        for name in ["UTC", "Europe/London", "America/Argentina/Buenos_Aires", "Etc/GMT+5"] {
            assert_eq!(Zone::find(name).map(|zone| zone.name).as_deref(), Some(name), "{name}");
        }
        for name in ["", "BST", "Europe/Lodon", "europe/london", "+01:00", "../etc/passwd"] {
            assert!(Zone::find(name).is_none(), "{name}");
        }
    }

    #[test]
    fn the_zone_that_was_meant_is_named() {
        assert_eq!(nearest_zone("europe/london").as_deref(), Some("Europe/London"));
        assert_eq!(nearest_zone("Europe/Lodnon").as_deref(), Some("Europe/London"));
        assert_eq!(nearest_zone("Middle-earth/Bree"), None);
    }
}
