//! Writes who has what as CSV: administrator roles, applications and groups, each with how it was
//! given.
//!
//! ```text
//! cargo run -p okta-examples --bin access_review -- --output access.csv
//! ```

use okta_examples::{Output, Settings, run};
use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use okta_sdk::{Client, Id};

/// Writes what the users of an Okta org have access to, as CSV.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where to write to, instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let org = okta_examples::connect().await?;
    let output: Box<dyn Write> = match &arguments.output {
        Some(file) => Box::new(
            File::create(file).with_context(|| format!("cannot write {}", file.display()))?,
        ),
        None => Box::new(Output),
    };
    let mut review = Review {
        okta: &org.client,
        logins: logins(&org.client).await?,
        csv: csv::Writer::from_writer(output),
    };
    review
        .csv
        .write_record(["login", "kind", "name", "given"])?;
    review.roles().await?;
    review.apps().await?;
    review.groups().await?;
    review.csv.flush()?;
    Ok(())
}

/// Logins by id: most lists tell ids.
async fn logins(okta: &Client) -> anyhow::Result<HashMap<String, String>> {
    let mut logins = HashMap::new();
    let mut users = okta.users().list().limit(200).stream();
    while let Some(user) = users.try_next().await? {
        let login = user.profile.and_then(|profile| profile.login);
        logins.extend(String::try_from(user.id).ok().zip(login));
    }
    Ok(logins)
}

struct Review<'a> {
    okta: &'a Client,
    logins: HashMap<String, String>,
    csv: csv::Writer<Box<dyn Write>>,
}

impl Review<'_> {
    async fn roles(&mut self) -> anyhow::Result<()> {
        let roles = self.okta.roles();
        for admin in roles.list_users_with_assignments().all().await? {
            for role in roles.list_assigned_for_user(&admin.id).all().await? {
                let given = role.assignment_type().map_or("", |it| it.as_str());
                let label = role.label().unwrap_or_default();
                self.row(&admin.id, "role", label, given)?;
            }
        }
        Ok(())
    }

    async fn apps(&mut self) -> anyhow::Result<()> {
        let mut apps = self.okta.applications().list().limit(200).stream();
        while let Some(app) = apps.try_next().await? {
            let label = app.label().unwrap_or_default();
            let mut users = self.okta.application_users().list(app.id()).stream();
            while let Some(user) = users.try_next().await? {
                let given = user.scope.as_ref().map_or("", |scope| scope.as_str());
                self.row(&user.id, "app", label, given)?;
            }
        }
        Ok(())
    }

    async fn groups(&mut self) -> anyhow::Result<()> {
        let mut groups = self.okta.groups().list().stream();
        while let Some(group) = groups.try_next().await? {
            let name = group.profile.and_then(|it| it.name).unwrap_or_default();
            let given = group.type_.as_ref().map_or("", |kind| kind.as_str());
            let mut users = self.okta.groups().list_users(&group.id).stream();
            while let Some(user) = users.try_next().await? {
                self.row(&user.id, "group", &name, given)?;
            }
        }
        Ok(())
    }

    fn row(&mut self, id: &Id, kind: &str, name: &str, given: &str) -> csv::Result<()> {
        // A user who was deactivated is in no list; the id is better than nothing.
        let id = id.as_str().unwrap_or_default();
        let login = self.logins.get(id).map_or(id, String::as_str);
        self.csv.write_record([login, kind, name, given])
    }
}
