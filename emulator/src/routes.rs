//! Okta's paths, and the operation of the org behind each.

mod answer;
mod chosen_password;
mod event_hooks;
mod extras;
mod generic;
mod inline_hooks;
mod locked;
mod logs;
mod oauth;
mod password_import;
mod reading;
mod signals;

use std::sync::Arc;

use axum::Router;
use axum::extract::{RawPathParams, Request, State};
use axum::routing::{MethodFilter, MethodRouter, any, on};
use tower_http::normalize_path::NormalizePathLayer;
use tower_layer::Layer;

use crate::call::{Call, Reply};
use crate::document::document;
use crate::front;
use crate::model;
use crate::modelled::{Method, Modelled};
use crate::oauth::memory::sessions::COOKIE;
use crate::oauth::words::request::cookie;
use crate::problem::Problem;
use crate::shared::Shared;
use answer::{received, undecodable};

/// All paths. A slash at the end of one does not count.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let modelled = Arc::new(model::operations());
    let operations = modelled.operations();
    let router = operations.fold(Router::new(), |router, (path, method)| {
        router.route(path, by_hand(&modelled, method))
    });
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
        .merge(event_hooks::routes())
        .merge(inline_hooks::routes())
        .merge(logs::routes())
        .merge(signals::routes())
        .merge(oauth::routes())
        .merge(chosen_password::routes())
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

/// An operation that is modelled by hand.
fn by_hand(modelled: &Arc<Modelled>, method: Method) -> MethodRouter<Arc<Shared>> {
    let modelled = modelled.clone();
    on(
        filter(method.name),
        async move |State(shared): State<Arc<Shared>>,
                    parameters: Result<RawPathParams, _>,
                    request: Request| {
            let outcome = match parameters {
                Ok(parameters) => run(&shared, &modelled, method, &parameters, request).await,
                Err(_) => Err(undecodable(request.uri().path())),
            };
            answer::respond(&shared, outcome)
        },
    )
}

fn filter(method: &str) -> MethodFilter {
    match method {
        "DELETE" => MethodFilter::DELETE,
        "PATCH" => MethodFilter::PATCH,
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        _ => MethodFilter::GET,
    }
}

async fn run(
    shared: &Shared,
    modelled: &Modelled,
    method: Method,
    parameters: &RawPathParams,
    request: Request,
) -> Result<Reply, Problem> {
    let (parts, body) = received(request).await?;
    let described = answer::described(&parts);
    let body = answer::read(described, &parts, body)?;
    let mut call = Call::new(
        shared.entrance.base(&parts.headers),
        &parts.uri,
        parameters,
        body,
    );
    call.session = cookie(&parts.headers, COOKIE).map(str::to_owned);
    if parts.uri.path() == password_import::AUTHN {
        password_import::before_authn(shared, &parts, &call).await;
    }
    let mut org = locked::org(shared, |org| (method.keys)(org, &call)).await?;
    locked::begin(shared, &parts, &mut org);
    match described {
        Some(described) => {
            let headers = &parts.headers;
            extras::act(
                &mut org,
                modelled,
                described,
                headers,
                &call,
                method.operation,
            )
        }
        None => (method.operation)(&mut org, &call),
    }
}

#[cfg(test)]
mod tests;
