//! What another site has the browser send leaves the browser's session as it is.
//!
//! Such a form brings no session cookie, which is `SameSite=Lax`: for the app nobody is logged in.
//! Browsers take cookies from the response all the same, and a new session, or a logout of nobody,
//! would replace that of the user.

use std::sync::Arc;
use std::task::{Context, Poll};

use axum::response::Response;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue, Request};
use tower_service::Service;

use super::SESSION_COOKIE;
use super::cross_site::{Origin, origin_of};
use crate::app::App;

/// A service inside of [`OktaLayer`](super::OktaLayer), with sessions.
#[derive(Clone, Debug)]
pub struct Kept<S> {
    app: Arc<App>,
    inner: S,
}

impl<S> Kept<S> {
    pub(super) fn new(app: Arc<App>, inner: S) -> Self {
        Self { app, inner }
    }
}

impl<S, Body> Service<Request<Body>> for Kept<S>
where
    S: Service<Request<Body>, Response = Response>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if !is_foreign(&self.app, &request) {
            return self.inner.call(request).boxed();
        }
        let session = self.app.cookies.name(SESSION_COOKIE);
        let response = self.inner.call(request);
        async move {
            let mut response = response.await?;
            withhold(response.headers_mut(), &session);
            Ok(response)
        }
        .boxed()
    }
}

/// Whether another site has the browser send this request, other than Okta at the end of a login.
fn is_foreign<Body>(app: &App, request: &Request<Body>) -> bool {
    let ends_login = app.request.by_form_post && request.uri().path() == app.paths.callback;
    !request.method().is_safe()
        && !ends_login
        && origin_of(request.headers(), &app.site) == Origin::Other
}

/// Takes the cookie of this name from the headers of a response.
fn withhold(headers: &mut HeaderMap, name: &str) {
    let is_kept = |cookie: &HeaderValue| {
        let text = cookie.as_bytes();
        text.strip_prefix(name.as_bytes())
            .is_none_or(|rest| !rest.starts_with(b"="))
    };
    if headers.get_all(SET_COOKIE).iter().all(is_kept) {
        return;
    }
    let cookies: Vec<_> = headers.get_all(SET_COOKIE).iter().cloned().collect();
    headers.remove(SET_COOKIE);
    for cookie in cookies.into_iter().filter(is_kept) {
        headers.append(SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cookie_is_withheld() {
        let cookies = ["a=1; Path=/", "session=2", "session-2=3", "session"];
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(SET_COOKIE, HeaderValue::from_static(cookie));
        }
        withhold(&mut headers, "session");
        let left: Vec<_> = headers.get_all(SET_COOKIE).iter().collect();
        assert_eq!(left, ["a=1; Path=/", "session-2=3", "session"]);
    }
}
