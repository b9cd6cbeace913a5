//! A request to an authorization server.

use axum::http::{HeaderMap, Method, Uri, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::form_urlencoded;

use crate::oauth::words::error::OAuthError;
use crate::oauth::words::server::Server;

/// A request, decoded as far as every endpoint needs it.
pub(crate) struct OAuthRequest {
    pub(crate) server: Server,
    pub(crate) method: Method,
    /// Scheme and host that the caller used.
    pub(crate) base: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) form: Form,
    /// The body as it came, for the one endpoint that reads JSON.
    pub(crate) body: Vec<u8>,
}

impl OAuthRequest {
    /// Reads the parameters from query and body.
    pub(crate) fn new(
        server: Server,
        method: Method,
        base: String,
        uri: &Uri,
        headers: HeaderMap,
        body: &[u8],
    ) -> Result<Self, OAuthError> {
        let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let mut parameters: Vec<(String, String)> = query.into_owned().collect();
        let kind = headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("application/x-www-form-urlencoded") {
            parameters.extend(form_urlencoded::parse(body).into_owned());
        } else if kind.starts_with("application/json") {
            parameters.extend(members(body));
        }
        Ok(Self {
            server,
            method,
            base,
            path: uri.path().to_owned(),
            headers,
            form: Form::new(parameters)?,
            body: body.to_vec(),
        })
    }

    /// The URL that was called, without query.
    pub(crate) fn url(&self) -> String {
        format!("{}{}", self.base, self.path)
    }

    /// The last part of the path.
    pub(crate) fn last_segment(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// What follows this scheme in `Authorization`.
    pub(crate) fn authorization(&self, scheme: &str) -> Option<&str> {
        authorization(&self.headers, scheme)
    }

    /// Client id and secret of `Authorization: Basic`, percent-decoded as RFC 6749 section 2.3.1
    /// has it. Without a colon there is no secret.
    pub(crate) fn basic(&self) -> Option<Result<(String, String), OAuthError>> {
        let encoded = self.authorization("Basic")?;
        let decoded = || {
            let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
            let (id, secret) = text.split_once(':').unwrap_or((&text, ""));
            Some((form_decoded(id), form_decoded(secret)))
        };
        Some(decoded().ok_or_else(|| {
            OAuthError::invalid_client(
                "The Authorization header must be Basic base64(client_id:client_secret).",
            )
        }))
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        cookie(&self.headers, name)
    }
}

/// What follows this scheme in `Authorization`. Schemes have no letter case. The space may be missing:
/// Okta takes that, and Okta's Python SDK sends it.
pub(crate) fn authorization<'h>(headers: &'h HeaderMap, scheme: &str) -> Option<&'h str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (given, rest) = value.split_at_checked(scheme.len())?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).iter();
    let mut pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split("; "));
    pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// One name or value of a form.
fn form_decoded(text: &str) -> String {
    let mut pairs = form_urlencoded::parse(text.as_bytes());
    pairs
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}

/// The text and number members of a JSON body, as Okta's document describes `/par`.
fn members(body: &[u8]) -> Vec<(String, String)> {
    let object = serde_json::from_slice::<serde_json::Map<String, Value>>(body);
    let members = object.unwrap_or_default().into_iter();
    members
        .filter_map(|(name, value)| match value {
            Value::String(text) => Some((name, text)),
            Value::Number(number) => Some((name, number.to_string())),
            _ => None,
        })
        .collect()
}

/// Parameters of a request. Each occurs once, but for `resource` (RFC 8707, section 2), and an
/// empty one counts as absent: RFC 6749 section 3.1.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    fn new(parameters: Vec<(String, String)>) -> Result<Self, OAuthError> {
        let twice = parameters.iter().enumerate().find(|(index, (name, _))| {
            name != "resource"
                && parameters
                    .iter()
                    .skip(index + 1)
                    .any(|(other, _)| name == other)
        });
        match twice {
            Some((_, (name, _))) => Err(OAuthError::invalid_request(format!(
                "The '{name}' parameter is there more than once."
            ))),
            None => Ok(Self(parameters)),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self
            .0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn require(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name).ok_or_else(|| {
            OAuthError::invalid_request(format!("The '{name}' parameter is required."))
        })
    }

    /// What is left to push once the client has proved who it is.
    pub(crate) fn pushed_by(&self, client_id: &str) -> Self {
        let proof = [
            "client_id",
            "client_secret",
            "client_assertion",
            "client_assertion_type",
        ];
        let others = self.0.iter();
        let mut parameters: Vec<(String, String)> = others
            .filter(|(name, _)| !proof.contains(&name.as_str()))
            .cloned()
            .collect();
        parameters.push(("client_id".to_owned(), client_id.to_owned()));
        Self(parameters)
    }

    /// The words of a parameter that is a list.
    pub(crate) fn words(&self, name: &str) -> Vec<String> {
        let text = self.get(name).unwrap_or_default();
        text.split_ascii_whitespace().map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn request(authorization: &str, body: &str) -> Result<OAuthRequest, OAuthError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, authorization.parse().unwrap());
        headers.insert(
            header::CONTENT_TYPE,
            "application/x-www-form-urlencoded".parse().unwrap(),
        );
        let uri = Uri::from_static("/oauth2/v1/token");
        let base = "http://127.0.0.1:1".to_owned();
        OAuthRequest::new(
            Server::Org,
            Method::POST,
            base,
            &uri,
            headers,
            body.as_bytes(),
        )
    }

    #[test]
    fn basic_credentials_are_form_encoded_inside() {
        let encoded = STANDARD.encode("my%3Aid:se+cret%2B%25");
        let request = request(&format!("basic {encoded}"), "").unwrap();
        let (id, secret) = request.basic().unwrap().unwrap();
        assert_eq!((id.as_str(), secret.as_str()), ("my:id", "se cret+%"));
    }

    #[test]
    fn basic_credentials_may_be_an_id_alone() {
        let request = request(&format!("Basic{}", STANDARD.encode("my-id")), "").unwrap();
        let (id, secret) = request.basic().unwrap().unwrap();
        assert_eq!((id.as_str(), secret.as_str()), ("my-id", ""));
    }

    #[test]
    fn the_space_behind_the_scheme_may_be_missing() {
        for value in ["Bearer abc", "bearer  abc ", "Bearerabc"] {
            let headers = request(value, "").unwrap().headers;
            assert_eq!(authorization(&headers, "Bearer"), Some("abc"), "{value}");
            assert_eq!(authorization(&headers, "DPoP"), None, "{value}");
        }
    }

    #[test]
    fn a_parameter_occurs_once_and_an_empty_one_is_absent() {
        let form = request("Basic x", "scope=&state=a+b").unwrap().form;
        assert_eq!(form.get("scope"), None);
        assert_eq!(form.words("state"), ["a", "b"]);
        let twice = request("Basic x", "scope=a&scope=b").err().unwrap();
        assert_eq!(twice.error, "invalid_request");
    }
}
