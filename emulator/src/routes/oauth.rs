//! `/oauth2`, `/.well-known` and the pages of the login.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};

use super::{locked, password_import};
use crate::call::MAX_BODY;
use crate::delivery::inline_hooks;
use crate::oauth::endpoints::grants::{self, Granted};
use crate::oauth::endpoints::{
    Endpoint, authorize, backchannel, device, discovery, global_revocation, introspection, login,
    logout, pushed, revocation, second_factor, sign_up, userinfo,
};
use crate::oauth::servers;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::problem::Problem;
use crate::refusals::refusal;
use crate::shared::{HeldOrg, Shared};

const READ: MethodFilter = MethodFilter::GET;
const SEND: MethodFilter = MethodFilter::POST;
const BOTH: MethodFilter = MethodFilter::GET.or(MethodFilter::POST);

/// Endpoints that all servers have, below `/oauth2/v1` and `/oauth2/{authServerId}/v1`.
const ENDPOINTS: [(&str, MethodFilter, Work); 10] = [
    ("authorize", BOTH, Work::Endpoint(authorize::authorize)),
    (TOKEN, SEND, Work::Token),
    (
        "introspect",
        SEND,
        Work::Endpoint(introspection::introspect),
    ),
    ("revoke", SEND, Work::Endpoint(revocation::revoke)),
    ("userinfo", BOTH, Work::Endpoint(userinfo::userinfo)),
    (KEYS, READ, Work::Endpoint(discovery::keys)),
    ("logout", BOTH, Work::Endpoint(logout::logout)),
    ("par", SEND, Work::Endpoint(pushed::push)),
    ("device/authorize", SEND, Work::Endpoint(device::authorize)),
    ("bc/authorize", SEND, Work::Endpoint(backchannel::authorize)),
];

/// What an endpoint does.
#[derive(Clone, Copy)]
enum Work {
    Endpoint(Endpoint),
    /// Issues tokens, and may have to ask the service of an inline hook.
    Token,
    /// Makes an account, and may have to ask one as well.
    SignUp,
}

/// The endpoint that signs.
const TOKEN: &str = "token";
/// The endpoint that shows public keys.
const KEYS: &str = "keys";

const METADATA: [&str; 2] = ["openid-configuration", "oauth-authorization-server"];

/// The part of a path that names a custom server.
const SERVER: &str = "authServerId";

pub(super) fn routes() -> Router<Arc<Shared>> {
    let mut routes = Router::new()
        .route("/login/{handle}", page(SEND, login::log_in))
        .route("/login/{handle}/factor", page(SEND, second_factor::choose))
        .route("/login/{handle}/verify", page(SEND, second_factor::verify))
        .route("/login/signout", page(READ, logout::sign_out))
        .route(
            "/signup/{handle}",
            page(READ, sign_up::show).merge(of_org(SEND, Work::SignUp)),
        )
        .route("/consent/{handle}", page(SEND, login::consent))
        .route("/activate", page(BOTH, device::activate))
        .route(
            "/oauth2/v1/global-token-revocation",
            page(SEND, global_revocation::revoke_user),
        );
    for (name, methods, work) in ENDPOINTS {
        routes = routes
            .route(&format!("/oauth2/v1/{name}"), of_org(methods, work))
            .route(
                &format!("/oauth2/{{{SERVER}}}/v1/{name}"),
                of_custom(methods, work),
            );
    }
    for name in METADATA {
        routes = routes
            .route(
                &format!("/.well-known/{name}"),
                page(READ, discovery::metadata),
            )
            .route(
                &format!("/oauth2/{{{SERVER}}}/.well-known/{name}"),
                of_custom(READ, Work::Endpoint(discovery::metadata)),
            );
    }
    routes
}

/// A page, or an endpoint that only the org's own server has.
fn page(methods: MethodFilter, endpoint: Endpoint) -> MethodRouter<Arc<Shared>> {
    of_org(methods, Work::Endpoint(endpoint))
}

