//! Renders what a terminal shows.
