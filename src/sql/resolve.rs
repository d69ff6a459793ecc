//! Statements to scans.
