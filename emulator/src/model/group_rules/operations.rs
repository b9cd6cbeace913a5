//! `/api/v1/groups/rules`.

use crate::call::{Call, Reply};
use crate::modelled::{Modelled, delete, get, post, put};
use crate::org::Org;
use crate::paging::Page;
use crate::problem::Problem;
use crate::view;

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at("/api/v1/groups/rules", [get(list), post(create)])
        .at(
            "/api/v1/groups/rules/{groupRuleId}",
            [get(read), put(replace), delete(remove)],
        )
        .at(
            "/api/v1/groups/rules/{groupRuleId}/lifecycle/activate",
            [post(|org, call| switch(org, call, true))],
        )
        .at(
            "/api/v1/groups/rules/{groupRuleId}/lifecycle/deactivate",
            [post(|org, call| switch(org, call, false))],
        )
}

fn rule_of(org: &Org, call: &Call) -> Result<u64, Problem> {
    org.find_rule(call.parameter("groupRuleId"))
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let search = call.option("search").map(str::to_lowercase);
    let found = org.rules.after(call.after()?).filter(|(_, rule)| {
        search
            .as_ref()
            .is_none_or(|search| rule.name.to_lowercase().contains(search))
    });
    let views = found.map(|(position, rule)| (position, view::rule(rule)));
    Reply::page(call, &Page::take(views, call.limit(50, 200)?))
}

fn create(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = org.create_rule(&call.object()?)?;
    Reply::ok(&view::rule(org.rule(position)?))
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    Reply::ok(&view::rule(org.rule(rule_of(org, call)?)?))
}

fn replace(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = rule_of(org, call)?;
    org.replace_rule(position, &call.object()?)?;
    Reply::ok(&view::rule(org.rule(position)?))
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let remove_users = call.flag("removeUsers", false)?;
    org.delete_rule(rule_of(org, call)?, remove_users)?;
    Reply::accepted()
}

fn switch(org: &mut Org, call: &Call, active: bool) -> Result<Reply, Problem> {
    org.set_rule_active(rule_of(org, call)?, active)?;
    Reply::no_content()
}
