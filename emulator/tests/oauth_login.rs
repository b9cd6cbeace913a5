//! What a person sees and does: login, single sign-on, consent, logout.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use okta_emulator::SampleClient;
use reqwest::Method;
use serde_json::json;
use support::Answer;
use support::oauth::{CALLBACK, Flow, GRACE, Proof};
use url::Url;

/// A browser that keeps one cookie.
struct Browser<'f> {
    flow: &'f Flow,
    cookie: String,
}

impl<'f> Browser<'f> {
    fn new(flow: &'f Flow) -> Self {
        Self {
            flow,
            cookie: String::new(),
        }
    }

    async fn visit(&self, client: &SampleClient, more: &[(&str, &str)]) -> Answer {
        let url = self.flow.endpoint("authorize");
        let url = Url::parse_with_params(&url, self.flow.request(client, more)).unwrap();
        let request = self.flow.http.get(url).header("cookie", &self.cookie);
        self.flow.send(request).await
    }

    /// Fills the form of a page.
    async fn submit(&self, page: &Answer, form: &[(&str, &str)]) -> Answer {
        let url = format!("{}{}", self.flow.okta.org_url(), page.action());
        let request = self.flow.http.post(url).header("cookie", &self.cookie);
        self.flow.send(request.form(form)).await
    }

    async fn log_in(&mut self, page: &Answer, name: &str) -> Answer {
        let form = [("username", name), ("password", self.flow.okta.password())];
        let answer = self.submit(page, &form).await;
        self.cookie = answer.cookie();
        answer
    }
}

#[tokio::test]
async fn a_login_lasts_for_the_browser() {
    let flow = Flow::custom().await;
    let client = flow.okta.native_app();
    let mut browser = Browser::new(&flow);
    let page = browser.visit(client, &[("login_hint", GRACE)]).await;
    assert_eq!(page.status, 200);
    let text = page.body.as_str().unwrap();
    assert!(
        text.contains(GRACE) && text.contains(flow.okta.password()),
        "{text}"
    );
    let sent = browser.log_in(&page, GRACE).await;
    let line = sent.header("set-cookie");
    assert!(
        line.contains("HttpOnly") && line.contains("SameSite=Lax"),
        "{line}"
    );
    let code = sent.redirected("code");
    assert_eq!(flow.redeem(Proof::Public(client), &code).await.status, 200);

    // Another application, a minute later: no page, and the time of the login stays.
    flow.advance(60);
    let web = flow.okta.web_app();
    let code = browser
        .visit(web, &[("prompt", "none")])
        .await
        .redirected("code");
    let tokens = flow.redeem(Proof::Basic(web), &code).await;
    let (_, claims) = flow.verified(&tokens.text("id_token")).await;
    assert_eq!(claims["auth_time"], flow.now() - 60);

    assert_eq!(browser.visit(web, &[("prompt", "login")]).await.status, 200);
    assert_eq!(browser.visit(web, &[("max_age", "59")]).await.status, 200);
    assert_eq!(browser.visit(web, &[("max_age", "60")]).await.status, 302);
    let other = Browser::new(&flow).visit(web, &[("prompt", "none")]).await;
    assert_eq!(other.redirected("error"), "login_required");
}

#[tokio::test]
async fn wrong_passwords_and_spent_pages_lead_nowhere() {
    let flow = Flow::custom().await;
    let client = flow.okta.native_app();
    let mut browser = Browser::new(&flow);
    let page = browser.visit(client, &[]).await;
    let evil = "\"><script>alert(1)</script>";
    for (name, password) in [
        (GRACE, "guess"),
        ("katherine@example.com", flow.okta.password()),
        (evil, flow.okta.password()),
    ] {
        let form = [("username", name), ("password", password)];
        let again = browser.submit(&page, &form).await;
        assert_eq!(again.status, 401);
        assert_eq!(again.header("set-cookie"), "");
        assert_eq!(again.action(), page.action());
        assert!(!again.body.as_str().unwrap().contains(evil));
    }
    assert_eq!(browser.log_in(&page, GRACE).await.status, 302);
    let spent = browser.submit(&page, &[("username", GRACE)]).await;
    assert_eq!(spent.status, 400);
}

#[tokio::test]
async fn an_answer_travels_in_fragment_or_form() {
    let flow = Flow::custom().await;
    let client = flow.okta.native_app();
    flow.okta.oauth().log_in_automatically(Some(GRACE)).unwrap();
    let fragment = flow
        .authorize(client, &[("response_mode", "fragment")])
        .await;
    let url = fragment.location();
    assert_eq!(url.query(), None);
    assert!(url.fragment().unwrap().starts_with("code="));

    let state = "<&\"'>";
    let more = [("response_mode", "form_post"), ("state", state)];
    let page = flow.authorize(client, &more).await;
    assert_eq!(page.action(), CALLBACK);
    let text = page.body.as_str().unwrap();
    assert!(
        text.contains("name=\"state\" value=\"&#60;&#38;&#34;&#39;&#62;\""),
        "{text}"
    );
    let more = [("response_mode", "form_post"), ("prompt", "wrong")];
    let page = flow.authorize(client, &more).await;
    assert!(
        page.body
            .as_str()
            .unwrap()
            .contains("name=\"error\" value=\"invalid_request\"")
    );
}

