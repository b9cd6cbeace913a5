//! Requests and answers without the secrets in them: passwords, tokens, codes, keys.

use serde_json::Value;
use url::form_urlencoded;

use crate::requests::{HIDDEN, without_secrets};

/// Members and parameters that are secrets, in lower case and without `_`.
const SECRETS: [&str; 41] = [
    "accesstoken",
    "activationtoken",
    "actortoken",
    "answer",
    "assertion",
    "authreqid",
    "clientassertion",
    "clientsecret",
    "code",
    "codeverifier",
    "d",
    "devicecode",
    "devicesecret",
    "dp",
    "dq",
    "idtoken",
    "idtokenhint",
    "k",
    "newpassword",
    "nonce",
    "oldpassword",
    "p",
    "passcode",
    "password",
    "privatekey",
    "q",
    "qi",
    "recoverytoken",
    "refreshtoken",
    "registrationaccesstoken",
    "relaystate",
    "secret",
    "sessionid",
    "sessiontoken",
    "sharedsecret",
    "state",
    "statetoken",
    "subjecttoken",
    "token",
    "usercode",
    "value",
];

/// Paths at whose end a token stands.
const BEFORE_TOKENS: [&str; 6] = [
    "/api/v1/sessions/",
    "/consent/",
    "/login/",
    "/signin/reset-password/",
    "/signup/",
    "/welcome/",
];

fn is_secret(name: &str) -> bool {
    let name = name.replace(['_', '-'], "").to_lowercase();
    SECRETS.binary_search(&name.as_str()).is_ok()
}

/// Path and query of a request.
pub(super) fn target(path: &str, query: Option<&str>) -> String {
    let starts = |start: &&&str| path.starts_with(**start) && path.len() > start.len();
    let path = match BEFORE_TOKENS.iter().find(starts) {
        Some(start) => format!("{start}{HIDDEN}"),
        None => path.to_owned(),
    };
    match query {
        Some(query) => format!("{path}?{}", form(query)),
        None => path,
    }
}

/// Parameters in the form of a URL's query. `q` is a secret of keys, and no parameter is one.
fn form(text: &str) -> String {
    let pairs = text.split('&').map(|pair| {
        let name = form_urlencoded::parse(pair.as_bytes()).next();
        let is_secret = name.is_some_and(|(name, _)| name != "q" && is_secret(&name));
        match pair.split_once('=') {
            Some((name, _)) if is_secret => format!("{name}={HIDDEN}"),
            _ => pair.to_owned(),
        }
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// Headers, with the query of a redirect.
pub(super) fn headers(headers: &[(String, String)]) -> impl Iterator<Item = (&str, String)> {
    without_secrets(headers).map(|(name, value)| {
        let is_url = matches!(name, "location" | "referer");
        let value = match value.split_once(['?', '#']).filter(|_| is_url) {
            Some((path, query)) => format!("{path}?{}", form(query)),
            None => value.to_owned(),
        };
        (name, value)
    })
}

/// A body. What is neither JSON nor a form is only counted.
pub(super) fn body(body: &[u8]) -> String {
    let counted = || format!("[{} bytes]", body.len());
    if let Ok(mut value) = serde_json::from_slice(body) {
        json(&mut value);
        return format!("{value:#}");
    }
    let is_form = |text: &&str| text.contains('=') && !text.contains(['<', '{', ' ', '\n']);
    let text = std::str::from_utf8(body).ok().filter(is_form);
    text.map_or_else(counted, |text| form(text).replace('&', "&\n"))
}

/// Hides what is secret in JSON.
pub(super) fn json(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(json),
        Value::Object(members) => {
            for (name, value) in members {
                let is_text = matches!(value, Value::String(_) | Value::Number(_));
                if is_text && is_secret(name) {
                    *value = HIDDEN.into();
                } else {
                    json(value);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order() {
        assert!(SECRETS.is_sorted());
    }

    #[test]
    fn secrets_are_hidden_wherever_they_are() {
        for (shown, expected) in [
            (
                body(br#"{"profile":{"login":"a@b.c"},"credentials":{"password":{"value":"hunter2"}}}"#),
                "a@b.c",
            ),
            (body(br#"[{"client_secret":"hunter2","client_id":"0oa1"}]"#), "0oa1"),
            (body(br#"{"passCode":123456,"keys":[{"kty":"oct","k":"hunter2"}]}"#), "oct"),
            (body(b"grant_type=password&username=a%40b.c&password=hunter2"), "username=a%40b.c"),
            (body(b"grant_type=refresh_token&refresh%5Ftoken=hunter2"), "grant_type"),
            (body(b"{\"password\":\"hunter2\""), "[21 bytes]"),
            (body(b"\xffhunter2"), "[8 bytes]"),
            (target("/oauth2/v1/logout", Some("id_token_hint=hunter2&x=1")), "x=1"),
            (target("/welcome/hunter2", None), "/welcome/[hidden]"),
            (
                headers(&[("location".to_owned(), "https://a.b/cb?code=hunter2&x=1".to_owned())])
                    .map(|(_, value)| value)
                    .collect(),
                "https://a.b/cb?code=[hidden]&x=1",
            ),
            (
                headers(&[("location".to_owned(), "https://a.b/cb#id_token=hunter2".to_owned())])
                    .map(|(_, value)| value)
                    .collect(),
                "https://a.b/cb?id_token=[hidden]",
            ),
        ] {
            assert!(!shown.contains("hunter2") && !shown.contains("123456"), "{shown}");
            assert!(shown.contains(expected), "{shown}");
        }
    }

    #[test]
    fn what_is_no_secret_is_shown() {
        assert_eq!(
            target("/api/v1/users", Some("q=ada&limit=2")),
            "/api/v1/users?q=ada&limit=2"
        );
        assert_eq!(target("/api/v1/sessions/", None), "/api/v1/sessions/");
        let shown = body(br#"{"profile":{"firstName":"Ada"},"code":{"a":1}}"#);
        assert!(
            shown.contains("Ada") && shown.contains("\"a\": 1"),
            "{shown}"
        );
    }
}
