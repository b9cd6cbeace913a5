//! Roles, and what administrators work with.

use okta_provision::{CustomRole, Desired, Principal, Resource, ResourceSet, Role, RoleList};
use okta_sdk::models::Application;
use serde_json::json;

use crate::{problems, read};

#[test]
fn what_administrators_work_with_in_each_format() {
    let yaml = r"
customRoles:
  - label: Reader
    description: Who reads
    permissions: [okta.users.read, okta.groups.read]
resourceSets:
  - label: The team's
    description: The team and its desk
    resources: [users, { group: Team }, { app: Desk }, 'orn:okta:directory:00o1:groups']
applications:
  - label: Desk
    signOnMode: BOOKMARK
    name: bookmark
    settings: { app: { url: 'https://desk.example.com' } }
";
    let json = r#"{"kind": "customRole", "label": "Reader", "description": "Who reads", "permissions": ["okta.groups.read", "okta.users.read"]}
{"kind": "resourceSet", "label": "The team's", "description": "The team and its desk", "resources": ["users", {"app": "Desk"}, {"group": "Team"}, "orn:okta:directory:00o1:groups"]}
{"kind": "application", "label": "Desk", "name": "bookmark", "settings": {"app": {"url": "https://desk.example.com"}}, "signOnMode": "BOOKMARK"}
"#;
    let mut wanted = Desired::new();
    let reader = CustomRole::new("Reader", "Who reads").permission("okta.users.read");
    wanted.custom_role(reader.permission("okta.groups.read"));
    wanted.resource_set(
        ResourceSet::new("The team's", "The team and its desk")
            .resource(Resource::Users)
            .resource(Resource::Group("Team".into()))
            .resource(Resource::App("Desk".into()))
            .resource(Resource::Other("orn:okta:directory:00o1:groups".to_owned())),
    );
    let desk: Application = serde_json::from_value(json!({
        "label": "Desk", "name": "bookmark", "signOnMode": "BOOKMARK",
        "settings": { "app": { "url": "https://desk.example.com" } },
    }))
    .unwrap();
    wanted.application(desk).unwrap();
    assert_eq!(read(&[("a.yaml", yaml)]).unwrap(), wanted);
    assert_eq!(read(&[("a.jsonl", json)]).unwrap(), wanted);
}

#[test]
fn all_that_is_wrong_with_what_administrators_work_with_is_told() {
    let yaml = r"customRoles:
  - { label: A, description: a, permissions: [] }
  - { description: b, permissions: [okta.users.read] }
  - { label: C, description: c, permissions: [users.read, 7], x: 1 }
  - { label: D, description: d, permissions: [okta.users.read] }
  - { label: D, description: d, permissions: [okta.users.read] }
resourceSets:
  - { label: E, description: e, resources: [people, { group: Team, app: Desk }] }
  - { label: F, resources: users }
applications:
  - { label: G }
  - { label: H, signOnMode: BOOKMARKS }
  - { label: I, signOnMode: BOOKMARK, settigns: {} }
  - { label: J, signOnMode: BOOKMARK, settings: hunter2 }
  - { label: K, signOnMode: BOOKMARK }
  - { label: K, signOnMode: BOOKMARK }
  - { signOnMode: BOOKMARK }
";
    let found = problems(&[("a.yaml", yaml)]);
    let mut expected = vec![
        "a.yaml:2:46: permissions has to be a list, and not empty",
        "a.yaml:3:5: label is missing",
        "a.yaml:4:5: a permission is text such as okta.users.read",
        "a.yaml:4:5: a permission is text such as okta.users.read",
        "a.yaml:4:66: unknown member x; known are label, description, permissions",
        "a.yaml:6:5: the custom role D is there twice",
        "a.yaml:8:5: a resource is users, groups,",
        "a.yaml:8:5: a resource is users, groups,",
        "a.yaml:9:5: description is missing",
        "a.yaml:9:28: resources has to be a list, and not empty",
        "a.yaml:11:5: write a signOnMode, or the name of an integration",
        "a.yaml:12:29: signOnMode is none of Okta's; write one of AUTO_LOGIN",
        "a.yaml:13:49: settigns: did you mean settings?",
        "a.yaml:14:49: settings is not what Okta's API takes there",
        "a.yaml:16:5: the application K is there twice",
        "a.yaml:17:5: label is missing",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for found in &found {
        let expected = expected.remove(0);
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
    assert!(!found.join("").contains("hunter2"));
}

#[test]
fn a_role_may_be_for_some_groups_or_applications() {
    let yaml = "roles:\n\
        \x20 - group: Desk\n\
        \x20   roles:\n\
        \x20     - { role: HELP_DESK_ADMIN, groups: [Support, Sales] }\n\
        \x20     - { role: APP_ADMIN, apps: [Wiki] }\n\
        \x20     - READ_ONLY_ADMIN\n";
    let mut desired = Desired::new();
    desired.roles(
        RoleList::new(Principal::group("Desk"))
            .role(Role::for_groups("HELP_DESK_ADMIN", ["Sales", "Support"]))
            .role(Role::for_apps("APP_ADMIN", ["Wiki"]))
            .role(Role::standard("READ_ONLY_ADMIN")),
    );
    assert_eq!(read(&[("a.yaml", yaml)]).unwrap(), desired);
    let json = r#"{"kind": "roles", "group": "Desk", "roles": [{"role": "HELP_DESK_ADMIN", "groups": ["Support", "Sales"]}, {"role": "APP_ADMIN", "apps": ["Wiki"]}, "READ_ONLY_ADMIN"]}"#;
    assert_eq!(read(&[("a.jsonl", json)]).unwrap(), desired);

    let bad = "roles:\n\
        \x20 - { user: a@x.org, roles: [{ role: APP_ADMIN, groups: [Support] }] }\n\
        \x20 - { user: b@x.org, roles: [{ role: HELP_DESK_ADMIN, groups: [] }] }\n\
        \x20 - { user: c@x.org, roles: [{ role: HELP_DESK_ADMIN, groups: [7] }] }\n\
        \x20 - { user: d@x.org, roles: [{ role: HELPER, groups: [Support] }] }\n\
        \x20 - { user: e@x.org, roles: [{ role: APP_ADMIN, apps: [Wiki], groups: [A] }] }\n\
        \x20 - { user: f@x.org, roles: [USER_ADMIN, { role: USER_ADMIN, groups: [A] }] }\n";
    let found = problems(&[("b.yaml", bad)]);
    let mut expected = vec![
        "b.yaml:2:29: APP_ADMIN cannot be limited like this; GROUP_MEMBERSHIP_ADMIN",
        "b.yaml:3:29: HELP_DESK_ADMIN is limited to nothing",
        "b.yaml:4:29: a role that is no text is {role: …, resourceSet: …}",
        "b.yaml:5:29: HELPER is no role of Okta's",
        "b.yaml:6:29: a role that is no text is {role: …, resourceSet: …}",
        "b.yaml:1:1: f@x.org is listed twice with USER_ADMIN",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for found in &found {
        let expected = expected.remove(0);
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
}
