//! Pages for people: for users who log in, and for those who look at the org. The templates, the one
//! stylesheet and the scripts are in `templates/`.

pub(crate) mod assets;
pub(crate) mod browser;
mod second_factor;
mod sign_in;
pub(crate) mod unlocking;

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

pub(crate) use second_factor::{Proof, enrollment, factor, factors};
pub(crate) use sign_in::{
    Field, activation, consent, error, login, new_password, notice, post, sign_up,
};

/// What a browser may load and do on a page, Content Security Policy Level 3.
#[derive(Clone, Copy, Debug)]
enum Policy {
    /// A user logs in: no script. Forms may lead elsewhere, since the answer to one redirects to the
    /// application.
    SignIn,
    /// The form is for the application, and a script sends it. It may be in a frame of the
    /// application.
    FormPost,
    /// Someone looks at the org: the script fetches the page again.
    Browser,
}

impl Policy {
    fn text(self) -> &'static str {
        match self {
            Self::SignIn => {
                "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
                 frame-ancestors 'none'"
            }
            Self::FormPost => {
                "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; \
                 base-uri 'none'"
            }
            Self::Browser => {
                "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; \
                 connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            }
        }
    }
}

/// A page.
#[derive(Debug)]
pub(crate) struct Page {
    html: Option<String>,
    policy: Policy,
}

impl Page {
    fn of(template: &impl Template, policy: Policy) -> Self {
        let html = template.render();
        let html = html.inspect_err(|error| tracing::error!(%error, "a page cannot be written"));
        Self {
            html: html.ok(),
            policy,
        }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let Some(html) = self.html else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let headers = [
            (header::CONTENT_SECURITY_POLICY, self.policy.text()),
            (header::CACHE_CONTROL, "no-store"),
            // Without a referrer, browsers would send forms with `Origin: null`.
            (header::REFERRER_POLICY, "same-origin"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        (headers, Html(html)).into_response()
    }
}
