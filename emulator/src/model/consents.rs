//! What users allowed clients to do. A consent outlives the tokens that came from it: it ends when it
//! is revoked, or with its user, its client, its authorization server or its scope.
//!
//! Source: <https://developer.okta.com/docs/guides/request-user-consent/main/>.

pub(crate) mod operations;

use crate::oauth::memory::consents::Consent;
use crate::oauth::memory::tokens::Origin;
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::org::events::{self, EventKind, Target};
use crate::problem::Problem;

impl Org {
    /// The user says yes to a scope. Saying it twice changes nothing.
    pub(crate) fn give_consent(&mut self, user: u64, client: &str, server: Server, scope: &str) {
        if self.oauth.consents.has(user, client, server, scope) {
            return;
        }
        let consent = Consent {
            id: self.ids.object("oag"),
            user,
            client_id: client.to_owned(),
            server,
            scope: scope.to_owned(),
            created: self.now,
        };
        let kind = match server {
            Server::Org => events::CONSENT_GIVEN,
            Server::Custom(_) => events::CUSTOM_CONSENT_GIVEN,
        };
        let target = target(&consent);
        self.oauth.consents.add(consent);
        if let Some(actor) = self.actor(user) {
            self.record_by(actor, kind, [target]);
        }
    }

    fn consent(&self, user: u64, id: &str) -> Result<&Consent, Problem> {
        let mut own = self.oauth.consents.of(user);
        let found = own.find(|(_, consent)| consent.id == id);
        let found = found.map(|(_, consent)| consent);
        found.ok_or_else(|| Problem::not_found(id, "OAuth2ScopeConsentGrant"))
    }

    /// Revokes a consent of a user. Tokens with that scope fall.
    fn revoke_consent(&mut self, user: u64, id: &str) -> Result<(), Problem> {
        self.consent(user, id)?;
        let ended = self.end_consents(|consent| consent.user == user && consent.id == id);
        let targets: Vec<Target> = ended.iter().map(target).collect();
        self.record(events::CONSENT_REVOKED, targets);
        Ok(())
    }

    /// Revokes all consents of a user, or those to a client alone.
    fn revoke_consents(&mut self, user: u64, client: Option<&str>) -> Result<(), Problem> {
        let target = self.user(user)?.target();
        self.end_consents(|consent| {
            consent.user == user && client.is_none_or(|client| consent.client_id == client)
        });
        let kind = match client {
            None => events::CONSENTS_OF_USER_REVOKED,
            Some(_) => events::CONSENTS_OF_USER_TO_CLIENT_REVOKED,
        };
        self.record(kind, [target]);
        Ok(())
    }

    /// Ends the consents of something that is no longer there.
    pub(super) fn end_consents_with(
        &mut self,
        kind: EventKind,
        gone: Target,
        ends: impl Fn(&Consent) -> bool,
    ) {
        if !self.end_consents(ends).is_empty() {
            self.record(kind, [gone]);
        }
    }

    fn end_consents(&mut self, ends: impl Fn(&Consent) -> bool) -> Vec<Consent> {
        let ended = self.oauth.consents.end(ends);
        for consent in &ended {
            self.oauth
                .tokens
                .revoke(&Origin::User(consent.user), |approval| {
                    approval.client_id == consent.client_id
                        && approval.server == consent.server
                        && approval.has(&consent.scope)
                });
        }
        ended
    }
}

fn target(consent: &Consent) -> Target {
    Target::new(
        &consent.id,
        "OAuth2ScopeConsentGrant",
        "unknown",
        &consent.scope,
    )
}
