//! `response_mode` of `/authorize`.

use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::Form;
use serde::{Deserialize, Serialize};

/// How a browser carries the answer of `/authorize`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

impl ResponseMode {
    pub(crate) fn of(form: &Form) -> Result<Self, OAuthError> {
        match form.get("response_mode") {
            None | Some("query") => Ok(Self::Query),
            Some("fragment") => Ok(Self::Fragment),
            Some("form_post") => Ok(Self::FormPost),
            Some(_) => Err(OAuthError::new(
                400,
                "unsupported_response_mode",
                "The response mode is not supported by the authorization server. Valid response \
                 modes: [query, fragment, form_post].",
            )),
        }
    }
}
