//! The org's authorization servers: OAuth 2.0 and OpenID Connect as Okta speaks them,
//! <https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/>.
//!
//! Each part imports only those behind it: `endpoints`, `tokens`, `clients`, `servers`, then the org,
//! then `memory` and `words`.

pub(crate) mod clients;
pub(crate) mod endpoints;
pub(crate) mod memory;
pub(crate) mod servers;
pub(crate) mod tokens;
pub(crate) mod words;
