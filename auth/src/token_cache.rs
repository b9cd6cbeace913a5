//! One token for many tasks.
