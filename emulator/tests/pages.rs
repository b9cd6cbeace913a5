//! The pages as any client of HTTP sees them: who may read them, who may change something, and what
//! is in them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use okta_emulator::{Builder, Emulator, Seed};
use reqwest::header::{HOST, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Client, RequestBuilder, Response, redirect};
use serde_json::json;
use support::Org;

/// A browser that keeps what it is given, and follows nothing.
struct Visitor {
    org: Org,
    http: Client,
    cookie: String,
}

impl Visitor {
    async fn new() -> Self {
        Self::of(Emulator::builder().seed(Seed::empty())).await
    }

    async fn of(builder: Builder) -> Self {
        let http = Client::builder().no_proxy();
        Self {
            org: Org::start(builder).await,
            http: http.redirect(redirect::Policy::none()).build().unwrap(),
            cookie: String::new(),
        }
    }

    fn get(&self, path: &str) -> RequestBuilder {
        let request = self.http.get(format!("{}{path}", self.org.okta.org_url()));
        request.header("cookie", &self.cookie)
    }

    fn post(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        let request = self.http.post(format!("{}{path}", self.org.okta.org_url()));
        let request = request.header("cookie", &self.cookie).form(form);
        request.header(ORIGIN, self.org.okta.org_url())
    }

    async fn page(&self, path: &str) -> String {
        let response = self.get(path).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.unwrap()
    }

    async fn unlock(&mut self) {
        let form = [("token", self.org.okta.token()), ("next", "/_org/faults")];
        let unlocked = self.post("/_org/unlock", &form).send().await.unwrap();
        assert_eq!(unlocked.headers()[LOCATION], "/_org/faults");
        let line = unlocked.headers()[SET_COOKIE].to_str().unwrap();
        assert!(line.contains("HttpOnly; SameSite=Strict"), "{line}");
        assert!(!line.contains(self.org.okta.token()), "{line}");
        self.cookie = line.split(';').next().unwrap().to_owned();
    }
}

const CHANGES: [(&str, &[(&str, &str)]); 8] = [
    (
        "/_org/faults",
        &[("fault", "\"connectionReset\""), ("times", "1")],
    ),
    ("/_org/faults/clear", &[]),
    ("/_org/faults/0/remove", &[]),
    ("/_org/faults/seed", &[("seed", "7")]),
    ("/_org/controls/clock", &[("seconds", "60")]),
    ("/_org/controls/keys", &[("retire", "true")]),
    ("/_org/controls/requests", &[]),
    ("/_org/controls/messages", &[]),
];

#[tokio::test]
async fn nobody_changes_anything_without_the_token() {
    let mut visitor = Visitor::new().await;
    for (path, form) in CHANGES {
        let refused = visitor.post(path, form).send().await.unwrap();
        assert_eq!(refused.status(), 403, "{path}");
        assert!(refused.text().await.unwrap().contains("API token"));
    }
    visitor.cookie = "org-control-1=guess".to_owned();
    let (path, form) = CHANGES[0];
    assert_eq!(visitor.post(path, form).send().await.unwrap().status(), 403);
    let wrong = [("token", "00wrong")];
    let refused = visitor.post("/_org/unlock", &wrong).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    assert!(refused.headers().get(SET_COOKIE).is_none());
    assert!(visitor.org.okta.faults().rules().is_empty());

    visitor.unlock().await;
    for (path, form) in CHANGES {
        let done = visitor.post(path, form).send().await.unwrap();
        assert_eq!(done.status(), 303, "{path}");
    }
    let locked = visitor.post("/_org/lock", &[]).send().await.unwrap();
    let line = locked.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(line.contains("Max-Age=0"), "{line}");
}

#[tokio::test]
async fn forms_of_other_sites_change_nothing() {
    let mut visitor = Visitor::new().await;
    visitor.unlock().await;
    let (path, form) = CHANGES[0];
    // Cookies know of no ports: an application on this machine is of the same site.
    for origin in ["https://evil.example.com", "http://127.0.0.1:1", "null"] {
        let url = format!("{}{path}", visitor.org.okta.org_url());
        let request = visitor.http.post(url).header("cookie", &visitor.cookie);
        let sent = request.header(ORIGIN, origin).form(form).send().await;
        assert_eq!(sent.unwrap().status(), 403, "{origin}");
    }
    let url = format!("{}{path}", visitor.org.okta.org_url());
    let request = visitor.http.post(url).header("cookie", &visitor.cookie);
    let sent = request.header("sec-fetch-site", "same-site").form(form);
    assert_eq!(sent.send().await.unwrap().status(), 403);
    assert!(visitor.org.okta.faults().rules().is_empty());
}

