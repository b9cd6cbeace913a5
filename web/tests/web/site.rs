//! A web app and its org.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use http::{Request, StatusCode};
use okta_auth::oauth::{ClientAuthentication, OAuthClient};
use okta_auth::{Clock, Error, Issuer, SealingKey, SealingKeys};
use okta_emulator::{Emulator, ErrorBody, Fault, FaultRule};
use okta_web::{
    AccessTokenError, CsrfToken, MemoryVault, OktaLogin, OktaLoginBuilder, RequireAcr,
    RequireRecentLogin, TokenVault, User, UserSession, VaultEntry,
};
use serde_json::json;
use tower::ServiceExt as _;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::Error as StoreError;
use tower_sessions::{MemoryStore, Session, SessionStore, session_store};

pub const ORIGIN: &str = "https://app.example.com";

/// An app with the usual routes.
pub struct Site {
    pub org: Emulator,
    pub router: Router,
    pub login: OktaLogin,
    pub vault: Arc<Fragile>,
    pub store: FragileStore,
    pub clock: Arc<AtomicU64>,
}

impl Site {
    pub async fn start() -> Self {
        Self::changed(|login| login).await
    }

    /// An app that differs by `change` from the usual one.
    pub async fn changed(change: impl FnOnce(OktaLoginBuilder) -> OktaLoginBuilder) -> Self {
        let org = Emulator::start().await.unwrap();
        let clock = Arc::new(AtomicU64::new(0));
        let vault = Arc::new(Fragile::new(&clock));
        let store = FragileStore::default();
        let oauth = client(&org, &clock).await;
        Self::of(org, clock, vault, store, oauth, change)
    }

