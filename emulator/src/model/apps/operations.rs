//! `/api/v1/apps`: applications themselves.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::call::{Call, Reply};
use crate::expression::Attributes;
use crate::modelled::{Modelled, delete, get, post, put};
use crate::org::Org;
use crate::org::apps::App;
use crate::paging::Page;
use crate::problem::Problem;
use crate::selection::Selection;
use crate::view;

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at("/api/v1/apps", [get(list), post(create)])
        .at(
            "/api/v1/apps/{appId}",
            [get(read), put(replace), delete(remove)],
        )
        .at(
            "/api/v1/apps/{appId}/lifecycle/activate",
            [post(|org, call| switch(org, call, true))],
        )
        .at(
            "/api/v1/apps/{appId}/lifecycle/deactivate",
            [post(|org, call| switch(org, call, false))],
        )
}

/// The application that the path names.
pub(crate) fn app_of(org: &Org, call: &Call) -> Result<u64, Problem> {
    org.find_app(call.parameter("appId"))
}

/// An application as `filter` sees it: with the ids of who is assigned.
struct Assigned<'o> {
    org: &'o Org,
    app: &'o App,
}

impl Attributes for Assigned<'_> {
    fn attribute(&self, path: &str) -> Option<Cow<'_, Value>> {
        let ids: Vec<&String> = match path {
            "user.id" => {
                let users = self.app.users.keys();
                users
                    .filter_map(|user| Some(&self.org.users.get(*user)?.id))
                    .collect()
            }
            "group.id" => {
                let groups = self.app.groups.keys();
                groups
                    .filter_map(|group| Some(&self.org.groups.get(*group)?.id))
                    .collect()
            }
            _ => return self.app.attribute(path),
        };
        Some(Cow::Owned(json!(ids)))
    }
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let selection = Selection::of(call)?;
    let q = call.option("q").map(str::to_lowercase);
    let found = org.apps.after(call.after()?).filter(|(_, app)| {
        let named = |q: &String| {
            app.name.to_lowercase().starts_with(q) || app.label.to_lowercase().starts_with(q)
        };
        q.as_ref().is_none_or(named) && selection.matches(&Assigned { org, app })
    });
    let views = found.map(|(position, app)| (position, view::app(org, app, &call.base)));
    Reply::page(call, &Page::take(views, call.limit(20, 200)?))
}

fn show(org: &Org, call: &Call, position: u64) -> Result<Reply, Problem> {
    Reply::ok(&view::app(org, org.app(position)?, &call.base))
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = org.create_app(&call.object()?, call.flag("activate", true)?)?;
    show(org, call, position)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    show(org, call, app_of(org, call)?)
}

fn replace(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = app_of(org, call)?;
    org.replace_app(position, &call.object()?)?;
    show(org, call, position)
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.delete_app(app_of(org, call)?)?;
    Reply::no_content()
}

fn switch(org: &mut Org, call: &Call, active: bool) -> Result<Reply, Problem> {
    org.set_app_active(app_of(org, call)?, active)?;
    Reply::empty_object()
}
