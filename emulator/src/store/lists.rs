//! Lists of the items of a collection.

use serde_json::{Value, json};

use super::aliases::{self, Alias};
use super::asked::Asked;
use super::{born, kinds, objects};
use crate::call::Reply;
use crate::document::segments::encoded;
use crate::document::{Kind, document, nameless};
use crate::org::Org;
use crate::org::store::Item;
use crate::paging::Page;
use crate::problem::Problem;
use crate::selection::Selection;

/// How many items a page has, and how many it can have, if the document does not say.
const PAGE: usize = 200;
/// Members that `q` looks at.
const NAMES: [&str; 7] = [
    "name",
    "label",
    "displayName",
    "title",
    "profile.name",
    "profile.displayName",
    "domain",
];
/// Parameters that are no members to compare with.
const CONTROLS: [&str; 8] = [
    "after",
    "expand",
    "filter",
    "limit",
    "q",
    "search",
    "sortBy",
    "sortOrder",
];

pub(super) fn list(org: &mut Org, asked: &Asked<'_>) -> Result<Reply, Problem> {
    born::start(org, asked.template(), &asked.path);
    let page = page(org, asked)?;
    let mut items = Vec::new();
    for (key, body) in page.items {
        items.extend(item(org, asked, &key, &body)?);
    }
    let page = Page {
        items,
        next: page.next,
    };
    match kinds::wrapped(asked.operation) {
        None => Reply::page(asked.call, &page),
        Some(member) => wrapped(org, asked, member, page),
    }
}

/// The items that were asked for, by key.
fn page(org: &Org, asked: &Asked<'_>) -> Result<Page<(String, Value)>, Problem> {
    let limit = limit(asked)?;
    let selection = Selection::of(asked.call)?;
    let Some(table) = org.store.collections.get(&asked.path) else {
        return Ok(Page {
            items: Vec::new(),
            next: None,
        });
    };
    let page = selection.page(table, limit, |item| {
        has_name(asked, item) && has_values(asked, item)
    })?;
    let items = page.items.into_iter();
    Ok(Page {
        items: items
            .map(|(_, item)| (item.key.clone(), item.body.clone()))
            .collect(),
        next: page.next,
    })
}

/// The size of a page; all items where the document has no pages.
fn limit(asked: &Asked<'_>) -> Result<usize, Problem> {
    let Some(schema) = asked.operation.query.get("limit") else {
        return Ok(usize::MAX);
    };
    let shape = document().shape(schema, None);
    let default = shape
        .default
        .and_then(Value::as_u64)
        .and_then(|it| usize::try_from(it).ok());
    let most = schema.maximum.map_or(PAGE, |most| most as usize);
    asked.call.limit(default.unwrap_or(PAGE).min(most), most)
}

fn has_name(asked: &Asked<'_>, item: &Item) -> bool {
    let Some(q) = asked.call.option("q").map(str::to_lowercase) else {
        return true;
    };
    NAMES.iter().any(|name| {
        let value = item.body.pointer(&format!("/{}", name.replace('.', "/")));
        let text = value.and_then(Value::as_str);
        text.is_some_and(|text| text.to_lowercase().contains(&q))
    })
}

/// Parameters that are named like a member ask for its value.
fn has_values(asked: &Asked<'_>, item: &Item) -> bool {
    let parameters = asked.operation.query.keys().map(String::as_str);
    let mut members = parameters.filter(|name| !CONTROLS.contains(name));
    members.all(
        |name| match (asked.call.option(name), item.body.get(name)) {
            (Some(wanted), Some(Value::String(text))) => text.eq_ignore_ascii_case(wanted),
            _ => true,
        },
    )
}

/// An item as the list shows it; none if it names an object that is gone.
fn item(
    org: &mut Org,
    asked: &Asked<'_>,
    key: &str,
    body: &Value,
) -> Result<Option<Value>, Problem> {
    let template = nameless(asked.template());
    if let Some(Alias::Of { item, shown: true }) = aliases::of(&format!("{template}/{{}}")) {
        let values = [key.to_owned()];
        let read = asked.modelled.read(org, item, &values, &asked.call.base);
        return Ok(read.and_then(Result::ok));
    }
    let Some(schema) = kinds::list_item_schema(asked.template()) else {
        return Ok(Some(body.clone()));
    };
    if document().shape(schema, None).kind == Kind::Text {
        return Ok(Some(json!(key)));
    }
    let href = format!("{}{}/{}", asked.call.base, asked.path, encoded(key));
    Ok(Some(objects::shown(org, schema, body, &href)))
}

/// A page in an object, with its cursor beside it.
fn wrapped(
    org: &Org,
    asked: &Asked<'_>,
    member: &str,
    page: Page<Value>,
) -> Result<Reply, Problem> {
    let mut body = json!({ member: page.items });
    let schema = asked.schema();
    let has_links = schema.is_some_and(|schema| {
        document()
            .shape(schema, None)
            .properties
            .contains_key("_links")
    });
    if has_links {
        body["_links"] = json!({ "self": { "href": asked.call.self_url() } });
        if let Some(position) = page.next {
            body["_links"]["next"] = json!({ "href": asked.call.next_url(position) });
        }
    }
    let body = schema.map_or(body.clone(), |schema| {
        objects::completed(org, schema, &body, false)
    });
    Reply::json(asked.status(), &body)
}
