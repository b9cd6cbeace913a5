//! The crate `openidconnect`.

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::reqwest::redirect::Policy;
use openidconnect::reqwest::{Client, ClientBuilder};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, RedirectUrl, Scope, TokenResponse,
};
use url::Url;

use crate::steps::{Outcome, env, same, step};

/// What a browser does whose user is logged in: the URL that it comes back to.
async fn visit(http: &Client, url: Url) -> Outcome<Url> {
    let answer = http.get(url).send().await?;
    let back = answer.headers().get("location").ok_or("no redirect")?;
    Ok(back.to_str()?.parse()?)
}

fn parameter(url: &Url, name: &str) -> Outcome<String> {
    let found = url.query_pairs().find(|(key, _)| key == name);
    let found = found.ok_or_else(|| format!("{name} is missing"))?;
    Ok(found.1.into_owned())
}

pub async fn run() {
    let http = ClientBuilder::new().redirect(Policy::none()).build();
    let Ok(http) = http else { return };
    let metadata = step("discovery", async {
        let issuer = IssuerUrl::new(env("ISSUER"))?;
        Ok(CoreProviderMetadata::discover_async(issuer, &http).await?)
    })
    .await;
    let Some(metadata) = metadata else { return };
    let (id, secret) = (env("WEB_CLIENT_ID"), env("WEB_CLIENT_SECRET"));
    step("code with PKCE, ID token, userinfo, refresh", async {
        let redirect = RedirectUrl::new("http://localhost:8000/callback".to_owned())?;
        let client = CoreClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(id.clone()),
            Some(ClientSecret::new(secret.clone())),
        )
        .set_redirect_uri(redirect);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let (url, state, nonce) = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("offline_access".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let back = visit(&http, url).await?;
        same(&parameter(&back, "state")?, state.secret())?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(parameter(&back, "code")?))?
            .set_pkce_verifier(verifier)
            .request_async(&http)
            .await?;
        let id_token = tokens.id_token().ok_or("no ID token")?;
        let claims = id_token.claims(&client.id_token_verifier(), &nonce)?;
        let email = claims.email().map(|email| email.as_str());
        same(email, Some("grace@example.com"))?;
        let wrong = Nonce::new("another".to_owned());
        same(
            id_token
                .claims(&client.id_token_verifier(), &wrong)
                .is_err(),
            true,
        )?;
        let user: CoreUserInfoClaims = client
            .user_info(tokens.access_token().clone(), None)?
            .request_async(&http)
            .await?;
        same(user.subject(), claims.subject())?;
        let refresh = tokens.refresh_token().ok_or("no refresh token")?;
        let again = client
            .exchange_refresh_token(refresh)?
            .request_async(&http)
            .await?;
        same(
            again.access_token().secret() == tokens.access_token().secret(),
            false,
        )
    })
    .await;
}
