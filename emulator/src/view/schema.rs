//! Types of users and schemas of profiles.

use serde_json::{Value, json};

use crate::org::Org;
use crate::org::schemas::ProfileSchema;
use crate::org::user_types::UserType;

/// A type of users on the wire.
pub(crate) fn user_type(org: &Org, kind: &UserType, base: &str) -> Value {
    let link = |relation: &str, path: &str| json!({ "rel": relation, "href": format!("{base}/api/v1/meta/{path}"), "method": "GET" });
    json!({
        "id": kind.id,
        "name": kind.name,
        "displayName": kind.display_name,
        "description": kind.description,
        "default": kind.id == *org.user_type,
        "created": kind.created,
        "createdBy": kind.created_by,
        "lastUpdated": kind.last_updated,
        "lastUpdatedBy": kind.last_updated_by,
        "_links": {
            "self": link("self", &format!("types/user/{}", kind.id)),
            "schema": link("schema", &format!("schemas/user/{}", kind.schema.id)),
        },
    })
}

/// The schema of a type of users on the wire.
pub(crate) fn user_schema(kind: &UserType, base: &str) -> Value {
    let mut shown = schema(&kind.schema, &format!("user/{}", kind.schema.id), base);
    let own = format!("{base}/api/v1/meta/types/user/{}", kind.id);
    shown["_links"]["type"] = json!({ "rel": "type", "href": own, "method": "GET" });
    shown
}

/// A schema on the wire; `path` is where it is below `/api/v1/meta/schemas`.
pub(crate) fn schema(schema: &ProfileSchema, path: &str, base: &str) -> Value {
    let part = |id: &str, attributes| {
        json!({
            "id": id,
            "type": "object",
            "properties": attributes,
            "required": ProfileSchema::required(attributes),
        })
    };
    json!({
        "id": format!("{base}/meta/schemas/{path}"),
        "$schema": "http://json-schema.org/draft-04/schema#",
        "name": schema.name,
        "title": schema.title,
        "description": schema.description,
        "created": schema.created,
        "lastUpdated": schema.last_updated,
        "type": "object",
        "properties": { "profile": { "allOf": [
            { "$ref": "#/definitions/custom" }, { "$ref": "#/definitions/base" },
        ] } },
        "definitions": {
            "base": part("#base", &schema.base),
            "custom": part("#custom", &schema.custom),
        },
        "_links": { "self": {
            "rel": "self", "href": format!("{base}/api/v1/meta/schemas/{path}"), "method": "GET",
        } },
    })
}
