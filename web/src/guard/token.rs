//! The token of forms, for browsers that do not say where a request comes from.

use axum::body::{Body, to_bytes};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request};
use okta_auth::Error;
use url::form_urlencoded;

use super::SESSION_COOKIE;
use crate::app::App;
use crate::cookies;
use crate::failure::{Failure, FailureKind};

/// The header and the form field that bring the token.
const HEADER: &str = "x-csrf-token";
pub(crate) const FIELD: &str = "csrf_token";

/// The longest form that is searched for it, in bytes.
const LONGEST: usize = 256 * 1024;

/// The token of a browser's session: its id, sealed, so that each is another text and none can be
/// made up.
pub(crate) fn of_session(app: &App, id: &str) -> Result<String, Error> {
    let sealed = app.keys.seal(CONTEXT, id.as_bytes())?;
    Ok(URL_SAFE_NO_PAD.encode(sealed))
}

const CONTEXT: &[u8] = b"okta-web csrf 1";

/// The request, if it brings the token of its session in the header or the form.
pub(super) async fn check(app: &App, request: Request<Body>) -> Result<Request<Body>, Failure> {
    let headers = request.headers();
    if let Some(token) = headers.get(HEADER) {
        let token = token.to_str().unwrap_or_default();
        return if fits(app, headers, token) {
            Ok(request)
        } else {
            Err(Failure::new(FailureKind::CrossSite, headers))
        };
    }
    if !is_form(headers) {
        return Err(Failure::new(FailureKind::CrossSite, headers));
    }
    let (parts, body) = request.into_parts();
    let refuse = || Failure::new(FailureKind::CrossSite, &parts.headers);
    let body = to_bytes(body, LONGEST).await.map_err(|_| refuse())?;
    let mut fields = form_urlencoded::parse(&body);
    let token = fields.find_map(|(name, value)| (name == FIELD).then(|| value.into_owned()));
    if !token.is_some_and(|token| fits(app, &parts.headers, &token)) {
        return Err(refuse());
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

fn fits(app: &App, headers: &HeaderMap, token: &str) -> bool {
    let session = cookies::value(headers, &app.cookies.name(SESSION_COOKIE));
    let sealed = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
    let opened = app.keys.open(CONTEXT, &sealed);
    match (session, opened) {
        (Some(session), Some(opened)) => opened.expose() == session,
        _ => false,
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| {
        let kind = value.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}
