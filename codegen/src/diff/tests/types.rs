//! What happens to types and their members.
#![allow(clippy::unwrap_used)]

use super::*;

fn property(name: &str, schema: &Value) -> Value {
    set(&format!("{USER}/properties/{name}"), schema)
}

/// With one more schema, and a member of users that is of it.
fn with_schema(name: &str) -> Value {
    let mut document = property(
        "team",
        &json!({"$ref": format!("#/components/schemas/{name}")}),
    );
    document["components"]["schemas"][name] =
        json!({"type": "object", "properties": {"x": {"type": "string"}}});
    document
}

#[test]
fn a_schema_in_capitals_renames_nothing() {
    let lines = lines(&report_of(&document(), &with_schema("GROUP")));
    assert_eq!(
        lines,
        [
            "compatible models::Group2: added",
            "compatible models::User.team: added"
        ]
    );
}

#[test]
fn a_type_comes_or_goes() {
    there_and_back(
        &with_schema("Team"),
        &[
            "compatible models::Team: added",
            "compatible models::User.team: added",
        ],
        &[
            "breaks models::Team: removed",
            "breaks models::User.team: removed",
        ],
    );
}

#[test]
fn a_schema_with_another_name_is_the_same_type() {
    let renamed = with(|document| {
        let text = document
            .to_string()
            .replace("schemas/Group", "schemas/Team");
        *document = serde_json::from_str(&text).unwrap();
        let schemas = document["components"]["schemas"].as_object_mut().unwrap();
        let group = schemas.remove("Group").unwrap();
        schemas.insert("Team".to_owned(), group);
    });
    there_and_back(&renamed, &[], &[]);
}

#[test]
fn a_type_inside_another_that_becomes_a_schema_is_the_same_type() {
    let inside = json!({"type": "object", "properties": {
        "street": {"type": "string"}, "town": {"type": "string"}}});
    let ours = property("address", &inside);
    let mut theirs = property("address", &json!({"$ref": "#/components/schemas/Address"}));
    theirs["components"]["schemas"]["Address"] = inside;
    assert_eq!(lines(&report_of(&ours, &theirs)), [""; 0]);
}

#[test]
fn a_member_comes_or_goes() {
    there_and_back(
        &property("city", &json!({"type": "string"})),
        &["compatible models::User.city: added"],
        &["breaks models::User.city: removed"],
    );
}

#[test]
fn a_member_has_another_type() {
    there_and_back(
        &property("age", &json!({"type": "string"})),
        &["breaks models::User.age: `Option<String>` now; before `Option<i64>`"],
        &["breaks models::User.age: `Option<i64>` now; before `Option<String>`"],
    );
    there_and_back(
        &property("nick", &json!({"type": "string", "nullable": true})),
        &["breaks models::User.nick: `Nullable<String>` now; before `Option<String>`"],
        &["breaks models::User.nick: `Option<String>` now; before `Nullable<String>`"],
    );
    there_and_back(
        &property("nick", &json!({"type": "string", "writeOnly": true})),
        &[
            "breaks models::User.nick: `Option<Secret>` now; before `Option<String>`",
            "behaves models::User.nick: is no longer in answers",
        ],
        &[
            "breaks models::User.nick: `Option<String>` now; before `Option<Secret>`",
            "compatible models::User.nick: is in answers too now",
        ],
    );
}

#[test]
fn a_member_becomes_required() {
    there_and_back(
        &set(&format!("{USER}/required/-"), &json!("age")),
        &[
            "breaks models::User.age: is required now: `new` takes it",
            "breaks models::User::new: takes `(age: i64, login: impl Into<String>)` now; \
             before `(login: impl Into<String>)`",
        ],
        &[
            "breaks models::User.age: is no longer required: `new` takes it no more",
            "breaks models::User::new: takes `(login: impl Into<String>)` now; \
             before `(age: i64, login: impl Into<String>)`",
        ],
    );
}

#[test]
fn arguments_that_could_be_swapped_become_parts() {
    there_and_back(
        &set(&format!("{USER}/required/-"), &json!("nick")),
        &[
            "breaks models::User.nick: is required now: `new` takes it",
            "breaks models::User::new: takes `(parts: UserParts)` now; \
             before `(login: impl Into<String>)`",
        ],
        &[
            "breaks models::User.nick: is no longer required: `new` takes it no more",
            "breaks models::User::new: takes `(login: impl Into<String>)` now; \
             before `(parts: UserParts)`",
        ],
    );
}

#[test]
fn parts_become_more() {
    let ours = set(&format!("{USER}/required/-"), &json!("nick"));
    let mut theirs = ours.clone();
    theirs["components"]["schemas"]["User"]["required"] =
        json!(["login", "provider", "nick", "age"]);
    assert_eq!(
        lines(&report_of(&ours, &theirs)),
        ["breaks models::User.age: is required now: `new` takes it"]
    );
}

#[test]
fn a_required_member_that_constructors_fill_in_breaks_nothing() {
    there_and_back(
        &with(|document| {
            let user = document.pointer_mut(USER).unwrap();
            user["properties"]["origin"] = json!({"type": "string", "enum": ["API"]});
            user["required"] = json!(["login", "origin", "provider"]);
        }),
        &[
            "behaves models::User.origin: added, required: requests without it may be refused",
            "behaves models::User.origin: constructors fill in `API` now",
            "compatible models::UserOrigin: added",
            "compatible models::User.origin: added",
        ],
        &[
            "breaks models::UserOrigin: removed",
            "breaks models::User.origin: removed",
        ],
    );
}

