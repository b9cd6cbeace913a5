//! From text to what a setting means. Errors say what to write; none repeats a value, which may
//! be a token in the wrong place.

use std::path::PathBuf;
use std::time::Duration;

use okta_auth::{Error, Proxy, Secret};

use super::AuthorizationMode;
use super::layer::{Layers, Raw};
use super::setting::Setting;

/// Longest time that makes sense, in seconds: a day.
const MOST_SECONDS: f64 = 86_400.0;

pub(super) fn secret(raw: &Raw) -> Result<Secret, String> {
    match raw {
        Raw::Text(text) if is_placeholder(text.expose()) => Err(PLACEHOLDER.to_owned()),
        Raw::Text(text) => Ok(text.clone()),
        Raw::Scalar(_) => Err("is read as a number or boolean; write it in quotes".to_owned()),
        Raw::List(_) => Err("is a list; write a single value".to_owned()),
        Raw::Mapping(_) => Err(PLACEHOLDER.to_owned()),
    }
}

/// As [`secret`], or a JWK written as a mapping.
pub(super) fn private_key(raw: &Raw) -> Result<Secret, String> {
    match raw {
        Raw::Mapping(json) if json.expose().contains("\"kty\"") => Ok(json.clone()),
        _ => secret(raw),
    }
}

pub(super) fn text(raw: &Raw) -> Result<String, String> {
    secret(raw).map(|text| text.expose().trim().to_owned())
}

pub(super) fn boolean(raw: &Raw) -> Result<bool, String> {
    match scalar(raw)?.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err("is not a boolean; write true or false".to_owned()),
    }
}

pub(super) fn count(raw: &Raw) -> Result<u32, String> {
    let wrong = |_| "is not a count; write a whole number such as 2".to_owned();
    scalar(raw)?.parse().map_err(wrong)
}

/// A count, at least one.
pub(super) fn positive_count(raw: &Raw) -> Result<u32, String> {
    match count(raw)? {
        0 => Err("is 0; write a positive number, or leave it out".to_owned()),
        number => Ok(number),
    }
}

/// A number of bytes, at least one.
pub(super) fn bytes(raw: &Raw) -> Result<usize, String> {
    match scalar(raw)?.parse() {
        Ok(bytes @ 1..) => Ok(bytes),
        _ => Err("is not a number of bytes; write a whole number such as 67108864".to_owned()),
    }
}

/// A number of seconds, whole or not.
pub(super) fn seconds(raw: &Raw) -> Result<Duration, String> {
    match scalar(raw)?.parse::<f64>() {
        Ok(seconds) if (0.0..=MOST_SECONDS).contains(&seconds) => {
            Ok(Duration::from_secs_f64(seconds))
        }
        _ => Err("is not a number of seconds from 0 to 86400; write one such as 30".to_owned()),
    }
}

/// As [`seconds`], 0 being none.
pub(super) fn positive_seconds(raw: &Raw) -> Result<Option<Duration>, String> {
    seconds(raw).map(|time| Some(time).filter(|time| !time.is_zero()))
}

/// A number of seconds that a key may be used, of any length.
pub(super) fn key_life(raw: &Raw) -> Result<Duration, String> {
    match scalar(raw)?.parse::<u32>() {
        Ok(seconds) if seconds > 0 => Ok(Duration::from_secs(seconds.into())),
        _ => Err("is not a number of seconds above 0; write one such as 86400".to_owned()),
    }
}

pub(super) fn share(raw: &Raw) -> Result<f64, String> {
    match scalar(raw)?.parse::<f64>() {
        Ok(share) if share > 0.0 && share <= 1.0 => Ok(share),
        _ => Err("is not a share; write a number above 0 and up to 1, such as 0.5".to_owned()),
    }
}

/// The path of a file.
pub(super) fn path(raw: &Raw) -> Result<PathBuf, String> {
    let text = text(raw)?;
    match text.contains("-----BEGIN") {
        true => Err("is PEM itself; write the path of a file that holds it".to_owned()),
        false => Ok(text.into()),
    }
}

/// A list of paths, or one.
pub(super) fn paths(raw: &Raw) -> Result<Vec<PathBuf>, String> {
    match raw {
        Raw::List(items) => items
            .iter()
            .map(|item| path(&Raw::Text(item.clone())))
            .collect(),
        _ => path(raw).map(|path| vec![path]),
    }
}

