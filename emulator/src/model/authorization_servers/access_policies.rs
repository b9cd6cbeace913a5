//! Access policies of authorization servers and their rules. Who gets tokens by them:
//! `oauth/clients/access_policy.rs`.

use serde_json::{Value, json};

use super::named::server_of;
use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, post, put};
use crate::oauth::clients::access_policy::{POLICY, RULE};
use crate::object::Object;
use crate::org::Org;
use crate::org::policies::{Policy, by_priority, free_name, insert, place};
use crate::org::profile::text;
use crate::org::table::Table;
use crate::problem::Problem;
use crate::view;

/// The grant types that the rule of the default server allows.
const GRANT_TYPES: [&str; 8] = [
    "implicit",
    "authorization_code",
    "client_credentials",
    "password",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "urn:openid:params:grant-type:ciba",
];

/// How long tokens may be good, in minutes.
const ACCESS_MINUTES: std::ops::RangeInclusive<i64> = 5..=1440;

impl Org {
    /// The policy that lets all clients and everybody in.
    pub(super) fn create_default_access_policy(&mut self, server: u64) -> Result<(), Problem> {
        let policy = json!({
            "type": POLICY,
            "name": "Default Policy",
            "description": "For all clients",
            "conditions": { "clients": { "include": ["ALL_CLIENTS"] } },
        });
        let rule = json!({
            "type": RULE,
            "name": "Default Policy Rule",
            "conditions": {
                "grantTypes": { "include": GRANT_TYPES },
                "people": { "users": { "include": [], "exclude": [] },
                            "groups": { "include": ["EVERYONE"], "exclude": [] } },
                "scopes": { "include": ["*"] },
            },
            "actions": { "token": {
                "accessTokenLifetimeMinutes": 60,
                "refreshTokenLifetimeMinutes": 0,
                "refreshTokenWindowMinutes": 10080,
            } },
        });
        let policy = self.create_access_policy(server, &super::object(policy), true)?;
        self.create_access_rule(server, policy, &super::object(rule), true)?;
        Ok(())
    }

    fn access_policy(&self, server: u64, policy: u64) -> Result<&Policy, Problem> {
        let policies = &self.authorization_server(server)?.policies;
        policies.get(policy).ok_or_else(Problem::internal)
    }

    fn access_policy_mut(&mut self, server: u64, policy: u64) -> Result<&mut Policy, Problem> {
        let policies = &mut self.authorization_server_mut(server)?.policies;
        policies.get_mut(policy).ok_or_else(Problem::internal)
    }

    fn create_access_policy(
        &mut self,
        server: u64,
        body: &Object,
        active: bool,
    ) -> Result<u64, Problem> {
        of_kind(body, POLICY)?;
        let row = self.new_row("00p", POLICY, body, active);
        let policies = &mut self.authorization_server_mut(server)?.policies;
        let name = free_name(body, policies, POLICY, None)?;
        Ok(insert(policies, Policy { name, ..row }, body))
    }

    fn create_access_rule(
        &mut self,
        server: u64,
        policy: u64,
        body: &Object,
        active: bool,
    ) -> Result<u64, Problem> {
        of_kind(body, RULE)?;
        lifetimes(body)?;
        let row = self.new_row("0pr", RULE, body, active);
        let rules = &mut self.access_policy_mut(server, policy)?.rules;
        let name = free_name(body, rules, RULE, None)?;
        Ok(insert(rules, Policy { name, ..row }, body))
    }

    /// A policy or a rule without its name.
    fn new_row(&mut self, prefix: &str, kind: &'static str, body: &Object, active: bool) -> Policy {
        Policy {
            id: self.ids.object(prefix),
            kind,
            name: String::new(),
            active,
            system: false,
            priority: 0,
            created: self.now,
            last_updated: self.now,
            body: Policy::kept(body),
            rules: Table::default(),
        }
    }
}

/// Refuses another type than the one there is.
fn of_kind(body: &Object, kind: &str) -> Result<(), Problem> {
    match text(body, "type") {
        "" => Ok(()),
        given if given == kind => Ok(()),
        _ => Err(Problem::validation(
            "type",
            [format!("type: must be {kind}")],
        )),
    }
}

/// Refuses lifetimes of access tokens that Okta does not take.
fn lifetimes(body: &Object) -> Result<(), Problem> {
    let actions = body.get("actions").unwrap_or(&Value::Null);
    let minutes = actions["token"]["accessTokenLifetimeMinutes"].as_i64();
    if minutes.is_none_or(|minutes| ACCESS_MINUTES.contains(&minutes)) {
        return Ok(());
    }
    let member = "accessTokenLifetimeMinutes";
    let cause = format!("{member}: must be from 5 minutes to 1440 minutes, a day");
    Err(Problem::validation(member, [cause]))
}

/// Replaces a row of a table: a policy, or a rule of one.
fn replaced(
    table: &mut Table<Policy>,
    at: u64,
    body: &Object,
    now: crate::clock::Timestamp,
) -> Result<(), Problem> {
    let kind = table.get(at).ok_or_else(Problem::internal)?.kind;
    of_kind(body, kind)?;
    let name = free_name(body, table, kind, Some(at))?;
    let row = table.get_mut(at).ok_or_else(Problem::internal)?;
    row.change(name, body, now);
    place(table, at, body);
    Ok(())
}

