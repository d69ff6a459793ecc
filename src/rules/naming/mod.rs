//! Rules on the names of delivered files.

pub(super) mod broken_name_pattern;
mod faults;
pub(super) mod illegal_object_name;
pub(super) mod reused_file_name;
pub(super) mod wildcard_in_object_name;
