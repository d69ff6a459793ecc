//! Rules on the names of delivered files.
