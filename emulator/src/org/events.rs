//! The System Log: what happened, who did it, to whom.
//!
//! Event types: <https://developer.okta.com/docs/reference/api/event-types/>.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::tracked::word::{self, Word};

/// A type of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EventKind {
    /// Okta's `eventType`.
    #[serde(deserialize_with = "word::deserialize")]
    pub(crate) name: Word,
    /// `displayMessage`: what people read.
    #[serde(deserialize_with = "word::deserialize")]
    pub(crate) message: Word,
}

macro_rules! kinds {
    ($($constant:ident = $name:literal, $message:literal;)*) => {
        $(pub(crate) const $constant: EventKind =
            EventKind { name: $name, message: $message };)*
    };
}

kinds! {
    USER_CREATED = "user.lifecycle.create", "Create Okta user";
    USER_ACTIVATED = "user.lifecycle.activate", "Activate Okta user";
    USER_REACTIVATED = "user.lifecycle.reactivate", "Reactivate Okta user";
    USER_DEACTIVATED = "user.lifecycle.deactivate", "Deactivate Okta user";
    USER_SUSPENDED = "user.lifecycle.suspend", "Suspend Okta user";
    USER_UNSUSPENDED = "user.lifecycle.unsuspend", "Unsuspend Okta user";
    USER_DELETE_INITIATED = "user.lifecycle.delete.initiated", "Delete Okta user initiated";
    USER_DELETED = "user.lifecycle.delete.completed", "Delete Okta user completed";
    USER_LOCKED = "user.account.lock", "Max sign in attempts exceeded";
    USER_UNLOCKED = "user.account.unlock_by_admin", "User account unlocked by admin";
    USER_PROFILE_UPDATED = "user.account.update_profile", "Update user profile for Okta";
    PASSWORD_UPDATED = "user.account.update_password", "User update password for Okta";
    PASSWORD_IMPORTED = "user.import.password", "Import password of user";
    PASSWORD_RESET = "user.account.reset_password", "User reset password for Okta";
    PASSWORD_EXPIRED = "user.account.expire_password", "User password expired by admin";
    FACTOR_ACTIVATED = "user.mfa.factor.activate", "Activate factor for user";
    FACTOR_DEACTIVATED = "user.mfa.factor.deactivate", "Deactivate factor for user";
    FACTORS_RESET = "user.mfa.factor.reset_all", "Reset all factors for user";
    SESSION_STARTED = "user.session.start", "User login to Okta";
    SESSION_ENDED = "user.session.end", "User logout from Okta";
    SESSIONS_CLEARED = "user.session.clear", "Clear user session";
    USER_PRIVILEGE_GRANTED = "user.account.privilege.grant", "Grant user privilege";
    USER_PRIVILEGE_REVOKED = "user.account.privilege.revoke", "Revoke user privilege";
    GROUP_CREATED = "group.lifecycle.create", "Create Okta group";
    GROUP_UPDATED = "group.profile.update", "Update Okta group profile";
    GROUP_DELETED = "group.lifecycle.delete", "Delete Okta group";
    MEMBER_ADDED = "group.user_membership.add", "Add user to group membership";
    MEMBER_REMOVED = "group.user_membership.remove", "Remove user from group membership";
    RULE_DEACTIVATED = "group.user_membership.rule.deactivated", "Group rule deactivated";
    RULE_INVALIDATED = "group.user_membership.rule.invalidate", "Group rule is now invalid";
    RULE_EXCLUSION_ADDED = "group.user_membership.rule.add_exclusion",
        "Add user to exclusion of group rule";
    GROUP_PRIVILEGE_GRANTED = "group.privilege.grant", "Grant group privilege";
    GROUP_PRIVILEGE_REVOKED = "group.privilege.revoke", "Revoke group privilege";
    APP_CREATED = "application.lifecycle.create", "Create application";
    APP_UPDATED = "application.lifecycle.update", "Update application";
    APP_ACTIVATED = "application.lifecycle.activate", "Activate application";
    APP_DEACTIVATED = "application.lifecycle.deactivate", "Deactivate application";
    APP_DELETED = "application.lifecycle.delete", "Delete application";
    APP_KEY_GENERATED = "app.keys.generate", "Generate application key";
    APP_KEY_CLONED = "app.keys.clone", "Clone application key";
    PROVIDER_KEY_CREATED = "system.idp.key.create", "Create identity provider key";
    PROVIDER_KEY_UPDATED = "system.idp.key.update", "Update identity provider key";
    PROVIDER_KEY_DELETED = "system.idp.key.delete", "Delete identity provider key";
    APP_USER_ADDED = "application.user_membership.add", "Add user to application membership";
    APP_USER_UPDATED = "application.user_membership.update",
        "Update user in application membership";
    APP_USER_REMOVED = "application.user_membership.remove",
        "Remove user from application membership";
    APP_GROUP_ADDED = "group.application_assignment.add", "Add assigned application to group";
    APP_GROUP_UPDATED = "group.application_assignment.update",
        "Update application assignment of group";
    APP_GROUP_REMOVED = "group.application_assignment.remove",
        "Remove assigned application from group";
    SCOPE_GRANTED = "app.oauth2.admin.consent.grant", "Grant consent for Okta API scopes";
    SCOPE_REVOKED = "app.oauth2.admin.consent.revoke", "Revoke consent for Okta API scopes";
    CODE_GRANTED = "app.oauth2.authorize.code", "OIDC authorization code request";
    CUSTOM_CODE_GRANTED = "app.oauth2.as.authorize.code", "OAuth2 authorization code request";
    TOKEN_GRANTED = "app.oauth2.token.grant.access_token", "OIDC access token is granted";
    CUSTOM_TOKEN_GRANTED = "app.oauth2.as.token.grant.access_token",
        "OAuth2 access token is granted";
    TOKEN_REVOKED = "app.oauth2.token.revoke", "OIDC token revocation request";
    CUSTOM_TOKEN_REVOKED = "app.oauth2.as.token.revoke", "OAuth2 token revocation request";
    CONSENT_GIVEN = "app.oauth2.consent.grant", "User granted consent to app";
    CUSTOM_CONSENT_GIVEN = "app.oauth2.as.consent.grant", "User granted consent to app";
    CONSENT_REVOKED = "app.oauth2.as.consent.revoke", "User revoked consent from app";
    CONSENTS_OF_USER_REVOKED = "app.oauth2.as.consent.revoke.user",
        "Revoke all consents of user";
    CONSENTS_OF_USER_TO_CLIENT_REVOKED = "app.oauth2.as.consent.revoke.user.client",
        "Revoke all consents of user to client";
    CONSENTS_GONE_WITH_SERVER = "app.oauth2.as.consent.revoke.implicit.as",
        "Consents revoked with authorization server";
    CONSENTS_GONE_WITH_CLIENT = "app.oauth2.as.consent.revoke.implicit.client",
        "Consents revoked with client";
    CONSENTS_GONE_WITH_SCOPE = "app.oauth2.as.consent.revoke.implicit.scope",
        "Consents revoked with scope";
    CONSENTS_GONE_WITH_USER = "app.oauth2.as.consent.revoke.implicit.user",
        "Consents revoked with user";
    AUTHORIZATION_SERVER_CREATED = "oauth2.as.created", "Authorization server created";
    AUTHORIZATION_SERVER_UPDATED = "oauth2.as.updated", "Authorization server updated";
    AUTHORIZATION_SERVER_ACTIVATED = "oauth2.as.activated", "Authorization server activated";
    AUTHORIZATION_SERVER_DEACTIVATED = "oauth2.as.deactivated", "Authorization server deactivated";
    AUTHORIZATION_SERVER_DELETED = "oauth2.as.deleted", "Authorization server deleted";
    CUSTOM_ROLE_CREATED = "iam.role.create", "Create a custom admin role";
    CUSTOM_ROLE_DELETED = "iam.role.delete", "Delete a custom admin role";
    PERMISSION_ADDED = "iam.role.permissions.add", "Add permissions to a custom admin role";
    PERMISSION_REMOVED = "iam.role.permissions.delete",
        "Remove permissions from a custom admin role";
    POLICY_CREATED = "policy.lifecycle.create", "Create policy";
    POLICY_UPDATED = "policy.lifecycle.update", "Update policy";
    POLICY_ACTIVATED = "policy.lifecycle.activate", "Activate policy";
    POLICY_DEACTIVATED = "policy.lifecycle.deactivate", "Deactivate policy";
    POLICY_DELETED = "policy.lifecycle.delete", "Delete policy";
    POLICY_RULE_ADDED = "policy.rule.add", "Add policy rule";
    POLICY_RULE_UPDATED = "policy.rule.update", "Update policy rule";
    POLICY_RULE_ACTIVATED = "policy.rule.activate", "Activate policy rule";
    POLICY_RULE_DEACTIVATED = "policy.rule.deactivate", "Deactivate policy rule";
    POLICY_RULE_DELETED = "policy.rule.delete", "Delete policy rule";
    EVENT_HOOK_CREATED = "event_hook.created", "Create event hook";
    EVENT_HOOK_UPDATED = "event_hook.updated", "Update event hook";
    EVENT_HOOK_VERIFIED = "event_hook.verified", "Verify event hook";
    EVENT_HOOK_ACTIVATED = "event_hook.activated", "Activate event hook";
    EVENT_HOOK_DEACTIVATED = "event_hook.deactivated", "Deactivate event hook";
    EVENT_HOOK_DELETED = "event_hook.deleted", "Delete event hook";
    INLINE_HOOK_EXECUTED = "inline_hook.executed", "Execute inline hook";
    INLINE_HOOK_ANSWERED = "inline_hook.response.processed", "Process inline hook response";
    EVENT_HOOK_DELIVERY = "event_hook.delivery", "Deliver events to event hook";
    RESOURCE_SET_CREATED = "iam.resourceset.create", "Create a resource set";
    RESOURCE_SET_DELETED = "iam.resourceset.delete", "Delete a resource set";
    RESOURCE_ADDED = "iam.resourceset.resources.add", "Add resources to a resource set";
    RESOURCE_REMOVED = "iam.resourceset.resources.delete",
        "Remove resources from a resource set";
}

