use std::collections::BTreeSet;

use super::emit;
use crate::api::{
    Body, Facts, Field, Lifecycle, Param, Record, Success, Type, TypeKind, TypeRef, Union, Variant,
};
use crate::emit::testing::{api, file, operation, param, path_param};

fn field(name: &str, ty: TypeRef) -> Field {
    Field {
        name: name.into(),
        ident: name.to_lowercase(),
        ty,
        boxed: false,
        nullable: false,
        required: false,
        read_only: false,
        server_owned: false,
        requested: true,
        write_only: false,
        facts: Facts::default(),
    }
}

fn named(name: &str, kind: TypeKind) -> (String, Type) {
    let ty = Type {
        name: name.into(),
        schema: None,
        place: None,
        places: BTreeSet::new(),
        features: BTreeSet::new(),
        deprecated: false,
        lifecycle: Lifecycle::default(),
        prose: None,
        kind,
    };
    (name.into(), ty)
}

fn record(fields: Vec<Field>, fixed: Vec<(String, String)>) -> TypeKind {
    TypeKind::Record(Record {
        fields,
        fixed,
        defaults: vec![],
        arguments: vec![],
        custom_properties: false,
    })
}

#[test]
fn the_table_says_what_is_given_sent_and_answered() {
    let role = || TypeRef::Named("Role".into());
    let mut create = operation(
        "createRole",
        "create",
        "POST",
        "/api/v1/users/{userId}/roles",
    );
    create.path_params = vec![path_param("userId", "user_id", TypeRef::String)];
    let strings = || TypeRef::List(Box::new(TypeRef::String));
    create.query_params = vec![
        param("joined", "joined", strings(), false),
        param("notify", "notify", TypeRef::Bool, true),
        Param {
            explode: true,
            ..param("repeated", "repeated", strings(), false)
        },
    ];
    create.body = Some(Body::Json {
        ty: role(),
        content_type: "application/json".into(),
        required: true,
    });
    create.path_struct = Some("UserNotify".into());
    create.success = Success::Json(TypeRef::List(Box::new(role())));
    let mut api = api(vec![create]);
    api.types = [
        named(
            "Role",
            TypeKind::Union(Union {
                discriminator: "type".into(),
                variants: vec![Variant {
                    variant: "Custom".into(),
                    values: vec!["CUSTOM".into()],
                    ty: "CustomRole".into(),
                }],
                base: "RoleBase".into(),
                base_fields: vec![],
            }),
        ),
        named(
            "CustomRole",
            record(
                vec![
                    Field {
                        server_owned: true,
                        ..field("id", TypeRef::String)
                    },
                    Field {
                        required: true,
                        ..field("label", TypeRef::String)
                    },
                    Field {
                        write_only: true,
                        ..field("secret", TypeRef::Secret)
                    },
                    field("parent", TypeRef::Map(Box::new(role()))),
                    field("type", TypeRef::String),
                ],
                vec![("type".into(), "CUSTOM".into())],
            ),
        ),
    ]
    .into();
    insta::assert_snapshot!(file(emit(&api), "calls/operations.json"));
    insta::assert_snapshot!(file(emit(&api), "calls/roles.rs"));
}
