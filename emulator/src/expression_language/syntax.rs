//! The tree of an expression.

use serde_json::Value;

use super::functions::Function;

/// A part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Literal(Value),
    List(Vec<Node>),
    /// `{'group.id': '00g1'}`.
    Record(Vec<(String, Node)>),
    /// An object such as `user`.
    Name(String),
    Member(Box<Node>, String),
    /// A function with its whole name, such as `String.len`.
    Call(Function, Vec<Node>),
    Not(Box<Node>),
    Negative(Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
    /// Condition, value if it holds, value if it does not.
    Choice(Box<Node>, Box<Node>, Box<Node>),
}

/// What stands between two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
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

impl Node {
    /// Visits this node and all that are in it.
    pub(super) fn each<'n>(&'n self, visit: &mut impl FnMut(&'n Self)) {
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

    pub(super) fn can_be_boolean(&self) -> bool {
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
