//! The settings of a service app.

use okta_auth::jose::SigningKey;
use okta_auth::oauth::{ClientAuthentication, Scopes};
use okta_auth::{Error, Secret};

use super::setting::Setting;
use super::{AuthorizationMode, Config, file};
use crate::client_builder::Service;

impl Config {
    /// The service app, if that is what authenticates.
    pub(super) fn service(&self) -> Result<Option<Service>, Error> {
        if self.authorization_mode != AuthorizationMode::PrivateKey {
            return Ok(None);
        }
        let (Some(client_id), [_, ..], Some(key)) =
            (&self.client_id, self.scopes.as_slice(), &self.private_key)
        else {
            return Err(self.incomplete_service());
        };
        Scopes::new(&self.scopes).map_err(|error| self.layers.blame(Setting::Scopes, error))?;
        Ok(Some(Service {
            client_id: client_id.clone(),
            authentication: ClientAuthentication::private_key(self.signing_key(key)?),
            scopes: self.scopes.clone(),
        }))
    }

    fn incomplete_service(&self) -> Error {
        let missing: Vec<_> = [
            ("clientId", self.client_id.is_none()),
            ("scopes", self.scopes.is_empty()),
            ("privateKey", self.private_key.is_none()),
        ]
        .into_iter()
        .filter_map(|(name, missing)| missing.then_some(name))
        .collect();
        let why = format!("PrivateKey also needs {}", missing.join(", "));
        self.layers.blame(Setting::AuthorizationMode, why)
    }

    /// The key, with the id that is set for it.
    fn signing_key(&self, setting: &Secret) -> Result<SigningKey, Error> {
        let key =
            read_key(setting).map_err(|error| self.layers.blame(Setting::PrivateKey, error))?;
        Ok(match &self.private_key_id {
            Some(id) => key.with_key_id(id),
            None => key,
        })
    }
}

/// The key that is written there, or in the file that is named there.
fn read_key(setting: &Secret) -> Result<SigningKey, Error> {
    let text = setting.expose().trim();
    if text.starts_with('{') || text.contains("-----BEGIN") {
        return SigningKey::parse(setting);
    }
    // The text is not repeated: it may be part of a key.
    let file = file::text(text.as_ref()).map_err(|error| {
        Error::configuration(
            "is neither a key nor a file that can be read; write PEM (-----BEGIN…), a JWK \
             ({\"kty\": …}), or the path of a file with one of them",
        )
        .with_source(error)
    })?;
    SigningKey::parse(&file.into())
}

#[cfg(test)]
mod tests;
