//! What the programs of `cargo xtask bench list` share.

mod users;

pub use users::page;

use anyhow::Context as _;
use reqwest::header::{HeaderMap, LINK};

/// Users on a page, as many as Okta gives at most.
pub const PAGE: usize = 200;

/// What a program tells at its end: how many users it read, and its resident memory at its highest,
/// in KiB. The system's own account of a child starts with what its parent had.
#[must_use]
pub fn report(users: usize) -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut lines = status.lines();
    let peak = lines.find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|peak| peak.split_whitespace().next());
    format!("{users} {}", peak.unwrap_or_default())
}

/// Address of the server: the program's argument.
///
/// # Errors
/// There is none.
pub fn address() -> anyhow::Result<String> {
    std::env::args()
        .nth(1)
        .context("write the server's address, such as http://127.0.0.1:8080")
}

/// URL of the first page.
#[must_use]
pub fn first_page(address: &str) -> String {
    format!("{address}/api/v1/users?limit={PAGE}")
}

/// URL of the next page, which one of several `Link` headers may have (RFC 8288).
#[must_use]
pub fn next_page(headers: &HeaderMap) -> Option<String> {
    let links = headers.get_all(LINK).iter();
    links
        .filter_map(|link| link.to_str().ok())
        .find_map(|link| {
            let (url, parameters) = link.strip_prefix('<')?.split_once('>')?;
            parameters.contains(r#"rel="next""#).then(|| url.to_owned())
        })
}
