//! The settings that programs read, and mistakes in their names.

use std::env;

use anyhow::bail;
use okta_sdk::Config;

/// Which settings a program reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settings {
    /// Those of an org: `okta.yaml` and `OKTA_CLIENT_…`.
    Org,
    /// Those of an app that users log in to.
    Login,
    /// The issuer of tokens.
    Issuer,
}

/// Variables of programs that users log in to.
const LOGIN: [&str; 5] = [
    "OKTA_ORG_URL",
    "OKTA_CLIENT_ID",
    "OKTA_CLIENT_SECRET",
    "OKTA_REDIRECT_URI",
    "OKTA_ISSUER",
];

/// How alike two names are, from 0 to 1, for one to be a misspelling of the other.
const ALIKE: f64 = 0.75;

impl Settings {
    /// The end of a program's help.
    pub(crate) fn help(self) -> &'static str {
        match self {
            Self::Org => {
                "Settings, from ~/.okta/okta.yaml, ./okta.yaml, ./.okta.yaml and the environment \
                 (the later wins):\n  \
                 OKTA_CLIENT_ORGURL             the org, such as https://acme.okta.com\n  \
                 OKTA_CLIENT_TOKEN              its API token\n  \
                 OKTA_CLIENT_AUTHORIZATIONMODE  SSWS (default), Bearer, or PrivateKey with:\n  \
                 OKTA_CLIENT_CLIENTID           the service app\n  \
                 OKTA_CLIENT_SCOPES             its scopes\n  \
                 OKTA_CLIENT_PRIVATEKEY         its key, PEM or JWK, or the path of a file\n  \
                 OKTA_CLIENT_PRIVATEKEYID       the id of the key, if it has several\n\
                 In a file OKTA_CLIENT_ORGURL is okta.client.orgUrl.\n\
                 Without settings the program uses an org that is emulated in its process."
            }
            Self::Login => {
                "Settings, from the environment:\n  \
                 OKTA_ORG_URL        the org, such as https://acme.okta.com\n  \
                 OKTA_CLIENT_ID      the client id of the app\n  \
                 OKTA_CLIENT_SECRET  the secret of a web app\n  \
                 OKTA_REDIRECT_URI   default: http://localhost:8000/callback\n  \
                 OKTA_ISSUER         default: the authorization server `default` of the org\n\
                 Without settings the program uses an app of an org that is emulated in its \
                 process."
            }
            Self::Issuer => {
                "Settings, from the environment:\n  \
                 OKTA_ISSUER  the issuer, such as https://acme.okta.com/oauth2/default\n\
                 Without it the program uses an org that is emulated in its process."
            }
        }
    }
}

/// The settings of an org; `None` if there are none, and nothing that could be meant as one.
///
/// # Errors
/// If a setting is wrong, or has a name that means nothing.
pub fn org_settings() -> anyhow::Result<Option<Config>> {
    let config = Config::load()?;
    for unknown in config.unknown() {
        if LOGIN.contains(&unknown.key()) {
            continue;
        }
        match unknown.nearest() {
            Some(known) => bail!("{unknown} is no setting; did you mean {known}?"),
            None => bail!("{unknown} is no setting"),
        }
    }
    refuse_misspelled(Config::keys())?;
    if config.is_configured() {
        return Ok(Some(config));
    }
    if let Some(name) = LOGIN[..3].iter().find(|name| variable(name).is_some()) {
        bail!(
            "{name} is set, which is for programs that users log in to; set OKTA_CLIENT_ORGURL \
             and OKTA_CLIENT_TOKEN for this one"
        );
    }
    Ok(None)
}

/// The org that users log in at; `None` if nothing is set that could be meant for it.
///
/// # Errors
/// If another setting is there and the org is not, or a variable's name is misspelled.
pub(crate) fn login_org() -> anyhow::Result<Option<String>> {
    refuse_misspelled(LOGIN.iter().map(|name| (*name).to_owned()))?;
    if let Some(org) = variable("OKTA_ORG_URL") {
        return Ok(Some(org));
    }
    let others = [
        "OKTA_CLIENT_ORGURL",
        "OKTA_CLIENT_ID",
        "OKTA_CLIENT_SECRET",
        "OKTA_ISSUER",
    ];
    if let Some(name) = others.iter().find(|name| variable(name).is_some()) {
        bail!("{name} is set and OKTA_ORG_URL is not; set it to your org's URL");
    }
    Ok(None)
}

/// A variable that is set and not empty.
pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Refuses variables like `OKTA_ORGURL`. Those that resemble nothing belong to other programs,
/// and those after `OKTA_CLIENT_` are the SDK's.
fn refuse_misspelled(known: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let known: Vec<_> = known.collect();
    let names = env::vars_os().filter(|(_, value)| !value.is_empty());
    let mut names: Vec<_> = names
        .filter_map(|(name, _)| name.into_string().ok())
        .collect();
    names.sort();
    for name in names {
        let of_others = ["OKTA_CLIENT_", "OKTA_TESTING_"]
            .iter()
            .any(|prefix| name.starts_with(prefix));
        if !name.starts_with("OKTA_") || of_others || LOGIN.contains(&&*name) {
            continue;
        }
        if let Some(meant) = nearest(&name, known.iter().cloned(), ALIKE) {
            bail!("environment variable {name} is no setting; did you mean {meant}?");
        }
    }
    Ok(())
}

/// The known name that is most like this one, written as this one is: as a variable, or as a key
/// of a file. `None` if none is as alike as `least`.
fn nearest(name: &str, known: impl Iterator<Item = String>, least: f64) -> Option<String> {
    let alike = |known: &String| strsim::normalized_damerau_levenshtein(&core(name), &core(known));
    let (how, meant) = known
        .map(|known| (alike(&known), known))
        .max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    let meant = match name.starts_with("OKTA_") {
        true => meant.replace('.', "_").to_uppercase(),
        false => meant,
    };
    (how >= least).then_some(meant)
}

/// The part of a name that says which setting it is, without case and separators.
fn core(name: &str) -> String {
    let plain: String = name.to_lowercase().replace(['.', '_', '-'], "");
    let plain = plain.strip_prefix("okta").unwrap_or(&plain);
    plain.strip_prefix("client").unwrap_or(plain).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelled_name_leads_to_the_one_that_was_meant() {
        for (name, meant) in [
            ("OKTA_ORGURL", Some("OKTA_CLIENT_ORGURL")),
            ("OKTA_CLIENT_ORGULR", Some("OKTA_CLIENT_ORGURL")),
            ("OKTA_TOKEN", Some("OKTA_CLIENT_TOKEN")),
            ("okta.client.orgUlr", Some("okta.client.orgUrl")),
            ("okta.client.privatKey", Some("okta.client.privateKey")),
            ("OKTA_AWS_CLI_PROFILE", None),
        ] {
            assert_eq!(
                nearest(name, Config::keys(), ALIKE).as_deref(),
                meant,
                "{name}"
            );
        }
    }
}
