//! Time zones, by name from the table that comes with the binary, and by offset. Never those of the machine.

use super::calendar;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::sync::OnceLock;

/// What a clock of the zone shows at an instant, both in microseconds since 1970.
pub(super) fn local(instant: i64, zone: &str) -> Option<i64> {
    if let Some(offset) = calendar::offset(zone) {
        return instant.checked_add(offset);
    }
    let offset = named(zone)?.to_offset(Timestamp::from_microsecond(instant).ok()?);
    instant.checked_add(i64::from(offset.seconds()) * 1_000_000)
}

/// The instant at which a clock of the zone shows this time: the first of two, and the one after where the clock skips it.
pub(crate) fn instant(local: i64, zone: &str) -> Option<i64> {
    if let Some(offset) = calendar::offset(zone) {
        return local.checked_sub(offset);
    }
    let shown: DateTime = TimeZone::UTC.to_datetime(Timestamp::from_microsecond(local).ok()?);
    named(zone)?.to_timestamp(shown).ok().map(Timestamp::as_microsecond)
}

fn named(zone: &str) -> Option<TimeZone> {
    database().get(zone).ok()
}

/// The zones that are compiled in, read once.
pub(crate) fn database() -> &'static TimeZoneDatabase {
    static DATABASE: OnceLock<TimeZoneDatabase> = OnceLock::new();
    DATABASE.get_or_init(TimeZoneDatabase::bundled)
}
