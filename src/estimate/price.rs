//! Prices by location.