#[tokio::test]
async fn the_pages_are_for_browsers_on_this_machine_unless_they_are_open() {
    let elsewhere = async |visitor: &Visitor, path: &str| -> Response {
        let request = visitor.get(path).header(HOST, "rebound.example.com");
        request.send().await.unwrap()
    };
    let closed = Visitor::new().await;
    for path in ["/", "/_org/users", "/_org/unlock"] {
        let refused = elsewhere(&closed, path).await;
        assert_eq!(refused.status(), 403, "{path}");
        assert!(refused.text().await.unwrap().contains("open_pages"));
    }
    // Pages of users, their stylesheet and the API are for everyone.
    for path in ["/activate", "/_org/style.css"] {
        assert_eq!(elsewhere(&closed, path).await.status(), 200, "{path}");
    }
    let open = Emulator::builder().seed(Seed::empty()).open_pages();
    let open = Visitor::of(open).await;
    assert_eq!(elsewhere(&open, "/_org/users").await.status(), 200);
}

#[tokio::test]
async fn names_are_texts_and_no_markup() {
    let visitor = Visitor::new().await;
    let evil = "<script>alert('x')</script>";
    let (org, group) = (
        &visitor.org,
        json!({ "profile": { "name": evil, "description": evil } }),
    );
    let group = org.post("/api/v1/groups", group).await.id();
    let person = json!({ "profile": {
        "login": "a@example.com", "email": "a@example.com", "firstName": evil, "lastName": evil,
    }});
    let user = org.post("/api/v1/users?activate=false", person).await.id();
    let app = json!({ "label": evil, "signOnMode": "BOOKMARK", "name": "bookmark",
        "settings": { "app": { "url": "https://app.example.com", "requestIntegration": false } } });
    let app = org.post("/api/v1/apps", app).await.id();
    org.get("/api/v1/users/%3Cscript%3Ealert('x')%3C%2Fscript%3E")
        .await;
    for path in [
        "/".to_owned(),
        "/_org/users".to_owned(),
        format!("/_org/users/{user}"),
        "/_org/groups".to_owned(),
        format!("/_org/groups/{group}"),
        "/_org/apps".to_owned(),
        format!("/_org/apps/{app}"),
        "/_org/log".to_owned(),
        "/_org/log/1".to_owned(),
        "/_org/requests".to_owned(),
        "/_org/requests/0".to_owned(),
        "/_org/users?q=%3Cscript%3Ealert('x')".to_owned(),
    ] {
        let page = visitor.page(&path).await;
        assert!(!page.contains("<script>alert"), "{path}: {page}");
        assert!(page.contains("alert("), "{path}: {page}");
    }
}

#[tokio::test]
async fn long_lists_come_in_pages_and_can_be_searched() {
    let seed = Seed::empty().with_generated_users(120);
    let visitor = Visitor::of(Emulator::builder().seed(seed)).await;
    let (mut path, mut logins) = ("/_org/users".to_owned(), Vec::new());
    loop {
        let page = visitor.page(&path).await;
        let rows = page.split("<tr role=\"row\">").skip(2);
        logins.extend(rows.map(|row| row.split("</a>").next().unwrap().to_owned()));
        let Some((_, rest)) = page.split_once("class=\"pages\"") else {
            break;
        };
        let next = rest.split("href=\"").nth(1).unwrap().split('"').next();
        path = next.unwrap().to_owned();
    }
    // The administrator is one of them.
    assert_eq!(logins.len(), 121);
    logins.sort_unstable();
    logins.dedup();
    assert_eq!(logins.len(), 121);
    let found = visitor.page("/_org/users?q=USER12").await;
    assert_eq!(found.matches("@example.com</a>").count(), 2);
    assert!(
        visitor
            .page("/_org/users?q=zzz")
            .await
            .contains("No user fits.")
    );
    // A cursor that was made up is none.
    let first = visitor.page("/_org/users?after=nonsense").await;
    assert_eq!(first.matches("@example.com</a>").count(), 50);
    let missing = visitor.get("/_org/users/nobody").send().await.unwrap();
    assert_eq!(missing.status(), 404);
}

