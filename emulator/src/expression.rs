//! The expressions of `search` and `filter`: SCIM's grammar (RFC 7644 section 3.4.2.2) as Okta
//! speaks it, parsed into a tree that is then held against one object after the other.

mod evaluate;
mod parse;

pub(crate) use evaluate::{Attributes, Case, walk};
pub(crate) use parse::ParseError;

/// A parsed expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expression {
    /// All hold.
    And(Vec<Expression>),
    /// At least one holds.
    Or(Vec<Expression>),
    /// The inner one does not hold.
    Not(Box<Expression>),
    /// The attribute has a value: `pr`.
    Present(String),
    /// The attribute compares to the value.
    Compare {
        path: String,
        operator: Operator,
        value: Literal,
    },
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    StartsWith,
    Contains,
    EndsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// The right-hand side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    Number(f64),
    Bool(bool),
    Null,
}

impl Expression {
    /// Parses `text`. An error says at which character and what was expected there.
    pub(crate) fn parse(text: &str) -> Result<Self, ParseError> {
        parse::parse(text)
    }
}
