//! One step.

use std::sync::Arc;

use okta_sdk::Client;
use okta_sdk::paths::{AppGroup, AppUser};

use super::Board;
use crate::desired::{Principal, Resource, Role, Target};
use crate::error::Error;
use crate::perform::{self, Age, Assignment, CustomIds, Limited, Outcome, RoleBy, TargetId};
use crate::plan::Plan;
use crate::step::Step;

/// Does a step; gives the id of what it has made.
pub(super) async fn act(
    okta: &Client,
    plan: &Plan,
    board: &Board,
    step: &Step,
) -> Result<(Outcome, Option<String>), Error> {
    let names = Names { plan, board };
    let outcome = match step {
        Step::CreateUser { person, is_staged } => {
            let is_active = person.is_created_active() && !is_staged;
            let (outcome, id) = perform::create_user(okta, person, is_active).await?;
            return Ok((outcome, Some(id)));
        }
        Step::CreateGroup { group, description } => {
            let (outcome, id) = perform::create_group(okta, group, description.as_deref()).await?;
            return Ok((outcome, Some(id)));
        }
        Step::CreateApp { app, body } => {
            let (outcome, id) = perform::create_app(okta, app, body).await?;
            return Ok((outcome, Some(id)));
        }
        Step::CreateRole { custom } => {
            let (outcome, id) = perform::create_custom_role(okta, custom).await?;
            return Ok((outcome, Some(id)));
        }
        Step::CreateResourceSet { set } => {
            let org = okta.org_url().as_str().trim_end_matches('/');
            let resources = set.resources.iter().map(|it| names.resource(org, it));
            let resources = resources.collect::<Result<_, _>>()?;
            let (outcome, id) = perform::create_resource_set(okta, set, resources).await?;
            return Ok((outcome, Some(id)));
        }
        Step::RevokeRole {
            from, assignment, ..
        } => perform::revoke_role(okta, from, names.principal(from)?, assignment).await,
        Step::GrantRole {
            to,
            role,
            may_be_unlimited,
            ..
        } => grant(okta, &names, to, role, *may_be_unlimited).await,
        Step::AddTarget {
            to,
            assignment,
            target,
            limits,
            ..
        } => {
            let (role, target) = names.assignment(to, assignment, target)?;
            let age = names.age(&[target.id()]);
            let added = perform::add_target(okta, role, &target, age).await;
            added.map(|()| match limits {
                true => Outcome::Updated,
                false => Outcome::Created,
            })
        }
        Step::RemoveTarget {
            from,
            assignment,
            target,
            ..
        } => {
            let (role, target) = names.assignment(from, assignment, target)?;
            perform::remove_target(okta, role, &target).await
        }
        Step::DescribeGroup { group, from, to } => {
            let id = names.group(group)?;
            let from = perform::Seen::As(from.as_deref());
            perform::describe_group(okta, id, from, to).await
        }
        Step::DeleteGroup { group, .. } => perform::delete_group(okta, names.group(group)?).await,
        Step::RenameUser { login, to, .. } => {
            perform::rename_user(okta, names.user(login)?, to).await
        }
        Step::UpdateUser { login, from, to } => {
            perform::update_user(okta, names.user(login)?, Some(from), to).await
        }
        Step::Move {
            login, transition, ..
        } => perform::move_account(okta, names.user(login)?, *transition).await,
        Step::AddMember { group, login } => {
            let (group, user) = (names.group(group)?, names.user(login)?);
            perform::add_member(okta, group, user, names.age(&[group, user])).await
        }
        Step::RemoveMember { group, login } => {
            perform::remove_member(okta, names.group(group)?, names.user(login)?).await
        }
        Step::AssignUser {
            app,
            login,
            profile,
        } => perform::assign_user(okta, names.app(app)?, names.user(login)?, profile).await,
        Step::UpdateAssignment {
            app,
            login,
            from,
            to,
        } => {
            let path = names.app_user(app, login)?;
            perform::update_assignment(okta, path, Some(from), to).await
        }
        Step::UnassignUser { app, login } => {
            perform::unassign_user(okta, names.app_user(app, login)?).await
        }
        Step::AssignGroup {
            app,
            group,
            from,
            profile,
            ..
        } => {
            let path = names.app_group(app, group)?;
            let age = names.age(&[path.group_id]);
            perform::assign_group(okta, path, from.as_ref(), profile, age).await
        }
        Step::UnassignGroup { app, group, .. } => {
            perform::unassign_group(okta, names.app_group(app, group)?).await
        }
    };
    Ok((outcome?, None))
}

