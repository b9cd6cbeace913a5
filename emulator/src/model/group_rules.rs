//! Group rules. They are kept and switched on and off; the org does not evaluate them.

pub(crate) mod operations;

use serde_json::Value;

use crate::object::Object;
use crate::org::Org;
use crate::org::events;
use crate::org::group_rules::{Definition, GroupRule};
use crate::problem::Problem;

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
        let Definition {
            name,
            conditions,
            actions,
        } = self.rule_definition(body, None)?;
        let (id, now) = (self.ids.object("0pr"), self.now);
        Ok(self.rules.insert(GroupRule {
            id,
            name,
            active: false,
            created: now,
            last_updated: now,
            conditions,
            actions,
        }))
    }

    /// Replaces a rule, which must be inactive. Its groups cannot be changed.
    pub(crate) fn replace_rule(&mut self, position: u64, body: &Object) -> Result<(), Problem> {
        let definition = self.rule_definition(body, Some(position))?;
        let now = self.now;
        let rule = self.rule_mut(position)?;
        if rule.active {
            let cause = "status: Deactivate the rule before you update it";
            return Err(Problem::validation("updateRule", [cause]));
        }
        rule.name = definition.name;
        rule.conditions = definition.conditions;
        rule.last_updated = now;
        Ok(())
    }

    fn rule_definition(&self, body: &Object, own: Option<u64>) -> Result<Definition, Problem> {
        let name = body
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        if name.trim().is_empty() {
            return Err(Problem::blank("name"));
        }
        if self
            .rules
            .iter()
            .any(|(position, rule)| Some(position) != own && rule.name == name)
        {
            return Err(Problem::taken("name"));
        }
        let conditions = body.get("conditions").cloned().unwrap_or_default();
        if !conditions["expression"]["value"].is_string() {
            return Err(Problem::blank("conditions"));
        }
        let actions = body.get("actions").cloned().unwrap_or_default();
        let Some(groups) = actions["assignUserToGroups"]["groupIds"].as_array() else {
            return Err(Problem::blank("actions"));
        };
        for group in groups {
            self.find_own_group(group.as_str().unwrap_or_default())?;
        }
        Ok(Definition {
            name,
            conditions,
            actions,
        })
    }

    pub(crate) fn set_rule_active(&mut self, position: u64, active: bool) -> Result<(), Problem> {
        let now = self.now;
        let rule = self.rule_mut(position)?;
        if rule.active == active {
            return Ok(());
        }
        rule.active = active;
        rule.last_updated = now;
        let target = rule.target();
        if !active {
            self.record(events::RULE_DEACTIVATED, [target]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::fixture::{group, org};
    use serde_json::json;

    fn rule(name: &str, group: &str) -> Object {
        let rule = json!({
            "type": "group_rule",
            "name": name,
            "conditions": { "expression": {
                "value": "user.department==\"Music\"", "type": "urn:okta:expression:1.0",
            } },
            "actions": { "assignUserToGroups": { "groupIds": [group] } },
        });
        rule.as_object().cloned().unwrap()
    }

    #[test]
    fn a_rule_is_created_inactive_and_locked_while_active() {
        let mut org = org();
        let position = org.create_group(&group("Band")).unwrap();
        let id = org.group(position).unwrap().id.clone();
        let created = org.create_rule(&rule("Musicians", &id)).unwrap();
        assert!(!org.rule(created).unwrap().active);
        assert_eq!(
            org.create_rule(&rule("Musicians", &id)),
            Err(Problem::taken("name"))
        );

        org.set_rule_active(created, true).unwrap();
        assert_eq!(
            org.replace_rule(created, &rule("Band", &id))
                .unwrap_err()
                .code,
            "E0000001"
        );
        org.set_rule_active(created, false).unwrap();
        org.replace_rule(created, &rule("Band", &id)).unwrap();
        assert_eq!(org.rule(created).unwrap().name, "Band");
    }

    #[test]
    fn a_rule_needs_groups_that_exist() {
        let mut org = org();
        let problem = org.create_rule(&rule("Musicians", "00gNOPE")).unwrap_err();
        assert_eq!(problem, Problem::not_found("00gNOPE", "UserGroup"));
    }
}
