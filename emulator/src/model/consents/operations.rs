//! `/api/v1/users/{userId}/grants`, also below the clients of a user.

use serde_json::Value;

use crate::call::{Call, Reply};
use crate::model::users::operations::user_of;
use crate::modelled::{Modelled, delete, get};
use crate::oauth::memory::consents::Consent;
use crate::org::Org;
use crate::paging::Page;
use crate::problem::Problem;
use crate::view;

/// How many grants a page has if nothing is said, and at most.
const PAGE: (usize, usize) = (20, 200);

pub(crate) fn operations() -> Modelled {
    Modelled::new()
        .at(
            "/api/v1/users/{userId}/grants",
            [
                get(|org, call| list(org, call, None)),
                delete(|org, call| revoke_all(org, call, None)),
            ],
        )
        .at(
            "/api/v1/users/{userId}/grants/{grantId}",
            [get(read), delete(revoke)],
        )
        .at(
            "/api/v1/users/{userId}/clients/{clientId}/grants",
            [
                get(|org, call| list(org, call, Some(client_of(org, call)?))),
                delete(|org, call| revoke_all(org, call, Some(client_of(org, call)?))),
            ],
        )
}

/// The client that the path names, by its client id.
fn client_of(org: &Org, call: &Call) -> Result<String, Problem> {
    let id = call.parameter("clientId");
    let app = org.app(org.find_client(id)?)?;
    Ok(app.client_id().unwrap_or(id).to_owned())
}

fn shown(org: &Org, call: &Call, consent: &Consent) -> Result<Value, Problem> {
    view::consent(org, consent, &call.base)
}

fn list(org: &mut Org, call: &Call, client: Option<String>) -> Result<Reply, Problem> {
    let user = user_of(org, call)?;
    let after = call.after()?.unwrap_or_default();
    let own = org.oauth.consents.of(user);
    let own = own.filter(|(position, consent)| {
        *position > after && client.as_ref().is_none_or(|id| consent.client_id == *id)
    });
    let views = own.map(|(position, consent)| Ok((position, shown(org, call, consent)?)));
    let mut views = views.collect::<Result<Vec<_>, Problem>>()?;
    if let Some(scope) = call.option("scopeId") {
        views.retain(|(_, view)| view["scopeId"] == scope);
    }
    Reply::page(call, &Page::take(views, call.limit(PAGE.0, PAGE.1)?))
}

fn read(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let user = user_of(org, call)?;
    let consent = org.consent(user, call.parameter("grantId"))?;
    Reply::ok(&shown(org, call, consent)?)
}

fn revoke(org: &mut Org, call: &Call) -> Result<Reply, Problem> {
    let user = user_of(org, call)?;
    org.revoke_consent(user, call.parameter("grantId"))?;
    Reply::no_content()
}

fn revoke_all(org: &mut Org, call: &Call, client: Option<String>) -> Result<Reply, Problem> {
    let user = user_of(org, call)?;
    org.revoke_consents(user, client.as_deref())?;
    Reply::no_content()
}
