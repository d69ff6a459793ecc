//! Ignore comments: which findings they silence, and what is wrong with them.
