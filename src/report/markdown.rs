//! Renders Markdown for a pull request.
