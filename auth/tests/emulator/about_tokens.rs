//! What can be asked and said about tokens: introspection, revocation, user info, logout.

use okta_auth::oauth::{OAuthClient, Subject, TokenKind, TokenType, Tokens, revoke_all_tokens};
use okta_auth::{Dpop, Error, Secret};
use url::Url;

use crate::org::*;

const SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

async fn logged_in(org: &Org, server: Server) -> (OAuthClient, Tokens) {
    let client = org.client(server, org.okta.web_app()).build().unwrap();
    let login = client.login().scopes(SCOPES);
    let tokens = org.log_in(&client, login).await.unwrap();
    (client, tokens)
}

/// The tokens of a login, with their kinds: access, refresh, ID.
fn each(tokens: &Tokens) -> [(Secret, TokenKind); 3] {
    [
        (tokens.access_token.clone(), TokenKind::AccessToken),
        (
            tokens.refresh_token.clone().unwrap(),
            TokenKind::RefreshToken,
        ),
        (tokens.id_token.clone().unwrap().raw, TokenKind::IdToken),
    ]
}

async fn active(client: &OAuthClient, tokens: &Tokens) -> Vec<bool> {
    let mut active = Vec::new();
    for (token, kind) in each(tokens) {
        active.push(client.introspect(&token, kind).await.unwrap().active);
    }
    active
}

#[tokio::test]
async fn introspection_tells_what_a_token_says_while_it_is_good() {
    let org = Org::start().await;
    for server in SERVERS {
        let (client, tokens) = logged_in(&org, server).await;
        let said = client
            .introspect(&tokens.access_token, TokenKind::AccessToken)
            .await
            .unwrap();
        assert!(said.active);
        assert_eq!(said.username.as_deref(), Some(GRACE));
        assert_eq!(said.client_id.as_deref(), Some(client.client_id()));
        assert_eq!(said.issuer.as_deref(), Some(client.issuer().as_str()));
        assert_eq!(said.token_type, Some(TokenType::Bearer));
        assert_eq!(said.scopes, tokens.scopes);
        assert_eq!(said.expires_at, tokens.expires_at);
        assert_eq!(active(&client, &tokens).await, [true; 3]);

        let made_up = Secret::from("made-up");
        let said = client.introspect(&made_up, TokenKind::AccessToken).await;
        assert!(!said.unwrap().active);
        org.pass(3600);
        assert_eq!(active(&client, &tokens).await, [false, true, false]);
    }
}

#[tokio::test]
async fn a_server_knows_nothing_of_the_others_tokens() {
    let org = Org::start().await;
    let (at_org, of_org) = logged_in(&org, Server::Org).await;
    let (at_default, of_default) = logged_in(&org, Server::Default).await;
    assert_eq!(active(&at_org, &of_default).await, [false; 3]);
    assert_eq!(active(&at_default, &of_org).await, [false; 3]);
}

#[tokio::test]
async fn a_revoked_refresh_token_takes_its_access_token_along() {
    let org = Org::start().await;
    for server in SERVERS {
        let (client, tokens) = logged_in(&org, server).await;
        let [(access, _), (refresh, kind), _] = each(&tokens);
        for _ in 0..2 {
            client.revoke(&refresh, kind).await.unwrap();
        }
        assert_eq!(active(&client, &tokens).await, [false, false, true]);

        let (client, tokens) = logged_in(&org, server).await;
        let [(other, kind), ..] = each(&tokens);
        assert!(other != access);
        client.revoke(&other, kind).await.unwrap();
        assert_eq!(active(&client, &tokens).await, [false, true, true]);
        let error = client.user_info(&tokens).await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_token"), "{error}");
    }
}

#[tokio::test]
async fn user_info_is_about_the_user_of_the_token() {
    let org = Org::start().await;
    for server in SERVERS {
        let (client, tokens) = logged_in(&org, server).await;
        let info = client.user_info(&tokens).await.unwrap();
        let claims = tokens.id_token.as_ref().unwrap().claims().unwrap();
        assert_eq!(info.subject, claims.subject);
        assert_eq!(info.given_name.as_deref(), Some("Grace"));
        assert_eq!(info.preferred_username.as_deref(), Some(GRACE));
        assert_eq!(info.email.as_deref(), Some(GRACE));
        assert_eq!(info.email_verified, Some(true));

        org.pass(3600);
        let error = client.user_info(&tokens).await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_token"), "{error}");
        assert_eq!(error.status().unwrap(), 401);
    }
}

#[tokio::test]
async fn user_info_proves_the_key_also_when_a_nonce_is_wanted() {
    let org = Org::start().await;
    for server in SERVERS {
        let builder = org.client(server, org.okta.web_app());
        let client = builder.dpop(Dpop::new().unwrap()).build().unwrap();
        let login = client.login().scopes(SCOPES);
        let tokens = org.log_in(&client, login).await.unwrap();
        org.okta.oauth().require_dpop_nonce_at_api(true);
        org.okta.oauth().expire_dpop_nonce();
        org.okta.clear_requests();
        client.user_info(&tokens).await.unwrap();
        let asked = org.asked(&server.path("userinfo")).len();
        assert_eq!(asked, 2, "refused for the nonce, then not");
    }
}

#[tokio::test]
async fn a_logout_ends_where_it_was_told_to() {
    let org = Org::start().await;
    for server in SERVERS {
        let (client, tokens) = logged_in(&org, server).await;
        let id_token = tokens.id_token.as_ref().unwrap();
        let logout = client
            .logout_url(id_token)
            .post_logout_redirect_uri("http://localhost:8000/signed-out")
            .state("a & b");
        let url = logout.build().await.unwrap();
        assert_eq!(url.path(), server.path("logout"));
        let end = Url::parse(&redirect(url.as_str()).await).unwrap();
        assert_eq!(end.path(), "/signed-out");
        let state = end.query_pairs().next().unwrap();
        assert_eq!(state, ("state".into(), "a & b".into()));
    }
}

#[tokio::test]
async fn all_of_a_users_tokens_end_at_once() {
    let org = Org::start().await;
    let (at_org, of_org) = logged_in(&org, Server::Org).await;
    let (at_default, of_default) = logged_in(&org, Server::Default).await;
    let grace = Subject::user(org.user_id(GRACE).await);
    for _ in 0..2 {
        revoke_all_tokens(&org.management(), &grace).await.unwrap();
    }
    for (client, tokens) in [(&at_org, &of_org), (&at_default, &of_default)] {
        assert_eq!(active(client, tokens).await, [false, false, true]);
        let refresh_token = tokens.refresh_token.as_ref().unwrap();
        let error = client.refresh(refresh_token).await.unwrap_err();
        assert_eq!(error.code(), Some("invalid_grant"), "{error}");
    }
}

#[tokio::test]
async fn who_may_end_tokens_is_for_the_org_to_say() {
    let org = Org::start().await;
    let grace = Subject::user(org.user_id(GRACE).await);
    let revoke = async |app: okta_auth::ServiceAppBuilder| -> Result<(), Error> {
        revoke_all_tokens(&org.api(app.build().unwrap()), &grace).await
    };
    let error = revoke(org.service_app()).await.unwrap_err();
    let scope = "okta.universalLogout.manage";
    assert_eq!(error.missing_scope(), Some(scope), "{error}");
    org.grant(org.okta.service_app(), scope).await;
    revoke(org.service_app().scopes([scope])).await.unwrap();

    let nobody = Subject::user("00u-nobody");
    let error = revoke_all_tokens(&org.management(), &nobody).await;
    assert_eq!(error.unwrap_err().status().unwrap(), 400);
}
