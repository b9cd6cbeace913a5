//! The org, locked once the keys are there that a request needs. Making an RSA key takes long: neither
//! other requests nor the threads that serve them wait for it.

use axum::http::request::Parts;

use crate::caller::caller;
use crate::oauth::memory::keys::{self, KeyName};
use crate::org::Org;
use crate::problem::Problem;
use crate::shared::{HeldOrg, Shared};

/// Starts a request: what happens from here on happens now, and who calls did it.
pub(super) fn begin(shared: &Shared, parts: &Parts, org: &mut Org) {
    let caller = caller(shared, parts, org);
    org.begin(shared.clock.stamp(), caller);
}

/// The org, locked. `names` says which keys are needed, as long as the org stays as it is.
pub(super) async fn org<'s>(
    shared: &'s Shared,
    names: impl Fn(&Org) -> Vec<KeyName>,
) -> Result<HeldOrg<'s>, Problem> {
    loop {
        let missing = match with_keys(shared, &names) {
            Ok(org) => return Ok(org),
            Err(missing) => missing,
        };
        keys::make(missing).await.map_err(|_| Problem::internal())?;
    }
}

/// The org, locked, or the keys that have to be made first.
fn with_keys<'s>(
    shared: &'s Shared,
    names: impl Fn(&Org) -> Vec<KeyName>,
) -> Result<HeldOrg<'s>, Vec<KeyName>> {
    let org = shared.org();
    let missing = org.oauth.keys.missing(names(&org));
    match missing.is_empty() {
        true => Ok(org),
        false => Err(missing),
    }
}
