//! The orgs of a fleet: one file, without secrets.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use okta_provision::{Guard, Kind};
use okta_sdk::jose::SigningKey;
use okta_sdk::oauth::ClientAuthentication;
use okta_sdk::{Client, ClientBuilder, Secret};
use serde::Deserialize;

/// A file that is longer is refused.
const LONGEST: u64 = 16 << 20;

/// The orgs, by name.
#[derive(Debug)]
pub struct Orgs(BTreeMap<String, Org>);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    orgs: BTreeMap<String, Org>,
}

/// An org, and how to log in to it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Org {
    /// Such as `https://acme.okta.com`.
    url: String,
    /// An API token, or the three of a service app.
    api_token: Option<Reference>,
    client_id: Option<String>,
    /// PEM or JWK.
    private_key: Option<Reference>,
    #[serde(default)]
    scopes: Vec<String>,
    /// Requests in a minute that the whole org may get.
    org_limit: Option<u32>,
    /// How much of Okta's limits is used, from 0 to 1.
    rate_limit_share: Option<f64>,
    /// How many removals of a kind are allowed, whatever share they are.
    #[serde(default)]
    allow: BTreeMap<Kind, usize>,
    /// Logins of users who lose nothing.
    #[serde(default)]
    protected_users: Vec<String>,
    /// Names of groups that lose nothing.
    #[serde(default)]
    protected_groups: Vec<String>,
    /// Whether someone who can act may have a role for the whole org until it is limited.
    #[serde(default)]
    allow_unlimited_moment: bool,
}

/// Where a secret is: `env:NAME` or `file:PATH`.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
enum Reference {
    Environment(String),
    File(PathBuf),
}

impl TryFrom<String> for Reference {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        // What is wrong may be the secret itself, so that it is not repeated.
        match text.split_once(':') {
            Some(("env", name)) if !name.is_empty() => Ok(Self::Environment(name.to_owned())),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            _ => Err("a secret is not written here; write env:NAME or file:PATH"),
        }
    }
}

impl Reference {
    fn read(&self) -> anyhow::Result<Secret> {
        let text = match self {
            Self::Environment(name) => {
                std::env::var(name).with_context(|| format!("the variable {name} is not set"))?
            }
            Self::File(path) => fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?,
        };
        Ok(text.trim().to_owned().into())
    }
}

impl Orgs {
    /// Reads the file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let failed = || format!("cannot read {}", path.display());
        let length = fs::metadata(path).with_context(failed)?.len();
        if length > LONGEST {
            bail!("{} is longer than {} MiB", path.display(), LONGEST >> 20);
        }
        let text = fs::read_to_string(path).with_context(failed)?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let file: File = serde_norway::from_str(text)?;
        if file.orgs.is_empty() {
            bail!("there is no org in it");
        }
        for (name, org) in &file.orgs {
            org.check().with_context(|| format!("the org {name}"))?;
        }
        Ok(Self(file.orgs))
    }

    /// The names of all orgs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The org of this name.
    pub fn get(&self, name: &str) -> anyhow::Result<&Org> {
        self.0
            .get(name)
            .with_context(|| format!("the file of the orgs has no {name}"))
    }
}

impl Org {
    fn check(&self) -> anyhow::Result<()> {
        match (&self.api_token, &self.client_id, &self.private_key) {
            (Some(_), None, None) => Ok(()),
            (None, Some(_), Some(_)) if !self.scopes.is_empty() => Ok(()),
            _ => bail!("write apiToken, or clientId, privateKey and scopes"),
        }
    }

    /// A client for it. Secrets are read now, so that new ones need no restart.
    pub fn client(&self) -> anyhow::Result<ClientBuilder> {
        let mut client = Client::builder().org_url(&self.url);
        if let Some(token) = &self.api_token {
            client = client.api_token(token.read()?);
        }
        if let (Some(id), Some(key)) = (&self.client_id, &self.private_key) {
            let key = SigningKey::parse(&key.read()?)?;
            let key = ClientAuthentication::private_key(key);
            client = client.service_app(id, key, &self.scopes);
        }
        if let Some(share) = self.rate_limit_share {
            client = client.rate_limit_share(share);
        }
        Ok(client.org_limit(self.org_limit))
    }

    /// The guard rails of its plans.
    pub fn guard(&self) -> Guard {
        let allowed = self.allow.iter();
        let guard = allowed.fold(Guard::new(), |guard, (kind, most)| {
            guard.allow(*kind, *most)
        });
        let users = self.protected_users.iter();
        let guard = users.fold(guard, |guard, login| guard.protect_user(login));
        let groups = self.protected_groups.iter();
        let guard = groups.fold(guard, |guard, name| guard.protect_group(name));
        match self.allow_unlimited_moment {
            true => guard.allow_unlimited_moment(),
            false => guard,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_sample_is_understood() {
        let orgs = Orgs::parse(include_str!("../fleet.yaml")).unwrap();
        let names: Vec<_> = orgs.names().collect();
        assert_eq!(names, ["acme", "globex"]);
        assert!(orgs.get("initech").is_err());
    }

    #[test]
    fn a_role_for_the_whole_org_is_allowed_by_its_own_setting() {
        for (setting, guard) in [
            ("", Guard::new()),
            (
                "allowUnlimitedMoment: true",
                Guard::new().allow_unlimited_moment(),
            ),
        ] {
            let org = format!("url: 'https://a.okta.com', apiToken: 'env:A', {setting}");
            let orgs = Orgs::parse(&format!("orgs: {{a: {{{org}}}}}")).unwrap();
            let found = orgs.get("a").unwrap().guard();
            assert_eq!(found, guard);
        }
    }

    #[test]
    fn a_secret_in_the_file_is_refused_and_not_repeated() {
        let text = "orgs: {acme: {url: 'https://acme.okta.com', apiToken: 00secret}}";
        let error = format!("{:#}", Orgs::parse(text).unwrap_err());
        assert!(error.contains("env:NAME"), "{error}");
        assert!(!error.contains("00secret"), "{error}");
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        for (org, word) in [
            ("url: 'https://a.okta.com'", "apiToken"),
            ("url: 'https://a.okta.com', clientId: a", "privateKey"),
            ("url: 'https://a.okta.com', token: 'env:A'", "token"),
            ("apiToken: 'env:A'", "url"),
        ] {
            let text = format!("orgs: {{acme: {{{org}}}}}");
            let error = format!("{:#}", Orgs::parse(&text).unwrap_err());
            assert!(error.contains(word), "{error}");
        }
        assert!(Orgs::parse("orgs: {}").is_err());
    }
}
