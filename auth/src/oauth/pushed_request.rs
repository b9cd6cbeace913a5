//! Sending the parameters of a login ahead (RFC 9126).

use super::OAuthClient;
use super::endpoint::{Endpoint, Post};
use super::form::Form;
use crate::Error;

impl OAuthClient {
    /// Sends `form` ahead and gives what the browser carries in its place.
    pub(super) async fn push(&self, form: Form) -> Result<Form, Error> {
        let reply = self
            .post(Post {
                endpoint: Endpoint::PushedRequest,
                form,
                repeatable: true,
            })
            .await?;
        let request_uri = reply.read(|mut members| members.required("request_uri"))?;
        Ok(Form::default()
            .with("client_id", self.client_id())
            .with("request_uri", request_uri))
    }
}
