//! The second factor at the login page: when it is asked for, how it is proven, and what tokens say of
//! it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use okta_emulator::SampleClient;
use reqwest::Method;
use serde_json::{Value, json};
use support::Answer;
use support::oauth::{Flow, GRACE, Proof, answer};
use url::Url;

const TWO: (&str, &str) = ("acr_values", "urn:okta:loa:2fa:any");

/// A browser that keeps its session.
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
        answer(self.flow.http.get(url).header("cookie", &self.cookie)).await
    }

    /// Fills the first form of a page, or the one that goes there.
    async fn submit(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.flow.okta.org_url());
        let request = self.flow.http.post(url).header("cookie", &self.cookie);
        let sent = answer(request.form(form)).await;
        if sent.headers.contains_key("set-cookie") {
            self.cookie = sent.cookie();
        }
        sent
    }

    async fn password(&mut self, page: &Answer) -> Answer {
        let form = [("username", GRACE), ("password", self.flow.okta.password())];
        self.submit(&page.action(), &form).await
    }

    /// Types a code into the page of a factor.
    async fn code(&mut self, page: &Answer, code: &str) -> Answer {
        self.submit(&page.action(), &[("code", code)]).await
    }

    async fn choose(&mut self, page: &Answer, factor: &str) -> Answer {
        let path = page.action().replace("/verify", "/factor");
        self.submit(&path, &[("factor", factor)]).await
    }
}

fn text(page: &Answer) -> &str {
    page.body.as_str().unwrap()
}

fn says(page: &Answer, words: &str) {
    assert!(text(page).contains(words), "{words}: {}", text(page));
}

/// A factor of Grace that is active.
async fn factor(flow: &Flow, kind: &str, profile: Value) -> String {
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
async fn require_factor(flow: &Flow) {
    rule(flow, json!({ "access": "ALLOW", "requireFactor": true })).await;
}

async fn rule(flow: &Flow, sign_on: Value) {
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
async fn claims(flow: &Flow, client: &SampleClient, sent: &Answer) -> (Value, Value) {
    let code = sent.redirected("code");
    let tokens = flow.redeem(Proof::Basic(client), &code).await;
    let (_, id) = flow.verified(&tokens.text("id_token")).await;
    let (_, access) = flow.verified(&tokens.text("access_token")).await;
    (id, access)
}

#[tokio::test]
async fn the_policy_of_the_org_asks_for_a_second_factor() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let app = factor(&flow, "token:software:totp", json!({})).await;
    let mut browser = Browser::new(&flow);
    // A factor alone asks for nothing.
    let page = browser.visit(web, &[]).await;
    let sent = browser.password(&page).await;
    let (id, _) = claims(&flow, web, &sent).await;
    assert_eq!((&id["amr"], id.get("acr")), (&json!(["pwd"]), None));

    require_factor(&flow).await;
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let page = browser.password(&page).await;
    assert_eq!(page.status, 200);
    says(&page, "<h1>Verify it is you</h1>");
    says(&page, "Google Authenticator");
    assert_eq!(browser.cookie, "", "a password is no login here");
    let wrong = browser.code(&page, "000000").await;
    assert_eq!(wrong.status, 401);
    says(&wrong, "The code is wrong or has expired.");
    let old = flow.okta.passcode(&app).unwrap();
    flow.advance(120);
    assert_eq!(browser.code(&page, &old).await.status, 401);
    let sent = browser
        .code(&page, &flow.okta.passcode(&app).unwrap())
        .await;
    let (id, _) = claims(&flow, web, &sent).await;
    assert_eq!(id["amr"], json!(["mfa", "otp", "pwd"]));
    // When the password was given.
    assert_eq!(id["auth_time"], flow.now() - 120);
    let spent = browser.code(&page, "000000").await;
    assert_eq!(spent.status, 400);

    let me = format!("{}/api/v1/sessions/me", flow.okta.org_url());
    let session = answer(flow.http.get(me).header("cookie", &browser.cookie)).await;
    assert_eq!(session.body["amr"], json!(["mfa", "otp", "pwd"]));
    assert_eq!(session.body["mfaActive"], true);
    // The session has it from now on.
    assert_eq!(browser.visit(web, &[("prompt", "none")]).await.status, 302);
    // A password over a back channel is not enough.
    let form = [
        ("grant_type", "password"),
        ("username", GRACE),
        ("password", flow.okta.password()),
        ("scope", "openid"),
    ];
    let trusted = Proof::Basic(flow.okta.trusted_app());
    flow.token(trusted, &form)
        .await
        .failed(400, "access_denied");
}

#[tokio::test]
async fn a_client_steps_up_within_a_session() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let app = factor(&flow, "token:software:totp", json!({})).await;
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let first = browser.password(&page).await;
    assert_eq!(first.status, 302);
    let before = browser.cookie.clone();
    flow.advance(60);

    let silent = browser.visit(web, &[TWO, ("prompt", "none")]).await;
    assert_eq!(silent.redirected("error"), "login_required");
    assert!(silent.redirected("error_description").contains("MFA"));
    let page = browser.visit(web, &[TWO]).await;
    says(&page, "Google Authenticator");
    assert!(!text(&page).contains("password"), "it was given before");
    let code = flow.okta.passcode(&app).unwrap();
    let sent = browser.code(&page, &code).await;
    let (id, access) = claims(&flow, web, &sent).await;
    assert_eq!(id["acr"], TWO.1);
    assert_eq!(access["acr"], TWO.1);
    assert_eq!(id["amr"], json!(["mfa", "otp", "pwd"]));
    assert_eq!(id["auth_time"], flow.now() - 60);
    assert_ne!(browser.cookie, before);
    let old = flow
        .http
        .get(format!("{}/api/v1/sessions/me", flow.okta.org_url()));
    let old = answer(old.header("cookie", before)).await;
    assert_eq!(old.status, 404, "the session was replaced");

    // It is good for the next request, until the login is too old.
    let (id, _) = claims(&flow, web, &browser.visit(web, &[TWO]).await).await;
    assert_eq!(id["acr"], TWO.1);
    let page = browser.visit(web, &[TWO, ("max_age", "59")]).await;
    let page = browser.password(&page).await;
    says(&page, "Google Authenticator");
    let sent = browser
        .code(&page, &flow.okta.passcode(&app).unwrap())
        .await;
    let (id, _) = claims(&flow, web, &sent).await;
    assert_eq!(id["auth_time"], flow.now());

    // What Okta does not know is not promised.
    let more = [("acr_values", "silver urn:okta:loa:1fa:any")];
    let (id, _) = claims(&flow, web, &browser.visit(web, &more).await).await;
    assert_eq!(id["acr"], "urn:okta:loa:1fa:any");
    let more = [("acr_values", "silver")];
    let (id, _) = claims(&flow, web, &browser.visit(web, &more).await).await;
    assert_eq!(id.get("acr"), None);
}

