//! Okta's paths, and the operation of the org behind each.

mod app_assignments;
mod apps;
mod bindings;
mod credentials;
mod event_hooks;
mod factors;
mod generic;
mod group_rules;
mod groups;
mod iam;
mod lifecycle;
mod logs;
mod oauth;
mod policies;
mod roles;
mod schemas;
mod scope_grants;
mod table;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{RawPathParams, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::any;
use tower_http::normalize_path::NormalizePathLayer;
use tower_layer::Layer;

use crate::call::{Call, MAX_BODY, Reply};
use crate::caller::caller;
use crate::checked;
use crate::document::document;
use crate::front;
use crate::modelled::Operation;
use crate::problem::Problem;
use crate::refusals::refusal;
use crate::shared::Shared;
use table::{Methods, Routes};

/// What is modelled by hand.
fn by_hand() -> Routes {
    Routes::new()
        .merge(users::routes())
        .merge(lifecycle::routes())
        .merge(credentials::routes())
        .merge(factors::routes())
        .merge(groups::routes())
        .merge(group_rules::routes())
        .merge(apps::routes())
        .merge(app_assignments::routes())
        .merge(scope_grants::routes())
        .merge(roles::routes())
        .merge(iam::routes())
        .merge(bindings::routes())
        .merge(policies::routes())
        .merge(event_hooks::routes())
        .merge(logs::routes())
        .merge(schemas::routes())
}

/// All paths. A slash at the end of one does not count.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let Routes { router, modelled } = by_hand();
    let modelled = Arc::new(modelled);
    let unrouted = |missing: generic::Missing| {
        let modelled = modelled.clone();
        async move |State(shared): State<Arc<Shared>>, request: Request| {
            generic::respond(&shared, &modelled, missing, request).await
        }
    };
    let paths = document().operations().iter().map(|it| it.path.as_str());
    let shadowed = modelled.shadowed(paths);
    let routes = shadowed
        .into_iter()
        .fold(router, |router, path| {
            router.route(path, any(unrouted(generic::no_such_method)))
        })
        .merge(oauth::routes())
        .fallback(unrouted(generic::no_such_path))
        .method_not_allowed_fallback(unrouted(generic::no_such_method))
        .with_state(shared.clone());
    Router::new()
        .fallback_service(NormalizePathLayer::trim_trailing_slash().layer(routes))
        .layer(axum::middleware::from_fn_with_state(
            shared.clone(),
            front::front,
        ))
}

fn get(operation: Operation) -> Methods {
    method("GET", operation)
}

fn post(operation: Operation) -> Methods {
    method("POST", operation)
}

fn put(operation: Operation) -> Methods {
    method("PUT", operation)
}

fn patch(operation: Operation) -> Methods {
    method("PATCH", operation)
}

fn delete(operation: Operation) -> Methods {
    method("DELETE", operation)
}

fn method(method: &'static str, operation: Operation) -> Methods {
    Methods::on(
        method,
        Some(operation),
        async move |State(shared): State<Arc<Shared>>,
                    parameters: Result<RawPathParams, _>,
                    request: Request| {
            let outcome = match parameters {
                Ok(parameters) => run(&shared, operation, &parameters, request).await,
                Err(_) => Err(undecodable(request.uri().path())),
            };
            match outcome {
                Ok(reply) => answer(reply),
                Err(problem) => refusal(&shared, &problem),
            }
        },
    )
}

/// A path that is not UTF-8 once decoded names nothing.
fn undecodable(path: &str) -> Problem {
    Problem::not_found(path, "Path")
}

async fn run(
    shared: &Shared,
    operation: Operation,
    parameters: &RawPathParams,
    request: Request,
) -> Result<Reply, Problem> {
    let (parts, body) = received(request).await?;
    let place = document().place(parts.uri.path());
    let described = place.and_then(|place| document().operation_at(&place, parts.method.as_str()));
    if let Some(described) = described {
        checked::check(described, &parts.headers, &body)?;
    }
    let call = Call::new(
        shared.entrance.base(&parts.headers),
        &parts.uri,
        parameters,
        body,
    );
    let mut org = shared.org();
    let caller = caller(shared, &parts, &org);
    org.begin(shared.clock.stamp(), caller);
    operation(&mut org, &call)
}

/// A request with its whole body.
async fn received(request: Request) -> Result<(Parts, Bytes), Problem> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await;
    Ok((parts, body.map_err(|_| Problem::malformed())?))
}

fn answer(reply: Reply) -> Response {
    let mut response = Response::builder().status(reply.status);
    for link in reply.links {
        response = response.header(header::LINK, link);
    }
    let response = match reply.body {
        Some(body) => response
            .header(header::CONTENT_TYPE, reply.content_type)
            .body(body.into()),
        None => response.body(axum::body::Body::empty()),
    };
    response.unwrap_or_default()
}

#[cfg(test)]
mod tests;
