//! Checking tokens.
