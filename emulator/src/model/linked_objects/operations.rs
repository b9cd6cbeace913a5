//! `/api/v1/meta/schemas/user/linkedObjects` and `/api/v1/users/{userId}/linkedObjects`.

use serde_json::{Value, json};

use super::shown;
use crate::call::{Call, Reply};
use crate::model::users::operations::user_of;
use crate::modelled::{Modelled, delete, get, post, put};
use crate::org::Org;
use crate::problem::Problem;

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at(
            "/api/v1/meta/schemas/user/linkedObjects",
            [get(list), post(create)],
        )
        .at(
            "/api/v1/meta/schemas/user/linkedObjects/{linkedObjectName}",
            [get(read), delete(remove)],
        )
        .at(
            "/api/v1/users/{userId}/linkedObjects/{relationshipName}",
            [get(linked), delete(unlink)],
        )
        .at(
            "/api/v1/users/{userId}/linkedObjects/{relationshipName}/{primaryUserId}",
            [put(link)],
        )
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let definitions = org.linked_objects.definitions.iter();
    let list: Vec<Value> = definitions.map(|it| shown(it, &call.base)).collect();
    Reply::ok(&list)
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let created = org.create_linked_object(&call.object()?)?;
    Reply::created(&shown(&created, &call.base))
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let found = org.linked_object(call.parameter("linkedObjectName"))?;
    Reply::ok(&shown(found, &call.base))
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.delete_linked_object(call.parameter("linkedObjectName"))?;
    Reply::no_content()
}

fn linked(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let user = user_of(org, call)?;
    let users = org.linked_users(user, call.parameter("relationshipName"))?;
    let users = users.into_iter().filter_map(|user| org.users.get(user));
    let links: Vec<Value> = users
        .map(|user| {
            let href = format!("{}/api/v1/users/{}", call.base, user.id);
            json!({ "_links": { "self": { "href": href } } })
        })
        .collect();
    Reply::ok(&links)
}

fn unlink(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let user = user_of(org, call)?;
    org.unlink_user(user, call.parameter("relationshipName"))?;
    Reply::no_content()
}

fn link(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let user = user_of(org, call)?;
    let (name, primary) = (
        call.parameter("relationshipName"),
        call.parameter("primaryUserId"),
    );
    org.link_user(user, name, primary)?;
    Reply::no_content()
}
