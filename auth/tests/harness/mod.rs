//! A test harness whose count tells the tests that did not run from those that passed.

use std::future::Future;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::OnceLock;

use libtest_mimic::{Arguments, Completion, Trial};

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

/// Makes sure that the tests can run; the error says what is missing.
pub type Prepare = fn() -> Result<(), String>;

/// Runs all tests, as `cargo test` runs others, or none of them if `prepare` fails.
pub fn run(prepare: Prepare, modules: impl IntoIterator<Item = Vec<Test>>) -> ExitCode {
    let trials = modules.into_iter().flatten().map(|(name, test)| {
        Trial::ignorable_test(name, move || match missing(prepare) {
            None => {
                block_on(test());
                Ok(Completion::Completed)
            }
            Some(reason) if must_run() => Err(reason.as_str().into()),
            Some(reason) => Ok(Completion::ignored_with(reason)),
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

/// What is missing, found out when the first test wants it.
fn missing(prepare: Prepare) -> Option<&'static String> {
    static PREPARED: OnceLock<Result<(), String>> = OnceLock::new();
    PREPARED.get_or_init(prepare).as_ref().err()
}

fn must_run() -> bool {
    std::env::var("NO_SKIPPED_TESTS").is_ok_and(|set| set == "1")
}

fn block_on(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}
