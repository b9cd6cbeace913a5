//! A service behind a hook, and what it is asked.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

use super::{Failure, Outgoing};
use crate::org::signal_stream::SignalStream;

/// Where the challenge of a verification is.
const CHALLENGE: &str = "x-okta-verification-challenge";

/// The most bytes of an answer that are read, as many as Okta takes.
const MOST_BYTES: usize = 256 * 1024;

/// What is needed to call a service, apart from the org. Its headers hold a secret.
pub(crate) struct Service {
    uri: String,
    headers: HeaderMap,
}

impl Service {
    /// The service that the `channel` of a hook leads to, with the headers that are set and the secret
    /// one. Headers that no request may have are left out.
    pub(crate) fn of(channel: &Value) -> Self {
        let config = &channel["config"];
        let set = config["headers"].as_array().into_iter().flatten();
        let pairs = set.chain([&config["authScheme"]]).filter_map(|pair| {
            let name = HeaderName::try_from(pair["key"].as_str()?).ok()?;
            let mut value = HeaderValue::try_from(pair["value"].as_str()?).ok()?;
            value.set_sensitive(true);
            Some((name, value))
        });
        let mut headers =
            HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static("application/json"))]);
        for (name, value) in pairs {
            headers.insert(name, value);
        }
        Self {
            uri: config["uri"].as_str().unwrap_or_default().to_owned(),
            headers,
        }
    }

    /// The receiver of a stream of security event tokens.
    pub(super) fn of_stream(stream: &SignalStream) -> Self {
        let accept = HeaderValue::from_static("application/json");
        let mut headers = HeaderMap::from_iter([(header::ACCEPT, accept)]);
        let authorization = stream.authorization.as_deref();
        let authorization = authorization.and_then(|it| HeaderValue::try_from(it).ok());
        if let Some(mut authorization) = authorization {
            authorization.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, authorization);
        }
        Self {
            uri: stream.endpoint.clone(),
            headers,
        }
    }

    /// Pushes a security event token, RFC 8935 section 2.
    pub(super) async fn push(&self, outgoing: &Outgoing, token: &str) -> Result<(), Failure> {
        let request = self.request(outgoing, Method::POST)?;
        let request = request.header(header::CONTENT_TYPE, "application/secevent+jwt");
        answered(request.body(token.to_owned())).await.map(drop)
    }

    /// Sends a challenge; the service has to answer `{"verification": <challenge>}`.
    pub(crate) async fn verify(&self, outgoing: &Outgoing, challenge: &str) -> Result<(), Failure> {
        let request = self.request(outgoing, Method::GET)?;
        let answer = answered(request.header(CHALLENGE, challenge)).await?;
        let answer: Value =
            serde_json::from_slice(&body(answer).await?).map_err(|_| Failure::NotJson)?;
        match answer["verification"] == challenge {
            true => Ok(()),
            false => Err(Failure::Unverified),
        }
    }

    /// Posts JSON, a second time if the first one fails in passing. What a service answers to events
    /// does not count.
    pub(crate) async fn tell(&self, outgoing: &Outgoing, told: &Value) -> Result<(), Failure> {
        self.posted(outgoing, told).await.map(drop)
    }

    /// Posts JSON as [`Service::tell`] does, and gives the answer. An empty one is null.
    pub(crate) async fn ask(&self, outgoing: &Outgoing, asked: &Value) -> Result<Value, Failure> {
        let body = body(self.posted(outgoing, asked).await?).await?;
        match body.trim_ascii().is_empty() {
            true => Ok(Value::Null),
            false => serde_json::from_slice(&body).map_err(|_| Failure::NotJson),
        }
    }

    async fn posted(&self, outgoing: &Outgoing, sent: &Value) -> Result<Response, Failure> {
        let json = sent.to_string();
        let request = || {
            let request = self.request(outgoing, Method::POST)?;
            let request = request.header(header::CONTENT_TYPE, "application/json");
            Ok::<_, Failure>(request.body(json.clone()))
        };
        match answered(request()?).await {
            Err(failure) if failure.is_passing() => answered(request()?).await,
            outcome => outcome,
        }
    }

    fn request(&self, outgoing: &Outgoing, method: Method) -> Result<RequestBuilder, Failure> {
        let url = outgoing.destinations.allowed(&self.uri)?;
        let request = outgoing.client()?.request(method, url);
        Ok(request.headers(self.headers.clone()))
    }
}

/// The answer to a request, if it says that all went well.
async fn answered(request: RequestBuilder) -> Result<Response, Failure> {
    let response = request.send().await.map_err(|error| of(&error))?;
    match response.status() {
        status if status.is_success() => Ok(response),
        status => Err(Failure::Status(status.as_u16())),
    }
}

async fn body(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| of(&error))? {
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(Failure::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn of(error: &reqwest::Error) -> Failure {
    match error.is_timeout() {
        true => Failure::TimedOut,
        false => Failure::Unreachable,
    }
}
