//! Who signs: an application or an identity provider.

use crate::call::Call;
use crate::org::Org;
use crate::org::events::Target;
use crate::org::signing_keys::{PROVIDERS, signing_kid};
use crate::problem::Problem;

/// An application or an identity provider.
#[derive(Debug)]
pub(super) struct Signer {
    pub(super) id: String,
    /// Its collection.
    pub(super) collection: &'static str,
    /// How the System Log names it, if it is an application. Of the keys of identity providers the log
    /// says nothing.
    pub(super) app: Option<Target>,
    /// The id of the key with which it signs.
    pub(super) kid: Option<String>,
}

impl Signer {
    /// The one that the path names.
    pub(super) fn of(org: &Org, call: &Call) -> Result<Self, Problem> {
        match call.parameter("appId") {
            "" => Self::provider(org, call.parameter("idpId")),
            app => Self::app(org, app),
        }
    }

    /// The one to which a key is given: `targetAid` or `targetIdpId`.
    pub(super) fn target(&self, org: &Org, call: &Call) -> Result<Self, Problem> {
        let name = match self.app {
            Some(_) => "targetAid",
            None => "targetIdpId",
        };
        let id = call.option(name).ok_or_else(|| Problem::blank(name))?;
        match self.app {
            Some(_) => Self::app(org, id),
            None => Self::provider(org, id),
        }
    }

    fn app(org: &Org, id: &str) -> Result<Self, Problem> {
        let app = org.app(org.find_app(id)?)?;
        Ok(Self {
            id: app.id.clone(),
            collection: "/api/v1/apps",
            app: Some(app.target()),
            kid: app.signing_kid().map(str::to_owned),
        })
    }

    fn provider(org: &Org, id: &str) -> Result<Self, Problem> {
        let provider = org.provider(id);
        let provider = provider.ok_or_else(|| Problem::not_found(id, "IdpTrust"))?;
        Ok(Self {
            id: id.to_owned(),
            collection: PROVIDERS,
            app: None,
            kid: signing_kid(provider).map(str::to_owned),
        })
    }

    pub(super) fn word(&self) -> &'static str {
        match self.app {
            Some(_) => "application",
            None => "identity provider",
        }
    }
}
