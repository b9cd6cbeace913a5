#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

fn lines(file: &str, text: &str) -> Vec<String> {
    let items = items_of(file, text).unwrap();
    items
        .into_iter()
        .map(|item| {
            let parts: Vec<String> = item.parts.iter().cloned().collect();
            let at = if parts.is_empty() { "" } else { " @ " };
            format!("{}{at}{}", item.line(), parts.join("+"))
        })
        .collect()
}

#[test]
fn every_public_item_of_the_models_has_a_line() {
    let text = r#"
        use super::*;
        /// Words are not part of it.
        #[derive(Clone, Default)]
        pub struct User {
            /// `id`.
            pub id: Option<String>,
            #[deprecated(note = "deprecated by Okta")]
            pub old: Nullable<
                Vec<String>,
            >,
            pub extra: Extra,
            hidden: bool,
        }
        record! { User { id: "id" server_owned, old: "old" sent, } }
        impl User {
            pub fn new() -> Self { Self::default() }
            /// Sets `old`.
            #[must_use]
            pub fn old(
                mut self,
                old: impl IntoIterator<Item = impl Into<String>>,
            ) -> Self { self }
            fn private(&self) {}
        }
        pub enum Pet { Cat(Box<Cat>), Unrecognized(Box<AnyPet>) }
        union! { Pet by "kind" { Cat(Cat) = "CAT" | "TOMCAT", } else AnyPet }
        pub enum Mood { Good, Unrecognized(String) }
        open_enum! { Mood { Good = "GOOD", } }
    "#;
    assert_eq!(
        lines("models/users.rs", text),
        [
            "models::User struct",
            r#"models::User.id: Option<String> = "id" server_owned"#,
            r#"models::User.old: Nullable<Vec<String>> = "old" (deprecated)"#,
            "models::User::new() -> Self",
            "models::User::old(mut self, old: impl IntoIterator<Item = impl Into<String>>) -> Self",
            r#"models::Pet enum by "kind" else AnyPet"#,
            r#"models::Pet::Cat(Box<Cat>) = "CAT" | "TOMCAT""#,
            "models::Mood enum",
            r#"models::Mood::Good = "GOOD""#,
        ]
    );
}

#[test]
fn handles_and_calls_have_lines() {
    let text = r#"
        pub struct Users { client: Client }
        impl Users {
            pub(crate) fn new(client: Client) -> Self { Self { client } }
            pub fn get(&self, id: impl PathParameter) -> GetUser { todo() }
        }
        pub struct ListUsers(pub(crate) Prepared);
        listed!(ListUsers => models::User, Operation::new("listUsers", Method::GET, "/users", &[]));
        pub struct DeleteUser(pub(crate) Prepared);
        awaited!(DeleteUser => (), Operation::new("deleteUser", Method::DELETE, "/user", &[]).once());
        impl crate::Client {
            #[cfg(feature = "users")]
            pub fn users(&self) -> Users { Users::new(self.clone()) }
        }
    "#;
    assert_eq!(
        lines("resources/users.rs", text),
        [
            "resources::Users struct",
            "resources::Users::get(&self, id: impl PathParameter) -> GetUser",
            r#"resources::ListUsers struct => list of models::User = Operation::new("listUsers",Method::GET,"/users",&[])"#,
            r#"resources::DeleteUser struct => () = Operation::new("deleteUser",Method::DELETE,"/user",&[]).once()"#,
            "Client::users(&self) -> Users @ users",
        ]
    );
}

#[test]
fn what_nobody_thought_of_is_an_error() {
    for text in [
        "pub static X: u8 = 1;",
        "new_macro!(X);",
        "pub type X = u8;",
        "awaited!(X => ());",
        "impl X { pub const Y: u8 = 1; }",
    ] {
        let Err(error) = items_of("models/users.rs", text) else {
            panic!("{text} has no line");
        };
        assert!(error.to_string().contains("has no line"), "{error}");
    }
}
