//! Bytes processed.
