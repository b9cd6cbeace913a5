//! The token inline hook: what its service is asked before tokens are signed, and what its commands do
//! to them, <https://developer.okta.com/docs/guides/token-inline-hook/>.

use json_patch::{Patch, patch};
use serde_json::{Map, Value, json};

use crate::oauth::clients::access_policy;
use crate::oauth::clients::client::Client;
use crate::oauth::memory::approval::Approval;
use crate::oauth::servers;
use crate::oauth::words::request::OAuthRequest;
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::org::inline_hooks::Question;

const KIND: &str = "com.okta.oauth2.tokens.transform";

/// Claims that say how long a token is good: services see and change the lifetime instead.
const TIMES: [&str; 2] = ["iat", "exp"];
/// Where commands find the lifetime.
const LIFETIME: &str = "/token/lifetime/expiration";
/// How long tokens may be good, in seconds: from five minutes to a day.
const LIFETIMES: std::ops::RangeInclusive<i64> = 300..=86_400;

/// Claims of both tokens that no command may touch.
const RESERVED: [&str; 12] = [
    "acr",
    "auth_time",
    "cid",
    "cnf",
    "exp",
    "groups",
    "iat",
    "iss",
    "jti",
    "sid",
    "token_type",
    "ver",
];
/// Those of access tokens.
const RESERVED_OF_ACCESS: [&str; 7] = [
    "as_uri",
    "authorization_details",
    "rpt",
    "rsi",
    "scp",
    "uid",
    "username",
];
/// Those of ID tokens.
const RESERVED_OF_ID: [&str; 43] = [
    "active",
    "aid",
    "amr",
    "app_id",
    "app_type",
    "at_hash",
    "aud",
    "c_hash",
    "client_id",
    "client_ip",
    "client_req_id",
    "client_type",
    "client_user_agent",
    "device_compliance",
    "device_id",
    "device_known",
    "device_managed",
    "device_name",
    "device_trust",
    "did",
    "dst",
    "group",
    "hotk",
    "idp",
    "idp_iss",
    "mac_key",
    "may_act",
    "nonce",
    "oid",
    "okta_emailVerified",
    "okta_lastUpdated",
    "orig",
    "permissions",
    "purpose",
    "pwd_exp_days",
    "pwd_exp_time",
    "rid",
    "role",
    "scope",
    "scopes",
    "sub",
    "term",
    "user_ip",
];

/// A token before it is signed, as a service sees and changes it.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) claims: Value,
    /// Seconds.
    pub(crate) lifetime: i64,
}

/// The tokens that are to be signed.
#[derive(Clone, Debug)]
pub(crate) struct Drafts {
    pub(crate) access: Draft,
    pub(crate) id: Option<Draft>,
}

impl Draft {
    fn shown(&self) -> Value {
        let claims = self.claims.as_object().into_iter().flatten();
        let claims = claims.filter(|(name, _)| !TIMES.contains(&name.as_str()));
        let claims: Map<String, Value> = claims.map(|(k, v)| (k.clone(), v.clone())).collect();
        json!({ "claims": claims, "token": { "lifetime": { "expiration": self.lifetime } } })
    }

    /// Does what a command says, or says why that cannot be done.
    fn change(&mut self, operations: &Value, reserved: &[&str]) -> Result<(), String> {
        let list = operations.as_array().into_iter().flatten();
        for operation in list {
            allowed(operation, reserved)?;
        }
        let operations: Patch = serde_json::from_value(operations.clone())
            .map_err(|error| format!("a command is no list of operations: {error}"))?;
        let mut shown = self.shown();
        patch(&mut shown, &operations).map_err(|error| error.to_string())?;
        let lifetime = shown["token"]["lifetime"]["expiration"].as_i64();
        let lifetime = lifetime.filter(|it| *it == self.lifetime || LIFETIMES.contains(it));
        self.lifetime = lifetime.ok_or("a lifetime must be from 300 to 86400 seconds")?;
        let mut claims = shown["claims"].take();
        for name in TIMES {
            claims[name] = self.claims[name].take();
        }
        claims["exp"] = json!(claims["iat"].as_i64().map(|iat| iat + self.lifetime));
        self.claims = claims;
        Ok(())
    }
}

/// Refuses what a service may not do.
fn allowed(operation: &Value, reserved: &[&str]) -> Result<(), String> {
    let (op, path) = (&operation["op"], &operation["path"]);
    let op = op.as_str().unwrap_or_default();
    let path = path.as_str().unwrap_or_default();
    if path == LIFETIME && op == "replace" {
        return Ok(());
    }
    let claim = path.strip_prefix("/claims/").unwrap_or_default();
    let claim = claim.split('/').next().unwrap_or_default();
    if claim.is_empty() || !["add", "replace", "remove"].contains(&op) {
        return Err(format!(
            "the operation {op:?} at {path:?} is none of add, replace and remove of a claim, or \
             replace of {LIFETIME}"
        ));
    }
    match reserved.contains(&claim) || RESERVED.contains(&claim) {
        true => Err(format!("the claim {claim:?} is reserved")),
        false => Ok(()),
    }
}

