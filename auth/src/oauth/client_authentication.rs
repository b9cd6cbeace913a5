//! How a client proves who it is.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use serde_json::json;
use url::Url;
use url::form_urlencoded::byte_serialize;

use super::form::Form;
use super::random;
use crate::clock::ServerClock;
use crate::jose::{JwtSigner, Signer, SigningKey};
use crate::{Error, Issuer, Secret};

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long an assertion is good for, in seconds. It is made for one sending; the server's clock
/// may differ.
const ASSERTION_LIFE: i64 = 300;

/// How a client proves to the authorization server who it is. It must be the method that the
/// app integration has in Okta.
///
/// Source: <https://developer.okta.com/docs/api/openapi/okta-oauth/guides/client-auth/>
#[derive(Clone, Default)]
pub struct ClientAuthentication(Method);

#[derive(Clone, Default)]
enum Method {
    #[default]
    None,
    Certificate,
    SecretBasic(Secret),
    SecretPost(Secret),
    PrivateKey(Signer, Audience),
}

/// Whom an assertion is for.
#[derive(Clone, Copy, Default)]
enum Audience {
    /// The endpoint that it is sent to, which is what Okta wants.
    #[default]
    Endpoint,
    /// The authorization server.
    Issuer,
}

impl ClientAuthentication {
    /// Not at all: for public clients, which cannot keep a secret.
    #[must_use]
    pub fn none() -> Self {
        Self(Method::None)
    }

    /// With a client secret, in the header `Authorization` (`client_secret_basic`).
    pub fn secret_basic(secret: impl Into<Secret>) -> Self {
        Self(Method::SecretBasic(secret.into()))
    }

    /// With a client secret, in the body (`client_secret_post`).
    pub fn secret_post(secret: impl Into<Secret>) -> Self {
        Self(Method::SecretPost(secret.into()))
    }

    /// With a private key, whose public half Okta has (`private_key_jwt`, RFC 7523). If Okta has
    /// several, the key needs its id.
    #[must_use]
    pub fn private_key(key: SigningKey) -> Self {
        Self::signer(key)
    }

    /// As [`ClientAuthentication::private_key`], with a key that is elsewhere, such as in a key
    /// management service.
    pub fn signer(signer: impl JwtSigner) -> Self {
        Self(Method::PrivateKey(signer.into(), Audience::default()))
    }

    /// Makes assertions for the issuer, and no longer for the URL of each endpoint, as servers
    /// with the FAPI 2.0 profile want it (FAPI 2.0 Security Profile, section 5.3.3.1). It changes
    /// nothing for clients without a private key.
    #[must_use]
    pub fn for_issuer(mut self) -> Self {
        if let Method::PrivateKey(_, audience) = &mut self.0 {
            *audience = Audience::Issuer;
        }
        self
    }

    /// With the certificate of the connection (`tls_client_auth` or `self_signed_tls_client_auth`, RFC
    /// 8705, section 2): set it by [`OAuthClientBuilder::requests`](super::OAuthClientBuilder::requests)
    /// and `PipelineBuilder::client_certificate`, or give a transport that has one. Requests go to
    /// the endpoints that the server's metadata has for it (`mtls_endpoint_aliases`, section 5).
    #[must_use]
    pub fn certificate() -> Self {
        Self(Method::Certificate)
    }

