//! Security event tokens: RFC 8417, as Shared Signals transmitters send them.

use std::collections::HashMap;

use okta_auth::jose::SigningKey;
use okta_auth::verifier::{SecurityEvent, SubjectId, VerifyError};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::made::*;

const REVOKED: &str = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";

type Events = HashMap<String, Value>;

fn event_claims() -> Value {
    json!({
        "iss": ISSUER, "aud": [AUDIENCE], "iat": NOW - 1_000_000, "jti": "e-1", "txn": "t-1",
        "toe": NOW - 1_000_010, "events": {REVOKED: {"event_timestamp": NOW, "reason_admin": {}}},
        "sub_id": {"format": "iss_sub", "iss": ISSUER, "sub": "00uUser"},
    })
}

fn sign_event(key: &SigningKey, typ: Value, claims: &Value) -> String {
    let header = with(json!({"kid": "rsa", "alg": "RS256"}), "typ", typ);
    sign_texts(key, &header.to_string(), &claims.to_string())
}

async fn verify(claims: &Value) -> Result<SecurityEvent<Events>, VerifyError> {
    let token = sign_event(&RSA, "secevent+jwt".into(), claims);
    verifier().verify_security_event(&token).await
}

/// As a generated type would be: a member for each event.
#[derive(Debug, Deserialize, PartialEq)]
struct Caep {
    #[serde(rename = "https://schemas.openid.net/secevent/caep/event-type/session-revoked")]
    session_revoked: Option<Revoked>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Revoked {
    event_timestamp: i64,
}

#[tokio::test]
async fn an_event_is_taken_as_the_callers_type_without_an_end() {
    for typ in ["secevent+jwt", "application/secevent+jwt", "SecEvent+JWT"] {
        let token = sign_event(&RSA, typ.into(), &event_claims());
        let event = verifier()
            .verify_security_event::<Caep>(&token)
            .await
            .unwrap();
        assert_eq!(event.id, "e-1");
        assert_eq!(event.audience, [AUDIENCE]);
        assert_eq!(event.issued_at, at(NOW - 1_000_000));
        assert_eq!(event.occurred_at, Some(at(NOW - 1_000_010)));
        assert_eq!(event.transaction_id.as_deref(), Some("t-1"));
        let revoked = Revoked {
            event_timestamp: NOW,
        };
        assert_eq!(event.events.session_revoked, Some(revoked));
        let (issuer, subject) = (ISSUER.to_owned(), "00uUser".to_owned());
        let user = SubjectId::IssuerSubject { issuer, subject };
        assert_eq!(event.subject_id, Some(user));
        // A transmitter sends it again until it is acknowledged.
        assert!(
            verifier()
                .verify_security_event::<Events>(&token)
                .await
                .is_ok()
        );
    }
    let event = verify(&event_claims()).await.unwrap();
    assert!(event.events.contains_key(REVOKED));
}

#[tokio::test]
async fn each_claim_of_an_event_that_is_wrong_fails_its_own_check() {
    for (claim, value, variant) in [
        ("iss", json!("https://evil.example"), "Issuer"),
        ("iss", Value::Null, "MissingClaim"),
        ("aud", json!("api://other"), "Audience"),
        ("aud", json!(CLIENT), "Audience"),
        ("aud", Value::Null, "MissingClaim"),
        ("iat", Value::Null, "MissingClaim"),
        ("iat", json!("now"), "ClaimType"),
        ("iat", json!(NOW + 121), "IssuedInFuture"),
        ("exp", json!(NOW - 121), "Expired"),
        ("nbf", json!(NOW + 121), "NotYetValid"),
        ("jti", Value::Null, "MissingClaim"),
        ("jti", json!(""), "MissingClaim"),
        ("jti", json!(1), "ClaimType"),
        ("events", Value::Null, "NotASecurityEvent"),
        ("events", json!({}), "NotASecurityEvent"),
        ("events", json!([REVOKED]), "NotASecurityEvent"),
        ("events", json!({REVOKED: true}), "NotASecurityEvent"),
        (
            "events",
            json!({REVOKED: {}, "x": null}),
            "NotASecurityEvent",
        ),
        ("sub_id", json!("00uUser"), "ClaimType"),
        (
            "sub_id",
            json!({"format": "iss_sub", "iss": ISSUER}),
            "ClaimType",
        ),
    ] {
        let error = verify(&with(event_claims(), claim, value.clone()))
            .await
            .unwrap_err();
        assert_eq!(name(&error), variant, "{claim} {value}: {error}");
    }
    let wrong = with(
        event_claims(),
        "events",
        json!({REVOKED: {"event_timestamp": "x"}}),
    );
    let token = sign_event(&RSA, "secevent+jwt".into(), &wrong);
    let error = verifier()
        .verify_security_event::<Caep>(&token)
        .await
        .unwrap_err();
    assert_eq!(name(&error), "ClaimType");
}

#[tokio::test]
async fn no_other_token_is_taken_for_an_event_nor_an_event_for_another() {
    for (typ, variant) in [
        (Value::Null, "NotASecurityEvent"),
        ("JWT".into(), "TokenType"),
        ("logout+jwt".into(), "TokenType"),
        ("at+jwt".into(), "TokenType"),
        ("dpop+jwt".into(), "TokenType"),
    ] {
        let token = sign_event(&RSA, typ, &event_claims());
        let error = verifier().verify_security_event::<Events>(&token).await;
        assert_eq!(name(&error.unwrap_err()), variant);
    }
    for claims in [access_claims(), with(id_claims(), "aud", AUDIENCE.into())] {
        assert_eq!(
            name(&verify(&claims).await.unwrap_err()),
            "NotASecurityEvent"
        );
    }
    let logout = json!({LOGOUT: {}});
    let mut claims = with(event_claims(), "events", logout);
    claims["aud"] = json!([AUDIENCE, CLIENT]);
    claims["exp"] = json!(NOW + 60);
    claims["sub"] = json!("00uUser");
    let token = sign_event(&RSA, "secevent+jwt".into(), &claims);
    let error = verifier().verify_logout_token(&token).await.unwrap_err();
    assert_eq!(name(&error), "TokenType");
    assert_refused(&verifier(), &token, "TokenType").await;
}

#[tokio::test]
async fn a_forged_event_is_refused() {
    let token = sign_event(&OTHER_RSA, "secevent+jwt".into(), &event_claims());
    let error = verifier().verify_security_event::<Events>(&token).await;
    assert_eq!(name(&error.unwrap_err()), "Signature");
    let nobody = okta_auth::Verifier::builder(issuer())
        .client_id(CLIENT)
        .build()
        .unwrap();
    let error = nobody.verify_security_event::<Events>(&token).await;
    assert_eq!(name(&error.unwrap_err()), "NotSetUp");
}

#[tokio::test]
async fn subjects_are_read_in_every_format_of_rfc_9493() {
    let email = |address: &str| SubjectId::Email {
        email: address.to_owned(),
    };
    let text = str::to_owned;
    for (claim, expected) in [
        (
            json!({"format": "account", "uri": "acct:a@b"}),
            SubjectId::Account {
                uri: text("acct:a@b"),
            },
        ),
        (json!({"format": "email", "email": "a@b"}), email("a@b")),
        (
            json!({"format": "opaque", "id": "1"}),
            SubjectId::Opaque { id: text("1") },
        ),
        (
            json!({"format": "phone_number", "phone_number": "+1"}),
            SubjectId::PhoneNumber {
                phone_number: text("+1"),
            },
        ),
        (
            json!({"format": "did", "url": "did:x:1"}),
            SubjectId::Did {
                url: text("did:x:1"),
            },
        ),
        (
            json!({"format": "uri", "uri": "urn:x"}),
            SubjectId::Uri { uri: text("urn:x") },
        ),
        (
            json!({"format": "aliases", "identifiers": [{"format": "email", "email": "a@b"}]}),
            SubjectId::Aliases(vec![email("a@b")]),
        ),
        (
            json!({"format": "complex", "user": {"format": "email", "email": "a@b"}}),
            SubjectId::Complex(vec![(text("user"), email("a@b"))]),
        ),
        (
            json!({"format": "x-new", "a": 1}),
            SubjectId::Other {
                format: text("x-new"),
                members: json!({"a": 1}).as_object().unwrap().clone(),
            },
        ),
    ] {
        let event = verify(&with(event_claims(), "sub_id", claim))
            .await
            .unwrap();
        assert_eq!(event.subject_id, Some(expected));
    }
    let aliases = json!({"format": "aliases", "identifiers": [{"format": "email", "email": "a"}]});
    for wrong in [
        json!({"format": 1}),
        json!({"format": "email", "email": ""}),
        json!({"format": "aliases", "identifiers": []}),
        json!({"format": "aliases", "identifiers": [aliases]}),
        json!({"format": "complex"}),
        json!({"format": "complex", "user": "joe"}),
        json!({"format": "complex", "user": {"format": "complex"}}),
    ] {
        let error = verify(&with(event_claims(), "sub_id", wrong.clone())).await;
        assert_eq!(name(&error.unwrap_err()), "ClaimType", "{wrong}");
    }
}
