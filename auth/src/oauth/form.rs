//! The body of requests to OAuth endpoints.

use std::fmt;

use url::Url;
use url::form_urlencoded::Serializer;

use super::Scopes;
use crate::{Error, Secret};

/// Parameters in the order in which they were added. `Debug` shows their names alone.
#[derive(Clone, Default)]
pub(super) struct Form(Vec<(String, Secret)>);

impl Form {
    pub(super) fn grant(grant_type: &str) -> Self {
        Self::default().with("grant_type", grant_type)
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<Secret>) -> Self {
        self.add(name, value);
        self
    }

    pub(super) fn with_some(self, name: &str, value: Option<impl Into<Secret>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(super) fn with_scopes(self, scopes: &Scopes) -> Self {
        let scopes = (!scopes.is_empty()).then(|| scopes.to_string());
        self.with_some("scope", scopes)
    }

    /// The APIs that a token is for (RFC 8707, section 2), as often as there are any.
    ///
    /// # Errors
    /// An argument error for one that is no absolute URI or has a fragment.
    pub(super) fn with_resources(mut self, resources: &[String]) -> Result<Self, Error> {
        for resource in resources {
            let is_spelled_out = !resource.contains(|c: char| c.is_whitespace() || c.is_control());
            let is_absolute = Url::parse(resource).is_ok_and(|url| url.fragment().is_none());
            if !(is_spelled_out && is_absolute) {
                return Err(Error::invalid_argument(
                    "resource",
                    "is no absolute URI, or has a fragment; write such as https://api.example.com",
                ));
            }
            self.add("resource", resource.as_str());
        }
        Ok(self)
    }

    pub(super) fn add(&mut self, name: &str, value: impl Into<Secret>) {
        self.0.push((name.to_owned(), value.into()));
    }

    pub(super) fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Adds what is not there yet: no parameter may be sent twice (RFC 6749, section 3.2).
    pub(super) fn add_missing(&mut self, other: Self) {
        for (name, value) in other.0 {
            if !self.has(&name) {
                self.0.push((name, value));
            }
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// That no parameter is there twice (RFC 6749, section 3.2), but for those that may be.
    pub(super) fn check_names(&self) -> Result<(), Error> {
        for (at, (name, _)) in self.0.iter().enumerate() {
            let is_again = || self.0[..at].iter().any(|(known, _)| known == name);
            if name.is_empty() || (name != "resource" && is_again()) {
                return Err(Error::invalid_argument(
                    name,
                    "is given twice, or has no name; give each parameter once",
                ));
            }
        }
        Ok(())
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.expose()))
    }

    /// As `application/x-www-form-urlencoded`.
    pub(super) fn encoded(&self) -> String {
        Serializer::new(String::new())
            .extend_pairs(self.pairs())
            .finish()
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.0.iter().map(|(n, _)| n))
            .finish()
    }
}
