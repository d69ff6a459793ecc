//! Rules on the names of delivered files.

pub mod broken_name_pattern;
mod faults;
pub mod illegal_object_name;
pub mod reused_file_name;
pub mod wildcard_in_object_name;
