//! Values that nobody can guess.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::oauth::words::error::OAuthError;

/// A value that nobody can guess: 32 random bytes, in 43 characters as Okta writes them.
pub(crate) fn unguessable() -> Result<String, OAuthError> {
    let mut bytes = [0; 32];
    // The operating system's: the first number of `aws-lc-rs` takes longer than the start of an org.
    getrandom::fill(&mut bytes).map_err(|_| OAuthError::server_error())?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// `jti` as Okta writes it.
pub(crate) fn serial(prefix: &str) -> Result<String, OAuthError> {
    Ok(format!("{prefix}.{}", unguessable()?))
}
