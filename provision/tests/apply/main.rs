//! Plans against an emulated org.
#![allow(clippy::unwrap_used, clippy::panic)]

mod drift;
mod failures;
mod guard;
mod limits;
mod peculiar;
mod plans;
mod renames;
mod resume;
#[path = "../support/mod.rs"]
mod support;

use okta_provision::{
    AppAccess, Attributes, Credentials, Desired, Group, Person, Principal, Role, RoleList, Standing,
};
use serde_json::json;

fn person(name: &str) -> Person {
    Person::new(format!("{name}@example.com"), name, "Tester")
}

/// Some of everything.
fn everything() -> Desired {
    let mut desired = Desired::new();
    desired
        .person(person("ada").attribute("badgeNumber", 7))
        .person(person("bob").manager("ada@example.com"))
        .person(person("cy").standing(Standing::Staged))
        .person(person("di").standing(Standing::Suspended))
        .person(person("eve").credentials(Credentials::ImportHook))
        .group(
            Group::new("Analysts")
                .description("Who analyses")
                .exclusive()
                .member("Ada@example.com")
                .member("bob@example.com"),
        )
        .member("Readers", "cy@example.com")
        .app(
            AppAccess::new("Wiki")
                .exclusive()
                .user("ada@example.com", [("nick".to_owned(), json!("a"))].into())
                .group("Readers", Attributes::new()),
        )
        .roles(
            RoleList::new(Principal::user("ada@example.com"))
                .exclusive()
                .role(Role::standard("APP_ADMIN")),
        )
        .role(
            Principal::group("Analysts"),
            Role::standard("READ_ONLY_ADMIN"),
        );
    desired
}
