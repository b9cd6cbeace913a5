//! A test harness whose count tells the tests that did not run from those that passed.

use std::future::Future;
use std::pin::Pin;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

use crate::installation;

/// A test: its name, and what it does.
pub type Test = (
    &'static str,
    fn() -> Pin<Box<dyn Future<Output = ()> + Send>>,
);

/// The tests of a module: `tests! { it_does_this, it_does_that, }`. One that is not listed is dead
/// code, which the compiler tells.
macro_rules! tests {
    ($($name:ident,)*) => {
        pub fn tests() -> Vec<$crate::harness::Test> {
            vec![$((stringify!($name), || Box::pin($name()))),*]
        }
    };
}

/// Runs all tests, as `cargo test` runs others.
pub fn run(modules: impl IntoIterator<Item = Vec<Test>>) -> ExitCode {
    let arguments = Arguments::from_args();
    let missing = match arguments.list {
        true => None,
        false => installation::prepare().err(),
    };
    if let Some(reason) = &missing {
        eprintln!("oidc-provider cannot be started: {reason}");
    }
    let must_run = std::env::var("NO_SKIPPED_TESTS").is_ok_and(|set| set == "1");
    let trials = modules.into_iter().flatten().map(|(name, test)| {
        let missing = missing.clone();
        let ignored = missing.is_some() && !must_run;
        let run = move || match missing {
            Some(reason) => Err(reason.into()),
            None => {
                block_on(test());
                Ok(())
            }
        };
        Trial::test(name, run).with_ignored_flag(ignored)
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn block_on(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}
