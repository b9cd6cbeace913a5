//! Who calls the API: an app of the emulated org, and the lines that a shell calls it by.

use anyhow::{Context, ensure};
use okta_emulator::Emulator;
use reqwest::Client;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};

/// Gives the emulated org the API's scopes and an app that may ask for them. What comes back is its
/// id and secret as curl takes them; they are good in this process alone.
pub async fn registered(emulator: &Emulator) -> anyhow::Result<String> {
    for scope in ["orders:read", "orders:write"] {
        let path = "authorizationServers/default/scopes";
        create(emulator, path, &json!({ "name": scope })).await?;
    }
    let app = json!({
        "name": "oidc_client",
        "label": "Caller of the orders API",
        "signOnMode": "OPENID_CONNECT",
        "credentials": { "oauthClient": { "token_endpoint_auth_method": "client_secret_basic" } },
        "settings": { "oauthClient": {
            "application_type": "service",
            "grant_types": ["client_credentials"],
            "response_types": ["token"],
        } },
    });
    let app = create(emulator, "apps", &app).await?;
    let client = &app["credentials"]["oauthClient"];
    let text = |name: &str| client[name].as_str().context("the app has no credentials");
    Ok(format!("{}:{}", text("client_id")?, text("client_secret")?))
}

async fn create(emulator: &Emulator, path: &str, body: &Value) -> anyhow::Result<Value> {
    // The emulator is in this process: no proxy leads to it.
    let http = Client::builder().no_proxy().build()?;
    let request = http
        .post(format!("{}/api/v1/{path}", emulator.org_url()))
        .header(AUTHORIZATION, format!("SSWS {}", emulator.token()))
        .header(CONTENT_TYPE, "application/json")
        .body(body.to_string());
    let response = request.send().await?;
    let status = response.status();
    let text = response.text().await?;
    ensure!(
        status.is_success(),
        "the emulator answers {path} with {status}: {text}"
    );
    Ok(serde_json::from_str(&text)?)
}

/// Lines for a shell: a token that may read, a good call, one without token, and one that needs the
/// other scope.
pub fn curl_lines(origin: &str, issuer: &str, credentials: &str) -> [String; 4] {
    [
        format!(
            "token=$(curl -s -u {credentials} -d grant_type=client_credentials -d \
             scope=orders:read {issuer}/v1/token | sed -nE \
             's/.*\"access_token\": ?\"([^\"]+)\".*/\\1/p')"
        ),
        format!("curl -i -H \"Authorization: Bearer $token\" {origin}/orders"),
        format!("curl -i {origin}/orders"),
        format!(
            "curl -i -H \"Authorization: Bearer $token\" --json '{{\"item\": \"lamp\", \
             \"quantity\": 2}}' {origin}/orders"
        ),
    ]
}
