#![allow(clippy::unwrap_used)]

use super::*;

fn drafts() -> Drafts {
    let claims =
        json!({ "iat": 1_000, "exp": 4_600, "sub": "ada", "scp": ["a"], "team": { "x": 1 } });
    let draft = Draft {
        claims,
        lifetime: 3_600,
    };
    Drafts {
        access: draft.clone(),
        id: Some(draft),
    }
}

fn command(token: &str, operations: &Value) -> Value {
    json!({ "type": format!("com.okta.{token}.patch"), "value": operations })
}

#[test]
fn commands_change_claims_and_lifetimes() {
    let mut drafts = drafts();
    let verdict = drafts.obey(&json!({ "commands": [
        command("access", &json!([
            { "op": "add", "path": "/claims/region", "value": "eu" },
            { "op": "add", "path": "/claims/team/y", "value": [2] },
            { "op": "replace", "path": "/claims/sub", "value": "42" },
            { "op": "replace", "path": "/token/lifetime/expiration", "value": 300 },
        ])),
        command("identity", &json!([{ "op": "remove", "path": "/claims/team" }])),
        command("access", &json!([{ "op": "remove", "path": "/claims/team/x" }])),
    ] }));
    assert_eq!(verdict, Verdict::Changed);
    let access = json!({
        "iat": 1_000, "exp": 1_300, "sub": "42", "scp": ["a"], "region": "eu", "team": { "y": [2] },
    });
    assert_eq!(drafts.access.claims, access);
    let id = json!({ "iat": 1_000, "exp": 4_600, "sub": "ada", "scp": ["a"] });
    assert_eq!(drafts.id.unwrap().claims, id);
}

#[test]
fn commands_that_cannot_be_obeyed_change_nothing() {
    let good = json!([{ "op": "add", "path": "/claims/region", "value": "eu" }]);
    for (token, operations) in [
        (
            "access",
            json!([{ "op": "replace", "path": "/claims/none", "value": 1 }]),
        ),
        (
            "access",
            json!([{ "op": "remove", "path": "/claims/none" }]),
        ),
        (
            "access",
            json!([{ "op": "replace", "path": "/claims/scp", "value": [] }]),
        ),
        (
            "access",
            json!([{ "op": "add", "path": "/claims/exp", "value": 1 }]),
        ),
        (
            "access",
            json!([{ "op": "add", "path": "/claims/jti/x", "value": 1 }]),
        ),
        (
            "identity",
            json!([{ "op": "replace", "path": "/claims/sub", "value": "42" }]),
        ),
        (
            "access",
            json!([{ "op": "replace", "path": "/claims", "value": {} }]),
        ),
        (
            "access",
            json!([{ "op": "copy", "from": "/claims/sub", "path": "/claims/a" }]),
        ),
        (
            "access",
            json!([{ "op": "replace", "path": "/token/lifetime/expiration", "value": 299 }]),
        ),
        (
            "access",
            json!([{ "op": "replace", "path": "/token/lifetime/expiration", "value": 86_401 }]),
        ),
        (
            "access",
            json!([{ "op": "remove", "path": "/token/lifetime/expiration" }]),
        ),
        ("access", json!({ "op": "add" })),
        ("access", json!(null)),
        ("session", json!([])),
    ] {
        let mut drafts = drafts();
        let commands = [command("access", &good), command(token, &operations)];
        let verdict = drafts.obey(&json!({ "commands": commands }));
        assert!(matches!(verdict, Verdict::Unusable(_)), "{operations}");
        assert_eq!(drafts.access.claims.get("region"), None, "{operations}");
    }
}

#[test]
fn an_error_refuses_the_tokens() {
    let refused = |answer: Value| drafts().obey(&answer);
    assert_eq!(
        refused(json!({ "error": { "errorSummary": "Not today" } })),
        Verdict::Refused("Not today".to_owned())
    );
    assert_eq!(
        refused(json!({ "error": {} })),
        Verdict::Refused("The callback service returned an error".to_owned())
    );
    assert_eq!(refused(json!({})), Verdict::Changed);
    assert_eq!(refused(Value::Null), Verdict::Changed);
}
