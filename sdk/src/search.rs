//! Expressions for Okta's `search` and `filter` parameters, put together from values that may hold
//! anything.
//!
//! ```
//! use okta_sdk::search::{any_of, field};
//!
//! let named = field("profile.lastName").eq(r#"O"Brien"#);
//! let working = any_of("status", ["ACTIVE", "PROVISIONED"]);
//! let expression = named.and(working);
//! assert_eq!(
//!     expression.to_string(),
//!     r#"profile.lastName eq "O\"Brien" and (status eq "ACTIVE" or status eq "PROVISIONED")"#
//! );
//! ```
//!
//! An expression goes wherever its text does: `okta.users().list().search(expression)`. Okta
//! decides which operators an operation accepts: `search` takes all of them, `filter` a few.
//!
//! # What cannot be an expression
//! Values are escaped, and so cannot be wrong. A field name that is none, or a list without values,
//! makes an expression that holds an error. It stays one in whatever it becomes part of:
//! [`Expression::checked`] gives the error, and the text is a quoted message that Okta refuses (400)
//! instead of one that finds more than was asked for. So names from outside need no check of their
//! own to be harmless, and `checked` tells early what is wrong.
//!
//! Source: <https://developer.okta.com/docs/reference/core-okta-api/#filter>, and RFC 7644, section
//! 3.4.2.2, for the grammar: strings are those of JSON.

mod value;

use std::fmt;

pub use self::value::Value;
use crate::Error;

/// The longest field name in bytes.
const MOST_NAME: usize = 256;

/// A field of what is searched for, such as `status` or `profile.lastName`. It may have ASCII
/// letters, digits and `_ . : $ - [ ]`, and begins with a letter or an underscore. See [the
/// module](self) for what becomes of others.
pub fn field(name: impl Into<String>) -> Field {
    let name = name.into();
    Field(match is_name(&name) {
        true => Ok(name),
        false => Err(Error::invalid_argument(
            "field",
            "is no field name; write one such as profile.lastName, with letters, digits and \
             `_.:$-[]`",
        )),
    })
}

/// What has one of these values in `name`. Without any value it holds an error: nothing can match,
/// and so there is nothing to ask Okta for.
pub fn any_of<V: Into<Value>>(
    name: impl Into<String>,
    values: impl IntoIterator<Item = V>,
) -> Expression {
    let field = field(name);
    let alternatives = values.into_iter().map(|value| field.clone().eq(value));
    alternatives.reduce(Expression::or).unwrap_or_else(|| {
        Expression(Err(Error::invalid_argument(
            "values",
            "has none, so that nothing can match; leave out the request",
        )))
    })
}

fn is_name(name: &str) -> bool {
    let first = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let other = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:$-[]".contains(&byte);
    let keyword = |word: &&str| name.eq_ignore_ascii_case(word);
    name.len() <= MOST_NAME
        && name.bytes().next().is_some_and(first)
        && name.bytes().all(other)
        && !["and", "or", "not"].iter().any(keyword)
}

/// A field that is to be compared with something.
#[derive(Clone, Debug)]
#[must_use = "a field is no expression until it is compared"]
pub struct Field(Result<String, Error>);

impl Field {
    /// Is the value.
    pub fn eq(self, value: impl Into<Value>) -> Expression {
        self.compare("eq", value)
    }

    /// Is not the value.
    pub fn ne(self, value: impl Into<Value>) -> Expression {
        self.compare("ne", value)
    }

    /// Starts with this text.
    pub fn sw(self, text: impl AsRef<str>) -> Expression {
        self.compare("sw", text.as_ref())
    }

    /// Ends with this text.
    pub fn ew(self, text: impl AsRef<str>) -> Expression {
        self.compare("ew", text.as_ref())
    }

    /// Contains this text.
    pub fn co(self, text: impl AsRef<str>) -> Expression {
        self.compare("co", text.as_ref())
    }

    /// Is greater, or later, than the value.
    pub fn gt(self, value: impl Into<Value>) -> Expression {
        self.compare("gt", value)
    }

    /// Is greater than the value, or later, or the same.
    pub fn ge(self, value: impl Into<Value>) -> Expression {
        self.compare("ge", value)
    }

    /// Is less, or earlier, than the value.
    pub fn lt(self, value: impl Into<Value>) -> Expression {
        self.compare("lt", value)
    }

    /// Is less than the value, or earlier, or the same.
    pub fn le(self, value: impl Into<Value>) -> Expression {
        self.compare("le", value)
    }

    /// Has a value.
    pub fn pr(self) -> Expression {
        Expression::of(self.0.map(|name| format!("{name} pr")))
    }

    fn compare(self, operator: &str, value: impl Into<Value>) -> Expression {
        let value = value.into();
        Expression::of(self.0.map(|name| format!("{name} {operator} {value}")))
    }
}

/// A condition, of one comparison or of several.
///
/// `Display`, and so `to_string`, gives the text for Okta. `Debug` leaves the values out.
#[derive(Clone)]
#[must_use = "an expression does nothing until it is sent"]
pub struct Expression(Result<Written, Error>);

#[derive(Clone)]
struct Written {
    text: String,
    outermost: Outermost,
}

/// What holds the text together on the outside: `and` binds stronger than `or`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outermost {
    Comparison,
    And,
    Or,
}

impl Expression {
    fn of(text: Result<String, Error>) -> Self {
        Self(text.map(|text| Written {
            text,
            outermost: Outermost::Comparison,
        }))
    }

    /// Both hold.
    pub fn and(self, other: Self) -> Self {
        self.joined(" and ", other, Outermost::And)
    }

    /// One of them holds, or both.
    pub fn or(self, other: Self) -> Self {
        self.joined(" or ", other, Outermost::Or)
    }

    /// It does not hold.
    // The operator `!` is there too, and this reads better after a comparison.
    #[allow(clippy::should_implement_trait)]
    pub fn not(self) -> Self {
        Self::of(self.0.map(|inner| format!("not ({})", inner.text)))
    }

    fn joined(self, word: &str, other: Self, outermost: Outermost) -> Self {
        let joined = self.0.and_then(|left| {
            let mut text = left.inside(outermost);
            text.push_str(word);
            text.push_str(&other.0?.inside(outermost));
            Ok(Written { text, outermost })
        });
        Self(joined)
    }

    /// The expression itself, if it is one.
    ///
    /// # Errors
    /// An argument error that says what to write instead, if a field name is none or a list has no
    /// values; see [the module](self).
    pub fn checked(self) -> Result<Self, Error> {
        match self.0 {
            Ok(_) => Ok(self),
            Err(error) => Err(error),
        }
    }
}

impl Written {
    /// The text as a part of a larger expression.
    fn inside(self, outer: Outermost) -> String {
        match self.outermost == Outermost::Or && outer == Outermost::And {
            true => format!("({})", self.text),
            false => self.text,
        }
    }
}

impl std::ops::Not for Expression {
    type Output = Self;

    fn not(self) -> Self {
        Self::not(self)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(written) => formatter.write_str(&written.text),
            // A string is no expression: nothing can be found by it.
            Err(error) => write!(formatter, "{}", Value::from(error.to_string())),
        }
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(written) => write!(formatter, "Expression({} bytes)", written.text.len()),
            Err(error) => write!(formatter, "Expression({error})"),
        }
    }
}

impl From<Expression> for String {
    fn from(expression: Expression) -> Self {
        match expression.0 {
            Ok(written) => written.text,
            Err(_) => expression.to_string(),
        }
    }
}

#[cfg(test)]
mod tests;