/// Who does something.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Actor {
    pub(crate) id: String,
    #[serde(deserialize_with = "word::deserialize")]
    pub(crate) kind: Word,
    pub(crate) alternate_id: String,
    pub(crate) display_name: String,
}

/// A request on its way through the org.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) actor: Arc<Actor>,
    pub(crate) request: Arc<Request>,
}

/// What the System Log says about the request behind an event.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) id: String,
    pub(crate) path: String,
    pub(crate) user_agent: String,
    pub(crate) address: String,
}

impl Caller {
    /// The org itself, before anyone called.
    pub(crate) fn system() -> Self {
        Self {
            actor: Arc::new(Actor {
                id: "SYSTEM".to_owned(),
                kind: "SystemPrincipal",
                alternate_id: "system@okta.com".to_owned(),
                display_name: "Okta System".to_owned(),
            }),
            request: Arc::new(Request {
                id: "unknown".to_owned(),
                path: String::new(),
                user_agent: String::new(),
                address: "127.0.0.1".to_owned(),
            }),
        }
    }
}

/// What something is done to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Target {
    pub(crate) id: String,
    #[serde(deserialize_with = "word::deserialize")]
    pub(crate) kind: Word,
    pub(crate) alternate_id: String,
    pub(crate) display_name: String,
}

