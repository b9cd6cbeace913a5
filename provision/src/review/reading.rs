//! The next page of a review.

use std::collections::HashSet;

use futures::stream::{self, StreamExt, TryStreamExt};
use okta_sdk::models::{AssignedRole, Timestamp, User, UserFactorStatus, UserStatus};
use okta_sdk::{Client, Cursor, Error as OktaError, Page, Pages};

use super::rows::{AccessRow, AccountRow};
use super::store::{self, Changes, Owner, PageOf};
use super::{Stage, State};
use crate::error::Error;
use crate::ledger::Ledger;

/// How many requests are under way at a time. The client holds them back where a rate limit is nearly
/// used up.
const AT_ONCE: usize = 8;

/// Every user has one of these. A list without a search leaves deactivated users out.
const EVERYBODY: &str = "status pr";

/// What was read, and the state once it is written.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) accounts: Vec<AccountRow>,
    pub(super) access: Vec<AccessRow>,
    pub(super) state: State,
    pub(super) changes: Changes,
}

/// Reads what is next.
pub(super) async fn read(okta: &Client, ledger: &Ledger, state: &State) -> Result<Read, Error> {
    let mut read = Read {
        accounts: Vec::new(),
        access: Vec::new(),
        state: state.clone(),
        changes: Changes::default(),
    };
    match state.stage {
        Stage::Administrators => {
            let all = okta.roles().list_users_with_assignments().all().await?;
            let ids = all
                .iter()
                .map(|it| it.id.to_string())
                .collect::<HashSet<_>>();
            read.state.summary.administrators = ids.len();
            read.changes.administrators = ids.into_iter().collect();
            read.state.stage = Stage::Accounts;
        }
        Stage::Accounts => accounts(okta, ledger, &mut read).await?,
        Stage::Groups | Stage::Apps => {
            let queued = ledger.read(|file| store::queued(file, AT_ONCE))?;
            if !queued.is_empty() {
                users(okta, ledger, queued, &mut read).await?;
            } else if state.has_listed {
                read.state.has_listed = false;
                read.state.stage = match state.stage {
                    Stage::Groups => Stage::Apps,
                    _ => Stage::Complete,
                };
            } else {
                owners(okta, ledger, &mut read).await?;
            }
        }
        Stage::Complete => {}
    }
    Ok(read)
}

/// Goes on with a list where it was left, and gives the next page.
async fn page<T>(pages: Pages<T>, cursor: Option<&Cursor>) -> Result<Option<Page<T>>, Error> {
    let mut pages = match cursor {
        Some(cursor) => pages.resume(cursor),
        None => pages,
    };
    Ok(pages.try_next().await?)
}

/// What could be read of a page. What could not is counted.
fn readable<T>(page: Vec<Result<T, OktaError>>, state: &mut State) -> Vec<T> {
    let all = page.len();
    let items: Vec<T> = page.into_iter().filter_map(Result::ok).collect();
    state.summary.unreadable += all - items.len();
    items
}

