//! A page for the members of one group.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use okta_web::User;

use crate::layout::{Frame, Problem, page};
use crate::site::Site;

#[derive(Template)]
#[template(path = "web_login/administrators.html")]
struct Settings<'a> {
    frame: Frame,
    site: &'a Site,
}

impl Settings<'_> {
    fn heading(&self) -> &'static str {
        "Administrators"
    }
}

/// How the app is set up.
pub async fn settings(user: User, frame: Frame, State(site): State<Arc<Site>>) -> Response {
    if user.is_in_group(&site.admin_group) {
        return page(&Settings { frame, site: &site });
    }
    let problem = Problem {
        frame,
        heading: "Not allowed",
        text: format!(
            "This page is for members of the group {}. You are not one of them.",
            site.admin_group
        ),
        id: None,
        is_for_login: false,
    };
    (StatusCode::FORBIDDEN, page(&problem)).into_response()
}
