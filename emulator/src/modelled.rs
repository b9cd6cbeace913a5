//! Which operations are modelled by hand. Each resource of `model/` registers its own; there is no
//! other list.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::call::{Call, Reply};
use crate::document::nameless;
use crate::oauth::memory::keys::KeyName;
use crate::org::Org;
use crate::problem::Problem;

/// An operation: what it does to the org, and what it answers.
pub(crate) type Operation = fn(&mut Org, &Call) -> Result<Reply, Problem>;

/// Which keys an operation needs. They are made before it runs.
pub(crate) type KeyNames = fn(&Org, &Call) -> Vec<KeyName>;

/// A path and a method that are modelled by hand.
#[derive(Clone, Debug)]
struct Entry {
    template: String,
    /// None if it needs more than the org.
    operation: Option<Method>,
}

/// All that is modelled by hand, by template without names and by method.
#[derive(Clone, Debug, Default)]
pub(crate) struct Modelled(BTreeMap<(String, &'static str), Entry>);

/// An operation of a path: its method, and what it does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method {
    pub(crate) name: &'static str,
    pub(crate) operation: Operation,
    pub(crate) keys: KeyNames,
}

impl Method {
    fn new(name: &'static str, operation: Operation) -> Self {
        Self {
            name,
            operation,
            keys: |_, _| Vec::new(),
        }
    }

    /// The same operation, which needs these keys.
    pub(crate) fn with_keys(self, keys: KeyNames) -> Self {
        Self { keys, ..self }
    }
}

pub(crate) fn get(operation: Operation) -> Method {
    Method::new("GET", operation)
}

pub(crate) fn post(operation: Operation) -> Method {
    Method::new("POST", operation)
}

pub(crate) fn put(operation: Operation) -> Method {
    Method::new("PUT", operation)
}

pub(crate) fn patch(operation: Operation) -> Method {
    Method::new("PATCH", operation)
}

pub(crate) fn delete(operation: Operation) -> Method {
    Method::new("DELETE", operation)
}

impl Modelled {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Registers the operations of a path.
    pub(crate) fn at(mut self, template: &str, methods: impl IntoIterator<Item = Method>) -> Self {
        for method in methods {
            self.add(template, method.name, Some(method));
        }
        self
    }

    /// Registers an operation that needs more than the org.
    pub(crate) fn elsewhere(mut self, template: &str, method: &'static str) -> Self {
        self.add(template, method, None);
        self
    }

    /// Each operation with its path.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (&str, Method)> {
        let entries = self.0.values();
        entries.filter_map(|entry| Some((entry.template.as_str(), entry.operation?)))
    }

    fn add(&mut self, template: &str, method: &'static str, operation: Option<Method>) {
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
        let reply = (entry.operation?.operation)(org, &call);
        Some(reply.map(|reply| {
            let body = reply.body.unwrap_or_default();
            serde_json::from_slice(&body).unwrap_or_default()
        }))
    }

    /// The keys that the modelled `GET` of a path needs. `values` are those of its parameters, in
    /// order.
    pub(crate) fn keys_of_read(
        &self,
        org: &Org,
        template: &str,
        values: &[String],
    ) -> Vec<KeyName> {
        let entry = self.entry(template, "GET");
        let method = entry.and_then(|entry| Some((entry, entry.operation?)));
        method.map_or_else(Vec::new, |(entry, method)| {
            (method.keys)(org, &Call::of_path("", &entry.template, values))
        })
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
