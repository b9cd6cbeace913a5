//! Okta's Expression Language: what group rules and claims are written in, such as
//! `user.department == "Sales" AND !user.isContractor`.
//!
//! A text is parsed once and then held against one user after the other. Functions that need what the
//! emulator does not have are refused by name: `Time`, `Iso3166Convert` and the app users of managers.
//!
//! Source: <https://developer.okta.com/docs/reference/okta-expression-language/>.

mod evaluate;
mod functions;
mod lexer;
mod parse;
#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::Value;

/// An expression that can be held against users.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Formula(Node);

/// What an expression is about.
pub(crate) trait Scope {
    /// An attribute of an object such as `user`. None if the object has no such attribute, and also
    /// if there is no such object.
    fn attribute(&self, object: &str, name: &str) -> Option<Value>;

    /// Whether there is an object of that name.
    fn has(&self, object: &str) -> bool;

    /// What is known of the user beside the profile, such as `status`.
    fn internal(&self, name: &str) -> Option<Value>;

    /// Ids and names of the groups that the user is in.
    fn groups(&self) -> Vec<(String, String)>;

    /// The profile of the user to whom this one is linked by the relationship's primary name.
    fn linked(&self, primary: &str) -> Option<Value>;
}

/// A part of an expression.
#[derive(Clone, Debug, PartialEq)]
enum Node {
    Literal(Value),
    List(Vec<Node>),
    /// `{'group.id': '00g1'}`.
    Record(Vec<(String, Node)>),
    /// An object such as `user`.
    Name(String),
    Member(Box<Node>, String),
    /// A function with its whole name, such as `String.len`.
    Call(functions::Function, Vec<Node>),
    Not(Box<Node>),
    Negative(Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
    /// Condition, value if it holds, value if it does not.
    Choice(Box<Node>, Box<Node>, Box<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExpressionError(String);

impl ExpressionError {
    fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Formula {
    /// Parses `text`. An error says at which character and what was expected there.
    pub(crate) fn parse(text: &str) -> Result<Self, ExpressionError> {
        parse::parse(text).map(Self)
    }

    /// The value for what `scope` is about.
    pub(crate) fn value(&self, scope: &impl Scope) -> Result<Value, ExpressionError> {
        evaluate::value(&self.0, scope)
    }

    /// Whether it holds for what `scope` is about. A value that is neither true nor false is an error.
    pub(crate) fn holds(&self, scope: &impl Scope) -> Result<bool, ExpressionError> {
        match self.value(scope)? {
            Value::Bool(holds) => Ok(holds),
            Value::Null => Ok(false),
            _ => Err(ExpressionError::new("The expression is not a Boolean")),
        }
    }

    /// The attributes that it names, as object and member.
    pub(crate) fn attributes(&self) -> Vec<(&str, &str)> {
        let mut found = Vec::new();
        self.0.each(&mut |node| {
            if let Node::Member(object, member) = node
                && let Node::Name(object) = object.as_ref()
            {
                found.push((object.as_str(), member.as_str()));
            }
        });
        found
    }

    /// The objects that it names.
    pub(crate) fn objects(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.0.each(&mut |node| {
            if let Node::Name(name) = node {
                found.push(name.as_str());
            }
        });
        found
    }

    /// The texts that it has.
    pub(crate) fn texts(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.0.each(&mut |node| {
            if let Node::Literal(Value::String(text)) = node {
                found.push(text.as_str());
            }
        });
        found
    }

    /// The functions that it calls, by their whole names.
    pub(crate) fn functions(&self) -> Vec<&'static str> {
        let mut found = Vec::new();
        self.0.each(&mut |node| {
            if let Node::Call(function, _) = node {
                found.push(function.name());
            }
        });
        found
    }

    /// Whether its value can be true or false.
    pub(crate) fn can_be_boolean(&self) -> bool {
        self.0.can_be_boolean()
    }
}

impl Node {
    /// Visits this node and all that are in it.
    fn each<'n>(&'n self, visit: &mut impl FnMut(&'n Self)) {
        visit(self);
        match self {
            Self::Literal(_) | Self::Name(_) => {}
            Self::List(nodes) | Self::Call(_, nodes) => {
                nodes.iter().for_each(|node| node.each(visit));
            }
            Self::Record(members) => members.iter().for_each(|(_, node)| node.each(visit)),
            Self::Member(node, _) | Self::Not(node) | Self::Negative(node) => node.each(visit),
            Self::Binary(_, left, right) => {
                left.each(visit);
                right.each(visit);
            }
            Self::Choice(condition, yes, no) => {
                condition.each(visit);
                yes.each(visit);
                no.each(visit);
            }
        }
    }

    fn can_be_boolean(&self) -> bool {
        match self {
            Self::Literal(value) => value.is_boolean(),
            Self::List(_) | Self::Record(_) | Self::Negative(_) | Self::Name(_) => false,
            Self::Member(..) | Self::Not(_) => true,
            Self::Call(function, _) => function.can_be_boolean(),
            Self::Binary(operator, ..) => !matches!(
                operator,
                Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide
            ),
            Self::Choice(_, yes, no) => yes.can_be_boolean() && no.can_be_boolean(),
        }
    }
}
