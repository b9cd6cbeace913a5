#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;
use crate::model::fixture::{ACTIVATE, STAGE, group, org, person};
use crate::org::log::Log;

fn rule(name: &str, group: &str, expression: &str) -> Object {
    let rule = json!({
        "type": "group_rule",
        "name": name,
        "conditions": { "expression": {
            "value": expression, "type": "urn:okta:expression:1.0",
        } },
        "actions": { "assignUserToGroups": { "groupIds": [group] } },
    });
    rule.as_object().cloned().unwrap()
}

const MUSIC: &str = "user.department==\"Music\"";

/// An org with the group Band and a user.
struct Setting {
    org: Org,
    user: u64,
    band: u64,
    band_id: String,
}

fn setting() -> Setting {
    let mut org = org();
    let band = org.create_group(&group("Band")).unwrap();
    let band_id = org.group(band).unwrap().id.clone();
    let user = org
        .create_user(&person("isaac@example.com"), ACTIVATE)
        .unwrap();
    org.user_mut(user).unwrap().status = crate::org::users::Status::Active;
    org.log = Log::default();
    Setting {
        org,
        user,
        band,
        band_id,
    }
}

impl Setting {
    fn rule(&mut self, name: &str, expression: &str) -> u64 {
        let body = rule(name, &self.band_id, expression);
        self.org.create_rule(&body).unwrap()
    }

    fn department(&mut self, department: &str) {
        let body = json!({ "profile": { "department": department } });
        let body = body.as_object().cloned().unwrap();
        self.org.update_user(self.user, &body, false).unwrap();
    }

    fn is_member(&self) -> bool {
        self.org.memberships.has(self.band, self.user)
    }
}

#[test]
fn a_rule_is_created_inactive_and_locked_while_active() {
    let mut at = setting();
    let created = at.rule("Musicians", MUSIC);
    assert_eq!(at.org.rule(created).unwrap().status, RuleStatus::Inactive);
    let again = at.org.create_rule(&rule("Musicians", &at.band_id, MUSIC));
    assert_eq!(again, Err(Problem::taken("name")));

    at.org.set_rule_active(created, true).unwrap();
    let other = rule("Band", &at.band_id, MUSIC);
    let refused = [
        at.org.replace_rule(created, &other),
        at.org.delete_rule(created, false),
    ];
    assert!(
        refused
            .iter()
            .all(|it| it.as_ref().unwrap_err().code == "E0000001")
    );
    at.org.set_rule_active(created, false).unwrap();
    at.org.replace_rule(created, &other).unwrap();
    assert_eq!(at.org.rule(created).unwrap().name, "Band");
}

#[test]
fn users_come_and_go_with_their_profiles() {
    let mut at = setting();
    let rule = at.rule("Musicians", MUSIC);
    at.department("Music");
    assert!(!at.is_member());
    at.org.set_rule_active(rule, true).unwrap();
    assert!(at.is_member());
    at.department("Sales");
    assert!(!at.is_member());
    at.department("Music");
    assert!(at.is_member());
    // Without the rule nothing moves any more, also not out.
    at.org.set_rule_active(rule, false).unwrap();
    at.department("Sales");
    assert!(at.is_member());
    at.org.set_rule_active(rule, true).unwrap();
    assert!(!at.is_member());
}

#[test]
fn who_was_in_the_group_before_stays() {
    let mut at = setting();
    at.org.add_member(at.band, at.user).unwrap();
    let rule = at.rule("Musicians", MUSIC);
    at.department("Music");
    at.org.set_rule_active(rule, true).unwrap();
    at.department("Sales");
    assert!(at.is_member());
}

#[test]
fn two_rules_hold_a_membership_until_both_let_go() {
    let mut at = setting();
    let first = at.rule("Musicians", MUSIC);
    let second = at.rule("Isaacs", "user.firstName == 'Isaac'");
    at.department("Music");
    at.org.set_rule_active(first, true).unwrap();
    at.org.set_rule_active(second, true).unwrap();
    at.department("Sales");
    assert!(at.is_member());
    at.org.set_rule_active(second, false).unwrap();
    at.org.delete_rule(second, true).unwrap();
    assert!(!at.is_member());
}

#[test]
fn the_users_of_a_deleted_rule_stay_unless_they_shall_go() {
    for (remove_users, stays) in [(false, true), (true, false)] {
        let mut at = setting();
        let rule = at.rule("Musicians", MUSIC);
        at.department("Music");
        at.org.set_rule_active(rule, true).unwrap();
        at.org.set_rule_active(rule, false).unwrap();
        at.org.delete_rule(rule, remove_users).unwrap();
        assert_eq!(at.is_member(), stays);
    }
}

#[test]
fn who_is_left_out_is_not_put_into_the_group() {
    let mut at = setting();
    at.department("Music");
    let id = at.org.user(at.user).unwrap().id.clone();
    let mut body = rule("Musicians", &at.band_id, MUSIC);
    body["conditions"]["people"] = json!({ "users": { "exclude": [id] } });
    let created = at.org.create_rule(&body).unwrap();
    at.org.set_rule_active(created, true).unwrap();
    assert!(!at.is_member());
    body["name"] = json!("Others");
    body["conditions"]["people"]["users"]["exclude"] = json!(["00uNOBODY"]);
    let problem = at.org.create_rule(&body).unwrap_err();
    assert!(problem.causes[0].contains("there is no user 00uNOBODY"));
}