#[tokio::test]
async fn pages_load_nothing_but_their_own_and_are_no_requests() {
    let visitor = Visitor::new().await;
    for path in ["/", "/_org/log", "/activate"] {
        let response = visitor.get(path).send().await.unwrap();
        let header = |name| response.headers()[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'"),
            "{policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
        assert_eq!(header("cache-control"), "no-store");
        assert!(
            response
                .headers()
                .get("access-control-allow-credentials")
                .is_none()
                || path == "/activate"
        );
        let page = response.text().await.unwrap();
        assert!(!page.contains(" style=") && !page.contains(" onclick="));
    }
    // The page of users is one of Okta's, the others are none.
    let paths: Vec<String> = visitor
        .org
        .okta
        .requests()
        .into_iter()
        .map(|it| it.path)
        .collect();
    assert_eq!(paths, ["/activate"]);
    let fault = okta_emulator::FaultRule::new(okta_emulator::Fault::ConnectionReset);
    visitor.org.okta.faults().inject(fault.always());
    visitor.page("/").await;
}

#[tokio::test]
async fn secrets_are_in_no_page_until_the_token_was_shown() {
    let mut visitor = Visitor::new().await;
    let person = json!({ "profile": {
        "login": "a@example.com", "email": "a@example.com", "firstName": "A", "lastName": "B",
    }});
    visitor.org.post("/api/v1/users", person).await;
    let message = visitor.org.okta.messages().remove(0);
    let link = message.token.unwrap();
    let client = visitor.org.okta.trusted_app();
    let secret = client.client_secret.clone().unwrap();
    let app = format!("/_org/apps/{}", client.client_id);
    let id = client.client_id.clone();
    let form = [
        ("client_id", id.as_str()),
        ("client_secret", &secret),
        ("token", "hunter2"),
    ];
    let url = format!("{}/v1/introspect", visitor.org.okta.issuer());
    visitor.http.post(url).form(&form).send().await.unwrap();
    let pages = [
        "/",
        "/_org/messages",
        "/_org/tokens",
        "/_org/requests/0",
        "/_org/requests/1",
        &app,
    ];
    for path in pages {
        let page = visitor.page(path).await;
        for hidden in [&link, &secret, "hunter2", visitor.org.okta.token()] {
            assert!(!page.contains(hidden), "{path}: {hidden}");
        }
    }
    visitor.unlock().await;
    assert!(visitor.page("/_org/messages").await.contains(&link));
    assert!(!visitor.page("/_org/requests/1").await.contains(&secret));
}

#[tokio::test]
async fn an_answer_is_recorded_with_its_request() {
    let org = Org::empty().await;
    org.get("/api/v1/users/nobody").await;
    org.okta.faults().inject(okta_emulator::Fault::ResponseLost);
    let lost = org
        .try_send(reqwest::Method::GET, "/api/v1/users", None)
        .await;
    assert!(lost.is_err());
    org.okta
        .faults()
        .inject(okta_emulator::Fault::TruncatedBody);
    drop(
        org.try_send(reqwest::Method::GET, "/api/v1/users", None)
            .await,
    );
    let requests = org.okta.requests();
    let answer = requests[0].answer.as_ref().unwrap();
    assert_eq!(answer.status, 404);
    assert!(String::from_utf8_lossy(&answer.body).contains("E0000007"));
    assert!(requests[1].answer.is_none());
    let broken = requests[2].answer.as_ref().unwrap();
    assert_eq!((broken.status, broken.body.len()), (200, 0));
    let shown = org.get("/_emulator/requests").await.body;
    assert_eq!(shown[0]["answer"]["status"], 404);
    assert!(shown[0]["answer"]["milliseconds"].is_u64());
}

#[tokio::test]
async fn who_mistypes_an_address_in_a_browser_sees_a_page() {
    let visitor = Visitor::new().await;
    let html = "text/html,application/xhtml+xml";
    let response = visitor
        .get("/nowhere")
        .header("accept", html)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 501);
    assert!(
        response
            .text()
            .await
            .unwrap()
            .contains("<h1>No such page</h1>")
    );
    let response = visitor.get("/nowhere").send().await.unwrap();
    assert_eq!(response.status(), 501);
    assert!(response.text().await.unwrap().contains("errorCode"));
}
