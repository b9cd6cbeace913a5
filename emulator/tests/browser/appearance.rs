//! How the pages look, on phones and on desks, by day and by night; and whether everyone can use
//! them.

use okta_emulator::{Emulator, Fault, FaultRule};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::application::Application;
use crate::chromium::{Browser, ENTER, TAB, View};
use crate::inspection::check;

tests! {
    pages_on_a_desk,
    pages_on_a_desk_by_night,
    pages_on_a_phone,
    pages_on_a_phone_by_night,
}

async fn pages_on_a_desk() {
    look("desk", View::DESKTOP).await;
}

async fn pages_on_a_desk_by_night() {
    look("desk-night", View::DESKTOP.dark()).await;
}

async fn pages_on_a_phone() {
    look("phone", View::PHONE).await;
}

async fn pages_on_a_phone_by_night() {
    look("phone-night", View::PHONE.dark()).await;
}

/// An org in which something has happened, with names that are hard to show, and the ids of what it
/// holds: a user, a group, an application, a policy.
struct Lived {
    okta: Emulator,
    application: Application,
    http: Client,
}

impl Lived {
    async fn new() -> Self {
        let lived = Self {
            okta: Emulator::start().await.unwrap(),
            application: Application::start().await,
            http: Client::builder().no_proxy().build().unwrap(),
        };
        let name = "Featherstonehaugh-Cholmondeley-Marjoribanks";
        let login = format!("anne-marie-louise-elisabeth.{name}@subsidiary.example.com");
        let person = json!({ "profile": {
            "login": login, "email": login, "firstName": "Anne-Marie-Louise", "lastName": name,
        }});
        lived.post("/api/v1/users", person).await;
        for title in [
            "Staff <b>",
            "A group whose name is as long as names of groups tend to be",
        ] {
            let description = "All that work here, also those who are here for a short time only";
            let group = json!({ "profile": { "name": title, "description": description } });
            lived.post("/api/v1/groups", group).await;
        }
        lived.get("/api/v1/users/nobody").await;
        let trusted = lived.okta.trusted_app();
        let form = [
            ("grant_type", "password"),
            ("username", "grace@example.com"),
            ("password", lived.okta.password()),
            ("scope", "openid offline_access"),
        ];
        let url = format!("{}/v1/token", lived.okta.issuer());
        let request = lived.http.post(url).form(&form);
        let secret = trusted.client_secret.as_ref();
        let sent = request.basic_auth(&trusted.client_id, secret).send().await;
        assert_eq!(sent.unwrap().status(), 200);
        let rule = FaultRule::new(Fault::ConnectionReset).on_path("/api/v1/users/*/lifecycle");
        lived
            .okta
            .faults()
            .inject(rule.always().with_probability(0.25));
        lived
    }

    async fn post(&self, path: &str, body: Value) {
        self.send(Method::POST, path, body).await;
    }

    async fn send(&self, method: Method, path: &str, body: Value) {
        let url = format!("{}{path}", self.okta.org_url());
        let request = self.http.request(method, url);
        let token = format!("SSWS {}", self.okta.token());
        let request = request.header("authorization", token).json(&body);
        assert_eq!(request.send().await.unwrap().status(), 200);
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}{path}", self.okta.org_url()));
        let token = format!("SSWS {}", self.okta.token());
        let response = request.header("authorization", token).send().await;
        response.unwrap().json().await.unwrap()
    }

    /// Pages of the org by name.
    async fn pages(&self) -> Vec<(&'static str, String)> {
        let base = self.okta.org_url();
        let first = |listed: Value| listed[0]["id"].as_str().unwrap().to_owned();
        let user = first(self.get("/api/v1/users?q=Anne-Marie").await);
        let group = first(self.get("/api/v1/groups?q=Everyone").await);
        let app = first(self.get("/api/v1/apps?q=Sample%20Trusted").await);
        let policy = first(self.get("/api/v1/policies?type=ACCESS_POLICY").await);
        let at = |path: &str| format!("{base}{path}");
        vec![
            ("overview", at("/")),
            ("users", at("/_org/users")),
            ("user", at(&format!("/_org/users/{user}"))),
            ("groups", at("/_org/groups")),
            ("group", at(&format!("/_org/groups/{group}"))),
            ("apps", at("/_org/apps")),
            ("app", at(&format!("/_org/apps/{app}"))),
            ("roles", at("/_org/roles")),
            ("policies", at("/_org/policies")),
            ("policy", at(&format!("/_org/policies/{policy}"))),
            ("tokens", at("/_org/tokens")),
            ("log", at("/_org/log")),
            ("event", at("/_org/log/1")),
            ("requests", at("/_org/requests")),
            ("request", at("/_org/requests/0")),
            ("messages", at("/_org/messages")),
            ("faults", at("/_org/faults")),
            ("controls", at("/_org/controls")),
        ]
    }
}

