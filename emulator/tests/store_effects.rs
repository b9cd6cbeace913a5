//! What follows from objects that the generic store keeps: pages that may call, entries of the System
//! Log, and what cannot be deleted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::Org;

const PAGE: &str = "https://app.example.com";

/// Whether a browser would let a page of that origin call the API: it asks, and then it calls.
async fn may_call(org: &Org, origin: &str) -> bool {
    let url = format!("{}/api/v1/users", org.okta.org_url());
    let asked = org.http.request(Method::OPTIONS, url);
    let asked = asked
        .header("origin", origin)
        .header("access-control-request-method", "GET");
    let asked = asked.send().await.unwrap();
    let called = org.get_with("/api/v1/users", &[("origin", origin)]).await;
    let allowed = |value: Option<&reqwest::header::HeaderValue>| {
        value.is_some_and(|value| value.to_str().unwrap() == origin)
    };
    let name = "access-control-allow-origin";
    let both = (
        allowed(asked.headers().get(name)),
        allowed(called.headers.get(name)),
    );
    assert_eq!(both.0, both.1);
    both.0
}

fn origin(scopes: &[&str]) -> Value {
    let scopes: Vec<Value> = scopes.iter().map(|it| json!({ "type": it })).collect();
    json!({ "name": "The app", "origin": PAGE, "scopes": scopes })
}

#[tokio::test]
async fn a_trusted_origin_may_call_as_soon_as_it_is_there() {
    let org = Org::empty().await;
    assert!(!may_call(&org, PAGE).await);
    let created = org
        .post("/api/v1/trustedOrigins", origin(&["CORS", "REDIRECT"]))
        .await;
    assert_eq!(created.status, 200, "{:#}", created.body);
    let own = format!("/api/v1/trustedOrigins/{}", created.id());
    assert!(may_call(&org, PAGE).await);
    assert!(!may_call(&org, "https://other.example.com").await);

    let switch = async |verb: &str| {
        let path = format!("{own}/lifecycle/{verb}");
        assert_eq!(org.post(&path, json!({})).await.status, 200);
    };
    switch("deactivate").await;
    assert!(!may_call(&org, PAGE).await);
    switch("activate").await;
    assert!(may_call(&org, PAGE).await);
    let replaced = org.put(&own, origin(&["REDIRECT"])).await;
    assert_eq!(replaced.status, 200, "{:#}", replaced.body);
    assert!(!may_call(&org, PAGE).await);
}

#[tokio::test]
async fn browsers_go_back_to_trusted_origins_after_signing_out() {
    let org = Org::empty().await;
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let leave = async |to: &str| {
        let url = format!("{}/login/signout", org.okta.org_url());
        let answer = http
            .get(url)
            .query(&[("fromURI", to)])
            .send()
            .await
            .unwrap();
        let location = answer.headers().get("location");
        location.map(|it| it.to_str().unwrap().to_owned())
    };
    let target = format!("{PAGE}/bye");
    assert_eq!(leave(&target).await, None);
    org.post("/api/v1/trustedOrigins", origin(&["CORS"])).await;
    assert_eq!(leave(&target).await, None);
    org.post("/api/v1/trustedOrigins", origin(&["REDIRECT"]))
        .await;
    assert_eq!(leave(&target).await, Some(target.clone()));
    assert_eq!(leave("javascript:alert(1)").await, None);
    let own = format!("{}/app/home", org.okta.org_url());
    assert_eq!(leave(&own).await, Some(own.clone()));
}

async fn logged(org: &Org, prefix: &str) -> Vec<String> {
    let filter = format!("eventType sw \"{prefix}\"");
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("filter", &filter)
        .finish();
    org.get(&format!("/api/v1/logs?{query}"))
        .await
        .each("/eventType")
}

fn zone(name: &str) -> Value {
    json!({ "type": "IP", "name": name, "gateways": [{ "type": "CIDR", "value": "10.0.0.0/8" }] })
}

