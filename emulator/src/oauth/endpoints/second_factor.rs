//! What the user does on the pages of the second factor. It goes through the same states as a login by
//! `/api/v1/authn`.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::oauth::endpoints::factor_pages::{choice, prepared, shown};
use crate::oauth::endpoints::signing_in::{self, Login};
use crate::oauth::endpoints::unfinished::{gone, handle, waiting};
use crate::oauth::memory::pending::{Halfway, Pending};
use crate::oauth::memory::sessions::Session;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::object::Object;
use crate::org::Org;
use crate::org::authentication::{Outcome, Step};
use crate::pages;
use crate::problem::Problem;

const WRONG_CODE: &str = "The code is wrong or has expired. Try again.";
const WRONG_ANSWER: &str = "The answer is wrong. Try again.";

/// `POST /login/{handle}/factor`: the user chooses a factor, or wants to choose again.
pub(crate) fn choose(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let handle = handle(request);
    let Some((pending, login)) = halfway(org, handle) else {
        return Ok(gone());
    };
    let outcome = match request.form.get("factor") {
        Some(factor) => org.choose_factor(&login.token, factor),
        None => org.choose_again(&login.token),
    };
    match outcome {
        Ok(Outcome::Unfinished(_, transaction)) if transaction.step == Step::ChooseFactor => {
            Ok(choice(org, handle, &pending, &transaction).into_response())
        }
        Ok(outcome) => follow(org, request, handle, pending, outcome),
        Err(_) => Ok(gone()),
    }
}

/// `POST /login/{handle}/verify`: the user proves the factor that was chosen or set up.
pub(crate) fn verify(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let handle = handle(request);
    let Some((pending, login)) = halfway(org, handle) else {
        return Ok(gone());
    };
    let Ok(transaction) = org.transaction(&login.token) else {
        return Ok(gone());
    };
    let body: Object = [("code", "passCode"), ("answer", "answer")]
        .into_iter()
        .filter_map(|(field, member)| {
            let given = request.form.get(field)?.trim();
            Some((member.to_owned(), json!(given)))
        })
        .collect();
    let factor = |org: &Org, at: u64| org.factor(at).map(|factor| factor.id.clone());
    let outcome = match transaction.step {
        Step::ProveFactor(at) => {
            let factor = factor(org, at)?;
            org.prove_factor(&login.token, &factor, &body)
        }
        Step::ActivateFactor(at) => {
            let factor = factor(org, at)?;
            org.activate_in_login(&login.token, &factor, &body)
        }
        _ => return Ok(gone()),
    };
    match outcome {
        Ok(outcome) => follow(org, request, handle, pending, outcome),
        Err(problem) if problem == Problem::wrong_passcode() => {
            let problem = match body.contains_key("answer") {
                true => WRONG_ANSWER,
                false => WRONG_CODE,
            };
            let page = shown(org, handle, &pending, &transaction, Some(problem))?;
            Ok((StatusCode::UNAUTHORIZED, page).into_response())
        }
        Err(problem) if problem == Problem::user_locked() => {
            org.oauth.waiting.remove(handle);
            let text =
                "The code was wrong too often. Ask your administrator to unlock your account.";
            let page = pages::notice("Your account is locked", text);
            Ok((StatusCode::FORBIDDEN, page).into_response())
        }
        Err(_) => Ok(gone()),
    }
}

/// What waits under a handle for a second factor.
fn halfway(org: &Org, handle: &str) -> Option<(Pending, Halfway)> {
    let pending = waiting(org, handle)?;
    let login = pending.login.clone()?;
    Some((pending, login))
}

/// Goes where the outcome of a step leads.
fn follow(
    org: &mut Org,
    request: &OAuthRequest,
    handle: &str,
    pending: Pending,
    outcome: Outcome,
) -> Result<Response, OAuthError> {
    let outcome = prepared(org, &pending, outcome)?;
    match outcome {
        Outcome::Unfinished(_, transaction) => {
            let page = shown(org, handle, &pending, &transaction, None)?;
            Ok(page.into_response())
        }
        Outcome::Finished(_, token) => {
            org.oauth.waiting.remove(handle);
            let session = org.redeem_session_token(&token);
            let (Some(session), Some(login)) = (session, pending.login) else {
                return Ok(gone());
            };
            let session = Session {
                since: login.since,
                ..session
            };
            signing_in::advance(org, request, pending.errand, Login::New(session))
        }
        Outcome::LockedOut => Ok(gone()),
    }
}
