//! Secrets and public keys of OAuth clients. What is active counts at once.
//!
//! Source: <https://developer.okta.com/docs/guides/client-secret-rotation-key/main/>.

pub(crate) mod operations;

use serde_json::{Value, json};

use crate::object::Object;
use crate::org::Org;
use crate::org::client_secrets::{ClientSecret, MOST_SECRETS};
use crate::org::profile::text;
use crate::problem::Problem;

/// The fewest and the most characters of a secret that a request chooses.
const LENGTHS: std::ops::RangeInclusive<usize> = 14..=100;

impl Org {
    /// The secret that the application itself shows is one of the client's.
    pub(super) fn keep_client_secret(&mut self, app: u64) -> Result<(), Problem> {
        let credentials = self.app(app)?.body.get("credentials");
        let shown = credentials.and_then(|it| it["oauthClient"]["client_secret"].as_str());
        let Some(shown) = shown.map(str::to_owned) else {
            return Ok(());
        };
        let secrets = &self.app(app)?.secrets;
        if secrets.iter().any(|(_, known)| known.secret == shown) {
            return Ok(());
        }
        // Who chooses another one there replaces the first.
        let first = secrets.iter().map(|(at, _)| at).next();
        let Some(first) = first else {
            let secret = self.new_secret(shown, true);
            self.app_mut(app)?.secrets.insert(secret);
            return Ok(());
        };
        let now = self.now;
        if let Some(first) = self.app_mut(app)?.secrets.get_mut(first) {
            (first.secret, first.last_updated) = (shown, now);
        }
        Ok(())
    }

    fn new_secret(&mut self, secret: String, active: bool) -> ClientSecret {
        ClientSecret {
            id: self.ids.object("ocs"),
            secret,
            active,
            created: self.now,
            last_updated: self.now,
        }
    }

    /// Adds a secret, made up or given. A client has two at most.
    fn create_client_secret(&mut self, app: u64, body: &Object) -> Result<u64, Problem> {
        let mode = self.app(app)?.body.get("signOnMode");
        if mode.and_then(Value::as_str) != Some("OPENID_CONNECT") {
            let cause = "The application is no OAuth client, and has no secrets";
            return Err(Problem::validation("clientSecret", [cause]));
        }
        if self.app(app)?.secrets.len() >= MOST_SECRETS {
            let cause = "You've reached the maximum number of client secrets per client";
            return Err(Problem::validation("clientSecret", [cause]));
        }
        let secret = match text(body, "client_secret") {
            "" => self.ids.secret(64),
            given if LENGTHS.contains(&given.chars().count()) => given.to_owned(),
            _ => {
                let cause = "client_secret: must have from 14 to 100 characters";
                return Err(Problem::validation("client_secret", [cause]));
            }
        };
        let active = text(body, "status") != "INACTIVE";
        let secret = self.new_secret(secret, active);
        let position = self.app_mut(app)?.secrets.insert(secret);
        self.show_client_secret(app)?;
        Ok(position)
    }

    /// Switches a secret on or off. One has to be left that is on.
    fn set_client_secret_active(&mut self, app: u64, at: u64, on: bool) -> Result<(), Problem> {
        let now = self.now;
        let secrets = &mut self.app_mut(app)?.secrets;
        let others = secrets.iter().filter(|(other, _)| *other != at);
        let others = others.filter(|(_, secret)| secret.active).count();
        let secret = secrets.get_mut(at).ok_or_else(Problem::internal)?;
        if !on && secret.active && others == 0 {
            let cause = "You can't deactivate the only active client secret";
            return Err(Problem::validation("clientSecret", [cause]));
        }
        (secret.active, secret.last_updated) = (on, now);
        self.show_client_secret(app)
    }

