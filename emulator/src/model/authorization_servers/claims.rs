//! Claims of authorization servers.

use serde_json::{Value, json};

use super::named::server_of;
use crate::call::{Call, Reply};
use crate::expression_language::Formula;
use crate::modelled::{Modelled, delete, get, post, put};
use crate::object::Object;
use crate::org::Org;
use crate::org::authorization_servers::{
    AuthorizationServer, Claim, ClaimValue, GroupFilter, Token,
};
use crate::org::profile::text;
use crate::problem::Problem;
use crate::view;

/// Who is meant by an access token, as every server has it.
const SUBJECT: &str = "(appuser != null) ? appuser.userName : app.clientId";

/// Claims that the servers themselves write: <https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/>.
const RESERVED: [&str; 22] = [
    "acr",
    "active",
    "amr",
    "at_hash",
    "aud",
    "auth_time",
    "azp",
    "cid",
    "client_id",
    "cnf",
    "exp",
    "iat",
    "idp",
    "iss",
    "jti",
    "nonce",
    "scope",
    "scp",
    "sid",
    "token_type",
    "uid",
    "ver",
];

/// What a request says of a claim.
struct Definition {
    name: String,
    active: bool,
    token: Token,
    value: ClaimValue,
    always: bool,
    scopes: Vec<String>,
}

impl Org {
    pub(super) fn create_subject_claim(&mut self, server: u64) -> Result<(), Problem> {
        let definition = Definition {
            name: "sub".to_owned(),
            active: true,
            token: Token::Resource,
            value: ClaimValue::Expression(SUBJECT.to_owned()),
            always: true,
            scopes: Vec::new(),
        };
        self.add_claim(server, definition, true)?;
        Ok(())
    }

    /// What the scope `groups` of the default server brings.
    pub(super) fn create_groups_claims(&mut self, server: u64) -> Result<(), Problem> {
        for token in [Token::Resource, Token::Identity] {
            let definition = Definition {
                name: "groups".to_owned(),
                active: true,
                token,
                value: ClaimValue::Groups(GroupFilter::Regex, ".*".to_owned()),
                always: true,
                scopes: vec!["groups".to_owned()],
            };
            self.add_claim(server, definition, false)?;
        }
        Ok(())
    }

    fn create_claim(&mut self, server: u64, body: &Object) -> Result<u64, Problem> {
        let definition = definition(self.authorization_server(server)?, body, None)?;
        self.add_claim(server, definition, false)
    }

    fn add_claim(
        &mut self,
        server: u64,
        definition: Definition,
        system: bool,
    ) -> Result<u64, Problem> {
        let claim = claim(self.ids.object("ocl"), definition, system);
        Ok(self.authorization_server_mut(server)?.claims.insert(claim))
    }

    fn replace_claim(&mut self, server: u64, at: u64, body: &Object) -> Result<(), Problem> {
        let server = self.authorization_server_mut(server)?;
        let definition = definition(server, body, Some(at))?;
        let held = server.claims.get_mut(at).ok_or_else(Problem::internal)?;
        *held = claim(held.id.clone(), definition, held.system);
        Ok(())
    }

    fn delete_claim(&mut self, server: u64, at: u64) -> Result<(), Problem> {
        let server = self.authorization_server_mut(server)?;
        if server.claims.get(at).is_some_and(|claim| claim.system) {
            let cause = "A claim of the system cannot be deleted";
            return Err(Problem::validation("claim", [cause]));
        }
        server.claims.remove(at);
        Ok(())
    }
}

fn claim(id: String, definition: Definition, system: bool) -> Claim {
    Claim {
        id,
        name: definition.name,
        active: definition.active,
        system,
        token: definition.token,
        value: definition.value,
        always: definition.always,
        scopes: definition.scopes,
    }
}

