//! Clients that prove by their certificates who they are, at endpoints for them (RFC 8705).

use std::sync::Arc;

use okta_auth::oauth::{ClientAuthentication, OAuthClient};
use okta_auth::{ClientCertificate, Issuer, ServerMetadata};
use serde_json::json;

use super::server::{Authority, server};

#[tokio::test]
async fn a_client_proves_by_its_certificate_who_it_is_at_the_aliases() {
    let authority = Authority::new();
    let (issuer, at_issuer) = server(&authority, None).await;
    let (alias, at_alias) = server(&authority, Some(Arc::clone(&authority.store))).await;
    let issuer = Issuer::parse(&format!("https://{issuer}/oauth2/default")).unwrap();
    let document = json!({
        "issuer": issuer.as_str(),
        "authorization_endpoint": issuer.endpoint("v1/authorize"),
        "token_endpoint": issuer.endpoint("v1/token"),
        "jwks_uri": issuer.endpoint("v1/keys"),
        "mtls_endpoint_aliases": {"token_endpoint": format!("https://{alias}/mtls/token")},
    });
    let metadata = ServerMetadata::from_json(&issuer, document.to_string().as_bytes()).unwrap();
    let client = |certificate: Option<ClientCertificate>| {
        OAuthClient::builder(issuer.clone(), "0oa1")
            .authentication(ClientAuthentication::certificate())
            .metadata(metadata.clone())
            .requests(|requests| {
                let requests = requests.root_certificates(authority.roots());
                match certificate {
                    Some(certificate) => requests.client_certificate(certificate),
                    None => requests,
                }
            })
            .build()
            .unwrap()
    };

    let certificate = ClientCertificate::from_pem(&authority.client()).unwrap();
    let grant = |client: OAuthClient| async move {
        let grant = client.client_credentials().scopes(["orders.read"]);
        grant.send().await
    };
    grant(client(Some(certificate))).await.unwrap();
    {
        let seen = at_alias.lock().unwrap();
        assert_eq!(seen.len(), 1);
        assert!(seen[0].starts_with("POST /mtls/token "), "{}", seen[0]);
        assert!(seen[0].contains("client_id=0oa1"), "{}", seen[0]);
        assert!(
            !seen[0].to_lowercase().contains("authorization"),
            "{}",
            seen[0]
        );
    }

    assert!(grant(client(None)).await.is_err());
    let stranger = ClientCertificate::from_pem(&Authority::new().client()).unwrap();
    assert!(grant(client(Some(stranger))).await.is_err());
    assert_eq!(at_alias.lock().unwrap().len(), 1);
    assert!(at_issuer.lock().unwrap().is_empty());
}

#[test]
fn aliases_are_encrypted() {
    let issuer = Issuer::parse("https://acme.okta.com/oauth2/default").unwrap();
    let document = |alias: &str| {
        json!({
            "issuer": issuer.as_str(),
            "authorization_endpoint": issuer.endpoint("v1/authorize"),
            "token_endpoint": issuer.endpoint("v1/token"),
            "jwks_uri": issuer.endpoint("v1/keys"),
            "mtls_endpoint_aliases": {"token_endpoint": alias},
        })
        .to_string()
    };
    let read = |alias| ServerMetadata::from_json(&issuer, document(alias).as_bytes());
    assert!(read("https://mtls.okta.com/token").is_ok());
    let text = read("http://mtls.okta.com/token").unwrap_err().to_string();
    assert!(text.contains("`token_endpoint`"), "{text}");
}
