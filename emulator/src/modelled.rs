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

    fn entry(&self, template: &str, method: &str) -> Option<&Entry> {
        // The key's method is static, so the few methods of a template are looked through.
        let template = nameless(template);
        let mut entries = self.0.range((template.clone(), "")..);
        let own = entries.by_ref().take_while(|((it, _), _)| *it == template);
        let mut own = own.filter(|((_, known), _)| *known == method);
        own.next().map(|(_, entry)| entry)
    }
}
