//! What pages load: the stylesheet, the icon, the scripts.

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};

/// The assets, for pages of all kinds and callers of all names.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let style = include_str!("../../templates/style.css");
    let icon = include_str!("../../templates/icon.svg");
    let live = include_str!("../../templates/live.js");
    let submit = include_str!("../../templates/submit.js");
    Router::new()
        .route("/_org/style.css", asset("text/css", style))
        .route("/_org/icon.svg", asset("image/svg+xml", icon))
        .route("/_org/live.js", asset("text/javascript", live))
        .route("/_org/submit.js", asset("text/javascript", submit))
}

fn asset<S: Clone + Send + Sync + 'static>(
    kind: &'static str,
    text: &'static str,
) -> MethodRouter<S> {
    get(async move || {
        let headers = [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, "no-cache"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        (headers, text).into_response()
    })
}
