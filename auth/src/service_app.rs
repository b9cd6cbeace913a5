//! Calls of a service, in its own name.
