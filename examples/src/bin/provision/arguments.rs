//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use okta_provision::{Guard, Kind};

use crate::formats::PlanFormat;

/// The people that ship with this example.
const PEOPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/people.csv");

/// Makes an Okta org match files of people, groups and roles.
///
/// Without a command it does the same as `apply`. A second run changes nothing, and a run that failed
/// or was killed halfway is mended by another.
///
/// Ctrl-C finishes what is under way and reports it; another one ends the program at once.
///
/// Exit status:
///   0    everything is as wanted
///   1    something failed, or was not begun, such as after Ctrl-C
///   2    the arguments or the files are wrong; nothing was done
///   3    a guard rail stands against the plan, or the org has changed; nothing was done
///   130  a second Ctrl-C has ended it at once
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true, verbatim_doc_comment)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub run: RunArguments,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Shows what would be done, and does nothing.
    Plan(PlanArguments),
    /// Does what is needed, or what a saved plan says.
    Apply(RunArguments),
    /// Does what a run that was stopped or killed has left, from its journal.
    Resume(Work),
    /// Shows a report that was written as JSON, or writes it in other formats.
    Report(ReportArguments),
}

#[derive(Debug, Args)]
pub struct PlanArguments {
    #[command(flatten)]
    pub wanted: Wanted,
    /// Saves the plan for `apply --plan`. Only its owner can read the file.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How the plan is shown.
    #[arg(long, default_value = "text")]
    pub format: PlanFormat,
}

#[derive(Debug, Args)]
pub struct RunArguments {
    #[command(flatten)]
    pub wanted: Wanted,
    #[command(flatten)]
    pub work: Work,
    /// A plan that `plan --output` has saved, instead of people. It is compared with the org first.
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// Prints what would be done, and does nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// What should be, and what must not happen.
#[derive(Debug, Args)]
pub struct Wanted {
    /// What should be: a file, or a folder of files that end with .csv, .jsonl or .yaml. A CSV file
    /// has a person in each row: columns login, email, firstName, lastName, and, if you like, manager,
    /// status, groups, apps and roles (several separated by semicolons). Any other column is an
    /// attribute of the profile.
    #[arg(long, value_name = "PATH", env = "PROVISION_PEOPLE", default_value = PEOPLE)]
    pub people: PathBuf,
    /// Allows so many removals, such as `memberships=200`: of groups, people, memberships, assignments
    /// or roles. Otherwise more than 5 % of a kind, and more than 9, are refused.
    #[arg(long, value_name = "KIND=COUNT", value_parser = allowance)]
    pub allow: Vec<(Kind, usize)>,
    /// A user who loses nothing, by login.
    #[arg(long, value_name = "LOGIN")]
    pub protect_user: Vec<String>,
    /// A group that loses nothing, by name.
    #[arg(long, value_name = "NAME")]
    pub protect_group: Vec<String>,
    /// Allows that someone who can act already has a role for the whole org for a moment, if it is to be
    /// for some groups or applications only: Okta limits it only after it was given.
    #[arg(long)]
    pub allow_unlimited_moment: bool,
}

#[derive(Debug, Args)]
pub struct Work {
    /// How many requests are under way at a time.
    #[arg(long, value_name = "COUNT", default_value = "8")]
    pub concurrency: NonZeroUsize,
    /// Where each step is noted before and after it is done, so that `resume` can go on.
    #[arg(long, value_name = "FILE", env = "PROVISION_JOURNAL")]
    pub journal: Option<PathBuf>,
    /// Where the report is written to; its ending says how: .txt, .json, .md or .html. May be given
    /// several times.
    #[arg(long, value_name = "FILE")]
    pub report: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ReportArguments {
    /// The report, as `--report FILE.json` has written it.
    pub report: PathBuf,
    /// Where it is written to; its ending says how: .txt, .json, .md or .html. May be given several
    /// times. Without it, the report is printed.
    #[arg(long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
}

impl Wanted {
    pub fn guard(&self) -> Guard {
        let mut guard = Guard::new();
        for (kind, most) in &self.allow {
            guard = guard.allow(*kind, *most);
        }
        for login in &self.protect_user {
            guard = guard.protect_user(login);
        }
        for name in &self.protect_group {
            guard = guard.protect_group(name);
        }
        if self.allow_unlimited_moment {
            guard = guard.allow_unlimited_moment();
        }
        guard
    }
}

fn allowance(text: &str) -> Result<(Kind, usize), String> {
    let (name, count) = text
        .split_once('=')
        .ok_or("write a kind and a number, such as memberships=200")?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.to_string() == name);
    let kinds = Kind::ALL.map(|kind| kind.to_string()).join(", ");
    let kind = kind.ok_or_else(|| format!("{name} is none of {kinds}"))?;
    let count = count.parse().map_err(|_| format!("{count} is no number"))?;
    Ok((kind, count))
}
