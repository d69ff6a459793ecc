//! From documents to the model.
