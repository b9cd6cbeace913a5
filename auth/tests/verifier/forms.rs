//! What a token looks like, before anything is verified.

use okta_auth::jose::Algorithm;
use proptest::prelude::*;
use serde_json::json;

use crate::made::*;

fn good() -> String {
    sign(&RSA, &access_claims())
}

/// The parts of a good token.
fn parts() -> [String; 3] {
    let token = good();
    let parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    parts.try_into().unwrap()
}

#[tokio::test]
async fn only_three_parts_are_a_token() {
    let verifier = verifier();
    let token = good();
    let [header, claims, signature] = parts();
    for (text, variant) in [
        (String::new(), "Parts"),
        ("abc".to_owned(), "Parts"),
        (format!("{header}.{claims}"), "Parts"),
        (format!("{token}."), "Parts"),
        (format!(".{token}"), "Parts"),
        (format!("{token}.{signature}"), "Parts"),
        (
            format!("{header}.{claims}.{signature}.{claims}.{signature}"),
            "Parts",
        ),
        ("....".to_owned(), "Parts"),
        ("..".to_owned(), "Json"),
        (format!("{header}.{claims}."), "Signature"),
        (format!(".{claims}.{signature}"), "Json"),
        (format!("{header}..{signature}"), "Signature"),
        (format!("Bearer {token}"), "Base64"),
    ] {
        assert_refused(&verifier, &text, variant).await;
    }
    let error = verifier.verify_access_token("a.b.c.d.e").await.unwrap_err();
    assert!(error.to_string().contains("encrypted"), "{error}");
    let error = verifier.verify_access_token("opaque").await.unwrap_err();
    assert!(error.to_string().contains("introspection"), "{error}");
    // RFC 7515, section 7.2: the JSON forms are not for tokens.
    let flattened = json!({"protected": header, "payload": claims, "signature": signature});
    assert_refused(&verifier, &flattened.to_string(), "Parts").await;
}

#[tokio::test]
async fn base64_has_one_spelling() {
    let verifier = verifier();
    let [header, claims, signature] = parts();
    let respelled = |part: &str| {
        // A last character whose spare bits are not zero decodes to the same bytes elsewhere.
        let last = part.pop_last();
        [
            format!("{part}="),
            format!("{part}=="),
            format!("{part} "),
            format!("{part}\n"),
            format!("\t{part}"),
            format!("{part}\0"),
            format!("{part}+"),
            format!("{part}/"),
            format!("{part}%3D"),
            format!("{part}é"),
            last,
        ]
    };
    for other in respelled(&header) {
        assert_refused(
            &verifier,
            &format!("{other}.{claims}.{signature}"),
            "Base64",
        )
        .await;
    }
    for other in respelled(&signature) {
        assert_refused(&verifier, &format!("{header}.{claims}.{other}"), "Base64").await;
    }
    for other in respelled(&claims) {
        // The signature covers the text of the claims, so it fails first.
        assert_refused(
            &verifier,
            &format!("{header}.{other}.{signature}"),
            "Signature",
        )
        .await;
    }
    // Signed as it stands, the text of the claims itself is at fault.
    let signed = format!("{header}.{claims}==");
    let signature = base64(RSA.sign(signed.as_bytes()).unwrap());
    assert_refused(&verifier, &format!("{signed}.{signature}"), "Base64").await;
}

trait PopLast {
    fn pop_last(&self) -> String;
}

impl PopLast for str {
    /// With a lone character at the end, which is no base64 of any length.
    fn pop_last(&self) -> String {
        let whole = self.len() / 4 * 4;
        format!("{}A", &self[..whole])
    }
}

