//! How the emulator's service app proves who it is.

use okta_auth::Error;
use okta_auth::jose::SigningKey;
use okta_auth::oauth::ClientAuthentication;
use okta_emulator::SampleClient;

/// The authentication of the emulator's service app, by its private key.
///
/// # Errors
/// If `app` is another one of the samples, which have no private key.
pub fn private_key_of(app: &SampleClient) -> Result<ClientAuthentication, Error> {
    let pem = app.private_key_pem.clone().unwrap_or_default();
    let key = SigningKey::parse(&pem.into())?;
    let key = key.with_key_id(app.key_id.clone().unwrap_or_default());
    Ok(ClientAuthentication::private_key(key))
}
