//! Documents at `/.well-known` that depend on what the org holds: what the brand of a custom domain says
//! there, and which authenticators are apps.

use serde_json::{Value, json};
use url::Url;

use crate::call::Reply;
use crate::org::Org;
use crate::problem::Problem;
use crate::store::asked::Asked;
use crate::store::{born, singles};

const BRANDS: &str = "/api/v1/brands";
const DOMAINS: &str = "/api/v1/domains";
const AUTHENTICATORS: &str = "/api/v1/authenticators";

/// The apps that Okta lets sign in by themselves, whatever a brand says.
const OKTA_VERIFY: [&str; 2] = [
    "B7F62B65BN.com.okta.mobile",
    "B7F62B65BN.com.okta.mobile.auth-service-extension",
];

/// What the brand of the caller's host has at a well-known path. The org's own host has the default
/// brand, which cannot be customized there.
fn customized(org: &Org, asked: &Asked<'_>, name: &str) -> Option<Value> {
    let url = Url::parse(&asked.call.base).ok()?;
    let host = url.host_str()?;
    let mut domains = org.store.bodies(DOMAINS);
    let domain = domains.find(|it| it["domain"].as_str().is_some_and(|it| it == host))?;
    let brand = domain["brandId"].as_str()?;
    let path = format!("{BRANDS}/{brand}/well-known-uris/{name}/customized");
    org.store.singles.get(&path)?.get("representation").cloned()
}

/// Writes what a brand has at a well-known path.
pub(super) fn customize(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let brand = asked.path.split('/').nth(4).unwrap_or_default();
    let item = org.store.item(BRANDS, brand);
    if item.is_some_and(|item| item.body["isDefault"] == true) {
        let cause = "The well-known URIs of the default brand cannot be customized";
        return Err(Problem::validation("brandId", [cause]));
    }
    let given = asked.given()?;
    singles::put(org, &asked.path, &given);
    shown(org, asked, &given)
}

/// Reads what a brand has at a well-known path.
pub(super) fn read_customized(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let stored = org.store.singles.get(&asked.path).cloned();
    shown(org, asked, &Value::Object(stored.unwrap_or_default()))
}

/// The document says that the content is an object, and for `assetlinks.json` it is a list.
fn shown(org: &Org, asked: &Asked<'_>, object: &Value) -> Result<Reply, Problem> {
    let mut reply = asked.answer(org, object)?;
    if let (Some(mut answer), Some(content)) = (reply.value(), object.get("representation")) {
        answer["representation"] = content.clone();
        reply.set_value(&answer)?;
    }
    Ok(reply)
}

pub(super) fn asset_links(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let links = customized(org, asked, "assetlinks.json");
    asked.answer(org, &links.unwrap_or_else(|| json!([])))
}

pub(super) fn webauthn(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let origins = customized(org, asked, "webauthn");
    asked.answer(org, &origins.unwrap_or_else(|| json!({})))
}

pub(super) fn apple_app_site(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let own = customized(org, asked, "apple-app-site-association");
    let mut association = own.filter(Value::is_object).unwrap_or_else(|| json!({}));
    association["authsrv"] = json!({ "apps": OKTA_VERIFY });
    asked.answer(org, &association)
}

/// The active authenticators that are apps of the org's own.
pub(super) fn app_authenticators(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    born::start(org, AUTHENTICATORS, AUTHENTICATORS);
    let client = asked.call.option("oauthClientId");
    let apps = org.store.bodies(AUTHENTICATORS).filter(|it| {
        let own = it["settings"]["oauthClientId"].as_str();
        it["key"] == "custom_app"
            && it["status"] == "ACTIVE"
            && client.is_none_or(|client| own == Some(client))
    });
    let base = &asked.call.base;
    let configurations: Value = apps
        .map(|it| {
            json!({
                "authenticatorId": it["id"], "orgId": *org.id, "key": it["key"], "name": it["name"],
                "type": "app", "createdDate": it["created"], "lastUpdated": it["lastUpdated"],
                "appAuthenticatorEnrollEndpoint": format!("{base}/idp/authenticators"),
                "settings": { "userVerification": it["settings"]["userVerification"] },
                "supportedMethods": [{ "type": "push", "status": "ACTIVE" }],
            })
        })
        .collect();
    asked.answer(org, &configurations)
}
