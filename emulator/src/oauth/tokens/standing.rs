//! Whether whoever is behind a token still may use it.

use crate::oauth::memory::approval::Approval;
use crate::org::Org;
use crate::org::users::Status;

/// Whether a token's user can still use it. A client that acts on its own always can.
pub(super) fn user_is_active(org: &Org, approval: &Approval) -> bool {
    approval.user.is_none_or(|user| {
        let user = org.users.get(user);
        user.is_some_and(|user| user.status == Status::Active)
    })
}
