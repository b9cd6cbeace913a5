//! A document that nobody has looked at yet: what it lacks is noted, and no error.

use serde_json::Value;

use crate::api::Api;
use crate::document::Document;
use crate::documents::About;
use crate::examples::Examples;
use crate::names::{self, Names, Taken, is_type_name};
use crate::roots::Roots;
use crate::words::Words;
use crate::{Error, Source, Sources, arguments, case, defaults, fixups, identifiers, lower};

/// Lowers what is known, but with another document in place of the one that it is about: with names
/// that are proposed where the list has none. Gives what somebody has to look at as well before it
/// can be imported.
pub fn load(
    sources: &Sources<'_>,
    about: &'static About,
    facts: Value,
) -> Result<(Api, Vec<String>), Error> {
    let mut notes = Notes::default();
    let mut facts = Some(facts);
    let (mut api, mut names) = crate::joined(sources, |source| {
        match facts.take_if(|_| source.about == about) {
            Some(facts) => other(sources, source, facts, &mut notes),
            None => crate::lowered(source),
        }
    })?;
    for (member, value) in defaults::propose(&api, &names) {
        names.defaults.insert(member, value);
    }
    notes.take(crate::review(&mut api, &names, sources));
    arguments::propose(&api, &mut names);
    arguments::apply(&mut api, &names)?;
    // Sentences about what it lacks do no harm, and what is new has none yet.
    Words::parse(sources.words)?.add_to(&mut api);
    notes
        .0
        .extend(Examples::parse(sources.examples)?.add_to(&mut api));
    Ok((api, notes.0))
}

/// The other document, and the names that it needs.
fn other(
    sources: &Sources<'_>,
    source: &Source<'_>,
    facts: Value,
    notes: &mut Notes,
) -> Result<(Api, Names), Error> {
    let mut taken = Taken::default();
    for other in sources
        .documents
        .iter()
        .filter(|it| it.about != source.about)
    {
        taken.add(&Names::load(other.names)?);
    }
    let mut names = Names::load(source.names)?;
    let previous: Option<Value> = serde_norway::from_str(source.document).ok();
    if let Some(previous) = &previous {
        names::carry_over(&mut names, previous, &facts);
    }
    let names = names::propose(source.about, &facts, &names, &taken).names;
    let mut document = Document::from_value(source.about, facts)?;
    let not_needed = fixups::apply_where_needed(&mut document);
    notes.0.extend(not_needed.iter().map(ToString::to_string));
    let previous = previous.map(|previous| Document::from_value(source.about, previous));
    let mut previous = previous.and_then(Result::ok);
    if let Some(previous) = &mut previous {
        fixups::apply_where_needed(previous);
    }

    let roots = Roots::parse(source.roots)?;
    let proposal = lower::propose(&document, &names, &roots, previous.as_ref(), &taken)?;
    let mut names = proposal.names;
    let mut api = lower_apart(&document, &mut names, &roots, notes)?;
    identifiers::propose(&api, &mut names, &taken);
    identifiers::assign(&mut api, &names)?;
    Ok((api, names))
}

/// Lowers it, with types of their own for places that are one type in the list and cannot be in
/// this document.
fn lower_apart(
    document: &Document,
    names: &mut Names,
    roots: &Roots,
    notes: &mut Notes,
) -> Result<Api, Error> {
    loop {
        let error = match lower::without_identifiers(document, names, roots) {
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
            return lower::without_identifiers(document, names, roots);
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
