#![allow(clippy::unwrap_used)]

use super::*;
use crate::{Source, Sources, documents, load};

const NOT_SECRET: &str = include_str!("../../../openapi/not_secret.yaml");

fn sources(not_secret: &str) -> Sources<'_> {
    Sources {
        documents: vec![Source {
            about: documents::MANAGEMENT,
            document: include_str!("../../../openapi/management/document.yaml"),
            names: include_str!("../../../openapi/management/names.yaml"),
            roots: include_str!("../../../openapi/management/roots.yaml"),
        }],
        server_owned: include_str!("../../../openapi/server_owned.yaml"),
        rate_limits: include_str!("../../../openapi/rate_limits.yaml"),
        not_secret,
        words: include_str!("../../../openapi/words.yaml"),
        examples: "",
        needed: "",
    }
}

/// Types of all members, by `schema.member`.
fn members(api: &Api) -> impl Iterator<Item = (String, &Field)> {
    api.types.values().flat_map(|ty| {
        let schema = ty.schema.as_ref().unwrap_or(&ty.name);
        let fields = match &ty.kind {
            TypeKind::Record(record) => record.fields.as_slice(),
            TypeKind::Enum(_) | TypeKind::Union(_) => &[],
        };
        fields
            .iter()
            .map(move |field| (format!("{schema}.{}", field.name), field))
    })
}

#[test]
fn what_carries_a_credential_is_a_secret() {
    let api = load(&sources(NOT_SECRET)).unwrap();
    for name in [
        "UserActivationToken.activationUrl",
        "UserActivationToken.activationToken",
        "ResetPasswordToken.resetPasswordUrl",
        "ChildOrg.token",
        "CAPTCHAInstance.secretKey",
        "SocialAuthToken.token",
        "APNSConfiguration.tokenSigningKey",
        "FCMConfiguration.serviceAccountJson",
        "StreamConfigurationDelivery.authorization_header",
        "PasswordCredential.value",
        "PasswordCredentialHash.salt",
        "RecoveryQuestionCredential.answer",
        "UserFactorTokenVerify.passCode",
        "UserFactorTokenVerify.nextPassCode",
    ] {
        let found: Vec<_> = members(&api).filter(|(member, _)| member == name).collect();
        assert!(!found.is_empty(), "there is no {name}");
        for (_, field) in found {
            let hidden = matches!(field.ty, TypeRef::Secret | TypeRef::SecretJson);
            assert!(hidden, "{name} is {:?}", field.ty);
        }
    }
}

#[test]
fn every_write_only_text_is_a_secret_or_was_looked_at() {
    let api = load(&sources(NOT_SECRET)).unwrap();
    let reviewed = Reviewed::parse("not_secret.yaml", NOT_SECRET).unwrap();
    for ty in api.types.values() {
        let schema = ty.schema.as_ref().unwrap_or(&ty.name);
        let TypeKind::Record(record) = &ty.kind else {
            continue;
        };
        for field in &record.fields {
            let shown = matches!(field.ty, TypeRef::String | TypeRef::Json);
            assert!(
                !(field.write_only && shown) || reviewed.contains(ty, &field.name),
                "`{}` of `{schema}` shows in logs",
                field.name
            );
        }
    }
}

#[test]
fn the_list_does_not_outlive_what_it_speaks_of() {
    for (entry, why) in [
        (
            "{schema: User, member: shoeSize, reason: none}",
            "there is no such member",
        ),
        (
            "{schema: User, member: id, reason: an id}",
            "it would not be a secret",
        ),
    ] {
        let not_secret = format!("{NOT_SECRET}- {entry}\n");
        let error = load(&sources(&not_secret)).unwrap_err().to_string();
        assert!(
            error.contains("not_secret.yaml") && error.contains(why),
            "{error}"
        );
    }
}

#[test]
fn names_are_taken_for_what_they_sound_like() {
    let field = |name: &str| Field {
        name: name.to_owned(),
        ident: name.to_owned(),
        ty: TypeRef::String,
        boxed: false,
        nullable: false,
        required: false,
        read_only: false,
        server_owned: false,
        requested: false,
        write_only: false,
        facts: crate::api::Facts::default(),
    };
    let thing = Type {
        name: "Thing".to_owned(),
        schema: None,
        place: None,
        places: std::collections::BTreeSet::new(),
        features: std::collections::BTreeSet::new(),
        deprecated: false,
        lifecycle: crate::api::Lifecycle::default(),
        prose: None,
        kind: TypeKind::Enum(Vec::new()),
    };
    for (name, kty, secret) in [
        ("newPassword", false, true),
        ("api_token", false, true),
        ("signingKey", false, true),
        ("passCode", false, true),
        ("activationUrl", false, true),
        ("authorization_header", false, true),
        ("d", true, true),
        ("d", false, false),
        ("e", true, false),
        ("keyId", false, false),
        ("spinner", false, false),
        ("tokenize", false, false),
    ] {
        assert_eq!(sounds_like_one(&thing, kty, &field(name)), secret, "{name}");
    }
}
