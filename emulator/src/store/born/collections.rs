//! The items that collections have from the start.

use serde_json::{Value, json};

use crate::org::Org;

/// Collections whose items are not one for each value that can name them.
pub(super) const CHOSEN: [&str; 1] = ["/api/v1/authenticators/{}/methods"];

/// By template of the collection, without names.
pub(super) fn items(org: &mut Org, template: &str, path: &str) -> Vec<Value> {
    match template {
        "/api/v1/authenticators" => authenticators(),
        "/api/v1/authenticators/{}/methods" => methods(org, path),
        "/api/v1/behaviors" => behaviors(),
        "/api/v1/brands" => vec![json!({
            "name": "Emulator", "isDefault": true, "removePoweredByOkta": false,
            "agreeToCustomPrivacyPolicy": false,
        })],
        "/api/v1/brands/{}/templates/email" => email_templates(),
        "/api/v1/brands/{}/themes" => vec![theme()],
        "/api/v1/device-integrations" => device_integrations(),
        "/api/v1/dr/status" => {
            vec![json!({ "domain": "emulator.example.com", "isFailedOver": false })]
        }
        "/api/v1/features" => features(),
        "/api/v1/first-party-app-settings" => vec![json!({
            "id": "admin-console", "sessionIdleTimeoutMinutes": 15, "sessionMaxLifetimeMinutes": 720,
        })],
        "/api/v1/iam/governance/bundles/{}/entitlements" => vec![json!({
            "role": "ORG_ADMIN", "name": "Organization administrator",
        })],
        "/api/v1/mappings" => mappings(org),
        "/api/v1/realms" => vec![json!({
            "isDefault": true, "profile": { "name": "Default Realm", "realmType": "DEFAULT" },
        })],
        "/api/v1/users/{}/roles/{}/governance" => vec![json!({ "type": "CUSTOM" })],
        "/api/v1/zones" => zones(),
        _ => Vec::new(),
    }
}

fn authenticators() -> Vec<Value> {
    let authenticators = [
        ("okta_password", "Password", "password"),
        ("okta_email", "Email", "email"),
        ("phone_number", "Phone", "phone"),
        ("okta_verify", "Okta Verify", "app"),
        (
            "security_question",
            "Security Question",
            "security_question",
        ),
        ("webauthn", "Security Key or Biometric", "security_key"),
    ];
    let authenticator =
        |(key, name, kind)| json!({ "key": key, "name": name, "type": kind, "status": "ACTIVE" });
    authenticators.into_iter().map(authenticator).collect()
}

/// The methods that an authenticator has, by its key.
fn methods(org: &Org, path: &str) -> Vec<Value> {
    let id = path.split('/').nth(4).unwrap_or_default();
    let authenticator = org.store.item("/api/v1/authenticators", id);
    let key = authenticator
        .and_then(|it| it.body["key"].as_str())
        .unwrap_or_default();
    let methods: &[&str] = match key {
        "okta_password" => &["password"],
        "okta_email" => &["email"],
        "phone_number" => &["sms", "voice"],
        "okta_verify" => &["push", "signed_nonce", "totp"],
        "security_question" => &["security_question"],
        "webauthn" => &["webauthn"],
        "duo" => &["duo"],
        "external_idp" | "smart_card_idp" => &["idp"],
        "tac" => &["tac"],
        _ => &["otp"],
    };
    let methods = methods.iter();
    methods
        .map(|method| json!({ "type": method, "status": "ACTIVE" }))
        .collect()
}

