//! Policies and their rules. They are kept, ordered and switched on and off. The org acts by those of
//! passwords (lockout), those of sign-ins (`sign_on`) and those of authorization servers.

pub(crate) mod operations;

use crate::object::Object;
use crate::org::Org;
use crate::org::events;
use crate::org::policies::{Policy, by_priority, free_name, insert, place};
use crate::org::profile::text;
use crate::org::table::Table;
use crate::problem::Problem;

/// The types of policies, and the type of the rules of each.
const TYPES: [(&str, &str); 12] = [
    ("ACCESS_POLICY", "ACCESS_POLICY"),
    ("CLIENT_UPDATE", "CLIENT_UPDATE"),
    ("DEVICE_SIGNAL_COLLECTION", "DEVICE_SIGNAL_COLLECTION"),
    ("ENTITY_RISK", "ENTITY_RISK"),
    ("IDENTITY_CLAIM_SOURCING", "IDENTITY_CLAIM_SOURCING"),
    ("IDP_DISCOVERY", "IDP_DISCOVERY"),
    ("MFA_ENROLL", "MFA_ENROLL"),
    ("OKTA_SIGN_ON", "SIGN_ON"),
    ("PASSWORD", "PASSWORD"),
    ("POST_AUTH_SESSION", "POST_AUTH_SESSION"),
    ("PROFILE_ENROLLMENT", "PROFILE_ENROLLMENT"),
    ("SESSION_VIOLATION_DETECTION", "SESSION_VIOLATION_DETECTION"),
];

/// The policies that every org has, by type, each with a rule for whomever no other rule is for.
const SYSTEM: [(&str, &str, &str); 7] = [
    ("ACCESS_POLICY", "Any two factors", "Catch-all Rule"),
    ("ENTITY_RISK", "Entity Risk Policy", "Catch-all Rule"),
    ("IDP_DISCOVERY", "Idp Discovery Policy", "Default Rule"),
    ("MFA_ENROLL", "Default Policy", "Default Rule"),
    ("OKTA_SIGN_ON", "Default Policy", "Default Rule"),
    ("PASSWORD", "Default Policy", "Default Rule"),
    ("PROFILE_ENROLLMENT", "Default Policy", "Catch-all Rule"),
];

impl Org {
    /// Makes a change to the policies of a type, unless they are still being put in order after the
    /// last one.
    pub(crate) fn change_policies<T>(
        &mut self,
        kind: &str,
        change: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let kind = known(kind)?.0;
        self.reconciliation.check(kind, self.now)?;
        let changed = change(self)?;
        self.reconciliation.begin(kind, self.now);
        Ok(changed)
    }

    /// The position of a policy.
    pub(crate) fn find_policy(&self, id: &str) -> Result<u64, Problem> {
        let found = self.policies.position(id);
        found.ok_or_else(|| Problem::not_found(id, "Policy"))
    }

    pub(crate) fn policy(&self, position: u64) -> Result<&Policy, Problem> {
        self.policies.get(position).ok_or_else(Problem::internal)
    }

    fn policy_mut(&mut self, position: u64) -> Result<&mut Policy, Problem> {
        let policy = self.policies.get_mut(position);
        policy.ok_or_else(Problem::internal)
    }

    /// The policies of a type by position, the one that counts first in front.
    pub(crate) fn policies_of(&self, kind: &str) -> Result<Vec<(u64, &Policy)>, Problem> {
        let kind = known(kind)?.0;
        Ok(by_priority(&self.policies, kind))
    }

    /// Makes the policies that every org has.
    pub(crate) fn create_system_policies(&mut self) -> Result<(), Problem> {
        for (kind, name, rule) in SYSTEM {
            let body = |name: &str| Object::from_iter([("name".to_owned(), name.into())]);
            let mut request = body(name);
            request.insert("type".to_owned(), kind.into());
            let policy = self.create_policy(&request, true)?;
            let rule = self.create_policy_rule(policy, &body(rule), true)?;
            let policy = self.policy_mut(policy)?;
            policy.system = true;
            if let Some(rule) = policy.rules.get_mut(rule) {
                rule.system = true;
            }
        }
        Ok(())
    }

    /// Creates a policy with `type` and `name`.
    pub(crate) fn create_policy(&mut self, body: &Object, active: bool) -> Result<u64, Problem> {
        let kind = known(text(body, "type"))?.0;
        let name = free_name(body, &self.policies, kind, None)?;
        let policy = Policy {
            id: self.ids.object("00p"),
            kind,
            name,
            active,
            system: false,
            priority: 0,
            created: self.now,
            last_updated: self.now,
            body: Policy::kept(body),
            rules: Table::default(),
        };
        let target = policy.target();
        let position = insert(&mut self.policies, policy, body);
        self.record(events::POLICY_CREATED, [target]);
        Ok(position)
    }

    /// Makes a policy like another, with its rules, under a name of its own; it comes last.
    pub(crate) fn copy_policy(&mut self, position: u64) -> Result<u64, Problem> {
        let original = self.policy(position)?;
        let (kind, active) = (original.kind, original.active);
        let mut name = format!("[cloned] {}", original.name);
        while self
            .policies
            .iter()
            .any(|(_, other)| other.kind == kind && other.name == name)
        {
            name.insert_str(0, "[cloned] ");
        }
        let mut body = original.body.clone();
        let rules: Vec<(Object, bool)> = original
            .rules
            .iter()
            .map(|(_, rule)| {
                let mut body = rule.body.clone();
                body.insert("name".to_owned(), rule.name.clone().into());
                (body, rule.active)
            })
            .collect();
        body.insert("type".to_owned(), kind.into());
        body.insert("name".to_owned(), name.into());
        let copied = self.create_policy(&body, active)?;
        for (rule, active) in rules {
            self.create_policy_rule(copied, &rule, active)?;
        }
        Ok(copied)
    }

