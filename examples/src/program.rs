//! The start and the end of every program: arguments, help, errors and exit status.

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write};
use std::process::{ExitCode, Termination};

use clap::{CommandFactory, FromArgMatches};

use crate::output::{Output, is_closed_output};
use crate::settings::Settings;

/// Runs `program` with the arguments of the command line and gives its exit status.
///
/// `--help` ends with the settings that the program reads. An error is printed on standard error
/// with its causes, one a line and never with a backtrace; the status is then 1, 2 if the input is bad,
/// and 3 if a plan was refused before anything was done. A reader that has
/// closed standard output, such as `head`, ends the program with success.
pub fn run<A, T>(settings: Settings, program: impl AsyncFnOnce(A) -> anyhow::Result<T>) -> ExitCode
where
    A: CommandFactory + FromArgMatches,
    T: Termination,
{
    let help = settings.help();
    let command = A::command().after_help(help);
    let mut command = command.mut_subcommands(|it| it.after_help(help));
    let arguments = A::from_arg_matches(&command.get_matches_mut());
    let arguments = arguments.unwrap_or_else(|error| error.format(&mut command).exit());
    match start(program(arguments)) {
        Ok(ended) => ended,
        Err(error) if is_closed_output(&error) => ExitCode::SUCCESS,
        Err(error) => {
            note(explain(error.as_ref()));
            status(&error).into()
        }
    }
}

/// The exit status for an error: 2 if the input is wrong, as for wrong arguments; 3 if nothing was done
/// since the org or a guard rail stands against it; 1 otherwise.
fn status(error: &anyhow::Error) -> u8 {
    use okta_provision::Error;

    match error.downcast_ref() {
        Some(Error::BadInput(_) | Error::Format(_)) => 2,
        Some(Error::Objections(_) | Error::Changed(_) | Error::Superseded) => 3,
        _ => 1,
    }
}

fn start<T: Termination>(
    program: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(program)?.report();
    match Output.flush() {
        // A program that has failed has failed, whoever reads it.
        Err(error) if ended == ExitCode::SUCCESS => Err(error.into()),
        _ => Ok(ended),
    }
}

/// The error and its causes, one a line. A cause that the line before has already is left out.
fn explain(error: &(dyn Error + 'static)) -> String {
    let mut last = error.to_string();
    let mut text = format!("Error: {last}");
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !last.contains(&said) {
            text.push_str("\n  caused by: ");
            text.push_str(&said);
            last = said;
        }
        next = cause.source();
    }
    text
}

/// Prints a line on standard error. That nobody reads it is no reason to stop.
pub fn note(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn causes_have_a_line_each_and_are_not_repeated() {
        let error = anyhow!("no such file")
            .context("cannot read: no such file")
            .context("the people");
        assert_eq!(
            explain(error.as_ref()),
            "Error: the people\n  caused by: cannot read: no such file"
        );
    }
}
