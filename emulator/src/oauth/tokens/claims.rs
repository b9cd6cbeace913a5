//! What tokens and `/userinfo` say about a user,
//! <https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/>.

use serde_json::{Map, Value, json};

use crate::oauth::memory::approval::Approval;
use crate::oauth::tokens::custom;
use crate::oauth::tokens::extent::Extent;
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::org::users::User;

pub(crate) fn of_user(org: &Org, position: u64, approval: &Approval, extent: Extent) -> Value {
    let mut claims = Map::new();
    let Some(user) = org.users.get(position) else {
        return Value::Object(claims);
    };
    claims.insert("sub".to_owned(), json!(user.id));
    for scope in &approval.scopes {
        let more = match scope.as_str() {
            "profile" => profile(user, extent),
            "email" => json!({ "email": user.email(), "email_verified": true }),
            "phone" => json!({ "phone_number": user.profile.get("primaryPhone") }),
            "address" if extent == Extent::UserInfo => json!({ "address": address(user) }),
            "groups" if approval.server == Server::Org => {
                json!({ "groups": groups(org, position) })
            }
            _ => continue,
        };
        if let Value::Object(more) = more {
            claims.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
        }
    }
    claims.extend(custom::claims(org, approval, extent));
    Value::Object(claims)
}

/// Names of the groups that a user is in.
pub(crate) fn groups(org: &Org, user: u64) -> Vec<String> {
    let groups = org.groups_of(user);
    groups.map(|(_, group)| group.name().to_owned()).collect()
}

fn profile(user: &User, extent: Extent) -> Value {
    let mut claims = json!({
        "name": user.display_name(),
        "preferred_username": user.login(),
    });
    if extent == Extent::UserInfo {
        for (claim, attribute) in [
            ("given_name", "firstName"),
            ("family_name", "lastName"),
            ("middle_name", "middleName"),
            ("nickname", "nickName"),
            ("profile", "profileUrl"),
            ("locale", "locale"),
            ("zoneinfo", "timezone"),
        ] {
            claims[claim] = json!(user.profile.get(attribute));
        }
        claims["updated_at"] = json!(user.last_updated.epoch_seconds());
    }
    claims
}

fn address(user: &User) -> Value {
    let parts = [
        ("street_address", "streetAddress"),
        ("locality", "city"),
        ("region", "state"),
        ("postal_code", "zipCode"),
        ("country", "countryCode"),
    ];
    let parts = parts.into_iter().filter_map(|(claim, attribute)| {
        let value = user.profile.get(attribute)?;
        Some((claim.to_owned(), value))
    });
    Value::Object(parts.collect())
}
