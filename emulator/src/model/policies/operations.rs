//! `/api/v1/policies`: policies and their rules.

use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, post, put};
use crate::org::Org;
use crate::org::profile::text;
use crate::paging::Page;
use crate::problem::Problem;
use crate::view;

pub(crate) fn operations() -> Modelled {
    let policy = |rest: &str| format!("/api/v1/policies/{{policyId}}{rest}");
    let rule = |rest: &str| policy(&format!("/rules/{{ruleId}}{rest}"));
    Modelled::new()
        .at("/api/v1/policies", [get(list), post(create)])
        .at(&policy(""), [get(read), put(replace), delete(remove)])
        .at(
            &policy("/lifecycle/activate"),
            [post(|org, call| switch(org, call, true))],
        )
        .at(
            &policy("/lifecycle/deactivate"),
            [post(|org, call| switch(org, call, false))],
        )
        .at(&policy("/clone"), [post(copy)])
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

fn policy_of(org: &Org, call: &Call) -> Result<u64, Problem> {
    org.find_policy(call.parameter("policyId"))
}

/// A change of a policy, or of its rules.
fn change<T>(
    org: &mut Org,
    policy: u64,
    change: impl FnOnce(&mut Org) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let kind = org.policy(policy)?.kind;
    org.change_policies(kind, change)
}

fn show(org: &Org, call: &Call, position: u64) -> Result<Reply, Problem> {
    Reply::ok(&view::policy(org.policy(position)?, &call.base))
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (status, q) = (call.option("status"), call.option("q"));
    let policies = org.policies_of(call.option("type").unwrap_or_default())?;
    let wanted = policies
        .into_iter()
        .map(|(_, policy)| policy)
        .filter(|policy| {
            status.is_none_or(|status| (status == "ACTIVE") == policy.active)
                && q.is_none_or(|q| policy.name.to_lowercase().contains(&q.to_lowercase()))
        });
    // The order is that of priorities, so a cursor is a place in it.
    let after = call.after()?;
    let rows = (0..).zip(wanted.map(|policy| view::policy(policy, &call.base)));
    let rows = rows.filter(|(place, _)| after.is_none_or(|after| *place > after));
    Reply::page(call, &Page::take(rows, call.limit(20, 200)?))
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let active = call.flag("activate", true)?;
    let body = call.object()?;
    let create = |org: &mut Org| org.create_policy(&body, active);
    let position = org.change_policies(text(&body, "type"), create)?;
    show(org, call, position)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    show(org, call, policy_of(org, call)?)
}

fn replace(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = policy_of(org, call)?;
    let body = call.object()?;
    change(org, position, |org| org.replace_policy(position, &body))?;
    show(org, call, position)
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = policy_of(org, call)?;
    change(org, position, |org| org.delete_policy(position))?;
    Reply::no_content()
}

fn copy(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = policy_of(org, call)?;
    let copied = change(org, position, |org| org.copy_policy(position))?;
    show(org, call, copied)
}

fn switch(org: &mut Org, call: &Call, on: bool) -> Result<Reply, Problem> {
    let position = policy_of(org, call)?;
    change(org, position, |org| org.set_policy_active(position, on))?;
    Reply::no_content()
}

/// Positions of the policy and of the rule that the path names.
fn rule_of(org: &Org, call: &Call) -> Result<(u64, u64), Problem> {
    let policy = policy_of(org, call)?;
    let (rule, _) = org.policy_rule(policy, call.parameter("ruleId"))?;
    Ok((policy, rule))
}

fn show_rule(org: &Org, call: &Call, policy: u64, rule: u64) -> Result<Reply, Problem> {
    let policy = org.policy(policy)?;
    let rule = policy.rules.get(rule).ok_or_else(Problem::internal)?;
    Reply::ok(&view::policy_rule(policy, rule, &call.base))
}

fn list_rules(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = policy_of(org, call)?;
    let (policy, rules) = (org.policy(position)?, org.policy_rules(position)?);
    let rules = rules.into_iter();
    let views = rules.map(|(_, rule)| view::policy_rule(policy, rule, &call.base));
    Reply::ok(&views.collect::<Vec<_>>())
}

fn create_rule(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let active = call.flag("activate", true)?;
    let policy = policy_of(org, call)?;
    let body = call.object()?;
    let create = |org: &mut Org| org.create_policy_rule(policy, &body, active);
    let rule = change(org, policy, create)?;
    show_rule(org, call, policy, rule)
}

fn read_rule(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (policy, rule) = rule_of(org, call)?;
    show_rule(org, call, policy, rule)
}

fn replace_rule(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (policy, rule) = rule_of(org, call)?;
    let body = call.object()?;
    let replace = |org: &mut Org| org.replace_policy_rule(policy, rule, &body);
    change(org, policy, replace)?;
    show_rule(org, call, policy, rule)
}

fn remove_rule(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (policy, rule) = rule_of(org, call)?;
    change(org, policy, |org| org.delete_policy_rule(policy, rule))?;
    Reply::no_content()
}

fn switch_rule(org: &mut Org, call: &Call, on: bool) -> Result<Reply, Problem> {
    let (policy, rule) = rule_of(org, call)?;
    let switch = |org: &mut Org| org.set_policy_rule_active(policy, rule, on);
    change(org, policy, switch)?;
    Reply::no_content()
}
