//! `/api/v1/meta`: types of users, and schemas of the profiles of users, groups and app users.

use crate::call::{Call, Reply};
use crate::model::apps::operations::app_of;
use crate::modelled::{Modelled, delete, get, post, put};
use crate::org::Org;
use crate::problem::Problem;
use crate::view;

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at("/api/v1/meta/types/user", [get(list), post(create)])
        .at(
            "/api/v1/meta/types/user/{typeId}",
            [
                get(read),
                post(|org, call| change(org, call, false)),
                put(|org, call| change(org, call, true)),
                delete(remove),
            ],
        )
        .at(
            "/api/v1/meta/schemas/user/{schemaId}",
            [get(read_user_schema), post(change_user_schema)],
        )
        .at(
            "/api/v1/meta/schemas/group/default",
            [get(read_group_schema), post(change_group_schema)],
        )
        .at(
            "/api/v1/meta/schemas/apps/{appId}/default",
            [get(read_app_schema), post(change_app_schema)],
        )
}

fn type_of(org: &Org, call: &Call) -> Result<u64, Problem> {
    org.find_user_type(call.parameter("typeId"))
}

fn show(org: &Org, call: &Call, position: u64) -> Result<Reply, Problem> {
    Reply::ok(&view::user_type(org, org.user_type(position)?, &call.base))
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let types = org.user_types.iter();
    let views = types.map(|(_, kind)| view::user_type(org, kind, &call.base));
    Reply::ok(&views.collect::<Vec<_>>())
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = org.create_user_type(&call.object()?)?;
    show(org, call, position)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    show(org, call, type_of(org, call)?)
}

fn change(org: &mut Org, call: &Call, replace: bool) -> Result<Reply, Problem> {
    let position = type_of(org, call)?;
    org.change_user_type(position, &call.object()?, replace)?;
    show(org, call, position)
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = type_of(org, call)?;
    org.delete_user_type(position)?;
    Reply::no_content()
}

fn schema_of(org: &Org, call: &Call) -> Result<u64, Problem> {
    org.find_user_schema(call.parameter("schemaId"))
}

fn read_user_schema(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let kind = org.user_type(schema_of(org, call)?)?;
    Reply::ok(&view::user_schema(kind, &call.base))
}

fn change_user_schema(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = schema_of(org, call)?;
    org.change_user_schema(position, &call.object()?)?;
    read_user_schema(org, call)
}

fn read_group_schema(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    Reply::ok(&view::schema(
        &org.group_schema,
        "group/default",
        &call.base,
    ))
}

fn change_group_schema(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.change_group_schema(&call.object_or_empty()?)?;
    read_group_schema(org, call)
}

fn read_app_schema(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = app_of(org, call)?;
    let schema = org.app_schema(app)?;
    let path = format!("apps/{}/default", schema.id);
    Reply::ok(&view::schema(schema, &path, &call.base))
}

fn change_app_schema(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let app = app_of(org, call)?;
    let now = org.now;
    org.app_schema(app)?.change(&call.object_or_empty()?, now)?;
    read_app_schema(org, call)
}