#[tokio::test]
async fn the_user_is_asked_for_consent_once() {
    let flow = Flow::custom().await;
    let client = flow.okta.native_app();
    let pointer = "/settings/oauthClient/consent_method";
    flow.reconfigure(client, pointer, json!("REQUIRED")).await;
    let mut browser = Browser::new(&flow);
    let page = browser.visit(client, &[]).await;
    let page = browser.log_in(&page, GRACE).await;
    assert!(page.body.as_str().unwrap().contains("Sample Native App"));
    let silent = browser.visit(client, &[("prompt", "none")]).await;
    assert_eq!(silent.redirected("error"), "consent_required");
    let denied = browser.submit(&page, &[("decision", "deny")]).await;
    assert_eq!(denied.redirected("error"), "access_denied");
    assert_eq!(
        browser.submit(&page, &[("decision", "allow")]).await.status,
        400
    );

    let page = browser.visit(client, &[]).await;
    let stranger = Browser::new(&flow)
        .submit(&page, &[("decision", "allow")])
        .await;
    assert_eq!(stranger.status, 400);
    let page = browser.visit(client, &[]).await;
    let allowed = browser.submit(&page, &[("decision", "allow")]).await;
    assert!(!allowed.redirected("code").is_empty());
    assert_eq!(browser.visit(client, &[]).await.status, 302);
    assert_eq!(
        browser.visit(client, &[("prompt", "consent")]).await.status,
        200
    );
    let more = browser.visit(client, &[("scope", "openid email")]).await;
    assert_eq!(more.status, 200);
}

#[tokio::test]
async fn logout_ends_the_session_and_sends_the_browser_on() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let code = browser.log_in(&page, GRACE).await.redirected("code");
    let tokens = flow.redeem(Proof::Basic(web), &code).await;
    let hint = tokens.text("id_token");
    let after = "http://localhost:8000/signed-out";
    let logout = |hint: &str, uri: &str, cookie: &str| {
        let form = [
            ("id_token_hint", hint),
            ("post_logout_redirect_uri", uri),
            ("state", "s 2"),
        ];
        let request = flow.post("logout", &form).header("cookie", cookie);
        flow.send(request)
    };
    assert_eq!(logout("nonsense", after, &browser.cookie).await.status, 400);
    let elsewhere = logout(&hint, "https://evil.example.com/", &browser.cookie).await;
    assert_eq!(elsewhere.status, 400);
    assert_eq!(browser.visit(web, &[]).await.status, 302);

    // Someone else sits at this browser now.
    let mut other = Browser::new(&flow);
    let page = other.visit(web, &[]).await;
    other.log_in(&page, "alan@example.com").await;
    let kept = logout(&hint, after, &other.cookie).await;
    assert_eq!((kept.status, kept.header("set-cookie")), (302, ""));
    assert_eq!(other.visit(web, &[]).await.status, 302);

    flow.advance(3601);
    let out = logout(&hint, after, &browser.cookie).await;
    assert_eq!(out.location().as_str(), format!("{after}?state=s+2"));
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(browser.visit(web, &[]).await.status, 200);
    // Tokens are not sessions.
    let refreshed = flow
        .refresh(Proof::Basic(web), &tokens.text("refresh_token"))
        .await;
    assert_eq!(refreshed.status, 200);
    assert_eq!(logout(&hint, "", &browser.cookie).await.status, 200);
}

#[tokio::test]
async fn an_administrator_ends_sessions() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let code = browser.log_in(&page, GRACE).await.redirected("code");
    let access = flow
        .redeem(Proof::Basic(web), &code)
        .await
        .text("access_token");
    let path = format!("/api/v1/users/{GRACE}/sessions");
    assert_eq!(flow.manage(Method::DELETE, &path, None).await.status, 204);
    assert_eq!(browser.visit(web, &[]).await.status, 200);
    assert_eq!(flow.introspect(&access).await["active"], true);
    let path = format!("{path}?oauthTokens=true");
    assert_eq!(flow.manage(Method::DELETE, &path, None).await.status, 204);
    assert_eq!(flow.introspect(&access).await["active"], false);
}

#[tokio::test]
async fn logins_and_grants_are_in_the_system_log() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let code = browser.log_in(&page, GRACE).await.redirected("code");
    flow.redeem(Proof::Basic(web), &code).await;
    let log = flow.manage(Method::GET, "/api/v1/logs", None).await;
    assert_eq!(
        log.each("/eventType"),
        [
            "user.session.start",
            "app.oauth2.as.authorize.code",
            "app.oauth2.as.token.grant.access_token",
        ]
    );
    assert_eq!(log.body[0]["actor"]["alternateId"], GRACE);
    assert_eq!(log.body[2]["actor"]["id"], web.client_id);
    assert_eq!(log.body[2]["target"][0]["alternateId"], GRACE);
}