impl Target {
    pub(crate) fn new(
        id: &str,
        kind: &'static str,
        alternate_id: &str,
        display_name: &str,
    ) -> Self {
        Self {
            id: id.to_owned(),
            kind,
            alternate_id: alternate_id.to_owned(),
            display_name: display_name.to_owned(),
        }
    }
}

/// One entry of the System Log.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) uuid: String,
    pub(crate) published: Timestamp,
    pub(crate) kind: EventKind,
    pub(crate) actor: Arc<Actor>,
    pub(crate) request: Arc<Request>,
    pub(crate) targets: Vec<Target>,
    /// Why it failed, if it did.
    #[serde(default)]
    pub(crate) failure: Option<Box<str>>,
    /// See [`Event::texts`].
    #[serde(skip)]
    pub(crate) texts: OnceLock<Box<str>>,
}

impl Event {
    /// Something that the org has done by itself.
    pub(crate) fn of_system(uuid: String, published: Timestamp, kind: EventKind) -> Self {
        let Caller { actor, request } = Caller::system();
        Self {
            uuid,
            published,
            kind,
            actor,
            request,
            targets: Vec::new(),
            failure: None,
            texts: OnceLock::new(),
        }
    }

    /// `outcome.result`.
    pub(crate) fn result(&self) -> &'static str {
        match self.failure {
            None => "SUCCESS",
            Some(_) => "FAILURE",
        }
    }

    /// The texts in which events differ, but for the moment, one a line, in lower case. They are kept,
    /// since a query with keywords looks at those of all events.
    pub(crate) fn texts(&self) -> &str {
        self.texts.get_or_init(|| {
            let (actor, request) = (&self.actor, &self.request);
            let own = [
                &self.uuid,
                self.kind.name,
                self.kind.message,
                &actor.id,
                actor.kind,
                &actor.alternate_id,
                &actor.display_name,
                &request.id,
                &request.path,
                &request.user_agent,
                &request.address,
            ];
            let of_targets = self.targets.iter().flat_map(|target| {
                let Target {
                    id,
                    kind,
                    alternate_id,
                    display_name,
                } = target;
                [id, *kind, alternate_id, display_name]
            });
            let texts: Vec<&str> = own
                .into_iter()
                .chain(self.failure.as_deref())
                .chain(of_targets)
                .collect();
            texts.join("\n").to_lowercase().into()
        })
    }
}
