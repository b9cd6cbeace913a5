//! The user's orders: the answers of an API that is called in the user's name.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use okta_examples::note;
use okta_web::{AccessToken, AccessTokenError, UserSession};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;

use crate::api::{Order, Orders};
use crate::layout::{Frame, login_path, page};
use crate::site::Site;
use crate::steps::Browser;

/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// How long the API may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The API, as this app calls it.
#[derive(Debug)]
pub struct OrdersApi {
    http: reqwest::Client,
    url: String,
}

#[derive(Template)]
#[template(path = "web_login/orders.html")]
struct Page {
    frame: Frame,
    orders: Vec<Order>,
    refusal: Option<String>,
}

impl Page {
    fn heading(&self) -> &'static str {
        "Your orders"
    }
}

/// The form that orders something.
#[derive(Debug, Deserialize)]
pub struct OrderForm {
    item: String,
    quantity: u32,
}

/// Why there is no answer to show.
enum Refusal {
    /// The user has to log in again.
    Login,
    /// What the user is told.
    Words(StatusCode, String),
}

/// What the API says when it refuses.
#[derive(Debug, Deserialize)]
struct ApiProblem {
    error_description: String,
    required_scope: Option<String>,
}

pub async fn list(
    session: UserSession,
    frame: Frame,
    State(site): State<Arc<Site>>,
    browser: Option<Extension<Browser>>,
    uri: Uri,
) -> Response {
    let found = async {
        let token = token(&session, &site, browser.as_ref()).await?;
        site.api.list(&token).await
    };
    match found.await {
        Ok(orders) => page(&Page {
            frame,
            orders,
            refusal: None,
        }),
        Err(refusal) => refusal.shown(frame, &uri),
    }
}

pub async fn add(
    session: UserSession,
    frame: Frame,
    State(site): State<Arc<Site>>,
    browser: Option<Extension<Browser>>,
    uri: Uri,
    form: Result<Form<OrderForm>, FormRejection>,
) -> Response {
    let added = async {
        let Form(OrderForm { item, quantity }) = form.map_err(|_| {
            let words = "The form was not complete. Choose an item and how many.";
            Refusal::Words(StatusCode::BAD_REQUEST, words.to_owned())
        })?;
        let token = token(&session, &site, browser.as_ref()).await?;
        site.api.add(&token, &Order { item, quantity }).await
    };
    match added.await {
        Ok(()) => Redirect::to(uri.path()).into_response(),
        Err(refusal) => refusal.shown(frame, &uri),
    }
}

/// The user's access token, renewed if it is time.
async fn token(
    session: &UserSession,
    site: &Site,
    browser: Option<&Extension<Browser>>,
) -> Result<AccessToken, Refusal> {
    let token = session.access_token().await.map_err(|error| match error {
        AccessTokenError::LoginRequired => Refusal::Login,
        error => {
            note(format_args!("no access token: {error}"));
            let words = "The login service cannot be reached. Try again in a minute.";
            Refusal::Words(StatusCode::BAD_GATEWAY, words.to_owned())
        }
    })?;
    if let Some((steps, Extension(browser))) = site.steps.as_ref().zip(browser) {
        steps.token_used(browser, &token);
    }
    Ok(token)
}

impl Refusal {
    fn shown(self, frame: Frame, here: &Uri) -> Response {
        match self {
            Self::Login => Redirect::to(&login_path(here)).into_response(),
            Self::Words(status, words) => {
                let page = page(&Page {
                    frame,
                    orders: Vec::new(),
                    refusal: Some(words),
                });
                (status, page).into_response()
            }
        }
    }

    /// In words, what the API has answered.
    fn of_answer(status: StatusCode, body: &[u8]) -> Self {
        let problem = serde_json::from_slice::<ApiProblem>(body).ok();
        let words = match problem {
            Some(ApiProblem {
                required_scope: Some(scope),
                ..
            }) => format!(
                "The API refused this: it takes the scope {scope}, which your login did not ask for."
            ),
            Some(problem) => format!("The API refused this: {}.", problem.error_description),
            None => "The API refused this and did not say why.".to_owned(),
        };
        Self::Words(status, words)
    }

    fn away(error: &reqwest::Error) -> Self {
        note(format_args!("the API cannot be asked: {error}"));
        let words = "The orders cannot be reached. Try again in a minute.";
        Self::Words(StatusCode::BAD_GATEWAY, words.to_owned())
    }
}

impl OrdersApi {
    /// The API that listens at `origin`.
    pub fn new(origin: String) -> reqwest::Result<Self> {
        // It is in this process: no proxy leads to it.
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE);
        Ok(Self {
            http: http.build()?,
            url: format!("{origin}/orders"),
        })
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    async fn list(&self, token: &AccessToken) -> Result<Vec<Order>, Refusal> {
        let body = self.call(Method::GET, token, String::new()).await?;
        let answer = serde_json::from_slice::<Orders>(&body);
        let answer = answer.map_err(|_| Refusal::of_answer(StatusCode::BAD_GATEWAY, &body))?;
        Ok(answer.orders)
    }

    async fn add(&self, token: &AccessToken, order: &Order) -> Result<(), Refusal> {
        let body = serde_json::to_string(order).unwrap_or_default();
        self.call(Method::POST, token, body).await.map(drop)
    }

    /// The body of a good answer.
    async fn call(
        &self,
        method: Method,
        token: &AccessToken,
        body: String,
    ) -> Result<Vec<u8>, Refusal> {
        let request = self
            .http
            .request(method, &self.url)
            .bearer_auth(token.token.expose())
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        let response = request.send().await;
        let mut response = response.map_err(|error| Refusal::away(&error))?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = (response.chunk().await).map_err(|error| Refusal::away(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() > LONGEST_ANSWER {
                return Err(Refusal::of_answer(StatusCode::BAD_GATEWAY, &[]));
            }
        }
        if status.is_success() {
            return Ok(body);
        }
        Err(Refusal::of_answer(status, &body))
    }
}
