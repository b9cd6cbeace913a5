//! What checking a token costs.

fn main() {}
