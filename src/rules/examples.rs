//! Reads the examples of a rule page and holds the rule to them.
