//! A document that nobody has looked at yet: what it lacks is noted, and no error.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::api::Api;
use crate::document::Document;
use crate::names::{self, Names, is_type_name};
use crate::{Error, Sources, case, defaults, fixups, lower};

/// Lowers a document with names that are proposed where the list has none, and gives what somebody
/// has to look at before it can be imported.
pub(super) fn load(sources: &Sources<'_>, facts: Value) -> Result<(Api, Vec<String>), Error> {
    let names = Names::load(sources.names)?;
    let names = names::propose(&facts, &names)?.names;
    let mut document = Document::from_value(facts)?;
    let mut notes = Notes::default();
    notes.take(fixups::apply(&mut document));

    let proposal = lower::propose(&document, &names)?;
    let mut names = proposal.names;
    let stale: BTreeSet<String> = proposal.stale.into_iter().collect();
    names.types.retain(|place, _| !stale.contains(place));
    let mut api = lower_apart(&document, &mut names, &mut notes)?;
    for (member, value) in defaults::propose(&api, &names) {
        names.defaults.insert(member, value);
    }
    notes.take(crate::review(&mut api, &names, sources));
    Ok((api, notes.0))
}

/// Lowers it, with types of their own for places that are one type in the list and cannot be in
/// this document.
fn lower_apart(document: &Document, names: &mut Names, notes: &mut Notes) -> Result<Api, Error> {
    loop {
        let error = match lower::lower(document, names) {
            Ok(api) => return Ok(api),
            Err(error) => error,
        };
        let mut parted = false;
        let mut others = Vec::new();
        for error in error.each() {
            match &error {
                Error::Contradiction { name, .. } if part(names, name) => {
                    notes
                        .0
                        .push(format!("{error}; compared here as types of their own"));
                    parted = true;
                }
                _ => others.push(error),
            }
        }
        Error::unless_empty(others)?;
        if !parted {
            // An error that is none cannot be: this ends the loop all the same.
            return lower::lower(document, names);
        }
    }
}

/// Gives all places of a type but one another name; whether there were several.
fn part(names: &mut Names, name: &str) -> bool {
    let places: Vec<String> = names
        .types
        .iter()
        .filter(|(_, ty)| *ty == name)
        .map(|(place, _)| place.clone())
        .collect();
    let stays = places
        .iter()
        .find(|place| case::pascal(place) == name)
        .or(places.first())
        .cloned();
    for place in places.iter().filter(|place| Some(*place) != stays.as_ref()) {
        let mut own = case::pascal(place);
        if !is_type_name(&own) {
            own.insert_str(0, "Okta");
        }
        while names.types.values().any(|taken| *taken == own) {
            own.push('2');
        }
        names.types.insert(place.clone(), own);
    }
    places.len() > 1
}

/// What somebody has to look at.
#[derive(Default)]
struct Notes(Vec<String>);

impl Notes {
    fn take(&mut self, outcome: Result<(), Error>) {
        let errors = outcome.err().into_iter().flat_map(Error::each);
        self.0.extend(errors.map(|error| error.to_string()));
    }
}
