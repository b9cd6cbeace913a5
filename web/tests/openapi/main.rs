//! What `RequireToken` and `Scoped` ask for, in a document that `utoipa` derives.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use axum::routing::get;
use axum::{Json, Router};
use okta_auth::oauth::{IntrospectionCache, OAuthClient};
use okta_auth::{Issuer, Verifier};
use okta_web::api::{BEARER, OPEN_ID_CONNECT, RequireToken, Scope, Scoped};
use utoipa::openapi::security::{SecurityRequirement, SecurityScheme};
use utoipa::{Modify, OpenApi};

const ISSUER: &str = "https://acme.okta.com/oauth2/default";

struct OrdersRead;

impl Scope for OrdersRead {
    const NAME: &'static str = "orders:read";
}

/// Lists the orders.
#[utoipa::path(
    get,
    path = "/orders",
    responses((status = 200, description = "The orders", body = Vec<String>)),
    security(("openIdConnect" = [OrdersRead::NAME]))
)]
async fn orders(_: Scoped<OrdersRead>) -> Json<Vec<String>> {
    Json(Vec::new())
}

/// Says who calls.
#[utoipa::path(get, path = "/me", responses((status = 200, description = "The caller")))]
async fn me() {}

#[derive(OpenApi)]
#[openapi(
    paths(orders, me),
    info(
        title = "Orders",
        version = "1.0.0",
        description = "",
        license(name = "MIT")
    )
)]
struct Orders;

fn verifying() -> RequireToken {
    let issuer = Issuer::parse(ISSUER).unwrap();
    let verifier = Verifier::builder(issuer).audience("api://default");
    RequireToken::verifier(verifier.build().unwrap())
}

fn scheme(tokens: &RequireToken, name: &str) -> Option<SecurityScheme> {
    let mut schemes = tokens.security_schemes().into_iter();
    schemes.find(|it| it.0 == name).map(|it| it.1)
}

#[test]
fn a_derived_document_says_how_a_token_is_sent_and_who_issues_it() {
    let tokens = verifying();
    let mut document = Orders::openapi();
    tokens.modify(&mut document);
    insta::assert_snapshot!(document.to_pretty_json().unwrap());

    let router: Router = Router::new()
        .route("/orders", get(orders))
        .route("/me", get(me));
    drop(router.route_layer(tokens));
}

#[test]
fn what_an_operation_says_it_requires_is_what_its_handler_asks_for() {
    let document = Orders::openapi();
    let operation = document.paths.paths["/orders"].get.as_ref().unwrap();
    let asked = Scoped::<OrdersRead>::security_requirement();
    assert!(operation.security == Some(vec![asked]));
}

#[test]
fn a_document_that_says_what_it_requires_keeps_it() {
    let mut document = Orders::openapi();
    document.security = Some(vec![SecurityRequirement::default()]);
    verifying().modify(&mut document);
    assert!(document.security == Some(vec![SecurityRequirement::default()]));
}

#[test]
fn only_a_token_that_is_read_here_is_said_to_be_a_jwt() {
    let issuer = Issuer::parse("https://acme.okta.com").unwrap();
    let oauth = OAuthClient::builder(issuer, "0oa1").build().unwrap();
    let cache = IntrospectionCache::new(oauth, Duration::from_secs(30), 100);
    let tokens = RequireToken::introspection(cache, "https://acme.okta.com");
    let Some(SecurityScheme::Http(bearer)) = scheme(&tokens, BEARER) else {
        unreachable!("there is a scheme for bearer tokens");
    };
    assert_eq!(bearer.bearer_format, None);
    let Some(SecurityScheme::OpenIdConnect(server)) = scheme(&tokens, OPEN_ID_CONNECT) else {
        unreachable!("there is a scheme for the server");
    };
    let discovery = "https://acme.okta.com/.well-known/openid-configuration";
    assert_eq!(server.open_id_connect_url, discovery);
}

#[test]
fn an_api_of_bound_tokens_does_not_offer_bearer_ones() {
    let tokens = verifying().bound_only();
    assert!(scheme(&tokens, BEARER).is_none());
    let mut document = Orders::openapi();
    tokens.modify(&mut document);
    assert_eq!(document.security.unwrap().len(), 1);
}
