//! `cargo xtask call-all`: every operation of a server, called once.
use std::process::ExitCode;

use anyhow::ensure;
use clap::Parser;
use okta_sdk::Client;
use serde_json::{Value, json};
use xtask_drivers::arrange::Arranger;
use xtask_drivers::caller::{Call, Given, Scope};
use xtask_drivers::{operations, output};

/// Call every operation once through the typed API, and print a line of JSON for each.
///
/// Arguments are made up from Okta's document: what a call needs, and the least of a body. Every
/// operation is called, those that delete and reset included: use a server that nobody needs.
///
/// An error status is an answer like any other. The exit status is 1 if a call got no answer, or
/// one that could not be decoded.
///
/// With --arrange, what an operation needs is made first, by other operations: parents, objects that
/// a body names, a state. An error status is a failure then. Somebody has to be locked out already,
/// and the rest of what no operation makes is what the emulator's default seed has.
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
    /// Make what each operation needs before calling it; for the management document
    #[arg(long)]
    arrange: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<ExitCode> {
    let Arguments {
        org_url,
        token,
        document,
        only,
        arrange,
    } = Arguments::parse();
    let okta = Client::builder()
        .org_url(org_url)
        .api_token(token)
        .build()?;
    ensure!(
        !arrange || document == operations::MANAGEMENT,
        "--arrange knows what operations of document `{}` need, and no other",
        operations::MANAGEMENT
    );
    let mut calls = operations::in_order(&document);
    calls.retain(|(_, entry)| only.as_deref().is_none_or(|only| entry["feature"] == only));
    ensure!(
        !calls.is_empty(),
        "no operation of document `{document}` is of feature `{}`",
        only.unwrap_or_default()
    );
    let arranger = match arrange {
        true => Some(Arranger::new(&okta).await?),
        false => None,
    };
    let mut all_well = true;
    for (call, entry) in calls {
        let (line, well) = match &arranger {
            Some(arranger) => arranged(&okta, arranger, call, entry).await?,
            None => outcome(&okta, call, entry, &Given::new(entry, Scope::Required)).await?,
        };
        output::line(&line)?;
        all_well &= well;
    }
    Ok(if all_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// As [`outcome`], with what the call needs; only success is well.
async fn arranged(
    okta: &Client,
    arranger: &Arranger<'_>,
    call: Call,
    entry: &Value,
) -> anyhow::Result<(Value, bool)> {
    match arranger.arrange(&call, entry).await {
        Ok(arranged) => {
            let (line, _) = outcome(okta, call, entry, &arranged.given()).await?;
            let well = line["decoded"] == true;
            Ok((line, well))
        }
        Err(error) => {
            let mut line = line(call, entry);
            line["decoded"] = false.into();
            line["reason"] = format!("not arranged: {error:#}").into();
            Ok((line, false))
        }
    }
}

/// The line to print, and whether the call was answered with something that could be decoded.
async fn outcome(
    okta: &Client,
    call: Call,
    entry: &Value,
    given: &Given<'_>,
) -> anyhow::Result<(Value, bool)> {
    let answer = (call.call)(okta, given)?.answer().await;
    let (status, reason) = match answer {
        Ok(answer) => (Some(answer.status), answer.value.err()),
        Err(error) => (error.status(), Some(error)),
    };
    let well = reason
        .as_ref()
        .is_none_or(|error| !error.is_decode() && error.status().is_some());
    let mut line = line(call, entry);
    line["status"] = status.map(|status| status.as_u16()).into();
    line["decoded"] = reason.is_none().into();
    if let Some(error) = reason {
        line["reason"] = error.to_string().into();
    }
    Ok((line, well))
}

/// What a line says of the operation.
fn line(call: Call, entry: &Value) -> Value {
    json!({
        "document": call.document,
        "operation": call.operation,
        "method": entry["method"],
        "path": entry["path"],
        "status": null,
    })
}
