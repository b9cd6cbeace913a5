//! The expressions of `search` and `filter`: SCIM's grammar (RFC 7644 section 3.4.2.2) as Okta
//! speaks it, parsed into a tree that is then held against one object after the other.

mod evaluate;
mod parse;
mod syntax;

pub(crate) use evaluate::{Attributes, Case, walk};
pub(crate) use syntax::{Expression, Literal, Operator};
