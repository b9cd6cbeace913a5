//! Applications of every kind, ready for tests and demonstrations.

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::oauth::memory::keys::KeyName;
use crate::object::Object;
use crate::org::Org;
use crate::org::samples::{SampleClient, Samples};
use crate::problem::Problem;

const SERVICE_SCOPES: [&str; 11] = [
    "okta.users.read",
    "okta.users.manage",
    "okta.groups.read",
    "okta.groups.manage",
    "okta.apps.read",
    "okta.apps.manage",
    "okta.appGrants.read",
    "okta.appGrants.manage",
    "okta.roles.read",
    "okta.roles.manage",
    "okta.logs.read",
];

impl Samples {
    /// The sample applications, which are created if the org has never had them. Everyone has those
    /// that are for users.
    pub(crate) fn planted(org: &mut Org) -> Result<Self, Problem> {
        if let Some(samples) = &*org.samples {
            return Ok(samples.clone());
        }
        let logging = std::mem::replace(&mut org.logging, false);
        let planted = Self::plant(org);
        org.logging = logging;
        let planted = planted?;
        *org.samples = Some(planted.clone());
        Ok(planted)
    }

    fn plant(org: &mut Org) -> Result<Self, Problem> {
        let service = planted(org, service())?;
        let app = org.find_app(&service.app_id)?;
        for scope in SERVICE_SCOPES {
            org.grant_scope(app, scope)?;
        }
        Ok(Self {
            web: for_everyone(org, web())?,
            native: for_everyone(org, native())?,
            trusted: for_everyone(org, trusted())?,
            service,
        })
    }

    /// The service app with a key, which becomes the application's one key. The key is made when
    /// it is first asked for, as that takes long.
    pub(crate) fn keyed_service(org: &mut Org) -> Result<SampleClient, Problem> {
        let samples = Self::planted(org)?;
        if samples.service.private_key_pem.is_some() {
            return Ok(samples.service);
        }
        let service = samples.keyed(org)?;
        if let Some(samples) = &mut *org.samples {
            samples.service = service.clone();
        }
        Ok(service)
    }

    fn keyed(&self, org: &mut Org) -> Result<SampleClient, Problem> {
        let key = org.oauth.keys.key(KeyName::Sample);
        let key = key.map_err(|_| Problem::internal())?;
        let app = org.find_app(&self.service.app_id)?;
        let mut public = key.public.clone();
        public["id"] = json!(org.ids.object("pks"));
        public["status"] = json!("ACTIVE");
        let settings = org.app_mut(app)?.body.get_mut("settings");
        let settings = settings.ok_or_else(Problem::internal)?;
        settings["oauthClient"]["jwks"] = json!({ "keys": [public] });
        Ok(SampleClient {
            private_key_pem: Some(key.pem.expose_secret().to_owned()),
            key_id: Some(key.id.clone()),
            ..self.service.clone()
        })
    }
}

fn planted(org: &mut Org, request: Object) -> Result<SampleClient, Problem> {
    let position = org.create_app(&request, true)?;
    let app = org.app(position)?;
    let client = &app.body.get("credentials").ok_or_else(Problem::internal)?["oauthClient"];
    let text = |name: &str| client[name].as_str().map(str::to_owned);
    Ok(SampleClient {
        app_id: app.id.clone(),
        client_id: text("client_id").ok_or_else(Problem::internal)?,
        client_secret: text("client_secret"),
        private_key_pem: None,
        key_id: None,
    })
}

fn for_everyone(org: &mut Org, request: Object) -> Result<SampleClient, Problem> {
    let client = planted(org, request)?;
    let app = org.find_app(&client.app_id)?;
    org.assign_group_to_app(app, *org.everyone, &Object::new())?;
    Ok(client)
}

fn oidc(label: &str, method: &str, settings: Value) -> Object {
    let request = json!({
        "name": "oidc_client",
        "label": label,
        "signOnMode": "OPENID_CONNECT",
        "credentials": { "oauthClient": { "token_endpoint_auth_method": method } },
        "settings": { "oauthClient": settings },
    });
    match request {
        Value::Object(request) => request,
        _ => Object::new(),
    }
}

fn web() -> Object {
    oidc(
        "Sample Web App",
        "client_secret_basic",
        json!({
            "application_type": "web",
            "grant_types": ["authorization_code", "refresh_token"],
            "redirect_uris": [
                "http://localhost:8000/callback", "http://127.0.0.1:8000/callback",
            ],
            "post_logout_redirect_uris": [
                "http://localhost:8000/", "http://127.0.0.1:8000/",
                "http://localhost:8000/signed-out", "http://127.0.0.1:8000/signed-out",
            ],
        }),
    )
}

fn native() -> Object {
    oidc(
        "Sample Native App",
        "none",
        json!({
            "application_type": "native",
            "grant_types": [
                "authorization_code",
                "refresh_token",
                "urn:ietf:params:oauth:grant-type:device_code",
            ],
            "redirect_uris": [
                "http://localhost:8000/callback", "http://127.0.0.1:8000/callback",
                "http://[::1]:8000/callback", "com.example.sample:/callback",
            ],
            "post_logout_redirect_uris": ["com.example.sample:/signed-out"],
            "refresh_token": { "rotation_type": "ROTATE", "leeway": 30 },
        }),
    )
}

fn service() -> Object {
    oidc(
        "Sample Service App",
        "private_key_jwt",
        json!({
            "application_type": "service",
            "grant_types": ["client_credentials"],
            "response_types": ["token"],
        }),
    )
}

fn trusted() -> Object {
    oidc(
        "Sample Trusted App",
        "client_secret_basic",
        json!({
            "application_type": "web",
            "grant_types": [
                "password",
                "refresh_token",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "urn:ietf:params:oauth:grant-type:jwt-bearer",
                "urn:openid:params:grant-type:ciba",
            ],
            "backchannel_token_delivery_mode": "poll",
        }),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::fixture::org;
    use crate::oauth::clients::client::Client;

    #[test]
    fn every_sample_is_a_client() {
        let mut org = org();
        let samples = Samples::planted(&mut org).unwrap();
        assert!(org.log.len() == 0 && org.logging);
        for sample in [
            &samples.web,
            &samples.native,
            &samples.trusted,
            &samples.service,
        ] {
            assert!(Client::find(&org, &sample.client_id).is_some());
        }
        assert!(samples.web.client_secret.is_some());
        assert_eq!(samples.native.client_secret, None);
    }

    #[test]
    fn no_secret_in_debug_output() {
        let mut org = org();
        let samples = Samples::planted(&mut org).unwrap();
        let service = Samples::keyed_service(&mut org).unwrap();
        let shown = format!("{samples:?} {service:?} {:?}", org.oauth);
        for secret in [&samples.web.client_secret, &service.private_key_pem] {
            assert!(!shown.contains(secret.as_deref().unwrap()), "{shown}");
        }
    }
}
