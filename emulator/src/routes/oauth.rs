//! `/oauth2`, `/.well-known` and the pages of the login.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::call::MAX_BODY;
use crate::caller;
use crate::oauth::endpoints::{
    Endpoint, authorize, backchannel, device, discovery, global_revocation, grants, introspection,
    login, logout, pushed, revocation, userinfo,
};
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::oauth::words::server::Server;
use crate::shared::Shared;

const READ: MethodFilter = MethodFilter::GET;
const SEND: MethodFilter = MethodFilter::POST;
const BOTH: MethodFilter = MethodFilter::GET.or(MethodFilter::POST);

/// Endpoints that both servers have, below `/oauth2/v1` and `/oauth2/default/v1`.
const ENDPOINTS: [(&str, MethodFilter, Endpoint); 10] = [
    ("authorize", BOTH, authorize::authorize),
    ("token", SEND, grants::token),
    ("introspect", SEND, introspection::introspect),
    ("revoke", SEND, revocation::revoke),
    ("userinfo", BOTH, userinfo::userinfo),
    ("keys", READ, discovery::keys),
    ("logout", BOTH, logout::logout),
    ("par", SEND, pushed::push),
    ("device/authorize", SEND, device::authorize),
    ("bc/authorize", SEND, backchannel::authorize),
];

const METADATA: [&str; 2] = ["openid-configuration", "oauth-authorization-server"];

pub(super) fn routes() -> Router<Arc<Shared>> {
    let mut routes = Router::new()
        .route("/login/{handle}", page(SEND, login::log_in))
        .route("/consent/{handle}", page(SEND, login::consent))
        .route("/activate", page(BOTH, device::activate))
        .route(
            "/oauth2/v1/global-token-revocation",
            page(SEND, global_revocation::revoke_user),
        );
    for (server, prefix) in [
        (Server::Org, "/oauth2"),
        (Server::Default, "/oauth2/default"),
    ] {
        for (name, methods, endpoint) in ENDPOINTS {
            let path = format!("{prefix}/v1/{name}");
            routes = routes.route(&path, endpoint_of(server, methods, endpoint));
        }
    }
    for (server, prefix) in [(Server::Org, ""), (Server::Default, "/oauth2/default")] {
        for name in METADATA {
            let path = format!("{prefix}/.well-known/{name}");
            routes = routes.route(&path, endpoint_of(server, READ, discovery::metadata));
        }
    }
    routes
}

/// Pages belong to the org.
fn page(methods: MethodFilter, endpoint: Endpoint) -> MethodRouter<Arc<Shared>> {
    endpoint_of(Server::Org, methods, endpoint)
}

fn endpoint_of(
    server: Server,
    methods: MethodFilter,
    endpoint: Endpoint,
) -> MethodRouter<Arc<Shared>> {
    on(
        methods,
        async move |State(shared): State<Arc<Shared>>, request: Request| {
            let outcome = run(&shared, server, endpoint, request).await;
            outcome.unwrap_or_else(|error| error.response())
        },
    )
}

async fn run(
    shared: &Shared,
    server: Server,
    endpoint: Endpoint,
    request: Request,
) -> Result<Response, OAuthError> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY)
        .await
        .map_err(|_| OAuthError::invalid_request("The body is too long or broke off."))?;
    let base = shared.entrance.base(&parts.headers);
    let mut org = shared.org();
    let caller = caller::caller(shared, &parts, &org);
    org.begin(shared.clock.stamp(), caller);
    let request = OAuthRequest::new(server, parts.method, base, &parts.uri, parts.headers, &body)?;
    endpoint(&mut org, &request)
}