#[test]
fn who_is_taken_out_by_hand_is_left_out_from_then_on() {
    let mut at = setting();
    let rule = at.rule("Musicians", MUSIC);
    at.department("Music");
    at.org.set_rule_active(rule, true).unwrap();
    at.org.exclude_from_rules(at.user, at.band);
    at.org.remove_member(at.band, at.user).unwrap();
    at.department("Sales");
    at.department("Music");
    assert!(!at.is_member());
    let id = at.org.user(at.user).unwrap().id.clone();
    let conditions = &at.org.rule(rule).unwrap().conditions;
    assert_eq!(conditions["people"]["users"]["exclude"], json!([id]));
}

#[test]
fn users_who_are_not_active_are_not_moved() {
    let mut at = setting();
    let rule = at.rule("Isaacs", "user.firstName == 'Isaac'");
    let staged = at
        .org
        .create_user(&person("eric@example.com"), STAGE)
        .unwrap();
    at.org.set_rule_active(rule, true).unwrap();
    let has = |at: &Setting, user| at.org.memberships.has(at.band, user);
    assert!(at.is_member() && !has(&at, staged));
    at.org.user_mut(staged).unwrap().credentials.provider.kind = "FEDERATION".into();
    at.org.activate_user(staged).unwrap();
    assert!(has(&at, staged));
    at.org.deactivate_user(staged).unwrap();
    assert!(has(&at, staged));
}

#[test]
fn a_rule_without_its_group_is_invalid() {
    let mut at = setting();
    let rule = at.rule("Musicians", MUSIC);
    at.org.set_rule_active(rule, true).unwrap();
    at.org.delete_group(at.band).unwrap();
    assert_eq!(at.org.rule(rule).unwrap().status, RuleStatus::Invalid);
    let problem = at.org.set_rule_active(rule, false).unwrap_err();
    assert_eq!(problem.summary, "Api validation failed: updateRuleStatus");
    at.department("Music");
    assert_eq!(at.org.delete_rule(rule, true), Ok(()));
}

#[test]
fn rules_that_depend_on_each_other_come_to_rest() {
    let mut at = setting();
    let crew = at.org.create_group(&group("Crew")).unwrap();
    let crew_id = at.org.group(crew).unwrap().id.clone();
    let follows = rule(
        "Crew",
        &crew_id,
        &format!("isMemberOfGroup('{}')", at.band_id),
    );
    let follows = at.org.create_rule(&follows).unwrap();
    let first = at.rule("Musicians", MUSIC);
    for rule in [follows, first] {
        at.org.set_rule_active(rule, true).unwrap();
    }
    at.department("Music");
    let in_crew = |at: &Setting| at.org.memberships.has(crew, at.user);
    assert!(in_crew(&at));
    at.department("Sales");
    assert!(!in_crew(&at));
    // One that contradicts itself is given up.
    let paradox = format!("!isMemberOfGroup('{}')", at.band_id);
    let paradox = at.rule("Paradox", &paradox);
    at.org.set_rule_active(paradox, true).unwrap();
}

#[test]
fn the_log_says_that_the_org_did_it() {
    let mut at = setting();
    let rule = at.rule("Musicians", MUSIC);
    at.org.set_rule_active(rule, true).unwrap();
    at.department("Music");
    let last = at.org.log.iter().last().unwrap();
    assert_eq!(last.kind, events::MEMBER_ADDED);
    assert_eq!(last.actor.kind, "SystemPrincipal");
}

#[test]
fn what_cannot_be_a_rule_is_refused_with_the_reason() {
    let mut org = org();
    org.lax_profiles = false;
    let band = org.create_group(&group("Band")).unwrap();
    let id = org.group(band).unwrap().id.clone();
    for (expression, expected) in [
        (
            "user.department = 'Music'",
            "expected a value or an operator",
        ),
        (
            "user.nothing == 'x'",
            "Invalid property nothing in expression",
        ),
        (
            "appuser.role == 'x'",
            "Invalid property appuser in expression",
        ),
        ("user.department + 'x'", "must be a Boolean"),
        (
            "Convert.toInt('1') == 1",
            "Convert.toInt cannot be used in group rules",
        ),
        ("Time.now() == ''", "Time.now cannot be used in group rules"),
        (
            "hasDirectoryUser()",
            "hasDirectoryUser cannot be used in group rules",
        ),
        (
            "getManagerUser('active_directory') == null",
            "getManagerUser cannot be used in group rules",
        ),
    ] {
        let problem = org.create_rule(&rule("Rule", &id, expression)).unwrap_err();
        assert!(
            problem.causes[0].contains(expected),
            "{expression}: {problem:?}"
        );
    }
    let long = org
        .create_rule(&rule(&"x".repeat(51), &id, MUSIC))
        .unwrap_err();
    assert!(long.causes[0].contains("50 characters"));
    let nobody = org
        .create_rule(&rule("Rule", "00gNOPE", MUSIC))
        .unwrap_err();
    assert_eq!(nobody, Problem::not_found("00gNOPE", "UserGroup"));
}

#[test]
fn rules_make_nobody_an_administrator() {
    use crate::org::roles::Assignee;
    let mut at = setting();
    let role = json!({ "type": "USER_ADMIN" })
        .as_object()
        .cloned()
        .unwrap();
    at.rule("Musicians", MUSIC);
    let refused = at
        .org
        .assign_role(Assignee::Group(at.band), &role)
        .unwrap_err();
    assert_eq!(refused.code, "E0000001");
    let admins = at.org.create_group(&group("Admins")).unwrap();
    let admins_id = at.org.group(admins).unwrap().id.clone();
    at.org.assign_role(Assignee::Group(admins), &role).unwrap();
    let problem = at
        .org
        .create_rule(&rule("Admins", &admins_id, MUSIC))
        .unwrap_err();
    assert!(problem.causes[0].contains("administrators"));
}
