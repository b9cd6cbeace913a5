//! Access policies of custom authorization servers: who gets tokens, and for how long,
//! <https://developer.okta.com/docs/concepts/policies/>.

use serde_json::Value;

use crate::oauth::clients::client::Client;
use crate::oauth::memory::approval::{Approval, Terms};
use crate::oauth::servers;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::org::policies::{Policy, by_priority, includes};

/// `type` of such a policy, and of its rules.
pub(crate) const POLICY: &str = "OAUTH_AUTHORIZATION_POLICY";
pub(crate) const RULE: &str = "RESOURCE_ACCESS";

/// What is asked for.
pub(crate) struct Asked<'a> {
    pub(crate) server: Server,
    pub(crate) client: &'a Client,
    pub(crate) grant_type: &'a str,
    /// None where the client acts on its own.
    pub(crate) user: Option<u64>,
    pub(crate) scopes: &'a [String],
}

/// How long tokens are good: the first rule that is about the request says it. Without one there are no
/// tokens.
pub(crate) fn terms(org: &Org, asked: &Asked<'_>) -> Result<Terms, OAuthError> {
    let Server::Custom(at) = asked.server else {
        return Ok(Terms::default());
    };
    let server = servers::custom(org, at)?;
    let policies = by_priority(&server.policies, POLICY).into_iter();
    let policies = policies.filter(|(_, policy)| policy.active && is_for(policy, asked.client));
    let rules = policies.flat_map(|(policy, it)| {
        let rules = by_priority(&it.rules, RULE).into_iter();
        rules.map(move |(at, rule)| ((policy, at), rule))
    });
    let rule = rules
        .filter(|(_, rule)| rule.active)
        .find(|(_, rule)| allows(org, rule, asked));
    match rule {
        Some((at, rule)) => Ok(Terms {
            rule: Some(at),
            ..terms_of(rule, org.now.epoch_seconds())
        }),
        None => Err(OAuthError::access_denied(
            "Policy evaluation failed for this request, please check the policy configurations.",
        )),
    }
}

/// The policy and its rule by which something was approved, as they are now.
pub(crate) fn rule_of<'o>(org: &'o Org, approval: &Approval) -> Option<(&'o Policy, &'o Policy)> {
    let Server::Custom(server) = approval.server else {
        return None;
    };
    let (policy, rule) = approval.terms.rule?;
    let policy = org
        .authorization_servers
        .get(server)?
        .policies
        .get(policy)?;
    Some((policy, policy.rules.get(rule)?))
}

fn is_for(policy: &Policy, client: &Client) -> bool {
    includes(&policy.condition("clients")["include"], |name| {
        name == "ALL_CLIENTS" || name == client.id
    })
}

fn allows(org: &Org, rule: &Policy, asked: &Asked<'_>) -> bool {
    let grant_types = &rule.condition("grantTypes")["include"];
    let scopes = &rule.condition("scopes")["include"];
    let has_scope = |scope: &String| includes(scopes, |name| name == "*" || name == scope);
    includes(grant_types, |name| name == asked.grant_type)
        && asked.scopes.iter().all(has_scope)
        && asked.user.is_none_or(|user| rule.concerns(org, user))
}

fn terms_of(rule: &Policy, now: i64) -> Terms {
    let token = rule
        .body
        .get("actions")
        .map_or(&Value::Null, |it| &it["token"]);
    let seconds = |name: &str| {
        token[name]
            .as_i64()
            .map(|minutes| minutes.saturating_mul(60))
    };
    let default = Terms::default();
    let lifetime = seconds("refreshTokenLifetimeMinutes").filter(|lifetime| *lifetime > 0);
    Terms {
        access_lifetime: seconds("accessTokenLifetimeMinutes").unwrap_or(default.access_lifetime),
        refresh_window: seconds("refreshTokenWindowMinutes").unwrap_or(default.refresh_window),
        refresh_deadline: lifetime.map(|lifetime| now.saturating_add(lifetime)),
        rule: None,
    }
}
