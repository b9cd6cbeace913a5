//! Relationships between users: of the associated user, such as a report, to the primary one, such
//! as a manager.

use serde_json::{Value, json};

use crate::call::Reply;
use crate::document::segments::{encoded, parent, segment};
use crate::org::Org;
use crate::problem::Problem;
use crate::store::asked::Asked;
use crate::store::{born, kinds};

const DEFINITIONS: &str = "/api/v1/meta/schemas/user/linkedObjects";

/// Makes the user named last the primary one.
pub(super) fn assign(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let link = parent(&asked.path);
    relationship(org, &segment(link))?;
    let target = json!({ "primary": asked.key() });
    org.store
        .singles
        .insert(link.to_owned(), crate::store::objects::object_of(&target));
    Ok(asked.nothing())
}

pub(super) fn list(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    let name = asked.key();
    let (primary, is_primary) = relationship(org, &name)?;
    let users = match is_primary {
        true => primary_of(org, &asked.path).into_iter().collect(),
        false => associated(org, &primary, &user_of(&asked.path)),
    };
    let base = &asked.call.base;
    let links: Vec<Value> = users
        .iter()
        .map(|id| json!({ "_links": { "self": { "href": format!("{base}/api/v1/users/{id}") } } }))
        .collect();
    Reply::ok(&links)
}

/// Only the associated user can leave; the primary one has others.
pub(super) fn remove(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    relationship(org, &asked.key())?;
    org.store.singles.remove(&asked.path);
    Ok(asked.nothing())
}

/// The primary name of a relationship, and whether it is the name that was given.
fn relationship(org: &mut Org, name: &str) -> Result<(String, bool), Problem> {
    born::start(org, DEFINITIONS, DEFINITIONS);
    let table = org.store.collections.get(DEFINITIONS).into_iter();
    let mut definitions = table.flat_map(|table| table.iter().map(|(_, item)| &item.body));
    let found = definitions.find(|definition| {
        definition["primary"]["name"] == name || definition["associated"]["name"] == name
    });
    let primary = found.and_then(|found| found["primary"]["name"].as_str());
    match primary {
        Some(primary) => Ok((primary.to_owned(), primary == name)),
        None => Err(kinds::not_found(DEFINITIONS, name)),
    }
}

fn primary_of(org: &Org, link: &str) -> Option<String> {
    let target = org.store.singles.get(link)?;
    target.get("primary")?.as_str().map(str::to_owned)
}

/// The users whose primary one is `user`.
fn associated(org: &Org, primary: &str, user: &str) -> Vec<String> {
    let ending = format!("/linkedObjects/{}", encoded(primary));
    let links = org
        .store
        .singles
        .iter()
        .filter(|(path, _)| path.ends_with(&ending));
    links
        .filter(|(_, target)| target.get("primary").is_some_and(|it| it == user))
        .map(|(path, _)| user_of(path))
        .collect()
}

/// The user that a path is about.
fn user_of(path: &str) -> String {
    path.split('/').nth(4).unwrap_or_default().to_owned()
}