/// An endpoint of the org's own server.
fn of_org(methods: MethodFilter, work: Work) -> MethodRouter<Arc<Shared>> {
    on(
        methods,
        async move |State(shared): State<Arc<Shared>>, request: Request| {
            let outcome = run(&shared, Server::Org, work, request).await;
            outcome.unwrap_or_else(|error| error.response())
        },
    )
}

/// An endpoint of a custom server. One that is not there, or switched off, is not found.
fn of_custom(methods: MethodFilter, work: Work) -> MethodRouter<Arc<Shared>> {
    on(
        methods,
        async move |State(shared): State<Arc<Shared>>, Path(id): Path<String>, request: Request| {
            let server = servers::by_id(&shared.org(), &id);
            let Some(server) = server else {
                return refusal(&shared, &Problem::not_found(&id, "AuthorizationServer"));
            };
            let outcome = run(&shared, server, work, request).await;
            outcome.unwrap_or_else(|error| error.response())
        },
    )
}

async fn run(
    shared: &Shared,
    server: Server,
    work: Work,
    request: Request,
) -> Result<Response, OAuthError> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY)
        .await
        .map_err(|_| OAuthError::invalid_request("The body is too long or broke off."))?;
    let base = shared.entrance.base(&parts.headers);
    let (method, headers) = (parts.method.clone(), parts.headers.clone());
    let request = OAuthRequest::new(server, method, base, &parts.uri, headers, &body)?;
    match work {
        Work::Endpoint(endpoint) => {
            password_import::before_page(shared, &parts, &body).await;
            endpoint(&mut *begun(shared, &parts, server).await?, &request)
        }
        Work::Token => issue(shared, &parts, &request).await,
        Work::SignUp => sign_up(shared, &parts, &request).await,
    }
}

/// The token endpoint. Services of inline hooks are asked while the org serves others.
async fn issue(
    shared: &Shared,
    parts: &Parts,
    request: &OAuthRequest,
) -> Result<Response, OAuthError> {
    let server = request.server;
    let exchange = grants::asked(&mut *begun(shared, parts, server).await?, request)?;
    if let Some((name, password)) = exchange.credentials() {
        let credentials = (name.to_owned(), password.to_owned());
        password_import::import(shared, parts, credentials).await;
    }
    let granted = {
        let mut org = begun(shared, parts, server).await?;
        let granted = Granted::to(&mut org, &exchange)?;
        if granted.question().is_none() {
            return granted.response(&mut org);
        }
        granted
    };
    let answer = inline_hooks::ask(shared, granted.question()).await;
    let mut org = begun(shared, parts, server).await?;
    granted.answered(&mut org, answer)
}

/// Somebody registers.
async fn sign_up(
    shared: &Shared,
    parts: &Parts,
    request: &OAuthRequest,
) -> Result<Response, OAuthError> {
    let server = request.server;
    let registration = sign_up::asked(&*begun(shared, parts, server).await?, request);
    let Some(registration) = registration else {
        return Ok(sign_up::gone());
    };
    let answer = inline_hooks::ask(shared, registration.question.as_ref()).await;
    let mut org = begun(shared, parts, server).await?;
    sign_up::finished(&mut org, request, registration, answer)
}

/// The org, locked, for a request, once the keys are there with which the server answers it.
async fn begun<'s>(
    shared: &'s Shared,
    parts: &Parts,
    server: Server,
) -> Result<HeldOrg<'s>, OAuthError> {
    let path = parts.uri.path().trim_end_matches('/');
    let names = |org: &Org| match path.rsplit('/').next() {
        Some(TOKEN) => vec![org.oauth.keys.current_name(server)],
        Some(KEYS) => org.oauth.keys.published_names(server),
        _ => Vec::new(),
    };
    let org = locked::org(shared, names).await;
    let mut org = org.map_err(|_| OAuthError::server_error())?;
    locked::begin(shared, parts, &mut org);
    Ok(org)
}
