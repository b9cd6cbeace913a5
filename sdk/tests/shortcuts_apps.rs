//! Applications with the settings that they usually have, and group rules.
#![cfg(all(feature = "applications", feature = "groups"))]
#![allow(clippy::unwrap_used)]

use okta_sdk::models::{
    Application, CreateGroupRuleRequest, OpenIdConnectApplication, SamlApplication,
};
use okta_sdk::shortcuts::{ExpressionRule, Integration, ServiceProvider};
use serde_json::{Value, json};

#[test]
fn a_web_app_keeps_a_secret() {
    let app = OpenIdConnectApplication::web("Portal", ["https://portal.example.com/callback"])
        .oauth_client(|client| client.post_logout_redirect_uris(["https://portal.example.com"]));
    assert_eq!(
        serde_json::to_value(&app).unwrap(),
        json!({
            "name": "oidc_client",
            "label": "Portal",
            "signOnMode": "OPENID_CONNECT",
            "credentials": { "oauthClient": {
                "pkce_required": true,
                "token_endpoint_auth_method": "client_secret_basic",
            } },
            "settings": { "oauthClient": {
                "application_type": "web",
                "grant_types": ["authorization_code"],
                "response_types": ["code"],
                "redirect_uris": ["https://portal.example.com/callback"],
                "post_logout_redirect_uris": ["https://portal.example.com"],
            } },
        })
    );
}

#[test]
fn a_native_app_keeps_none() {
    let app = OpenIdConnectApplication::native("Phone", ["com.example.phone:/callback"]);
    let app = serde_json::to_value(&app).unwrap();
    let credentials = &app["credentials"]["oauthClient"];
    assert_eq!(credentials["token_endpoint_auth_method"], "none");
    assert_eq!(credentials["pkce_required"], true);
    let client = &app["settings"]["oauthClient"];
    assert_eq!(client["application_type"], "native");
    assert_eq!(
        client["grant_types"],
        json!(["authorization_code", "refresh_token"])
    );
    assert_eq!(client["response_types"], json!(["code"]));
}

#[test]
fn a_saml_app_signs_with_sha_256() {
    let app = SamlApplication::for_service_provider(ServiceProvider {
        label: "Wiki".into(),
        acs_url: "https://wiki.example.com/saml/acs".into(),
        audience: "https://wiki.example.com".into(),
    });
    let app = serde_json::to_value(&app).unwrap();
    assert_eq!(app["signOnMode"], "SAML_2_0");
    assert_eq!(app["label"], "Wiki");
    let sign_on = &app["settings"]["signOn"];
    for url in ["ssoAcsUrl", "recipient", "destination"] {
        assert_eq!(sign_on[url], "https://wiki.example.com/saml/acs", "{url}");
    }
    assert_eq!(sign_on["audience"], "https://wiki.example.com");
    assert_eq!(sign_on["responseSigned"], true);
    assert_eq!(sign_on["assertionSigned"], true);
    assert_eq!(sign_on["signatureAlgorithm"], "RSA_SHA256");
    assert_eq!(sign_on["digestAlgorithm"], "SHA256");
    assert_eq!(sign_on["subjectNameIdTemplate"], "${user.userName}");
}

#[test]
fn an_integration_is_known_by_its_key() {
    let mut integration = Integration {
        name: "zoomus".into(),
        label: "Zoom".into(),
        sign_on_mode: None,
        settings: json!({ "subDomain": "acme" }),
    };
    let sent = |integration: &Integration| -> Value {
        serde_json::to_value(Application::integration(integration.clone())).unwrap()
    };
    assert_eq!(
        sent(&integration),
        json!({
            "name": "zoomus",
            "label": "Zoom",
            "settings": { "app": { "subDomain": "acme" } },
        })
    );
    integration.sign_on_mode = Some("SAML_2_0".into());
    assert_eq!(sent(&integration)["signOnMode"], "SAML_2_0");
}

#[test]
fn a_rule_says_who_comes_into_which_groups() {
    let rule = CreateGroupRuleRequest::from_expression(ExpressionRule {
        name: "Engineers".into(),
        expression: r#"user.department=="Engineering""#.into(),
        group_ids: vec!["00g1".into()],
    });
    assert_eq!(
        serde_json::to_value(&rule).unwrap(),
        json!({
            "type": "group_rule",
            "name": "Engineers",
            "conditions": { "expression": {
                "type": "urn:okta:expression:1.0",
                "value": r#"user.department=="Engineering""#,
            } },
            "actions": { "assignUserToGroups": { "groupIds": ["00g1"] } },
        })
    );
}