#[tokio::test]
async fn what_is_possible_and_what_resists_phishing() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let possible = ("acr_values", "urn:okta:loa:2fa:any:ifpossible");
    let strong = ("acr_values", "phr");
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[possible]).await;
    assert_eq!(browser.password(&page).await.status, 302);
    let none = browser.visit(web, &[strong]).await;
    assert_eq!(
        none.redirected("error"),
        "unmet_authentication_requirements"
    );
    factor(&flow, "token:software:totp", json!({})).await;
    says(
        &browser.visit(web, &[possible]).await,
        "Google Authenticator",
    );
    factor(&flow, "webauthn", json!({})).await;
    let page = browser.visit(web, &[strong]).await;
    says(&page, "Use your security key.");
    assert!(!text(&page).contains("Choose another way"));
    let sent = browser.submit(&page.action(), &[]).await;
    let (id, _) = claims(&flow, web, &sent).await;
    assert_eq!(id["amr"], json!(["mfa", "hwk", "pwd"]));
    assert_eq!(id["acr"], "phr");
}

#[tokio::test]
async fn the_user_chooses_among_factors() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    require_factor(&flow).await;
    let phone = json!({ "phoneNumber": "+1-555-415-1337" });
    let sms = factor(&flow, "sms", phone.clone()).await;
    let call = factor(&flow, "call", phone).await;
    let mail = factor(&flow, "email", json!({})).await;
    let asked = json!({ "question": "first_award", "answer": "Spelling" });
    let question = factor(&flow, "question", asked).await;
    let push = factor(&flow, "push", json!({})).await;
    flow.okta.clear_messages();
    for (chosen, name, methods) in [
        (&sms, "Text message to the phone that ends in 1337", "sms"),
        (&call, "Call to the phone that ends in 1337", "tel"),
        (&mail, "E-mail to g…@example.com", "otp"),
        (&question, "Security question", "kba"),
        (&push, "Okta Verify: request", "swk"),
    ] {
        let mut browser = Browser::new(&flow);
        let page = browser.visit(web, &[]).await;
        let choice = browser.password(&page).await;
        says(&choice, name);
        assert!(!text(&choice).contains("+1-555"));
        let page = browser.choose(&choice, chosen).await;
        let sent = match methods {
            "kba" => {
                says(&page, "first award");
                let wrong = browser.submit(&page.action(), &[("answer", "Music")]).await;
                says(&wrong, "The answer is wrong.");
                let form = [("answer", "spelling")];
                browser.submit(&page.action(), &form).await
            }
            "swk" => {
                let early = browser.submit(&page.action(), &[]).await;
                says(&early, "Accept the request on your phone");
                assert_eq!(flow.okta.answer_pushes(chosen, false), 1);
                let rejected = browser.submit(&page.action(), &[]).await;
                says(&rejected, "The request was rejected.");
                let again = browser.choose(&page, chosen).await;
                flow.advance(301);
                // The login itself is over by then, as at `/api/v1/authn`.
                assert_eq!(browser.submit(&again.action(), &[]).await.status, 400);
                let page = browser.visit(web, &[]).await;
                let choice = browser.password(&page).await;
                let page = browser.choose(&choice, chosen).await;
                let accepted = json!({ "factor": chosen, "accept": true });
                let told = flow
                    .manage(Method::POST, "/_emulator/pushes", Some(accepted))
                    .await;
                assert_eq!(told.body, json!({ "answered": 1 }));
                browser.submit(&page.action(), &[]).await
            }
            _ => {
                let first = flow.okta.passcode(chosen).unwrap();
                let again = browser.choose(&page, chosen).await;
                assert_eq!(browser.code(&again, &first).await.status, 401);
                let code = flow.okta.passcode(chosen).unwrap();
                assert_eq!(
                    flow.okta.messages().last().unwrap().code,
                    Some(code.clone())
                );
                // A code that was sent lasts five minutes.
                flow.advance(200);
                let back = page.action().replace("/verify", "/factor");
                says(&browser.submit(&back, &[]).await, "Choose how:");
                let page = browser.choose(&choice, chosen).await;
                assert_eq!(browser.code(&page, &code).await.status, 401);
                let code = flow.okta.passcode(chosen).unwrap();
                browser.code(&page, &code).await
            }
        };
        let (id, _) = claims(&flow, web, &sent).await;
        assert_eq!(id["amr"], json!(["mfa", methods, "pwd"]));
    }
    let missing = json!({ "factor": "none", "accept": true });
    let missing = flow
        .manage(Method::POST, "/_emulator/pushes", Some(missing))
        .await;
    missing.refused(404, "E0000007");
}

