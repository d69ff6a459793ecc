//! Rules on JSON Schemas and table schemas.

mod alignment;
pub(super) mod dropped_field;
pub(super) mod invalid_json_schema;
pub(super) mod misaligned_table_schema;
pub(super) mod table_fix;
pub(super) mod undescribed_column;
pub(super) mod unlisted_keys;
pub(super) mod unloadable_field;
pub(super) mod untagged_classified_column;
pub(super) mod unusable_partition_column;
