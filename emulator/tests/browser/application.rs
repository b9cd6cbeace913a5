//! An application that sends its users to the org.

use axum::Router;
use axum::extract::{Form, Query};
use axum::response::Html;
use axum::routing::get;
use okta_emulator::{Emulator, SampleClient};
use tokio::net::TcpListener;
use url::Url;

/// Where the application lives.
pub struct Application {
    pub callback: String,
}

impl Application {
    /// An application that says with what the browser came back.
    pub async fn start() -> Self {
        let shown = |pairs: Vec<(String, String)>| {
            let names: Vec<String> = pairs.into_iter().map(|(name, _)| name).collect();
            Html(format!(
                "<!DOCTYPE html><title>Back</title><link rel=icon href='data:,'><main><h1>Back</h1>{}</main>",
                names.join(" ")
            ))
        };
        let callback = get(async move |Query(pairs): Query<Vec<(String, String)>>| shown(pairs))
            .post(async move |Form(pairs): Form<Vec<(String, String)>>| shown(pairs));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = Router::new().route("/callback", callback);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            callback: format!("http://localhost:{port}/callback"),
        }
    }

    /// The URL at which a login begins.
    pub fn login(&self, okta: &Emulator, client: &SampleClient, more: &[(&str, &str)]) -> String {
        let parameters = [
            ("client_id", client.client_id.as_str()),
            ("response_type", "code"),
            ("scope", "openid profile"),
            ("redirect_uri", &self.callback),
            ("state", "abc"),
            ("nonce", "def"),
        ];
        let url = format!("{}/v1/authorize", okta.issuer());
        let parameters = parameters.into_iter().chain(more.iter().copied());
        Url::parse_with_params(&url, parameters).unwrap().into()
    }
}
