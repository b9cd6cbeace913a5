//! What the authorization servers answer, and the pages of a login.

pub(crate) mod api_access;
mod authorization;
pub(crate) mod authorize;
pub(crate) mod backchannel;
pub(crate) mod device;
pub(crate) mod discovery;
mod factor_pages;
pub(crate) mod global_revocation;
pub(crate) mod grants;
pub(crate) mod introspection;
pub(crate) mod login;
pub(crate) mod logout;
mod progress;
pub(crate) mod pushed;
mod response;
pub(crate) mod revocation;
pub(crate) mod second_factor;
pub(crate) mod sign_up;
mod signing_in;
mod unfinished;
pub(crate) mod userinfo;

use axum::response::Response;

use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;

/// An endpoint of an authorization server.
pub(crate) type Endpoint = fn(&mut Org, &OAuthRequest) -> Result<Response, OAuthError>;
