//! Which hosts may be called. Whoever can write to the API can name any, and an emulator must not call
//! out to the internet for that.

use std::collections::BTreeSet;

use url::{Host, Url};

use super::failure::Failure;

/// The hosts that may be called: this machine, and those that settings name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Destinations(BTreeSet<String>);

impl Destinations {
    /// This machine and these hosts, by name or address and without a port.
    pub(crate) fn with(hosts: &[String]) -> Self {
        let hosts = hosts.iter().map(|host| host.trim().to_ascii_lowercase());
        Self(hosts.collect())
    }

    /// The URL that a hook names, if it may be called.
    pub(crate) fn allowed(&self, uri: &str) -> Result<Url, Failure> {
        let url = Url::parse(uri).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.ok_or(Failure::NoUrl)?;
        let host = url.host().ok_or(Failure::NoUrl)?;
        let is_here = match &host {
            Host::Domain(name) => *name == "localhost",
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        };
        let host = host.to_string();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match is_here || self.0.contains(bare) || self.0.contains(&host) {
            true => Ok(url),
            false => Err(Failure::NotAllowed(host)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_and_named_hosts_are_called() {
        let hosts = ["Hooks.example.com", "192.0.2.7", "2001:db8::1"].map(str::to_owned);
        let destinations = Destinations::with(&hosts);
        for allowed in [
            "http://127.0.0.1:8000/in",
            "http://127.8.9.1/in",
            "https://LOCALHOST/in",
            "http://[::1]:9/in",
            "http://2130706433/in",
            "https://hooks.example.com/in",
            "https://HOOKS.example.com:8443/in",
            "http://192.0.2.7/in",
            "http://[2001:db8::1]/in",
        ] {
            assert!(destinations.allowed(allowed).is_ok(), "{allowed}");
        }
        for (refused, host) in [
            ("https://example.com/in", "example.com"),
            (
                "https://hooks.example.com.evil.example/",
                "hooks.example.com.evil.example",
            ),
            ("http://localhost@evil.example/", "evil.example"),
            ("http://127.0.0.1.nip.example/", "127.0.0.1.nip.example"),
            ("http://0.0.0.0/", "0.0.0.0"),
            ("http://192.0.2.8/", "192.0.2.8"),
            ("http://[2001:db8::2]/", "[2001:db8::2]"),
        ] {
            let failure = destinations.allowed(refused).err();
            assert_eq!(
                failure,
                Some(Failure::NotAllowed(host.to_owned())),
                "{refused}"
            );
        }
        for wrong in ["", "hooks", "ftp://localhost/", "file:///etc/passwd"] {
            let failure = destinations.allowed(wrong).err();
            assert_eq!(failure, Some(Failure::NoUrl), "{wrong}");
        }
    }
}
