//! A user's way through the statuses: which operation is allowed where, and what it leads to.

pub(crate) mod operations;

use crate::org::Org;
use crate::org::credentials::Password;
use crate::org::events::{self, EventKind};
use crate::org::users::Status;
use crate::problem::Problem;

impl Org {
    /// STAGED or DEPROVISIONED to ACTIVE, or to PROVISIONED while there is no password.
    pub(crate) fn activate_user(&mut self, position: u64) -> Result<(), Problem> {
        let user = self.user(position)?;
        let to = match user.status {
            Status::Staged | Status::Deprovisioned if user.can_sign_in() => Status::Active,
            Status::Staged | Status::Deprovisioned => Status::Provisioned,
            Status::Active | Status::Provisioned => return Err(Problem::already_active()),
            _ => return Err(Problem::wrong_status()),
        };
        let now = self.now;
        self.user_mut(position)?.activated = Some(now);
        self.transition(position, to, events::USER_ACTIVATED)?;
        self.refresh_apps_of(position);
        Ok(())
    }

    /// Sends the activation again, to someone who has not followed it yet.
    pub(crate) fn reactivate_user(&mut self, position: u64) -> Result<(), Problem> {
        match self.user(position)?.status {
            Status::Provisioned | Status::Recovery => {
                self.transition(position, Status::Provisioned, events::USER_REACTIVATED)
            }
            _ => Err(Problem::wrong_status()),
        }
    }

    /// To DEPROVISIONED: takes away roles and the assignments to active apps. Group memberships
    /// stay.
    pub(crate) fn deactivate_user(&mut self, position: u64) -> Result<(), Problem> {
        if self.user(position)?.status == Status::Deprovisioned {
            return Err(Problem::wrong_status());
        }
        self.revoke_all_roles(position)?;
        self.remove_factors(position);
        self.tickets.forget(position);
        self.user_mut(position)?.credentials.password = None;
        self.transition(position, Status::Deprovisioned, events::USER_DEACTIVATED)?;
        self.refresh_apps_of(position);
        let (kind, target) = (
            events::CONSENTS_GONE_WITH_USER,
            self.user(position)?.target(),
        );
        self.end_consents_with(kind, target, |consent| consent.user == position);
        Ok(())
    }

    /// ACTIVE to SUSPENDED.
    pub(crate) fn suspend_user(&mut self, position: u64) -> Result<(), Problem> {
        if self.user(position)?.status != Status::Active {
            let cause = "Cannot suspend a user that is not active";
            return Err(Problem::validation("suspendUser", [cause]));
        }
        self.transition(position, Status::Suspended, events::USER_SUSPENDED)
    }

    /// SUSPENDED to ACTIVE.
    pub(crate) fn unsuspend_user(&mut self, position: u64) -> Result<(), Problem> {
        if self.user(position)?.status != Status::Suspended {
            let cause = "Cannot unsuspend a user that is not suspended";
            return Err(Problem::validation("unsuspendUser", [cause]));
        }
        self.transition(position, Status::Active, events::USER_UNSUSPENDED)
    }

    /// LOCKED_OUT to ACTIVE.
    pub(crate) fn unlock_user(&mut self, position: u64) -> Result<(), Problem> {
        if self.user(position)?.status != Status::LockedOut {
            return Err(Problem::not_locked_out());
        }
        self.transition(position, Status::Active, events::USER_UNLOCKED)
    }

    /// To PASSWORD_EXPIRED.
    pub(crate) fn expire_password(&mut self, position: u64) -> Result<(), Problem> {
        match self.user(position)?.status {
            Status::Active | Status::PasswordExpired | Status::Recovery => {
                self.transition(position, Status::PasswordExpired, events::PASSWORD_EXPIRED)
            }
            _ => Err(Problem::wrong_status()),
        }
    }

    /// As [`Org::expire_password`], with a new password that the user must change at once.
    pub(crate) fn expire_password_with_temporary(
        &mut self,
        position: u64,
    ) -> Result<String, Problem> {
        self.expire_password(position)?;
        let password = self.ids.secret(12);
        let now = self.now;
        let user = self.user_mut(position)?;
        user.credentials.password = Some(Password::Known(password.as_str().into()));
        user.password_changed = Some(now);
        Ok(password)
    }

    /// To RECOVERY: the user chooses a new password by a link.
    pub(crate) fn reset_password(&mut self, position: u64) -> Result<(), Problem> {
        match self.user(position)?.status {
            Status::Active
            | Status::PasswordExpired
            | Status::Recovery
            | Status::LockedOut
            | Status::Provisioned => {
                self.transition(position, Status::Recovery, events::PASSWORD_RESET)
            }
            _ => Err(Problem::wrong_status()),
        }
    }

    /// Removes all enrolled factors. The status stays.
    pub(crate) fn reset_factors(&mut self, position: u64) -> Result<(), Problem> {
        let user = self.user(position)?;
        if user.status == Status::Deprovisioned {
            return Err(Problem::wrong_status());
        }
        let target = user.target();
        self.remove_factors(position);
        self.record(events::FACTORS_RESET, [target]);
        Ok(())
    }

    /// Ends all of a user's sessions, and revokes the tokens if `tokens`.
    pub(crate) fn clear_sessions(&mut self, position: u64, tokens: bool) -> Result<(), Problem> {
        let target = self.user(position)?.target();
        if tokens {
            self.oauth.revoke_user(position);
        } else {
            self.oauth.end_sessions(position);
        }
        self.record(events::SESSIONS_CLEARED, [target]);
        Ok(())
    }

