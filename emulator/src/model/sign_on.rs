//! What it takes to sign in: the global session policy (`OKTA_SIGN_ON`) and the policy of the
//! application (`ACCESS_POLICY`). Of the conditions of policies and rules, people count; networks,
//! devices and risk do not. A rule that says nothing asks for the password alone.
//!
//! Source: <https://developer.okta.com/docs/concepts/policies/>.

pub(crate) mod operations;

use serde_json::Value;

use crate::org::Org;
use crate::org::policies::{Assurance, Policy, by_priority};
use crate::problem::Problem;

impl Org {
    /// What it takes a user to sign in to an application; to the org, where none is given.
    pub(crate) fn assurance(&self, user: u64, app: Option<u64>) -> Assurance {
        let of_org = by_priority(&self.policies, "OKTA_SIGN_ON").into_iter();
        let of_app = app.and_then(|app| self.policy_of_app(app));
        let global = self.asked_by(of_org.map(|(_, policy)| policy), user, |actions| {
            let sign_on = &actions["signon"];
            asked(&sign_on["access"], sign_on["requireFactor"] == true)
        });
        let own = self.asked_by(of_app.into_iter(), user, |actions| {
            let sign_on = &actions["appSignOn"];
            let method = &sign_on["verificationMethod"];
            asked(&sign_on["access"], method["factorMode"] == "2FA")
        });
        global.max(own)
    }

    /// What the first rule asks that is for the user.
    fn asked_by<'p>(
        &self,
        policies: impl Iterator<Item = &'p Policy>,
        user: u64,
        asks: impl Fn(&Value) -> Assurance,
    ) -> Assurance {
        let mut rules = policies
            .filter(|policy| policy.active && policy.concerns(self, user))
            .flat_map(|policy| by_priority(&policy.rules, rule_kind(policy)));
        let rule = rules.find(|(_, rule)| rule.active && rule.concerns(self, user));
        let actions = rule.and_then(|(_, rule)| rule.body.get("actions"));
        actions.map_or(Assurance::Password, asks)
    }

    /// The policy that was assigned to an application and is still there.
    fn policy_of_app(&self, app: u64) -> Option<&Policy> {
        let id = self.apps.get(app)?.access_policy.as_ref()?;
        self.policies.get(self.policies.position(id)?)
    }

    /// Lets a policy say what it takes to sign in to an application.
    pub(crate) fn assign_access_policy(&mut self, app: u64, policy: u64) -> Result<(), Problem> {
        let policy = self.policy(policy)?;
        if policy.kind != "ACCESS_POLICY" {
            let cause = format!(
                "policyId: applications take policies of type ACCESS_POLICY, and {} is of type {}",
                policy.id, policy.kind
            );
            return Err(Problem::validation("policyId", [cause]));
        }
        let id = policy.id.clone();
        self.app_mut(app)?.access_policy = Some(id);
        Ok(())
    }
}

fn asked(access: &Value, two_factors: bool) -> Assurance {
    match (access.as_str(), two_factors) {
        (Some("DENY"), _) => Assurance::Denied,
        (_, true) => Assurance::TwoFactors,
        (_, false) => Assurance::Password,
    }
}

/// The type of the rules of a policy.
fn rule_kind(policy: &Policy) -> &'static str {
    match policy.kind {
        "OKTA_SIGN_ON" => "SIGN_ON",
        kind => kind,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::model::fixture::{ACTIVATE, bookmark, group, org, person};
    use crate::object::Object;

    fn object(value: Value) -> Object {
        value.as_object().unwrap().clone()
    }

    fn policy(org: &mut Org, kind: &str, people: Value, actions: Value) -> u64 {
        let body = json!({ "type": kind, "name": format!("{kind} {actions}") });
        let policy = org.create_policy(&object(body), true).unwrap();
        let rule = json!({
            "name": "Rule", "conditions": { "people": people }, "actions": actions,
        });
        org.create_policy_rule(policy, &object(rule), true).unwrap();
        policy
    }

    #[test]
    fn the_first_rule_for_a_user_decides() {
        let mut org = org();
        org.create_system_policies().unwrap();
        let user = org.create_user(&person("a@x"), ACTIVATE).unwrap();
        let other = org.create_user(&person("b@x"), ACTIVATE).unwrap();
        let staff = org.create_group(&group("Staff")).unwrap();
        org.add_member(staff, user).unwrap();
        assert_eq!(org.assurance(user, None), Assurance::Password);
        let staff = json!({ "groups": { "include": [org.group(staff).unwrap().id] } });
        let two = json!({ "signon": { "access": "ALLOW", "requireFactor": true } });
        let first = policy(&mut org, "OKTA_SIGN_ON", staff, two);
        let none = json!({ "signon": { "access": "DENY" } });
        policy(&mut org, "OKTA_SIGN_ON", json!({}), none);
        assert_eq!(org.assurance(user, None), Assurance::TwoFactors);
        assert_eq!(org.assurance(other, None), Assurance::Denied);
        org.set_policy_active(first, false).unwrap();
        assert_eq!(org.assurance(user, None), Assurance::Denied);
    }

    #[test]
    fn an_application_asks_for_more_by_its_policy() {
        let mut org = org();
        let user = org.create_user(&person("a@x"), ACTIVATE).unwrap();
        let app = org.create_app(&bookmark("App"), true).unwrap();
        let two = json!({ "appSignOn": {
            "access": "ALLOW",
            "verificationMethod": { "type": "ASSURANCE", "factorMode": "2FA" },
        } });
        let strict = policy(&mut org, "ACCESS_POLICY", json!({}), two);
        let one = json!({ "appSignOn": { "verificationMethod": { "factorMode": "1FA" } } });
        let lax = policy(&mut org, "ACCESS_POLICY", json!({}), one);
        assert_eq!(org.assurance(user, Some(app)), Assurance::Password);
        org.assign_access_policy(app, strict).unwrap();
        assert_eq!(org.assurance(user, Some(app)), Assurance::TwoFactors);
        assert_eq!(org.assurance(user, None), Assurance::Password);
        org.assign_access_policy(app, lax).unwrap();
        assert_eq!(org.assurance(user, Some(app)), Assurance::Password);
        let other = policy(&mut org, "PASSWORD", json!({}), json!({}));
        assert!(org.assign_access_policy(app, other).is_err());
    }
}
