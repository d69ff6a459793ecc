//! Rules on when and how much is delivered.

pub(super) mod contradicting_due_time;
pub(super) mod due_time_in_clock_change;
pub(super) mod load_quota;
pub(super) mod metadata_update_burst;
pub(super) mod misleading_cadence;
pub(super) mod oversized_load;
pub(super) mod unknown_time_zone;