pub(super) fn operations() -> Modelled {
    let policy = |rest: &str| {
        format!("/api/v1/authorizationServers/{{authServerId}}/policies/{{policyId}}{rest}")
    };
    let rule = |rest: &str| policy(&format!("/rules/{{ruleId}}{rest}"));
    Modelled::new()
        .at(
            "/api/v1/authorizationServers/{authServerId}/policies",
            [get(list), post(create)],
        )
        .at(&policy(""), [get(read), put(replace), delete(remove)])
        .at(
            &policy("/lifecycle/activate"),
            [post(|org, call| switch(org, call, true))],
        )
        .at(
            &policy("/lifecycle/deactivate"),
            [post(|org, call| switch(org, call, false))],
        )
        .at(&policy("/rules"), [get(list_rules), post(create_rule)])
        .at(
            &rule(""),
            [get(read_rule), put(replace_rule), delete(remove_rule)],
        )
        .at(
            &rule("/lifecycle/activate"),
            [post(|org, call| switch_rule(org, call, true))],
        )
        .at(
            &rule("/lifecycle/deactivate"),
            [post(|org, call| switch_rule(org, call, false))],
        )
}

/// Positions of the server and of the policy that the path names.
fn policy_of(org: &Org, call: &Call) -> Result<(u64, u64), Problem> {
    let server = server_of(org, call)?;
    let id = call.parameter("policyId");
    let found = org.authorization_server(server)?.policies.position(id);
    let policy = found.ok_or_else(|| Problem::not_found(id, "Policy"))?;
    Ok((server, policy))
}

/// Where the policies of a server are.
fn base_of(org: &Org, call: &Call, server: u64) -> Result<String, Problem> {
    let id = &org.authorization_server(server)?.id;
    Ok(format!(
        "{}/api/v1/authorizationServers/{id}/policies",
        call.base
    ))
}

fn show(org: &Org, call: &Call, at: (u64, u64), status: u16) -> Result<Reply, Problem> {
    let base = base_of(org, call, at.0)?;
    let policy = org.access_policy(at.0, at.1)?;
    Reply::json(status, &view::access_policy(policy, &base))
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let server = server_of(org, call)?;
    let base = base_of(org, call, server)?;
    let policies = by_priority(&org.authorization_server(server)?.policies, POLICY);
    let views = policies
        .iter()
        .map(|(_, row)| view::access_policy(row, &base));
    Reply::ok(&views.collect::<Vec<_>>())
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let server = server_of(org, call)?;
    let body = call.object()?;
    let active = text(&body, "status") != "INACTIVE";
    let policy = org.create_access_policy(server, &body, active)?;
    show(org, call, (server, policy), 201)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    show(org, call, policy_of(org, call)?, 200)
}

fn replace(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (server, policy) = policy_of(org, call)?;
    let now = org.now;
    let policies = &mut org.authorization_server_mut(server)?.policies;
    replaced(policies, policy, &call.object()?, now)?;
    show(org, call, (server, policy), 200)
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (server, policy) = policy_of(org, call)?;
    org.authorization_server_mut(server)?
        .policies
        .remove(policy);
    Reply::no_content()
}

fn switch(org: &mut Org, call: &Call, on: bool) -> Result<Reply, Problem> {
    let (server, policy) = policy_of(org, call)?;
    let now = org.now;
    let policy = org.access_policy_mut(server, policy)?;
    (policy.active, policy.last_updated) = (on, now);
    Reply::no_content()
}

/// Positions of the server, the policy and the rule that the path names.
fn rule_of(org: &Org, call: &Call) -> Result<(u64, u64, u64), Problem> {
    let (server, policy) = policy_of(org, call)?;
    let id = call.parameter("ruleId");
    let found = org.access_policy(server, policy)?.rules.position(id);
    let rule = found.ok_or_else(|| Problem::not_found(id, "PolicyRule"))?;
    Ok((server, policy, rule))
}

fn show_rule(org: &Org, call: &Call, at: (u64, u64, u64), status: u16) -> Result<Reply, Problem> {
    let base = base_of(org, call, at.0)?;
    let policy = org.access_policy(at.0, at.1)?;
    let rule = policy.rules.get(at.2).ok_or_else(Problem::internal)?;
    Reply::json(status, &view::access_rule(policy, rule, &base))
}

fn list_rules(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (server, policy) = policy_of(org, call)?;
    let base = base_of(org, call, server)?;
    let policy = org.access_policy(server, policy)?;
    let rules = by_priority(&policy.rules, RULE);
    let views = rules
        .iter()
        .map(|(_, rule)| view::access_rule(policy, rule, &base));
    Reply::ok(&views.collect::<Vec<_>>())
}

fn create_rule(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (server, policy) = policy_of(org, call)?;
    let body = call.object()?;
    let active = text(&body, "status") != "INACTIVE";
    let rule = org.create_access_rule(server, policy, &body, active)?;
    show_rule(org, call, (server, policy, rule), 201)
}

fn read_rule(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    show_rule(org, call, rule_of(org, call)?, 200)
}

fn replace_rule(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (server, policy, rule) = rule_of(org, call)?;
    let (now, body) = (org.now, call.object()?);
    lifetimes(&body)?;
    let rules = &mut org.access_policy_mut(server, policy)?.rules;
    replaced(rules, rule, &body, now)?;
    show_rule(org, call, (server, policy, rule), 200)
}

fn remove_rule(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (server, policy, rule) = rule_of(org, call)?;
    org.access_policy_mut(server, policy)?.rules.remove(rule);
    Reply::no_content()
}

fn switch_rule(org: &mut Org, call: &Call, on: bool) -> Result<Reply, Problem> {
    let (server, policy, rule) = rule_of(org, call)?;
    let now = org.now;
    let rules = &mut org.access_policy_mut(server, policy)?.rules;
    let rule = rules.get_mut(rule).ok_or_else(Problem::internal)?;
    (rule.active, rule.last_updated) = (on, now);
    Reply::no_content()
}
