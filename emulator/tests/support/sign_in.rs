//! Signing in by the pages of the org, as a browser does, and what it takes to do so.
#![allow(dead_code, reason = "each test program uses its own part")]

use okta_emulator::SampleClient;
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use crate::support::Answer;
use crate::support::oauth::{Flow, GRACE, Proof, answer};

pub const TWO: (&str, &str) = ("acr_values", "urn:okta:loa:2fa:any");

/// A browser that keeps its session.
pub struct Browser<'f> {
    flow: &'f Flow,
    pub cookie: String,
}

impl<'f> Browser<'f> {
    pub fn new(flow: &'f Flow) -> Self {
        Self {
            flow,
            cookie: String::new(),
        }
    }

    pub async fn visit(&self, client: &SampleClient, more: &[(&str, &str)]) -> Answer {
        let url = self.flow.endpoint("authorize");
        let url = Url::parse_with_params(&url, self.flow.request(client, more)).unwrap();
        answer(self.flow.http.get(url).header("cookie", &self.cookie)).await
    }

    /// Fills the first form of a page, or the one that goes there.
    pub async fn submit(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.flow.okta.org_url());
        let request = self.flow.http.post(url).header("cookie", &self.cookie);
        let sent = answer(request.form(form)).await;
        if sent.headers.contains_key("set-cookie") {
            self.cookie = sent.cookie();
        }
        sent
    }

    pub async fn password(&mut self, page: &Answer) -> Answer {
        let form = [("username", GRACE), ("password", self.flow.okta.password())];
        self.submit(&page.action(), &form).await
    }

    /// Types a code into the page of a factor.
    pub async fn code(&mut self, page: &Answer, code: &str) -> Answer {
        self.submit(&page.action(), &[("code", code)]).await
    }

    pub async fn choose(&mut self, page: &Answer, factor: &str) -> Answer {
        let path = page.action().replace("/verify", "/factor");
        self.submit(&path, &[("factor", factor)]).await
    }
}

pub fn text(page: &Answer) -> &str {
    page.body.as_str().unwrap()
}

pub fn says(page: &Answer, words: &str) {
    assert!(text(page).contains(words), "{words}: {}", text(page));
}

/// A factor of Grace that is active.
pub async fn factor(flow: &Flow, kind: &str, profile: Value) -> String {
    let provider = match kind {
        "token:software:totp" => "GOOGLE",
        "webauthn" => "FIDO",
        _ => "OKTA",
    };
    let body = json!({ "factorType": kind, "provider": provider, "profile": profile });
    let path = format!("/api/v1/users/{GRACE}/factors?activate=true");
    let made = flow.manage(Method::POST, &path, Some(body)).await;
    assert_eq!(made.status, 200, "{:#}", made.body);
    made.id()
}

/// Everyone has to prove a second factor.
pub async fn require_factor(flow: &Flow) {
    rule(flow, json!({ "access": "ALLOW", "requireFactor": true })).await;
}

pub async fn rule(flow: &Flow, sign_on: Value) {
    let policy = json!({ "type": "OKTA_SIGN_ON", "name": sign_on.to_string() });
    let made = flow
        .manage(Method::POST, "/api/v1/policies", Some(policy))
        .await;
    let path = format!("/api/v1/policies/{}/rules", made.id());
    let body = json!({ "type": "SIGN_ON", "name": "Rule", "actions": { "signon": sign_on } });
    let made = flow.manage(Method::POST, &path, Some(body)).await;
    assert_eq!(made.status, 200, "{:#}", made.body);
}

/// The claims of the ID token and of the access token for the code of an answer.
pub async fn claims(flow: &Flow, client: &SampleClient, sent: &Answer) -> (Value, Value) {
    let code = sent.redirected("code");
    let tokens = flow.redeem(Proof::Basic(client), &code).await;
    let (_, id) = flow.verified(&tokens.text("id_token")).await;
    let (_, access) = flow.verified(&tokens.text("access_token")).await;
    (id, access)
}
