//! The catalogue: every page under `rules/`, embedded in the binary.