    /// The name that Okta has for it, such as `private_key_jwt`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.0 {
            Method::None => "none",
            Method::Certificate => "tls_client_auth",
            Method::SecretBasic(_) => "client_secret_basic",
            Method::SecretPost(_) => "client_secret_post",
            Method::PrivateKey(..) => "private_key_jwt",
        }
    }

    /// Whether the connection proves who the client is.
    pub(super) fn is_certificate(&self) -> bool {
        matches!(self.0, Method::Certificate)
    }

    /// Whether the client proves nothing.
    pub(super) fn is_none(&self) -> bool {
        matches!(self.0, Method::None)
    }

    /// That the secret can be one.
    pub(super) fn check(&self) -> Result<(), Error> {
        let (Method::SecretBasic(secret) | Method::SecretPost(secret)) = &self.0 else {
            return Ok(());
        };
        let text = secret.expose();
        let refuse = |why| Err(Error::configuration(format!("the client secret {why}")));
        if text.is_empty() {
            return refuse("is empty; write the one that Okta shows in the app integration");
        }
        if text.contains(['{', '}']) {
            return refuse("is still a placeholder; write the one that Okta shows");
        }
        if text.trim() != text || text.contains(char::is_control) {
            return refuse(
                "has white space around it or a line end in it; write it as Okta has it",
            );
        }
        Ok(())
    }

    /// What goes with one sending of a request to `url`.
    pub(super) async fn proof(
        &self,
        client_id: &str,
        issuer: &Issuer,
        url: &Url,
        clock: &ServerClock,
    ) -> Result<Proof, Error> {
        let named = Form::default().with("client_id", client_id);
        Ok(match &self.0 {
            Method::None | Method::Certificate => Proof::in_body(named),
            Method::SecretBasic(secret) => Proof {
                authorization: Some(basic(client_id, secret)?),
                body: Form::default(),
            },
            Method::SecretPost(secret) => {
                Proof::in_body(named.with("client_secret", secret.clone()))
            }
            Method::PrivateKey(signer, audience) => {
                let audience = match audience {
                    Audience::Endpoint => url.as_str(),
                    Audience::Issuer => issuer.as_str(),
                };
                let assertion = assertion(signer, client_id, audience, clock).await?;
                Proof::in_body(
                    named
                        .with("client_assertion_type", JWT_BEARER)
                        .with("client_assertion", assertion),
                )
            }
        })
    }
}

/// What proves who the client is, in one request.
pub(super) struct Proof {
    pub(super) authorization: Option<HeaderValue>,
    pub(super) body: Form,
}

impl Proof {
    fn in_body(body: Form) -> Self {
        Self {
            authorization: None,
            body,
        }
    }
}

/// Id and secret are form-encoded first (RFC 6749, section 2.3.1).
fn basic(client_id: &str, secret: &Secret) -> Result<HeaderValue, Error> {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client_id), encoded(secret.expose()));
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)))
        .map_err(|error| Error::other("the client secret cannot be sent in a header", error))?;
    value.set_sensitive(true);
    Ok(value)
}

/// RFC 7523, section 3.
async fn assertion(
    signer: &Signer,
    client_id: &str,
    audience: &str,
    clock: &ServerClock,
) -> Result<String, Error> {
    let now = clock.unix_seconds();
    let claims = json!({
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": random::value()?.expose(),
        "iat": now,
        "exp": now.saturating_add(ASSERTION_LIFE),
    });
    signer.token("JWT", &claims).await
}

impl fmt::Debug for ClientAuthentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientAuthentication({})", self.name())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn basic_encodes_id_and_secret_before_joining_them() {
        let value = basic("0oa:1 2", &Secret::from("s%c/r+t é")).unwrap();
        let encoded = value.to_str().unwrap().strip_prefix("Basic ").unwrap();
        let pair = String::from_utf8(STANDARD.decode(encoded).unwrap()).unwrap();
        assert_eq!(pair, "0oa%3A1+2:s%25c%2Fr%2Bt+%C3%A9");
        assert!(value.is_sensitive());
    }

    #[test]
    fn secrets_that_cannot_be_ones_are_refused() {
        for wrong in ["", "{clientSecret}", " s3cret", "s3cret\n", "s3\ncret"] {
            for method in [
                ClientAuthentication::secret_basic(wrong),
                ClientAuthentication::secret_post(wrong),
            ] {
                let error = method.check().unwrap_err();
                assert!(error.is_configuration(), "{wrong:?}");
                assert!(!error.to_string().contains("s3"), "{error}");
            }
        }
        assert!(ClientAuthentication::secret_post("s3 cret").check().is_ok());
        assert!(ClientAuthentication::none().check().is_ok());
    }
}