async fn grant(
    okta: &Client,
    names: &Names<'_>,
    to: &Principal,
    role: &Role,
    may_be_unlimited: bool,
) -> Result<Outcome, Error> {
    let id = names.principal(to)?;
    let granted = match role {
        Role::Standard(role) => perform::grant_role(okta, to, id, RoleBy::Type(role)).await,
        Role::Limited { role, targets } => {
            let targets = targets.iter().map(|it| names.target(it));
            let targets = targets.collect::<Result<Vec<_>, _>>()?;
            let ids: Vec<&str> = targets.iter().map(TargetId::id).collect();
            let limited = Limited {
                to,
                id,
                role,
                targets: &targets,
                may_be_unlimited,
                age: names.age(&ids),
            };
            return perform::grant_limited(okta, limited).await;
        }
        Role::Custom {
            label,
            resource_set,
        } => {
            let ids = names.custom(label, resource_set)?;
            perform::grant_role(okta, to, id, RoleBy::Ids(&ids)).await
        }
    };
    Ok(granted?.0)
}

/// Ids by name: of what the plan has found and what the run has made.
struct Names<'a> {
    plan: &'a Plan,
    board: &'a Board,
}

impl<'a> Names<'a> {
    fn user(&self, login: &Arc<str>) -> Result<&'a str, Error> {
        let made = self.board.users.get(login);
        let id = made.or_else(|| self.plan.ids().users.get(login));
        known(id, "the user", login)
    }

    fn group(&self, name: &Arc<str>) -> Result<&'a str, Error> {
        let made = self.board.groups.get(name);
        let id = made.or_else(|| self.plan.ids().groups.get(name));
        known(id, "the group", name)
    }

    fn app(&self, label: &Arc<str>) -> Result<&'a str, Error> {
        let made = self.board.apps.get(label);
        let id = made.or_else(|| self.plan.ids().apps.get(label));
        known(id, "the application", label)
    }

    /// A resource by URL.
    fn resource(&self, org: &str, resource: &Resource) -> Result<String, Error> {
        Ok(match resource {
            Resource::Users => format!("{org}/api/v1/users"),
            Resource::Groups => format!("{org}/api/v1/groups"),
            Resource::Group(name) => format!("{org}/api/v1/groups/{}", self.group(name)?),
            Resource::App(label) => format!("{org}/api/v1/apps/{}", self.app(label)?),
            Resource::Other(name) => name.clone(),
        })
    }

    fn principal(&self, principal: &Principal) -> Result<&'a str, Error> {
        match principal {
            Principal::User(login) => self.user(login),
            Principal::Group(name) => self.group(name),
        }
    }

    fn app_user(
        &self,
        app: &Arc<str>,
        login: &Arc<str>,
    ) -> Result<AppUser<&'a str, &'a str>, Error> {
        Ok(AppUser {
            app_id: self.app(app)?,
            user_id: self.user(login)?,
        })
    }

    fn app_group(
        &self,
        app: &Arc<str>,
        name: &Arc<str>,
    ) -> Result<AppGroup<&'a str, &'a str>, Error> {
        Ok(AppGroup {
            app_id: self.app(app)?,
            group_id: self.group(name)?,
        })
    }

    fn target(&self, target: &Target) -> Result<TargetId, Error> {
        Ok(match target {
            Target::Group(name) => TargetId::Group(self.group(name)?.to_owned()),
            Target::App(label) => TargetId::App(self.app(label)?.to_owned()),
        })
    }

    /// An assignment of a standard role, and something that it is for.
    fn assignment<'b>(
        &self,
        of: &'b Principal,
        assignment: &'b str,
        target: &Target,
    ) -> Result<(Assignment<'b>, TargetId), Error>
    where
        'a: 'b,
    {
        let role = Assignment {
            of,
            id: self.principal(of)?,
            assignment,
        };
        Ok((role, self.target(target)?))
    }

    fn custom(&self, label: &str, resource_set: &str) -> Result<CustomIds, Error> {
        let ids = self.plan.ids();
        let made = self.board.custom_roles.get(label);
        let role = known(
            made.or_else(|| ids.custom_roles.get(label)),
            "the role",
            label,
        )?;
        let made = self.board.resource_sets.get(resource_set);
        let set = made.or_else(|| ids.resource_sets.get(resource_set));
        let set = known(set, "the resource set", resource_set)?;
        Ok(CustomIds {
            role: role.to_owned(),
            resource_set: set.to_owned(),
        })
    }

    fn age(&self, ids: &[&str]) -> Age {
        match ids.iter().any(|id| self.board.made.contains(*id)) {
            true => Age::New,
            false => Age::Old,
        }
    }
}

fn known<'a>(id: Option<&'a String>, what: &str, name: &str) -> Result<&'a str, Error> {
    id.map(String::as_str)
        .ok_or_else(|| Error::Missing(format!("{what} {name} is not there")))
}
