//! What an authorization server says of itself.
