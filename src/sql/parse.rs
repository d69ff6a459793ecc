//! Text to statements.
/// A parsed statement.
#[derive(Debug, Clone)]
pub(crate) struct Body;
