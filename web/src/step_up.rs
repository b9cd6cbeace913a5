//! Routes that take a stronger or a more recent login than others.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::Request;
use http::request::Parts;
use tower_layer::Layer;
use tower_service::Service;

use crate::app::{Visit, requested};
use crate::begin::{Asked, begin};
use crate::extract::wants_page;
use crate::failure::{Failure, FailureKind};
use crate::return_path::ReturnPath;
use crate::sessions::Opened;

/// The shortest time that a login can be recent for: the way back from Okta takes some.
const LEAST: Duration = Duration::from_secs(30);

/// Lets those pass whose login was strong enough, by `acr`. A browser that asks for a page is sent
/// to Okta for such a login and comes back; any other request is answered with 403. A layer for
/// routes inside of [`OktaLayer`](crate::OktaLayer).
///
/// ```
/// use axum::Router;
/// use axum::routing::get;
/// use okta_web::RequireAcr;
///
/// let app: Router = Router::new()
///     .route("/salaries", get(|| async { "salaries" }))
///     .route_layer(RequireAcr::new(["urn:okta:loa:2fa:any"]));
/// ```
#[derive(Clone, Debug)]
pub struct RequireAcr(Arc<[String]>);

/// Lets those pass who have logged in at Okta no longer ago than a time. A browser that asks for a
/// page is sent to Okta, where the user has to log in again, and comes back; any other request is
/// answered with 403. A layer for routes inside of [`OktaLayer`](crate::OktaLayer).
///
/// ```
/// use std::time::Duration;
///
/// use axum::Router;
/// use axum::routing::get;
/// use okta_web::RequireRecentLogin;
///
/// let app: Router = Router::new()
///     .route("/bank-account", get(|| async { "bank account" }))
///     .route_layer(RequireRecentLogin(Duration::from_secs(300)));
/// ```
///
/// Times below 30 seconds count as 30: nobody would ever be back in time.
#[derive(Clone, Copy, Debug)]
pub struct RequireRecentLogin(
    /// How long ago the login may be.
    pub Duration,
);

/// A service behind [`RequireAcr`] or [`RequireRecentLogin`].
#[derive(Clone, Debug)]
pub struct SteppedUp<S> {
    rule: Rule,
    inner: S,
}

#[derive(Clone, Debug)]
enum Rule {
    Acr(Arc<[String]>),
    Within(Duration),
}

impl RequireAcr {
    /// Any of `values` will do, such as `["urn:okta:loa:2fa:any"]`. Okta is asked for them in this
    /// order.
    #[must_use]
    pub fn new<I>(values: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        Self(values.into_iter().map(Into::into).collect())
    }
}

impl<S> Layer<S> for RequireAcr {
    type Service = SteppedUp<S>;

    fn layer(&self, inner: S) -> SteppedUp<S> {
        let rule = Rule::Acr(Arc::clone(&self.0));
        SteppedUp { rule, inner }
    }
}

impl<S> Layer<S> for RequireRecentLogin {
    type Service = SteppedUp<S>;

    fn layer(&self, inner: S) -> SteppedUp<S> {
        let rule = Rule::Within(self.0.max(LEAST));
        SteppedUp { rule, inner }
    }
}

impl<S, B> Service<Request<B>> for SteppedUp<S>
where
    S: Service<Request<B>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let rule = self.rule.clone();
        let copy = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, copy);
        async move {
            let (parts, body) = request.into_parts();
            match rule.check(&parts).await {
                Ok(None) => inner.call(Request::from_parts(parts, body)).await,
                Ok(Some(elsewhere)) => Ok(elsewhere),
                Err(failure) => Ok(failure.into_response()),
            }
        }
        .boxed()
    }
}

impl Rule {
    /// `None` lets the request pass; a response sends the browser to Okta.
    async fn check(&self, parts: &Parts) -> Result<Option<Response>, Failure> {
        let (visit, session) = Visit::of(parts)?;
        let opened = visit.user(&session, &parts.headers).await?;
        if opened
            .as_ref()
            .is_some_and(|opened| self.is_met(&visit, opened))
        {
            return Ok(None);
        }
        if !wants_page(&parts.method, &parts.headers) {
            let kind = match opened {
                Some(_) => FailureKind::StepUpRequired,
                None => FailureKind::LoginRequired,
            };
            return Err(Failure::new(kind, &parts.headers));
        }
        let back =
            ReturnPath::parse(requested(parts), &visit.app.site).unwrap_or_else(ReturnPath::home);
        let username = opened.and_then(|opened| opened.user.username().map(str::to_owned));
        let asked = self.ask(username);
        let response = begin(&visit.app, &parts.headers, back, asked).await?;
        Ok(Some(response))
    }

    fn is_met(&self, visit: &Visit, opened: &Opened) -> bool {
        let user = &opened.user;
        match self {
            Self::Acr(values) => user
                .acr()
                .is_some_and(|acr| values.iter().any(|v| v == acr)),
            Self::Within(age) => user.auth_time().is_some_and(|auth_time| {
                let now = visit.app.oauth.clock().now();
                now.duration_since(auth_time).unwrap_or_default() <= *age
            }),
        }
    }

    fn ask(&self, login_hint: Option<String>) -> Asked {
        let asked = Asked {
            login_hint,
            ..Asked::default()
        };
        match self {
            Self::Acr(values) => Asked {
                acr_values: Some(Arc::clone(values)),
                ..asked
            },
            Self::Within(age) => Asked {
                max_age: Some(*age),
                ..asked
            },
        }
    }
}
