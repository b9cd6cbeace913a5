//! Group rules: expressions that put users into groups, and take them out again.
//!
//! A rule is evaluated for a user when the profile, the status or the groups change, and for all
//! users when it is activated. A membership that a rule made ends when the rule no longer holds; one
//! that was there before stays.
//!
//! Sources: <https://help.okta.com/en-us/content/topics/users-groups-profiles/usgp-about-group-rules.htm>,
//! <https://support.okta.com/help/s/article/Group-Rule-Restrictions>.

mod evaluation;
pub(crate) mod operations;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::expression_language::Formula;
use crate::object::Object;
use crate::org::Org;
use crate::org::events;
use crate::org::group_rules::{Definition, GroupRule, RuleStatus, excluded};
use crate::problem::Problem;
use crate::tracked::TrackedSet;

/// How many rules an org can have.
const MOST_RULES: usize = 2000;
/// How many groups a rule can put users into, and how many users it can leave out.
const MOST_LISTED: usize = 100;
/// How many characters a name can have.
const LONGEST_NAME: usize = 50;
/// Functions that group rules do not have, by their first letters.
const NOT_IN_RULES: [&str; 11] = [
    "Convert.",
    "Groups.",
    "Iso3166Convert.",
    "Time.",
    "findDirectoryUser",
    "findWorkdayUser",
    "getAssistant",
    "getFilteredGroups",
    "getManager",
    "hasDirectoryUser",
    "hasWorkdayUser",
];

impl Org {
    /// The position of a group rule.
    pub(crate) fn find_rule(&self, id: &str) -> Result<u64, Problem> {
        self.rules
            .position(id)
            .ok_or_else(|| Problem::not_found(id, "PolicyRule"))
    }

    pub(crate) fn rule(&self, position: u64) -> Result<&GroupRule, Problem> {
        self.rules.get(position).ok_or_else(Problem::internal)
    }

    fn rule_mut(&mut self, position: u64) -> Result<&mut GroupRule, Problem> {
        self.rules.get_mut(position).ok_or_else(Problem::internal)
    }

    /// Creates a rule, inactive.
    pub(crate) fn create_rule(&mut self, body: &Object) -> Result<u64, Problem> {
        let definition = self.rule_definition(body, None)?;
        let actions = self.rule_actions(body)?;
        if self.rules.len() >= MOST_RULES {
            let cause = format!("The org has {MOST_RULES} group rules, and can have no more");
            return Err(Problem::validation("createRule", [cause]));
        }
        let (id, now) = (self.ids.object("0pr"), self.now);
        Ok(self.rules.insert(GroupRule {
            id,
            name: definition.name,
            status: RuleStatus::Inactive,
            created: now,
            last_updated: now,
            conditions: definition.conditions,
            actions,
            formula: definition.formula,
            made: TrackedSet::default(),
        }))
    }

    /// Replaces a rule, which must be inactive. Its groups cannot be changed.
    pub(crate) fn replace_rule(&mut self, position: u64, body: &Object) -> Result<(), Problem> {
        let definition = self.rule_definition(body, Some(position))?;
        self.rule_actions(body)?;
        let now = self.now;
        let rule = self.rule_mut(position)?;
        if rule.status != RuleStatus::Inactive {
            let cause = "status: Deactivate the rule before you update it";
            return Err(Problem::validation("updateRule", [cause]));
        }
        rule.name = definition.name;
        rule.conditions = definition.conditions;
        rule.formula = definition.formula;
        rule.last_updated = now;
        Ok(())
    }

    fn rule_definition(&self, body: &Object, own: Option<u64>) -> Result<Definition, Problem> {
        let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
        if name.trim().is_empty() {
            return Err(Problem::blank("name"));
        }
        if name.chars().count() > LONGEST_NAME {
            let cause = format!("name: must be {LONGEST_NAME} characters at most");
            return Err(Problem::validation("name", [cause]));
        }
        let mut others = self
            .rules
            .iter()
            .filter(|(position, _)| Some(*position) != own);
        if others.any(|(_, rule)| rule.name == name) {
            return Err(Problem::taken("name"));
        }
        let conditions = body.get("conditions").cloned().unwrap_or_default();
        let Some(expression) = conditions["expression"]["value"].as_str() else {
            return Err(Problem::blank("conditions"));
        };
        let formula = self.rule_formula(expression)?;
        self.check_excluded(&conditions)?;
        Ok(Definition {
            name: name.to_owned(),
            conditions,
            formula,
        })
    }

