//! Which operations are modelled by hand. Each resource of `model/` registers its own; there is no
//! other list.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::call::{Call, Reply};
use crate::document::nameless;
use crate::org::Org;
use crate::problem::Problem;

/// An operation: what it does to the org, and what it answers.
pub(crate) type Operation = fn(&mut Org, &Call) -> Result<Reply, Problem>;

/// A path and a method that are modelled by hand.
#[derive(Clone, Debug)]
struct Entry {
    template: String,
    /// None if it needs more than the org.
    operation: Option<Operation>,
}

/// All that is modelled by hand, by template without names and by method.
#[derive(Clone, Debug, Default)]
pub(crate) struct Modelled(BTreeMap<(String, &'static str), Entry>);

/// An operation of a path: its method, and what it does.
pub(crate) type Method = (&'static str, Operation);

pub(crate) fn get(operation: Operation) -> Method {
    ("GET", operation)
}

pub(crate) fn post(operation: Operation) -> Method {
    ("POST", operation)
}

pub(crate) fn put(operation: Operation) -> Method {
    ("PUT", operation)
}

pub(crate) fn patch(operation: Operation) -> Method {
    ("PATCH", operation)
}

pub(crate) fn delete(operation: Operation) -> Method {
    ("DELETE", operation)
}

impl Modelled {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Registers the operations of a path.
    pub(crate) fn at(mut self, template: &str, methods: impl IntoIterator<Item = Method>) -> Self {
        for (method, operation) in methods {
            self.add(template, method, Some(operation));
        }
        self
    }

    /// Registers an operation that needs more than the org.
    pub(crate) fn elsewhere(mut self, template: &str, method: &'static str) -> Self {
        self.add(template, method, None);
        self
    }

    /// Each operation with its path.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (&str, &'static str, Operation)> {
        let entries = self.0.iter();
        entries.filter_map(|((_, method), entry)| {
            Some((entry.template.as_str(), *method, entry.operation?))
        })
    }

    fn add(&mut self, template: &str, method: &'static str, operation: Option<Operation>) {
        let entry = Entry {
            template: template.to_owned(),
            operation,
        };
        self.0.insert((nameless(template), method), entry);
    }

    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether a method of a path is modelled.
    pub(crate) fn has(&self, template: &str, method: &str) -> bool {
        self.entry(template, method).is_some()
    }

    /// Those of the templates whose paths would go to what is modelled for a wider template, with a
    /// parameter where this one has a word, and that are not modelled themselves.
    pub(crate) fn shadowed<'t>(
        &self,
        templates: impl Iterator<Item = &'t str>,
    ) -> BTreeSet<&'t str> {
        let mut router = matchit::Router::new();
        for entry in self.0.values() {
            // The methods of a path have the same template.
            drop(router.insert(entry.template.clone(), ()));
        }
        let own: BTreeSet<&str> = self
            .0
            .keys()
            .map(|(template, _)| template.as_str())
            .collect();
        let goes = |template: &&str| {
            let path = template.replace(['{', '}'], "~");
            router.at(&path).is_ok() && !own.contains(nameless(template).as_str())
        };
        templates.filter(goes).collect()
    }

    /// What the modelled `GET` of a path answers; none if there is no such operation. `values` are
    /// those of its parameters, in order.
    pub(crate) fn read(
        &self,
        org: &mut Org,
        template: &str,
        values: &[String],
        base: &str,
    ) -> Option<Result<Value, Problem>> {
        let entry = self.entry(template, "GET")?;
        let call = Call::of_path(base, &entry.template, values);
        let reply = (entry.operation?)(org, &call);
        Some(reply.map(|reply| {
            let body = reply.body.unwrap_or_default();
            serde_json::from_slice(&body).unwrap_or_default()
        }))
    }

    /// Templates without names, with their methods.
    #[cfg(test)]
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .keys()
            .map(|(template, method)| (template.as_str(), *method))
    }

    fn entry(&self, template: &str, method: &str) -> Option<&Entry> {
        // The key's method is static, so the few methods of a template are looked through.
        let template = nameless(template);
        let mut entries = self.0.range((template.clone(), "")..);
        let own = entries.by_ref().take_while(|((it, _), _)| *it == template);
        let mut own = own.filter(|((_, known), _)| *known == method);
        own.next().map(|(_, entry)| entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_shadows_a_word() {
        let modelled = Modelled::new()
            .elsewhere("/schemas/user/{schemaId}", "GET")
            .elsewhere("/schemas/user/{schemaId}", "POST")
            .elsewhere("/schemas/group/default", "GET");
        let templates = [
            "/schemas/user/linkedObjects",
            "/schemas/user/linkedObjects/{name}",
            "/schemas/user/{id}",
            "/schemas/group/default",
        ];
        let shadowed = modelled.shadowed(templates.into_iter());
        assert_eq!(shadowed, BTreeSet::from(["/schemas/user/linkedObjects"]));
    }
}
