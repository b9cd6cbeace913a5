//! Applications: what a request says about one is kept, the rest is filled in.

pub(crate) mod operations;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::oauth::memory::tokens::Origin;
use crate::object::Object;
use crate::org::Org;
use crate::org::apps::{App, label};
use crate::org::events;
use crate::org::table::Table;
use crate::problem::Problem;
use crate::tracked::TrackedMap;

/// Members that the org sets itself; a request's own are not kept.
const SERVER_SET: [&str; 10] = [
    "id",
    "orn",
    "name",
    "label",
    "status",
    "created",
    "lastUpdated",
    "_links",
    "_embedded",
    "features",
];

impl Org {
    /// The position of an application.
    pub(crate) fn find_app(&self, id: &str) -> Result<u64, Problem> {
        self.apps
            .position(id)
            .ok_or_else(|| Problem::not_found(id, "AppInstance"))
    }

    /// The position of the application that is a client of that id.
    pub(crate) fn find_client(&self, id: &str) -> Result<u64, Problem> {
        let mut apps = self.apps.iter();
        let named = || {
            let client = apps.find(|(_, app)| app.client_id() == Some(id));
            client.map(|(position, _)| position)
        };
        let found = self.apps.position(id).or_else(named);
        found.ok_or_else(|| Problem::not_found(id, "AppInstance"))
    }

    pub(crate) fn app(&self, position: u64) -> Result<&App, Problem> {
        self.apps.get(position).ok_or_else(Problem::internal)
    }

    pub(crate) fn app_mut(&mut self, position: u64) -> Result<&mut App, Problem> {
        self.apps.get_mut(position).ok_or_else(Problem::internal)
    }

    /// Creates an application from a request body.
    pub(crate) fn create_app(&mut self, body: &Object, activate: bool) -> Result<u64, Problem> {
        let label = label(body)?;
        let given = body
            .get("name")
            .and_then(Value::as_str)
            .filter(|name| !name.is_empty());
        let mode = body.get("signOnMode").and_then(Value::as_str);
        let name = match (given, mode) {
            (Some(name), _) => name.to_owned(),
            (None, Some(mode)) => self.definition_name(mode),
            (None, None) => return Err(Problem::blank("signOnMode")),
        };
        let (id, now) = (self.ids.object("0oa"), self.now);
        let body = self.completed(&id, body, None);
        let app = App {
            id,
            name,
            label,
            active: activate,
            created: now,
            last_updated: now,
            body,
            secrets: Table::default(),
            users: TrackedMap::default(),
            groups: TrackedMap::default(),
            grants: BTreeMap::new(),
            access_policy: None,
            roles: Vec::new(),
        };
        let target = app.target();
        let position = self.apps.insert(app);
        self.keep_client_secret(position)?;
        self.keep_signing_key(position)?;
        self.record(events::APP_CREATED, [target]);
        Ok(position)
    }

    /// Replaces an application's configuration. Its id, name, client id and secret stay.
    pub(crate) fn replace_app(&mut self, position: u64, body: &Object) -> Result<(), Problem> {
        let label = label(body)?;
        let signing = body.get("credentials").map(|it| &it["signing"]["kid"]);
        if let Some(kid) = signing.and_then(Value::as_str) {
            self.check_signing_key(position, kid)?;
        }
        let app = self.app(position)?;
        let before = app.body.clone();
        let body = self.completed(&app.id.clone(), body, Some(&before));
        let now = self.now;
        let app = self.app_mut(position)?;
        app.label = label;
        app.body = body;
        app.last_updated = now;
        let target = app.target();
        self.keep_client_secret(position)?;
        self.keep_signing_key(position)?;
        self.record(events::APP_UPDATED, [target]);
        Ok(())
    }

    pub(crate) fn set_app_active(&mut self, position: u64, active: bool) -> Result<(), Problem> {
        let now = self.now;
        let app = self.app_mut(position)?;
        if app.active == active {
            return Ok(());
        }
        app.active = active;
        app.last_updated = now;
        let (target, client) = (app.target(), app.client_id().map(str::to_owned));
        if let (Some(client), false) = (client, active) {
            let kind = events::CONSENTS_GONE_WITH_CLIENT;
            self.end_consents_with(kind, target.clone(), |it| it.client_id == client);
        }
        let kind = if active {
            events::APP_ACTIVATED
        } else {
            events::APP_DEACTIVATED
        };
        self.record(kind, [target]);
        Ok(())
    }

    /// Deletes an application, which must be inactive.
    pub(crate) fn delete_app(&mut self, position: u64) -> Result<(), Problem> {
        if self.app(position)?.active {
            return Err(Problem::delete_application_forbidden());
        }
        if let Some(app) = self.apps.remove(position) {
            self.forget_target(&app.id);
            self.forget_signer(&app.id);
            if let Some(client) = app.client_id() {
                let kind = events::CONSENTS_GONE_WITH_CLIENT;
                self.end_consents_with(kind, app.target(), |it| it.client_id == client);
                self.oauth
                    .tokens
                    .revoke(&Origin::Client(client.into()), |_| true);
            }
            self.record(events::APP_DELETED, [app.target()]);
        }
        Ok(())
    }

