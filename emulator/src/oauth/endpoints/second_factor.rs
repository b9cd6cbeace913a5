//! The pages of the second factor: which one, its proof, and setting one up. What the user does there
//! goes through the same states as a login by `/api/v1/authn`.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::oauth::endpoints::login::{gone, handle, waiting};
use crate::oauth::endpoints::signing_in::{self, Login};
use crate::oauth::memory::pending::{Errand, Halfway, Pending};
use crate::oauth::memory::sessions::{Method, Session};
use crate::oauth::words::assurance::Level;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::oauth::words::unguessable::unguessable;
use crate::object::Object;
use crate::org::Org;
use crate::org::authentication::{Outcome, Step, Transaction};
use crate::org::challenges::PushResult;
use crate::org::factors::Factor;
use crate::org::passcodes;
use crate::pages::{self, Page, Proof};
use crate::problem::Problem;

const WRONG_CODE: &str = "The code is wrong or has expired. Try again.";
const WRONG_ANSWER: &str = "The answer is wrong. Try again.";

/// The user of a login has to prove a second factor.
pub(super) fn begin(
    org: &mut Org,
    request: &OAuthRequest,
    errand: Errand,
    session: Session,
) -> Result<Response, OAuthError> {
    let outcome = org.begin_second_factor(session.user);
    let Outcome::Unfinished(token, _) = &outcome else {
        return Err(OAuthError::server_error());
    };
    let login = Halfway {
        token: token.clone(),
        since: session.since,
    };
    let handle = unguessable()?;
    let pending = Pending::new(errand, Some(login), org.now);
    org.oauth.waiting.insert(handle.clone(), pending.clone());
    follow(org, request, &handle, pending, outcome)
}

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

/// Leaves out a choice that is none: of one factor, and of what to set up, which is an app here.
fn prepared(org: &mut Org, pending: &Pending, outcome: Outcome) -> Result<Outcome, OAuthError> {
    let Outcome::Unfinished(token, transaction) = &outcome else {
        return Ok(outcome);
    };
    match transaction.step {
        Step::ChooseFactor => {
            let offered = offered(org, pending, transaction.user);
            let [only] = &offered[..] else {
                return Ok(outcome);
            };
            let only = only.id.clone();
            Ok(org.choose_factor(token, &only)?)
        }
        Step::EnrollFactor => {
            let app = Object::from_iter([
                ("factorType".to_owned(), json!("token:software:totp")),
                ("provider".to_owned(), json!("GOOGLE")),
            ]);
            Ok(org.enroll_in_login(token, &app)?)
        }
        _ => Ok(outcome),
    }
}

/// The user's factors that will do.
fn offered<'o>(org: &'o Org, pending: &Pending, user: u64) -> Vec<&'o Factor> {
    let level = match &pending.errand {
        Errand::Authorization(authorization) => authorization.acr.as_deref().and_then(Level::of),
        Errand::Device(_) => None,
    };
    let will_do = |factor: &&Factor| {
        factor.active
            && (level != Some(Level::PhishingResistant) || Method::of(factor.kind) == Method::Hwk)
    };
    org.factors_of(user).filter(will_do).collect()
}

fn choice(org: &Org, handle: &str, pending: &Pending, transaction: &Transaction) -> Page {
    let offered = offered(org, pending, transaction.user);
    let named = offered
        .iter()
        .map(|factor| (factor.id.as_str(), factor.name()));
    pages::factors(handle, &named.collect::<Vec<_>>())
}

/// The page of a step.
fn shown(
    org: &Org,
    handle: &str,
    pending: &Pending,
    transaction: &Transaction,
    problem: Option<&str>,
) -> Result<Page, OAuthError> {
    match transaction.step {
        Step::ProveFactor(at) => {
            let factor = org.factor(at)?;
            let push = transaction.push.as_ref();
            let push = push.map(|push| org.challenges.push(push, at, org.now));
            let (proof, pushed) = match factor.kind {
                "push" => (Proof::Push, problem_of(push.flatten())),
                "question" => (Proof::Answer(question(factor)), None),
                "u2f" | "webauthn" => (Proof::Key, None),
                _ if factor.is_sent() => (Proof::SentCode, None),
                _ => (Proof::Code, None),
            };
            let has_others = offered(org, pending, transaction.user).len() > 1;
            let name = factor.name();
            let id = factor.id.as_str();
            let problem = problem.or(pushed);
            Ok(pages::factor(
                handle,
                (id, &name),
                &proof,
                has_others,
                problem,
            ))
        }
        Step::ActivateFactor(at) => {
            let factor = org.factor(at)?;
            let secret = passcodes::base32(factor.key.as_deref().unwrap_or_default());
            let login = org.user(factor.user)?.login();
            let link = key_uri(login, &secret);
            Ok(pages::enrollment(handle, &secret, &link, problem))
        }
        _ => Ok(choice(org, handle, pending, transaction)),
    }
}

/// What became of a push that was not accepted.
fn problem_of(push: Option<PushResult>) -> Option<&'static str> {
    match push {
        Some(PushResult::Waiting | PushResult::Accepted) => None,
        Some(PushResult::Rejected) => Some("The request was rejected."),
        Some(PushResult::TimedOut) | None => Some("The request has expired."),
    }
}

fn question(factor: &Factor) -> String {
    let profile = |name: &str| factor.profile.get(name).and_then(|it| it.as_str());
    let text = profile("questionText").or_else(|| profile("question"));
    text.unwrap_or_default().replace('_', " ")
}

/// The link by which an authenticator app takes a key,
/// <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>.
fn key_uri(login: &str, secret: &str) -> String {
    let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    let issuer = encoded("Okta emulator");
    let login = encoded(login);
    format!("otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}")
}
