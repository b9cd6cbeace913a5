//! Steps of a script: each prints a line, `ok NAME`, `FAIL NAME: why` or `expected NAME: reason`.

use std::error::Error;
use std::fmt::Debug;
use std::future::Future;

pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A step that has to work. Its value is there if it did.
pub async fn step<T>(name: &str, does: impl Future<Output = Outcome<T>>) -> Option<T> {
    match does.await {
        Ok(value) => {
            println!("ok {name}");
            Some(value)
        }
        Err(why) => {
            println!("FAIL {name}: {}", format!("{why:?}").replace('\n', " "));
            None
        }
    }
}

/// A step that fails because of a mistake in the client. Once it works, the mistake is mended.
pub async fn wrong_in_client(name: &str, reason: &str, does: impl Future<Output = Outcome>) {
    match does.await {
        Ok(()) => println!("FAIL {name}: works by now, so that it is no longer true that {reason}"),
        Err(_) => println!("expected {name}: {reason}"),
    }
}

pub fn same<T: PartialEq + Debug>(found: T, wanted: T) -> Outcome {
    match found == wanted {
        true => Ok(()),
        false => Err(format!("found {found:?} where {wanted:?} was expected").into()),
    }
}

pub fn env(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}
