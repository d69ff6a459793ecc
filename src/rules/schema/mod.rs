//! Rules on JSON Schemas and table schemas.

pub mod invalid_json_schema;
pub mod misaligned_table_schema;
pub mod unloadable_field;
pub mod unusable_partition_column;