fn definition(
    server: &AuthorizationServer,
    body: &Object,
    own: Option<u64>,
) -> Result<Definition, Problem> {
    let name = text(body, "name");
    if name.trim().is_empty() {
        return Err(Problem::blank("name"));
    }
    if RESERVED.contains(&name) {
        let cause = format!("name: {name} is a reserved claim: choose another name");
        return Err(Problem::validation("name", [cause]));
    }
    let token = match text(body, "claimType") {
        "" => return Err(Problem::blank("claimType")),
        "IDENTITY" => Token::Identity,
        _ => Token::Resource,
    };
    let mut others = server.claims.iter().filter(|(at, _)| Some(*at) != own);
    if others.any(|(_, other)| other.name == name && other.token == token) {
        return Err(Problem::taken("name"));
    }
    Ok(Definition {
        name: name.to_owned(),
        active: text(body, "status") != "INACTIVE",
        token,
        value: value(body)?,
        always: body.get("alwaysIncludeInToken") == Some(&Value::Bool(true)),
        scopes: scopes(server, body)?,
    })
}

fn value(body: &Object) -> Result<ClaimValue, Problem> {
    let value = text(body, "value").to_owned();
    match text(body, "valueType") {
        "" => Err(Problem::blank("valueType")),
        "SYSTEM" => Ok(ClaimValue::System(value)),
        _ if value.trim().is_empty() => Err(Problem::blank("value")),
        "GROUPS" => {
            let given = text(body, "group_filter_type");
            let filter = GroupFilter::ALL
                .into_iter()
                .find(|filter| filter.name() == given);
            let filter = filter.ok_or_else(|| Problem::blank("group_filter_type"))?;
            Ok(ClaimValue::Groups(filter, value))
        }
        _ => match Formula::parse(&value) {
            Ok(_) => Ok(ClaimValue::Expression(value)),
            Err(error) => Err(Problem::validation("value", [format!("value: {error}")])),
        },
    }
}

/// The scopes with which the claim comes. The server has to have them.
fn scopes(server: &AuthorizationServer, body: &Object) -> Result<Vec<String>, Problem> {
    let conditions = body.get("conditions").unwrap_or(&Value::Null);
    let named = conditions["scopes"].as_array().into_iter().flatten();
    let named: Vec<&str> = named.filter_map(Value::as_str).collect();
    match named.iter().find(|name| server.scope(name).is_none()) {
        Some(unknown) => {
            let cause = format!("conditions.scopes: There is no scope {unknown}");
            Err(Problem::validation("conditions.scopes", [cause]))
        }
        None => Ok(named.into_iter().map(str::to_owned).collect()),
    }
}

pub(super) fn operations() -> Modelled {
    let claims = "/api/v1/authorizationServers/{authServerId}/claims";
    Modelled::new().at(claims, [get(list), post(create)]).at(
        &format!("{claims}/{{claimId}}"),
        [get(read), put(replace), delete(remove)],
    )
}

/// Positions of the server and of the claim that the path names.
fn claim_of(org: &Org, call: &Call) -> Result<(u64, u64), Problem> {
    let server = server_of(org, call)?;
    let id = call.parameter("claimId");
    let found = org.authorization_server(server)?.claims.position(id);
    let claim = found.ok_or_else(|| Problem::not_found(id, "OAuth2Claim"))?;
    Ok((server, claim))
}

fn show(org: &Org, call: &Call, server: u64, at: u64, status: u16) -> Result<Reply, Problem> {
    let server = org.authorization_server(server)?;
    let claim = server.claims.get(at).ok_or_else(Problem::internal)?;
    Reply::json(status, &view::claim(claim, &server.id, &call.base))
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let server = org.authorization_server(server_of(org, call)?)?;
    let claims = server.claims.iter();
    let views = claims.map(|(_, claim)| view::claim(claim, &server.id, &call.base));
    Reply::ok(&json!(views.collect::<Vec<_>>()))
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let server = server_of(org, call)?;
    let at = org.create_claim(server, &call.object()?)?;
    show(org, call, server, at, 201)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (server, at) = claim_of(org, call)?;
    show(org, call, server, at, 200)
}

fn replace(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (server, at) = claim_of(org, call)?;
    org.replace_claim(server, at, &call.object()?)?;
    show(org, call, server, at, 200)
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let (server, at) = claim_of(org, call)?;
    org.delete_claim(server, at)?;
    Reply::no_content()
}
