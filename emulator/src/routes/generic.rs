//! All operations of the document that are not modelled by hand, and the answer to what the
//! document does not have.

use std::sync::atomic::Ordering;

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::answer::{self, received};
use super::reading::parameters;
use super::{extras, locked};
use crate::call::{Call, Reply};
use crate::document::{Operation, document};
use crate::modelled::Modelled;
use crate::oauth::memory::keys::KeyName;
use crate::org::Org;
use crate::problem::Problem;
use crate::shared::Shared;
use crate::{pages, store};

/// What a path is that the document does not have.
pub(super) type Missing = fn(&Shared, &str) -> Problem;

/// No route leads there.
pub(super) fn no_such_path(shared: &Shared, path: &str) -> Problem {
    shared.counts.not_emulated.fetch_add(1, Ordering::Relaxed);
    Problem::not_emulated(path)
}

/// A route leads there, for another method.
pub(super) fn no_such_method(_: &Shared, _: &str) -> Problem {
    Problem::method_not_allowed()
}

pub(super) async fn respond(
    shared: &Shared,
    modelled: &Modelled,
    missing: Missing,
    request: Request,
) -> Response {
    let path = request.uri().path().to_owned();
    let is_visit = is_visit(&request);
    let outcome = match document().place(&path) {
        None if is_visit => return page(&missing(shared, &path)),
        None => Err(missing(shared, &path)),
        Some(place) => match document().operation_at(&place, method(request.method())) {
            None => Err(Problem::method_not_allowed()),
            Some(operation) => run(shared, modelled, operation, request).await,
        },
    };
    answer::respond(shared, outcome)
}

/// Whether a person has followed a link or mistyped an address: programs do not ask for pages.
fn is_visit(request: &Request) -> bool {
    let accepted = request.headers().get_all(header::ACCEPT).iter();
    let mut accepted = accepted.filter_map(|value| value.to_str().ok());
    *request.method() == Method::GET && accepted.any(|value| value.contains("text/html"))
}

/// A problem as a page.
fn page(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status);
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let cause = problem.causes.first().unwrap_or(&problem.summary);
    (status, pages::notice("No such page", cause)).into_response()
}

/// What can be read has a head as well.
fn method(method: &Method) -> &str {
    if *method == Method::HEAD {
        return "GET";
    }
    method.as_str()
}

async fn run(
    shared: &Shared,
    modelled: &Modelled,
    operation: &'static Operation,
    request: Request,
) -> Result<Reply, Problem> {
    let (parts, body) = received(request).await?;
    let body = answer::read(Some(operation), &parts, body)?;
    let call = Call {
        parameters: parameters(operation, parts.uri.path())?,
        ..Call::unrouted(shared.entrance.base(&parts.headers), &parts.uri, body)
    };
    let mut org = locked::org(shared, |org| on_the_way(org, modelled, operation, &call)).await?;
    locked::begin(shared, &parts, &mut org);
    let does = |org: &mut Org, call: &Call| store::run(org, modelled, operation, call);
    extras::act(&mut org, modelled, operation, &parts.headers, &call, does)
}

/// The keys that are needed to read what the path goes through.
fn on_the_way(org: &Org, modelled: &Modelled, operation: &Operation, call: &Call) -> Vec<KeyName> {
    let mut names = Vec::new();
    let mut template = String::new();
    let mut values = Vec::new();
    for segment in operation.path.split('/').skip(1) {
        template = format!("{template}/{segment}");
        let name = segment.strip_prefix('{');
        if let Some(name) = name.and_then(|it| it.strip_suffix('}')) {
            values.push(call.parameter(name).to_owned());
            names.extend(modelled.keys_of_read(org, &template, &values));
        }
    }
    names
}