/// A list, or text in which commas or white space stand between scopes.
pub(super) fn scopes(raw: &Raw) -> Result<Vec<String>, String> {
    let split = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| c == ',' || c.is_whitespace());
        parts
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    };
    match raw {
        Raw::List(items) => Ok(items.iter().flat_map(|item| split(item.expose())).collect()),
        _ => text(raw).map(|text| split(&text)),
    }
}

pub(super) fn authorization_mode(raw: &Raw) -> Result<AuthorizationMode, String> {
    match text(raw)?.to_ascii_lowercase().as_str() {
        "ssws" => Ok(AuthorizationMode::Ssws),
        "bearer" => Ok(AuthorizationMode::Bearer),
        "privatekey" => Ok(AuthorizationMode::PrivateKey),
        _ => Err("is not an authorization mode; write SSWS, Bearer or PrivateKey".to_owned()),
    }
}

/// Text that another type checks.
pub(super) fn checked<T>(
    raw: &Raw,
    check: impl FnOnce(&str) -> Result<T, Error>,
) -> Result<T, String> {
    check(&text(raw)?).map_err(|error| error.to_string())
}

/// The proxy, from its four settings.
pub(super) fn proxy(layers: &Layers) -> Result<Option<Proxy>, Error> {
    let Some(host) = layers.read(Setting::ProxyHost, text)? else {
        for key in [
            Setting::ProxyPort,
            Setting::ProxyUsername,
            Setting::ProxyPassword,
        ] {
            if layers.source(key).is_some() {
                return Err(layers.blame(key, "there is no proxy host; set proxy.host too"));
            }
        }
        return Ok(None);
    };
    let port = layers.read(Setting::ProxyPort, port)?;
    let mut url = match host.contains("://") {
        true => host.trim_end_matches('/').to_owned(),
        false => format!("http://{host}"),
    };
    if let Some(port) = port {
        url = format!("{url}:{port}");
    }
    let proxy = Proxy::new(&url).map_err(|error| layers.blame(Setting::ProxyHost, error))?;
    let username = layers.read(Setting::ProxyUsername, text)?;
    let password = layers.read(Setting::ProxyPassword, secret)?;
    match (username, password) {
        (None, None) => Ok(Some(proxy)),
        (Some(username), Some(password)) => Ok(Some(proxy.basic_auth(username, password))),
        (Some(_), None) => Err(layers.blame(
            Setting::ProxyUsername,
            "there is no proxy password; set proxy.password too",
        )),
        (None, Some(_)) => Err(layers.blame(
            Setting::ProxyPassword,
            "there is no proxy user name; set proxy.username too",
        )),
    }
}

fn port(raw: &Raw) -> Result<u16, String> {
    match scalar(raw)?.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err("is not a port; write a number from 1 to 65535".to_owned()),
    }
}

const PLACEHOLDER: &str = "is a placeholder in braces; write the real value (in quotes if it \
                           has braces)";

/// `{apiToken}`, `{clientId}`, `https://{yourOktaDomain}` as in Okta's guides. A JWK is in
/// braces too, but has quotes.
fn is_placeholder(text: &str) -> bool {
    text.contains('{') && text.contains('}') && !text.contains('"')
}

/// A number or boolean, which the environment has as text.
fn scalar(raw: &Raw) -> Result<String, String> {
    match raw {
        Raw::Scalar(value) => Ok(value.clone()),
        _ => text(raw),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::config::tests::World;

    #[test]
    fn a_proxy_may_speak_socks_where_the_feature_is_on() {
        let load = |host: &str| {
            World::new(&[]).load(&[
                ("OKTA_CLIENT_PROXY_HOST", host),
                ("OKTA_CLIENT_PROXY_PORT", "1080"),
                ("OKTA_CLIENT_PROXY_USERNAME", "joe"),
                ("OKTA_CLIENT_PROXY_PASSWORD", "leak"),
            ])
        };
        for host in ["socks5h://proxy.example.com", "socks5://proxy.example.com/"] {
            let loaded = load(host);
            assert_eq!(loaded.is_ok(), cfg!(feature = "socks"));
            let told = match loaded {
                Ok(config) => format!("{:?}", config.proxy()),
                Err(error) => error.to_string(),
            };
            let expected = match cfg!(feature = "socks") {
                true => "proxy.example.com:1080",
                false => "OKTA_CLIENT_PROXY_HOST: the proxy URL is one of SOCKS",
            };
            assert!(told.contains(expected) && !told.contains("leak"), "{told}");
        }
    }
}
