//! What the layer, the extractors and the routes have in common.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OriginalUri};
use http::HeaderMap;
use http::request::Parts;
use okta_auth::SealingKeys;
use okta_auth::oauth::OAuthClient;
use tokio::sync::OnceCell;
use tower_sessions::Session;
use tower_sessions::session::Error as SessionError;

use crate::cookies::CookieRules;
use crate::failure::{ErrorPage, Failure, FailureKind};
use crate::pending::PendingLogins;
use crate::sessions::{Opened, Sessions};
use crate::site::Site;

/// Under which the browser's session holds the id of the user's.
pub(crate) const SESSION_KEY: &str = "okta.session";

/// A login that is set up.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) oauth: OAuthClient,
    pub(crate) site: Site,
    pub(crate) paths: Paths,
    pub(crate) cookies: CookieRules,
    pub(crate) keys: SealingKeys,
    pub(crate) pending: PendingLogins,
    pub(crate) sessions: Sessions,
    pub(crate) request: LoginRequest,
    /// What of the browser's session outlives a login.
    pub(crate) kept: Vec<String>,
    pub(crate) policy: http::HeaderValue,
    /// What browsers are shown when something is refused or fails, if not the usual page.
    pub(crate) error_page: Option<ErrorPage>,
}

/// Where the routes are.
#[derive(Debug)]
pub(crate) struct Paths {
    pub(crate) login: String,
    pub(crate) callback: String,
    pub(crate) logout: String,
    /// Where Okta tells of logouts, if that is set up.
    pub(crate) back_channel: Option<String>,
    pub(crate) front_channel: Option<String>,
    /// Where Okta sends the browser after a logout, if that is set up.
    pub(crate) logged_out: Option<String>,
    /// Where the user then goes.
    pub(crate) after_logout: String,
}

/// What each login asks Okta for.
#[derive(Clone, Debug)]
pub(crate) struct LoginRequest {
    pub(crate) scopes: Vec<String>,
    pub(crate) resources: Vec<String>,
    pub(crate) acr_values: Vec<String>,
    pub(crate) by_form_post: bool,
    pub(crate) pushed: bool,
}

/// One request: the browser's session, and the user's, which is looked up once.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) app: Arc<App>,
    user: Arc<OnceCell<Option<Opened>>>,
}

impl Visit {
    pub(crate) fn new(app: Arc<App>) -> Self {
        Self {
            app,
            user: Arc::default(),
        }
    }

    /// The visit that the layer has noted, and the browser's session.
    pub(crate) fn of(parts: &Parts) -> Result<(Self, Session), Failure> {
        let visit = parts.extensions.get::<Self>().cloned();
        let session = parts.extensions.get::<Session>().cloned();
        visit.zip(session).ok_or_else(|| {
            tracing::error!("a route has no layer of `OktaLogin`; add `login.layer(store)`");
            Failure::new(FailureKind::NotSetUp, &parts.headers)
        })
    }

    /// The user's session, if there is one.
    pub(crate) async fn user(
        &self,
        session: &Session,
        headers: &HeaderMap,
    ) -> Result<Option<Opened>, Failure> {
        let found = self.user.get_or_try_init(|| async {
            let Some(id) = self.session_id(session, headers).await? else {
                return Ok(None);
            };
            let opened = self.app.sessions.open(&id).await;
            let opened = opened.map_err(|error| away(&error, headers))?;
            if opened.is_none() {
                // It is over, and whoever sits there now may be somebody else.
                let forgotten = self.app.forget(session).await;
                forgotten.map_err(|error| away(&error, headers))?;
            }
            Ok(opened)
        });
        found.await.cloned()
    }

    /// The id of the user's session that the browser's holds.
    pub(crate) async fn session_id(
        &self,
        session: &Session,
        headers: &HeaderMap,
    ) -> Result<Option<String>, Failure> {
        // Without an id there is nothing to look up, and nothing to say to the store.
        if session.id().is_none() {
            return Ok(None);
        }
        let id = session.get::<String>(SESSION_KEY).await;
        id.map_err(|error| away(&error, headers))
    }
}

impl App {
    /// Empties the browser's session of all but what outlives logins, and gives it a new id.
    pub(crate) async fn forget(&self, session: &Session) -> Result<(), SessionError> {
        let mut kept = Vec::new();
        for key in &self.kept {
            kept.extend(session.get_value(key).await?.map(|value| (key, value)));
        }
        session.clear().await;
        for (key, value) in kept {
            session.insert_value(key, value).await?;
        }
        // Not `flush`: a session that is flushed and then used again gets its old id back.
        session.cycle_id().await
    }
}

fn away(error: &(dyn std::error::Error + 'static), headers: &HeaderMap) -> Failure {
    Failure::because(FailureKind::StoreUnavailable, headers, error)
}

/// What the browser asked for, path and query, and not what a router has left of it.
pub(crate) fn requested(parts: &Parts) -> &str {
    let uri = parts.extensions.get::<OriginalUri>();
    let uri = uri.map_or(&parts.uri, |OriginalUri(uri)| uri);
    uri.path_and_query().map_or("/", |path| path.as_str())
}

/// The visit and the browser's session, for the routes of this crate.
pub(crate) struct Visitor(pub(crate) Visit, pub(crate) Session);

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let (visit, session) = Visit::of(parts)?;
        Ok(Self(visit, session))
    }
}
