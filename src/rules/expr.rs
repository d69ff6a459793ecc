//! CEL expressions over facts.
/// A compiled expression.
pub struct Expression;
