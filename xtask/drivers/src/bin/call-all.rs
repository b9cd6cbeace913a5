//! `cargo xtask call-all`: every operation of a server, called once.
use std::process::ExitCode;

use anyhow::ensure;
use clap::Parser;
use okta_sdk::Client;
use serde_json::{Value, json};
use xtask_drivers::caller::{Call, Given, Scope};
use xtask_drivers::{operations, output};

/// Call every operation once through the typed API, and print a line of JSON for each.
///
/// Arguments are made up from Okta's document: what a call needs, and the least of a body. Every
/// operation is called, those that delete and reset included: use a server that nobody needs.
///
/// An error status is an answer like any other. The exit status is 1 if a call got no answer, or
/// one that could not be decoded.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask call-all", bin_name = "cargo xtask call-all")]
struct Arguments {
    /// The server, such as http://127.0.0.1:8080
    #[arg(long)]
    org_url: String,
    /// API token (SSWS)
    #[arg(long)]
    token: String,
    /// Okta's document whose operations are called, such as governance
    #[arg(long, default_value = operations::MANAGEMENT)]
    document: String,
    /// Call the operations of this cargo feature only, such as `users`
    #[arg(long)]
    only: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<ExitCode> {
    let Arguments {
        org_url,
        token,
        document,
        only,
    } = Arguments::parse();
    let okta = Client::builder()
        .org_url(org_url)
        .api_token(token)
        .build()?;
    let mut calls: Vec<(Call, &Value)> = operations::all()
        .filter(|(call, _)| call.document == document)
        .filter(|(_, entry)| only.as_deref().is_none_or(|only| entry["feature"] == only))
        .collect();
    ensure!(
        !calls.is_empty(),
        "no operation of document `{document}` is of feature `{}`",
        only.unwrap_or_default()
    );
    // After this one the token is no good.
    calls.sort_by_key(|(call, _)| call.operation == "revokeCurrentApiToken");
    let mut all_well = true;
    for (call, entry) in calls {
        let (line, well) = outcome(&okta, call, entry).await?;
        output::line(&line)?;
        all_well &= well;
    }
    Ok(if all_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The line to print, and whether the call was answered with something that could be decoded.
async fn outcome(okta: &Client, call: Call, entry: &Value) -> anyhow::Result<(Value, bool)> {
    let answer = (call.call)(okta, &Given::new(entry, Scope::Required))?
        .answer()
        .await;
    let (status, reason) = match answer {
        Ok(answer) => (Some(answer.status), answer.value.err()),
        Err(error) => (error.status(), Some(error)),
    };
    let well = reason
        .as_ref()
        .is_none_or(|error| !error.is_decode() && error.status().is_some());
    let mut line = json!({
        "document": call.document,
        "operation": call.operation,
        "method": entry["method"],
        "path": entry["path"],
        "status": status.map(|status| status.as_u16()),
        "decoded": reason.is_none(),
    });
    if let Some(error) = reason {
        line["reason"] = error.to_string().into();
    }
    Ok((line, well))
}
