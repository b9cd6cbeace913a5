//! `/api/v1/authn`, the classic way to log in. It is no part of the management document, and needs no
//! token.

use serde_json::Value;

use super::{member, password};
use crate::call::{Call, Reply};
use crate::modelled::{Modelled, post};
use crate::object::Object;
use crate::org::Org;
use crate::org::authentication::Outcome;
use crate::problem::Problem;
use crate::view;

pub(crate) fn operations() -> Modelled {
    let authn = |rest: &str| format!("/api/v1/authn{rest}");
    Modelled::new()
        .at(&authn(""), [post(begin)])
        .at(&authn("/cancel"), [post(cancel)])
        .at(&authn("/previous"), [post(previous)])
        .at(&authn("/factors"), [post(enroll)])
        .at(&authn("/factors/{factorId}/verify"), [post(verify)])
        .at(
            &authn("/factors/{factorId}/lifecycle/activate"),
            [post(activate)],
        )
        .at(
            &authn("/credentials/change_password"),
            [post(change_password)],
        )
        .at(
            &authn("/credentials/reset_password"),
            [post(reset_password)],
        )
        .at(&authn("/recovery/password"), [post(recover)])
        .at(&authn("/recovery/token"), [post(recovery_token)])
        .at(&authn("/recovery/answer"), [post(recovery_answer)])
}

fn answered(org: &Org, call: &Call, outcome: &Outcome) -> Result<Reply, Problem> {
    let mut shown = match outcome {
        Outcome::Unfinished(token, transaction) => {
            view::transaction(org, token, transaction, &call.base)?
        }
        Outcome::Finished(user, token) => view::authenticated(org.user(*user)?, token, org.now),
        Outcome::LockedOut => view::locked_out(&call.base),
    };
    let body = call.object_or_empty()?;
    if let Some(state) = body.get("relayState") {
        shown["relayState"] = state.clone();
    }
    Reply::ok(&shown)
}

fn state(body: &Object) -> Result<&str, Problem> {
    member(body, "stateToken")
}

/// A name and a password, or a login that is under way.
fn begin(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let body = call.object()?;
    if body.contains_key("stateToken") {
        let token = state(&body)?;
        let transaction = org.transaction(token)?;
        let outcome = Outcome::Unfinished(token.to_owned(), transaction);
        return answered(org, call, &outcome);
    }
    let outcome = org.begin_login(member(&body, "username")?, member(&body, "password")?)?;
    answered(org, call, &outcome)
}

fn cancel(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let body = call.object()?;
    org.transaction(state(&body)?)?;
    org.authentications.end(state(&body)?);
    let relay = body.get("relayState").cloned().unwrap_or(Value::Null);
    Reply::ok(&serde_json::json!({ "relayState": relay }))
}

fn previous(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let outcome = org.choose_again(state(&call.object()?)?)?;
    answered(org, call, &outcome)
}

fn verify(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let body = call.object()?;
    let outcome = org.prove_factor(state(&body)?, call.parameter("factorId"), &body)?;
    answered(org, call, &outcome)
}

/// Sets up a factor where one is asked for and the user has none.
fn enroll(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let body = call.object()?;
    let outcome = org.enroll_in_login(state(&body)?, &body)?;
    answered(org, call, &outcome)
}

fn activate(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let body = call.object()?;
    let outcome = org.activate_in_login(state(&body)?, call.parameter("factorId"), &body)?;
    answered(org, call, &outcome)
}

fn change_password(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let body = call.object()?;
    let (old, new) = (
        password(&body, "oldPassword")?,
        password(&body, "newPassword")?,
    );
    let outcome = org.change_expired(state(&body)?, &old, &new)?;
    answered(org, call, &outcome)
}

fn reset_password(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let body = call.object()?;
    let outcome = org.choose_password(state(&body)?, &password(&body, "newPassword")?)?;
    answered(org, call, &outcome)
}

fn recover(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let body = call.object()?;
    org.send_recovery(member(&body, "username")?)?;
    Reply::ok(&view::recovery_sent())
}

fn recovery_token(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let outcome = org.begin_recovery(member(&call.object()?, "recoveryToken")?)?;
    answered(org, call, &outcome)
}

fn recovery_answer(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let body = call.object()?;
    let outcome = org.answer_question(state(&body)?, member(&body, "answer")?)?;
    answered(org, call, &outcome)
}
