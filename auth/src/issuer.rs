//! Which authorization server.