#[tokio::test]
async fn spare_bits_must_be_zero() {
    // A signature of 256 bytes ends in a character with four spare bits: 16 spellings elsewhere.
    let verifier = verifier();
    let token = good();
    let (start, last) = token.split_at(token.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for other in alphabet.chars().filter(|other| !last.starts_with(*other)) {
        let error = verifier
            .verify_access_token(&format!("{start}{other}"))
            .await
            .unwrap_err();
        assert!(["Base64", "Signature"].contains(&&*name(&error)), "{error}");
    }
}

#[tokio::test]
async fn the_header_is_read_strictly() {
    let verifier = builder().algorithms(Algorithm::ALL).build().unwrap();
    let claims = access_claims().to_string();
    for (header, variant) in [
        ("", "Json"),
        ("[]", "Json"),
        ("null", "Json"),
        ("{", "Json"),
        ("{} ", "Algorithm"),
        (r#"{"kid":"rsa"}"#, "Algorithm"),
        (r#"{"alg":"RS256","kid":"rsa"}x"#, "Json"),
        (
            r#"{"alg":"RS256","alg":"RS256","kid":"rsa"}"#,
            "DuplicateMember",
        ),
        (
            r#"{"alg":"none","kid":"rsa","alg":"RS256"}"#,
            "DuplicateMember",
        ),
        (
            r#"{"alg":"RS256","kid":"rsa","\u0061lg":"none"}"#,
            "DuplicateMember",
        ),
        (
            r#"{"alg":"RS256","kid":"rsa","x":1,"x":2}"#,
            "DuplicateMember",
        ),
        (r#"{"alg":["RS256"],"kid":"rsa"}"#, "HeaderType"),
        (r#"{"alg":null,"kid":"rsa"}"#, "HeaderType"),
        (r#"{"alg":"RS256","kid":7}"#, "HeaderType"),
        (r#"{"alg":"RS256","kid":"rsa","typ":{}}"#, "HeaderType"),
        (r#"{"alg":"RS256","kid":"rsa","crit":["exp"]}"#, "Critical"),
        (r#"{"alg":"RS256","kid":"rsa","crit":[]}"#, "Critical"),
        (
            r#"{"alg":"RS256","kid":"rsa","b64":false,"crit":["b64"]}"#,
            "Critical",
        ),
        (r#"{"alg":"RS256","kid":"rsa","crit":"x"}"#, "Critical"),
        (r#"{"alg":"RS256","kid":"rsa","crit":null}"#, "Critical"),
        (
            r#"{"alg":"RSA-OAEP","enc":"A256GCM","kid":"rsa"}"#,
            "Algorithm",
        ),
        (
            "{\"alg\":\"RS256\",\"kid\":\"rsa\",\"x\":\"\u{1}\"}",
            "Json",
        ),
    ] {
        assert_refused(&verifier, &sign_texts(&RSA, header, &claims), variant).await;
    }
    // What is not known and not critical is passed over (RFC 7515, section 4).
    let header = r#"{"alg":"RS256","kid":"rsa","x":[1],"cty":"JWT"}"#;
    verifier
        .verify_access_token(&sign_texts(&RSA, header, &claims))
        .await
        .unwrap();
}

#[tokio::test]
async fn no_algorithm_but_those_allowed() {
    let all = builder().algorithms(Algorithm::ALL).build().unwrap();
    let [_, claims, signature] = parts();
    for name in [
        "none", "None", "NONE", "nOnE", " none", "none\0", "", "HS256", "HS384", "HS512", "hs256",
        "RS1", "RS384", "rs256", "RS256 ", "eddsa", "Ed448", "ES256K", "A128KW", "dir",
    ] {
        let header = base64(json!({"alg": name, "kid": "rsa"}).to_string());
        for signature in ["", &signature] {
            let token = format!("{header}.{claims}.{signature}");
            assert_refused(&all, &token, "Algorithm").await;
        }
    }
    let error = verifier()
        .verify_access_token(&sign(&EC, &access_claims()))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the algorithm is \"ES256\": expected RS256"
    );
}

#[tokio::test]
async fn a_megabyte_is_refused_unread() {
    let verifier = verifier();
    for token in [
        "a".repeat(1 << 20),
        ".".repeat(1 << 20),
        format!("{}.{}", good(), "A".repeat(1 << 20)),
        sign_with("x", "A".repeat(1 << 20).into(), &access_claims()),
    ] {
        assert_refused(&verifier, &token, "TooLong").await;
    }
    let token = sign(
        &RSA,
        &with(access_claims(), "x", "A".repeat(16 * 1024).into()),
    );
    assert_refused(&verifier, &token, "TooLong").await;
    let generous = builder().longest_token(token.len()).build().unwrap();
    generous.verify_access_token(&token).await.unwrap();
    let short = builder().longest_token(token.len() - 1).build().unwrap();
    assert_refused(&short, &token, "TooLong").await;
}

/// The verifier has its keys, so its future is ready at once.
fn verify_now(token: &str) -> bool {
    use futures::FutureExt;
    static VERIFIER: std::sync::LazyLock<okta_auth::Verifier> = std::sync::LazyLock::new(verifier);
    VERIFIER
        .verify_access_token(token)
        .now_or_never()
        .unwrap()
        .is_ok()
}

static GOOD: std::sync::LazyLock<String> = std::sync::LazyLock::new(good);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_is_taken_or_panics(text in "\\PC*") {
        prop_assert!(!verify_now(&text));
    }

    #[test]
    fn no_three_parts_are_taken(text in "[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,60}") {
        prop_assert!(!verify_now(&text));
    }

    #[test]
    fn no_bytes_as_parts_are_taken(
        header in prop::collection::vec(any::<u8>(), 0..60),
        claims in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        let token = format!("{}.{}.AA", base64(header), base64(claims));
        prop_assert!(!verify_now(&token));
    }

    #[test]
    fn one_changed_byte_is_enough(at in 0..GOOD.len(), byte in 0x20_u8..0x7f) {
        let mut bytes = GOOD.as_bytes().to_vec();
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        prop_assert!(!verify_now(&String::from_utf8(bytes).unwrap()));
    }
}

#[test]
fn each_byte_counts() {
    assert!(verify_now(&GOOD));
    for at in 0..GOOD.len() {
        let mut bytes = GOOD.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        assert!(!verify_now(&String::from_utf8(bytes).unwrap()), "at {at}");
        let mut bytes = GOOD.as_bytes().to_vec();
        bytes.remove(at);
        assert!(
            !verify_now(&String::from_utf8(bytes).unwrap()),
            "without {at}"
        );
    }
}
