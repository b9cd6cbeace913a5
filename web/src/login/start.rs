//! The route that begins a login.

use axum::extract::RawQuery;
use axum::response::Response;
use http::HeaderMap;
use url::form_urlencoded;

use crate::app::{App, Visitor};
use crate::begin::{Asked, begin};
use crate::failure::Failure;
use crate::return_path::ReturnPath;

/// `GET /login?return_to=/orders`
pub(super) async fn login(
    Visitor(visit, _): Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let return_to = return_path(&visit.app, query.as_deref().unwrap_or_default());
    begin(&visit.app, &headers, return_to, Asked::default()).await
}

/// Where the user wants to go then: the first page, unless the query names another one of the site.
fn return_path(app: &App, query: &str) -> ReturnPath {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "return_to")
        .and_then(|(_, path)| ReturnPath::parse(&path, &app.site))
        .unwrap_or_else(ReturnPath::home)
}