#[tokio::test]
async fn a_code_that_was_sent_expires() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    require_factor(&flow).await;
    let mail = factor(&flow, "email", json!({})).await;
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let page = browser.password(&page).await;
    let code = flow.okta.passcode(&mail).unwrap();
    flow.advance(300);
    assert_eq!(flow.okta.passcode(&mail), None);
    // By then the login is over as well.
    assert_eq!(browser.code(&page, &code).await.status, 400);

    let verify = format!("/api/v1/users/{GRACE}/factors/{mail}/verify");
    for (seconds, status) in [(299, 200), (300, 403)] {
        flow.manage(Method::POST, &verify, None).await;
        let body = json!({ "passCode": flow.okta.passcode(&mail).unwrap() });
        flow.advance(seconds);
        let verified = flow.manage(Method::POST, &verify, Some(body)).await;
        assert_eq!(verified.status, status, "{:#}", verified.body);
    }
}

#[tokio::test]
async fn five_wrong_codes_lock_the_user_out() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    require_factor(&flow).await;
    let app = factor(&flow, "token:software:totp", json!({})).await;
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let page = browser.password(&page).await;
    for _ in 0..4 {
        assert_eq!(browser.code(&page, "000000").await.status, 401);
    }
    // What was right counts from nothing again.
    let code = flow.okta.passcode(&app).unwrap();
    assert_eq!(browser.code(&page, &code).await.status, 302);

    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let page = browser.password(&page).await;
    for _ in 0..4 {
        assert_eq!(browser.code(&page, "000000").await.status, 401);
    }
    let locked = browser.code(&page, "000000").await;
    assert_eq!(locked.status, 403);
    says(&locked, "Your account is locked");
    assert_eq!(browser.code(&page, &code).await.status, 400);
    let user = format!("/api/v1/users/{GRACE}");
    let user_now = flow.manage(Method::GET, &user, None).await;
    assert_eq!(user_now.body["status"], "LOCKED_OUT");
    let page = browser.visit(web, &[]).await;
    assert_eq!(browser.password(&page).await.status, 401);
    let unlock = format!("{user}/lifecycle/unlock");
    assert_eq!(flow.manage(Method::POST, &unlock, None).await.status, 200);
    let page = browser.visit(web, &[]).await;
    says(&browser.password(&page).await, "Verify it is you");
}

