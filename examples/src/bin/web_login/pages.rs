//! What each path shows.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use okta_examples::note;
use okta_web::{CsrfToken, User};

/// For whom nothing else is known.
const SOMEBODY: &str = "somebody";

/// `logout` of each page is the token of the form that logs out, for those who are logged in.
#[derive(Template)]
#[template(path = "web_login/home.html")]
struct Home {
    name: String,
    logout: Option<String>,
}

#[derive(Template)]
#[template(path = "web_login/profile.html")]
struct Profile {
    name: String,
    email: String,
    groups: Vec<String>,
    logout: Option<String>,
}

#[derive(Template)]
#[template(path = "web_login/missing.html")]
struct Missing {
    logout: Option<String>,
}

impl Home {
    fn heading(&self) -> String {
        match self.logout {
            Some(_) => format!("Hello, {}", self.name),
            None => "Welcome".to_owned(),
        }
    }
}

impl Profile {
    fn heading(&self) -> &'static str {
        "Your profile"
    }
}

impl Missing {
    fn heading(&self) -> &'static str {
        "Page not found"
    }
}

pub async fn home(user: Option<User>, token: CsrfToken) -> Response {
    let name = user.as_ref().map(name).unwrap_or_default();
    let logout = logout(user.as_ref(), &token);
    page(&Home { name, logout })
}

pub async fn profile(user: User, token: CsrfToken) -> Response {
    page(&Profile {
        name: name(&user),
        email: user.email().unwrap_or("not known").to_owned(),
        groups: user.groups().map(str::to_owned).collect(),
        logout: logout(Some(&user), &token),
    })
}

pub async fn missing(user: Option<User>, token: CsrfToken) -> Response {
    let logout = logout(user.as_ref(), &token);
    (StatusCode::NOT_FOUND, page(&Missing { logout })).into_response()
}

pub async fn style() -> impl IntoResponse {
    let style = include_str!("../../../templates/web_login/style.css");
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], style)
}

/// What the user is called: never by an id.
fn name(user: &User) -> String {
    let known = user.name().or(user.username());
    known.unwrap_or(SOMEBODY).to_owned()
}

fn logout(user: Option<&User>, token: &CsrfToken) -> Option<String> {
    user.map(|_| token.as_str().to_owned())
}

fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            note(format_args!("a page cannot be written: {error}"));
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
