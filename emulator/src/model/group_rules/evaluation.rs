//! Holding rules against users.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::clock::Timestamp;
use crate::expression_language::{Presence, Scope};
use crate::org::Org;
use crate::org::events::{self, Caller};
use crate::org::group_rules::{GroupRule, RuleStatus};
use crate::org::users::{Status, User};
use crate::problem::Problem;

/// How often the rules of a user are evaluated if each change calls for another. Rules that depend on
/// each other come to rest earlier, unless they contradict themselves.
const MOST_ROUNDS: usize = 10;

/// A user as rules see it.
struct Person<'o> {
    org: &'o Org,
    position: u64,
    user: &'o User,
}

impl Scope for Person<'_> {
    fn attribute(&self, object: &str, name: &str) -> Option<Value> {
        let own = object == "user";
        own.then(|| self.user.profile.get(name)).flatten()
    }

    fn object(&self, object: &str) -> Option<Presence> {
        (object == "user").then_some(Presence::Present)
    }

    fn now(&self) -> Timestamp {
        self.org.now
    }

    fn internal(&self, name: &str) -> Option<Value> {
        let user = self.user;
        match name {
            "id" => Some(json!(user.id)),
            "status" => Some(json!(user.status.as_str())),
            "created" => Some(json!(user.created)),
            "lastUpdated" => Some(json!(user.last_updated)),
            "lastLogin" => Some(json!(user.last_login)),
            "passwordChanged" => Some(json!(user.password_changed)),
            _ => None,
        }
    }

    fn groups(&self) -> Vec<(String, String)> {
        let groups = self.org.groups_of(self.position);
        groups
            .map(|(_, group)| (group.id.clone(), group.name().to_owned()))
            .collect()
    }

    fn linked(&self, primary: &str) -> Option<Value> {
        let linked = self.org.linked_objects.primary_of(primary, self.position)?;
        Some(json!(self.org.users.get(linked)?.profile))
    }
}

/// What a rule wants of a user.
struct Wish {
    rule: u64,
    /// Positions of the groups that the user should be in because of it.
    groups: BTreeSet<u64>,
}

impl Org {
    /// Whether the profiles of users can have an attribute.
    pub(super) fn has_user_attribute(&self, name: &str) -> bool {
        self.lax_profiles
            || self
                .user_types
                .iter()
                .any(|(_, kind)| kind.schema.declares(name))
    }

    /// Evaluates a rule for all users.
    pub(super) fn evaluate_rule(&mut self, rule: u64) {
        let users: Vec<u64> = self.users.iter().map(|(position, _)| position).collect();
        for user in users {
            if self.evaluate_for(user, &[rule]) {
                self.refresh_rules_of(user);
            }
        }
    }

    /// Evaluates all active rules for a user, until nothing changes any more.
    pub(crate) fn refresh_rules_of(&mut self, user: u64) {
        let active = self.rules.iter();
        let active: Vec<u64> = active
            .filter(|(_, rule)| rule.status == RuleStatus::Active)
            .map(|(position, _)| position)
            .collect();
        if active.is_empty() {
            return;
        }
        for _ in 0..MOST_ROUNDS {
            if !self.evaluate_for(user, &active) {
                return;
            }
        }
        tracing::warn!("group rules contradict each other");
    }

    /// Evaluates rules for a user once; tells whether that changed a membership.
    fn evaluate_for(&mut self, user: u64, rules: &[u64]) -> bool {
        let wishes = rules.iter().filter_map(|rule| self.wish(user, *rule));
        let wishes: Vec<Wish> = wishes.collect();
        let mut changed = false;
        for Wish { rule, groups } in wishes {
            let made = self.made_by(rule, user);
            for group in groups.difference(&made) {
                changed |= self.join_by_rule(rule, user, *group);
            }
            for group in made.difference(&groups) {
                changed |= self.leave_by_rule(rule, user, *group);
            }
        }
        changed
    }

    /// What a rule wants of a user; none if it says nothing about users in that status. An expression
    /// that has no value for the user does not hold.
    fn wish(&self, position: u64, rule: u64) -> Option<Wish> {
        let (user, held) = (self.users.get(position)?, self.rules.get(rule)?);
        if matches!(
            user.status,
            Status::Staged | Status::Provisioned | Status::Deprovisioned
        ) {
            return None;
        }
        let person = Person {
            org: self,
            position,
            user,
        };
        let holds = !held.excludes(&user.id) && held.formula.holds(&person).unwrap_or(false);
        let groups = held.groups().filter(|_| holds);
        Some(Wish {
            rule,
            groups: groups.filter_map(|id| self.groups.position(id)).collect(),
        })
    }

    fn made_by(&self, rule: u64, user: u64) -> BTreeSet<u64> {
        let rule = self.rules.get(rule).into_iter();
        let made = rule.flat_map(|rule| rule.made.range((user, 0)..=(user, u64::MAX)));
        made.map(|(_, group)| *group).collect()
    }

    /// Whether some rule made a membership.
    pub(super) fn is_made(&self, user: u64, group: u64) -> bool {
        let mut rules = self.rules.iter();
        rules.any(|(_, rule)| rule.made.contains(&(user, group)))
    }

    /// Puts a user into a group because of a rule. Who is in it by hand stays so.
    fn join_by_rule(&mut self, rule: u64, user: u64, group: u64) -> bool {
        let is_member = self.memberships.has(group, user);
        if is_member && !self.is_made(user, group) {
            return false;
        }
        if let Some(rule) = self.rules.get_mut(rule) {
            rule.made.insert((user, group));
        }
        !is_member && self.by_the_org(|org| org.add_member(group, user))
    }

    /// Takes a user out of a group where only this rule wanted the membership.
    fn leave_by_rule(&mut self, rule: u64, user: u64, group: u64) -> bool {
        if let Some(rule) = self.rules.get_mut(rule) {
            rule.made.remove(&(user, group));
        }
        !self.is_made(user, group) && self.by_the_org(|org| org.remove_member(group, user))
    }

    /// Does what nobody has called for: the log says that the org did it.
    fn by_the_org(&mut self, does: impl FnOnce(&mut Self) -> Result<(), Problem>) -> bool {
        let request = self.caller.request.clone();
        let system = Caller {
            request,
            ..Caller::system()
        };
        let caller = std::mem::replace(&mut self.caller, system);
        // User and group exist, so there is nothing to refuse.
        let done = does(self).is_ok();
        self.caller = caller;
        done
    }

    /// What becomes of rules when somebody takes a user out of a group: active rules that put the
    /// user there leave the user out from now on.
    pub(crate) fn exclude_from_rules(&mut self, user: u64, group: u64) {
        let Some(id) = self.users.get(user).map(|user| user.id.clone()) else {
            return;
        };
        let mut excluding = Vec::new();
        self.rules.change_where(
            |rule| rule.made.contains(&(user, group)),
            |rule| {
                rule.made.remove(&(user, group));
                if rule.status == RuleStatus::Active {
                    rule.exclude(&id);
                    excluding.push(GroupRule::target(rule));
                }
            },
        );
        for target in excluding {
            let user = self.users.get(user).map(User::target);
            self.record(
                events::RULE_EXCLUSION_ADDED,
                [target].into_iter().chain(user),
            );
        }
    }
}
