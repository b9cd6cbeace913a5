//! What another release of Okta's document changes for those who use the library.
//!
//! Both documents are generated from, and what is compared is the public API that comes out of it
//! ([`Surface`]) and the facts behind it ([`Api`]): code that no longer compiles is found in the
//! one, code that compiles and does another thing in the other.

mod calls;
mod facts;
mod features;
mod operations;
mod other;
mod reading;
mod records;
mod renames;
mod report;
mod signatures;
mod types;
mod values;

use serde_json::Value;

use crate::api::Api;
use crate::emit::surface::Surface;
use crate::{Error, Sources};
use renames::Renames;
use report::Changes;
pub use report::{Change, Class, Group, Report};

/// Compares what `sources` give with what the document `theirs` would give instead of theirs:
/// facts, as [`crate::import::facts`] has them. Names that it needs and the list has not are
/// proposed, and forgotten again.
///
/// # Errors
/// If either of them cannot be generated from.
pub fn diff(sources: &Sources<'_>, theirs: Value) -> Result<Report, Error> {
    let ours = Side::new(crate::load(sources)?)?;
    let (theirs, notes) = other::load(sources, theirs)?;
    Ok(compare(ours, &Side::new(theirs)?, notes))
}

/// What a document gives.
struct Side {
    api: Api,
    surface: Surface,
}

impl Side {
    fn new(api: Api) -> Result<Self, Error> {
        let surface = Surface::of(&api)?;
        Ok(Self { api, surface })
    }
}

fn compare(was: Side, is: &Side, notes: Vec<String>) -> Report {
    let mut changes = Changes::default();
    let pairs = operations::pairs(&was.api, &is.api);
    let renames = Renames::find(&was.surface, &is.surface, &pairs);
    // From here on, what has another name and is the same bears the new name on both sides.
    let was = Side {
        surface: was.surface.map(|item| renames.apply(item)),
        api: was.api,
    };
    features::compare(&mut changes, &was.api, &is.api);
    operations::compare(&mut changes, &was, is);
    types::compare(&mut changes, &was, is, &renames);
    Report::new(&was.api.release, &is.api.release, changes, notes)
}

#[cfg(test)]
mod tests;