#[tokio::test]
async fn who_has_no_factor_sets_an_app_up() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    require_factor(&flow).await;
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let page = browser.password(&page).await;
    says(&page, "Set up an authenticator app");
    let factors = format!("/api/v1/users/{GRACE}/factors");
    let listed = flow.manage(Method::GET, &factors, None).await;
    let secret = &listed.body[0]["_embedded"]["activation"]["sharedSecret"];
    let secret = secret.as_str().unwrap();
    says(&page, &format!("<code id=\"secret\">{secret}</code>"));
    let link = format!(
        "otpauth://totp/Okta%20emulator:grace%40example%2Ecom?secret={secret}&#38;issuer=Okta%20emulator"
    );
    says(&page, &link);
    let wrong = browser.code(&page, "000000").await;
    assert_eq!(wrong.status, 401);
    says(&wrong, secret);

    // Whoever begins once more gets another key.
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let page = browser.password(&page).await;
    assert!(!text(&page).contains(secret));
    let listed = flow.manage(Method::GET, &factors, None).await;
    assert_eq!(listed.body.as_array().unwrap().len(), 1);
    let app = listed.body[0]["id"].as_str().unwrap();
    let code = flow.okta.passcode(app).unwrap();
    let sent = browser.code(&page, &code).await;
    let (id, _) = claims(&flow, web, &sent).await;
    assert_eq!(id["amr"], json!(["mfa", "otp", "pwd"]));
    let listed = flow.manage(Method::GET, &factors, None).await;
    assert_eq!(listed.body[0]["status"], "ACTIVE");
}

#[tokio::test]
async fn an_application_asks_by_its_policy() {
    let flow = Flow::custom().await;
    let (web, native) = (flow.okta.web_app(), flow.okta.native_app());
    let policy = json!({ "type": "ACCESS_POLICY", "name": "Strict" });
    let policy = flow
        .manage(Method::POST, "/api/v1/policies", Some(policy))
        .await
        .id();
    let rule = json!({ "name": "Rule", "type": "ACCESS_POLICY", "actions": { "appSignOn": {
        "access": "ALLOW", "verificationMethod": { "type": "ASSURANCE", "factorMode": "2FA" },
    } } });
    let rules = format!("/api/v1/policies/{policy}/rules");
    assert_eq!(
        flow.manage(Method::POST, &rules, Some(rule)).await.status,
        200
    );
    let app = format!("/api/v1/apps/{}", web.app_id);
    let assigned = format!("{app}/policies/{policy}");
    assert_eq!(flow.manage(Method::PUT, &assigned, None).await.status, 204);
    let shown = flow.manage(Method::GET, &app, None).await;
    assert_eq!(
        shown.body["_links"]["accessPolicy"]["href"],
        format!("{}/api/v1/policies/{policy}", flow.okta.org_url())
    );
    let missing = format!("{app}/policies/none");
    let missing = flow.manage(Method::PUT, &missing, None).await;
    missing.refused(404, "E0000007");

    let mut browser = Browser::new(&flow);
    let page = browser.visit(native, &[]).await;
    assert_eq!(browser.password(&page).await.status, 302);
    says(
        &browser.visit(web, &[]).await,
        "Set up an authenticator app",
    );
}

#[tokio::test]
async fn a_policy_lets_nobody_in() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    rule(&flow, json!({ "access": "DENY" })).await;
    let mut browser = Browser::new(&flow);
    let page = browser.visit(web, &[]).await;
    let denied = browser.password(&page).await;
    assert_eq!(denied.redirected("error"), "access_denied");
    assert_eq!(browser.cookie, "");
    let body = json!({ "username": GRACE, "password": flow.okta.password() });
    let url = format!("{}/api/v1/authn", flow.okta.org_url());
    let denied = answer(flow.http.post(url).json(&body)).await;
    denied.refused(401, "E0000004");
}

