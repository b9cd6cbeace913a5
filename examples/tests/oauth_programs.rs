//! The programs that log in, act as a service, or check tokens.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use okta_emulator::Emulator;
use reqwest::StatusCode;
use support::browser::{Browser, Page};
use support::{Running, run};

const SERVICE_APP: &str = env!("CARGO_BIN_EXE_service_app");
const VERIFY_TOKEN: &str = env!("CARGO_BIN_EXE_verify_token");
const TOKEN_LIFECYCLE: &str = env!("CARGO_BIN_EXE_token_lifecycle");
const DEVICE_LOGIN: &str = env!("CARGO_BIN_EXE_device_login");
const WEB_LOGIN: &str = env!("CARGO_BIN_EXE_web_login");

const GRACE: &str = "grace@example.com";

#[tokio::test(flavor = "multi_thread")]
async fn service_app_lists_users_with_a_token_of_its_own() {
    for arguments in [&[][..], &["--dpop"]] {
        let ran = run(SERVICE_APP, arguments, None).await;
        assert!(ran.succeeded, "{ran:?}");
        assert!(ran.stdout.contains(GRACE), "{}", ran.stdout);
        assert!(ran.stdout.ends_with("\n4 users\n"), "{}", ran.stdout);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_token_says_what_a_good_token_says_and_what_a_token_lacks() {
    let ran = run(VERIFY_TOKEN, &["--scope", "api:read"], None).await;
    assert!(ran.succeeded, "{ran:?}");
    assert!(ran.stdout.contains("scopes   api:read\n"), "{}", ran.stdout);

    for (arguments, why) in [
        (["--scope", "api:write"], "api:write"),
        (["--audience", "api://other"], "api://other"),
    ] {
        let ran = run(VERIFY_TOKEN, &arguments, None).await;
        assert!(!ran.succeeded);
        assert!(ran.stderr.contains(why), "{}", ran.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn token_lifecycle_ends_with_nothing_active() {
    let ran = run(TOKEN_LIFECYCLE, &[], None).await;
    assert!(ran.succeeded, "{ran:?}");
    for line in [
        "user info      Grace Hopper",
        "introspection  access token is active",
        "refreshed      the access token is another one: true",
        "introspection  revoked token is not active",
        "introspection  refresh token is not active",
    ] {
        assert!(
            ran.stdout.lines().any(|other| other == line),
            "{}",
            ran.stdout
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn device_login_waits_for_the_user() {
    let org = Emulator::start().await.unwrap();
    let mut program = Running::start(DEVICE_LOGIN, &[], &org, org.native_app());
    let line = program.line().await;
    let (_, code) = line.rsplit_once(' ').unwrap();
    org.oauth().approve_device(code, GRACE).unwrap();
    assert!(program.line().await.starts_with("or open http://"));
    assert_eq!(program.line().await, "Hello, Grace Hopper");
    assert!(program.line().await.contains("offline_access"));
}

/// The web app, and a browser in front of it.
struct WebLogin {
    org: Emulator,
    _program: Running,
    home: String,
    browser: Browser,
}

impl WebLogin {
    async fn start() -> Self {
        let org = Emulator::start().await.unwrap();
        let mut program = Running::start(WEB_LOGIN, &["--port", "0"], &org, org.web_app());
        let line = program.line().await;
        Self {
            home: line.strip_prefix("Open ").unwrap().to_owned(),
            org,
            _program: program,
            browser: Browser::new(),
        }
    }

    async fn open(&mut self, path: &str) -> Page {
        let address = format!("{}{path}", self.home);
        self.browser.open(&address).await
    }

    fn session(&self) -> Option<String> {
        self.browser
            .cookie(&self.home, "okta-session")
            .map(str::to_owned)
    }

    async fn log_in(&mut self, page: &Page) -> Page {
        let fields = [("username", GRACE), ("password", self.org.password())];
        self.browser.submit(page, &fields).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn web_login_protects_a_page_until_the_user_has_logged_in() {
    let mut app = WebLogin::start().await;
    assert!(app.open("").await.text.contains("Nobody is logged in"));
    assert_eq!(app.session(), None, "nothing is kept of visitors");

    let page = app.open("profile").await;
    assert!(page.url.as_str().starts_with(app.org.org_url()), "{page:?}");
    let page = app.log_in(&page).await;
    assert_eq!(page.url.path(), "/profile", "{page:?}");
    for shown in ["Grace Hopper", GRACE] {
        assert!(page.text.contains(shown), "{page:?}");
    }
    // Neither an id of Okta's nor a token.
    for hidden in ["00u", "0oa", "eyJ"] {
        assert!(!page.text.contains(hidden), "{page:?}");
    }
    assert!(app.session().is_some());
    assert!(app.open("").await.text.contains("Hello, Grace Hopper"));
}

#[tokio::test(flavor = "multi_thread")]
async fn web_login_logs_out_by_its_own_form_alone() {
    let mut app = WebLogin::start().await;
    let page = app.open("profile").await;
    let page = app.log_in(&page).await;
    assert_eq!(
        app.open("logout").await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    let refused = app.browser.submit(&page, &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(app.open("").await.text.contains("Hello, Grace Hopper"));

    let token = page.csrf_token().to_owned();
    let page = app.browser.submit(&page, &[("csrf_token", &token)]).await;
    assert!(page.text.contains("Nobody is logged in"), "{page:?}");
    // Okta's session has ended, too: it asks for the password again.
    let page = app.open("profile").await;
    assert!(page.text.contains("Password"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn web_login_takes_back_only_the_login_that_this_browser_began() {
    let mut app = WebLogin::start().await;
    let login = app.open("login").await;
    let page = app.open("callback?code=stolen&state=guessed").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(
        page.text.contains("did not begin in this browser"),
        "{page:?}"
    );
    // The login that has begun is unharmed.
    app.log_in(&login).await;
    assert!(app.open("").await.text.contains("Hello, Grace Hopper"));
}

#[tokio::test(flavor = "multi_thread")]
async fn web_login_says_that_a_page_is_missing() {
    let mut app = WebLogin::start().await;
    let page = app.open("nothing").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(
        page.text.contains("There is no page at this address"),
        "{page:?}"
    );
}
