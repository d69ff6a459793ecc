//! Runs rules over a model.
