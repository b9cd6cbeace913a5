//! Logging users in and out with Okta.

mod builder;
mod callback;
mod logout;
mod okta_logout;
mod start;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};
use okta_auth::verifier::Verifier;
use tower_sessions::SessionStore;

pub use self::builder::OktaLoginBuilder;
use crate::app::App;
use crate::guard::OktaLayer;
use crate::sessions::Sessions;

/// Login, sessions and logout of a web app, as routes and a layer for its router. Made by
/// [`OktaLogin::builder`]. Cheap to clone.
///
/// ```no_run
/// use axum::Router;
/// use axum::routing::get;
/// use okta_auth::oauth::OAuthClient;
/// use okta_auth::{Error, SealingKey, SealingKeys};
/// use okta_web::{MemoryVault, OktaLogin, User};
/// use tower_sessions::MemoryStore;
///
/// async fn orders(user: User) -> String {
///     format!("orders of {}", user.name().unwrap_or("somebody"))
/// }
///
/// # fn app(oauth: OAuthClient, key: [u8; 32]) -> Result<Router, Error> {
/// let keys = SealingKeys::new(SealingKey::new(key)?);
/// let login = OktaLogin::builder(oauth, keys, MemoryVault::new())
///     .scopes(["openid", "profile", "email", "offline_access"])
///     .build()?;
/// let app = Router::new()
///     .route("/orders", get(orders))
///     .merge(login.routes())
///     .layer(login.layer(MemoryStore::default()));
/// # Ok(app) }
/// ```
///
/// # Routes
/// | path | method | what happens |
/// |---|---|---|
/// | `/login` | GET | begins a login, and sends the browser to Okta; `return_to` is where the user goes then |
/// | path of the redirect URI | GET, or POST with [`form_post`](OktaLoginBuilder::form_post) | ends the login: a new session |
/// | `/logout` | POST | ends the session here, revokes the tokens, and sends the browser to Okta's logout |
/// | path of [`post_logout_redirect_uri`](OktaLoginBuilder::post_logout_redirect_uri) | GET | takes the browser back from there |
/// | that of [`back_channel_logout`](OktaLoginBuilder::back_channel_logout) | POST | Okta tells that a user has logged out |
/// | that of [`front_channel_logout`](OktaLoginBuilder::front_channel_logout) | GET | the same, in a frame of Okta's page |
#[derive(Clone, Debug)]
pub struct OktaLogin {
    app: Arc<App>,
    absolute_timeout: Duration,
    /// Checks logout tokens.
    verifier: Option<Verifier>,
}

impl OktaLogin {
    /// The routes of login and logout, to be merged into the app's router. They need
    /// [`OktaLogin::layer`] around them.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let paths = &self.app.paths;
        let back = if self.app.request.by_form_post {
            post(callback::posted)
        } else {
            get(callback::queried)
        };
        let router = Router::new()
            .route(&paths.login, get(start::login))
            .route(&paths.callback, back)
            .route(&paths.logout, post(logout::logout));
        let router = match &paths.logged_out {
            Some(path) => router.route(path, get(logout::logged_out)),
            None => router,
        };
        let router = match &paths.front_channel {
            Some(path) => router.route(path, get(okta_logout::front_channel)),
            None => router,
        };
        let Some((path, verifier)) = paths.back_channel.as_ref().zip(self.verifier.clone()) else {
            return router;
        };
        let route = Router::new()
            .route(path, post(okta_logout::back_channel))
            .layer(DefaultBodyLimit::max(okta_logout::LONGEST))
            .layer(Extension(verifier));
        router.merge(route)
    }

    /// The layer for the app's router. It brings the browser's session, kept in `store` (the
    /// extractor `tower_sessions::Session`), and the user's; it refuses requests with unsafe methods
    /// that another site had the browser send; and it adds headers that the app has not set:
    /// `Cache-Control: no-store`, `Referrer-Policy: same-origin`,
    /// `X-Content-Type-Options: nosniff` and a
    /// [`Content-Security-Policy`](OktaLoginBuilder::content_security_policy).
    #[must_use]
    pub fn layer<Store: SessionStore>(&self, store: Store) -> OktaLayer<Store> {
        OktaLayer::new(Arc::clone(&self.app), store, self.absolute_timeout)
    }

    /// The sessions of users: to list them, and to end them.
    #[must_use]
    pub fn sessions(&self) -> &Sessions {
        &self.app.sessions
    }
}
