//! What Okta calls the items of collections: the type in "not found", the first characters of ids,
//! and the member by which an item is found. Types and prefixes are those of recorded answers.

use crate::document::segments::ends_with_parameter;
use crate::document::{Kind as JsonKind, Operation, Schema, document, nameless};
use crate::problem::Problem;

/// How the items of a collection are named.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// Okta's internal name of the type.
    pub(super) name: &'static str,
    pub(super) prefix: &'static str,
    /// The member that the path names an item by.
    pub(super) key: &'static str,
}

macro_rules! kinds {
    ($($collection:literal: $name:literal $prefix:literal $key:literal)*) => {
        /// By the template of the collection, without names.
        const KINDS: &[(&str, &str, &str, &str)] = &[$(($collection, $name, $prefix, $key)),*];
    };
}

kinds! {
    "/api/v1/agentPools": "AgentPool" "0oa" "id"
    "/api/v1/agentPools/{}/updates": "AgentPoolUpdate" "aup" "id"
    "/api/v1/apps/{}/cwo/connections": "OrgCrossAppAccessConnection" "cwo" "id"
    "/api/v1/apps/{}/features": "ApplicationFeature" "" "name"
    "/api/v1/apps/{}/federated-claims": "FederatedClaim" "ofc" "id"
    "/api/v1/apps/{}/group-push/mappings": "GroupPushMapping" "gPm" "id"
    "/api/v1/apps/{}/interclient-allowed-apps": "AppInstance" "0oa" "id"
    "/api/v1/authenticators": "Authenticator" "aut" "id"
    "/api/v1/authenticators/{}/aaguids": "CustomAAGUID" "" "aaguid"
    "/api/v1/authenticators/{}/methods": "AuthenticatorMethod" "" "type"
    "/api/v1/authorizationServers/{}/resourceservercredentials/keys": "JsonWebKey" "apk" "id"
    "/api/v1/behaviors": "BehaviorSettings" "bhv" "id"
    "/api/v1/brands": "Brand" "bnd" "id"
    "/api/v1/brands/{}/templates/email": "EmailTemplate" "" "name"
    "/api/v1/brands/{}/templates/email/{}/customizations": "OrgCustomizedEmailTemplate" "oel" "id"
    "/api/v1/brands/{}/themes": "Theme" "the" "id"
    "/api/v1/brands/{}/well-known-uris": "WellKnownURI" "" "path"
    "/api/v1/captchas": "Captcha" "cap" "id"
    "/api/v1/device-assurances": "DeviceAssuranceEntity" "dae" "id"
    "/api/v1/device-integrations": "DeviceIntegration" "din" "id"
    "/api/v1/device-posture-checks": "DevicePostureCheck" "dch" "id"
    "/api/v1/devices": "Device" "guo" "id"
    "/api/v1/domains": "Domain" "OcD" "id"
    "/api/v1/dr/status": "Domain" "" "domain"
    "/api/v1/email-domains": "EmailDomain" "OeD" "id"
    "/api/v1/email-servers": "EmailServer" "ems" "id"
    "/api/v1/features": "Feature" "ftr" "id"
    "/api/v1/hook-keys": "HookKey" "HKY" "id"
    "/api/v1/iam/governance/bundles": "GovernanceBundle" "enb" "id"
    "/api/v1/identity-sources/{}/groups": "IdentitySourceGroup" "00g" "id"
    "/api/v1/identity-sources/{}/groups/{}/membership": "GroupMembership" "" "memberExternalId"
    "/api/v1/identity-sources/{}/sessions": "IdentitySourceSession" "aps" "id"
    "/api/v1/identity-sources/{}/users": "IdentitySourceUser" "0ua" "externalId"
    "/api/v1/idps": "IdpTrust" "0oa" "id"
    "/api/v1/idps/{}/users": "AppUser" "00u" "id"
    "/api/v1/inlineHooks": "InlineHook" "cal" "id"
    "/api/v1/logStreams": "AppInstance" "0oa" "id"
    "/api/v1/meta/schemas/logStream": "LogStreamSchema" "" "name"
    "/api/v1/meta/uischemas": "UISchemaEntity" "uis" "id"
    "/api/v1/org/contacts": "OrgContact" "" "contactType"
    "/api/v1/org/privacy/oktaSupport/cases": "OktaSupportCase" "" "caseNumber"
    "/api/v1/push-providers": "PushProviderConfigEntity" "ppc" "id"
    "/api/v1/realms": "Realm" "guo" "id"
    "/api/v1/roles/{}/subscriptions": "Subscription" "" "notificationType"
    "/api/v1/security-events-providers": "SecurityEventsProvider" "sse" "id"
    "/api/v1/templates/sms": "AppInstance" "cst" "id"
    "/api/v1/trustedOrigins": "TrustedOrigin" "tos" "id"
    "/api/v1/users/{}/roles/{}/governance": "RoleGovernanceSource" "" "grantId"
    "/api/v1/users/{}/subscriptions": "Subscription" "" "notificationType"
    "/api/v1/zones": "NetworkZone" "nzo" "id"
    "/webauthn-registration/api/v1/users/{}/enrollments": "Factor" "fwf" "id"
}

