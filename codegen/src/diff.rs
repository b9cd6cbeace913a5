//! What another release of Okta's document changes for those who use the library.
//!
//! Both documents are generated from, and what is compared is the public API that comes out of it
//! ([`Surface`]) and the facts behind it ([`Api`]): code that no longer compiles is found in the
//! one, code that compiles and does another thing in the other.

mod calls;
mod facts;
mod features;
mod operations;
mod reading;
mod records;
mod renames;
mod report;
mod signatures;
mod types;
mod values;

use serde_json::Value;

use crate::api::Api;
use crate::documents::About;
use crate::emit::surface::Surface;
use crate::{Error, Sources, other};
use renames::Renames;
use report::Changes;
pub use report::{Change, Class, Group, Report};

/// Compares what `sources` give with what they would give with `theirs` as the document `about`:
/// facts, as [`crate::import::facts`] has them. Names that it needs and the list has not are
/// proposed, and forgotten again.
///
/// # Errors
/// If either of them cannot be generated from.
pub fn diff(sources: &Sources<'_>, about: &'static About, theirs: Value) -> Result<Report, Error> {
    let ours = Side::new(crate::load(sources)?)?;
    let (theirs, notes) = other::load(sources, about, theirs)?;
    Ok(compare(ours, &Side::new(theirs)?, about, notes))
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

fn compare(was: Side, is: &Side, about: &About, notes: Vec<String>) -> Report {
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
    let release = |api: &Api| api.release_of(about).to_owned();
    Report::new(&release(&was.api), &release(&is.api), changes, notes)
}

#[cfg(test)]
mod tests;