/// A page of users, with their factors and roles.
async fn accounts(okta: &Client, ledger: &Ledger, read: &mut Read) -> Result<(), Error> {
    let list = okta.users().list().search(EVERYBODY).limit(200);
    let cursor = read.state.cursor.take();
    let Some(page) = page(list.pages(), cursor.as_ref()).await? else {
        read.state.stage = Stage::Groups;
        return Ok(());
    };
    let mut new = Vec::new();
    let mut ids = HashSet::new();
    for user in readable(page.items, &mut read.state) {
        let id = user.id.to_string();
        let is_known = ledger.read(|file| store::login(file, &id))?.is_some();
        if !is_known && ids.insert(id.clone()) {
            let is_administrator = ledger.read(|file| store::is_administrator(file, &id))?;
            new.push((user, is_administrator));
        }
    }
    let reads_factors = read.state.reads_factors;
    let mut looked: Vec<_> = stream::iter(new.into_iter().enumerate())
        .map(|(at, (user, is_administrator))| async move {
            let is_away = user.status == Some(UserStatus::Deprovisioned);
            let factors = match reads_factors && !is_away {
                true => Some(factors(okta, &user).await?),
                false => None,
            };
            let roles = match is_administrator {
                true => found(okta.roles().list_assigned_for_user(&user.id).all().await)?,
                false => Vec::new(),
            };
            Ok::<_, OktaError>((at, user, is_administrator, factors, roles))
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    // In Okta's order.
    looked.sort_by_key(|(at, ..)| *at);
    for (_, user, is_administrator, factors, roles) in looked {
        account(read, &user, is_administrator, factors, &roles);
    }
    read.state.cursor = page.cursor;
    if read.state.cursor.is_none() {
        read.state.stage = Stage::Groups;
    }
    Ok(())
}

/// Writes the rows of a user.
fn account(
    read: &mut Read,
    user: &User,
    is_administrator: bool,
    factors: Option<Vec<String>>,
    roles: &[AssignedRole],
) {
    let id = user.id.to_string();
    let login = login(user).unwrap_or_else(|| id.clone());
    let status = user
        .status
        .as_ref()
        .map_or("", UserStatus::as_str)
        .to_owned();
    let can_sign_in = !matches!(
        user.status,
        Some(UserStatus::Deprovisioned | UserStatus::Suspended | UserStatus::Staged)
    );
    let is_away = user.status == Some(UserStatus::Deprovisioned);
    let since = user.last_login.as_ref();
    let since = since
        .or(user.created.as_ref())
        .and_then(|it| it.to_utc().ok())
        .flatten();
    let is_inactive = can_sign_in && read.state.is_inactive(since);
    let has_mfa = factors.as_ref().map(|it| !it.is_empty());
    let summary = &mut read.state.summary;
    *summary.accounts.entry(status.clone()).or_default() += 1;
    summary.inactive += usize::from(is_inactive);
    match has_mfa {
        Some(true) => summary.with_mfa += 1,
        Some(false) if !is_away => {
            summary.without_mfa += 1;
            summary.administrators_without_mfa += usize::from(is_administrator);
        }
        _ => {}
    }
    for role in roles {
        read.access.push(AccessRow {
            login: login.clone(),
            id: id.clone(),
            kind: "role",
            name: role.label().unwrap_or_default().to_owned(),
            given: role
                .assignment_type()
                .map_or("", |it| it.as_str())
                .to_owned(),
        });
    }
    let time = |time: Option<&Timestamp>| time.map(ToString::to_string).unwrap_or_default();
    read.changes.people.push((id.clone(), login.clone()));
    read.accounts.push(AccountRow {
        login,
        id,
        status,
        created: time(user.created.as_ref()),
        last_login: time(user.last_login.as_ref()),
        password_changed: time(user.password_changed.as_ref()),
        is_inactive,
        is_administrator,
        has_mfa,
        factors: factors.unwrap_or_default(),
    });
}

/// Types of the factors that a user can use, each once.
async fn factors(okta: &Client, user: &User) -> Result<Vec<String>, OktaError> {
    let factors = found(okta.user_factors().list(&user.id).all().await)?;
    let active = factors
        .iter()
        .filter(|factor| factor.status() == Some(&UserFactorStatus::Active));
    let types = active.filter_map(|factor| factor.factor_type());
    let mut types: Vec<_> = types.map(|it| it.as_str().to_owned()).collect();
    types.sort();
    types.dedup();
    Ok(types)
}

/// A list of someone who was deleted in the meantime is empty.
fn found<T>(list: Result<Vec<T>, OktaError>) -> Result<Vec<T>, OktaError> {
    match list {
        Err(error) if error.is_not_found() => Ok(Vec::new()),
        list => list,
    }
}

/// A page of groups or applications, whose users are read next.
async fn owners(okta: &Client, ledger: &Ledger, read: &mut Read) -> Result<(), Error> {
    let cursor = read.state.cursor.take();
    let (found, next) = match read.state.stage {
        Stage::Groups => {
            let pages = okta.groups().list().limit(200).pages();
            let page = page(pages, cursor.as_ref()).await?;
            let (items, next) = page.map(|it| (it.items, it.cursor)).unwrap_or_default();
            let groups = readable(items, &mut read.state).into_iter();
            let found = groups.map(|group| Owner {
                id: group.id.to_string(),
                name: group.profile.and_then(|it| it.name).unwrap_or_default(),
                given: group
                    .type_
                    .map(|it| it.as_str().to_owned())
                    .unwrap_or_default(),
                cursor: None,
            });
            (found.collect::<Vec<_>>(), next)
        }
        _ => {
            let pages = okta.applications().list().limit(200).pages();
            let page = page(pages, cursor.as_ref()).await?;
            let (items, next) = page.map(|it| (it.items, it.cursor)).unwrap_or_default();
            let apps = readable(items, &mut read.state).into_iter();
            let found = apps.map(|app| Owner {
                id: app.id().to_string(),
                name: app.label().unwrap_or_default().to_owned(),
                given: String::new(),
                cursor: None,
            });
            (found.collect(), next)
        }
    };
    let mut ids = HashSet::new();
    for owner in found {
        let is_listed = ledger.read(|file| store::is_listed(file, &owner.id))?;
        if !is_listed && ids.insert(owner.id.clone()) {
            read.changes.found.push(owner);
        }
    }
    let count = read.changes.found.len();
    match read.state.stage {
        Stage::Groups => read.state.summary.groups += count,
        _ => read.state.summary.apps += count,
    }
    read.state.has_listed = next.is_none();
    read.state.cursor = next;
    Ok(())
}

/// A page of the users of each of some groups or applications.
async fn users(
    okta: &Client,
    ledger: &Ledger,
    queued: Vec<(i64, Owner)>,
    read: &mut Read,
) -> Result<(), Error> {
    let stage = read.state.stage;
    let pages = stream::iter(queued).map(|(number, owner)| async move {
        let page = match stage {
            Stage::Groups => members(okta, &owner).await,
            _ => assigned(okta, &owner).await,
        };
        match page {
            // It was deleted in the meantime.
            Err(Error::Okta(error)) if error.is_not_found() => {
                Ok((number, owner, Users::default()))
            }
            page => page.map(|page| (number, owner, page)),
        }
    });
    let pages: Vec<_> = pages.buffered(AT_ONCE).try_collect().await?;
    for (number, owner, page) in pages {
        read.state.summary.unreadable += page.unreadable;
        let mut ids = HashSet::new();
        for user in page.users {
            let is_there = ledger.read(|file| store::is_member(file, &owner.id, &user.id))?;
            if is_there || !ids.insert(user.id.clone()) {
                continue;
            }
            let known = ledger.read(|file| store::login(file, &user.id))?;
            // Someone who came after the users were read; the id is better than nothing.
            let login = user.login.or(known).unwrap_or_else(|| user.id.clone());
            read.access.push(AccessRow {
                login,
                id: user.id,
                kind: if stage == Stage::Groups {
                    "group"
                } else {
                    "app"
                },
                name: owner.name.clone(),
                given: user.given.unwrap_or_else(|| owner.given.clone()),
            });
        }
        read.changes.read.push(PageOf {
            number,
            owner: owner.id,
            users: ids.into_iter().collect(),
            next: page.next.map(|it| it.to_string()),
        });
    }
    Ok(())
}

/// Users of a group or an application.
#[derive(Debug, Default)]
struct Users {
    users: Vec<Holder>,
    unreadable: usize,
    next: Option<Cursor>,
}

#[derive(Debug)]
struct Holder {
    id: String,
    login: Option<String>,
    given: Option<String>,
}

impl Users {
    fn new<T>(page: Option<Page<T>>, holder: impl Fn(T) -> Holder) -> Self {
        let Some(page) = page else {
            return Self::default();
        };
        let all = page.items.len();
        let users = page.items.into_iter().filter_map(Result::ok).map(holder);
        let users: Vec<_> = users.collect();
        Self {
            unreadable: all - users.len(),
            users,
            next: page.cursor,
        }
    }
}

async fn members(okta: &Client, group: &Owner) -> Result<Users, Error> {
    let pages = okta.groups().list_users(&group.id).limit(1000).pages();
    let page = page(pages, place(group)?.as_ref()).await?;
    Ok(Users::new(page, |user| Holder {
        id: user.id.to_string(),
        login: login(&user),
        given: None,
    }))
}

async fn assigned(okta: &Client, app: &Owner) -> Result<Users, Error> {
    let pages = okta.application_users().list(&app.id).limit(500).pages();
    let page = page(pages, place(app)?.as_ref()).await?;
    Ok(Users::new(page, |user| Holder {
        id: user.id.to_string(),
        login: None,
        given: user.scope.map(|it| it.as_str().to_owned()),
    }))
}

fn place(owner: &Owner) -> Result<Option<Cursor>, Error> {
    let cursor = owner.cursor.as_deref().map(str::parse);
    Ok(cursor.transpose()?)
}

fn login(user: &User) -> Option<String> {
    user.profile.as_ref()?.login.clone()
}
