//! Sending the parameters of a login ahead (RFC 9126).

use std::time::Duration;

use super::OAuthClient;
use super::endpoint::{Endpoint, Post};
use super::form::Form;
use super::members::wrong;
use crate::Error;

/// Parameters that the server has.
pub(super) struct PushedRequest {
    /// What the browser carries in their place.
    pub(super) form: Form,
    /// How long the server keeps them, if it says so.
    pub(super) lifetime: Option<Duration>,
}

impl OAuthClient {
    /// Sends `form` ahead.
    pub(super) async fn push(&self, form: Form) -> Result<PushedRequest, Error> {
        let reply = self
            .post(Post {
                endpoint: Endpoint::PushedRequest,
                form,
                repeatable: true,
            })
            .await?;
        reply.read(|mut members| {
            let request_uri = members.required("request_uri")?;
            let lifetime = members.seconds("expires_in")?;
            if lifetime.is_some_and(|lifetime| lifetime.is_zero()) {
                return Err(wrong(
                    "expires_in",
                    "is 0: the login has ended before it began",
                ));
            }
            let form = Form::default()
                .with("client_id", self.client_id())
                .with("request_uri", request_uri);
            Ok(PushedRequest { form, lifetime })
        })
    }
}