    /// Deletes a secret, which must be inactive.
    fn delete_client_secret(&mut self, app: u64, at: u64) -> Result<(), Problem> {
        let secrets = &mut self.app_mut(app)?.secrets;
        if secrets.get(at).is_some_and(|secret| secret.active) {
            let cause = "The client secret must be deactivated before deletion";
            return Err(Problem::validation("clientSecret", [cause]));
        }
        secrets.remove(at);
        self.show_client_secret(app)
    }

    /// The application shows the newest of its active secrets.
    fn show_client_secret(&mut self, app: u64) -> Result<(), Problem> {
        let app = self.app_mut(app)?;
        let active = app.secrets.iter().filter(|(_, secret)| secret.active);
        let newest = active.last().map(|(_, secret)| secret.secret.clone());
        if let (Some(newest), Some(credentials)) = (newest, app.body.get_mut("credentials")) {
            credentials["oauthClient"]["client_secret"] = json!(newest);
        }
        Ok(())
    }

    /// The public keys of a client.
    fn client_keys(&self, app: u64) -> Result<&[Value], Problem> {
        let settings = self.app(app)?.body.get("settings");
        let keys = settings.and_then(|it| it.pointer("/oauthClient/jwks/keys"));
        let keys = keys.and_then(Value::as_array);
        Ok(keys.map(Vec::as_slice).unwrap_or_default())
    }

    fn client_keys_mut(&mut self, app: u64) -> Result<&mut Vec<Value>, Problem> {
        let settings = self.app_mut(app)?.body.get_mut("settings");
        let client = settings.and_then(|it| it.get_mut("oauthClient"));
        let client = client.ok_or_else(|| {
            let cause = "The application is no OAuth client, and has no keys";
            Problem::validation("jwks", [cause])
        })?;
        if !client["jwks"]["keys"].is_array() {
            client["jwks"] = json!({ "keys": [] });
        }
        client["jwks"]["keys"]
            .as_array_mut()
            .ok_or_else(Problem::internal)
    }

    /// Adds a public key. Its `kid` has to be its own.
    fn add_client_key(&mut self, app: u64, body: &Object) -> Result<Value, Problem> {
        let kid = text(body, "kid").to_owned();
        let mut keys = self.client_keys(app)?.iter();
        if !kid.is_empty() && keys.any(|key| key["kid"] == kid.as_str()) {
            return Err(Problem::taken("kid"));
        }
        let mut key = json!(body);
        key["id"] = json!(self.ids.object("pks"));
        key["created"] = json!(self.now);
        key["lastUpdated"] = json!(self.now);
        if key["status"] != "INACTIVE" {
            key["status"] = json!("ACTIVE");
        }
        self.client_keys_mut(app)?.push(key.clone());
        Ok(key)
    }

    /// The place of a key among those of its client, by id or by `kid`.
    fn find_client_key(&self, app: u64, id: &str) -> Result<usize, Problem> {
        let mut keys = self.client_keys(app)?.iter();
        let found = keys.position(|key| key["id"] == id || key["kid"] == id);
        found.ok_or_else(|| Problem::not_found(id, "OAuth2ClientJsonWebKey"))
    }

    fn set_client_key_active(&mut self, app: u64, at: usize, on: bool) -> Result<Value, Problem> {
        let now = self.now;
        let keys = self.client_keys_mut(app)?;
        let key = keys.get_mut(at).ok_or_else(Problem::internal)?;
        key["status"] = json!(if on { "ACTIVE" } else { "INACTIVE" });
        key["lastUpdated"] = json!(now);
        Ok(key.clone())
    }

    /// Deletes a key, which must be inactive.
    fn delete_client_key(&mut self, app: u64, at: usize) -> Result<(), Problem> {
        let keys = self.client_keys_mut(app)?;
        if keys.get(at).is_some_and(|key| key["status"] != "INACTIVE") {
            let cause = "The key must be deactivated before deletion";
            return Err(Problem::validation("jwk", [cause]));
        }
        keys.remove(at);
        Ok(())
    }
}
