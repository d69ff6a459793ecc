//! Bytes billed.
