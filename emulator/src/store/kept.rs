//! What cannot be deleted: what is active where Okta wants it to be switched off first, what something
//! else uses, and what every org has.

use serde_json::Value;

use crate::document::nameless;
use crate::org::Org;
use crate::problem::Problem;

/// Collections, without names, whose items have to have this status before they are deleted.
const SWITCHED_OFF: [(&str, &str); 5] = [
    ("/api/v1/apps/{}/group-push/mappings", "INACTIVE"),
    ("/api/v1/devices", "DEACTIVATED"),
    ("/api/v1/inlineHooks", "INACTIVE"),
    ("/api/v1/zones", "INACTIVE"),
    (
        "/integrations/api/v1/api-services/{}/credentials/secrets",
        "INACTIVE",
    ),
];

/// A collection whose items have to be disabled before they are deleted.
const DISABLED: &str = "/api/v1/telephony-providers";

/// Members that say that an item came with the org.
const BORN: [&str; 2] = ["isDefault", "system"];

/// Refuses the deletion of an item that has to stay.
pub(super) fn check(org: &Org, collection: &str, item: &Value) -> Result<(), Problem> {
    let template = nameless(collection);
    let refused = |cause: String| Err(Problem::validation("delete", [cause]));
    if let Some(member) = BORN.iter().find(|member| item[**member] == true) {
        return refused(format!("{member}: what every org has cannot be deleted"));
    }
    let wanted = SWITCHED_OFF.iter().find(|(known, _)| *known == template);
    if let Some((_, wanted)) = wanted
        && item["status"] != *wanted
    {
        return refused(format!("status: must be {wanted} before deletion"));
    }
    if template == DISABLED && item["enabled"] == true {
        return refused("enabled: must be false before deletion".to_owned());
    }
    match user(org, &template, item) {
        Some(user) => refused(format!("It is used by {user}")),
        None => Ok(()),
    }
}

/// What uses an item.
fn user(org: &Org, template: &str, item: &Value) -> Option<String> {
    let id = item["id"].as_str()?;
    match template {
        "/api/v1/zones" => policy_with(org, id),
        "/api/v1/captchas" => {
            let settings = org.store.singles.get("/api/v1/org/captcha")?;
            let uses = settings.get("captchaId")? == id;
            uses.then(|| "the org's CAPTCHA settings".to_owned())
        }
        "/api/v1/hook-keys" => {
            let mut hooks = org.store.bodies("/api/v1/inlineHooks");
            let hook = hooks.find(|hook| mentions(&hook["channel"], id))?;
            Some(format!("the inline hook {}", hook["name"]))
        }
        _ => None,
    }
}

/// The policy or rule whose conditions name a zone.
fn policy_with(org: &Org, zone: &str) -> Option<String> {
    let policies = org.policies.iter().map(|(_, policy)| policy);
    let all = policies.flat_map(|policy| {
        let rules = policy.rules.iter().map(|(_, rule)| rule);
        std::iter::once(policy).chain(rules)
    });
    let mut using = all.filter(|policy| {
        let conditions = policy.body.get("conditions");
        conditions.is_some_and(|conditions| mentions(&conditions["network"], zone))
    });
    using
        .next()
        .map(|policy| format!("the policy or rule {}", policy.name))
}

/// Whether some text in a value is this one.
fn mentions(value: &Value, text: &str) -> bool {
    match value {
        Value::String(it) => it == text,
        Value::Array(items) => items.iter().any(|item| mentions(item, text)),
        Value::Object(members) => members.values().any(|member| mentions(member, text)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::document;

    #[test]
    fn every_line_is_of_a_collection_whose_items_can_be_deleted() {
        for collection in SWITCHED_OFF.map(|(it, _)| it).into_iter().chain([DISABLED]) {
            let item = format!("{collection}/{{}}");
            assert!(
                document().operation(&item, "DELETE").is_some(),
                "{collection}"
            );
        }
    }
}