    /// The definition key that Okta gives an application of this mode when the request has none.
    fn definition_name(&self, mode: &str) -> String {
        let key = match mode {
            "BOOKMARK" => "bookmark",
            "BASIC_AUTH" => "template_basic_auth",
            "BROWSER_PLUGIN" => "template_swa",
            "SECURE_PASSWORD_STORE" => "template_sps",
            "WS_FEDERATION" => "template_wsfed",
            "OPENID_CONNECT" => "oidc_client",
            // AUTO_LOGIN, SAML_2_0, SAML_1_1: a definition of the org's own.
            _ => return format!("emulator_{}_{}", mode.to_lowercase(), self.apps.len() + 1),
        };
        key.to_owned()
    }

    /// The stored form of a request body: defaults added, secrets taken out or made.
    fn completed(&mut self, id: &str, given: &Object, before: Option<&Object>) -> Object {
        let mut body = given.clone();
        for name in SERVER_SET {
            body.remove(name);
        }
        if let Some(mode) = before.and_then(|before| before.get("signOnMode")) {
            body.entry("signOnMode").or_insert_with(|| mode.clone());
        }
        let mode = body
            .entry("signOnMode")
            .or_insert(Value::Null)
            .as_str()
            .unwrap_or_default()
            .to_owned();
        for (name, default) in defaults(&mode) {
            fill(body.entry(name).or_insert(Value::Null), default);
        }
        body.insert(
            "features".to_owned(),
            given.get("features").cloned().unwrap_or(json!([])),
        );
        let credentials = &mut body["credentials"];
        if credentials["password"].is_object() {
            credentials["password"] = json!({});
        }
        let before = before.map(|before| &before["credentials"]);
        if matches!(
            mode.as_str(),
            "SAML_2_0" | "SAML_1_1" | "WS_FEDERATION" | "OPENID_CONNECT"
        ) {
            let kid = before.map_or(Value::Null, |before| before["signing"]["kid"].clone());
            let kid = if kid.is_null() {
                json!(self.ids.secret(43))
            } else {
                kid
            };
            fill(&mut credentials["signing"], json!({ "kid": kid }));
        }
        if mode == "OPENID_CONNECT" {
            let client = &mut credentials["oauthClient"];
            let before = before.map_or(&Value::Null, |before| &before["oauthClient"]);
            for name in ["client_id", "client_secret"] {
                if client[name].is_null() && before[name].is_string() {
                    client[name] = before[name].clone();
                }
            }
            self.complete_client(id, client);
            let settings = body.get_mut("settings");
            if let Some(keys) = settings.and_then(|it| it.pointer_mut("/oauthClient/jwks/keys")) {
                self.complete_keys(keys);
            }
        }
        body
    }

    /// Each public key of a client has an id and a status.
    fn complete_keys(&mut self, keys: &mut Value) {
        for key in keys.as_array_mut().into_iter().flatten() {
            let id = json!(self.ids.object("pks"));
            fill(
                key,
                json!({ "id": id, "status": "ACTIVE", "created": self.now }),
            );
        }
    }

    fn complete_client(&mut self, id: &str, client: &mut Value) {
        fill(
            client,
            json!({
                "client_id": id,
                "autoKeyRotation": true,
                "token_endpoint_auth_method": "client_secret_basic",
            }),
        );
        let method = client["token_endpoint_auth_method"]
            .as_str()
            .unwrap_or_default();
        if method.starts_with("client_secret") && client["client_secret"].is_null() {
            client["client_secret"] = json!(self.ids.secret(64));
        }
    }
}

