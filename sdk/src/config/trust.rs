//! Which sources may say where a secret goes.
//!
//! A program often runs in a directory that somebody else has filled, such as a repository that was
//! just cloned. A file there must not lead the user's own secrets elsewhere.

use std::path::Path;

use okta_auth::{Error, OrgUrl};

use super::layer::{Layers, Source};
use super::setting::Setting;
use super::value;

/// The variable that makes files of the current directory as good as the user's own.
const SWITCH: &str = "OKTA_CLIENT_TRUSTCURRENTDIRECTORY";

/// Settings that say where the org is and how it is reached.
const WAY: [Setting; 4] = [
    Setting::OrgUrl,
    Setting::DisableHttpsCheck,
    Setting::ProxyHost,
    Setting::TlsRootCertificates,
];

/// Settings that say where a proxy is and whom it is taken for.
const WAY_TO_PROXY: [Setting; 2] = [Setting::ProxyHost, Setting::TlsRootCertificates];

/// Secrets that are sent to the org, or sign what is sent.
const SENT: [Setting; 2] = [Setting::Token, Setting::PrivateKey];

/// What tells the other side of a connection who the client is. It may be the same for several orgs.
const SHOWN: [Setting; 2] = [Setting::TlsCertificate, Setting::TlsPrivateKey];

/// Settings that may name a file with a key.
const KEYS: [Setting; 3] = [
    Setting::PrivateKey,
    Setting::TlsCertificate,
    Setting::TlsPrivateKey,
];

/// Refuses a secret that would go where its owner has not said.
///
/// # Errors
/// A configuration error that names the source of the secret, that of the place it would go to, and
/// what to do.
pub(super) fn check(layers: &Layers, org: Option<&OrgUrl>) -> Result<(), Error> {
    let trusts = trusts_current_directory(layers)?;
    for source in SENT.into_iter().filter_map(|secret| layers.source(secret)) {
        check_org(layers, source, org)?;
    }
    if trusts {
        return Ok(());
    }
    for secret in SENT.into_iter().chain(SHOWN) {
        check_ways(layers, secret, &WAY)?;
    }
    check_ways(layers, Setting::ProxyPassword, &WAY_TO_PROXY)?;
    KEYS.into_iter()
        .try_for_each(|key| check_key_path(layers, key))
}

/// A file of the current directory cannot vouch for itself.
fn trusts_current_directory(layers: &Layers) -> Result<bool, Error> {
    let key = Setting::TrustCurrentDirectory;
    if layers
        .source(key)
        .is_some_and(Source::is_in_current_directory)
    {
        let why = format!("cannot be set in a file of the current directory; set {SWITCH}=1");
        return Err(layers.blame(key, why));
    }
    Ok(layers.read(key, value::boolean)?.unwrap_or(false))
}

/// The source of a secret may name the org that it belongs to; it goes to no other.
fn check_org(layers: &Layers, secret: &Source, org: Option<&OrgUrl>) -> Result<(), Error> {
    let (Some(own), Some(org), Some(winner)) = (
        layers.org_beside(secret),
        org,
        layers.source(Setting::OrgUrl),
    ) else {
        return Ok(());
    };
    let own = value::text(own).ok();
    let own = own.and_then(|own| OrgUrl::parse_allowing_http(&own).ok());
    if own.as_ref() == Some(org) {
        return Ok(());
    }
    Err(Error::configuration(format!(
        "{secret} stands beside the URL of another org than {org}, to which {winner} would send it; \
         set the secret in the same place as that URL, or remove one of the two URLs"
    )))
}

fn check_ways(layers: &Layers, secret: Setting, ways: &[Setting]) -> Result<(), Error> {
    match layers.source(secret) {
        Some(secret) if !secret.is_in_current_directory() => ways
            .iter()
            .try_for_each(|way| check_way(layers, secret, *way)),
        _ => Ok(()),
    }
}

fn check_way(layers: &Layers, secret: &Source, way: Setting) -> Result<(), Error> {
    match layers.source(way) {
        Some(source) if source.is_in_current_directory() => Err(Error::configuration(format!(
            "{source} would decide where {secret} is sent, and anyone may have written that file; \
             set both in the same place, or set {SWITCH}=1 if you trust the current directory"
        ))),
        _ => Ok(()),
    }
}

/// A file of the current directory that names the org may name a key in that directory, and not the
/// user's others.
fn check_key_path(layers: &Layers, key: Setting) -> Result<(), Error> {
    let org = layers.source(Setting::OrgUrl);
    if !org.is_some_and(Source::is_in_current_directory) {
        return Ok(());
    }
    let Some(Source::File { path, .. }) = layers
        .source(key)
        .filter(|source| source.is_in_current_directory())
    else {
        return Ok(());
    };
    let Some(named) = layers.read(key, value::private_key)? else {
        return Ok(());
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    match (
        folder.canonicalize(),
        Path::new(named.expose().trim()).canonicalize(),
    ) {
        (Ok(folder), Ok(file)) if !file.starts_with(&folder) => Err(layers.blame(
            key,
            format!(
                "names a file outside of the current directory, and anyone may have written \
                 this; move the setting to ~/.okta/okta.yaml or the environment, or set {SWITCH}=1 \
                 if you trust the current directory"
            ),
        )),
        // It is a key itself, or there is no such file, which is told when it is read.
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