    /// Replaces a policy; its type and its rules stay.
    pub(crate) fn replace_policy(&mut self, position: u64, body: &Object) -> Result<(), Problem> {
        let kind = self.policy(position)?.kind;
        let name = free_name(body, &self.policies, kind, Some(position))?;
        let now = self.now;
        self.policy_mut(position)?.change(name, body, now);
        place(&mut self.policies, position, body);
        let target = self.policy(position)?.target();
        self.record(events::POLICY_UPDATED, [target]);
        Ok(())
    }

    pub(crate) fn set_policy_active(&mut self, position: u64, on: bool) -> Result<(), Problem> {
        let now = self.now;
        let policy = self.policy_mut(position)?;
        policy.stays(on)?;
        (policy.active, policy.last_updated) = (on, now);
        let target = policy.target();
        let event = match on {
            true => events::POLICY_ACTIVATED,
            false => events::POLICY_DEACTIVATED,
        };
        self.record(event, [target]);
        Ok(())
    }

    pub(crate) fn delete_policy(&mut self, position: u64) -> Result<(), Problem> {
        self.policy(position)?.stays(false)?;
        if let Some(gone) = self.policies.remove(position) {
            self.record(events::POLICY_DELETED, [gone.target()]);
        }
        Ok(())
    }

    /// A rule of a policy, with its position.
    pub(crate) fn policy_rule(&self, policy: u64, id: &str) -> Result<(u64, &Policy), Problem> {
        let rules = &self.policy(policy)?.rules;
        let found = rules.position(id).and_then(|at| Some((at, rules.get(at)?)));
        found.ok_or_else(|| Problem::not_found(id, "PolicyRule"))
    }

    /// The rules of a policy by position, the one that counts first in front.
    pub(crate) fn policy_rules(&self, policy: u64) -> Result<Vec<(u64, &Policy)>, Problem> {
        let policy = self.policy(policy)?;
        Ok(by_priority(&policy.rules, known(policy.kind)?.1))
    }

    /// Creates a rule of a policy with `name`; `type` is that of the policy's rules.
    pub(crate) fn create_policy_rule(
        &mut self,
        policy: u64,
        body: &Object,
        active: bool,
    ) -> Result<u64, Problem> {
        let kind = known(self.policy(policy)?.kind)?.1;
        if !["", kind].contains(&text(body, "type")) {
            let cause = format!("type: The rules of this policy are of type {kind}");
            return Err(Problem::validation("type", [cause]));
        }
        let (id, now) = (self.ids.object("0pr"), self.now);
        let rules = &mut self.policy_mut(policy)?.rules;
        let rule = Policy {
            id,
            kind,
            name: free_name(body, rules, kind, None)?,
            active,
            system: false,
            priority: 0,
            created: now,
            last_updated: now,
            body: Policy::kept(body),
            rules: Table::default(),
        };
        let target = rule.rule_target();
        let position = insert(rules, rule, body);
        self.record(events::POLICY_RULE_ADDED, [target]);
        Ok(position)
    }

    /// Replaces a rule of a policy.
    pub(crate) fn replace_policy_rule(
        &mut self,
        policy: u64,
        rule: u64,
        body: &Object,
    ) -> Result<(), Problem> {
        let (kind, now) = (known(self.policy(policy)?.kind)?.1, self.now);
        let rules = &mut self.policy_mut(policy)?.rules;
        let name = free_name(body, rules, kind, Some(rule))?;
        let changed = rules.get_mut(rule).ok_or_else(Problem::internal)?;
        changed.change(name, body, now);
        let target = changed.rule_target();
        place(rules, rule, body);
        self.record(events::POLICY_RULE_UPDATED, [target]);
        Ok(())
    }

    pub(crate) fn set_policy_rule_active(
        &mut self,
        policy: u64,
        rule: u64,
        on: bool,
    ) -> Result<(), Problem> {
        let now = self.now;
        let rule = self.policy_mut(policy)?.rules.get_mut(rule);
        let rule = rule.ok_or_else(Problem::internal)?;
        rule.stays(on)?;
        (rule.active, rule.last_updated) = (on, now);
        let target = rule.rule_target();
        let event = match on {
            true => events::POLICY_RULE_ACTIVATED,
            false => events::POLICY_RULE_DEACTIVATED,
        };
        self.record(event, [target]);
        Ok(())
    }

    pub(crate) fn delete_policy_rule(&mut self, policy: u64, rule: u64) -> Result<(), Problem> {
        let rules = &mut self.policy_mut(policy)?.rules;
        rules
            .get(rule)
            .ok_or_else(Problem::internal)?
            .stays(false)?;
        if let Some(gone) = rules.remove(rule) {
            self.record(events::POLICY_RULE_DELETED, [gone.rule_target()]);
        }
        Ok(())
    }
}

fn known(kind: &str) -> Result<(&'static str, &'static str), Problem> {
    if kind.is_empty() {
        return Err(Problem::blank("type"));
    }
    let found = TYPES.iter().find(|(known, _)| *known == kind).copied();
    found.ok_or_else(|| {
        Problem::validation("type", [format!("type: There is no policy type {kind}")])
    })
}

#[cfg(test)]
mod tests;
