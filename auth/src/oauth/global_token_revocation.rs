//! Ending all that a user has at once.

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};
use reqwest::Request;
use serde_json::{Value, json};

use crate::{Call, Error, Issuer, Pipeline};

const CALL: Call = Call::new(
    "globalTokenRevocation",
    "/oauth2/v1/global-token-revocation",
)
.idempotent(true)
.small();

/// The user whose tokens and sessions are to end (RFC 9493).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject(Identifier);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Identifier {
    Opaque { id: String },
    IssuerAndSubject { issuer: String, subject: String },
}

impl Subject {
    /// The user with this id in Okta, such as `00u1dnq5S0CfjlkpABCD`.
    pub fn user(id: impl Into<String>) -> Self {
        Self(Identifier::Opaque { id: id.into() })
    }

    /// The user whom another identity provider knows by `subject`: the `sub` of OpenID Connect or
    /// the `NameID` of SAML. `issuer` is that provider's.
    pub fn of_identity_provider(issuer: impl Into<String>, subject: impl Into<String>) -> Self {
        Self(Identifier::IssuerAndSubject {
            issuer: issuer.into(),
            subject: subject.into(),
        })
    }

    fn to_json(&self) -> Result<Value, Error> {
        let refuse = |why| Err(Error::invalid_argument("subject", why));
        match &self.0 {
            Identifier::Opaque { id } if id.is_empty() => {
                refuse("is empty; write the user's id, such as 00u1dnq5S0CfjlkpABCD")
            }
            Identifier::Opaque { id } => Ok(json!({"format": "opaque", "id": id})),
            Identifier::IssuerAndSubject { issuer, subject }
                if issuer.is_empty() || subject.is_empty() =>
            {
                refuse("lacks its issuer or its subject; write both as the identity provider does")
            }
            Identifier::IssuerAndSubject { issuer, subject } => {
                Ok(json!({"format": "iss_sub", "iss": issuer, "sub": subject}))
            }
        }
    }
}

/// Ends all sessions of a user and revokes all of the user's tokens (global token revocation,
/// also called universal logout).
///
/// An org is asked this as its API is, not by an OAuth client: `pipeline` is one with an
/// [`ApiToken`](crate::ApiToken), or a service app that was granted the scope
/// `okta.universalLogout.manage`. Asking twice does no harm.
///
/// Source: <https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/globaltokenrevocation/globaltokenrevocation>
///
/// ```no_run
/// use okta_auth::oauth::{Subject, revoke_all_tokens};
/// use okta_auth::{ApiToken, OrgUrl, Pipeline};
///
/// # async fn run() -> Result<(), okta_auth::Error> {
/// let org = OrgUrl::parse("https://acme.okta.com")?;
/// let pipeline = Pipeline::builder(org, ApiToken::new("00abc")?).build()?;
/// revoke_all_tokens(&pipeline, &Subject::user("00u1dnq5S0CfjlkpABCD")).await?;
/// # Ok(()) }
/// ```
///
/// # Errors
/// An argument error for an empty subject; Okta's error, such as 403 for credentials that may not
/// do this and 400 for a user that it does not know.
pub async fn revoke_all_tokens(pipeline: &Pipeline, subject: &Subject) -> Result<(), Error> {
    let body = json!({"sub_id": subject.to_json()?});
    let url = Issuer::org(pipeline.org_url()).endpoint("v1/global-token-revocation");
    let mut request = Request::new(Method::POST, url);
    request
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *request.body_mut() = Some(body.to_string().into());
    pipeline.send(request, &CALL).await.map(drop)
}
