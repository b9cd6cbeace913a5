#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use super::*;
use crate::emit::testing::{api, operation};

fn surface() -> Surface {
    let code = "
        pub struct User { pub id: Option<String>, pub status: Option<Status>, pub name: String }
        impl User { pub fn new() -> Self { loop {} } pub fn unused(self) -> Self { self } }
        pub enum Status { Active, Locked }
    ";
    let file = (PathBuf::from("resources/roles.rs"), code.to_owned());
    let roles = operation("listRoles", "list", "GET", "/roles");
    Surface::read(&api(vec![roles]), &[file].into()).unwrap()
}

const FILE: &str = "
    use crate::resources::{Status, User};
    fn f(user: &User) -> bool {
        let other = User { name: x, ..User::new() };
        user.id.is_some() && matches!(user.kind, Status::Active) && \"status Locked\".len() > 1
    }
";

#[test]
fn what_a_file_uses_is_found() {
    let needed = Needed::of_files(&surface(), [("sdk/src/a.rs", FILE)]).unwrap();
    let expected = [
        "resources::Status",
        "resources::Status::Active",
        "resources::User",
        "resources::User.id",
        "resources::User.name",
        "resources::User::new",
    ];
    let found: Vec<_> = needed.0["sdk/src/a.rs"].iter().collect();
    assert_eq!(found, expected);
    assert_eq!(Needed::parse(&needed.to_yaml()).unwrap(), needed);
    needed.check(&surface()).unwrap();
}

#[test]
fn what_is_gone_is_told_with_the_file_that_uses_it() {
    let list = "sdk/src/a.rs: [resources::User, resources::User.gone, resources::Gone]";
    let error = Needed::parse(list)
        .unwrap()
        .check(&surface())
        .unwrap_err()
        .to_string();
    for part in [
        "sdk/src/a.rs uses `resources::User.gone`",
        "`resources::Gone`",
    ] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn what_is_no_list_is_refused() {
    let error = Needed::parse("- a").unwrap_err().to_string();
    assert!(error.starts_with("needed.yaml: "), "{error}");
}
