//! Reading an org.

use okta_sdk::{Client, Error};

use super::scope::Scope;
use super::{Org, apps, groups, guarded, people, roles};

impl Org {
    /// Reads what the scope names, with at most `at_once` requests at a time.
    pub(crate) async fn read(okta: &Client, scope: &Scope, at_once: usize) -> Result<Self, Error> {
        let mut org = Self::default();
        people::read(okta, scope, &mut org, at_once).await?;
        groups::read(okta, scope, &mut org, at_once).await?;
        apps::read(okta, scope, &mut org, at_once).await?;
        roles::read(okta, scope, &mut org, at_once).await?;
        if scope.has_removals {
            guarded::read(okta, scope, &mut org, at_once).await?;
        }
        Ok(org)
    }
}
