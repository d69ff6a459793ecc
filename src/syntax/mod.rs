//! Readers from text to [`Document`]. They never fail: what is wrong with the text comes back as problems.

mod decoded;
mod duplicate;
pub mod embed;
pub mod hcl;
mod hcl_directive;
mod hcl_lex;
mod hcl_lower;
mod hcl_message;
pub mod hcl_template;
mod hcl_text;
pub mod json;
mod json_message;
mod json_scan;
mod json_text;
pub mod lookml;
pub mod node;
mod number;
pub mod sqlx;
#[cfg(test)]
pub(crate) mod testing;
pub mod workflow;
pub mod yaml;
mod yaml_build;
mod yaml_fast;
mod yaml_fast_scalar;
mod yaml_message;
mod yaml_scalar;
mod yaml_text;

pub use node::{Children, Document, EACH_ITEM, Entry, Format, Node, NodeId, Operator, Parsed, Problem, ProblemKind, Text, Value};

/// Deeper nesting than this is refused, in every format.
pub const MAX_DEPTH: usize = 128;

/// A document that unfolds (through aliases) to more nodes than this is refused.
pub const MAX_WEIGHT: u64 = 1_000_000;
