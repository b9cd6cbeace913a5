//! The JSON of the answers of each kind, as Okta documents it.

use okta_web::hooks::{
    InlineHookKind, PasswordImportAnswer, PasswordImportHook, RegistrationAnswer, RegistrationHook,
    RejectedField, SamlAnswer, SamlHook, TelephonyAnswer, TelephonyHook, TokenAnswer, TokenHook,
    UserImportAnswer, UserImportHook,
};
use serde_json::{Value, json};

use super::{answering, ask, asked};

async fn json_of<K: InlineHookKind>(answer: K::Answer) -> Value {
    ask(&answering::<K>(answer).build().unwrap(), &asked::<K>()).await
}

#[tokio::test]
async fn token() {
    let answer = TokenAnswer::new()
        .access(|token| {
            token
                .add_claim("region", json!({ "name": "eu" }))
                .replace_claim("https://example.com/a~b", 7)
                .remove_claim("groups")
                .lifetime(600)
                .add("/claims/employee/department", 4)
                .replace("/claims/employee/name", "Anna")
                .remove("/claims/roles/0")
        })
        .id_token(|token| token.add_claim("region", "eu"));
    assert!(!format!("{answer:?}").contains("eu"), "{answer:?}");
    let expected = json!({ "commands": [
        { "type": "com.okta.access.patch", "value": [
            { "op": "add", "path": "/claims/region", "value": { "name": "eu" } },
            { "op": "replace", "path": "/claims/https:~1~1example.com~1a~0b", "value": 7 },
            { "op": "remove", "path": "/claims/groups" },
            { "op": "replace", "path": "/token/lifetime/expiration", "value": 600 },
            { "op": "add", "path": "/claims/employee/department", "value": 4 },
            { "op": "replace", "path": "/claims/employee/name", "value": "Anna" },
            { "op": "remove", "path": "/claims/roles/0" },
        ] },
        { "type": "com.okta.identity.patch", "value": [
            { "op": "add", "path": "/claims/region", "value": "eu" },
        ] },
    ] });
    assert_eq!(json_of::<TokenHook>(answer).await, expected);
    assert_eq!(json_of::<TokenHook>(TokenAnswer::new()).await, Value::Null);
    assert_eq!(
        json_of::<TokenHook>(TokenAnswer::refuse("No")).await,
        json!({ "error": { "errorSummary": "No" } })
    );
}

#[tokio::test]
async fn saml() {
    let answer = SamlAnswer::new()
        .add_claim("http://schemas/dept", ["R", "D"])
        .replace_claim("array", 1, "second")
        .add("/claims/raw", json!({ "attributeValues": [] }))
        .replace("/authentication/authnContext/authnContextClassRef", "c");
    let text = |value: &str| json!({ "attributes": { "xsi:type": "xs:string" }, "value": value });
    let expected = json!({ "commands": [{ "type": "com.okta.assertion.patch", "value": [
        { "op": "add", "path": "/claims/http:~1~1schemas~1dept", "value": {
            "attributes": { "NameFormat": "urn:oasis:names:tc:SAML:2.0:attrname-format:basic" },
            "attributeValues": [text("R"), text("D")],
        } },
        { "op": "replace", "path": "/claims/array/attributeValues/1/value", "value": "second" },
        { "op": "add", "path": "/claims/raw", "value": { "attributeValues": [] } },
        {
            "op": "replace",
            "path": "/authentication/authnContext/authnContextClassRef",
            "value": "c",
        },
    ] }] });
    assert_eq!(json_of::<SamlHook>(answer).await, expected);
    assert_eq!(json_of::<SamlHook>(SamlAnswer::new()).await, Value::Null);
    assert_eq!(
        json_of::<SamlHook>(SamlAnswer::failed("No")).await,
        json!({ "error": { "errorSummary": "No" } })
    );
}

fn registration(verdict: &str) -> Value {
    json!({ "type": "com.okta.action.update", "value": { "registration": verdict } })
}