    pub fn of(
        org: Emulator,
        clock: Arc<AtomicU64>,
        vault: Arc<Fragile>,
        store: FragileStore,
        oauth: OAuthClient,
        change: impl FnOnce(OktaLoginBuilder) -> OktaLoginBuilder,
    ) -> Self {
        let keys = SealingKeys::new(SealingKey::new([7; 32]).unwrap());
        let login = OktaLogin::builder(oauth, keys, Arc::clone(&vault))
            .scopes(["openid", "profile", "email", "offline_access"])
            .post_logout_redirect_uri(format!("{ORIGIN}/signed-out"))
            .keep("cart");
        let login = change(login).build().unwrap();
        let strong = Router::new()
            .route("/strong", get(|| async { "strong" }).post(|| async {}))
            .route_layer(RequireAcr::new(["urn:okta:loa:2fa:any"]));
        let recent = Router::new()
            .route("/recent", get(|| async { "recent" }))
            .route_layer(RequireRecentLogin(Duration::from_secs(300)));
        let router = Router::new()
            .route("/", get(home))
            .route("/profile", get(profile))
            .route(
                "/me",
                get(|user: User| async move { user.subject().to_owned() }),
            )
            .route(
                "/handle",
                get(|session: UserSession| async move { session.handle() }),
            )
            .route("/token", get(token))
            .route("/note", post(write_note).get(read_note))
            .route("/cart", post(fill_cart))
            .route("/form", get(form))
            .merge(strong)
            .merge(recent)
            .merge(login.routes())
            .layer(login.layer(store.clone()));
        Self {
            org,
            router,
            login,
            vault,
            store,
            clock,
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Moves all clocks forward.
    pub fn advance(&self, seconds: u64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
        self.org.clock().advance(Duration::from_secs(seconds));
    }

    /// How many requests Okta's token endpoint has had.
    pub fn token_requests(&self) -> usize {
        self.okta_requests("/v1/token")
    }

    pub fn okta_requests(&self, path: &str) -> usize {
        let requests = self.org.requests();
        requests
            .iter()
            .filter(|request| request.path.ends_with(path))
            .count()
    }
}

pub async fn client(org: &Emulator, clock: &Arc<AtomicU64>) -> OAuthClient {
    let (id, secret) = register(org).await;
    let shown = Arc::clone(clock);
    let issuer = Issuer::parse(&org.issuer()).unwrap();
    OAuthClient::builder(issuer, id)
        .authentication(ClientAuthentication::secret_basic(secret))
        .redirect_uri(&format!("{ORIGIN}/callback"))
        .unwrap()
        .clock(Clock::new(move || now(&shown)))
        .build()
        .unwrap()
}

pub fn now(clock: &AtomicU64) -> SystemTime {
    SystemTime::now() + Duration::from_secs(clock.load(Ordering::Relaxed))
}

/// Registers the app at the org, for everyone.
async fn register(org: &Emulator) -> (String, String) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let token = format!("SSWS {}", org.token());
    let url = org.org_url();
    let app = json!({
        "name": "oidc_client", "label": "App", "signOnMode": "OPENID_CONNECT",
        "credentials": {"oauthClient": {"token_endpoint_auth_method": "client_secret_basic"}},
        "settings": {"oauthClient": {
            "application_type": "web",
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "redirect_uris": [format!("{ORIGIN}/callback")],
            "post_logout_redirect_uris": [format!("{ORIGIN}/signed-out")],
        }},
    });
    let call = |request: reqwest::RequestBuilder| {
        let request = request.header("authorization", &token);
        async move {
            let response = request.send().await.unwrap();
            let text = response.text().await.unwrap();
            serde_json::from_str::<serde_json::Value>(&text).unwrap()
        }
    };
    let body = |value: &serde_json::Value| value.to_string();
    let post = http.post(format!("{url}/api/v1/apps"));
    let app = call(
        post.header("content-type", "application/json")
            .body(body(&app)),
    )
    .await;
    let groups = call(http.get(format!("{url}/api/v1/groups?q=Everyone"))).await;
    let group = groups[0]["id"].as_str().unwrap();
    let put = http.put(format!(
        "{url}/api/v1/apps/{}/groups/{group}",
        app["id"].as_str().unwrap()
    ));
    call(put.header("content-type", "application/json").body("{}")).await;
    let client = &app["credentials"]["oauthClient"];
    let text = |name: &str| client[name].as_str().unwrap().to_owned();
    (text("client_id"), text("client_secret"))
}

/// Okta answers with 500 at `path`.
pub fn fail(site: &Site, path: &str) {
    let (status, body) = (500, ErrorBody::Json);
    let rule = FaultRule::new(Fault::ServerError { status, body });
    site.org.faults().inject(rule.on_path(path).always());
}

async fn home(user: Option<User>) -> String {
    match user {
        Some(user) => format!("Hello, {}", user.name().unwrap_or_default()),
        None => "Nobody".to_owned(),
    }
}

async fn profile(user: User) -> String {
    user.email().unwrap_or_default().to_owned()
}

async fn token(session: UserSession) -> Response {
    match session.access_token().await {
        Ok(token) => token.token.expose().to_owned().into_response(),
        Err(AccessTokenError::LoginRequired) => StatusCode::UNAUTHORIZED.into_response(),
        Err(AccessTokenError::Okta(_)) => StatusCode::BAD_GATEWAY.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn write_note(session: Session, text: String) {
    session.insert("note", text).await.unwrap();
}

async fn fill_cart(session: Session, text: String) {
    session.insert("cart", text).await.unwrap();
}

async fn read_note(session: Session) -> String {
    let note: Option<String> = session.get("note").await.unwrap();
    let cart: Option<String> = session.get("cart").await.unwrap();
    format!("{} {}", note.unwrap_or_default(), cart.unwrap_or_default())
}

async fn form(token: CsrfToken) -> String {
    token.as_str().to_owned()
}

/// A vault that can be away.
#[derive(Debug)]
pub struct Fragile {
    pub inner: MemoryVault,
    pub is_away: AtomicBool,
    /// How many sessions were put in, and names claimed.
    pub writes: AtomicU64,
}

impl Fragile {
    pub fn new(clock: &Arc<AtomicU64>) -> Self {
        let shown = Arc::clone(clock);
        Self {
            inner: MemoryVault::new().clock(Clock::new(move || now(&shown))),
            is_away: AtomicBool::new(false),
            writes: AtomicU64::new(0),
        }
    }

    fn there(&self) -> Result<&MemoryVault, Error> {
        if self.is_away.load(Ordering::Relaxed) {
            return Err(Error::credentials("the vault is away"));
        }
        Ok(&self.inner)
    }

    fn writing(&self) -> Result<&MemoryVault, Error> {
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.there()
    }
}

impl TokenVault for Fragile {
    async fn insert(
        &self,
        id: &str,
        entry: VaultEntry,
        indexes: &[String],
        issued_at: SystemTime,
    ) -> Result<bool, Error> {
        self.writing()?.insert(id, entry, indexes, issued_at).await
    }

    async fn load(&self, id: &str) -> Result<Option<VaultEntry>, Error> {
        self.there()?.load(id).await
    }

    async fn replace_tokens(&self, id: &str, version: u64, tokens: Bytes) -> Result<bool, Error> {
        self.there()?.replace_tokens(id, version, tokens).await
    }

    async fn touch(&self, id: &str, expires_at: SystemTime) -> Result<(), Error> {
        self.there()?.touch(id, expires_at).await
    }

    async fn remove(&self, id: &str) -> Result<Option<VaultEntry>, Error> {
        self.there()?.remove(id).await
    }

    async fn find(&self, index: &str) -> Result<Vec<String>, Error> {
        self.there()?.find(index).await
    }

    async fn bar(&self, index: &str, until: SystemTime, life: Duration) -> Result<(), Error> {
        self.there()?.bar(index, until, life).await
    }

    async fn claim(&self, name: &str, holder: &str, life: Duration) -> Result<bool, Error> {
        self.writing()?.claim(name, holder, life).await
    }

    async fn release(&self, name: &str, holder: &str) -> Result<(), Error> {
        self.there()?.release(name, holder).await
    }
}

/// A store of browsers' sessions that can be away.
#[derive(Clone, Debug, Default)]
pub struct FragileStore {
    inner: MemoryStore,
    pub is_away: Arc<AtomicBool>,
    pub writes: Arc<AtomicU64>,
}

impl FragileStore {
    fn there(&self) -> session_store::Result<&MemoryStore> {
        if self.is_away.load(Ordering::Relaxed) {
            return Err(StoreError::Backend("away".to_owned()));
        }
        Ok(&self.inner)
    }
}

impl SessionStore for FragileStore {
    fn create<'a, 'b, 'c>(
        &'a self,
        record: &'b mut Record,
    ) -> std::pin::Pin<Box<dyn Future<Output = session_store::Result<()>> + Send + 'c>>
    where
        'a: 'c,
        'b: 'c,
    {
        self.writes.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move { self.there()?.create(record).await })
    }

    fn save<'a, 'b, 'c>(
        &'a self,
        record: &'b Record,
    ) -> std::pin::Pin<Box<dyn Future<Output = session_store::Result<()>> + Send + 'c>>
    where
        'a: 'c,
        'b: 'c,
    {
        self.writes.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move { self.there()?.save(record).await })
    }

    fn load<'a, 'b, 'c>(
        &'a self,
        id: &'b Id,
    ) -> std::pin::Pin<Box<dyn Future<Output = session_store::Result<Option<Record>>> + Send + 'c>>
    where
        'a: 'c,
        'b: 'c,
    {
        Box::pin(async move { self.there()?.load(id).await })
    }

    fn delete<'a, 'b, 'c>(
        &'a self,
        id: &'b Id,
    ) -> std::pin::Pin<Box<dyn Future<Output = session_store::Result<()>> + Send + 'c>>
    where
        'a: 'c,
        'b: 'c,
    {
        Box::pin(async move { self.there()?.delete(id).await })
    }
}
