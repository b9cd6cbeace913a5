//! The app at a port of this machine, its org, and what people do at both.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use okta_auth::jose::{Algorithm, JwkSet, SigningKey};
use okta_auth::oauth::{ClientAuthentication, OAuthClient};
use okta_auth::{Clock, Issuer, SealingKey, SealingKeys, Verifier};
use okta_emulator::Emulator;
use okta_web::{CsrfToken, MemoryVault, OktaLogin, RequireRecentLogin, User, UserSession};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower_sessions::MemoryStore;

use crate::chromium::{Browser, ENTER};

pub const GRACE: &str = "grace@example.com";

/// How old a login may be for `/recent`, in seconds.
pub const RECENT: u64 = 300;

pub struct Site {
    pub org: Emulator,
    pub origin: String,
    ahead: Arc<AtomicU64>,
    /// What Okta's logout tokens are signed with.
    key: SigningKey,
}

impl Site {
    pub async fn start() -> Self {
        let org = Emulator::start().await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        // Another host than that of the org, so that neither has the cookies of the other.
        let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let ahead = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&ahead);
        let clock = Clock::new(move || {
            SystemTime::now() + Duration::from_secs(counted.load(Ordering::Relaxed))
        });
        let key = SigningKey::generate(Algorithm::Es256).unwrap();
        let key = key.with_key_id("logout");
        let app = org.web_app();
        let issuer = Issuer::parse(&org.issuer()).unwrap();
        let secret = app.client_secret.clone().unwrap();
        let oauth = OAuthClient::builder(issuer.clone(), &app.client_id)
            .authentication(ClientAuthentication::secret_basic(secret))
            .redirect_uri(&format!("{origin}/callback"))
            .unwrap()
            .clock(clock.clone())
            .build()
            .unwrap();
        let verifier = Verifier::builder(issuer)
            .client_id(&app.client_id)
            .algorithms([Algorithm::Es256])
            .keys(JwkSet::new(vec![key.public_jwk()]))
            .clock(clock.clone());
        let keys = SealingKeys::new(SealingKey::new([7; 32]).unwrap());
        let login = OktaLogin::builder(oauth, keys, MemoryVault::new().clock(clock))
            .scopes(["openid", "profile", "email", "offline_access"])
            .post_logout_redirect_uri(format!("{origin}/signed-out"))
            .back_channel_logout("/backchannel-logout", verifier.build().unwrap())
            .build()
            .unwrap();
        let recent = Router::new()
            .route("/recent", get(|| async { page("Recent", "") }))
            .route_layer(RequireRecentLogin(Duration::from_secs(RECENT)));
        let router = Router::new()
            .route("/", get(home))
            .route("/profile", get(profile))
            .route("/token", get(token))
            .route("/end-all", post(end_all))
            .merge(recent)
            .merge(login.routes())
            .layer(login.layer(MemoryStore::default()))
            .with_state(login);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            org,
            origin,
            ahead,
            key,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Moves the clocks of app and org forward. The browser has its own.
    pub fn advance(&self, seconds: u64) {
        self.ahead.fetch_add(seconds, Ordering::Relaxed);
        self.org.clock().advance(Duration::from_secs(seconds));
    }

    /// How many requests Okta's token endpoint has had.
    pub fn token_requests(&self) -> usize {
        let requests = self.org.requests();
        let sent = requests.iter().filter(|it| it.path.ends_with("/v1/token"));
        sent.count()
    }

    /// Types Grace's name and this password into Okta's page, and sends it.
    pub async fn sign_in(&self, browser: &Browser, password: &str) {
        browser.arrive("Sign in").await;
        let fields = [("#username", GRACE), ("#password", password)];
        for (field, value) in fields {
            let field = browser.one(field).await;
            field.clear().await.unwrap();
            field.send_keys(value).await.unwrap();
        }
        browser.press(ENTER).await;
    }

    /// Opens the app and logs Grace in.
    pub async fn log_in(&self, browser: &Browser) {
        browser.visit(&self.url("/login")).await;
        self.sign_in(browser, self.org.password()).await;
        browser.arrive("Hello, Grace Hopper").await;
    }

    /// Okta tells the app that Grace has logged out there. Gives the status of the answer.
    pub async fn tell_of_logout(&self) -> StatusCode {
        let seconds = self.seconds();
        let claims = json!({
            "iss": self.org.issuer(), "aud": self.org.web_app().client_id, "iat": seconds,
            "exp": seconds + 120, "jti": "logout-1", "sub": self.subject().await,
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        });
        let header = json!({ "alg": "ES256", "kid": "logout", "typ": "logout+jwt" });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let input = format!("{}.{}", part(&header), part(&claims));
        let signature = self.key.sign(input.as_bytes()).unwrap();
        let token = format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature));
        let form = [("logout_token", token)];
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let told = http.post(self.url("/backchannel-logout")).form(&form);
        told.send().await.unwrap().status()
    }

    fn seconds(&self) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        now.as_secs() + self.ahead.load(Ordering::Relaxed)
    }

    /// Grace's id.
    async fn subject(&self) -> String {
        let url = format!("{}/api/v1/users/{GRACE}", self.org.org_url());
        let request = reqwest::Client::new().get(url);
        let request = request.header("authorization", format!("SSWS {}", self.org.token()));
        let text = request.send().await.unwrap().text().await.unwrap();
        let user: Value = serde_json::from_str(&text).unwrap();
        user["id"].as_str().unwrap().to_owned()
    }
}

fn page(heading: &str, content: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=en><title>{heading}</title><link rel=icon href='data:,'>\
         <main><h1>{heading}</h1>{content}</main></html>"
    ))
}

async fn home(user: Option<User>, token: CsrfToken) -> Html<String> {
    let Some(user) = user else {
        return page("Nobody", "<p><a href='/login'>Log in</a></p>");
    };
    let form = |path: &str, label: &str| {
        let field = token.field();
        format!("<form method=post action='{path}'>{field}<button>{label}</button></form>")
    };
    let forms = [
        form("/logout", "Log out"),
        form("/end-all", "Log out everywhere"),
    ];
    let heading = format!("Hello, {}", user.name().unwrap_or_default());
    page(&heading, &forms.concat())
}

async fn profile(user: User) -> Html<String> {
    page("Profile", user.email().unwrap_or_default())
}

/// For scripts. The token itself stays on the server.
async fn token(session: UserSession) -> Response {
    match session.access_token().await {
        Ok(_) => "renewed".into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

async fn end_all(State(login): State<OktaLogin>, user: User) -> Response {
    match login.sessions().end_all(user.subject()).await {
        Ok(_) => Redirect::to("/").into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