#[tokio::test]
async fn registration_hook() {
    let answer = RegistrationAnswer::allow()
        .set("title", "Rear Admiral")
        .set("rank", 8)
        .set_progressive("employeeNumber", "1234");
    assert!(!format!("{answer:?}").contains("Rear"), "{answer:?}");
    let expected = json!({ "commands": [
        {
            "type": "com.okta.user.profile.update",
            "value": { "title": "Rear Admiral", "rank": 8 },
        },
        {
            "type": "com.okta.user.progressive.profile.update",
            "value": { "employeeNumber": "1234" },
        },
        registration("ALLOW"),
    ] });
    assert_eq!(json_of::<RegistrationHook>(answer).await, expected);
    assert_eq!(
        json_of::<RegistrationHook>(RegistrationAnswer::deny()).await,
        json!({ "commands": [registration("DENY")] })
    );
    let field = RejectedField::new("login", "INVALID_EMAIL_DOMAIN", "Only example.com.");
    let answer = RegistrationAnswer::deny_because("Errors were found", [field]);
    let expected = json!({
        "commands": [registration("DENY")],
        "error": {
            "errorSummary": "Errors were found",
            "errorCauses": [{
                "errorSummary": "Only example.com.",
                "reason": "INVALID_EMAIL_DOMAIN",
                "locationType": "body",
                "location": "data.userProfile.login",
                "domain": "end-user",
            }],
        },
    });
    assert_eq!(json_of::<RegistrationHook>(answer).await, expected);
}

#[tokio::test]
async fn password_import() {
    for (answer, credential) in [
        (PasswordImportAnswer::Verified, "VERIFIED"),
        (PasswordImportAnswer::Unverified, "UNVERIFIED"),
    ] {
        let expected = json!({ "commands": [
            { "type": "com.okta.action.update", "value": { "credential": credential } },
        ] });
        assert_eq!(json_of::<PasswordImportHook>(answer).await, expected);
    }
}

#[tokio::test]
async fn telephony() {
    let action = |value: Value| json!({ "commands": [{ "type": "com.okta.telephony.action", "value": [value] }] });
    let sent = TelephonyAnswer::sent("VONAGE")
        .transaction("SM49")
        .metadata("Duration=300ms");
    for (answer, expected) in [
        (
            sent,
            action(json!({
                "status": "SUCCESSFUL",
                "provider": "VONAGE",
                "transactionId": "SM49",
                "transactionMetadata": "Duration=300ms",
            })),
        ),
        (
            TelephonyAnswer::pending("TWILIO"),
            action(json!({ "status": "PENDING", "provider": "TWILIO" })),
        ),
        (
            TelephonyAnswer::failed("TWILIO"),
            action(json!({ "status": "FAILED", "provider": "TWILIO" })),
        ),
        (
            TelephonyAnswer::error("No")
                .transaction("SM49")
                .metadata("-"),
            json!({ "error": { "errorSummary": "No" } }),
        ),
        (TelephonyAnswer::leave_to_okta(), Value::Null),
    ] {
        assert_eq!(json_of::<TelephonyHook>(answer).await, expected);
    }
}

#[tokio::test]
async fn user_import() {
    let action =
        |result: &str| json!({ "type": "com.okta.action.update", "value": { "result": result } });
    let answer = UserImportAnswer::new()
        .set_app("firstName", "Stan")
        .set("lastName", "Lee")
        .set("tags", json!(["a"]))
        .create_user();
    assert!(!format!("{answer:?}").contains("Stan"), "{answer:?}");
    let expected = json!({ "commands": [
        { "type": "com.okta.appUser.profile.update", "value": { "firstName": "Stan" } },
        {
            "type": "com.okta.user.profile.update",
            "value": { "lastName": "Lee", "tags": ["a"] },
        },
        action("CREATE_USER"),
    ] });
    assert_eq!(json_of::<UserImportHook>(answer).await, expected);
    let expected = json!({ "commands": [
        action("LINK_USER"),
        { "type": "com.okta.user.update", "value": { "id": "00u1" } },
    ] });
    let answer = UserImportAnswer::new().link_user("00u1");
    assert_eq!(json_of::<UserImportHook>(answer).await, expected);
    assert_eq!(
        json_of::<UserImportHook>(UserImportAnswer::new()).await,
        Value::Null
    );
    assert_eq!(
        json_of::<UserImportHook>(UserImportAnswer::failed("No")).await,
        json!({ "error": { "errorSummary": "No" } })
    );
}
