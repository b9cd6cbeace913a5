//! `/api/v1/users/{userId}/credentials`.

use serde_json::Value;

use crate::call::{Call, Reply};
use crate::model::lifecycle::operations::forgot_password;
use crate::model::users::operations::user_of;
use crate::modelled::{Modelled, post};
use crate::org::Org;
use crate::problem::Problem;
use crate::view;

pub(crate) fn operations() -> Modelled {
    let path = |operation: &str| format!("/api/v1/users/{{userId}}/credentials/{operation}");
    Modelled::new()
        .at(&path("change_password"), [post(change_password)])
        .at(&path("forgot_password"), [post(forgot_password)])
        .at(
            &path("forgot_password_recovery_question"),
            [post(recover_password)],
        )
}

fn change_password(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = user_of(org, call)?;
    let body = Value::Object(call.object()?);
    org.change_password(
        position,
        &body["oldPassword"]["value"],
        &body["newPassword"]["value"],
    )?;
    show(org, position)
}

fn recover_password(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = user_of(org, call)?;
    let body = Value::Object(call.object()?);
    let answer = &body["recovery_question"]["answer"];
    org.recover_password(position, answer, &body["password"]["value"])?;
    show(org, position)
}

fn show(org: &Org, position: u64) -> Result<Reply, Problem> {
    Reply::ok(&view::credentials(org.user(position)?))
}
