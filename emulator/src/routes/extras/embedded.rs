//! `expand`: objects that an answer embeds. Which operations have it is known from the document, and
//! what their values mean is listed here; a test finds what is missing.

use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::document::{Operation, nameless};
use crate::modelled::Modelled;
use crate::org::Org;
use crate::routes::reading::read;
use crate::view;

/// A value of `expand` that a request has.
pub(super) struct Wanted {
    expansion: &'static Expansion,
    /// What stands behind the slash of the value, such as the id in `user/00u1`.
    rest: String,
}

/// A value of `expand`.
struct Expansion {
    /// The template of the path, without names.
    template: &'static str,
    value: &'static str,
    /// The member of `_embedded`; slashes lead to members of members.
    member: &'static str,
    source: Source,
}

/// Where an embedded object comes from.
enum Source {
    /// What `GET` of a path answers. `{own}` is the path of the object, `{rest}` what stands behind
    /// the slash of the value, and any other name a member of the object.
    At(&'static str),
    /// As above; the list is a member of the answer.
    Listed(&'static str, &'static str),
    /// How many there are at a path.
    Count(&'static str),
    Made(fn(&mut Org, &Value) -> Value),
}

macro_rules! expansions {
    ($($template:literal $value:literal => $member:literal: $source:expr;)*) => {
        const EXPANSIONS: &[Expansion] = &[$(Expansion {
            template: $template, value: $value, member: $member, source: $source,
        }),*];
    };
}

use Source::{At, Count, Listed, Made};

expansions! {
    "/api/v1/apps" "user" => "user": At("{own}/users/{rest}");
    "/api/v1/apps/{}" "user" => "user": At("{own}/users/{rest}");
    "/api/v1/apps/{}/grants" "scope" => "scope": Made(scope_of_grant);
    "/api/v1/apps/{}/grants/{}" "scope" => "scope": Made(scope_of_grant);
    "/api/v1/apps/{}/groups" "group" => "group": At("/api/v1/groups/{id}");
    "/api/v1/apps/{}/groups" "metadata" => "metadata": Made(metadata_of_assignment);
    "/api/v1/apps/{}/groups/{}" "group" => "group": At("/api/v1/groups/{id}");
    "/api/v1/apps/{}/groups/{}" "metadata" => "metadata": Made(metadata_of_assignment);
    "/api/v1/apps/{}/tokens" "scope" => "scopes": Made(scopes_of_token);
    "/api/v1/apps/{}/tokens/{}" "scope" => "scopes": Made(scopes_of_token);
    "/api/v1/authorizationServers/{}/clients/{}/tokens" "scope" => "scopes": Made(scopes_of_token);
    "/api/v1/authorizationServers/{}/clients/{}/tokens/{}" "scope" => "scopes":
        Made(scopes_of_token);
    "/api/v1/brands" "themes" => "themes": At("{own}/themes");
    "/api/v1/brands" "domains" => "domains": Listed("{own}/domains", "domains");
    "/api/v1/brands" "emailDomain" => "emailDomain": At("/api/v1/email-domains/{emailDomainId}");
    "/api/v1/brands/{}" "themes" => "themes": At("{own}/themes");
    "/api/v1/brands/{}" "domains" => "domains": Listed("{own}/domains", "domains");
    "/api/v1/brands/{}" "emailDomain" => "emailDomain": At("/api/v1/email-domains/{emailDomainId}");
    "/api/v1/brands/{}/pages/error" "default" => "default": At("{own}/default");
    "/api/v1/brands/{}/pages/error" "customized" => "customized": At("{own}/customized");
    "/api/v1/brands/{}/pages/error" "preview" => "preview": At("{own}/preview");
    "/api/v1/brands/{}/pages/sign-in" "default" => "default": At("{own}/default");
    "/api/v1/brands/{}/pages/sign-in" "customized" => "customized": At("{own}/customized");
    "/api/v1/brands/{}/pages/sign-in" "preview" => "preview": At("{own}/preview");
    "/api/v1/brands/{}/templates/email" "settings" => "settings": At("{own}/settings");
    "/api/v1/brands/{}/templates/email" "customizationCount" => "customizationCount":
        Count("{own}/customizations");
    "/api/v1/brands/{}/templates/email/{}" "settings" => "settings": At("{own}/settings");
    "/api/v1/brands/{}/templates/email/{}" "customizationCount" => "customizationCount":
        Count("{own}/customizations");
    "/api/v1/brands/{}/well-known-uris" "apple-app-site-association" =>
        "apple-app-site-association": At("{own}/apple-app-site-association");
    "/api/v1/brands/{}/well-known-uris" "assetlinks.json" => "assetlinks.json":
        At("{own}/assetlinks.json");
    "/api/v1/brands/{}/well-known-uris" "webauthn" => "webauthn": At("{own}/webauthn");
    "/api/v1/brands/{}/well-known-uris/{}" "customized" => "customized": At("{own}/customized");
    "/api/v1/devices" "user" => "users": At("{own}/users");
    "/api/v1/devices" "userSummary" => "users": At("{own}/users");
    "/api/v1/email-domains" "brands" => "brands": Made(brands_of_email_domain);
    "/api/v1/email-domains/{}" "brands" => "brands": Made(brands_of_email_domain);
    "/api/v1/groups/rules" "groupIdToGroupNameMap" => "groupIdToGroupNameMap":
        Made(names_of_groups);
    "/api/v1/groups/rules/{}" "groupIdToGroupNameMap" => "groupIdToGroupNameMap":
        Made(names_of_groups);
    "/api/v1/groups/{}/roles" "targets/groups" => "targets/groups": At("{own}/targets/groups");
    "/api/v1/groups/{}/roles" "targets/catalog/apps" => "targets/catalog/apps":
        At("{own}/targets/catalog/apps");
    "/api/v1/idps/{}/users" "user" => "user": At("/api/v1/users/{id}");
    "/api/v1/policies" "rules" => "rules": At("{own}/rules");
    "/api/v1/policies/{}" "rules" => "rules": At("{own}/rules");
    "/api/v1/users" "classification" => "classification": At("{own}/classification");
    "/api/v1/users/{}" "blocks" => "blocks": At("{own}/blocks");
    "/api/v1/users/{}" "classification" => "classification": At("{own}/classification");
    "/api/v1/users/{}/clients/{}/grants" "scope" => "scope": Made(scope_of_grant);
    "/api/v1/users/{}/clients/{}/tokens" "scope" => "scopes": Made(scopes_of_token);
    "/api/v1/users/{}/clients/{}/tokens/{}" "scope" => "scopes": Made(scopes_of_token);
    "/api/v1/users/{}/grants" "scope" => "scope": Made(scope_of_grant);
    "/api/v1/users/{}/grants/{}" "scope" => "scope": Made(scope_of_grant);
    "/api/v1/users/{}/roles" "targets/groups" => "targets/groups": At("{own}/targets/groups");
    "/api/v1/users/{}/roles" "targets/catalog/apps" => "targets/catalog/apps":
        At("{own}/targets/catalog/apps");
}

/// What a request wants to be embedded. A value that Okta does not have is passed over, as it does.
pub(super) fn wanted(operation: &Operation, call: &Call) -> Vec<Wanted> {
    if !operation.query.contains_key("expand") {
        return Vec::new();
    }
    let template = nameless(&operation.path);
    let given = call.query.iter().filter(|(name, _)| name == "expand");
    let values = given
        .flat_map(|(_, values)| values.split(','))
        .map(str::trim);
    let all: Vec<&str> = values.collect();
    EXPANSIONS
        .iter()
        .filter(|expansion| expansion.template == template)
        .filter_map(|expansion| {
            let rest = all.iter().find_map(|value| expansion.rest_of(value))?;
            Some(Wanted { expansion, rest })
        })
        .collect()
}

impl Expansion {
    /// What stands behind the slash of a value, if it is this one. `all` is each of the well-known
    /// URIs, and of nothing else.
    fn rest_of(&self, value: &str) -> Option<String> {
        let is_all = value == "all" && self.template.ends_with("/well-known-uris");
        if value == self.value || is_all {
            return Some(String::new());
        }
        let rest = value.strip_prefix(self.value)?.strip_prefix('/')?;
        Some(rest.to_owned())
    }
}

impl Wanted {
    /// Embeds what is wanted in an object; nothing if there is no such thing.
    pub(super) fn embed(
        &self,
        org: &mut Org,
        modelled: &Modelled,
        call: &Call,
        object: &mut Value,
        own: &str,
    ) {
        let path = |template: &str| self.path(template, object, own);
        let at = |org: &mut Org, template: &str| {
            path(template).and_then(|path| read(org, modelled, &call.base, &path))
        };
        let found = match self.expansion.source {
            At(template) => at(org, template),
            Listed(template, member) => {
                at(org, template).map(|mut answer| match answer.is_array() {
                    true => answer,
                    false => answer[member].take(),
                })
            }
            Count(template) => {
                at(org, template).map(|list| json!(list.as_array().map_or(0, Vec::len)))
            }
            Made(make) => Some(make(org, object)),
        };
        let (Some(found), Some(members)) = (found, object.as_object_mut()) else {
            return;
        };
        let embedded = members.entry("_embedded").or_insert_with(|| json!({}));
        let mut parts = self.expansion.member.split('/');
        let last = parts.next_back().unwrap_or_default();
        let inner = parts.fold(embedded, |at, part| {
            if !at[part].is_object() {
                at[part] = json!({});
            }
            &mut at[part]
        });
        inner[last] = found;
    }

    /// The path of what is embedded; none if the object lacks a member that it goes by.
    fn path(&self, template: &str, object: &Value, own: &str) -> Option<String> {
        let segments = template.split('/').map(|segment| {
            match segment
                .strip_prefix('{')
                .and_then(|it| it.strip_suffix('}'))
            {
                None => Some(segment),
                Some("own") => Some(own),
                Some("rest") => Some(self.rest.as_str()).filter(|rest| !rest.is_empty()),
                Some(member) => object[member].as_str(),
            }
        });
        let segments: Option<Vec<&str>> = segments.collect();
        segments.map(|segments| segments.join("/"))
    }
}

/// The names of the groups that a rule puts users into and that its expression names, by their ids.
fn names_of_groups(org: &mut Org, rule: &Value) -> Value {
    let ids = rule["actions"]["assignUserToGroups"]["groupIds"].as_array();
    let ids = ids.into_iter().flatten().filter_map(Value::as_str);
    let rule = rule["id"].as_str().and_then(|id| org.rules.position(id));
    let rule = rule.and_then(|rule| org.rules.get(rule)).into_iter();
    let named = rule.flat_map(|rule| rule.formula.texts());
    let names = ids.chain(named).filter_map(|id| {
        let group = org.groups.get(org.groups.position(id)?)?;
        Some((id.to_owned(), json!(group.name())))
    });
    Value::Object(names.collect::<Map<_, _>>())
}

/// Where the values of a group's assignment to an application come from.
fn metadata_of_assignment(org: &mut Org, assignment: &Value) -> Value {
    let app = assignment["_links"]["app"]["href"].as_str();
    let app = app.and_then(|href| href.rsplit_once("/api/v1/apps/"));
    let group = assignment["id"].as_str().unwrap_or_default();
    let found = app.and_then(|(base, app)| {
        let app = org.apps.get(org.apps.position(app)?)?;
        let held = app.groups.get(&org.groups.position(group)?)?;
        Some(view::app_group_metadata(held, base))
    });
    found.unwrap_or_default()
}

fn scope_of_grant(_: &mut Org, grant: &Value) -> Value {
    json!({ "id": grant["scopeId"] })
}

fn scopes_of_token(org: &mut Org, token: &Value) -> Value {
    let server = token["issuer"].as_str().and_then(|issuer| {
        let (_, id) = issuer.rsplit_once("/oauth2/")?;
        let server = org.authorization_servers.position(id)?;
        org.authorization_servers.get(server)
    });
    let own = &token["_links"]["authorizationServer"]["href"];
    let names = token["scopes"].as_array().into_iter().flatten();
    let names = names.filter_map(Value::as_str);
    let shown = names.map(|name| {
        let Some(scope) = server.and_then(|server| server.scope(name)) else {
            return json!({ "id": name, "name": name });
        };
        let href = format!("{}/scopes/{}", own.as_str().unwrap_or_default(), scope.id);
        let mut shown = json!({
            "id": scope.id,
            "name": name,
            "_links": { "scope": { "href": href, "title": name } },
        });
        for member in ["displayName", "description"] {
            if let Some(Value::String(text)) = scope.body.get(member) {
                shown[member] = json!(text);
            }
        }
        shown
    });
    shown.collect()
}

/// The brands that send by an e-mail domain.
fn brands_of_email_domain(org: &mut Org, domain: &Value) -> Value {
    let brands = org.store.bodies("/api/v1/brands");
    let own = brands.filter(|brand| brand["emailDomainId"] == domain["id"]);
    own.cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::document;

    /// Operations that embed by themselves, and those for which there is nothing to embed: no YubiKey
    /// token is assigned, and simulations of policies say all they know.
    const OTHERS: [&str; 4] = [
        "/api/v1/apps/{}/users",
        "/api/v1/apps/{}/users/{}",
        "/api/v1/groups",
        "/api/v1/org/factors/yubikey_token/tokens",
    ];
    /// Values that are URLs of pages in a browser, which the emulator does not draw.
    const PAGES: [&str; 2] = ["customizedUrl", "previewUrl"];

    fn listed(template: &str) -> Vec<&'static str> {
        let own = EXPANSIONS.iter().filter(|it| it.template == template);
        own.map(|it| it.value).collect()
    }

    #[test]
    fn every_operation_that_the_document_expands_is_listed() {
        for operation in document().operations() {
            let template = nameless(&operation.path);
            let Some(schema) = operation.query.get("expand") else {
                assert!(
                    operation.method != "GET" || listed(&template).is_empty(),
                    "{template}"
                );
                continue;
            };
            if OTHERS.contains(&template.as_str()) || operation.method == "POST" {
                continue;
            }
            let known = listed(&template);
            assert!(!known.is_empty(), "{template}");
            let shape = document().shape(schema, None);
            let items = shape
                .items
                .map(|items| document().shape(items, None).values);
            for value in items
                .unwrap_or(shape.values)
                .iter()
                .filter_map(Value::as_str)
            {
                let is_known = known.contains(&value) || PAGES.contains(&value) || value == "all";
                assert!(is_known, "{template} {value}");
            }
        }
    }
}
