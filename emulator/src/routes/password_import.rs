//! What is done before a login by password is looked at: where another system knows the password, its
//! service is asked, while the org serves others.

use axum::body::Bytes;
use axum::http::Method;
use axum::http::request::Parts;
use url::form_urlencoded;

use super::locked;
use crate::call::Call;
use crate::delivery::inline_hooks;
use crate::shared::{HeldOrg, Shared};

/// Where classic clients log in.
pub(super) const AUTHN: &str = "/api/v1/authn";

/// A login at [`AUTHN`].
pub(super) async fn before_authn(shared: &Shared, parts: &Parts, call: &Call) {
    let Ok(body) = call.object() else {
        return;
    };
    let text = |name: &str| body.get(name)?.as_str().map(str::to_owned);
    if let (Some(name), Some(password)) = (text("username"), text("password")) {
        import(shared, parts, (name, password)).await;
    }
}

/// A login at one of the pages.
pub(super) async fn before_page(shared: &Shared, parts: &Parts, body: &Bytes) {
    let path = parts.uri.path();
    if parts.method != Method::POST || !(path.starts_with("/login/") || path == "/activate") {
        return;
    }
    let text = |name: &str| {
        let mut form = form_urlencoded::parse(body);
        let found = form.find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    if let (Some(name), Some(password)) = (text("username"), text("password")) {
        import(shared, parts, (name, password)).await;
    }
}

/// A login by this name and this password.
pub(super) async fn import(shared: &Shared, parts: &Parts, credentials: (String, String)) {
    let base = shared.entrance.base(&parts.headers);
    let path = parts.uri.path();
    let import = begun(shared, parts).password_import(credentials, (path, &base));
    let Some(import) = import else {
        return;
    };
    let answer = inline_hooks::ask(shared, Some(&import.question)).await;
    begun(shared, parts).import_password(&import, answer);
}

/// The org, locked, for a request.
fn begun<'s>(shared: &'s Shared, parts: &Parts) -> HeldOrg<'s> {
    let mut org = shared.org();
    locked::begin(shared, parts, &mut org);
    org
}
