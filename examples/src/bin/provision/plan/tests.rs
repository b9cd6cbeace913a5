#![allow(clippy::unwrap_used)]

use std::collections::HashSet;

use serde_json::json;

use super::*;
use crate::state::User;

fn ada() -> Person {
    Person {
        login: "ada@x.org".to_owned(),
        email: "ada@x.org".to_owned(),
        first_name: "Ada".to_owned(),
        last_name: "Lovelace".to_owned(),
        department: Some("Engines".to_owned()),
        custom: [("badgeNumber".to_owned(), json!(7))].into(),
        groups: vec!["Analysts".to_owned()],
        apps: vec!["Wiki".to_owned()],
        roles: vec!["APP_ADMIN".to_owned()],
    }
}

/// An org in which Ada has everything.
fn complete() -> State {
    let holder = |id: &str| Holder {
        id: id.into(),
        users: ["00u1".into()].into(),
    };
    State {
        users: [(
            "ada@x.org".to_owned(),
            User {
                id: "00u1".into(),
                profile: json!({
                    "login": "ada@x.org", "email": "ada@x.org", "firstName": "Ada",
                    "lastName": "Lovelace", "department": "Engines", "badgeNumber": 7,
                    "title": "of no interest",
                }),
                roles: ["APP_ADMIN".to_owned()].into(),
            },
        )]
        .into(),
        groups: [("Analysts".to_owned(), holder("00g1"))].into(),
        apps: [("Wiki".to_owned(), holder("0oa1"))].into(),
    }
}

fn described(people: &[Person], state: &State) -> String {
    Plan::new(people, state).to_string()
}

#[test]
fn an_empty_org_needs_everything() {
    assert_eq!(
        described(&[ada()], &State::default()),
        "create the group Analysts\n\
         create the app Wiki\n\
         create the user ada@x.org\n\
         add ada@x.org to Analysts\n\
         assign Wiki to ada@x.org\n\
         make ada@x.org APP_ADMIN\n\
         6 to do, 0 there already\n"
    );
}

#[test]
fn a_complete_org_needs_nothing() {
    assert_eq!(
        described(&[ada()], &complete()),
        "0 to do, 6 there already\n"
    );
}

#[test]
fn only_what_differs_is_to_be_done() {
    let mut state = complete();
    let user = state.users.get_mut("ada@x.org").unwrap();
    user.profile["badgeNumber"] = json!("7");
    user.profile["lastName"] = json!(null);
    user.roles = HashSet::new();
    state.groups.get_mut("Analysts").unwrap().users = HashSet::new();
    assert_eq!(
        described(&[ada()], &state),
        "update badgeNumber, lastName of ada@x.org\n\
         add ada@x.org to Analysts\n\
         make ada@x.org APP_ADMIN\n\
         3 to do, 3 there already\n"
    );
}
