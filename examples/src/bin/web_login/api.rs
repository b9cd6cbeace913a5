//! The API that keeps the orders: a resource server, which knows nothing of sessions and cookies.
//! Its callers bring an access token. What it says about orders is JSON, refusals too.

use std::collections::BTreeMap;
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

/// The most orders that a customer has, and the most customers that have some of their own.
const MOST_ORDERS: usize = 20;
const MOST_CUSTOMERS: usize = 1000;

/// The longest name of an item, in bytes, and the longest body.
const LONGEST_ITEM: usize = 60;
const LONGEST_BODY: usize = 1024;

/// Reading one's orders.
struct OrdersRead;

impl Scope for OrdersRead {
    const NAME: &'static str = "orders:read";
}

/// Adding orders.
struct OrdersWrite;

impl Scope for OrdersWrite {
    const NAME: &'static str = "orders:write";
}

/// An order.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    pub item: String,
    pub quantity: u32,
}

/// Answer to `GET /orders`.
#[derive(Debug, Deserialize, Serialize)]
pub struct Orders {
    pub orders: Vec<Order>,
}

/// Orders by the subject of the access token.
type ByCustomer = Arc<Mutex<BTreeMap<String, Vec<Order>>>>;

/// The API, behind the check of tokens.
pub fn routes(tokens: RequireToken) -> Router {
    Router::new()
        .route("/orders", get(list).post(add))
        .route_layer(tokens)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .with_state(ByCustomer::default())
}

async fn list(scoped: Scoped<OrdersRead>, State(known): State<ByCustomer>) -> Json<Orders> {
    let known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let orders = known.get(scoped.caller().subject()).cloned();
    let orders = orders.unwrap_or_else(first_orders);
    Json(Orders { orders })
}

async fn add(
    scoped: Scoped<OrdersWrite>,
    State(known): State<ByCustomer>,
    order: Result<Json<Order>, JsonRejection>,
) -> Response {
    let order = match order {
        Ok(Json(order)) => order,
        Err(refused) => return error(refused.status(), "invalid_order", &refused.body_text()),
    };
    if order.item.is_empty() || order.item.len() > LONGEST_ITEM || order.quantity == 0 {
        let why = format!("an order has an item of 1 to {LONGEST_ITEM} bytes, and a quantity");
        return error(StatusCode::UNPROCESSABLE_ENTITY, "invalid_order", &why);
    }
    let customer = scoped.caller().subject();
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let is_full = known.len() >= MOST_CUSTOMERS && !known.contains_key(customer);
    let orders = known.get(customer).map_or(0, Vec::len);
    if is_full || orders >= MOST_ORDERS {
        let why = "no more orders are taken";
        return error(StatusCode::CONFLICT, "too_many_orders", why);
    }
    let orders = known.entry(customer.to_owned());
    orders.or_insert_with(first_orders).push(order.clone());
    (StatusCode::CREATED, Json(order)).into_response()
}

/// What every customer has ordered before.
fn first_orders() -> Vec<Order> {
    [("Desk lamp", 1), ("Notebook, squared", 3)]
        .map(|(item, quantity)| Order {
            item: item.to_owned(),
            quantity,
        })
        .to_vec()
}

fn error(status: StatusCode, code: &str, description: &str) -> Response {
    let body = json!({ "error": code, "error_description": description });
    (status, Json(body)).into_response()
}
