//! The settings that every org has, where their first values say something.

use serde_json::{Value, json};

use crate::org::Org;
use crate::store::objects;

/// By template, without names.
pub(super) fn of(org: &Org, template: &str, base: &str) -> Option<Value> {
    Some(match template {
        "/.well-known/okta-organization" => json!({
            "id": *org.id, "pipeline": "idx",
            "_links": { "organization": { "href": base }, "alternate": { "href": base } },
            "settings": {
                "analyticsCollectionEnabled": false, "bugReportingEnabled": false, "omEnabled": false,
            },
        }),
        "/.well-known/ssf-configuration" => json!({
            "issuer": base, "configuration_endpoint": format!("{base}/api/v1/ssf/stream"),
            "jwks_uri": format!("{base}/oauth2/v1/keys"), "spec_version": "1_0-ID3",
            "verification_endpoint": format!("{base}/api/v1/ssf/stream/verification"),
            "default_subjects": "ALL",
            "authorization_schemes": [{ "spec_urn": "urn:ietf:rfc:6749" }],
            "delivery_methods_supported": [
                "https://schemas.openid.net/secevent/risc/delivery-method/push", "urn:ietf:rfc:8935",
            ],
        }),
        "/api/v1/org" => json!({
            "id": *org.id, "companyName": "Emulator", "subdomain": "emulator", "status": "ACTIVE",
            "website": "https://example.com", "phoneNumber": "", "postalCode": "", "country": "US",
            "created": first_day(org), "lastUpdated": first_day(org), "expiresAt": null,
        }),
        "/api/v1/org/captcha" => json!({ "captchaId": null, "enabledPages": null }),
        "/api/v1/org/preferences" => json!({ "showEndUserFooter": true }),
        "/api/v1/org/privacy/oktaCommunication" => json!({ "optOutEmailUsers": false }),
        "/api/v1/org/privacy/oktaSupport" => json!({ "support": "DISABLED", "expiration": null }),
        "/api/v1/rate-limit-settings/admin-notifications" => {
            json!({ "notificationsEnabled": true })
        }
        "/api/v1/rate-limit-settings/per-client" => json!({ "defaultMode": "PREVIEW" }),
        "/api/v1/rate-limit-settings/warning-threshold" => json!({ "warningThreshold": 90 }),
        "/api/v1/threats/configuration" => json!({
            "action": "audit", "excludeZones": [], "created": first_day(org),
            "lastUpdated": first_day(org),
        }),
        _ => return None,
    })
}

/// When the org was made.
fn first_day(org: &Org) -> Value {
    let everyone = org.groups.get(*org.everyone);
    everyone.map_or_else(|| json!(objects::stamp(org)), |group| json!(group.created))
}