/// What the hook of the rule behind an approval is asked, if the rule has one.
pub(crate) fn question(
    org: &Org,
    request: &OAuthRequest,
    client: &Client,
    approval: &Approval,
    drafts: &Drafts,
    refresh: Option<&str>,
) -> Option<Question> {
    let Server::Custom(server) = approval.server else {
        return None;
    };
    let (policy, rule) = access_policy::rule_of(org, approval)?;
    let hook = rule.body.get("actions")?["token"]["inlineHook"]["id"].as_str()?;
    let mut data = json!({
        "context": {
            "request": {
                "id": org.caller.request.id,
                "method": request.method.as_str(),
                "url": { "value": request.url() },
                "ipAddress": org.caller.request.address,
            },
            "protocol": protocol(org, request, client, approval),
            "policy": { "id": policy.id, "rule": { "id": rule.id } },
        },
        "access": drafts.access.shown(),
    });
    let server = org.authorization_servers.get(server);
    let scopes = approval.scopes.iter().map(|name| {
        let scope = server.and_then(|server| server.scope(name));
        let id = scope.map(|scope| &scope.id);
        (name.clone(), json!({ "id": id, "action": "GRANT" }))
    });
    data["access"]["scopes"] = Value::Object(scopes.collect());
    if let Some(user) = user(org, request, approval) {
        data["context"]["user"] = user;
    }
    if let Some(id) = &drafts.id {
        data["identity"] = id.shown();
    }
    if let Some(id) = refresh {
        data["refresh_token"] = json!({ "jti": id });
    }
    org.question(hook, KIND, request.url(), data)
}

fn protocol(org: &Org, request: &OAuthRequest, client: &Client, approval: &Approval) -> Value {
    let asked = ["grant_type", "scope", "redirect_uri", "state"];
    let asked = asked
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), json!(request.form.get(name)?))));
    let mut asked: Map<String, Value> = asked.collect();
    asked.insert("client_id".to_owned(), json!(client.id));
    let issuer = servers::issuer(org, approval.server, &request.base).ok();
    json!({
        "type": "OAUTH2.0",
        "request": asked,
        "issuer": { "uri": issuer },
        "client": {
            "id": client.id,
            "name": client.label,
            "type": if client.is_public() { "PUBLIC" } else { "CONFIDENTIAL" },
        },
    })
}

fn user(org: &Org, request: &OAuthRequest, approval: &Approval) -> Option<Value> {
    let user = org.users.get(approval.user?)?;
    let own = format!("{}/api/v1/users/{}", request.base, user.id);
    Some(json!({
        "id": user.id,
        "passwordChanged": user.password_changed,
        "profile": {
            "login": user.login(),
            "firstName": user.profile.get("firstName"),
            "lastName": user.profile.get("lastName"),
            "locale": user.profile.get("locale"),
            "timeZone": user.profile.get("timezone"),
        },
        "_links": {
            "groups": { "href": format!("{own}/groups") },
            "factors": { "href": format!("{own}/factors") },
        },
    }))
}

/// What a service says of tokens.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// They are as it has them now.
    Changed,
    /// Its commands cannot be obeyed, for this reason: the tokens are as they were.
    Unusable(String),
    /// There are to be none, for this reason.
    Refused(String),
}

impl Drafts {
    /// Obeys the commands of an answer, all or none.
    pub(crate) fn obey(&mut self, answer: &Value) -> Verdict {
        if let Some(error) = answer.get("error").filter(|error| !error.is_null()) {
            let summary = error["errorSummary"].as_str();
            let summary = summary.unwrap_or("The callback service returned an error");
            return Verdict::Refused(summary.to_owned());
        }
        let mut changed = self.clone();
        match changed.obey_all(&answer["commands"]) {
            Ok(()) => {
                *self = changed;
                Verdict::Changed
            }
            Err(reason) => Verdict::Unusable(reason),
        }
    }

    fn obey_all(&mut self, commands: &Value) -> Result<(), String> {
        for command in commands.as_array().into_iter().flatten() {
            let operations = &command["value"];
            match (command["type"].as_str(), &mut self.id) {
                (Some("com.okta.access.patch"), _) => {
                    self.access.change(operations, &RESERVED_OF_ACCESS)?;
                }
                (Some("com.okta.identity.patch"), Some(id)) => {
                    id.change(operations, &RESERVED_OF_ID)?;
                }
                (Some("com.okta.identity.patch"), None) => {
                    return Err("there is no ID token to change".to_owned());
                }
                (kind, _) => {
                    return Err(format!(
                        "the command {:?} is none of com.okta.access.patch and \
                         com.okta.identity.patch",
                        kind.unwrap_or_default()
                    ));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
