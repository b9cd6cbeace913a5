//! The pages of the second factor: which one, its proof, and setting one up.

use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::oauth::memory::pending::{Errand, Halfway, Pending};
use crate::oauth::memory::sessions::{Method, Session};
use crate::oauth::words::assurance::Level;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::unguessable::unguessable;
use crate::object::Object;
use crate::org::Org;
use crate::org::authentication::{Outcome, Step, Transaction};
use crate::org::challenges::PushResult;
use crate::org::factors::Factor;
use crate::org::passcodes;
use crate::pages::{self, Page, Proof};

/// The user of a login has to prove a second factor.
pub(super) fn begin(
    org: &mut Org,
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
    let Outcome::Unfinished(_, transaction) = prepared(org, &pending, outcome)? else {
        return Err(OAuthError::server_error());
    };
    let page = shown(org, &handle, &pending, &transaction, None)?;
    Ok(page.into_response())
}

/// Leaves out a choice that is none: of one factor, and of what to set up, which is an app here.
pub(super) fn prepared(
    org: &mut Org,
    pending: &Pending,
    outcome: Outcome,
) -> Result<Outcome, OAuthError> {
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

pub(super) fn choice(
    org: &Org,
    handle: &str,
    pending: &Pending,
    transaction: &Transaction,
) -> Page {
    let offered = offered(org, pending, transaction.user);
    let named = offered
        .iter()
        .map(|factor| (factor.id.as_str(), factor.name()));
    pages::factors(handle, &named.collect::<Vec<_>>())
}

/// The page of a step.
pub(super) fn shown(
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
