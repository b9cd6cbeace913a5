#![allow(clippy::unwrap_used)]
use super::*;
use crate::jose::VerifyingKey;

#[test]
fn what_a_key_signs_its_public_half_verifies_and_no_other() {
    for algorithm in Algorithm::ALL {
        let (key, other) = (
            SigningKey::generate(algorithm).unwrap(),
            SigningKey::generate(algorithm).unwrap(),
        );
        assert_eq!(key.algorithm(), algorithm);
        let signature = key.sign(b"message").unwrap();
        let verifying = |key: &SigningKey| VerifyingKey::new(&key.public_jwk(), algorithm).unwrap();
        assert!(verifying(&key).verify(b"message", &signature));
        assert!(!verifying(&key).verify(b"massage", &signature));
        assert!(!verifying(&other).verify(b"message", &signature));
        for wrong in Algorithm::ALL {
            let same_kind = wrong.is_rsa() && algorithm.is_rsa();
            let parsed = VerifyingKey::new(&key.bare_public_jwk(), wrong);
            assert_eq!(parsed.is_some(), wrong == algorithm || same_kind);
            if let Some(parsed) = parsed {
                assert_eq!(parsed.verify(b"message", &signature), wrong == algorithm);
            }
        }
    }
}

#[test]
fn a_private_jwk_brings_its_id_and_algorithm() {
    // RFC 7515, appendix A.3.1.
    let text = r#"{"kty":"EC","crv":"P-256","kid":"rfc","alg":"ES256",
        "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
    let key = SigningKey::parse(&text.into()).unwrap();
    assert_eq!(
        (key.key_id(), key.algorithm()),
        (Some("rfc"), Algorithm::Es256)
    );
    let signature = key.sign(b"m").unwrap();
    let verifying = VerifyingKey::new(&key.public_jwk(), Algorithm::Es256).unwrap();
    assert!(verifying.verify(b"m", &signature));
    assert!(!format!("{key:?} {:?}", key.public_jwk()).contains("jpsQ"));
}

#[test]
fn an_ed25519_key_signs_as_rfc_8037_does() {
    // RFC 8037, appendices A.1 and A.4.
    let text = r#"{"kty":"OKP","crv":"Ed25519",
        "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let key = SigningKey::parse(&text.into()).unwrap();
    assert_eq!(key.algorithm(), Algorithm::EdDsa);
    let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    assert_eq!(
        base64url::encode(key.sign(message).unwrap()),
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    );
    let another = text.replace("nWGxne", "nWGxnf");
    let error = SigningKey::parse(&another.into()).unwrap_err();
    assert!(error.to_string().contains("one Ed25519 key"), "{error}");
}

#[test]
fn a_text_that_is_no_private_key_is_refused_and_not_repeated() {
    let public = SigningKey::generate(Algorithm::Es256).unwrap().public_jwk();
    for (text, why) in [
        ("", "-----BEGIN"),
        ("leak", "-----BEGIN"),
        (
            "-----BEGIN PRIVATE KEY-----\nleak\n-----END PRIVATE KEY-----",
            "neither RSA",
        ),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----", "openssl"),
        ("{leak", "not JSON"),
        (r#"{"kty":"oct","k":"leak"}"#, "`kty`"),
        (&public.to_json().to_string(), "`d` is missing"),
    ] {
        let error = SigningKey::parse(&text.into()).unwrap_err();
        assert!(error.is_configuration());
        let shown = format!("{error} {error:?}");
        assert!(shown.contains(why) && !shown.contains("leak"), "{shown}");
    }
}

#[test]
fn a_key_takes_no_algorithm_of_another_kind() {
    let key = SigningKey::generate(Algorithm::Es384).unwrap();
    assert!(key.clone().with_algorithm(Algorithm::Es256).is_err());
    assert!(key.with_algorithm(Algorithm::Ps256).is_err());
}
