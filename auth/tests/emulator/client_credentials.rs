//! Services that prove who they are: by secret, by RSA key, by EC key.

use okta_auth::jose::{Algorithm, SigningKey};
use okta_auth::oauth::{ClientAuthentication, OAuthClient, TokenKind, TokenType};
use okta_auth::{Error, Verifier};
use okta_emulator::SampleClient;
use serde_json::{Value, json};

use crate::org::*;

fn scope(server: Server) -> &'static str {
    match server {
        Server::Org => "okta.users.read",
        Server::Default => "api:read",
    }
}

async fn ask(client: &OAuthClient, scope: &str) -> Result<String, Error> {
    let tokens = client.client_credentials().scopes([scope]).send().await?;
    assert_eq!(tokens.token_type, TokenType::Bearer);
    assert_eq!(tokens.scopes.to_string(), scope);
    assert!(tokens.id_token.is_none() && tokens.refresh_token.is_none());
    Ok(tokens.access_token.expose().to_owned())
}

fn service(keys: Value) -> Value {
    json!({"grant_types": ["client_credentials"], "jwks": {"keys": keys}})
}

fn secret_in(method: &str, app: &SampleClient) -> ClientAuthentication {
    let secret = app.client_secret.as_deref().unwrap();
    match method {
        "client_secret_post" => ClientAuthentication::secret_post(secret),
        _ => ClientAuthentication::secret_basic(secret),
    }
}

#[tokio::test]
async fn a_secret_is_enough_for_a_custom_server_and_not_for_the_orgs() {
    let org = Org::start().await;
    let verifier = Verifier::builder(org.issuer(Server::Default))
        .audience("api://default")
        .clock(org.clock())
        .build()
        .unwrap();
    for method in ["client_secret_basic", "client_secret_post"] {
        let app = org.register(method, service(json!([]))).await;
        org.grant(&app, "okta.users.read").await;
        let client = |server| {
            let builder = org.client(server, &app);
            let builder = builder.authentication(secret_in(method, &app));
            builder.build().unwrap()
        };
        let token = ask(&client(Server::Default), "api:read").await.unwrap();
        let claims = verifier.verify_access_token(&token).await.unwrap();
        assert_eq!(claims.client_id, app.client_id);
        assert_eq!(
            (claims.subject, claims.user_id),
            (app.client_id.clone(), None)
        );

        let error = ask(&client(Server::Org), "okta.users.read").await;
        let error = error.unwrap_err();
        assert_eq!(error.code(), Some("invalid_client"));
        assert!(error.summary().unwrap().contains("private_key_jwt"));
    }
}

#[tokio::test]
async fn an_rsa_key_opens_both_servers() {
    let org = Org::start().await;
    for server in SERVERS {
        let client = org.client(server, org.okta.service_app()).build().unwrap();
        let token = ask(&client, scope(server)).await.unwrap();
        let said = client
            .introspect(&token.as_str().into(), TokenKind::AccessToken)
            .await
            .unwrap();
        assert!(said.active);
        assert_eq!(said.client_id.as_deref(), Some(client.client_id()));
    }
}

#[tokio::test]
async fn an_ec_key_that_the_app_knows_opens_both_servers() {
    let org = Org::start().await;
    for algorithm in [Algorithm::Es256, Algorithm::Es384, Algorithm::Es512] {
        let key = SigningKey::generate(algorithm).unwrap();
        let key = key.with_key_id("ec");
        let settings = service(json!([key.public_jwk().to_json()]));
        let app = org.register("private_key_jwt", settings).await;
        org.grant(&app, "okta.users.read").await;
        for server in SERVERS {
            let proof = ClientAuthentication::private_key(key.clone());
            let builder = org.client(server, &app).authentication(proof);
            ask(&builder.build().unwrap(), scope(server)).await.unwrap();
        }
    }
}

#[tokio::test]
async fn who_cannot_prove_it_is_refused_and_nothing_leaks() {
    let org = Org::start().await;
    let app = org
        .register("client_secret_basic", service(json!([])))
        .await;
    let stranger = SigningKey::generate(Algorithm::Es256).unwrap();
    for server in SERVERS {
        let with = |app: &SampleClient, proof| org.client(server, app).authentication(proof);
        let stranger = stranger.clone().with_key_id("unknown");
        for builder in [
            with(&app, ClientAuthentication::secret_basic("s3cret-guess")),
            with(&app, ClientAuthentication::secret_post("s3cret-guess")),
            with(
                org.okta.service_app(),
                ClientAuthentication::private_key(stranger),
            ),
        ] {
            let client = builder.build().unwrap();
            let error = ask(&client, scope(server)).await.unwrap_err();
            assert_eq!(error.code(), Some("invalid_client"), "{error}");
            assert_eq!(error.status().unwrap(), 401);
            let text = format!("{error} {error:?} {client:?}");
            assert!(!text.contains("s3cret"), "{text}");
        }
    }
}

#[tokio::test]
async fn the_org_server_leaves_out_what_was_not_granted() {
    let org = Org::start().await;
    let client = org.client(Server::Org, org.okta.service_app());
    let client = client.build().unwrap();
    let ask = client.client_credentials();
    let both = ["okta.users.read", "okta.policies.read"];
    let tokens = ask.clone().scopes(both).send().await.unwrap();
    assert_eq!(tokens.scopes.to_string(), "okta.users.read");
    let none = ask.scopes(["okta.policies.read"]).send().await;
    let error = none.unwrap_err();
    assert_eq!(error.code(), Some("consent_required"), "{error}");
}
