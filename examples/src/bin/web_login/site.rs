//! What all pages share, and where they are.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use okta_web::{OktaLogin, RequireRecentLogin, Sessions};
use tower_sessions::SessionStore;

use crate::orders::OrdersApi;
use crate::sessions::Browsers;
use crate::steps::{self, Steps};
use crate::{administrators, orders, pages, payout, sessions};

/// How old the login of a user may be who changes where money goes.
const RECENT: Duration = Duration::from_secs(5 * 60);

/// The longest form, in bytes.
const LONGEST_FORM: usize = 4096;

/// What the pages work with.
#[derive(Debug)]
pub struct Site {
    pub sessions: Sessions,
    pub browsers: Browsers,
    /// The authorization server that users log in at.
    pub issuer: String,
    pub api: OrdersApi,
    /// What logins ask for.
    pub scopes: Vec<String>,
    pub admin_group: String,
    /// The steps of logins, where visitors may see them.
    pub steps: Option<Steps>,
}

/// The app, with its sessions in `store`.
pub fn routes<Store: SessionStore + Clone>(site: Site, login: &OktaLogin, store: Store) -> Router {
    let payout = Router::new()
        .route("/payout", get(payout::form).post(payout::change))
        .route_layer(RequireRecentLogin(RECENT));
    let watched = site.steps.clone();
    let router = Router::new()
        .route("/", get(pages::home))
        .route("/profile", get(pages::profile))
        .route("/orders", get(orders::list).post(orders::add))
        .route("/sessions", get(sessions::list))
        .route("/sessions/end", post(sessions::end))
        .route("/sessions/end-others", post(sessions::end_others))
        .route("/administrators", get(administrators::settings))
        .route("/style.css", get(pages::style))
        .merge(payout)
        .merge(login.routes())
        .fallback(pages::missing)
        .method_not_allowed_fallback(pages::wrong_method)
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .layer(login.layer(store))
        .with_state(Arc::new(site));
    match watched {
        // Outermost: it sees the cookies that the session's layer sets.
        Some(steps) => router.layer(from_fn_with_state(steps, steps::record)),
        None => router,
    }
}
