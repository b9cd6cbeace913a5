//! Logins by `/api/v1/authn`.

use serde_json::{Value, json};

use crate::clock::Timestamp;
use crate::org::Org;
use crate::org::authentication::{Step, Transaction};
use crate::org::challenges::PushResult;
use crate::org::factors::{Factor, kinds};
use crate::org::users::User;
use crate::problem::Problem;
use crate::view::factor::activation;

/// How long a session token is good, in seconds.
const LIFETIME: i64 = 300;

/// A login under way.
pub(crate) fn transaction(
    org: &Org,
    token: &str,
    transaction: &Transaction,
    base: &str,
) -> Result<Value, Problem> {
    let user = org
        .users
        .get(transaction.user)
        .ok_or_else(Problem::internal)?;
    let authn = format!("{base}/api/v1/authn");
    let post = |path: String| json!({ "href": path, "hints": { "allow": ["POST"] } });
    let next = |name: &str, path: String| json!({ "name": name, "href": path, "hints": { "allow": ["POST"] } });
    let mut embedded = json!({ "user": person(user) });
    let mut links = json!({ "cancel": post(format!("{authn}/cancel")) });
    let status = match transaction.step {
        Step::ChangePassword => {
            links["next"] = next(
                "changePassword",
                format!("{authn}/credentials/change_password"),
            );
            "PASSWORD_EXPIRED"
        }
        Step::ResetPassword => {
            links["next"] = next(
                "resetPassword",
                format!("{authn}/credentials/reset_password"),
            );
            "PASSWORD_RESET"
        }
        Step::AnswerQuestion => {
            let question = user.credentials.recovery_question.as_ref();
            embedded["user"]["recovery_question"] =
                json!({ "question": question.map(|it| &it.question) });
            links["next"] = next("answer", format!("{authn}/recovery/answer"));
            "RECOVERY"
        }
        Step::ChooseFactor => {
            let factors = org.factors.iter().map(|(_, factor)| factor);
            let factors = factors.filter(|it| it.user == transaction.user && it.active);
            let factors = factors.map(|it| factor(it, &authn));
            embedded["factors"] = factors.collect();
            "MFA_REQUIRED"
        }
        Step::ProveFactor(at) => {
            let chosen = org.factors.get(at).ok_or_else(Problem::internal)?;
            embedded["factor"] = factor(chosen, &authn);
            let verify = format!("{authn}/factors/{}/verify", chosen.id);
            links["next"] = next("verify", verify);
            links["prev"] = post(format!("{authn}/previous"));
            "MFA_CHALLENGE"
        }
        Step::EnrollFactor => {
            let enroll =
                json!({ "href": format!("{authn}/factors"), "hints": { "allow": ["POST"] } });
            let offered = kinds().map(|(kind, provider, vendor)| {
                json!({
                    "factorType": kind,
                    "provider": provider,
                    "vendorName": vendor,
                    "status": "NOT_SETUP",
                    "enrollment": "OPTIONAL",
                    "_links": { "enroll": enroll },
                })
            });
            embedded["factors"] = offered.collect();
            "MFA_ENROLL"
        }
        Step::ActivateFactor(at) => {
            let chosen = org.factors.get(at).ok_or_else(Problem::internal)?;
            embedded["factor"] = factor(chosen, &authn);
            if let Some(activation) = activation(chosen) {
                embedded["factor"]["_embedded"] = json!({ "activation": activation });
            }
            let activate = format!("{authn}/factors/{}/lifecycle/activate", chosen.id);
            links["next"] = next("activate", activate);
            links["prev"] = post(format!("{authn}/previous"));
            "MFA_ENROLL_ACTIVATE"
        }
    };
    let mut shown = json!({
        "stateToken": token,
        "expiresAt": transaction.expires,
        "status": status,
        "_embedded": embedded,
        "_links": links,
    });
    if let (Step::ProveFactor(at), Some(push)) = (transaction.step, &transaction.push) {
        let result = match org.challenges.push(push, at, org.now) {
            Some(PushResult::Waiting | PushResult::Accepted) => "WAITING",
            Some(PushResult::Rejected) => "REJECTED",
            Some(PushResult::TimedOut) | None => "TIMEOUT",
        };
        shown["factorResult"] = json!(result);
    }
    Ok(shown)
}

/// A login that has succeeded.
pub(crate) fn authenticated(user: &User, token: &str, now: Timestamp) -> Value {
    json!({
        "expiresAt": now.later(LIFETIME),
        "status": "SUCCESS",
        "sessionToken": token,
        "_embedded": { "user": person(user) },
    })
}

/// What a user learns who is locked out, if the policy says it openly.
pub(crate) fn locked_out(base: &str) -> Value {
    let unlock = format!("{base}/api/v1/authn/recovery/unlock");
    json!({
        "status": "LOCKED_OUT",
        "_embedded": {},
        "_links": {
            "next": { "name": "unlock", "href": unlock, "hints": { "allow": ["POST"] } },
        },
    })
}

/// The answer to who has forgotten a password: the same for whoever asks.
pub(crate) fn recovery_sent() -> Value {
    json!({
        "status": "RECOVERY_CHALLENGE",
        "factorResult": "WAITING",
        "factorType": "EMAIL",
        "recoveryType": "PASSWORD",
    })
}

fn person(user: &User) -> Value {
    let member = |name: &str| user.profile.get(name).unwrap_or(Value::Null);
    let or = |name: &str, default: &str| match member(name) {
        Value::Null => json!(default),
        given => given,
    };
    json!({
        "id": user.id,
        "passwordChanged": user.password_changed,
        "profile": {
            "login": user.login(),
            "firstName": member("firstName"),
            "lastName": member("lastName"),
            "locale": or("locale", "en"),
            "timeZone": or("timezone", "America/Los_Angeles"),
        },
    })
}

fn factor(factor: &Factor, authn: &str) -> Value {
    let verify = format!("{authn}/factors/{}/verify", factor.id);
    json!({
        "id": factor.id,
        "factorType": factor.kind,
        "provider": factor.provider,
        "vendorName": factor.vendor,
        "profile": factor.profile,
        "_links": { "verify": { "href": verify, "hints": { "allow": ["POST"] } } },
    })
}
