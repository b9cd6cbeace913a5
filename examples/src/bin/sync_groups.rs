//! Makes groups have exactly the members that a CSV file says. Groups that are not in the file are
//! left alone.
//!
//! ```text
//! cargo run -p okta-examples --bin sync_groups -- --members groups.csv
//! ```

use okta_examples::{Output, Settings, run};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use okta_sdk::{Client, Id};
use serde::Deserialize;

/// The members that ship with this example.
const MEMBERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/groups.csv");

/// Makes groups of an Okta org match a CSV file.
#[derive(Debug, Parser)]
struct Arguments {
    /// The members: columns group and login.
    #[arg(long, value_name = "FILE", default_value = MEMBERS)]
    members: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Row {
    group: String,
    login: String,
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let wanted = read(&arguments.members)?;
    let org = okta_examples::connect().await?;

    // All logins first: one that nobody has stops it before anything is changed.
    let ids = find(&org.client, wanted.values().flatten()).await?;
    let groups = org.client.groups();
    for (name, logins) in &wanted {
        let group = groups.find_or_create(name).await?;
        let members = logins.iter().filter_map(|login| ids.get(login));
        let change = groups.set_members(&group.get().id, members).await?;
        writeln!(
            Output,
            "{name}: {} added, {} removed",
            change.added.len(),
            change.removed.len()
        )?;
    }
    Ok(())
}

/// Logins by group.
fn read(file: &Path) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let mut groups = BTreeMap::<String, Vec<String>>::new();
    let mut reader =
        csv::Reader::from_path(file).with_context(|| format!("cannot read {}", file.display()))?;
    for row in reader.deserialize() {
        let Row { group, login } = row?;
        groups.entry(group).or_default().push(login);
    }
    Ok(groups)
}

/// Ids by login.
async fn find(
    okta: &Client,
    logins: impl Iterator<Item = &String>,
) -> anyhow::Result<BTreeMap<String, Id>> {
    let mut ids = BTreeMap::new();
    for login in logins {
        if !ids.contains_key(login) {
            let user = okta.users().find_by_login(login).await?;
            let user = user.with_context(|| format!("there is no user {login}"))?;
            ids.insert(login.clone(), user.id);
        }
    }
    Ok(ids)
}