    pub(crate) fn transition(
        &mut self,
        position: u64,
        to: Status,
        kind: EventKind,
    ) -> Result<(), Problem> {
        let now = self.now;
        let user = self.user_mut(position)?;
        user.status = to;
        user.status_changed = Some(now);
        user.last_updated = now;
        let target = user.target();
        self.record(kind, [target]);
        self.refresh_rules_of(position);
        Ok(())
    }
}

impl crate::org::users::User {
    /// Whether activation needs nothing more from the user.
    fn can_sign_in(&self) -> bool {
        self.credentials.password.is_some() || self.credentials.provider.kind != "OKTA"
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::fixture::{STAGE, org, person};

    type Operation = fn(&mut Org, u64) -> Result<(), Problem>;

    const ACTIVATE: Operation = Org::activate_user;
    const REACTIVATE: Operation = Org::reactivate_user;
    const DEACTIVATE: Operation = Org::deactivate_user;
    const SUSPEND: Operation = Org::suspend_user;
    const UNSUSPEND: Operation = Org::unsuspend_user;
    const UNLOCK: Operation = Org::unlock_user;
    const EXPIRE: Operation = Org::expire_password;
    const RESET: Operation = Org::reset_password;
    const RESET_FACTORS: Operation = Org::reset_factors;

    /// For each operation: what becomes of each status. A code is a refusal.
    #[test]
    fn every_operation_in_every_status() {
        // STAGED PROVISIONED ACTIVE RECOVERY PASSWORD_EXPIRED LOCKED_OUT SUSPENDED DEPROVISIONED
        let table: [(&str, Operation, [&str; 8]); 9] = [
            (
                "activate",
                ACTIVATE,
                [
                    "PROVISIONED",
                    "E0000016",
                    "E0000016",
                    "E0000038",
                    "E0000038",
                    "E0000038",
                    "E0000038",
                    "PROVISIONED",
                ],
            ),
            (
                "reactivate",
                REACTIVATE,
                [
                    "E0000038",
                    "PROVISIONED",
                    "E0000038",
                    "PROVISIONED",
                    "E0000038",
                    "E0000038",
                    "E0000038",
                    "E0000038",
                ],
            ),
            (
                "deactivate",
                DEACTIVATE,
                [
                    "DEPROVISIONED",
                    "DEPROVISIONED",
                    "DEPROVISIONED",
                    "DEPROVISIONED",
                    "DEPROVISIONED",
                    "DEPROVISIONED",
                    "DEPROVISIONED",
                    "E0000038",
                ],
            ),
            (
                "suspend",
                SUSPEND,
                [
                    "E0000001",
                    "E0000001",
                    "SUSPENDED",
                    "E0000001",
                    "E0000001",
                    "E0000001",
                    "E0000001",
                    "E0000001",
                ],
            ),
            (
                "unsuspend",
                UNSUSPEND,
                [
                    "E0000001", "E0000001", "E0000001", "E0000001", "E0000001", "E0000001",
                    "ACTIVE", "E0000001",
                ],
            ),
            (
                "unlock",
                UNLOCK,
                [
                    "E0000032", "E0000032", "E0000032", "E0000032", "E0000032", "ACTIVE",
                    "E0000032", "E0000032",
                ],
            ),
            (
                "expire_password",
                EXPIRE,
                [
                    "E0000038",
                    "E0000038",
                    "PASSWORD_EXPIRED",
                    "PASSWORD_EXPIRED",
                    "PASSWORD_EXPIRED",
                    "E0000038",
                    "E0000038",
                    "E0000038",
                ],
            ),
            (
                "reset_password",
                RESET,
                [
                    "E0000038", "RECOVERY", "RECOVERY", "RECOVERY", "RECOVERY", "RECOVERY",
                    "E0000038", "E0000038",
                ],
            ),
            (
                "reset_factors",
                RESET_FACTORS,
                [
                    "STAGED",
                    "PROVISIONED",
                    "ACTIVE",
                    "RECOVERY",
                    "PASSWORD_EXPIRED",
                    "LOCKED_OUT",
                    "SUSPENDED",
                    "E0000038",
                ],
            ),
        ];
        for (name, operation, outcomes) in table {
            for (from, expected) in Status::ALL.into_iter().zip(outcomes) {
                let mut org = org();
                let user = org
                    .create_user(&person("isaac@example.com"), STAGE)
                    .unwrap();
                org.user_mut(user).unwrap().status = from;
                let outcome = match operation(&mut org, user) {
                    Ok(()) => org.user(user).unwrap().status.as_str(),
                    Err(problem) => {
                        assert_eq!(org.user(user).unwrap().status, from);
                        problem.code
                    }
                };
                assert_eq!(outcome, expected, "{name} from {from}");
            }
        }
    }

    #[test]
    fn a_temporary_password_works_once_as_the_old_one() {
        let mut org = org();
        let user = org
            .create_user(&person("isaac@example.com"), STAGE)
            .unwrap();
        org.user_mut(user).unwrap().status = Status::Active;
        let temporary = org.expire_password_with_temporary(user).unwrap();
        assert_eq!(org.user(user).unwrap().status, Status::PasswordExpired);
        let changed = org.change_password(user, &temporary.into(), &"battery staple".into());
        assert_eq!(changed, Ok(()));
    }

    #[test]
    fn the_log_tells_the_story() {
        let mut org = org();
        let user = org
            .create_user(&person("isaac@example.com"), STAGE)
            .unwrap();
        org.activate_user(user).unwrap();
        org.delete_user(user).unwrap();
        org.delete_user(user).unwrap();
        assert_eq!(
            org.logged(),
            [
                "user.lifecycle.create",
                "user.lifecycle.activate",
                "user.lifecycle.deactivate",
                "user.lifecycle.delete.initiated",
                "user.lifecycle.delete.completed",
            ]
        );
    }
}
