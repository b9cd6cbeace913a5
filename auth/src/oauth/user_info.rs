//! Claims about a user.

use std::fmt;
use std::time::SystemTime;

use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderValue, Method};
use reqwest::Request;
use serde_json::{Map, Value};

use super::endpoint::{Endpoint, Reply};
use super::members::Members;
use super::{OAuthClient, TokenType, Tokens};
use crate::{Dpop, DpopKey, Error, Secret};

/// What the server tells about a user (OpenID Connect Core, section 5.1). What there is depends
/// on the scopes. `Debug` shows the id alone.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct UserInfo {
    /// Okta's id of the user, `sub`.
    pub subject: String,
    /// The full name. With the scope `profile`, as are those below until `updated_at`.
    pub name: Option<String>,
    /// The first name.
    pub given_name: Option<String>,
    /// The last name.
    pub family_name: Option<String>,
    /// The middle name.
    pub middle_name: Option<String>,
    /// What friends say.
    pub nickname: Option<String>,
    /// The login.
    pub preferred_username: Option<String>,
    /// The URL of a page about the user.
    pub profile: Option<String>,
    /// The URL of a picture.
    pub picture: Option<String>,
    /// The URL of the user's own pages.
    pub website: Option<String>,
    /// The gender.
    pub gender: Option<String>,
    /// The birthday, such as `1990-12-31`.
    pub birthdate: Option<String>,
    /// The time zone, such as `America/Los_Angeles`.
    pub zoneinfo: Option<String>,
    /// The language, such as `en-US`.
    pub locale: Option<String>,
    /// When any of this changed last.
    pub updated_at: Option<SystemTime>,
    /// The email address. With the scope `email`.
    pub email: Option<String>,
    /// Whether it is known to be the user's.
    pub email_verified: Option<bool>,
    /// The telephone number. With the scope `phone`.
    pub phone_number: Option<String>,
    /// Whether it is known to be the user's.
    pub phone_number_verified: Option<bool>,
    /// The names of groups. With the scope `groups`.
    pub groups: Vec<String>,
    /// All else that the server said, such as `address` and custom claims.
    pub extra: Map<String, Value>,
}

/// The access token to ask with: from [`Tokens`], whose ID token must then be of the same user,
/// or the access token alone.
#[derive(Clone, Debug)]
pub struct UserInfoToken<'a> {
    access_token: &'a Secret,
    /// `None` goes by whether the client binds its tokens.
    token_type: Option<&'a TokenType>,
    dpop_key: Option<&'a DpopKey>,
    subject: Option<&'a str>,
}

impl<'a> From<&'a Tokens> for UserInfoToken<'a> {
    fn from(tokens: &'a Tokens) -> Self {
        Self {
            access_token: &tokens.access_token,
            token_type: Some(&tokens.token_type),
            dpop_key: tokens.dpop_key.as_ref(),
            subject: tokens.subject(),
        }
    }
}

impl<'a> From<&'a Secret> for UserInfoToken<'a> {
    fn from(access_token: &'a Secret) -> Self {
        Self {
            access_token,
            token_type: None,
            dpop_key: None,
            subject: None,
        }
    }
}

impl OAuthClient {
    /// Asks about the user whom an access token is for (OpenID Connect Core, section 5.3). The
    /// token needs the scope `openid`.
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/orgas/userinfo>
    ///
    /// # Errors
    /// OAuth's error, such as `invalid_token`, or with
    /// [`missing_scope`](Error::missing_scope); a credentials error if the answer is about
    /// another user than the ID token; a decode error for an answer that is not as it should be.
    pub async fn user_info<'a>(
        &self,
        token: impl Into<UserInfoToken<'a>>,
    ) -> Result<UserInfo, Error> {
        let token = token.into();
        let metadata = self.endpoints().await?;
        let url = Endpoint::UserInfo.url(&metadata)?;
        let dpop = self.dpop_with(&token)?;
        let mut request = Request::new(Method::GET, url.clone());
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(
            AUTHORIZATION,
            authorization(dpop.is_some(), token.access_token)?,
        );
        let call = Endpoint::UserInfo.call(self.issuer().is_org_server());
        let pipeline = self.proving(dpop);
        let pipeline = self.at_origin_of(&pipeline, url)?;
        let response = pipeline.send(request, &call).await?;
        let reply = Reply::new(response, call, Method::GET);
        let info = reply.read(UserInfo::read)?;
        info.check_subject(token.subject)
            .map_err(|error| reply.blame(error))?;
        Ok(info)
    }

    /// What proves possession of the token's key, if it has one.
    fn dpop_with(&self, token: &UserInfoToken<'_>) -> Result<Option<Dpop>, Error> {
        match (self.dpop(), token.token_type) {
            (_, Some(kind)) if *kind != TokenType::Dpop => Ok(None),
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Error::configuration(
                "the access token is bound to a DPoP key; give the OAuth client a `Dpop`",
            )),
            (Some(dpop), _) => {
                let key = token.dpop_key.cloned().unwrap_or_else(|| dpop.key());
                Ok(Some(dpop.bound_to(key)))
            }
        }
    }
}

fn authorization(is_bound: bool, token: &Secret) -> Result<HeaderValue, Error> {
    let token = token.expose();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::invalid_argument(
            "token",
            "is empty, or has characters that no access token has; give it as it came",
        ));
    }
    let scheme = if is_bound { "DPoP" } else { "Bearer" };
    let mut value = HeaderValue::try_from(format!("{scheme} {token}"))
        .map_err(|error| Error::other("the access token cannot be sent in a header", error))?;
    value.set_sensitive(true);
    Ok(value)
}

impl UserInfo {
    fn read(mut members: Members) -> Result<Self, Error> {
        Ok(Self {
            subject: members.required("sub")?,
            name: members.text("name")?,
            given_name: members.text("given_name")?,
            family_name: members.text("family_name")?,
            middle_name: members.text("middle_name")?,
            nickname: members.text("nickname")?,
            preferred_username: members.text("preferred_username")?,
            profile: members.text("profile")?,
            picture: members.text("picture")?,
            website: members.text("website")?,
            gender: members.text("gender")?,
            birthdate: members.text("birthdate")?,
            zoneinfo: members.text("zoneinfo")?,
            locale: members.text("locale")?,
            updated_at: members.time("updated_at")?,
            email: members.text("email")?,
            email_verified: members.flag("email_verified")?,
            phone_number: members.text("phone_number")?,
            phone_number_verified: members.flag("phone_number_verified")?,
            groups: members.texts("groups")?,
            extra: members.rest(),
        })
    }

    /// OpenID Connect Core, section 5.3.2: another user's claims must not be used.
    fn check_subject(&self, expected: Option<&str>) -> Result<(), Error> {
        match expected {
            Some(expected) if expected != self.subject => Err(Error::credentials(format!(
                "the user info is about another user than the ID token: expected the `sub` \
                 {expected}, found {}",
                self.subject
            ))),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for UserInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserInfo")
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}
