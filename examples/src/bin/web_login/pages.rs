//! The first page, the profile, and what is no page.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use okta_web::User;

use crate::layout::{Frame, Problem, date, name, page};

#[derive(Template)]
#[template(path = "web_login/home.html")]
struct Home {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "web_login/profile.html")]
struct Profile {
    frame: Frame,
    name: String,
    email: Option<String>,
    groups: Vec<String>,
    logged_in_at: Option<String>,
    ends_at: String,
}

impl Home {
    fn heading(&self) -> String {
        match self.frame.is_logged_in() {
            true => format!("Hello, {}", self.frame.name()),
            false => "Welcome".to_owned(),
        }
    }
}

impl Profile {
    fn heading(&self) -> &'static str {
        "Your profile"
    }
}

pub async fn home(frame: Frame) -> Response {
    page(&Home { frame })
}

pub async fn profile(user: User, frame: Frame) -> Response {
    page(&Profile {
        frame,
        name: name(&user),
        email: user.email().map(str::to_owned),
        groups: user.groups().map(str::to_owned).collect(),
        logged_in_at: user.auth_time().map(date),
        ends_at: date(user.ends_at()),
    })
}

pub async fn missing(frame: Frame) -> Response {
    let problem = Problem {
        frame,
        heading: "Page not found",
        text: "There is no page at this address.".to_owned(),
        id: None,
        is_for_login: false,
    };
    (StatusCode::NOT_FOUND, page(&problem)).into_response()
}

pub async fn wrong_method(frame: Frame) -> Response {
    let problem = Problem {
        frame,
        heading: "Not a page to open",
        text: "This address takes what a form of this site sends.".to_owned(),
        id: None,
        is_for_login: false,
    };
    (StatusCode::METHOD_NOT_ALLOWED, page(&problem)).into_response()
}

pub async fn style() -> impl IntoResponse {
    let style = include_str!("../../../templates/web_login/style.css");
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], style)
}
