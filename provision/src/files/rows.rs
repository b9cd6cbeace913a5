//! What rows mean.

mod administration;
mod roles;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Problems;
use super::row::{Field, Kind, PERSON, Place, Row, meant};
use crate::desired::{
    AppAccess, Attributes, Credentials, Desired, Group, OwnedPeople, Person, Principal, Standing,
    key,
};
use crate::error::{Error, Problem};

const STATUSES: [(&str, Standing); 4] = [
    ("staged", Standing::Staged),
    ("active", Standing::Active),
    ("suspended", Standing::Suspended),
    ("deactivated", Standing::Deactivated),
];

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Rows {
    desired: Desired,
    problems: Problems,
    file: PathBuf,
    groups: HashSet<String>,
    apps: HashSet<String>,
    principals: HashSet<Principal>,
    memberships: Vec<(String, String)>,
    uses: Vec<(String, String)>,
}

impl Rows {
    /// Another file.
    pub(super) fn start(&mut self, file: &Path) {
        file.clone_into(&mut self.file);
    }

    pub(super) fn problem(&mut self, place: Place, message: impl Into<String>) {
        self.problems.add(Problem {
            file: self.file.clone(),
            line: place.line,
            column: place.column,
            message: message.into(),
        });
    }

    pub(super) fn finish(mut self) -> Result<Desired, Error> {
        for (group, login) in std::mem::take(&mut self.memberships) {
            self.desired.member(&group, &login);
        }
        for (app, login) in std::mem::take(&mut self.uses) {
            // A profile that the application's own row gives counts.
            let known = self.desired.app_named(&app);
            if !known.is_some_and(|it| it.users.contains_key(key(&login).as_str())) {
                self.desired.app_user(&app, &login, Attributes::new());
            }
        }
        for message in self.desired.contradictions() {
            self.problem(Place::START, message);
        }
        match self.problems.0.is_empty() {
            true => Ok(self.desired),
            false => Err(Error::BadInput(self.problems.0)),
        }
    }

    /// Another row. One that is bad is noted and left out.
    pub(super) fn add(&mut self, kind: Kind, mut row: Row) {
        let understood = match kind {
            Kind::Person => return self.person(row),
            Kind::Group => self.group(&mut row),
            Kind::App => self.app(&mut row),
            Kind::Roles => self.roles(&mut row),
            Kind::Leaver => self.leaver(&mut row),
            Kind::Own => self.own(&mut row),
            Kind::CustomRole => self.custom_role(&mut row),
            Kind::ResourceSet => self.resource_set(&mut row),
            Kind::Application => self.application(&mut row),
        };
        if understood.is_some() {
            for Field { name, place, .. } in row.fields {
                let known = kind.members();
                let said = match meant(&name, known) {
                    Some(meant) => format!("unknown member {name}: did you mean {meant}?"),
                    None => format!("unknown member {name}; known are {}", known.join(", ")),
                };
                self.problem(place, said);
            }
        }
    }

    fn person(&mut self, mut row: Row) {
        let login = self.text(&mut row, "login");
        let first = self.text(&mut row, "firstName");
        let last = self.text(&mut row, "lastName");
        let email = self.text(&mut row, "email");
        let former = row.take("formerLogin").map(|it| self.as_text(it));
        let manager = row.take("manager");
        let status = row.take("status").and_then(|it| self.standing(&it));
        let credentials = row.take("credentials").map(|it| self.credentials(it));
        let groups = self.names(&mut row, "groups");
        let apps = self.names(&mut row, "apps");
        let roles = row.take("roles").map(|it| self.role_set(it));
        let (Some(login), Some(first), Some(last), Some(email)) = (login, first, last, email)
        else {
            return;
        };
        if self.desired.find(&login).is_some() {
            return self.problem(row.place, format!("{login} is there twice"));
        }
        let mut person = Person::new(&login, first, last).attribute("email", email);
        if let Some(Some(former)) = former {
            person = person.former_login(&former);
        }
        if let Some(Field { value, place, .. }) = manager {
            match value {
                Value::String(manager) if key(&manager) == key(&login) => {
                    self.problem(place, format!("{login} is their own manager"));
                }
                Value::String(manager) => person = person.manager(manager),
                _ => self.problem(place, "manager has to be a login"),
            }
        }
        if let Some(standing) = status {
            person = person.standing(standing);
        }
        if let Some(credentials) = credentials {
            person = person.credentials(credentials);
        }
        for Field { name, value, place } in row.fields {
            match meant(&name, &PERSON) {
                Some(meant) => self.problem(place, format!("{name}: did you mean {meant}?")),
                None => person = person.attribute(name, value),
            }
        }
        self.desired.person(person);
        let of = |name| (name, login.clone());
        self.memberships.extend(groups.into_iter().map(of));
        let of = |name| (name, login.clone());
        self.uses.extend(apps.into_iter().map(of));
        for role in roles.into_iter().flatten() {
            self.desired.role(Principal::user(&login), role);
        }
    }