#[tokio::test]
async fn the_log_has_what_is_done_to_objects_of_the_store() {
    let org = Org::empty().await;
    let created = org.post("/api/v1/zones", zone("Office")).await;
    let own = format!("/api/v1/zones/{}", created.id());
    org.put(&own, zone("Home")).await;
    for verb in ["deactivate", "activate", "deactivate"] {
        org.post(&format!("{own}/lifecycle/{verb}"), json!({}))
            .await;
    }
    assert_eq!(org.delete(&own).await.status, 204);
    let events = [
        "create",
        "update",
        "deactivate",
        "activate",
        "deactivate",
        "delete",
    ];
    let expected = events.map(|event| format!("zone.{event}"));
    assert_eq!(logged(&org, "zone.").await, expected);
    let log = org
        .get("/api/v1/logs?filter=eventType+eq+%22zone.update%22")
        .await;
    let target = &log.body[0]["target"][0];
    assert_eq!(
        (&target["id"], &target["type"], &target["displayName"]),
        (&json!(created.id()), &json!("NetworkZone"), &json!("Home"))
    );
    // What is looked at or refused leaves nothing, nor does what Okta has no event for.
    org.get("/api/v1/behaviors").await;
    org.delete("/api/v1/zones/nzoNOBODY").await;
    org.post(
        "/api/v1/device-assurances",
        json!({ "name": "Any", "platform": "MACOS" }),
    )
    .await;
    assert_eq!(logged(&org, "zone.").await.len(), 6);
    assert!(logged(&org, "security.").await.is_empty());
    assert!(logged(&org, "device").await.is_empty());

    org.post(
        "/api/v1/threats/configuration",
        json!({ "action": "block" }),
    )
    .await;
    assert_eq!(
        logged(&org, "security.threat").await,
        ["security.threat.configuration.update"]
    );
}

/// Deletes and gives the reason why not.
async fn stays(org: &Org, path: &str) -> String {
    let refused = org.delete(path).await;
    let cause = refused.refused(400, "E0000001").to_owned();
    assert_eq!(org.get(path).await.status, 200);
    cause
}

#[tokio::test]
async fn what_is_active_or_used_or_born_is_not_deleted() {
    let org = Org::empty().await;
    let zone = org.post("/api/v1/zones", zone("Office")).await.id();
    let own = format!("/api/v1/zones/{zone}");
    assert!(stays(&org, &own).await.contains("must be INACTIVE"));
    org.post(&format!("{own}/lifecycle/deactivate"), json!({}))
        .await;
    let policies = org.get("/api/v1/policies?type=OKTA_SIGN_ON").await;
    let rules = format!("/api/v1/policies/{}/rules", policies.each("/id")[0]);
    let network = json!({ "connection": "ZONE", "include": [zone] });
    let rule = json!({
        "name": "At the office", "type": "SIGN_ON", "conditions": { "network": network },
        "actions": { "signon": { "access": "ALLOW" } },
    });
    let rule = org.post(&rules, rule).await;
    assert_eq!(rule.status, 200, "{:#}", rule.body);
    assert!(stays(&org, &own).await.contains("At the office"));
    org.delete(&format!("{rules}/{}", rule.id())).await;
    assert_eq!(org.delete(&own).await.status, 204);

    let zones = org.get("/api/v1/zones").await.each("/id");
    let born = format!("/api/v1/zones/{}", zones[0]);
    assert!(stays(&org, &born).await.starts_with("system"));
    let brand = org.get("/api/v1/brands").await.each("/id")[0].clone();
    let cause = stays(&org, &format!("/api/v1/brands/{brand}")).await;
    assert!(cause.starts_with("isDefault"));

    let provider = json!({ "providerName": "TWILIO", "providerSid": "AC1" });
    let provider = org.post("/api/v1/telephony-providers", provider).await.id();
    let own = format!("/api/v1/telephony-providers/{provider}");
    let switch = async |verb: &str| {
        let path = format!("{own}/lifecycle/{verb}");
        org.post(&path, json!({})).await.body["enabled"].clone()
    };
    assert_eq!(switch("activate").await, true);
    assert!(stays(&org, &own).await.starts_with("enabled"));
    assert_eq!(switch("deactivate").await, false);
    assert_eq!(org.delete(&own).await.status, 204);

    let captcha = json!({ "name": "C", "type": "HCAPTCHA", "siteKey": "k", "secretKey": "s" });
    let captcha = org.post("/api/v1/captchas", captcha).await.id();
    let own = format!("/api/v1/captchas/{captcha}");
    let settings = json!({ "captchaId": captcha, "enabledPages": ["SSR"] });
    org.put("/api/v1/org/captcha", settings).await;
    assert!(stays(&org, &own).await.contains("CAPTCHA settings"));
    org.delete("/api/v1/org/captcha").await;
    assert_eq!(org.delete(&own).await.status, 204);
}

