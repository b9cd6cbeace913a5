//! A service app whose tokens a test can see, and end.

use std::sync::{Arc, Mutex};

use http::HeaderMap;
use http::header::AUTHORIZATION;
use okta_auth::oauth::TokenKind;
use okta_auth::{
    AfterResponse, CredentialsProvider, Error, Pipeline, RequestContext, ResponseContext, Secret,
    ServiceApp, ServiceAppBuilder,
};

use crate::org::{Org, Server};

#[derive(Debug)]
struct Watched {
    app: ServiceApp,
    token: LastToken,
}

/// The token that was sent last.
#[derive(Clone, Debug, Default)]
pub struct LastToken(Arc<Mutex<Option<Secret>>>);

impl LastToken {
    pub fn get(&self) -> Secret {
        self.0.lock().unwrap().clone().unwrap()
    }

    /// Ends it, unknown to who sent it.
    pub async fn revoke(&self, org: &Org) {
        let client = org.client(Server::Org, org.okta.service_app());
        let client = client.build().unwrap();
        let revoked = client.revoke(&self.get(), TokenKind::AccessToken).await;
        revoked.unwrap();
    }
}

/// Calls the org's API as `app`.
pub fn watched(org: &Org, app: ServiceAppBuilder) -> (Pipeline, LastToken) {
    let (app, token) = (app.build().unwrap(), LastToken::default());
    let watched = Watched {
        app,
        token: token.clone(),
    };
    (org.api(watched), token)
}

impl CredentialsProvider for Watched {
    async fn headers(&self, request: RequestContext<'_>) -> Result<HeaderMap, Error> {
        let headers = self.app.headers(request).await?;
        let (_, token) = headers[AUTHORIZATION]
            .to_str()
            .unwrap()
            .split_once(' ')
            .unwrap();
        *self.token.0.lock().unwrap() = Some(token.into());
        Ok(headers)
    }

    async fn on_response(
        &self,
        request: RequestContext<'_>,
        response: ResponseContext<'_>,
    ) -> Result<AfterResponse, Error> {
        self.app.on_response(request, response).await
    }
}
