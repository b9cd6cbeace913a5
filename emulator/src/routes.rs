//! Okta's paths, and the operation of the org behind each.

mod app_assignments;
mod apps;
mod bindings;
mod credentials;
mod event_hooks;
mod group_rules;
mod groups;
mod iam;
mod lifecycle;
mod logs;
mod oauth;
mod policies;
mod roles;
mod scope_grants;
mod selection;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::call::{Call, Reply};
use crate::front;
use crate::org::Org;
use crate::problem::Problem;
use crate::server::Shared;

/// The largest body that the org reads, in bytes.
pub(crate) const MAX_BODY: usize = 10 * 1024 * 1024;

/// An operation: what it does to the org, and what it answers.
type Operation = fn(&mut Org, &Call) -> Result<Reply, Problem>;

/// All paths.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .merge(users::routes())
        .merge(lifecycle::routes())
        .merge(credentials::routes())
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
        .merge(oauth::routes())
        .fallback(async |State(shared): State<Arc<Shared>>| {
            front::refusal(&shared, &Problem::no_such_endpoint())
        })
        .method_not_allowed_fallback(async |State(shared): State<Arc<Shared>>| {
            front::refusal(&shared, &Problem::method_not_allowed())
        })
        .layer(axum::middleware::from_fn_with_state(
            shared.clone(),
            front::front,
        ))
        .with_state(shared.clone())
}

type Routes = Router<Arc<Shared>>;
type Methods = MethodRouter<Arc<Shared>>;

fn get(operation: Operation) -> Methods {
    method(MethodFilter::GET, operation)
}

fn post(operation: Operation) -> Methods {
    method(MethodFilter::POST, operation)
}

fn put(operation: Operation) -> Methods {
    method(MethodFilter::PUT, operation)
}

fn patch(operation: Operation) -> Methods {
    method(MethodFilter::PATCH, operation)
}

fn delete(operation: Operation) -> Methods {
    method(MethodFilter::DELETE, operation)
}

fn method(filter: MethodFilter, operation: Operation) -> Methods {
    on(
        filter,
        async move |State(shared): State<Arc<Shared>>,
                    parameters: Result<RawPathParams, _>,
                    request: Request| {
            let outcome = match parameters {
                Ok(parameters) => run(&shared, operation, &parameters, request).await,
                // A path that is not UTF-8 once decoded.
                Err(_) => Err(Problem::no_such_endpoint()),
            };
            match outcome {
                Ok(reply) => answer(reply),
                Err(problem) => front::refusal(&shared, &problem),
            }
        },
    )
}

async fn run(
    shared: &Shared,
    operation: Operation,
    parameters: &RawPathParams,
    request: Request,
) -> Result<Reply, Problem> {
    let (parts, body) = request.into_parts();
    let body: Bytes = to_bytes(body, MAX_BODY)
        .await
        .map_err(|_| Problem::malformed())?;
    let call = Call::new(base(shared, &parts.headers), &parts.uri, parameters, body);
    let mut org = shared.org();
    let caller = front::caller(shared, &parts, &org);
    org.begin(shared.clock.stamp(), caller);
    operation(&mut org, &call)
}

/// Links lead back to the host by which the caller knows the org.
pub(crate) fn base(shared: &Shared, headers: &HeaderMap) -> String {
    shared.entrance.base(headers)
}

fn answer(reply: Reply) -> Response {
    let mut response = Response::builder().status(reply.status);
    for link in reply.links {
        response = response.header(header::LINK, link);
    }
    let response = match reply.body {
        Some(body) => response
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.into()),
        None => response.body(axum::body::Body::empty()),
    };
    response.unwrap_or_default()
}
