//! What a path names. All that it goes through has to exist; users and apps that are named
//! otherwise are found by their id from there on.

use super::aliases::{self, Alias};
use super::{born, kinds};
use crate::call::Call;
use crate::document::segments::{encoded, parent};
use crate::document::{Operation, document, nameless};
use crate::modelled::Modelled;
use crate::org::Org;
use crate::problem::Problem;

/// The path that a request is about, if all that leads to its end exists.
pub(super) fn canonical(
    org: &mut Org,
    modelled: &Modelled,
    operation: &'static Operation,
    call: &Call,
) -> Result<String, Problem> {
    let mut way = Way {
        org,
        modelled,
        base: &call.base,
        template: String::new(),
        path: String::new(),
        values: Vec::new(),
    };
    let segments: Vec<&str> = operation.path.split('/').skip(1).collect();
    for (index, segment) in segments.iter().enumerate() {
        match segment
            .strip_prefix('{')
            .and_then(|it| it.strip_suffix('}'))
        {
            None => way.enter(segment),
            Some(name) => {
                let is_last = index + 1 == segments.len();
                way.find(operation, name, call.parameter(name), is_last)?;
            }
        }
    }
    Ok(way.path)
}

/// The part of a path that has been gone through.
struct Way<'o> {
    org: &'o mut Org,
    modelled: &'o Modelled,
    base: &'o str,
    template: String,
    path: String,
    /// Values of its parameters.
    values: Vec<String>,
}

impl Way<'_> {
    fn enter(&mut self, segment: &str) {
        self.template = format!("{}/{segment}", self.template);
        self.path = format!("{}/{segment}", self.path);
    }

    fn find(
        &mut self,
        operation: &'static Operation,
        name: &str,
        value: &str,
        is_last: bool,
    ) -> Result<(), Problem> {
        let collection = (self.template.clone(), self.path.clone());
        self.template = format!("{}/{{{name}}}", self.template);
        self.values.push(value.to_owned());
        let found = match aliases::of(&nameless(&self.template)) {
            Some(Alias::Unchecked) => value.to_owned(),
            Some(Alias::Of { item, .. }) => self.read(item, &[value.to_owned()])?,
            None => self.item(operation, name, value, is_last, &collection)?,
        };
        self.path = format!("{}/{}", self.path, encoded(&found));
        if let Some(last) = self.values.last_mut() {
            *last = found;
        }
        Ok(())
    }

    /// An item of a collection. The last one is looked for by the operation itself.
    fn item(
        &mut self,
        operation: &'static Operation,
        name: &str,
        value: &str,
        is_last: bool,
        collection: &(String, String),
    ) -> Result<String, Problem> {
        if let Some(value) = self.of_enum(operation, name, value)? {
            return Ok(value);
        }
        if is_last {
            return Ok(value.to_owned());
        }
        let (template, values) = (self.template.clone(), self.values.clone());
        if self.modelled.has(&template, "GET") {
            return self.read(&template, &values);
        }
        if document().operation(&template, "GET").is_none() && !kinds::has_items(&collection.0) {
            return Ok(value.to_owned());
        }
        born::start(self.org, &collection.0, &collection.1);
        match self.org.store.item(&collection.1, value) {
            Some(_) => Ok(value.to_owned()),
            None => Err(kinds::not_found(&collection.0, value)),
        }
    }

    /// One of the values that a parameter has, in their letter case.
    fn of_enum(
        &self,
        operation: &'static Operation,
        name: &str,
        value: &str,
    ) -> Result<Option<String>, Problem> {
        let values = born::values_of(operation, name);
        if values.is_empty() {
            return Ok(None);
        }
        let known = values
            .iter()
            .find(|known| known.eq_ignore_ascii_case(value));
        match known {
            Some(known) => Ok(Some((*known).to_owned())),
            None => Err(Problem::not_found(value, name)),
        }
    }

    /// The id of an object that is read elsewhere.
    fn read(&mut self, template: &str, values: &[String]) -> Result<String, Problem> {
        let value = values.last().cloned().unwrap_or_default();
        if let Some(answer) = self.modelled.read(self.org, template, values, self.base) {
            let object = answer?;
            return Ok(object["id"].as_str().map_or(value, str::to_owned));
        }
        let collection = parent(template);
        born::start(self.org, collection, collection);
        match self.org.store.item(collection, &value) {
            Some(_) => Ok(value),
            None => Err(kinds::not_found(collection, &value)),
        }
    }
}
