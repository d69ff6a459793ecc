//! Renders the JSON report, version 1.
