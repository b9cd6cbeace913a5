//! Okta's Expression Language: what group rules and claims are written in, such as
//! `user.department == "Sales" AND !user.isContractor`.
//!
//! A text is parsed once and then held against one user after the other. No directory such as Active
//! Directory is connected to an emulated org: functions that ask one answer as Okta does without it.
//!
//! Source: <https://developer.okta.com/docs/reference/okta-expression-language/>.

mod evaluate;
mod functions;
mod lexer;
mod parse;
mod scope;
mod syntax;
mod values;

#[cfg(test)]
mod tests;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

pub(crate) use scope::{ExpressionError, Presence, Scope};
use syntax::Node;

/// An expression that can be held against users.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Formula {
    text: Box<str>,
    root: Node,
}

impl Formula {
    /// Parses `text`. An error says at which character and what was expected there.
    pub(crate) fn parse(text: &str) -> Result<Self, ExpressionError> {
        Ok(Self {
            text: text.into(),
            root: parse::parse(text)?,
        })
    }

    /// The value for what `scope` is about.
    pub(crate) fn value(&self, scope: &impl Scope) -> Result<Value, ExpressionError> {
        evaluate::value(&self.root, scope)
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
        self.root.each(&mut |node| {
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
        self.root.each(&mut |node| {
            if let Node::Name(name) = node {
                found.push(name.as_str());
            }
        });
        found
    }

    /// The texts that it has.
    pub(crate) fn texts(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.root.each(&mut |node| {
            if let Node::Literal(Value::String(text)) = node {
                found.push(text.as_str());
            }
        });
        found
    }

    /// The functions that it calls, by their whole names.
    pub(crate) fn functions(&self) -> Vec<&'static str> {
        let mut found = Vec::new();
        self.root.each(&mut |node| {
            if let Node::Call(function, _) = node {
                found.push(function.name());
            }
        });
        found
    }

    /// Whether its value can be true or false.
    pub(crate) fn can_be_boolean(&self) -> bool {
        self.root.can_be_boolean()
    }
}

impl Serialize for Formula {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Formula {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
