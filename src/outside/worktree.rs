//! Reads the tree of a repository.
