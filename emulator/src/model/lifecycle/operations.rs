//! `/api/v1/users/{userId}/lifecycle`.

use serde_json::json;

use crate::call::{Call, Reply};
use crate::model::users::operations::user_of;
use crate::modelled::{Modelled, post};
use crate::org::Org;
use crate::org::tickets::Purpose;
use crate::problem::Problem;
use crate::view::{UserDetail, UserView};

pub(crate) fn operations() -> Modelled {
    let path = |operation: &str| format!("/api/v1/users/{{userId}}/lifecycle/{operation}");
    Modelled::new()
        .at(&path("activate"), [post(activate)])
        .at(&path("reactivate"), [post(reactivate)])
        .at(
            &path("deactivate"),
            [post(|org, call| done(org, call, Org::deactivate_user))],
        )
        .at(
            &path("suspend"),
            [post(|org, call| done(org, call, Org::suspend_user))],
        )
        .at(
            &path("unsuspend"),
            [post(|org, call| done(org, call, Org::unsuspend_user))],
        )
        .at(
            &path("unlock"),
            [post(|org, call| done(org, call, Org::unlock_user))],
        )
        .at(
            &path("reset_factors"),
            [post(|org, call| done(org, call, Org::reset_factors))],
        )
        .at(&path("reset_password"), [post(reset_password)])
        .at(&path("expire_password"), [post(expire_password)])
        .at(
            &path("expire_password_with_temp_password"),
            [post(temporary_password)],
        )
}

/// An operation that answers `{}`.
fn done(
    org: &mut Org,
    call: &Call,
    operation: fn(&mut Org, u64) -> Result<(), Problem>,
) -> Result<Reply, Problem> {
    operation(org, user_of(org, call)?)?;
    Reply::empty_object()
}

fn activate(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let send_email = call.flag("sendEmail", true)?;
    let position = user_of(org, call)?;
    org.activate_user(position)?;
    activation(org, call, position, send_email)
}

fn reactivate(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let send_email = call.flag("sendEmail", false)?;
    let position = user_of(org, call)?;
    org.reactivate_user(position)?;
    activation(org, call, position, send_email)
}

/// The link by which the user chooses a password: by e-mail, or to those who send it themselves.
fn activation(
    org: &mut Org,
    call: &Call,
    position: u64,
    send_email: bool,
) -> Result<Reply, Problem> {
    let purpose = Purpose::Activation;
    if send_email {
        org.send_link(position, purpose, "UserActivation")?;
        return Reply::empty_object();
    }
    let token = org.issue_ticket(position, purpose);
    Reply::ok(&json!({
        "activationUrl": format!("{}{}{token}", call.base, purpose.path()),
        "activationToken": token,
    }))
}

fn reset_password(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    reset(org, call, "PasswordResetByAdmin")
}

/// Starts a recovery that the user has asked for.
pub(crate) fn forgot_password(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    reset(org, call, "ForgotPassword")
}

fn reset(org: &mut Org, call: &Call, template: &'static str) -> Result<Reply, Problem> {
    let send_email = call.flag("sendEmail", true)?;
    let position = user_of(org, call)?;
    org.reset_password(position)?;
    let purpose = Purpose::PasswordReset;
    if send_email {
        org.send_link(position, purpose, template)?;
        return Reply::empty_object();
    }
    let token = org.issue_ticket(position, purpose);
    let url = format!("{}{}{token}", call.base, purpose.path());
    Reply::ok(&json!({ "resetPasswordUrl": url }))
}

fn expire_password(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    if call.flag("tempPassword", false)? {
        return temporary_password(org, call);
    }
    let position = user_of(org, call)?;
    org.expire_password(position)?;
    let user = org.user(position)?;
    Reply::ok(&UserView {
        org,
        user,
        base: &call.base,
        detail: UserDetail::Full,
    })
}

fn temporary_password(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let password = org.expire_password_with_temporary(user_of(org, call)?)?;
    Reply::ok(&json!({ "tempPassword": password }))
}
