//! What a token says.
