//! By which URL the org is reached: TLS, proxies, web pages of other origins.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use okta_auth::{ApiToken, Call, OrgUrl, Pipeline, RootCertificates};
use okta_emulator::{Emulator, Fault, Seed, Tls};
use reqwest::{Certificate, Client, Method, Request};
use serde_json::{Value, json};
use support::Org;

const APP: &str = "https://app.example.com";

/// An org that speaks `https`, with a client that trusts it.
async fn secure() -> (Org, Tls) {
    let tls = Tls::generated().unwrap();
    let builder = Emulator::builder().seed(Seed::empty()).tls(tls.clone());
    let mut org = Org::start(builder).await;
    let root = Certificate::from_pem(tls.authority().unwrap().as_bytes()).unwrap();
    let http = Client::builder().no_proxy().tls_certs_only([root]);
    org.http = http.build().unwrap();
    (org, tls)
}

#[tokio::test]
async fn everything_is_https_with_tls() {
    let (org, _) = secure().await;
    let url = org.okta.org_url();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    assert!(org.okta.issuer().starts_with(url));
    let me = org.get("/api/v1/users/me").await;
    let own = me.body["_links"]["self"]["href"].as_str().unwrap();
    assert!(own.starts_with(url), "{own}");
    let page = org.get("/api/v1/users?limit=1").await;
    assert!(page.link("self").unwrap().starts_with(url));
    let metadata = org.get("/.well-known/openid-configuration").await.body;
    assert_eq!(metadata["issuer"], url);
    let local = url.replace("127.0.0.1", "localhost");
    let by_name = org
        .get(&format!("{local}/.well-known/openid-configuration"))
        .await;
    assert_eq!(by_name.body["issuer"], local);
}

#[tokio::test]
async fn nobody_who_does_not_trust_the_authority_gets_in() {
    let (org, _) = secure().await;
    let stranger = Client::builder().no_proxy().build().unwrap();
    let error = stranger.get(org.okta.org_url()).send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    let plain = org.okta.org_url().replace("https", "http");
    assert!(stranger.get(plain).send().await.is_err());
    assert_eq!(
        org.get("/api/v1/users").await.status,
        200,
        "others are served all the same"
    );
}

#[tokio::test]
async fn connections_break_beneath_tls_as_well() {
    let (org, _) = secure().await;
    org.okta.faults().inject(Fault::ConnectionReset);
    let lost = org.try_send(Method::GET, "/api/v1/users", None).await;
    assert!(lost.unwrap_err().is_request());
    org.okta.faults().inject(Fault::StaleConnection);
    assert_eq!(org.get("/api/v1/users").await.status, 200);
    let stale = org
        .try_send(Method::POST, "/api/v1/groups", Some(json!({})))
        .await;
    assert!(stale.unwrap_err().is_request());
    assert_eq!(org.get("/api/v1/users").await.status, 200);
}

#[tokio::test]
async fn the_sdk_trusts_the_authority_if_it_is_told_to() {
    let (org, tls) = secure().await;
    let pipeline = |roots: Option<RootCertificates>| {
        let url = OrgUrl::parse(org.okta.org_url()).unwrap();
        let builder =
            Pipeline::builder(url, ApiToken::new(org.okta.token()).unwrap()).max_retries(0);
        match roots {
            Some(roots) => builder.root_certificates(roots),
            None => builder,
        }
        .build()
        .unwrap()
    };
    let roots = RootCertificates::from_pem(tls.authority().unwrap()).unwrap();
    let call = Call::new("listUsers", "/api/v1/users");
    let url = format!("{}/api/v1/users", org.okta.org_url());
    let request = || Request::new(Method::GET, url.parse().unwrap());
    let trusting = pipeline(Some(roots)).send(request(), &call).await;
    assert_eq!(trusting.unwrap().status, 200);
    assert!(pipeline(None).send(request(), &call).await.is_err());
}

