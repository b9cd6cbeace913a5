//! A client over a scripted transport, for what takes time.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use reqwest::Request;
use url::form_urlencoded;

use super::{ClientAuthentication, OAuthClient};
use crate::credentials::NoCredentials;
use crate::testing::{Reply, Script};
use crate::{Clock, Issuer, Pipeline, ServerMetadata};

pub(super) type Fields = HashMap<String, String>;

/// Answers with each of `replies` in turn, and keeps the forms that were sent.
pub(super) fn in_turn(replies: Vec<Reply>) -> (Script, Arc<Mutex<Vec<Fields>>>) {
    let forms = Arc::<Mutex<Vec<Fields>>>::default();
    let sent = Arc::clone(&forms);
    let replies = Mutex::new(replies.into_iter());
    let script = Script::new(move |_, request| {
        sent.lock().unwrap().push(fields(request));
        replies.lock().unwrap().next().unwrap()
    });
    (script, forms)
}

fn fields(request: &Request) -> Fields {
    let body = request.body().and_then(reqwest::Body::as_bytes);
    form_urlencoded::parse(body.unwrap_or_default())
        .into_owned()
        .collect()
}

pub(super) fn client(
    script: &Script,
    authentication: ClientAuthentication,
    clock: Clock,
) -> OAuthClient {
    let issuer = Issuer::parse("https://acme.okta.com").unwrap();
    let pipeline = Pipeline::builder(issuer.org_url(), NoCredentials);
    OAuthClient::builder(issuer.clone(), "0oaClient")
        .metadata(ServerMetadata::okta(&issuer))
        .authentication(authentication)
        .redirect_uri("http://localhost:8000/callback")
        .unwrap()
        .clock(clock)
        .build_with(pipeline.build_over(script.clone()).unwrap())
        .unwrap()
}
