//! The app, where the provider and the browser reach it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use okta_auth::{Clock, SealingKey, SealingKeys, Verifier};
use okta_web::{MemoryVault, OktaLogin, User, UserSession};
use serde_json::json;
use tokio::net::TcpListener;
use tower_sessions::MemoryStore;

use crate::clients;
use crate::provider::Provider;

const CLIENT: &str = "web";

pub struct Site {
    pub origin: String,
    pub vault: Arc<MemoryVault>,
    pub provider: Provider,
    ahead: Arc<AtomicU64>,
}

impl Site {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let callback = format!("{origin}/callback");
        let logged_out = format!("{origin}/signed-out");
        let provider = Provider::start(&clients::configuration_with(
            CLIENT,
            json!({
                "redirect_uris": [callback],
                "post_logout_redirect_uris": [logged_out],
                "backchannel_logout_uri": format!("{origin}/backchannel-logout"),
                "backchannel_logout_session_required": true,
                "refresh_without_consent": true,
            }),
        ));
        let ahead = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&ahead);
        let clock = Clock::new(move || {
            SystemTime::now() + Duration::from_secs(counted.load(Ordering::Relaxed))
        });
        let oauth = provider.client(CLIENT).redirect_uri(&callback).unwrap();
        let oauth = oauth.clock(clock.clone()).build().unwrap();
        let verifier = Verifier::builder(provider.issuer()).client_id(CLIENT);
        let vault = Arc::new(MemoryVault::new().clock(clock));
        let keys = SealingKeys::new(SealingKey::new([7; 32]).unwrap());
        let login = OktaLogin::builder(oauth, keys, Arc::clone(&vault))
            .scopes(["openid", "profile", "email", "offline_access"])
            .post_logout_redirect_uri(logged_out)
            .back_channel_logout("/backchannel-logout", verifier.build().unwrap())
            .build()
            .unwrap();
        let router = Router::new()
            .route("/profile", get(profile))
            .route("/token", get(token))
            .merge(login.routes())
            .layer(login.layer(MemoryStore::default()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            origin,
            vault,
            provider,
            ahead,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Moves the app's clock forward; the provider has its own.
    pub fn advance(&self, seconds: u64) {
        self.ahead.fetch_add(seconds, Ordering::Relaxed);
    }
}

async fn profile(user: User) -> String {
    let name = user.name().unwrap_or_default();
    let email = user.email().unwrap_or_default();
    format!("{} {name} {email}", user.subject())
}

async fn token(session: UserSession) -> Response {
    match session.access_token().await {
        Ok(token) => token.token.expose().to_owned().into_response(),
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{error:?}")).into_response(),
    }
}
