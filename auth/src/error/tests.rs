#![allow(clippy::unwrap_used)]
use serde_json::Value;

use super::*;
use crate::Call;
use crate::testing::{answer, headers};

const CREATE_USER: Call = Call::new("createUser", "/api/v1/users");

fn api_error(status: u16, pairs: &[(&str, &str)], body: &str) -> Error {
    Error::from_answer(answer(status, pairs, body)).with_call(&CREATE_USER, &Method::POST)
}

#[test]
fn okta_envelope_is_read_whole() {
    let error = api_error(
        400,
        &[("x-okta-request-id", "req-1")],
        r#"{"errorCode":"E0000001","errorSummary":"Api validation failed: login",
            "errorLink":"E0000001","errorId":"oae1","errorCauses":[
            {"errorSummary":"login: An object with this field already exists"}]}"#,
    );
    assert_eq!(error.code(), Some("E0000001"));
    assert_eq!(error.summary(), Some("Api validation failed: login"));
    assert_eq!(
        error.causes(),
        ["login: An object with this field already exists"]
    );
    assert_eq!(error.error_id(), Some("oae1"));
    assert_eq!(error.request_id(), Some("req-1"));
    assert_eq!(error.operation(), Some("createUser"));
    assert_eq!(error.path(), Some("/api/v1/users"));
    assert_eq!(error.method(), Some(&Method::POST));
    assert!(error.is_conflict());
    assert_eq!(
        error.to_string(),
        "POST /api/v1/users (createUser): 400 Bad Request: E0000001: Api validation failed: \
         login: login: An object with this field already exists [request id req-1]"
    );
}

#[test]
fn predicates_go_by_the_status_of_a_response() {
    for (status, not_found, limited, auth, conflict) in [
        (404, true, false, false, false),
        (429, false, true, false, false),
        (401, false, false, true, false),
        (403, false, false, true, false),
        (409, false, false, false, true),
        (400, false, false, false, false),
        (503, false, false, false, false),
    ] {
        let error = api_error(status, &[], "{}");
        assert_eq!(error.is_not_found(), not_found, "{status}");
        assert_eq!(error.is_rate_limited(), limited, "{status}");
        assert_eq!(error.is_auth(), auth, "{status}");
        assert_eq!(error.is_conflict(), conflict, "{status}");
        assert!(!error.is_transport() && !error.is_decode() && !error.is_configuration());
    }
}

#[test]
fn html_of_a_gateway_is_kept_but_not_shown() {
    let html = "<html><title>502 Bad Gateway</title>token=leak</html>";
    let error = api_error(502, &[("content-type", "text/html")], html);
    assert_eq!(error.body_text().unwrap(), html);
    assert_eq!(error.code(), None);
    assert_eq!(
        error.to_string(),
        "POST /api/v1/users (createUser): 502 Bad Gateway"
    );
}

#[test]
fn odd_envelopes_give_what_they_have() {
    let oauth = r#"{"error":"invalid_client","error_description":"No such client"}"#;
    let error = api_error(401, &[], oauth);
    assert_eq!(
        (error.code(), error.summary()),
        (Some("invalid_client"), Some("No such client"))
    );
    for body in [
        "",
        "null",
        "[]",
        "7",
        r#"{"errorCode":null,"errorCauses":null}"#,
    ] {
        assert_eq!(api_error(500, &[], body).code(), None, "{body}");
    }
    let error = api_error(400, &[], r#"{"errorCode":"E1","errorCauses":[{},{"x":1}]}"#);
    assert_eq!((error.code(), error.causes().len()), (Some("E1"), 0));
}

#[test]
fn nothing_of_a_json_body_is_lost() {
    let text = r#"{"errorCauses":[{"errorSummary":"one","location":"login"}],"errorCode":null,
        "errorSummary":7,"more":{"password":"leak"}}"#;
    let error = api_error(400, &[], text);
    let body = error.error_body().unwrap();
    let came: Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(body).unwrap(), came);
    assert_eq!(body.get("more"), came.get("more"));
    assert_eq!(error.causes(), ["one"]);
    assert_eq!((error.code(), error.summary()), (None, None));
    assert!(!format!("{body:?} {error:?}").contains("leak"));
    assert_eq!(api_error(502, &[], "<html>").error_body(), None);
}

