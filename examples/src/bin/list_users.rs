//! Lists users, all or those of a search, a page at a time.
//!
//! ```text
//! cargo run -p okta-examples --bin list_users -- --search 'profile.department eq "Engineering"'
//! ```

use clap::Parser;
use okta_examples::{Output, Settings, run};
use std::io::Write as _;
use std::process::ExitCode;

/// Lists the users of an Okta org.
#[derive(Debug, Parser)]
struct Arguments {
    /// Which users, such as `status eq "ACTIVE"` or `profile.badgeNumber gt 4000`; deactivated
    /// users are listed only by a search that finds them.
    #[arg(long, value_name = "EXPRESSION")]
    search: Option<String>,
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let org = okta_examples::connect().await?;

    let mut list = org.client.users().list().limit(200);
    if let Some(search) = arguments.search {
        list = list.search(search);
    }
    let mut users = list.stream();
    let mut count = 0_usize;
    while let Some(user) = users.try_next().await? {
        let profile = user.profile.unwrap_or_default();
        writeln!(
            Output,
            "{:20}  {:13}  {}",
            user.id,
            user.status.as_ref().map_or("", |status| status.as_str()),
            profile.login.unwrap_or_default(),
        )?;
        count += 1;
    }
    writeln!(Output, "{count} users")?;
    Ok(())
}
