//! What an error response says, in its body and its headers.

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

use super::ErrorBody;

/// What an error response says, as far as it can be understood.
#[derive(Debug)]
pub(crate) struct OktaError {
    /// `None` if the body is no JSON object, such as a gateway's HTML.
    pub(crate) body: Option<ErrorBody>,
    pub(crate) causes: Vec<String>,
    pub(crate) missing_scope: Option<String>,
}

impl OktaError {
    pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        let body: Option<ErrorBody> = serde_json::from_slice(body).ok();
        let causes = body.iter().flat_map(ErrorBody::causes);
        Self {
            causes: causes.map(str::to_owned).collect(),
            body,
            missing_scope: missing_scope(headers),
        }
    }

    pub(crate) fn code(&self) -> Option<&str> {
        self.body.as_ref()?.code()
    }

    pub(crate) fn summary(&self) -> Option<&str> {
        self.body.as_ref()?.summary()
    }

    /// Okta reports a taken login, group name or label as a validation error; only the text of
    /// the cause tells it from others.
    pub(crate) fn is_duplicate_value(&self) -> bool {
        self.code() == Some("E0000001")
            && self
                .causes
                .iter()
                .any(|cause| cause.contains("already exists"))
    }
}

fn missing_scope(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .filter_map(|challenge| challenge.to_str().ok())
        .filter(|challenge| challenge.contains("insufficient_scope"))
        .find_map(|challenge| {
            let (before, rest) = challenge.split_once("scope=\"")?;
            let starts_a_name = before.ends_with([' ', ',', '\t']);
            let (scope, _) = rest.split_once('"')?;
            starts_a_name.then(|| scope.to_owned())
        })
}