#[test]
fn what_constructors_fill_in_has_a_second_value() {
    there_and_back(
        &property(
            "provider",
            &json!({"type": "string", "enum": ["LDAP", "OKTA"]}),
        ),
        &[
            "behaves models::User.provider: can be set now; constructors still fill in `OKTA`",
            "behaves models::UserProvider::Ldap: added: `LDAP` was `Unrecognized`",
            "compatible models::User::provider: added",
        ],
        // What had two values when it was named is an argument, until it can have one value only.
        &[
            "breaks models::User.provider: is no longer required: `new` takes it no more",
            "breaks models::User::new: takes `(login: impl Into<String>)` now; \
             before `(parts: UserParts)`",
            "breaks models::User::provider: removed",
            "breaks models::UserProvider::Ldap: removed",
            "behaves models::User.provider: constructors fill in `OKTA` now",
        ],
    );
}

#[test]
fn a_value_gets_a_variant() {
    there_and_back(
        &set("/components/schemas/UserStatus/enum/-", &json!("LOCKED")),
        &["behaves models::UserStatus::Locked: added: `LOCKED` was `Unrecognized`"],
        &["breaks models::UserStatus::Locked: removed"],
    );
}

#[test]
fn a_value_that_is_only_sent_gets_a_variant() {
    let sort = |values: Value| {
        let sort = json!({"name": "sort", "in": "query",
            "schema": {"type": "string", "enum": values}});
        set(&format!("{LIST}/parameters/-"), &sort)
    };
    assert_eq!(
        lines(&report_of(&sort(json!(["A"])), &sort(json!(["A", "B"])))),
        ["compatible models::ListUsersSort::B: added"]
    );
}

#[test]
fn a_union_gets_a_kind() {
    there_and_back(
        &with(|document| {
            let schemas = &mut document["components"]["schemas"];
            schemas["Pet"]["discriminator"]["mapping"]["FISH"] = json!("#/components/schemas/Fish");
            schemas["Fish"] = json!({"allOf": [{"$ref": "#/components/schemas/Pet"},
                {"type": "object", "properties": {"depth": {"type": "integer"}}}]});
        }),
        &[
            "behaves models::Pet::Fish: added: `FISH` was `Unrecognized`, as `PetBase`",
            "compatible models::Fish: added",
        ],
        &[
            "breaks models::Fish: removed",
            "breaks models::Pet::Fish: removed",
        ],
    );
}

#[test]
fn a_kind_gets_another_value() {
    there_and_back(
        &set(
            "/components/schemas/Pet/discriminator/mapping/TOMCAT",
            &json!("#/components/schemas/Cat"),
        ),
        // Two values choose the kind, so that its constructor cannot know which is meant.
        &[
            "behaves models::Cat.kind: constructors no longer fill in `CAT`",
            "behaves models::Pet::Cat: added: `TOMCAT` was `Unrecognized`, as `PetBase`",
            "compatible models::Cat::kind: added",
        ],
        &[
            "breaks models::Cat::kind: removed",
            "behaves models::Cat.kind: constructors fill in `CAT` now",
            "behaves models::Pet::Cat: `TOMCAT` is `Unrecognized` now",
        ],
    );
}

#[test]
fn limits_and_defaults_of_members_change() {
    there_and_back(
        &set(&format!("{USER}/properties/login/maxLength"), &json!(50)),
        &["behaves models::User.login: now: At most 50 characters. \
           Before: At most 100 characters."],
        &[
            "compatible models::User.login: now: At most 100 characters. \
           Before: At most 50 characters.",
        ],
    );
    there_and_back(
        &set(&format!("{USER}/properties/nick/default"), &json!("me")),
        &["behaves models::User.nick: now: Default `me`."],
        &["behaves models::User.nick: no longer: Default `me`."],
    );
    // What only answers hold binds nobody else.
    there_and_back(
        &set(
            "/components/schemas/Group/properties/name/maxLength",
            &json!(9),
        ),
        &["compatible models::Group.name: now: At most 9 characters."],
        &["compatible models::Group.name: no longer: At most 9 characters."],
    );
}

#[test]
fn a_type_or_member_becomes_deprecated() {
    there_and_back(
        &set(&format!("{USER}/properties/nick/deprecated"), &json!(true)),
        &["compatible models::User.nick: deprecated"],
        &["compatible models::User.nick: no longer deprecated"],
    );
}

#[test]
fn a_struct_becomes_text() {
    let lines = lines(&report_of(
        &document(),
        &set(
            "/components/schemas/Pet",
            &json!({"type": "string", "enum": ["CAT", "DOG"]}),
        ),
    ));
    let expected = "breaks models::Pet: a string enum now; before a tagged union".to_owned();
    assert!(lines.contains(&expected), "{lines:#?}");
}

#[test]
fn a_type_comes_with_more_features() {
    there_and_back(
        &set(
            "/components/schemas/Group/properties/owner",
            &json!({"$ref": "#/components/schemas/UserStatus"}),
        ),
        &[
            "compatible models::UserStatus: is there with feature `groups` too",
            "compatible models::Group.owner: added",
        ],
        &[
            "breaks models::UserStatus: needs feature `users` now; `groups` was enough",
            "breaks models::Group.owner: removed",
        ],
    );
}
