//! What handlers get of the requests that Okta documents.

use std::sync::{Arc, Mutex};

use okta_auth::Secret;
use okta_sdk::models::{
    RegistrationInlineHookRequest, UserImportRequestDataActionResult as ActionResult,
};
use okta_web::hooks::{
    InlineHook, InlineHookKind, PasswordImportHook, RegistrationHook, SamlHook, TelephonyHook,
    TokenHook, UserImportHook,
};
use serde_json::{Value, json};

use super::{SECRET, ask, asked};

/// What the handler is given for these members beside the `eventType`.
async fn given<K: InlineHookKind>(members: Value) -> K::Request {
    let mut body = asked::<K>();
    for (name, value) in members.as_object().unwrap() {
        body[name] = value.clone();
    }
    let seen = Arc::new(Mutex::new(None));
    let seeing = Arc::clone(&seen);
    let hook = InlineHook::<K>::builder(Secret::from(SECRET), move |request| {
        *seeing.lock().unwrap() = Some(request);
        async { Err("seen".into()) }
    });
    ask(&hook.build().unwrap(), &body).await;
    seen.lock().unwrap().take().unwrap()
}

#[tokio::test]
async fn token() {
    let request = given::<TokenHook>(json!({
        "eventId": "event1",
        "source": "https://example.okta.com/oauth2/default/v1/token",
        "data": {
            "context": { "protocol": { "client": { "id": "0oa1" } }, "new": 1 },
            "access": { "claims": { "sub": "ada" }, "scopes": { "openid": { "id": "scp1" } } },
            "identity": { "token": { "lifetime": { "expiration": 3600 } } },
        },
    }))
    .await;
    assert_eq!(request.extra.get("eventId"), Some(&json!("event1")));
    let data = request.data.unwrap();
    let context = data.context.unwrap();
    assert_eq!(context.protocol.unwrap().client.unwrap().id(), "0oa1");
    assert_eq!(context.extra.get("new"), Some(&json!(1)));
    assert_eq!(data.access.unwrap().claims.unwrap()["sub"], "ada");
    let lifetime = data.identity.unwrap().token.unwrap().lifetime.unwrap();
    assert_eq!(lifetime.expiration, Some(3600));
}

#[tokio::test]
async fn saml() {
    let request = given::<SamlHook>(json!({ "data": { "assertion": {
        "subject": { "nameId": "ada@example.com" },
        "claims": { "extPatientId": { "attributeValues": [{ "value": "4321" }] } },
    } } }))
    .await;
    let assertion = request.data.unwrap().assertion.unwrap();
    let name = assertion.subject.unwrap().name_id;
    assert_eq!(name.as_deref(), Some("ada@example.com"));
    let claim = assertion.claims.unwrap().remove("extPatientId").unwrap();
    let value = claim.attribute_values.unwrap().remove(0).value;
    assert_eq!(value.as_deref(), Some("4321"));
}

#[tokio::test]
async fn registration() {
    let request = given::<RegistrationHook>(json!({
        "requestType": "self.service.registration",
        "data": { "userProfile": { "login": "ada@example.com" }, "action": "ALLOW" },
    }))
    .await;
    let RegistrationInlineHookRequest::Ssr(request) = request else {
        panic!("{request:?}");
    };
    let profile = request.data.unwrap().user_profile.unwrap();
    assert_eq!(profile["login"], "ada@example.com");

    let request = given::<RegistrationHook>(json!({
        "requestType": "progressive.profile",
        "data": { "userProfileUpdate": { "employeeNumber": "1234" } },
    }))
    .await;
    let RegistrationInlineHookRequest::Pp(request) = request else {
        panic!("{request:?}");
    };
    let update = request.data.unwrap().user_profile_update.unwrap();
    assert_eq!(update["employeeNumber"], "1234");
}

#[tokio::test]
async fn password_import() {
    let credential = json!({ "username": "ada", "password": "long known elsewhere" });
    let data = json!({ "data": { "context": { "credential": credential } } });
    let request = given::<PasswordImportHook>(data).await;
    let debug = format!("{request:?}");
    assert!(!debug.contains("long known"), "{debug}");
    let credential = request.data.unwrap().context.unwrap().credential.unwrap();
    assert_eq!(credential.username.as_deref(), Some("ada"));
    let password = credential.password.unwrap();
    assert_eq!(password.expose(), "long known elsewhere");
}

#[tokio::test]
async fn telephony() {
    let request = given::<TelephonyHook>(json!({
        "requestType": "com.okta.user.telephony.pre-enrollment",
        "data": { "messageProfile": {
            "phoneNumber": "9876543210", "deliveryChannel": "SMS", "otpCode": "112233",
        } },
    }))
    .await;
    assert!(!format!("{request:?}").contains("112233"));
    let message = request.data.unwrap().message_profile.unwrap();
    assert_eq!(message.phone_number.as_deref(), Some("9876543210"));
    assert_eq!(message.otp_code.unwrap().expose(), "112233");
}

#[tokio::test]
async fn user_import() {
    let request = given::<UserImportHook>(json!({
        "source": "cal1",
        "eventId": "event1",
        "data": {
            "context": {
                "conflicts": ["login"],
                "application": { "name": "test_app", "id": "0oa1", "status": "ACTIVE" },
                "job": { "id": "ij1", "type": "import:users" },
                "matches": [],
                "policy": ["EMAIL"],
            },
            "action": { "result": "LINK_USER" },
            "appUser": { "profile": { "mobilePhone": null, "groups": ["a", "b"] } },
            "user": { "id": "00u1", "profile": { "login": "ada@example.com" } },
        },
    }))
    .await;
    assert_eq!(request.source.as_deref(), Some("cal1"));
    assert_eq!(request.extra["eventId"], "event1");
    let data = request.data;
    assert_eq!(data.action.unwrap().result, Some(ActionResult::LinkUser));
    assert_eq!(data.app_user.profile["groups"], json!(["a", "b"]));
    assert_eq!(data.app_user.profile["mobilePhone"], Value::Null);
    assert_eq!(data.user.id.as_deref(), Some("00u1"));
    assert_eq!(data.user.profile["login"], "ada@example.com");
    assert_eq!(data.context.conflicts, ["login"]);
    assert_eq!(data.context.application.unwrap().id(), "0oa1");
    assert_eq!(data.context.policy, ["EMAIL"]);

    let nulls = json!({ "context": { "matches": null }, "appUser": null, "user": {} });
    let request = given::<UserImportHook>(json!({ "data": nulls })).await;
    assert!(request.data.app_user.profile.is_empty());
    assert!(request.data.context.matches.is_empty());
}