/// Ids of a collection that is not in the list begin like those of most things in Okta.
const PREFIX: &str = "0oa";

/// How the items of a collection are named.
pub(super) fn of(collection: &str) -> Kind {
    let template = nameless(collection);
    let found = KINDS.iter().find(|(known, ..)| *known == template);
    match found {
        Some(&(_, name, prefix, key)) => Kind { name, prefix, key },
        None => Kind {
            name: item_schema(collection)
                .and_then(|schema| schema.reference.as_deref())
                .unwrap_or("Resource"),
            prefix: PREFIX,
            key: "id",
        },
    }
}

/// "Not found" in Okta's words.
pub(super) fn not_found(collection: &str, key: &str) -> Problem {
    Problem::not_found(key, of(collection).name)
}

/// The template of the items of a collection.
fn item_template(collection: &str) -> String {
    format!("{collection}/{{}}")
}

/// Whether a path is a collection: there is a path below it for one of its items, and it lists
/// them or makes one.
pub(super) fn has_items(template: &str) -> bool {
    if ends_with_parameter(template) || !document().leads_to(&item_template(template)) {
        return false;
    }
    let list = document().operation(template, "GET");
    match list {
        Some(list) => lists(list) || wrapped(list).is_some(),
        None => true,
    }
}

/// Whether an operation answers a list as it is.
pub(super) fn lists(operation: &Operation) -> bool {
    let schema = operation.answers();
    schema.is_some_and(|schema| document().shape(schema, None).kind == JsonKind::List)
}

/// The member of an answer that is there for the list in it.
pub(super) fn wrapped(operation: &Operation) -> Option<&'static str> {
    let operation = document().operation(&operation.path, &operation.method)?;
    let shape = document().shape(operation.answers()?, None);
    let mut lists = shape.properties.iter().filter(|(name, schema)| {
        !name.starts_with('_') && document().shape(schema, None).kind == JsonKind::List
    });
    lists.next().map(|(name, _)| *name)
}

/// The schema of an item of a collection.
pub(super) fn item_schema(collection: &str) -> Option<&'static Schema> {
    let answer = |template: &str, method| {
        let answer = document().operation(template, method)?.answers()?;
        let shape = document().shape(answer, None);
        shape.items.or(Some(answer))
    };
    let item = item_template(collection);
    answer(&item, "GET")
        .or_else(|| answer(collection, "POST"))
        .or_else(|| answer(&item, "PUT"))
        .or_else(|| answer(&item, "PATCH"))
        .or_else(|| list_item_schema(collection))
        .filter(|schema| document().shape(schema, None).kind != JsonKind::Text)
}

/// The schema of an item as a list shows it.
pub(super) fn list_item_schema(collection: &str) -> Option<&'static Schema> {
    let list = document().operation(collection, "GET")?;
    let shape = document().shape(list.answers()?, None);
    if let Some(items) = shape.items {
        return Some(items);
    }
    let member = shape.properties.get(wrapped(list)?)?;
    document().shape(member, None).items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_of_a_path_of_the_document() {
        for &(collection, ..) in KINDS {
            let below = format!("{collection}/{{}}");
            let mut paths = document().operations().iter().map(|it| nameless(&it.path));
            assert!(
                paths.any(|path| path == collection || path == below),
                "{collection}"
            );
        }
    }

    #[test]
    fn a_collection_lists_its_items_or_makes_them() {
        for (template, expected) in [
            ("/api/v1/zones", true),
            ("/api/v1/domains", true),
            ("/api/v1/identity-sources/{identitySourceId}/users", true),
            ("/api/v1/org", false),
            ("/api/v1/brands/{brandId}/pages/error", false),
            ("/api/v1/users/{userId}/blocks", false),
        ] {
            assert_eq!(has_items(template), expected, "{template}");
        }
    }
}