#[tokio::test]
async fn a_device_is_let_in_with_a_second_factor() {
    let flow = Flow::custom().await;
    let native = flow.okta.native_app();
    require_factor(&flow).await;
    let app = factor(&flow, "token:software:totp", json!({})).await;
    let form = [("scope", "openid")];
    let device = flow
        .call("device/authorize", Proof::Public(native), &form)
        .await;
    let user_code = device.text("user_code");
    let mut browser = Browser::new(&flow);
    let form = [
        ("user_code", user_code.as_str()),
        ("username", GRACE),
        ("password", flow.okta.password()),
        ("decision", "allow"),
    ];
    let page = browser.submit("/activate", &form).await;
    says(&page, "Google Authenticator");
    let device_code = device.text("device_code");
    let poll = || {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", device_code.as_str()),
        ];
        let request = flow.post("token", &form);
        let id = [("client_id", native.client_id.as_str())];
        answer(request.query(&id))
    };
    poll().await.failed(400, "authorization_pending");
    let code = flow.okta.passcode(&app).unwrap();
    says(&browser.code(&page, &code).await, "Device activated");
    flow.advance(10);
    let tokens = poll().await;
    let (_, id) = flow.verified(&tokens.text("id_token")).await;
    assert_eq!(id["amr"], json!(["mfa", "otp", "pwd"]));
}

#[tokio::test]
async fn the_classic_api_goes_through_the_same_states() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    require_factor(&flow).await;
    let authn = async |path: &str, body: Value| {
        let url = format!("{}/api/v1/authn{path}", flow.okta.org_url());
        answer(flow.http.post(url).json(&body)).await
    };
    let login = json!({ "username": GRACE, "password": flow.okta.password() });
    let begun = authn("", login.clone()).await;
    assert_eq!(begun.body["status"], "MFA_ENROLL", "{:#}", begun.body);
    let state = begun.text("stateToken");
    let offered = begun.body["_embedded"]["factors"].as_array().unwrap();
    assert!(offered.iter().any(|it| it["factorType"] == "push"));
    let push =
        json!({ "stateToken": state, "factorType": "token:software:totp", "provider": "OKTA" });
    let enrolled = authn("/factors", push).await;
    assert_eq!(enrolled.body["status"], "MFA_ENROLL_ACTIVATE");
    let factor_id = enrolled.body["_embedded"]["factor"]["id"].as_str().unwrap();
    let secret = "/_embedded/factor/_embedded/activation/sharedSecret";
    assert!(enrolled.body.pointer(secret).unwrap().is_string());
    // A factor cannot be proven before it is set up.
    let code = flow.okta.passcode(factor_id).unwrap();
    let body = json!({ "stateToken": state, "passCode": code });
    let early = authn(&format!("/factors/{factor_id}/verify"), body.clone()).await;
    early.refused(403, "E0000038");
    let activate = format!("/factors/{factor_id}/lifecycle/activate");
    let wrong = json!({ "stateToken": state, "passCode": "000000" });
    authn(&activate, wrong).await.refused(403, "E0000068");
    let done = authn(&activate, body).await;
    assert_eq!(done.body["status"], "SUCCESS", "{:#}", done.body);
    // The session token carries what was proven.
    let token = done.text("sessionToken");
    let sent = flow.authorize(web, &[("sessionToken", &token), TWO]).await;
    let (id, _) = claims(&flow, web, &sent).await;
    assert_eq!(id["amr"], json!(["mfa", "otp", "pwd"]));

    let push = factor(&flow, "push", json!({})).await;
    let state = authn("", login.clone()).await.text("stateToken");
    let body = json!({ "stateToken": state });
    let verify = format!("/factors/{push}/verify");
    for accepted in [false, true] {
        let waiting = authn(&verify, body.clone()).await;
        assert_eq!(waiting.body["factorResult"], "WAITING");
        let waiting = authn(&verify, body.clone()).await;
        assert_eq!(waiting.body["status"], "MFA_CHALLENGE");
        assert_eq!(flow.okta.answer_pushes(&push, accepted), 1);
        let told = authn(&verify, body.clone()).await;
        match accepted {
            false => assert_eq!(told.body["factorResult"], "REJECTED"),
            true => assert_eq!(told.body["status"], "SUCCESS", "{:#}", told.body),
        }
    }
    // Five wrong codes lock out here, too.
    let state = authn("", login).await.text("stateToken");
    let wrong = json!({ "stateToken": state, "passCode": "000000" });
    let verify = format!("/factors/{factor_id}/verify");
    for _ in 0..4 {
        authn(&verify, wrong.clone()).await.refused(403, "E0000068");
    }
    authn(&verify, wrong.clone()).await.refused(403, "E0000069");
    authn(&verify, wrong).await.refused(401, "E0000011");
}
