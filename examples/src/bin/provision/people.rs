//! The people as the CSV file has them.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use anyhow::{Context, bail, ensure};
use csv::StringRecord;
use okta_sdk::models::{RoleType, UserProfile};
use serde_json::Value;

/// Columns that mean something of their own; the first ones are required.
const COLUMNS: [&str; 8] = [
    "login",
    "email",
    "firstName",
    "lastName",
    "department",
    "groups",
    "apps",
    "roles",
];

/// How many of them are required.
const REQUIRED: usize = 4;

/// How alike two names are, from 0 to 1, for one to be a misspelling of the other.
const ALIKE: f64 = 0.75;

/// Someone who should be in the org, with all that they should have there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    pub login: String,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub department: Option<String>,
    /// Other attributes of the profile, by name.
    pub custom: BTreeMap<String, Value>,
    /// Names of groups.
    pub groups: Vec<String>,
    /// Labels of applications.
    pub apps: Vec<String>,
    /// Standard administrator roles, such as `HELP_DESK_ADMIN`.
    pub roles: Vec<String>,
}

impl Person {
    /// The profile as it should be. Attributes that it does not have are left alone.
    pub fn profile(&self) -> UserProfile {
        let mut profile = UserProfile::new()
            .login(&self.login)
            .email(&self.email)
            .first_name(&self.first_name)
            .last_name(&self.last_name);
        if let Some(department) = &self.department {
            profile = profile.department(department);
        }
        for (name, value) in &self.custom {
            profile = profile.custom(name, value.clone());
        }
        profile
    }
}

/// Names of all groups that someone should be in.
pub fn all_groups(people: &[Person]) -> BTreeSet<&str> {
    people
        .iter()
        .flat_map(|person| &person.groups)
        .map(String::as_str)
        .collect()
}

/// Labels of all applications that someone should have.
pub fn all_apps(people: &[Person]) -> BTreeSet<&str> {
    people
        .iter()
        .flat_map(|person| &person.apps)
        .map(String::as_str)
        .collect()
}

/// Reads the people of a CSV file.
pub fn read(path: &Path) -> anyhow::Result<Vec<Person>> {
    let file = std::fs::File::open(path);
    let people = file.map_err(anyhow::Error::from).and_then(parse);
    people.with_context(|| format!("cannot read the people in {}", path.display()))
}

fn parse(file: impl std::io::Read) -> anyhow::Result<Vec<Person>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(file);
    let headers = reader.headers()?.clone();
    check_columns(&headers)?;
    let mut people = Vec::new();
    let mut logins = HashSet::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let person = person(&headers, &record).with_context(|| format!("line {line}"))?;
        // Okta's logins do not differ by case alone.
        let is_new = logins.insert(person.login.to_lowercase());
        ensure!(is_new, "line {line}: {} is there twice", person.login);
        people.push(person);
    }
    Ok(people)
}

/// That the required columns are there, and that no other is a misspelling of one that means more
/// than an attribute.
fn check_columns(headers: &StringRecord) -> anyhow::Result<()> {
    let is_there = |column: &str| headers.iter().any(|header| header == column);
    for header in headers.iter().filter(|header| !COLUMNS.contains(header)) {
        let meant = COLUMNS.into_iter().find(|column| {
            let header = header.to_lowercase();
            let how = strsim::normalized_damerau_levenshtein(&header, &column.to_lowercase());
            how >= ALIKE && !is_there(column)
        });
        if let Some(meant) = meant {
            bail!("column {header}: did you mean {meant}?");
        }
    }
    for required in &COLUMNS[..REQUIRED] {
        ensure!(
            is_there(required),
            "there is no column {required}; found {}. Columns are separated by commas",
            headers.iter().collect::<Vec<_>>().join(", ")
        );
    }
    Ok(())
}

