//! The emulator asks the hooks, as Okta does.

use axum::Router;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use okta_auth::Secret;
use okta_emulator::Emulator;
use okta_sdk::models::{PasswordImportRequest, TokenPayLoad};
use okta_web::hooks::{
    InlineHook, InlineHookKind, PasswordImportAnswer, PasswordImportHook, TokenAnswer, TokenHook,
};
use serde_json::{Value, json};

use super::SECRET;

const LOGIN: &str = "ada@example.com";
const PASSWORD: &str = "long known elsewhere";

struct Org {
    okta: Emulator,
    http: reqwest::Client,
}

impl Org {
    async fn start() -> Self {
        Self {
            okta: Emulator::builder().start().await.unwrap(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    async fn manage(&self, method: http::Method, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}{path}", self.okta.org_url());
        let request = self.http.request(method, url);
        let request = request.header("authorization", format!("SSWS {}", self.okta.token()));
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let request = request.header("content-type", "application/json");
        let answer = request.body(body).send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
        answered(answer).await
    }

    /// Serves the hook, and has the org ask it. Gives the hook's id.
    async fn register<K: InlineHookKind>(&self, hook: &InlineHook<K>) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("http://{}/hook", listener.local_addr().unwrap());
        let app: Router = Router::new().route("/hook", hook.route());
        tokio::spawn(async move { axum::serve(listener, app).await });
        let hook = json!({
            "name": "Hook", "type": K::EVENT_TYPE, "version": "1.0.0",
            "channel": { "type": "HTTP", "version": "1.0.0", "config": {
                "uri": uri, "method": "POST",
                "authScheme": { "type": "HEADER", "key": "Authorization", "value": SECRET },
            } },
        });
        let made = self.manage(http::Method::POST, "/api/v1/inlineHooks", Some(hook));
        made.await["id"].as_str().unwrap().to_owned()
    }

    /// The claims of an access token for a user.
    async fn claims(&self, username: &str, password: &str) -> Value {
        let client = self.okta.trusted_app();
        let form = [
            ("grant_type", "password"),
            ("username", username),
            ("password", password),
            ("scope", "openid"),
        ];
        let request = (self.http)
            .post(format!("{}/v1/token", self.okta.issuer()))
            .basic_auth(&client.client_id, client.client_secret.as_deref())
            .form(&form);
        let tokens = answered(request.send().await.unwrap()).await;
        let token = tokens["access_token"].as_str().unwrap();
        let claims = token.split('.').nth(1).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
    }

    async fn log_in(&self, password: &str) -> Value {
        let body = json!({ "username": LOGIN, "password": password });
        let url = format!("{}/api/v1/authn", self.okta.org_url());
        let request = self
            .http
            .post(url)
            .header("content-type", "application/json");
        answered(request.body(body.to_string()).send().await.unwrap()).await
    }
}

async fn answered(response: reqwest::Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_claim_of_the_hook_is_in_the_token() {
    let org = Org::start().await;
    let hook =
        InlineHook::<TokenHook>::builder(Secret::from(SECRET), async |request: TokenPayLoad| {
            let access = request.data.and_then(|data| data.access);
            let claims = access.and_then(|access| access.claims).ok_or("no claims")?;
            let greeting = format!("Hello {}", claims["sub"].as_str().unwrap_or_default());
            Ok(TokenAnswer::new().access(|token| token.add_claim("greeting", greeting)))
        });
    let hook = org.register(&hook.build().unwrap()).await;
    let policies = "/api/v1/authorizationServers/default/policies";
    let policy = org.manage(http::Method::GET, policies, None).await;
    let rules = format!("{policies}/{}/rules", policy[0]["id"].as_str().unwrap());
    let mut rule = org.manage(http::Method::GET, &rules, None).await[0].take();
    rule["actions"]["token"]["inlineHook"] = json!({ "id": hook });
    let path = format!("{rules}/{}", rule["id"].as_str().unwrap());
    org.manage(http::Method::PUT, &path, Some(rule)).await;

    let login = "grace@example.com";
    let claims = org.claims(login, org.okta.password()).await;
    assert_eq!(claims["greeting"], format!("Hello {login}"));
}

#[tokio::test]
async fn a_password_of_another_system_logs_in() {
    let org = Org::start().await;
    let hook = InlineHook::<PasswordImportHook>::builder(
        Secret::from(SECRET),
        async |request: PasswordImportRequest| {
            let context = request.data.and_then(|data| data.context);
            let credential = context.and_then(|context| context.credential);
            let credential = credential.ok_or("no credential")?;
            let known = credential.username.as_deref() == Some(LOGIN)
                && (credential.password).is_some_and(|password| password.expose() == PASSWORD);
            Ok(match known {
                true => PasswordImportAnswer::Verified,
                false => PasswordImportAnswer::Unverified,
            })
        },
    );
    org.register(&hook.build().unwrap()).await;
    let user = json!({
        "profile": {
            "firstName": "Ada", "lastName": "Lovelace", "email": LOGIN, "login": LOGIN,
        },
        "credentials": { "password": { "hook": { "type": "default" } } },
    });
    org.manage(http::Method::POST, "/api/v1/users", Some(user))
        .await;
    let wrong = org.log_in("something else").await;
    assert_eq!(wrong["errorCode"], "E0000004", "{wrong:#}");
    let right = org.log_in(PASSWORD).await;
    assert_eq!(right["status"], "SUCCESS", "{right:#}");
}
