//! Renders GitHub workflow commands.
