//! Writes who has what: each user with last login and second factors, and each role, group and
//! application, with how it was given. Killed and started again, it goes on where it was.
//!
//! ```text
//! cargo run -p okta-examples --bin access_review -- --folder review
//! ```

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use futures::future::{self, Either};
use okta_examples::{Output, Settings, interrupted, note, run};
use okta_provision::{AccessReview, ReviewFormat, ReviewSummary};

/// Reviews who has access to what in an Okta org.
///
/// The folder takes `accounts`, `access` and `summary.json`. After Ctrl-C, a kill or an error the same
/// command goes on where it was.
///
/// Exit status: 0 if the review is complete, 1 if not.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where to write to.
    #[arg(long, value_name = "FOLDER", default_value = "access-review")]
    folder: PathBuf,
    /// How rows are written.
    #[arg(long, default_value = "csv")]
    format: Format,
    /// After how many days without a login someone counts as inactive.
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    inactive_after: u32,
    /// Leave out second factors, which take a request for each user.
    #[arg(long)]
    without_factors: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Csv,
    JsonLines,
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let org = okta_examples::connect().await?;
    let mut review = AccessReview::new(&arguments.folder)
        .inactive_after(arguments.inactive_after)
        .format(match arguments.format {
            Format::Csv => ReviewFormat::Csv,
            Format::JsonLines => ReviewFormat::JsonLines,
        });
    if arguments.without_factors {
        review = review.without_factors();
    }
    let mut review = review.open(&org.client)?;
    let mut stop = Box::pin(interrupted());
    loop {
        let next = Box::pin(review.advance(&org.client));
        match future::select(next, &mut stop).await {
            Either::Left((Ok(true), _)) => {}
            Either::Left((Ok(false), _)) => break,
            Either::Left((Err(error), _)) => return Err(error.into()),
            // The page that was being read is read again.
            Either::Right(_) => {
                note("Not complete; the same command goes on.");
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    tell(review.summary())?;
    Ok(ExitCode::SUCCESS)
}

fn tell(summary: &ReviewSummary) -> std::io::Result<()> {
    for (status, count) in &summary.accounts {
        writeln!(Output, "{count:>8} users {status}")?;
    }
    for (count, what) in [
        (summary.inactive, "inactive users"),
        (summary.administrators, "administrators"),
        (summary.with_mfa, "users with a second factor"),
        (summary.without_mfa, "users without one"),
        (
            summary.administrators_without_mfa,
            "administrators without one",
        ),
        (summary.groups, "groups"),
        (summary.apps, "applications"),
        (summary.rows, "rows of access"),
        (summary.unreadable, "things that could not be read"),
    ] {
        writeln!(Output, "{count:>8} {what}")?;
    }
    Ok(())
}
