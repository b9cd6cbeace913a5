//! What is done before a login by password is looked at: where another system knows the password, its
//! service is asked, while the org serves others.

use axum::body::Bytes;
use axum::http::Method;
use axum::http::request::Parts;
use url::form_urlencoded;

use crate::call::Call;
use crate::caller::caller;
use crate::delivery::inline_hooks;
use crate::shared::Shared;

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

/// A login at the login page, or by the grant `password`.
pub(super) async fn before_form(shared: &Shared, parts: &Parts, body: &Bytes) {
    let path = parts.uri.path();
    if parts.method != Method::POST {
        return;
    }
    let text = |name: &str| {
        let mut form = form_urlencoded::parse(body);
        let found = form.find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    let is_login = match path.trim_end_matches('/').rsplit('/').next() {
        Some("token") => text("grant_type").as_deref() == Some("password"),
        _ => path.starts_with("/login/"),
    };
    if let (true, Some(name), Some(password)) = (is_login, text("username"), text("password")) {
        import(shared, parts, (name, password)).await;
    }
}

async fn import(shared: &Shared, parts: &Parts, credentials: (String, String)) {
    let base = shared.entrance.base(&parts.headers);
    let (caller, import) = {
        let mut org = shared.org();
        let caller = caller(shared, parts, &org);
        org.begin(shared.clock.stamp(), caller.clone());
        let import = org.password_import(credentials, (parts.uri.path(), &base));
        (caller, import)
    };
    let Some(import) = import else {
        return;
    };
    let answer = inline_hooks::ask(shared, &import.question).await;
    let mut org = shared.org();
    org.begin(shared.clock.stamp(), caller);
    org.import_password(&import, answer.map_err(|failure| failure.to_string()));
}