fn person(headers: &StringRecord, record: &StringRecord) -> anyhow::Result<Person> {
    let mut person = Person::default();
    for (header, cell) in headers
        .iter()
        .zip(record)
        .filter(|(_, cell)| !cell.is_empty())
    {
        match header {
            "login" => person.login = cell.to_owned(),
            "email" => person.email = cell.to_owned(),
            "firstName" => person.first_name = cell.to_owned(),
            "lastName" => person.last_name = cell.to_owned(),
            "department" => person.department = Some(cell.to_owned()),
            "groups" => person.groups = several(cell),
            "apps" => person.apps = several(cell),
            "roles" => person.roles = several(cell),
            attribute => {
                person.custom.insert(attribute.to_owned(), value(cell));
            }
        }
    }
    for (column, cell) in [
        ("login", &person.login),
        ("email", &person.email),
        ("firstName", &person.first_name),
        ("lastName", &person.last_name),
    ] {
        ensure!(!cell.is_empty(), "{column} is empty");
    }
    for role in &person.roles {
        ensure!(
            RoleType::VALUES.contains(&role.as_str()),
            "{role} is no administrator role; write one of {}",
            RoleType::VALUES.join(", ")
        );
    }
    Ok(person)
}

/// The parts between semicolons, each once.
fn several(cell: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for part in cell
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        if !parts.iter().any(|known| known == part) {
            parts.push(part.to_owned());
        }
    }
    parts
}

/// A whole number if it is written as one (`4711`, not `007`), or else text.
fn value(cell: &str) -> Value {
    match cell.parse::<i64>() {
        Ok(number) if number.to_string() == cell => number.into(),
        _ => cell.into(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn columns_become_properties_and_custom_attributes() {
        let csv = "login,email,firstName,lastName,department,groups,apps,roles,badgeNumber,locker\n\
                   a@x.org,b@x.org,Ada,\"Lovelace, Countess\",,One; Two ;One,Wiki,,4711,007\n";
        assert_eq!(
            parse(csv.as_bytes()).unwrap(),
            [Person {
                login: "a@x.org".to_owned(),
                email: "b@x.org".to_owned(),
                first_name: "Ada".to_owned(),
                last_name: "Lovelace, Countess".to_owned(),
                department: None,
                custom: [("badgeNumber", json!(4711)), ("locker", json!("007"))]
                    .map(|(name, value)| (name.to_owned(), value))
                    .into(),
                groups: vec!["One".to_owned(), "Two".to_owned()],
                apps: vec!["Wiki".to_owned()],
                roles: Vec::new(),
            }]
        );
    }

    #[test]
    fn a_bad_file_is_refused_with_the_line_or_column() {
        for (csv, said) in [
            (
                "login,email,firstName\n",
                "there is no column lastName; found login, email, firstName. Columns are separated \
                 by commas",
            ),
            (
                "login;email;firstName;lastName\n",
                "there is no column login; found login;email;firstName;lastName. Columns are \
                 separated by commas",
            ),
            (
                "login,email,firstName,lastName,Department,group\n",
                "column Department: did you mean department?",
            ),
            (
                "login,email,firstName,lastName,group\n",
                "column group: did you mean groups?",
            ),
            (
                "login,email,firstName,lastName\na@x.org,,A,B\n",
                "line 2: email is empty",
            ),
            (
                "login,email,firstName,lastName\na@x.org,a,A,B\nA@x.org,a,A,B\n",
                "line 3: A@x.org is there twice",
            ),
        ] {
            let error = format!("{:#}", parse(csv.as_bytes()).unwrap_err());
            assert_eq!(error, said);
        }
    }

    #[test]
    fn a_role_that_there_is_not_is_refused_before_anything_is_done() {
        let csv = "login,email,firstName,lastName,roles\na@x.org,a,A,B,HELPDESK\n";
        let error = format!("{:#}", parse(csv.as_bytes()).unwrap_err());
        assert!(
            error.starts_with("line 2: HELPDESK is no administrator role"),
            "{error}"
        );
        assert!(error.contains("HELP_DESK_ADMIN"), "{error}");
    }

    #[test]
    fn the_people_that_ship_can_be_read() {
        assert_eq!(read(Path::new(crate::PEOPLE)).unwrap().len(), 200);
    }
}
