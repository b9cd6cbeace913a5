//! Values that nobody can guess, and the hash that things are known by.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use okta_auth::Error;

/// `N` random bytes of the operating system, as base64url.
pub(crate) fn token<const N: usize>() -> Result<String, Error> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes)
        .map_err(|error| Error::other("the machine gave no random numbers", error))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The SHA-256 hash of `parts`, as base64url. None of them may have a line feed in it, for that
/// keeps them apart.
pub(crate) fn hash(parts: &[&str]) -> String {
    let joined = parts.join("\n");
    URL_SAFE_NO_PAD.encode(digest(&SHA256, joined.as_bytes()))
}
