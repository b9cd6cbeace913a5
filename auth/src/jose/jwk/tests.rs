#![allow(clippy::unwrap_used)]
use super::*;

/// RFC 7638, section 3.1.
const RFC_7638: &str = r#"{
    "kty": "RSA",
    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    "e": "AQAB",
    "alg": "RS256",
    "kid": "2011-04-29"
}"#;

/// The proof's key in RFC 9449, and its thumbprint there (section 6.1).
const RFC_9449: &str = r#"{"kty":"EC","crv":"P-256",
    "x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
    "y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}"#;

fn jwk(text: &str) -> Jwk {
    serde_json::from_str(text).unwrap()
}

#[test]
fn thumbprints_are_those_of_the_rfcs() {
    assert_eq!(
        jwk(RFC_7638).thumbprint(),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
    assert_eq!(
        jwk(RFC_9449).thumbprint(),
        "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
    );
}

/// RFC 8037, appendix A.2; its thumbprint is in A.3.
const RFC_8037: &str = r#"{"kty":"OKP","crv":"Ed25519",
    "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

#[test]
fn an_ed25519_key_is_that_of_rfc_8037() {
    let key = jwk(RFC_8037);
    assert_eq!(
        key.thumbprint(),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
    assert_eq!(
        key.to_json(),
        serde_json::from_str::<Value>(RFC_8037).unwrap()
    );
    for algorithm in Algorithm::ALL {
        assert_eq!(key.can_verify(algorithm), algorithm == Algorithm::EdDsa);
    }
    for wrong in [
        r#"{"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
        r#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#,
        r#"{"kty":"OKP","crv":"Ed25519"}"#,
    ] {
        assert!(serde_json::from_str::<Jwk>(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_was_read_is_written_and_private_members_are_not_read() {
    let key = jwk(RFC_7638);
    assert_eq!(
        key.to_json(),
        serde_json::from_str::<Value>(RFC_7638).unwrap()
    );
    let mut with_secret: Value = serde_json::from_str(RFC_7638).unwrap();
    with_secret["d"] = "leak".into();
    assert_eq!(Jwk::from_json(&with_secret).unwrap(), key);
}

#[test]
fn a_key_verifies_what_it_is_for() {
    let key = jwk(RFC_7638);
    assert!(key.can_verify(Algorithm::Rs256));
    // Its `alg` says RS256.
    assert!(!key.can_verify(Algorithm::Ps256));
    assert!(!key.can_verify(Algorithm::Es256));
    assert!(jwk(RFC_9449).can_verify(Algorithm::Es256));
    assert!(!jwk(RFC_9449).can_verify(Algorithm::Es384));
    let mut for_encryption: Value = serde_json::from_str(RFC_9449).unwrap();
    for_encryption["use"] = "enc".into();
    let key = Jwk::from_json(&for_encryption).unwrap();
    assert!(!key.can_verify(Algorithm::Es256));
}

fn with(member: &str, value: Value) -> Value {
    let mut json: Value = serde_json::from_str(RFC_9449).unwrap();
    json[member] = value;
    json
}

#[test]
fn key_ops_without_verify_are_for_something_else() {
    for (operations, can_verify) in [
        (json!(["verify"]), true),
        (json!(["sign", "verify"]), true),
        (json!(null), true),
        (json!(["encrypt", "wrapKey"]), false),
        (json!(["VERIFY"]), false),
        (json!([]), false),
    ] {
        let key = Jwk::from_json(&with("key_ops", operations.clone())).unwrap();
        assert_eq!(key.can_verify(Algorithm::Es256), can_verify, "{operations}");
        assert_eq!(Jwk::from_json(&key.to_json()).unwrap(), key);
    }
}

#[test]
fn members_of_wrong_types_drop_the_key() {
    for (member, value) in [
        ("use", json!(["sig"])),
        ("use", json!(7)),
        ("alg", json!({})),
        ("alg", json!(false)),
        ("kid", json!(1)),
        ("kty", json!(["EC"])),
        ("crv", json!(256)),
        ("x", json!([])),
        ("key_ops", json!("verify")),
        ("key_ops", json!(["verify", 1])),
        ("exp", json!("1700000000")),
        ("exp", json!([])),
    ] {
        let error = Jwk::from_json(&with(member, value.clone())).unwrap_err();
        let named = error.to_string().contains(&format!("`{member}`"));
        assert!(named, "{value}: {error}");
    }
}

#[test]
fn a_revoked_key_is_refused_and_an_end_is_read() {
    for revoked in [
        json!({"revoked_at": 1_700_000_000}),
        json!({}),
        json!(true),
        json!(false),
    ] {
        assert!(Jwk::from_json(&with("revoked", revoked)).is_err());
    }
    for (end, read) in [
        (json!(1_700_000_000), Some(1_700_000_000)),
        (json!(1_700_000_000.9), Some(1_700_000_000)),
        (json!(-1), Some(-1)),
        (json!(1e300), Some(i64::MAX)),
        (json!(null), None),
    ] {
        let key = Jwk::from_json(&with("exp", end)).unwrap();
        assert_eq!(key.expires_at(), read);
        assert_eq!(Jwk::from_json(&key.to_json()).unwrap(), key);
    }
}

#[test]
fn a_key_that_cannot_be_used_is_refused_by_name() {
    for (text, why) in [
        (r#"{}"#, "`kty`"),
        (r#"{"kty":"oct","k":"leak"}"#, "`kty`"),
        (r#"{"kty":"RSA","e":"AQAB"}"#, "`n`"),
        (r#"{"kty":"RSA","n":"AQAB","e":"AQ=="}"#, "`e`"),
        (
            r#"{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}"#,
            "`crv`",
        ),
        (r#"{"kty":"EC","crv":"P-256","x":"AA"}"#, "`y`"),
    ] {
        let error = Jwk::from_json(&serde_json::from_str(text).unwrap()).unwrap_err();
        let text = error.to_string();
        assert!(text.contains(why) && !text.contains("leak"), "{text}");
    }
}