    fn group(&mut self, row: &mut Row) -> Option<()> {
        let place = row.place;
        let name = self.text(row, "name")?;
        if !self.groups.insert(name.clone()) {
            self.problem(place, format!("the group {name} is there twice"));
        }
        let mut group = Group::new(&name);
        if let Some(field) = row.take("description") {
            match field.value {
                Value::String(text) => group = group.description(text),
                _ => self.problem(field.place, "description has to be text"),
            }
        }
        if self.flag(row, "exclusive") {
            group = group.exclusive();
        }
        if self.flag(row, "removed") {
            group = group.removed();
        }
        for login in self.names(row, "members") {
            group = group.member(&login);
        }
        self.desired.group(group);
        Some(())
    }

    fn app(&mut self, row: &mut Row) -> Option<()> {
        let place = row.place;
        let label = self.text(row, "label")?;
        if !self.apps.insert(label.clone()) {
            self.problem(place, format!("the app {label} is there twice"));
        }
        let mut app = AppAccess::new(&label);
        if self.flag(row, "exclusive") {
            app = app.exclusive();
        }
        for (login, profile) in self.holders(row, "users") {
            app = app.user(&login, profile);
        }
        for (name, profile) in self.holders(row, "groups") {
            app = app.group(&name, profile);
        }
        self.desired.app(app);
        Some(())
    }

    fn leaver(&mut self, row: &mut Row) -> Option<()> {
        let login = self.text(row, "login")?;
        self.desired.leaver(&login);
        Some(())
    }

    fn own(&mut self, row: &mut Row) -> Option<()> {
        let place = row.place;
        let group = row.take("group").map(|it| self.as_text(it));
        let search = row.take("search").map(|it| self.as_text(it));
        let people = match (group, search) {
            (Some(name), None) => OwnedPeople::Group(name?),
            (None, Some(expression)) => OwnedPeople::Search(expression?),
            _ => {
                self.problem(place, "write either group or search, whom the job owns");
                return None;
            }
        };
        if self.desired.owned().is_some_and(|known| *known != people) {
            self.problem(place, "whom the job owns is said twice; keep one of them");
        }
        self.desired.own(people);
        Some(())
    }

    /// Text that has to be there.
    fn text(&mut self, row: &mut Row, name: &str) -> Option<String> {
        match row.take(name) {
            Some(field) => self.as_text(field),
            None => {
                self.problem(row.place, format!("{name} is missing"));
                None
            }
        }
    }

    fn as_text(&mut self, Field { name, value, place }: Field) -> Option<String> {
        match value {
            Value::String(text) if !text.trim().is_empty() => Some(text),
            Value::String(_) => {
                self.problem(place, format!("{name} is empty"));
                None
            }
            _ => {
                self.problem(place, format!("{name} has to be text; put it in quotes"));
                None
            }
        }
    }

    fn flag(&mut self, row: &mut Row, name: &str) -> bool {
        match row.take(name) {
            None => false,
            Some(field) => field.value.as_bool().unwrap_or_else(|| {
                self.problem(field.place, format!("{name} has to be true or false"));
                false
            }),
        }
    }

    fn names(&mut self, row: &mut Row, name: &str) -> Vec<String> {
        let Some(Field { value, place, .. }) = row.take(name) else {
            return Vec::new();
        };
        let names: Option<Vec<String>> = match value {
            Value::Array(items) => items
                .into_iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect(),
            _ => None,
        };
        names.unwrap_or_else(|| {
            self.problem(place, format!("{name} has to be a list of texts"));
            Vec::new()
        })
    }

    /// A list of names, or a map of names to profiles.
    fn holders(&mut self, row: &mut Row, name: &str) -> Vec<(String, Attributes)> {
        match row.take(name) {
            Some(Field {
                value: Value::Object(holders),
                place,
                ..
            }) => {
                let mut found = Vec::new();
                for (holder, profile) in holders {
                    match profile {
                        Value::Object(profile) => {
                            found.push((holder, profile.into_iter().collect()));
                        }
                        Value::Null => found.push((holder, Attributes::new())),
                        _ => {
                            self.problem(place, format!("the profile of {holder} has to be a map"))
                        }
                    }
                }
                found
            }
            Some(field) => {
                row.fields.push(field);
                let names = self.names(row, name).into_iter();
                names.map(|name| (name, Attributes::new())).collect()
            }
            None => Vec::new(),
        }
    }

    fn standing(&mut self, field: &Field) -> Option<Standing> {
        let known = STATUSES.into_iter().find(|(name, _)| field.value == *name);
        if known.is_none() {
            let names = STATUSES.map(|(name, _)| name).join(", ");
            self.problem(field.place, format!("unknown status; write one of {names}"));
        }
        known.map(|(_, standing)| standing)
    }

    fn credentials(&mut self, field: Field) -> Credentials {
        match field.value {
            Value::String(text) if text == "hook" => Credentials::ImportHook,
            Value::Object(mut members) if members.len() == 1 => match members.remove("hash") {
                Some(hash @ Value::Object(_)) => Credentials::ImportHash(hash),
                _ => self.no_credentials(field.place),
            },
            _ => self.no_credentials(field.place),
        }
    }

    fn no_credentials(&mut self, place: Place) -> Credentials {
        self.problem(
            place,
            "credentials have to be hook, or {hash: …} as in Okta's API",
        );
        Credentials::None
    }
}