fn defaults(mode: &str) -> [(&'static str, Value); 5] {
    let mut settings = json!({
        "app": {},
        "notifications": { "vpn": {
            "network": { "connection": "DISABLED" }, "message": null, "helpUrl": null,
        } },
        "manualProvisioning": false,
        "implicitAssignment": false,
        "notes": { "admin": null, "enduser": null },
    });
    if mode == "OPENID_CONNECT" {
        settings["oauthClient"] = json!({
            "response_types": ["code"],
            "grant_types": ["authorization_code"],
            "application_type": "web",
            "consent_method": "TRUSTED",
            "issuer_mode": "DYNAMIC",
            "dpop_bound_access_tokens": false,
        });
    }
    [
        (
            "accessibility",
            json!({ "selfService": false, "errorRedirectUrl": null, "loginRedirectUrl": null }),
        ),
        (
            "visibility",
            json!({
                "autoLaunch": false,
                "autoSubmitToolbar": false,
                "hide": { "iOS": false, "web": false },
                "appLinks": {},
            }),
        ),
        (
            "credentials",
            json!({
                "userNameTemplate": { "template": "${source.login}", "type": "BUILT_IN" },
                "signing": {},
            }),
        ),
        ("settings", settings),
        ("universalLogout", Value::Null),
    ]
}

/// Puts the default where there is no value, member by member.
fn fill(value: &mut Value, default: Value) {
    match (value, default) {
        (Value::Object(object), Value::Object(defaults)) => {
            for (name, default) in defaults {
                fill(object.entry(name).or_insert(Value::Null), default);
            }
        }
        (value, default) if value.is_null() => *value = default,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::fixture::{bookmark, org};

    #[test]
    fn public_keys_of_clients_have_ids_and_statuses() {
        let mut org = org();
        let keys =
            json!([{ "kty": "RSA", "e": "AQAB", "n": "AQAB" }, { "kty": "EC", "id": "mine" }]);
        let request = json!({
            "label": "Service", "signOnMode": "OPENID_CONNECT",
            "settings": { "oauthClient": { "application_type": "service", "jwks": { "keys": keys } } },
        });
        let app = org.create_app(request.as_object().unwrap(), true).unwrap();
        let settings = &org.app(app).unwrap().body["settings"];
        let keys = &settings["oauthClient"]["jwks"]["keys"];
        assert!(keys[0]["id"].as_str().unwrap().starts_with("pks"));
        assert_eq!(
            (&keys[0]["status"], &keys[1]["id"]),
            (&json!("ACTIVE"), &json!("mine"))
        );
    }
    fn app(value: Value) -> Object {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn each_sign_on_mode_gets_its_definition() {
        for (mode, name) in [
            ("BOOKMARK", "bookmark"),
            ("BASIC_AUTH", "template_basic_auth"),
            ("BROWSER_PLUGIN", "template_swa"),
            ("SECURE_PASSWORD_STORE", "template_sps"),
            ("WS_FEDERATION", "template_wsfed"),
            ("OPENID_CONNECT", "oidc_client"),
            ("SAML_2_0", "emulator_saml_2_0_1"),
            ("SAML_1_1", "emulator_saml_1_1_1"),
            ("AUTO_LOGIN", "emulator_auto_login_1"),
        ] {
            let mut org = org();
            let request = app(json!({ "label": "App", "signOnMode": mode }));
            let position = org.create_app(&request, true).unwrap();
            let created = org.app(position).unwrap();
            assert_eq!(created.name, name);
            assert_eq!(created.body["signOnMode"], mode);
            assert_eq!(created.status(), "ACTIVE");
        }
    }

    #[test]
    fn label_and_mode_are_required() {
        let mut org = org();
        assert_eq!(
            org.create_app(&app(json!({})), true),
            Err(Problem::blank("label"))
        );
        let no_mode = app(json!({ "label": "App" }));
        assert_eq!(
            org.create_app(&no_mode, true),
            Err(Problem::blank("signOnMode"))
        );
    }

    #[test]
    fn what_a_request_says_is_kept_and_secrets_are_not_shown() {
        let mut org = org();
        let request = app(json!({
            "label": "App",
            "signOnMode": "BASIC_AUTH",
            "settings": { "app": { "url": "https://example.com", "fresh": 1 } },
            "credentials": { "password": { "value": "correct horse" } },
            "fresh": [1, 2],
        }));
        let position = org.create_app(&request, false).unwrap();
        let created = org.app(position).unwrap();
        assert_eq!(created.status(), "INACTIVE");
        assert_eq!(created.body["fresh"], json!([1, 2]));
        assert_eq!(created.body["settings"]["app"]["fresh"], 1);
        assert_eq!(created.body["settings"]["manualProvisioning"], false);
        assert_eq!(created.body["credentials"]["password"], json!({}));
    }

    #[test]
    fn a_client_keeps_its_secret_over_a_replacement() {
        let mut org = org();
        let request = app(json!({ "label": "App", "signOnMode": "OPENID_CONNECT" }));
        let position = org.create_app(&request, true).unwrap();
        let client = org.app(position).unwrap().body["credentials"]["oauthClient"].clone();
        assert_eq!(client["client_id"], org.app(position).unwrap().id);
        assert_eq!(client["client_secret"].as_str().unwrap().len(), 64);
        org.replace_app(position, &request).unwrap();
        assert_eq!(
            org.app(position).unwrap().body["credentials"]["oauthClient"],
            client
        );
    }

    #[test]
    fn a_public_client_has_no_secret() {
        let mut org = org();
        let request = app(json!({
            "label": "App",
            "signOnMode": "OPENID_CONNECT",
            "credentials": { "oauthClient": { "token_endpoint_auth_method": "none" } },
        }));
        let position = org.create_app(&request, true).unwrap();
        let client = &org.app(position).unwrap().body["credentials"]["oauthClient"];
        assert!(client["client_secret"].is_null());
    }

    #[test]
    fn only_an_inactive_app_can_be_deleted() {
        let mut org = org();
        let position = org.create_app(&bookmark("Intranet"), true).unwrap();
        assert_eq!(
            org.delete_app(position),
            Err(Problem::delete_application_forbidden())
        );
        org.set_app_active(position, false).unwrap();
        assert_eq!(org.delete_app(position), Ok(()));
        assert_eq!(org.apps.len(), 0);
    }
}