/// Reads as anybody does.
async fn public(org: &Org, path: &str) -> Value {
    let url = format!("{}{path}", org.okta.org_url());
    let answer = org.http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn well_known_documents_are_those_of_the_brand_of_the_host() {
    let org = Org::empty().await;
    let host = "login.example.com";
    let brand = org
        .post("/api/v1/brands", json!({ "name": "Own" }))
        .await
        .id();
    let domain = json!({ "domain": host, "certificateSourceType": "OKTA_MANAGED" });
    let domain = org.post("/api/v1/domains", domain).await.id();
    let branded = json!({ "brandId": brand });
    let branded = org.put(&format!("/api/v1/domains/{domain}"), branded).await;
    assert_eq!(branded.status, 200, "{:#}", branded.body);
    let at_host = async |path: &str| {
        let url = format!("{}{path}", org.okta.org_url());
        let answer = org.http.get(url).header("host", host).send().await.unwrap();
        serde_json::from_str::<Value>(&answer.text().await.unwrap()).unwrap()
    };
    let links = json!([{ "relation": ["delegate_permission/common.handle_all_urls"] }]);
    let origins = json!({ "origins": ["https://example.com"] });
    for (name, before, representation) in [
        ("assetlinks.json", json!([]), links),
        ("webauthn", json!({}), origins),
    ] {
        let path = format!("/.well-known/{name}");
        assert_eq!(at_host(&path).await, before);
        let customized = format!("/api/v1/brands/{brand}/well-known-uris/{name}/customized");
        let body = json!({ "representation": representation });
        let put = org.put(&customized, body).await;
        assert_eq!(put.status, 200, "{:#}", put.body);
        assert_eq!(at_host(&path).await, representation);
        assert_eq!(public(&org, &path).await, before);
    }

    let path = "/.well-known/apple-app-site-association";
    let own = public(&org, path).await;
    assert!(own["authsrv"]["apps"][0].is_string());
    let customized = |brand: &str| {
        format!("/api/v1/brands/{brand}/well-known-uris/apple-app-site-association/customized")
    };
    let association = json!({ "representation": { "applinks": {}, "authsrv": {} } });
    org.put(&customized(&brand), association.clone()).await;
    let shown = at_host(path).await;
    // What Okta adds stays.
    assert_eq!(
        (&shown["authsrv"], &shown["applinks"]),
        (&own["authsrv"], &json!({}))
    );
    let brands = org.get("/api/v1/brands").await;
    let default = brands.each("/id")[0].clone();
    let refused = org.put(&customized(&default), association).await;
    assert!(refused.refused(400, "E0000001").contains("default brand"));

    let metadata = public(&org, "/.well-known/okta-organization").await;
    assert_eq!(metadata["id"], org.get("/api/v1/org").await.body["id"]);
    let signals = public(&org, "/.well-known/ssf-configuration").await;
    assert_eq!(signals["issuer"], org.okta.org_url());
    assert_eq!(signals["default_subjects"], "ALL");
}

#[tokio::test]
async fn app_authenticators_are_known_to_everybody() {
    let org = Org::empty().await;
    let path = "/.well-known/app-authenticator-configuration";
    assert_eq!(public(&org, path).await, json!([]));
    let app = json!({
        "key": "custom_app", "name": "Bank", "agreeToTerms": true,
        "settings": { "oauthClientId": "0oaBank", "userVerification": "PREFERRED" },
    });
    let created = org.post("/api/v1/authenticators", app).await;
    assert_eq!(created.status, 200, "{:#}", created.body);
    let known = public(&org, path).await;
    assert_eq!(known[0]["authenticatorId"], created.body["id"]);
    assert_eq!(
        (&known[0]["name"], &known[0]["key"]),
        (&json!("Bank"), &json!("custom_app"))
    );
    let own = format!("{path}?oauthClientId=0oaBank");
    assert_eq!(public(&org, &own).await, known);
    let other = format!("{path}?oauthClientId=0oaOther");
    assert_eq!(public(&org, &other).await, json!([]));
}