#[tokio::test]
async fn a_given_certificate_serves_as_well() {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let own = params.self_signed(&key).unwrap().pem();
    let tls = Tls::from_pem(&own, &key.serialize_pem()).unwrap();
    assert_eq!(tls.authority(), None);
    let okta = Emulator::builder().tls(tls).start().await.unwrap();
    let root = Certificate::from_pem(own.as_bytes()).unwrap();
    let http = Client::builder().no_proxy().tls_certs_only([root]);
    let url = okta.org_url().replace("127.0.0.1", "localhost");
    let answer = http.build().unwrap().get(url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn urls_are_those_of_the_proxys_callers() {
    let behind = Org::start(Emulator::builder().behind_proxy()).await;
    let open = Org::start(Emulator::builder()).await;
    for (org, base) in [
        (&behind, "https://login.example.com"),
        (&open, open.okta.org_url()),
    ] {
        let get = |path: &str| {
            let request = org.http.get(format!("{}{path}", org.okta.org_url()));
            request
                .header("authorization", format!("SSWS {}", org.okta.token()))
                .header("x-forwarded-proto", "https")
                .header("x-forwarded-host", "login.example.com")
        };
        let metadata: Value = get("/oauth2/default/.well-known/openid-configuration")
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(metadata["issuer"], format!("{base}/oauth2/default"));
        assert_eq!(
            metadata["token_endpoint"],
            format!("{base}/oauth2/default/v1/token")
        );
        let page = get("/api/v1/users?limit=1").send().await.unwrap();
        let link = page.headers()["link"].to_str().unwrap();
        assert!(link.starts_with(&format!("<{base}/api/v1/users")), "{link}");
    }
}

#[tokio::test]
async fn pages_of_trusted_origins_may_call() {
    let builder = Emulator::builder().seed(Seed::empty()).trusted_origin(APP);
    let org = Org::start(builder).await;
    let url = |path: &str| format!("{}{path}", org.okta.org_url());
    let allowed = |answer: reqwest::Response| {
        assert_eq!(answer.status(), 200);
        let header = answer.headers().get("access-control-allow-origin").cloned();
        header.map(|header| header.to_str().unwrap().to_owned())
    };
    for (path, origin, expected) in [
        ("/api/v1/users", APP, Some(APP)),
        ("/api/v1/users", "https://evil.example.com", None),
        ("/oauth2/default/v1/token", APP, Some(APP)),
        ("/oauth2/default/v1/token", "https://evil.example.com", None),
        (
            "/oauth2/default/v1/keys",
            "https://evil.example.com",
            Some("https://evil.example.com"),
        ),
    ] {
        let request = org.http.request(Method::OPTIONS, url(path));
        let asked = request
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization, dpop");
        let preflight = asked.send().await.unwrap();
        let headers = preflight.headers().clone();
        assert_eq!(allowed(preflight).as_deref(), expected, "{path} {origin}");
        let methods = headers["access-control-allow-methods"].to_str().unwrap();
        assert!(methods.contains("DELETE"), "{methods}");
        assert_eq!(
            headers["access-control-allow-headers"],
            "authorization, dpop"
        );
    }
    let authorization = format!("SSWS {}", org.okta.token());
    let called = org.http.get(url("/api/v1/users")).header("origin", APP);
    let called = called
        .header("authorization", authorization)
        .send()
        .await
        .unwrap();
    let exposed = called.headers()["access-control-expose-headers"]
        .to_str()
        .unwrap();
    assert!(exposed.contains("link"), "{exposed}");
    assert_eq!(allowed(called).as_deref(), Some(APP));
    let error = Emulator::builder()
        .trusted_origin("app.example.com")
        .start()
        .await;
    assert!(error.unwrap_err().to_string().contains("app.example.com"));
}

#[tokio::test]
async fn the_root_says_what_this_is() {
    let org = Org::empty().await;
    let answer = org.http.get(org.okta.org_url()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let page = answer.text().await.unwrap();
    assert!(
        page.contains(&org.okta.issuer()) && !page.contains(org.okta.token()),
        "{page}"
    );
}
