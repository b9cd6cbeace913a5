//! Refresh tokens as administrators see them. With a refresh token all access tokens fall that came
//! from the same approval; access tokens that came without one stay.
//!
//! Source: <https://developer.okta.com/docs/guides/revoke-tokens/main/>.

pub(crate) mod operations;

use std::collections::BTreeMap;

use crate::oauth::clients::client::Client;
use crate::oauth::memory::tokens::{Origin, RefreshToken};
use crate::oauth::tokens::record_revocation;
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::problem::Problem;

/// Which tokens of a client are meant: all, those of a user, or those of a server.
#[derive(Clone, Copy, Debug)]
struct Holding {
    app: u64,
    user: Option<u64>,
    server: Option<Server>,
}

impl Holding {
    fn has(&self, token: &RefreshToken) -> bool {
        let approval = &token.approval;
        self.user.is_none_or(|user| approval.user == Some(user))
            && self.server.is_none_or(|server| approval.server == server)
    }
}

impl Org {
    /// The refresh tokens that count, by their position. An application that is no OAuth client or is
    /// inactive has none.
    fn refresh_tokens_of(&self, holding: Holding) -> BTreeMap<u64, &RefreshToken> {
        let Some(client) = Client::of_app(self, holding.app) else {
            return BTreeMap::new();
        };
        let origin = match holding.user {
            Some(user) => Origin::User(user),
            None => Origin::Client(client.id.as_str().into()),
        };
        self.oauth.tokens.refresh_tokens(&origin, |token| {
            token.approval.client_id == client.id
                && holding.has(token)
                && token.is_listed(self, &client)
        })
    }

    fn refresh_token(&self, holding: Holding, id: &str) -> Result<&RefreshToken, Problem> {
        let mut tokens = self.refresh_tokens_of(holding).into_values();
        let found = tokens.find(|token| token.identity.id == id);
        found.ok_or_else(|| Problem::not_found(id, "OAuth2RefreshToken"))
    }

    fn revoke_refresh_token(&mut self, holding: Holding, id: &str) -> Result<(), Problem> {
        let token = self.refresh_token(holding, id)?.clone();
        self.revoke_by_administrator(&token);
        Ok(())
    }

    fn revoke_refresh_tokens(&mut self, holding: Holding) {
        let tokens = self.refresh_tokens_of(holding).into_values().cloned();
        for token in tokens.collect::<Vec<_>>() {
            self.revoke_by_administrator(&token);
        }
    }

    fn revoke_by_administrator(&mut self, token: &RefreshToken) {
        self.oauth.tokens.revoke_family(&token.approval.family);
        let actor = self.caller.actor.clone();
        record_revocation(self, actor, token.approval.server, token.target());
    }
}
