//! What the browser brings back from a login.

use std::borrow::Cow;
use std::fmt;

use url::Url;
use url::form_urlencoded;

use crate::{Error, Secret};

/// Longest callback, in bytes.
const LONGEST: usize = 64 * 1024;

/// Most parameters of a callback. Servers send five or so.
const MOST_PARAMETERS: usize = 32;

/// What the browser brings back from a login: a code, or an error, with the state of the login
/// that it answers (RFC 6749, section 4.1.2; RFC 9207). `Debug` shows no secret.
#[derive(Clone)]
pub struct Callback {
    pub(super) state: Secret,
    pub(super) issuer: Option<String>,
    pub(super) outcome: Outcome,
}

/// How the login went.
#[derive(Clone)]
pub(super) enum Outcome {
    Code(Secret),
    Error {
        code: String,
        description: Option<String>,
    },
}

impl Callback {
    /// Reads a callback from the URL that was requested, from its query (with or without `?`),
    /// or from the body of the form that was posted.
    ///
    /// An error in it, such as `access_denied`, is read like a code:
    /// [`OAuthClient::exchange_code`](super::OAuthClient::exchange_code) makes an error of it,
    /// once it has seen that the callback is the answer to the login.
    ///
    /// # Errors
    /// An argument error if a parameter is there twice, there are more than 32, there is no state,
    /// or neither a code nor an error.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > LONGEST {
            return Err(refuse("is longer than any callback"));
        }
        let mut parameters = Parameters::parse(text)?;
        let state = parameters.take("state").ok_or_else(|| {
            refuse("has no `state`; give the query of the request to the redirect URI, as it came")
        })?;
        let outcome = match (parameters.take("error"), parameters.take("code")) {
            (Some(code), _) => Outcome::Error {
                code,
                description: parameters.take("error_description"),
            },
            (None, Some(code)) => Outcome::Code(code.into()),
            (None, None) => return Err(refuse("has neither `code` nor `error`")),
        };
        Ok(Self {
            state: state.into(),
            issuer: parameters.take("iss"),
            outcome,
        })
    }

    /// The state, to find the [`Login`](super::Login) that this is the answer to.
    #[must_use]
    pub fn state(&self) -> &Secret {
        &self.state
    }

    /// The error code, such as `access_denied`, if the login failed. Anyone can make up a
    /// callback, so this is certain only once the state has been compared.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Code(_) => None,
            Outcome::Error { code, .. } => Some(code),
        }
    }
}

/// The parameters, each there once (RFC 6749, section 3.1). Empty ones are left out.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn parse(text: &str) -> Result<Self, Error> {
        let mut seen = Vec::new();
        for (name, value) in form_urlencoded::parse(query_of(text.trim()).as_bytes()) {
            if seen.len() == MOST_PARAMETERS {
                return Err(refuse("has more parameters than any callback"));
            }
            if seen.iter().any(|(known, _)| *known == name) {
                return Err(refuse(format!("has `{}` twice", known_name(&name))));
            }
            seen.push((name.into_owned(), value.into_owned()));
        }
        seen.retain(|(_, value)| !value.is_empty());
        Ok(Self(seen))
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.swap_remove(at).1)
    }
}

/// The query of a URL, or the text itself if it is no URL.
fn query_of(text: &str) -> Cow<'_, str> {
    if let Ok(url) = Url::parse(text) {
        return url.query().unwrap_or_default().to_owned().into();
    }
    let query = match text.strip_prefix('/') {
        Some(path) => path.split_once('?').map_or("", |(_, query)| query),
        None => text.strip_prefix('?').unwrap_or(text),
    };
    query.split('#').next().unwrap_or_default().into()
}

/// A name that may be repeated in an error: others could be anything.
fn known_name(name: &str) -> &str {
    let known = ["code", "state", "iss", "error", "error_description"];
    known
        .into_iter()
        .find(|known| *known == name)
        .unwrap_or("another parameter")
}

fn refuse(why: impl AsRef<str>) -> Error {
    Error::invalid_argument("callback", why)
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback")
            .field("issuer", &self.issuer)
            .field("error", &self.error())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn code(callback: &Callback) -> &str {
        match &callback.outcome {
            Outcome::Code(code) => code.expose(),
            Outcome::Error { code, .. } => code,
        }
    }

    #[test]
    fn it_is_read_from_whatever_has_the_query() {
        for text in [
            "code=c%2B1&state=s%20t",
            "?code=c%2B1&state=s+t",
            "/callback?state=s+t&code=c%2B1",
            "https://app.example.com/callback?tenant=1&code=c%2B1&state=s+t#top",
            "http://localhost:8000/callback?code=c%2B1&state=s+t",
            "com.example.app:/callback?code=c%2B1&state=s+t",
            "code=c%2B1&state=s+t&iss=",
            " code=c%2B1&state=s+t\r\n",
        ] {
            let callback = Callback::parse(text).unwrap();
            assert_eq!(
                (code(&callback), callback.state().expose()),
                ("c+1", "s t"),
                "{text}"
            );
            assert_eq!((callback.error(), &callback.issuer), (None, &None));
        }
    }

    #[test]
    fn an_error_is_read_with_its_description_and_issuer() {
        let text =
            "error=access_denied&error_description=Not+you&state=s&code=c&iss=https%3A%2F%2Fa";
        let callback = Callback::parse(text).unwrap();
        assert_eq!(callback.error(), Some("access_denied"));
        assert_eq!(callback.issuer.as_deref(), Some("https://a"));
        let Outcome::Error { description, .. } = callback.outcome else {
            unreachable!("an error goes before a code");
        };
        assert_eq!(description.as_deref(), Some("Not you"));
    }

    #[test]
    fn what_cannot_be_an_answer_is_refused_without_repeating_it() {
        let long = format!("code={}&state=s", "x".repeat(LONGEST));
        for (text, why) in [
            ("code=s3cret&code=s3cret&state=s", "`code` twice"),
            ("code=s3cret&state=s&state=s", "`state` twice"),
            ("code=s3cret&state=s&c%6Fde=", "`code` twice"),
            ("s3cret=1&s3cret=2&code=a&state=s", "another parameter"),
            ("code=s3cret", "no `state`"),
            ("code=s3cret&state=", "no `state`"),
            ("state=s3cret", "neither"),
            ("code=&state=s3cret", "neither"),
            ("/callback", "no `state`"),
            (
                "https://app.example.com/callback#code=s3cret&state=s",
                "no `state`",
            ),
            ("", "no `state`"),
            (&long, "longer"),
        ] {
            let error = Callback::parse(text).unwrap_err();
            assert!(error.is_invalid_argument());
            assert!(error.to_string().contains(why), "{error}");
            assert!(!format!("{error:?}").contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn many_parameters_are_refused_before_they_are_read() {
        let with = |others: usize| {
            let others: String = (0..others).map(|number| format!("&p{number}=")).collect();
            Callback::parse(&format!("code=c&state=s{others}"))
        };
        assert_eq!(code(&with(30).unwrap()), "c");
        for others in [31, 5_000] {
            let error = with(others).unwrap_err();
            assert!(error.to_string().contains("more parameters"), "{error}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let callback = Callback::parse("code=s3cret&state=s3cret2").unwrap();
        assert!(!format!("{callback:?}").contains("s3cret"));
    }
}
