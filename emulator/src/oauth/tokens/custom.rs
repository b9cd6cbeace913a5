//! Claims that custom authorization servers add,
//! <https://developer.okta.com/docs/guides/customize-tokens-returned-from-okta/main/>.

use regex::RegexBuilder;
use serde_json::{Map, Value, json};

use crate::clock::Timestamp;
use crate::expression_language::{Formula, Presence, Scope};
use crate::oauth::clients::client::Client;
use crate::oauth::memory::approval::Approval;
use crate::oauth::tokens::extent::Extent;
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::org::app_assignments::AppUser;
use crate::org::authorization_servers::{Claim, ClaimValue, GroupFilter, Token};
use crate::org::users::User;

/// What a server's own claims say. Those of users are not in tokens of clients that act on their own.
pub(crate) fn claims(org: &Org, approval: &Approval, extent: Extent) -> Map<String, Value> {
    let Server::Custom(at) = approval.server else {
        return Map::new();
    };
    let server = org.authorization_servers.get(at);
    let claims = server.into_iter().flat_map(|server| server.claims.iter());
    claims
        .filter(|(_, claim)| is_in(claim, extent) && claim.applies(&approval.scopes))
        .filter_map(|(_, claim)| Some((claim.name.clone(), value(org, approval, claim)?)))
        .collect()
}

/// Whether a claim belongs there. An ID token always comes with an access token here, so that it has
/// only what it always has; the rest is at `/userinfo`.
fn is_in(claim: &Claim, extent: Extent) -> bool {
    match extent {
        Extent::AccessToken => claim.token == Token::Resource && !claim.system,
        Extent::IdToken => claim.token == Token::Identity && claim.always,
        Extent::UserInfo => claim.token == Token::Identity,
    }
}

/// The value of a claim. What an expression cannot say is left out, as is what has no value.
fn value(org: &Org, approval: &Approval, claim: &Claim) -> Option<Value> {
    match &claim.value {
        ClaimValue::System(_) => None,
        ClaimValue::Groups(filter, wanted) => {
            let names = groups(org, approval.user?);
            let names: Vec<_> = names
                .filter(|(_, name)| passes(*filter, wanted, name))
                .map(|(_, name)| name)
                .collect();
            (!names.is_empty()).then(|| json!(names))
        }
        ClaimValue::Expression(text) => {
            let formula = Formula::parse(text).ok()?;
            let subject = Subject::of(org, approval);
            formula
                .value(&subject)
                .ok()
                .filter(|value| !value.is_null())
        }
    }
}

/// The largest regular expression, compiled, in bytes.
const MOST_REGEX: usize = 1 << 20;

fn passes(filter: GroupFilter, wanted: &str, name: &str) -> bool {
    match filter {
        GroupFilter::Contains => name.contains(wanted),
        GroupFilter::Equals => name == wanted,
        GroupFilter::StartsWith => name.starts_with(wanted),
        GroupFilter::Regex => RegexBuilder::new(&format!("^(?:{wanted})$"))
            .size_limit(MOST_REGEX)
            .build()
            .is_ok_and(|regex| regex.is_match(name)),
    }
}

/// Ids and names of the groups that a user is in.
fn groups(org: &Org, user: u64) -> impl Iterator<Item = (String, String)> {
    let groups = org.groups_of(user);
    groups.map(|(_, group)| (group.id.clone(), group.name().to_owned()))
}

/// What expressions of claims are about: the user, the user in the application, the application.
struct Subject<'o> {
    org: &'o Org,
    user: Option<(u64, &'o User)>,
    client: Option<Client>,
    scopes: &'o [String],
}

impl<'o> Subject<'o> {
    fn of(org: &'o Org, approval: &'o Approval) -> Self {
        let user = approval.user;
        Self {
            org,
            user: user.and_then(|at| Some((at, org.users.get(at)?))),
            client: Client::find(org, &approval.client_id),
            scopes: &approval.scopes,
        }
    }

    /// The account of the user in the application; none if the user has none, or there is no user.
    fn app_user(&self) -> Option<&'o AppUser> {
        let app = self.org.apps.get(self.client.as_ref()?.app)?;
        app.users.get(&self.user?.0)
    }

    fn of_app_user(&self, name: &str) -> Option<Value> {
        let user = self.app_user()?;
        match name {
            "userName" => Some(json!(user.user_name)),
            name => user.profile.get(name).cloned(),
        }
    }
}

impl Scope for Subject<'_> {
    fn attribute(&self, object: &str, name: &str) -> Option<Value> {
        match (object, name) {
            ("user", name) => self.user?.1.profile.get(name),
            ("appuser", name) => self.of_app_user(name),
            ("app", "clientId") => Some(json!(self.client.as_ref()?.id)),
            ("app", "name" | "label") => Some(json!(self.client.as_ref()?.label)),
            ("org", "id") => Some(json!(*self.org.id)),
            ("access", "scope") => Some(json!(self.scopes)),
            _ => None,
        }
    }

    fn object(&self, object: &str) -> Option<Presence> {
        match object {
            // What is said of the user has no place in tokens of clients that act on their own.
            "user" => self.user.map(|_| Presence::Present),
            "appuser" => Some(Presence::of(self.app_user())),
            "app" => Some(Presence::of(self.client.as_ref())),
            "org" | "access" => Some(Presence::Present),
            _ => None,
        }
    }

    fn now(&self) -> Timestamp {
        self.org.now
    }

    fn internal(&self, name: &str) -> Option<Value> {
        let user = self.user?.1;
        match name {
            "id" => Some(json!(user.id)),
            "status" => Some(json!(user.status.to_string())),
            _ => None,
        }
    }

    fn groups(&self) -> Vec<(String, String)> {
        let user = self.user.map(|(at, _)| at);
        user.map(|user| groups(self.org, user).collect())
            .unwrap_or_default()
    }

    fn linked(&self, _primary: &str) -> Option<Value> {
        None
    }
}
