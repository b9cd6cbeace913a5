//! Subject identifiers: RFC 9493.

use serde_json::{Map, Value};

use super::error::VerifyError;

/// Whom or what a security event is about. Source: RFC 9493, section 3; for several at once
/// OpenID Shared Signals Framework 1.0, section 3.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SubjectId {
    /// An account at a service provider, as an `acct:` URI.
    Account {
        /// Such as `acct:joe@example.com`.
        uri: String,
    },
    /// An email address.
    Email {
        /// The address.
        email: String,
    },
    /// A user of an issuer, as its tokens have it.
    IssuerSubject {
        /// The issuer, `iss`.
        issuer: String,
        /// The user, `sub`.
        subject: String,
    },
    /// An id that issuer and receiver have agreed on.
    Opaque {
        /// The id.
        id: String,
    },
    /// A telephone number.
    PhoneNumber {
        /// In the form of E.164, such as `+12065550100`.
        phone_number: String,
    },
    /// A decentralized identifier.
    Did {
        /// Its URL.
        url: String,
    },
    /// Any URI.
    Uri {
        /// The URI.
        uri: String,
    },
    /// One subject by several names.
    Aliases(Vec<SubjectId>),
    /// Several subjects at once, by what each is: `user`, `device`, `session`, `tenant`.
    Complex(Vec<(String, SubjectId)>),
    /// A format that this release does not know.
    Other {
        /// The `format`; empty if there is none.
        format: String,
        /// All else.
        members: Map<String, Value>,
    },
}

impl SubjectId {
    /// # Errors
    /// [`VerifyError::ClaimType`] for a known format that lacks something.
    pub(super) fn read(mut members: Map<String, Value>) -> Result<Self, VerifyError> {
        let format = match members.remove("format") {
            Some(Value::String(format)) => format,
            None => String::new(),
            Some(_) => return Err(wrong()),
        };
        let mut text = |name| match members.remove(name) {
            Some(Value::String(text)) if !text.is_empty() => Ok(text),
            _ => Err(wrong()),
        };
        Ok(match format.as_str() {
            "account" => Self::Account { uri: text("uri")? },
            "email" => Self::Email {
                email: text("email")?,
            },
            "iss_sub" => Self::IssuerSubject {
                issuer: text("iss")?,
                subject: text("sub")?,
            },
            "opaque" => Self::Opaque { id: text("id")? },
            "phone_number" => Self::PhoneNumber {
                phone_number: text("phone_number")?,
            },
            "did" => Self::Did { url: text("url")? },
            "uri" => Self::Uri { uri: text("uri")? },
            "aliases" => Self::Aliases(aliases(&mut members)?),
            "complex" => Self::Complex(parts(members)?),
            _ => Self::Other { format, members },
        })
    }

    /// One that has no others in it.
    fn read_simple(value: Value) -> Result<Self, VerifyError> {
        let Value::Object(members) = value else {
            return Err(wrong());
        };
        match members.get("format").and_then(Value::as_str) {
            // RFC 9493, section 3.2.8.
            Some("aliases" | "complex") => Err(wrong()),
            _ => Self::read(members),
        }
    }
}

fn aliases(members: &mut Map<String, Value>) -> Result<Vec<SubjectId>, VerifyError> {
    match members.remove("identifiers") {
        Some(Value::Array(names)) if !names.is_empty() => {
            names.into_iter().map(SubjectId::read_simple).collect()
        }
        _ => Err(wrong()),
    }
}

fn parts(members: Map<String, Value>) -> Result<Vec<(String, SubjectId)>, VerifyError> {
    if members.is_empty() {
        return Err(wrong());
    }
    let part = |(name, value)| Ok((name, SubjectId::read_simple(value)?));
    members.into_iter().map(part).collect()
}

fn wrong() -> VerifyError {
    VerifyError::ClaimType {
        claim: "sub_id".to_owned(),
        expected: "a subject identifier (RFC 9493)",
    }
}
