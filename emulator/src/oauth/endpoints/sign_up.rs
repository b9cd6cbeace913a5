//! The page on which people register themselves, `/signup/{handle}`.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::model::registration::{Enrollment, Registration};
use crate::oauth::endpoints::signing_in::{self, Login};
pub(crate) use crate::oauth::endpoints::unfinished::gone;
use crate::oauth::endpoints::unfinished::{handle, waiting};
use crate::oauth::memory::sessions::Session;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::object::Object;
use crate::org::Org;
use crate::pages::{self, Page};

/// `GET /signup/{handle}`.
pub(crate) fn show(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    match open(org, request) {
        Some(enrollment) => Ok(page(request, &enrollment, &[]).into_response()),
        None => Ok(gone()),
    }
}

/// `POST /signup/{handle}`, before the service of an inline hook is asked. None if the page is gone.
pub(crate) fn asked(org: &Org, request: &OAuthRequest) -> Option<Registration> {
    let enrollment = open(org, request)?;
    let form = &request.form;
    let given = enrollment.attributes.iter().filter_map(|attribute| {
        let value = form.get(&attribute.name)?.trim();
        (!value.is_empty()).then(|| (attribute.name.clone(), value.into()))
    });
    let profile: Object = given.collect();
    let password = form.get("password").unwrap_or_default();
    Some(org.registration(&enrollment, profile, password, &request.path))
}

/// `POST /signup/{handle}`, after the service has answered, if there is one.
pub(crate) fn finished(
    org: &mut Org,
    request: &OAuthRequest,
    registration: Registration,
    answer: Result<Value, String>,
) -> Result<Response, OAuthError> {
    let handle = handle(request);
    let (Some(enrollment), Some(pending)) = (open(org, request), waiting(org, handle)) else {
        return Ok(gone());
    };
    match org.register(registration, answer) {
        Ok(user) => {
            org.oauth.waiting.remove(handle);
            let session = Session::by_password(user, org.now);
            signing_in::advance(org, request, pending.errand, Login::New(session))
        }
        Err(problems) => {
            let page = page(request, &enrollment, &problems);
            Ok((StatusCode::BAD_REQUEST, page).into_response())
        }
    }
}

/// How people register, if they may, where a login waits that has not begun.
fn open(org: &Org, request: &OAuthRequest) -> Option<Enrollment> {
    waiting(org, handle(request)).filter(|pending| pending.login.is_none())?;
    org.enrollment()
}

/// The page, with what was filled in before.
fn page(request: &OAuthRequest, enrollment: &Enrollment, problems: &[String]) -> Page {
    let fields = enrollment.attributes.iter().map(|attribute| {
        let value = request.form.get(&attribute.name).unwrap_or_default();
        pages::Field::of(&attribute.name, &attribute.label, value, attribute.required)
    });
    let fields: Vec<_> = fields.collect();
    pages::sign_up(handle(request), &fields, problems)
}
