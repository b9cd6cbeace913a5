//! `/api/v1/users/{userId}/factors`.

use serde_json::{Value, json};

use crate::call::{Call, Reply};
use crate::document::document;
use crate::modelled::{Modelled, delete, get, post};
use crate::org::Org;
use crate::org::challenges::PushResult;
use crate::org::factors::{Verified, kinds};
use crate::problem::Problem;
use crate::view;

pub(crate) fn operations() -> Modelled {
    let factors = |rest: &str| format!("/api/v1/users/{{userId}}/factors{rest}");
    let factor = |rest: &str| factors(&format!("/{{factorId}}{rest}"));
    Modelled::new()
        .at(&factors(""), [get(list), post(enroll)])
        .at(&factors("/catalog"), [get(catalog)])
        .at(&factors("/questions"), [get(questions)])
        .at(&factor(""), [get(read), delete(remove)])
        .at(&factor("/lifecycle/activate"), [post(activate)])
        .at(&factor("/resend"), [post(resend)])
        .at(&factor("/transactions/{transactionId}"), [get(push)])
        .at(&factor("/verify"), [post(verify)])
}

fn user_of(org: &Org, call: &Call) -> Result<u64, Problem> {
    org.find_user(call.parameter("userId"))
}

fn factor_of(org: &Org, call: &Call) -> Result<u64, Problem> {
    org.find_factor(user_of(org, call)?, call.parameter("factorId"))
}

fn show(org: &Org, call: &Call, position: u64) -> Result<Reply, Problem> {
    let factor = org.factor(position)?;
    Reply::ok(&view::factor(factor, org.user(factor.user)?, &call.base))
}

fn list(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let user = user_of(org, call)?;
    let owner = org.user(user)?;
    let factors = org.factors_of(user);
    let views = factors.map(|factor| view::factor(factor, owner, &call.base));
    Reply::ok(&views.collect::<Vec<_>>())
}

fn enroll(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let user = user_of(org, call)?;
    let activate = call.flag("activate", false)?;
    let position = org.enroll_factor(user, &call.object()?, activate)?;
    show(org, call, position)
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    show(org, call, factor_of(org, call)?)
}

fn remove(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    org.remove_factor(factor_of(org, call)?)?;
    Reply::no_content()
}

fn activate(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = factor_of(org, call)?;
    org.activate_factor(position, &call.object_or_empty()?)?;
    show(org, call, position)
}

fn resend(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = factor_of(org, call)?;
    org.send_code(position)?;
    show(org, call, position)
}

fn verify(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let position = factor_of(org, call)?;
    match org.verify_factor(position, &call.object_or_empty()?)? {
        Verified::Success => Reply::ok(&json!({ "factorResult": "SUCCESS" })),
        Verified::Challenge => Reply::ok(&json!({ "factorResult": "CHALLENGE" })),
        Verified::Waiting(id) => {
            let factor = org.factor(position)?;
            let user = org.user(factor.user)?;
            let own = format!(
                "{}/api/v1/users/{}/factors/{}",
                call.base, user.id, factor.id
            );
            let link = |method: &str| {
                json!({
                    "href": format!("{own}/transactions/{id}"), "hints": { "allow": [method] },
                })
            };
            let links = json!({ "poll": link("GET"), "cancel": link("DELETE") });
            Reply::json(201, &json!({ "factorResult": "WAITING", "_links": links }))
        }
    }
}

/// A push that nobody has answered is accepted as soon as somebody looks.
fn push(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let factor = factor_of(org, call)?;
    let result = match org.push_result(factor, call.parameter("transactionId"))? {
        PushResult::Waiting | PushResult::Accepted => "SUCCESS",
        PushResult::Rejected => "REJECTED",
        PushResult::TimedOut => "TIMEOUT",
    };
    Reply::ok(&json!({ "factorResult": result }))
}

/// What the user could enroll, and has.
fn catalog(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let user = user_of(org, call)?;
    let kinds = kinds().map(|(kind, provider, vendor)| {
        let mut own = org.factors_of(user);
        let status = match own.find(|it| (it.kind, it.provider) == (kind, provider)) {
            None => "NOT_SETUP",
            Some(factor) if factor.active => "ACTIVE",
            Some(_) => "PENDING_ACTIVATION",
        };
        json!({
            "factorType": kind, "provider": provider, "vendorName": vendor, "status": status,
            "enrollment": "OPTIONAL",
        })
    });
    Reply::ok(&kinds.collect::<Vec<_>>())
}

/// The questions of the document, with a text made of their names.
fn questions(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    user_of(org, call)?;
    let answer = document().operation("/api/v1/users/{userId}/factors/questions", "GET");
    let shape = answer
        .and_then(|it| it.answers())
        .map(|it| document().shape(it, None));
    let item = shape.and_then(|shape| shape.items);
    let item = item.map(|item| document().shape(item, None));
    let question = item.and_then(|item| item.properties.get("question").copied());
    let values = question.map_or(&[][..], |question| document().shape(question, None).values);
    let texts = values.iter().filter_map(Value::as_str);
    let questions = texts.map(|name| {
        json!({ "question": name, "questionText": format!("What about: {}?", name.replace('_', " ")) })
    });
    Reply::ok(&questions.collect::<Vec<_>>())
}
