//! The only place that reads or writes the world: the tree, the clock, the terminal.

pub mod worktree;
