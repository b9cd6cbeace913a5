//! Calls on behalf of a user who logged in.
