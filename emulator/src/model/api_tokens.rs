//! `/api/v1/api-tokens`: the token that callers show is among them, and no longer counts once it is
//! revoked.

use serde_json::{Value, json};

use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, put};
use crate::object::Object;
use crate::org::Org;
use crate::org::api_tokens::ApiToken;
use crate::org::profile::text;
use crate::problem::Problem;
use crate::view;

/// The tokens that every org has: one of another program, and the one that callers show.
const TOKENS: [(&str, bool); 2] = [("Nightly export", false), ("okta-emulator", true)];

impl Org {
    /// Makes the tokens that every org has, for the administrator at this position.
    pub(crate) fn create_api_tokens(&mut self, administrator: u64) {
        for (name, current) in TOKENS {
            let token = ApiToken {
                id: self.ids.object("00T"),
                name: name.to_owned(),
                user: administrator,
                current,
                network: json!({ "connection": "ANYWHERE" }),
                created: self.now,
                last_updated: self.now,
            };
            self.api_tokens.insert(token);
        }
    }

    /// Whether the token that callers show still counts.
    pub(crate) fn knows_api_token(&self) -> bool {
        self.api_tokens.iter().any(|(_, token)| token.current)
    }

    fn find_api_token(&self, id: &str) -> Result<u64, Problem> {
        let found = self.api_tokens.position(id);
        found.ok_or_else(|| Problem::not_found(id, "Token"))
    }

    fn update_api_token(&mut self, at: u64, body: &Object) -> Result<(), Problem> {
        let now = self.now;
        let token = self.api_tokens.get_mut(at).ok_or_else(Problem::internal)?;
        if !text(body, "name").is_empty() {
            text(body, "name").clone_into(&mut token.name);
        }
        if let Some(network) = body.get("network").filter(|it| it.is_object()) {
            token.network = network.clone();
        }
        token.last_updated = now;
        Ok(())
    }
}

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at("/api/v1/api-tokens", [get(list)])
        .at("/api/v1/api-tokens/current", [delete(revoke_current)])
        .at(
            "/api/v1/api-tokens/{apiTokenId}",
            [get(read), put(update), delete(revoke)],
        )
}

fn shown(org: &Org, at: u64, call: &Call) -> Result<Value, Problem> {
    let token = org.api_tokens.get(at).ok_or_else(Problem::internal)?;
    Ok(view::api_token(token, org.user(token.user)?, &call.base))
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let tokens = org.api_tokens.iter().map(|(at, _)| shown(org, at, call));
    Reply::ok(&tokens.collect::<Result<Vec<_>, _>>()?)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let at = org.find_api_token(call.parameter("apiTokenId"))?;
    Reply::ok(&shown(org, at, call)?)
}

fn update(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let at = org.find_api_token(call.parameter("apiTokenId"))?;
    org.update_api_token(at, &call.object()?)?;
    Reply::ok(&shown(org, at, call)?)
}

fn revoke(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let at = org.find_api_token(call.parameter("apiTokenId"))?;
    org.api_tokens.remove(at);
    Reply::no_content()
}

/// The token of the request revokes itself.
fn revoke_current(org: &mut Org, _call: &Call) -> Result<Reply, Problem> {
    let current = org.api_tokens.iter().find(|(_, token)| token.current);
    if let Some(at) = current.map(|(at, _)| at) {
        org.api_tokens.remove(at);
    }
    Reply::no_content()
}
