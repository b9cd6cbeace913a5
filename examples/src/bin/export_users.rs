//! Writes users as CSV, custom attributes included.
//!
//! ```text
//! cargo run -p okta-examples --bin export_users -- --output users.csv
//! cargo run -p okta-examples --bin export_users -- --attributes login,badgeNumber
//! ```

use okta_examples::{Output, Settings, run};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use okta_sdk::models::User;
use okta_sdk::{Client, Items};
use serde_json::{Map, Value};

/// Writes the users of an Okta org as CSV.
#[derive(Debug, Parser)]
struct Arguments {
    /// Which users, such as `status eq "ACTIVE"`.
    #[arg(long, value_name = "EXPRESSION")]
    search: Option<String>,
    /// Attributes of the profile to write. Without this, all that any user has: the list is then
    /// read twice, first for the names.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    attributes: Vec<String>,
    /// Where to write to, instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let org = okta_examples::connect().await?;
    let search = arguments.search.as_deref();

    let attributes = if arguments.attributes.is_empty() {
        attributes(&org.client, search).await?
    } else {
        arguments.attributes
    };
    let output: Box<dyn Write> = match &arguments.output {
        Some(file) => Box::new(
            File::create(file).with_context(|| format!("cannot write {}", file.display()))?,
        ),
        None => Box::new(Output),
    };
    let mut csv = csv::Writer::from_writer(output);
    csv.write_record(
        ["id", "status"]
            .into_iter()
            .chain(attributes.iter().map(String::as_str)),
    )?;
    let mut users = list(&org.client, search);
    while let Some(user) = users.try_next().await? {
        let profile = profile(&user)?;
        let status = user.status.as_ref().map_or("", |status| status.as_str());
        let cells = attributes.iter().map(|name| cell(profile.get(name)));
        let id = user.id.to_string();
        csv.write_record([id, status.to_owned()].into_iter().chain(cells))?;
    }
    csv.flush()?;
    Ok(())
}

fn list(okta: &Client, search: Option<&str>) -> Items<User> {
    let mut list = okta.users().list().limit(200);
    if let Some(search) = search {
        list = list.search(search);
    }
    list.stream()
}

/// Names of all attributes that any user has, in order.
async fn attributes(okta: &Client, search: Option<&str>) -> anyhow::Result<Vec<String>> {
    let mut names = BTreeSet::new();
    let mut users = list(okta, search);
    while let Some(user) = users.try_next().await? {
        let attributes = profile(&user)?
            .into_iter()
            .filter(|(_, value)| !value.is_null());
        names.extend(attributes.map(|(name, _)| name));
    }
    Ok(names.into_iter().collect())
}

/// The profile by attribute, those that Okta knows beside those that the org has added.
fn profile(user: &User) -> serde_json::Result<Map<String, Value>> {
    match serde_json::to_value(&user.profile)? {
        Value::Object(profile) => Ok(profile),
        _ => Ok(Map::new()),
    }
}

/// Text as it is, lists with semicolons, the rest as JSON.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            let cells: Vec<String> = items.iter().map(|item| cell(Some(item))).collect();
            cells.join(";")
        }
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_become_cells() {
        for (value, text) in [
            (json!(null), ""),
            (json!("a, b"), "a, b"),
            (json!(4711), "4711"),
            (json!(false), "false"),
            (json!(["a", 1, null]), "a;1;"),
            (json!({ "x": [1] }), r#"{"x":[1]}"#),
        ] {
            assert_eq!(cell(Some(&value)), text);
        }
        assert_eq!(cell(None), "");
    }
}
