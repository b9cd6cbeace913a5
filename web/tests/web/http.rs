//! The app over HTTP on this machine, twice, with a vault and a store in common.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use http::header::LOCATION;
use okta_auth::oauth::{ClientAuthentication, OAuthClient};
use okta_auth::{Issuer, SealingKey, SealingKeys};
use okta_emulator::Emulator;
use okta_web::{MemoryVault, OktaLogin, User};
use tower_sessions::MemoryStore;

use crate::browser::GRACE;
use crate::client::Client;

/// What the processes have in common.
struct Shared {
    org: Emulator,
    vault: Arc<MemoryVault>,
    store: MemoryStore,
}

impl Shared {
    /// Starts the app behind `origin`, with keys of its own; what it gives is where it listens.
    async fn process(&self, origin: &str, keys: SealingKeys) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let app = self.org.web_app();
        let issuer = Issuer::parse(&self.org.issuer()).unwrap();
        let secret = app.client_secret.clone().unwrap();
        let oauth = OAuthClient::builder(issuer, app.client_id.as_str())
            .authentication(ClientAuthentication::secret_basic(secret))
            .redirect_uri(&format!("{origin}/callback"))
            .unwrap()
            .build()
            .unwrap();
        let login = OktaLogin::builder(oauth, keys, Arc::clone(&self.vault))
            .idle_timeout(Duration::from_secs(600))
            .build()
            .unwrap();
        let router = Router::new()
            .route(
                "/",
                get(|user: User| async move { user.name().unwrap().to_owned() }),
            )
            .merge(login.routes())
            .layer(login.layer(self.store.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }
}

#[tokio::test]
async fn one_login_serves_in_all_processes() {
    let org = Emulator::start().await.unwrap();
    org.oauth().log_in_automatically(Some(GRACE)).unwrap();
    let shared = Shared {
        org,
        vault: Arc::default(),
        store: MemoryStore::default(),
    };
    let origin = "http://localhost:8000";
    // The second one has the keys the other way round, as while a key is replaced.
    let key = |byte| SealingKey::new([byte; 32]).unwrap();
    let old = SealingKeys::new(key(1)).older_key(key(2));
    let new = SealingKeys::new(key(2)).older_key(key(1));
    let (one, two) = (
        shared.process(origin, old).await,
        shared.process(origin, new).await,
    );
    let mut client = Client::new();
    let http = client.http.clone();

    let okta = client.location(http.get(format!("{one}/login"))).await;
    let name = client.cookies.keys().next().unwrap();
    assert!(name.starts_with("okta-login-"), "{name}");
    let back = client.http.get(okta).send().await.unwrap();
    let back = back.headers()[LOCATION].to_str().unwrap().to_owned();
    let callback = back.strip_prefix(origin).unwrap();
    assert_eq!(
        client.location(http.get(format!("{two}{callback}"))).await,
        "/"
    );
    for process in [&one, &two] {
        let page = client.send(http.get(process)).await;
        assert_eq!(page.text().await.unwrap(), "Grace Hopper");
    }
    let stolen = client.cookies.clone();
    let logout = http.post(format!("{one}/logout")).header("origin", origin);
    let okta = client.location(logout).await;
    assert!(okta.starts_with(shared.org.org_url()), "{okta}");
    client.cookies = stolen;
    let page = client.open(&two).await;
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
    assert!(shared.vault.is_empty());
}
