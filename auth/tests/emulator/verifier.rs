//! Tokens of the org's servers before a verifier: which are taken, and why the others are not.

use okta_auth::oauth::{OAuthClient, Tokens};
use okta_auth::{IdTokenChecks, Verifier, VerifierBuilder, VerifyError};

use crate::org::*;

const AUDIENCE: &str = "api://default";

/// A verifier of the custom server's access tokens.
fn verifier(org: &Org) -> VerifierBuilder {
    Verifier::builder(org.issuer(Server::Default))
        .audience(AUDIENCE)
        .clock(org.clock())
}

async fn logged_in(org: &Org, server: Server) -> (OAuthClient, Tokens) {
    let client = org.client(server, org.okta.web_app()).build().unwrap();
    let login = client.login().scopes(["openid", "groups"]);
    let tokens = org.log_in(&client, login).await.unwrap();
    (client, tokens)
}

#[tokio::test]
async fn an_access_token_of_the_custom_server_tells_who_calls() {
    let org = Org::start().await;
    let grace = org.user_id(GRACE).await;
    let (client, tokens) = logged_in(&org, Server::Default).await;
    let verifier = verifier(&org)
        .allowed_client_ids([client.client_id()])
        .build()
        .unwrap();
    let token = tokens.access_token.expose();
    let claims = verifier.verify_access_token(token).await.unwrap();
    assert_eq!(claims.subject, GRACE);
    assert_eq!(claims.user_id, Some(grace));
    assert_eq!(claims.client_id, client.client_id());
    assert_eq!(claims.audience, [AUDIENCE]);
    assert_eq!(Some(claims.expires_at), tokens.expires_at);
    claims.require_scope("openid").unwrap();
    claims.require_group("Engineering").unwrap();
    let lacking = claims.require_scope("api:write").unwrap_err();
    assert!(matches!(lacking, VerifyError::Scope { .. }));
}

#[tokio::test]
async fn the_org_servers_access_tokens_are_for_the_org_alone() {
    let org = Org::start().await;
    let (_, tokens) = logged_in(&org, Server::Org).await;
    let of_org = Verifier::builder(org.issuer(Server::Org)).audience(org.okta.org_url());
    for verifier in [of_org, verifier(&org)] {
        let verifier = verifier.build().unwrap();
        let error = verifier
            .verify_access_token(tokens.access_token.expose())
            .await
            .unwrap_err();
        assert!(matches!(error, VerifyError::OrgServerToken), "{error}");
        assert!(error.to_string().contains("introspection"), "{error}");
    }
}

#[tokio::test]
async fn a_token_for_others_is_refused_by_what_is_wrong_with_it() {
    let org = Org::start().await;
    let (_, tokens) = logged_in(&org, Server::Default).await;
    let token = tokens.access_token.expose();
    let refusal = async |builder: VerifierBuilder| {
        let verifier = builder.build().unwrap();
        verifier.verify_access_token(token).await.unwrap_err()
    };
    let elsewhere = Verifier::builder(org.issuer(Server::Default)).clock(org.clock());
    let error = refusal(elsewhere.audience("api://else")).await;
    let VerifyError::Audience { expected, found } = error else {
        panic!("{error}");
    };
    assert_eq!(
        (expected, found),
        (vec!["api://else".to_owned()], vec![AUDIENCE.to_owned()])
    );
    let error = refusal(verifier(&org).allowed_client_ids(["0oa-other"])).await;
    assert!(matches!(error, VerifyError::ClientId { .. }), "{error}");

    // Orgs of one process sign with the same keys, so that only the issuer tells them apart.
    let other = Org::start().await;
    let error = refusal(verifier(&other)).await;
    assert!(matches!(error, VerifyError::Issuer { .. }), "{error}");
}

#[tokio::test]
async fn one_kind_of_token_is_not_taken_for_another() {
    let org = Org::start().await;
    let (client, tokens) = logged_in(&org, Server::Default).await;
    let verifier = verifier(&org)
        .client_id(client.client_id())
        .build()
        .unwrap();
    let id_token = tokens.id_token.unwrap().raw;
    let error = verifier.verify_access_token(id_token.expose()).await;
    let error = error.unwrap_err();
    assert!(
        matches!(error, VerifyError::NotAnAccessToken { .. }),
        "{error}"
    );
    let access_token = tokens.access_token.expose();
    let error = verifier
        .verify_id_token(access_token, &IdTokenChecks::new())
        .await
        .unwrap_err();
    assert!(matches!(error, VerifyError::NotAnIdToken { .. }), "{error}");
}

#[tokio::test]
async fn an_id_token_of_another_login_or_for_another_app_is_refused() {
    let org = Org::start().await;
    for server in SERVERS {
        let (client, tokens) = logged_in(&org, server).await;
        let raw = tokens.id_token.unwrap().raw;
        let builder = Verifier::builder(org.issuer(server)).clock(org.clock());
        let refusal = async |client_id: &str, checks: IdTokenChecks| {
            let verifier = builder.clone().client_id(client_id).build().unwrap();
            let verified = verifier.verify_id_token(raw.expose(), &checks).await;
            verified.unwrap_err()
        };
        let error = refusal(client.client_id(), IdTokenChecks::new().nonce("another")).await;
        assert!(matches!(error, VerifyError::NonceMismatch), "{error}");
        let error = refusal("0oa-other", IdTokenChecks::new()).await;
        assert!(matches!(error, VerifyError::Audience { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_token_ends_and_a_changed_one_never_was() {
    let org = Org::start().await;
    let (_, tokens) = logged_in(&org, Server::Default).await;
    let token = tokens.access_token.expose();
    let verifier = verifier(&org).build().unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    let forged = format!("{signed}.{first}{}", &signature[1..]);
    let error = verifier.verify_access_token(&forged).await.unwrap_err();
    assert!(matches!(error, VerifyError::Signature), "{error}");

    // Two minutes are for clocks that differ.
    org.pass(3600 + 119);
    verifier.verify_access_token(token).await.unwrap();
    org.pass(1);
    let error = verifier.verify_access_token(token).await.unwrap_err();
    assert!(matches!(error, VerifyError::Expired { .. }), "{error}");
}
