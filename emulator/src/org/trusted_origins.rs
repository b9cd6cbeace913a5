//! Trusted origins: web pages that may call the API, or that the org sends browsers to.

use url::{Origin, Url};

use super::store::Store;

/// Where trusted origins are kept.
const COLLECTION: &str = "/api/v1/trustedOrigins";

/// What an origin is trusted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// To call the API from a page.
    Cors,
    /// To get browsers back after they have signed in or out.
    Redirect,
}

impl Trust {
    fn as_str(self) -> &'static str {
        match self {
            Self::Cors => "CORS",
            Self::Redirect => "REDIRECT",
        }
    }
}

impl Store {
    /// Whether an active trusted origin lets this one do that.
    pub(crate) fn trusts(&self, origin: &Origin, trust: Trust) -> bool {
        let mut trusted = self.bodies(COLLECTION);
        trusted.any(|it| {
            let mut scopes = it["scopes"].as_array().into_iter().flatten();
            it["status"] == "ACTIVE"
                && scopes.any(|scope| scope["type"] == trust.as_str())
                && it["origin"].as_str().and_then(origin_of).as_ref() == Some(origin)
        })
    }
}

/// The origin that a URL is of; none if it has none that can be compared.
pub(crate) fn origin_of(url: &str) -> Option<Origin> {
    let origin = Url::parse(url).ok()?.origin();
    origin.is_tuple().then_some(origin)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::org::store::Item;

    #[test]
    fn only_active_origins_of_the_scope_are_trusted() {
        let mut store = Store::default();
        for (origin, scope, status) in [
            ("https://app.example.com", "CORS", "ACTIVE"),
            ("https://back.example.com/", "REDIRECT", "ACTIVE"),
            ("https://off.example.com", "CORS", "INACTIVE"),
            ("nonsense", "CORS", "ACTIVE"),
        ] {
            let body = json!({
                "name": origin, "origin": origin, "scopes": [{ "type": scope }], "status": status,
            });
            let key = origin.to_owned();
            store.insert(COLLECTION, Item { key, body });
        }
        for (url, trust, expected) in [
            ("https://app.example.com:443/page", Trust::Cors, true),
            ("https://app.example.com", Trust::Redirect, false),
            ("https://app.example.com:8443", Trust::Cors, false),
            ("https://back.example.com/after", Trust::Redirect, true),
            ("https://off.example.com", Trust::Cors, false),
        ] {
            let origin = origin_of(url).unwrap();
            assert_eq!(store.trusts(&origin, trust), expected, "{url}");
        }
        assert!(origin_of("null").is_none() && origin_of("data:x").is_none());
    }
}
