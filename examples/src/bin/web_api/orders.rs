//! The routes of the API. All answers are JSON, errors too.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use okta_web::api::{RequireToken, Scope, Scoped};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The most orders that are kept.
const MOST: usize = 1000;
/// The longest order, in bytes.
const LONGEST: usize = 4096;

/// Reading orders.
struct OrdersRead;

impl Scope for OrdersRead {
    const NAME: &'static str = "orders:read";
}

/// Adding orders.
struct OrdersWrite;

impl Scope for OrdersWrite {
    const NAME: &'static str = "orders:write";
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Order {
    item: String,
    quantity: u32,
}

type Orders = Arc<Mutex<Vec<Order>>>;

/// The API, behind the check of tokens.
pub fn routes(tokens: RequireToken) -> Router {
    let first = Order {
        item: "keyboard".to_owned(),
        quantity: 1,
    };
    Router::new()
        .route("/orders", get(list).post(add))
        .method_not_allowed_fallback(|| async {
            error(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "this path does not take this method",
            )
        })
        .route_layer(tokens)
        .layer(DefaultBodyLimit::max(LONGEST))
        .fallback(|| async {
            error(
                StatusCode::NOT_FOUND,
                "not_found",
                "there is nothing at this path",
            )
        })
        .with_state(Arc::new(Mutex::new(vec![first])))
}

async fn list(_: Scoped<OrdersRead>, State(orders): State<Orders>) -> Response {
    let orders = orders.lock().unwrap_or_else(PoisonError::into_inner);
    Json(json!({ "orders": *orders })).into_response()
}

async fn add(
    _: Scoped<OrdersWrite>,
    State(orders): State<Orders>,
    order: Result<Json<Order>, JsonRejection>,
) -> Response {
    let order = match order {
        Ok(Json(order)) => order,
        Err(refused) => return error(refused.status(), "invalid_order", &refused.body_text()),
    };
    let mut orders = orders.lock().unwrap_or_else(PoisonError::into_inner);
    if orders.len() >= MOST {
        let why = "no more orders are taken";
        return error(StatusCode::CONFLICT, "too_many_orders", why);
    }
    orders.push(order.clone());
    (StatusCode::CREATED, Json(order)).into_response()
}

fn error(status: StatusCode, code: &str, description: &str) -> Response {
    let body = json!({ "error": code, "error_description": description });
    (status, Json(body)).into_response()
}
