//! Which operations are modelled by hand. The routes fill this as they are registered, so that there
//! is no other list.

use std::collections::BTreeMap;

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

impl Modelled {
    pub(crate) fn add(
        &mut self,
        template: &str,
        method: &'static str,
        operation: Option<Operation>,
    ) {
        let entry = Entry {
            template: template.to_owned(),
            operation,
        };
        self.0.insert((nameless(template), method), entry);
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether a method of a path is modelled.
    pub(crate) fn has(&self, template: &str, method: &str) -> bool {
        self.entry(template, method).is_some()
    }

    /// Whether any method of a path is modelled.
    pub(crate) fn has_path(&self, template: &str) -> bool {
        let template = nameless(template);
        self.0.keys().any(|(known, _)| *known == template)
    }

    /// Whether a path of that template is also one of a modelled template, which has a parameter where
    /// this one has a word.
    pub(crate) fn shadows(&self, template: &str) -> bool {
        let mut templates = self.0.values().map(|entry| entry.template.as_str());
        templates.any(|known| covers(known, template))
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

/// Whether every path of `template` fits `known`, which is another template.
fn covers(known: &str, template: &str) -> bool {
    let is_parameter = |segment: &str| segment.starts_with('{');
    let (mut known, mut own) = (known.split('/'), template.split('/'));
    let mut wider = false;
    loop {
        match (known.next(), own.next()) {
            (None, None) => return wider,
            (Some(known), Some(own)) if is_parameter(known) => wider |= !is_parameter(own),
            (Some(known), Some(own)) if known == own => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_covers_a_word() {
        let schemas = "/meta/schemas/user/{schemaId}";
        assert!(covers(schemas, "/meta/schemas/user/linkedObjects"));
        assert!(!covers(schemas, "/meta/schemas/user/{id}"));
        assert!(!covers(schemas, "/meta/schemas/group/default"));
        assert!(!covers(schemas, "/meta/schemas/user/linkedObjects/{name}"));
    }
}