#[test]
fn several_causes_are_told_apart() {
    let cause = |text: &str| format!(r#"{{"errorSummary":"{text}"}}"#);
    let message = |causes: Vec<String>| {
        let causes = causes.join(",");
        let body = format!(r#"{{"errorCode":"E0000001","errorCauses":[{causes}]}}"#);
        let error = api_error(400, &[], &body);
        let debug = format!("{error:?}");
        assert!(debug.contains(&error.to_string()), "{debug}");
        error.to_string()
    };
    let one = message(vec![cause("login: is taken")]);
    assert!(one.ends_with(": E0000001: login: is taken"), "{one}");
    let two = message(vec![cause("login: is taken"), cause("email: is none")]);
    assert!(
        two.ends_with(": E0000001; cause 1: login: is taken; cause 2: email: is none"),
        "{two}"
    );
    let many = message((0..99).map(|_| cause("no")).collect());
    assert!(many.ends_with("; cause 10: no; and 89 more"), "{many}");
}

#[test]
fn the_label_is_a_code_or_a_word_of_ours() {
    let label = |code: &str| {
        let body = serde_json::json!({ "errorCode": code }).to_string();
        api_error(400, &[], &body).label().to_owned()
    };
    assert_eq!(label("E0000001"), "E0000001");
    for code in ["two words", "E1\n", "é", &"x".repeat(65)] {
        assert_eq!(label(code), "status", "{code}");
    }
    assert_eq!(Error::timeout("").label(), "timeout");
}

#[test]
fn the_missing_scope_is_named() {
    let challenge = r#"Bearer authorization_uri="https://acme.okta.com/oauth2/v1/authorize", realm="x", scope="okta.users.manage", error="insufficient_scope""#;
    let error = api_error(403, &[("www-authenticate", challenge)], "");
    assert_eq!(error.missing_scope(), Some("okta.users.manage"));
    assert!(
        error
            .to_string()
            .ends_with("lacks the scope okta.users.manage")
    );
    let other = r#"Bearer error="invalid_token", scope="openid""#;
    assert_eq!(
        api_error(401, &[("www-authenticate", other)], "").missing_scope(),
        None
    );
}

#[test]
fn display_is_one_short_line() {
    let body = format!(
        r#"{{"errorSummary":"first\nsecond\r{}"}}"#,
        "x".repeat(5000)
    );
    let text = api_error(400, &[], &body).to_string();
    assert!(!text.contains(['\n', '\r']));
    assert!(text.len() < 400, "{}", text.len());
}

#[test]
fn texts_of_the_server_are_cut_in_all_errors() {
    let long = "x".repeat(5_000_000);
    let envelope = format!(r#"{{"errorCode":"{long}","errorSummary":"{long}"}}"#);
    for error in [
        api_error(400, &[], &envelope),
        api_error(400, &[("x-okta-request-id", &long)], "{}"),
        Error::oauth("the login failed", &long, Some(&long)),
        Error::decode(format!("$.{long}"), format!("found {long}"), None),
        Error::no_credentials(Error::oauth("the login failed", "x", Some(&long))),
        crate::link::resolve(&format!("https://{long}.com/elsewhere"), &acme()).unwrap_err(),
    ] {
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(text.len() < 1500, "{} bytes", text.len());
        }
    }
}

fn acme() -> url::Url {
    url::Url::parse("https://acme.okta.com/").unwrap()
}

#[test]
fn a_429_tells_when_to_come_back() {
    let error = api_error(
        429,
        &[
            ("date", "Sun, 09 Sep 2001 01:46:40 GMT"),
            ("x-rate-limit-limit", "600"),
            ("x-rate-limit-reset", "1000000012"),
        ],
        r#"{"errorCode":"E0000047"}"#,
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(12)));
}

#[test]
fn decode_errors_carry_path_and_raw_value() {
    let raw = Bytes::from(r#"{"password": "leak"}"#);
    let error = Error::decode("$[3].id", "expected a string", Some(raw.clone()))
        .with_call(&Call::new("listUsers", "/api/v1/users"), &Method::GET);
    assert!(error.is_decode());
    assert_eq!(
        (error.json_path(), error.raw()),
        (Some("$[3].id"), Some(&raw))
    );
    assert!(!format!("{error} {error:?}").contains("leak"));
    assert!(error.to_string().ends_with("at $[3].id: expected a string"));
}

#[test]
fn the_first_call_named_stays() {
    let error = Error::pagination("loop")
        .with_call(&CREATE_USER, &Method::POST)
        .with_call(&Call::new("other", "/other"), &Method::GET);
    assert_eq!(error.operation(), Some("createUser"));
    assert!(error.is_pagination());
}

#[test]
fn headers_and_bodies_never_print() {
    let error = api_error(
        401,
        &[("set-cookie", "sid=leak")],
        r#"{"sessionToken":"leak"}"#,
    );
    assert!(!format!("{error} {error:?}").contains("leak"));
    assert_eq!(error.headers(), &headers(&[("set-cookie", "sid=leak")]));
}

#[test]
fn sources_are_chained_and_the_type_is_small() {
    let error = Error::other("no file", std::io::Error::other("disk"));
    assert_eq!(StdError::source(&error).unwrap().to_string(), "disk");
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

#[test]
fn a_failed_request_for_credentials_speaks_through_them() {
    let refused = Error::from_answer(answer(
        400,
        &[("x-okta-request-id", "id-1")],
        r#"{"error": "invalid_scope", "error_description": "not granted"}"#,
    ));
    let call = Call::new("listUsers", "/api/v1/users");
    let error = Error::no_credentials(refused).with_call(&call, &Method::GET);
    assert!(error.is_credentials() && !error.is_auth() && !error.is_transport());
    assert_eq!(error.status(), Some(StatusCode::BAD_REQUEST));
    assert_eq!(error.code(), Some("invalid_scope"));
    assert_eq!(error.summary(), Some("not granted"));
    assert_eq!(error.request_id(), Some("id-1"));
    assert_eq!(error.headers().len(), 1);
    assert!(error.body_text().unwrap().contains("invalid_scope"));
    assert_eq!(
        error.to_string(),
        "GET /api/v1/users (listUsers): no access token: 400 Bad Request: invalid_scope: not \
         granted [request id id-1]"
    );
    let copy = error.clone();
    assert_eq!(
        (copy.code(), copy.to_string()),
        (error.code(), error.to_string())
    );

    let down = Error::no_credentials(Error::timeout("down"));
    assert!(down.is_credentials() && down.code().is_none() && down.status().is_none());
    let wrong = Error::no_credentials(Error::configuration("write a key"));
    assert!(wrong.is_configuration(), "it stays what it is");
}

#[test]
fn a_challenge_names_the_error_where_no_body_does() {
    let challenge = |text: &str| {
        let headers = [("www-authenticate", text)];
        let error = Error::from_answer(answer(401, &headers, ""));
        error.code().map(str::to_owned)
    };
    for (text, code) in [
        (
            r#"DPoP algs="ES256", error="invalid_token""#,
            Some("invalid_token"),
        ),
        (r#"Bearer error="invalid_token""#, Some("invalid_token")),
        (r#"Bearer my_error="x""#, None),
        (r#"Bearer my_error="x", error="y""#, Some("y")),
        (r#"Bearer error="y"#, None),
        ("Bearer", None),
    ] {
        assert_eq!(challenge(text).as_deref(), code, "{text}");
    }
}

/// An error with a cause.
#[derive(Debug)]
struct Because(&'static str, Option<Box<Because>>);

impl std::fmt::Display for Because {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl StdError for Because {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.1
            .as_deref()
            .map(|cause| cause as &(dyn StdError + 'static))
    }
}

#[test]
fn debug_shows_the_whole_chain_of_causes() {
    let certificate = Because("the certificate is not trusted", None);
    let connect = Because("could not shake hands", Some(Box::new(certificate)));
    let error = Error::other("could not connect", connect);
    assert_eq!(
        format!("{error:?}"),
        "Error(could not connect, caused by: could not shake hands, \
         caused by: the certificate is not trusted)"
    );
}