async fn look(name: &str, view: View) {
    let lived = Lived::new().await;
    let browser = Browser::open(view).await;
    let (okta, application) = (&lived.okta, &lived.application);
    let base = okta.org_url();
    let single = [
        ("login", application.login(okta, okta.web_app(), &[])),
        ("activate", format!("{base}/activate")),
        ("bad-request", format!("{base}/oauth2/v1/authorize")),
        ("signed-out", format!("{base}/login/signout")),
        ("no-such-page", format!("{base}/nowhere")),
        ("missing", format!("{base}/_org/users/nobody")),
        ("unlock", format!("{base}/_org/unlock?next=/_org/faults")),
        ("welcome", okta.messages().remove(0).link.unwrap()),
    ];
    let pages = lived.pages().await;
    let mut wrong = Vec::new();
    for (page, url) in single.iter().chain(&pages) {
        browser.visit(url).await;
        wrong.extend(check(&browser, &format!("{name}-{page}")).await);
    }
    browser.visit(&single[6].1).await;
    browser.fill(okta.token()).await;
    browser.named("Unlock").await.click().await.unwrap();
    browser.named("Lock controls").await;
    let differ = ["user", "messages", "faults", "controls"];
    for (page, url) in pages.iter().filter(|(page, _)| differ.contains(page)) {
        browser.visit(url).await;
        wrong.extend(check(&browser, &format!("{name}-{page}-unlocked")).await);
    }
    wrong.extend(sign_up(&lived, &browser, name).await);
    wrong.extend(second_factors(&lived, &browser, name).await);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is wrong with the page on which people register, and with what it says of a mistake.
async fn sign_up(lived: &Lived, browser: &Browser, name: &str) -> Vec<String> {
    let policies = lived.get("/api/v1/policies?type=PROFILE_ENROLLMENT").await;
    let rules = format!(
        "/api/v1/policies/{}/rules",
        policies[0]["id"].as_str().unwrap()
    );
    let mut rule = lived.get(&rules).await[0].take();
    rule["actions"] = json!({ "profileEnrollment": {
        "access": "ALLOW", "unknownUserAction": "REGISTER",
    }});
    let path = format!("{rules}/{}", rule["id"].as_str().unwrap());
    lived.send(Method::PUT, &path, rule).await;

    let login = lived
        .application
        .login(&lived.okta, lived.okta.web_app(), &[]);
    browser.visit(&login).await;
    let mut wrong = check(browser, &format!("{name}-login-or-sign-up")).await;
    browser.named("Sign up").await.click().await.unwrap();
    browser.arrive("Sign up").await;
    browser.until_focus_at("email").await;
    wrong.extend(check(browser, &format!("{name}-sign-up")).await);
    for value in ["grace@example.com", "Grace", "Hopper", "Another Password 1"] {
        browser.fill(value).await;
        browser
            .press(if value.ends_with('1') { ENTER } else { TAB })
            .await;
    }
    browser.until_said("already exists").await;
    wrong.extend(check(browser, &format!("{name}-sign-up-again")).await);
    wrong
}

/// What is wrong with the pages of the second factor: an app to set up, the choice among factors, and the
/// proof of each.
async fn second_factors(lived: &Lived, browser: &Browser, name: &str) -> Vec<String> {
    const GRACE: &str = "grace@example.com";
    let (okta, application) = (&lived.okta, &lived.application);
    let more = [
        ("acr_values", "urn:okta:loa:2fa:any"),
        ("login_hint", GRACE),
        ("prompt", "login"),
    ];
    let login = application.login(okta, okta.web_app(), &more);
    let password = async || {
        browser.visit(&login).await;
        browser.fill(okta.password()).await;
        browser.press(ENTER).await;
    };
    password().await;
    browser.arrive("Set up an authenticator app").await;
    let mut wrong = check(browser, &format!("{name}-second-factor-setup")).await;
    let asked = json!({ "question": "favorite_art_piece", "answer": "Nighthawks" });
    let phone = json!({ "phoneNumber": "+1-555-415-1337" });
    let kinds = [
        ("question", asked, "Security question"),
        ("sms", phone, "Text message to the phone that ends in 1337"),
        ("push", json!({}), "Okta Verify: request"),
    ];
    for (kind, profile, _) in &kinds {
        let body = json!({ "factorType": kind, "provider": "OKTA", "profile": profile });
        let path = format!("/api/v1/users/{GRACE}/factors?activate=true");
        lived.post(&path, body).await;
    }
    for (kind, _, button) in &kinds {
        password().await;
        browser.until_said("Choose how:").await;
        wrong.extend(check(browser, &format!("{name}-second-factor-choice")).await);
        browser.named(button).await.click().await.unwrap();
        browser.named("Choose another way").await;
        if *kind == "sms" {
            browser.fill("000000").await;
            browser.press(ENTER).await;
            browser.until_said("The code is wrong").await;
        }
        wrong.extend(check(browser, &format!("{name}-second-factor-{kind}")).await);
    }
    wrong
}
