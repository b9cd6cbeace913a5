//! Doing what the plan says.

use std::collections::HashMap;

use anyhow::Context;
use futures::FutureExt;
use futures::stream::{self, StreamExt};
use okta_sdk::models::{
    AppUser, AssignRole, BookmarkApplication, BookmarkApplicationSettings,
    BookmarkApplicationSettingsApplication, CreateUserRequest, GroupRequest, OktaUserGroupProfile,
    UpdateUserRequest,
};
use okta_sdk::paths::GroupUser;
use okta_sdk::{Client, Error, Id};

use crate::plan::{Gift, Give, Make, Plan};
use crate::progress::Progress;
use crate::report::{Done, Report};
use crate::state::{State, find_app, find_group};

/// Ids of what exists, by login, name and label.
#[derive(Debug, Default)]
struct Ids {
    users: HashMap<String, Id>,
    groups: HashMap<String, Id>,
    apps: HashMap<String, Id>,
}

impl From<State> for Ids {
    fn from(state: State) -> Self {
        Self {
            users: state
                .users
                .into_iter()
                .map(|(login, user)| (login, user.id))
                .collect(),
            groups: state
                .groups
                .into_iter()
                .map(|(name, group)| (name, group.id))
                .collect(),
            apps: state
                .apps
                .into_iter()
                .map(|(label, app)| (label, app.id))
                .collect(),
        }
    }
}

/// Makes and gives all that the plan says, up to `concurrency` at a time. A failure does not stop
/// the rest. Once `stop` is ready nothing more is begun, and what is under way is finished.
pub async fn apply(
    okta: &Client,
    plan: Plan<'_>,
    state: State,
    concurrency: usize,
    progress: &mut Progress,
    stop: impl Future<Output = ()>,
) -> Report {
    let mut report = Report::new(&plan.kept);
    let mut ids = Ids::from(state);
    let steps = plan.steps();
    let stop = stop.boxed_local().shared();

    let makes = plan
        .makes
        .iter()
        .map(async |what| (what, make(okta, what).await));
    let makes = stream::iter(makes).take_until(stop.clone());
    let mut made = makes.buffer_unordered(concurrency);
    while let Some((what, result)) = made.next().await {
        progress.step(what);
        match result {
            Ok((done, id)) => {
                ids.learn(what, id);
                report.done(what.kind(), done);
            }
            Err(error) => report.failed(what.kind(), what, format!("{error:#}")),
        }
    }

    let gives = plan
        .gives
        .iter()
        .map(async |what| (what, give(okta, &ids, what).await));
    let gives = stream::iter(gives).take_until(stop);
    let mut given = gives.buffer_unordered(concurrency);
    while let Some((what, result)) = given.next().await {
        progress.step(what);
        match result {
            Ok(done) => report.done(what.kind(), done),
            Err(error) => report.failed(what.kind(), what, format!("{error:#}")),
        }
    }
    report.not_begun(steps - progress.done());
    report
}

/// Makes one thing and gives its id.
async fn make(okta: &Client, what: &Make<'_>) -> anyhow::Result<(Done, Id)> {
    let created = match what {
        Make::Group(name) => {
            let profile = OktaUserGroupProfile::new().name(*name);
            let group = GroupRequest::new().profile(profile);
            okta.groups().add(group).await.map(|group| group.id)
        }
        Make::App(label) => {
            let app = okta.applications().create(bookmark(label)).await;
            app.map(|app| app.id().clone())
        }
        Make::User(person) => {
            let user = CreateUserRequest::new(person.profile());
            okta.users().create(user).await.map(|user| user.id)
        }
        Make::Profile { person, id, .. } => {
            // A partial update: attributes that the file does not have stay as they are.
            okta.users()
                .update(id, UpdateUserRequest::new().profile(person.profile()))
                .await?;
            return Ok((Done::Updated, id.clone()));
        }
    };
    let (done, id) = match created {
        Ok(id) => (Done::Created, id),
        // Made by someone else since the plan was.
        Err(error) if error.is_conflict() => {
            let found = find(okta, what).await?;
            (Done::Kept, found.context("it is there and is not found")?)
        }
        Err(error) => return Err(error.into()),
    };
    Ok((done, id))
}

/// The applications of the file are only labels, so that they become the simplest kind: a link.
fn bookmark(label: &str) -> BookmarkApplication {
    let host = label.to_lowercase().replace(' ', "-");
    let link = BookmarkApplicationSettingsApplication::new(format!("https://{host}.example.com"));
    let settings = BookmarkApplicationSettings::new().app(link.request_integration(false));
    BookmarkApplication::new(label, settings)
}

async fn find(okta: &Client, what: &Make<'_>) -> Result<Option<Id>, Error> {
    match what {
        Make::Group(name) => find_group(okta, name).await,
        Make::App(label) => find_app(okta, label).await,
        Make::User(person) | Make::Profile { person, .. } => {
            Ok(Some(okta.users().get(&person.login).await?.id))
        }
    }
}

/// Gives one user one thing.
async fn give(okta: &Client, ids: &Ids, Give { login, what }: &Give<'_>) -> anyhow::Result<Done> {
    let user = ids.users.get(*login).context("the user is not there")?;
    let given = match what {
        Gift::Membership(group) => {
            let group = ids.groups.get(*group).context("the group is not there")?;
            let path = GroupUser {
                group_id: group,
                user_id: user,
            };
            okta.groups().assign_user(path).await
        }
        Gift::App(app) => {
            let app = ids.apps.get(*app).context("the app is not there")?;
            let assigned = okta.application_users().assign(app, AppUser::new(user));
            assigned.await.map(drop)
        }
        Gift::Role(role) => {
            let role = AssignRole::standard(role);
            okta.roles().assign_to_user(user, role).await.map(drop)
        }
    };
    match given {
        Ok(()) => Ok(Done::Created),
        Err(error) if error.is_conflict() => Ok(Done::Kept),
        Err(error) => Err(error.into()),
    }
}

impl Ids {
    fn learn(&mut self, what: &Make<'_>, id: Id) {
        let (ids, name) = match what {
            Make::Group(name) => (&mut self.groups, *name),
            Make::App(label) => (&mut self.apps, *label),
            Make::User(person) | Make::Profile { person, .. } => {
                (&mut self.users, person.login.as_str())
            }
        };
        ids.insert(name.to_owned(), id);
    }
}