fn behaviors() -> Vec<Value> {
    let location = |name: &str, granularity: &str| {
        json!({
            "name": name, "type": "ANOMALOUS_LOCATION", "status": "ACTIVE",
            "settings": { "granularity": granularity, "maxEventsUsedForEvaluation": 20 },
        })
    };
    vec![
        location("New City", "CITY"),
        location("New Country", "COUNTRY"),
        json!({
            "name": "New Device", "type": "ANOMALOUS_DEVICE", "status": "ACTIVE",
            "settings": { "maxEventsUsedForEvaluation": 20 },
        }),
        json!({
            "name": "New IP", "type": "ANOMALOUS_IP", "status": "ACTIVE",
            "settings": { "maxEventsUsedForEvaluation": 50 },
        }),
        json!({
            "name": "Velocity", "type": "VELOCITY", "status": "ACTIVE",
            "settings": { "velocityKph": 805 },
        }),
    ]
}

fn email_templates() -> Vec<Value> {
    let names = [
        "ActiveDirectoryPasswordReset",
        "ChangeEmailConfirmation",
        "EmailChallenge",
        "EmailFactorVerification",
        "ForgotPassword",
        "NewSignOnNotification",
        "PasswordChanged",
        "PasswordResetByAdmin",
        "SelfServiceUnlock",
        "UserActivation",
    ];
    names.map(|name| json!({ "name": name })).into()
}

fn theme() -> Value {
    json!({
        "primaryColorHex": "#1662dd",
        "primaryColorContrastHex": "#ffffff",
        "secondaryColorHex": "#ebebed",
        "secondaryColorContrastHex": "#000000",
        "signInPageTouchPointVariant": "OKTA_DEFAULT",
        "endUserDashboardTouchPointVariant": "OKTA_DEFAULT",
        "errorPageTouchPointVariant": "OKTA_DEFAULT",
        "emailTemplateTouchPointVariant": "OKTA_DEFAULT",
    })
}

fn device_integrations() -> Vec<Value> {
    let names = ["com.okta.windowssecuritycenter", "com.okta.device.osquery"];
    names
        .map(|name| json!({ "name": name, "displayName": name, "status": "DEACTIVATED" }))
        .into()
}

fn features() -> Vec<Value> {
    [("Recent activity", "ENABLED"), ("Branding", "DISABLED")]
        .map(|(name, status)| {
            json!({
                "name": name, "description": name, "status": status, "type": "self-service",
                "stage": { "state": "OPEN", "value": "BETA" },
            })
        })
        .into()
}

/// The users of the org are where each app takes its users from.
fn mappings(org: &Org) -> Vec<Value> {
    let mut apps = org.apps.iter();
    let app = apps.next().map(|(_, app)| app);
    vec![json!({
        "source": { "id": *org.user_type, "name": "user", "type": "user" },
        "target": {
            "id": app.map_or("0oa", |app| &app.id), "type": "appuser",
            "name": app.map_or("app", |app| &app.label),
        },
        "properties": {},
    })]
}

fn zones() -> Vec<Value> {
    let ip = |name: &str, usage: &str| {
        json!({
            "type": "IP", "name": name, "usage": usage, "system": true, "status": "ACTIVE",
            "gateways": [], "proxies": [],
        })
    };
    vec![
        ip("LegacyIpZone", "POLICY"),
        ip("BlockedIpZone", "BLOCKLIST"),
        json!({
            "type": "DYNAMIC_V2", "name": "DefaultEnhancedDynamicZone", "usage": "BLOCKLIST",
            "system": true, "status": "ACTIVE",
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Fault, document, faults, nameless};
    use crate::model::fixture;
    use crate::store::kinds;

    #[test]
    fn what_every_org_has_is_as_the_document_says() {
        let mut org = fixture::org();
        for operation in document().operations() {
            let template = nameless(&operation.path);
            let Some(schema) = kinds::item_schema(&operation.path) else {
                continue;
            };
            for item in items(&mut org, &template, &template) {
                let mut wrong = faults(document(), schema, &item);
                // What is needed is filled in.
                wrong.retain(|fault| matches!(fault, Fault::Unreadable { .. }));
                assert!(wrong.is_empty(), "{template}: {item} {wrong:?}");
            }
        }
    }
}
