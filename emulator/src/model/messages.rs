//! Messages to users, and what their links are good for.

use serde_json::json;

use crate::org::Org;
use crate::org::credentials::{Password, acceptable};
use crate::org::events;
use crate::org::messages::{Channel, SentMessage};
use crate::org::tickets::{Purpose, Ticket};
use crate::org::users::Status;
use crate::problem::Problem;

/// How many characters a token has.
const TOKEN: usize = 20;

impl Org {
    /// A token by which a user can choose a password.
    pub(crate) fn issue_ticket(&mut self, user: u64, purpose: Purpose) -> String {
        let token = self.ids.secret(TOKEN);
        let ticket = Ticket {
            user,
            purpose,
            expires: self.now.epoch_seconds() + purpose.lifetime(),
        };
        self.tickets.issue(token.clone(), ticket);
        token
    }

    /// Sends a link by which a user can choose a password.
    pub(crate) fn send_link(
        &mut self,
        user: u64,
        purpose: Purpose,
        template: &'static str,
    ) -> Result<(), Problem> {
        if !self.logging {
            // A seed is planted: nobody waits for an e-mail.
            return Ok(());
        }
        let token = self.issue_ticket(user, purpose);
        let person = self.user(user)?;
        let message = SentMessage {
            link: Some(format!("{}{token}", purpose.path())),
            token: Some(token),
            ..self.message(Channel::Email, person.email(), &person.id, template)
        };
        self.outbox.send(message);
        Ok(())
    }

    /// Sends the code of a factor.
    pub(crate) fn send_passcode(&mut self, position: u64) -> Result<(), Problem> {
        let factor = self.factor(position)?;
        let user = self.user(factor.user)?;
        let profile = |name: &str| factor.profile.get(name).and_then(|it| it.as_str());
        let (channel, to, template) = match factor.kind {
            "email" => (Channel::Email, profile("email"), "EmailFactorVerification"),
            "sms" => (Channel::Sms, profile("phoneNumber"), "SMS_VERIFY_CODE"),
            "call" => (Channel::Call, profile("phoneNumber"), "CALL_VERIFY_CODE"),
            _ => return Ok(()),
        };
        let message = SentMessage {
            code: self.challenges.code(position, self.now).map(str::to_owned),
            ..self.message(channel, to.unwrap_or_default(), &user.id, template)
        };
        self.outbox.send(message);
        Ok(())
    }

    fn message(
        &self,
        channel: Channel,
        to: &str,
        user_id: &str,
        template: &'static str,
    ) -> SentMessage {
        SentMessage {
            sent: self.now.to_string(),
            channel,
            to: to.to_owned(),
            user_id: user_id.to_owned(),
            template,
            link: None,
            token: None,
            code: None,
        }
    }

    /// What a token is good for, if it is good for anything now.
    pub(crate) fn ticket(&self, token: &str) -> Option<Ticket> {
        self.tickets.of(token, self.now)
    }

    /// Gives a user the password that they choose by a token, and makes them active.
    pub(crate) fn redeem_ticket(&mut self, token: &str, password: &str) -> Result<u64, Problem> {
        let ticket = self.ticket(token);
        let ticket = ticket.ok_or_else(Problem::invalid_token)?;
        let password = acceptable(&json!(password))?;
        let now = self.now;
        let user = self.user_mut(ticket.user)?;
        user.credentials.password = Some(Password::Known(password));
        user.password_changed = Some(now);
        self.tickets.forget(ticket.user);
        let kind = match ticket.purpose {
            Purpose::Activation => events::USER_ACTIVATED,
            Purpose::PasswordReset => events::PASSWORD_UPDATED,
        };
        self.transition(ticket.user, Status::Active, kind)?;
        Ok(ticket.user)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use super::*;
    use crate::model::fixture::{ACTIVATE, org, person};

    #[test]
    fn a_token_is_good_once_and_for_a_time() {
        let mut org = org();
        let user = org
            .create_user(&person("isaac@example.com"), ACTIVATE)
            .unwrap();
        let token = org.outbox.all().last().unwrap().token.clone().unwrap();
        assert_eq!(org.user(user).unwrap().status, Status::Provisioned);
        let weak = org.redeem_ticket(&token, "short").unwrap_err();
        assert_eq!(weak.code, "E0000001");
        org.now.0 += Duration::from_secs(7 * 24 * 60 * 60);
        assert_eq!(
            org.redeem_ticket(&token, "correct horse"),
            Err(Problem::invalid_token())
        );
        org.now.0 -= Duration::from_secs(1);
        assert_eq!(org.redeem_ticket(&token, "correct horse"), Ok(user));
        assert_eq!(org.user(user).unwrap().status, Status::Active);
        assert!(org.redeem_ticket(&token, "correct horse").is_err());
    }

    #[test]
    fn who_is_deactivated_has_no_token() {
        let mut org = org();
        let user = org
            .create_user(&person("isaac@example.com"), ACTIVATE)
            .unwrap();
        let token = org.outbox.all().last().unwrap().token.clone().unwrap();
        org.deactivate_user(user).unwrap();
        assert!(org.ticket(&token).is_none());
    }
}
