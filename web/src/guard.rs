//! The layer around all routes of the app: sessions, defence against requests that other sites
//! have browsers send, and headers.

pub(crate) mod cross_site;
mod foreign;
mod headers;
pub(crate) mod token;

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::Request;
use tower_layer::Layer;
use tower_service::Service;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer, SessionStore};

use self::cross_site::Origin;
pub use self::foreign::Kept;
use crate::app::{App, Visit};
use crate::cookies;
use crate::failure::{Failure, FailureKind};

/// The name of the cookie with the id of the browser's session.
pub(crate) const SESSION_COOKIE: &str = "okta-session";

/// The layer of [`OktaLogin::layer`](crate::OktaLogin::layer), for the app's router: what is added
/// to the router after it has no session.
#[derive(Clone, Debug)]
pub struct OktaLayer<Store: SessionStore> {
    app: Arc<App>,
    sessions: SessionManagerLayer<Store>,
}

/// A service inside of [`OktaLayer`].
#[derive(Clone, Debug)]
pub struct Guarded<S> {
    app: Arc<App>,
    inner: S,
}

impl<Store: SessionStore> OktaLayer<Store> {
    pub(crate) fn new(app: Arc<App>, store: Store, life: std::time::Duration) -> Self {
        let life = Duration::try_from(life).unwrap_or(Duration::DAY);
        let sessions = SessionManagerLayer::new(store)
            .with_name(app.cookies.name(SESSION_COOKIE))
            // Lax, not Strict: the browser comes back from Okta's site with the cookie.
            .with_same_site(SameSite::Lax)
            .with_secure(app.cookies.is_https())
            .with_http_only(true)
            .with_path("/")
            .with_expiry(Expiry::OnInactivity(life));
        Self { app, sessions }
    }
}

impl<S, Store: SessionStore> Layer<S> for OktaLayer<Store> {
    type Service = Kept<<SessionManagerLayer<Store> as Layer<Guarded<S>>>::Service>;

    fn layer(&self, inner: S) -> Self::Service {
        let app = Arc::clone(&self.app);
        let inner = self.sessions.layer(Guarded { app, inner });
        Kept::new(Arc::clone(&self.app), inner)
    }
}

impl<S> Service<Request<Body>> for Guarded<S>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let app = Arc::clone(&self.app);
        // The one that is ready is used, and its copy waits for the next request.
        let copy = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, copy);
        async move {
            let (policy, error_page) = (app.policy.clone(), app.error_page.clone());
            let mut response = match admit(&app, request).await {
                Ok(mut request) => {
                    request.extensions_mut().insert(Visit::new(app));
                    inner.call(request).await?
                }
                Err(failure) => failure.into_response(),
            };
            if let Some(page) = error_page {
                page.replace(&mut response);
            }
            headers::add(response.headers_mut(), &policy);
            Ok(response)
        }
        .boxed()
    }
}

/// The request, unless another site had the browser send it. Without the cookie of a session there
/// is nobody in whose name it could be; what it does to the browser's cookies, [`Kept`] sees to.
async fn admit(app: &App, request: Request<Body>) -> Result<Request<Body>, Failure> {
    let headers = request.headers();
    let session = app.cookies.name(SESSION_COOKIE);
    if request.method().is_safe() || !cookies::has(headers, &session) {
        return Ok(request);
    }
    match cross_site::origin_of(headers, &app.site) {
        Origin::Same => Ok(request),
        Origin::Other => Err(Failure::new(FailureKind::CrossSite, headers)),
        Origin::Unknown => token::check(app, request).await,
    }
}
