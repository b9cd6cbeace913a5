//! What a token allows.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Error;

/// Scopes: a set of names with no spaces in them, in the order in which they were given (RFC
/// 6749, section 3.3). `Display` and serialization are the names with spaces between them.
///
/// ```
/// use okta_auth::oauth::Scopes;
///
/// # fn main() -> Result<(), okta_auth::Error> {
/// let scopes = Scopes::new(["openid", "profile"])?;
/// assert!(scopes.contains("openid"));
/// assert_eq!(scopes.to_string(), "openid profile");
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// These scopes, each of them once.
    ///
    /// # Errors
    /// An argument error for a name that is empty or has other characters than a scope may have,
    /// such as a space between two names.
    pub fn new<I>(names: I) -> Result<Self, Error>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut scopes = Self::default();
        for name in names {
            check(name.as_ref())?;
            scopes.add(name.as_ref());
        }
        Ok(scopes)
    }

    /// Scopes in one text, with spaces between them.
    ///
    /// # Errors
    /// As [`Scopes::new`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::new(text.split_ascii_whitespace())
    }

    /// What a server says that it granted: it has the last word on what scopes look like.
    pub(crate) fn granted(text: &str) -> Self {
        let mut scopes = Self::default();
        text.split_ascii_whitespace()
            .for_each(|name| scopes.add(name));
        scopes
    }

    fn add(&mut self, name: &str) {
        if !self.contains(name) {
            self.0.push(name.to_owned());
        }
    }

    /// Whether `name` is one of them.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|known| known == name)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// RFC 6749, appendix A.4.
fn check(name: &str) -> Result<(), Error> {
    let refuse = |why: &str| {
        Err(Error::invalid_argument(
            "scopes",
            format!("{why}; write one name for each, such as `openid`, `profile`"),
        ))
    };
    if name.is_empty() {
        return refuse("one of them is empty");
    }
    if name.contains(char::is_whitespace) {
        return refuse("one of them has white space in it");
    }
    let allowed = |byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    if !name.bytes().all(allowed) {
        return refuse("one of them has a quote, a backslash or another character that none has");
    }
    Ok(())
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::granted(&text))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn order_stays_and_doubles_go() {
        let scopes = Scopes::new(["openid", "email", "openid"]).unwrap();
        assert_eq!(scopes.to_string(), "openid email");
        assert_eq!((scopes.len(), scopes.is_empty()), (2, false));
        assert_eq!(Scopes::parse(" openid  email ").unwrap(), scopes);
        assert_eq!(serde_json::to_value(&scopes).unwrap(), "openid email");
        let read: Scopes = serde_json::from_str(r#""openid email""#).unwrap();
        assert_eq!(read, scopes);
    }

    #[test]
    fn what_no_scope_looks_like_is_refused_with_advice() {
        for wrong in ["", "openid profile", "a\"b", "a\\b", "naïve", "a\u{7f}"] {
            let error = Scopes::new([wrong]).unwrap_err();
            assert!(error.is_invalid_argument(), "{wrong}");
            assert!(error.to_string().contains("`openid`"), "{error}");
        }
        assert_eq!(Scopes::granted("a\"b  a\"b c").len(), 2);
    }
}