    /// The expression of a rule, which speaks of the user and is true or false.
    fn rule_formula(&self, expression: &str) -> Result<Formula, Problem> {
        let refused = |cause: String| Problem::validation("expression", [cause]);
        let formula = Formula::parse(expression).map_err(|error| refused(error.to_string()))?;
        for function in formula.functions() {
            if NOT_IN_RULES.iter().any(|it| function.starts_with(it)) {
                let cause = format!("{function} cannot be used in group rules");
                return Err(refused(cause));
            }
        }
        let invalid = |name: &str| {
            refused(format!(
                "Invalid property {name} in expression {expression}"
            ))
        };
        if let Some(object) = formula.objects().into_iter().find(|it| *it != "user") {
            return Err(invalid(object));
        }
        let unknown = formula
            .attributes()
            .into_iter()
            .map(|(_, name)| name)
            .find(|name| !self.has_user_attribute(name));
        match unknown {
            Some(name) => Err(invalid(name)),
            None if formula.can_be_boolean() => Ok(formula),
            None => Err(refused("The expression must be a Boolean".to_owned())),
        }
    }

    fn check_excluded(&self, conditions: &Value) -> Result<(), Problem> {
        let refused = |cause: String| {
            let cause = format!("conditions.people.users.exclude: {cause}");
            Err(Problem::validation("conditions", [cause]))
        };
        if excluded(conditions).count() > MOST_LISTED {
            return refused(format!("must be {MOST_LISTED} users at most"));
        }
        match excluded(conditions).find(|id| self.users.position(id).is_none()) {
            Some(id) => refused(format!("there is no user {id}")),
            None => Ok(()),
        }
    }

    /// What a rule does: the groups exist, and make nobody an administrator.
    fn rule_actions(&self, body: &Object) -> Result<Value, Problem> {
        let actions = body.get("actions").cloned().unwrap_or_default();
        let groups = actions["assignUserToGroups"]["groupIds"].as_array();
        let groups = groups.filter(|groups| !groups.is_empty());
        let Some(groups) = groups else {
            return Err(Problem::blank("actions"));
        };
        if groups.len() > MOST_LISTED {
            let cause = format!("actions: must be {MOST_LISTED} groups at most");
            return Err(Problem::validation("actions", [cause]));
        }
        for id in groups {
            let id = id.as_str().unwrap_or_default();
            if !self.group(self.find_own_group(id)?)?.roles.is_empty() {
                let cause = format!("actions: the members of group {id} are administrators");
                return Err(Problem::validation("actions", [cause]));
            }
        }
        Ok(actions)
    }

    /// Whether a rule puts users into a group.
    pub(crate) fn is_target_of_rule(&self, group: &str) -> bool {
        self.rules
            .iter()
            .any(|(_, rule)| rule.groups().any(|id| id == group))
    }

    /// Switches a rule on, which evaluates it for all users, or off, which leaves its users in the
    /// groups.
    pub(crate) fn set_rule_active(&mut self, position: u64, active: bool) -> Result<(), Problem> {
        let now = self.now;
        let rule = self.rule_mut(position)?;
        let to = match active {
            true => RuleStatus::Active,
            false => RuleStatus::Inactive,
        };
        if rule.status == RuleStatus::Invalid {
            let cause = "Cannot activate or deactivate a Group Rule with the status INVALID.";
            return Err(Problem::validation("updateRuleStatus", [cause]));
        }
        if rule.status == to {
            return Ok(());
        }
        rule.status = to;
        rule.last_updated = now;
        let target = rule.target();
        match active {
            true => self.evaluate_rule(position),
            false => self.record(events::RULE_DEACTIVATED, [target]),
        }
        Ok(())
    }

    /// Deletes a rule that is not active. Users stay in the groups unless `remove_users`.
    pub(crate) fn delete_rule(&mut self, position: u64, remove_users: bool) -> Result<(), Problem> {
        if self.rule(position)?.status == RuleStatus::Active {
            let cause = "status: Deactivate the rule before you delete it";
            return Err(Problem::validation("deleteRule", [cause]));
        }
        let Some(rule) = self.rules.remove(position) else {
            return Err(Problem::internal());
        };
        if remove_users {
            for &(user, group) in rule.made.iter() {
                if !self.is_made(user, group) {
                    self.remove_member(group, user)?;
                }
            }
        }
        Ok(())
    }

    /// What becomes of rules when a group is deleted: those that put users into it are invalid.
    pub(crate) fn invalidate_rules(&mut self, group: u64, id: &str) {
        let now = self.now;
        let mut invalid = Vec::new();
        let names = |rule: &GroupRule| rule.groups().any(|it| it == id);
        self.rules.change_where(
            |rule| names(rule) || rule.made.iter().any(|(_, made)| *made == group),
            |rule| {
                rule.made.retain(|(_, made)| *made != group);
                if rule.status != RuleStatus::Invalid && names(rule) {
                    rule.status = RuleStatus::Invalid;
                    rule.last_updated = now;
                    invalid.push(rule.target());
                }
            },
        );
        for target in invalid {
            self.record(events::RULE_INVALIDATED, [target]);
        }
    }

    /// What becomes of rules when a user is deleted. That the user is left out is still said.
    pub(crate) fn forget_in_rules(&mut self, user: u64) {
        self.rules.change_where(
            |rule| rule.made.iter().any(|(made, _)| *made == user),
            |rule| rule.made.retain(|(made, _)| *made != user),
        );
    }
}
