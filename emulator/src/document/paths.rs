//! Which path of the document a request is for.

use std::collections::BTreeMap;

use super::facts::Operation;

/// All path templates.
#[derive(Debug)]
pub(super) struct Paths {
    router: matchit::Router<usize>,
    /// Places by their number in `router`.
    methods: Vec<BTreeMap<String, usize>>,
    templates: Vec<String>,
    /// Numbers of places by template without names.
    numbers: BTreeMap<String, usize>,
}

/// A path of the document with the values of its parameters.
#[derive(Debug)]
pub(crate) struct Place<'d> {
    methods: &'d BTreeMap<String, usize>,
    /// The template, such as `/api/v1/zones/{zoneId}`.
    pub(crate) template: &'d str,
}

impl<'d> Place<'d> {
    /// The methods that it has.
    pub(super) fn methods(&self) -> Vec<&'d str> {
        self.methods.keys().map(String::as_str).collect()
    }

    /// The number of the operation of that method.
    pub(super) fn operation(&self, method: &str) -> Option<usize> {
        self.methods.get(method).copied()
    }

    /// The numbers of all its operations.
    pub(super) fn operations(&self) -> impl Iterator<Item = usize> {
        self.methods.values().copied()
    }
}

impl Paths {
    pub(super) fn of(operations: &[Operation]) -> Self {
        let mut paths = Self {
            router: matchit::Router::new(),
            methods: Vec::new(),
            templates: Vec::new(),
            numbers: BTreeMap::new(),
        };
        for (index, operation) in operations.iter().enumerate() {
            let number = paths.number(&operation.path);
            if let Some(methods) = paths.methods.get_mut(number) {
                methods.insert(operation.method.clone(), index);
            }
        }
        paths
    }

    /// The number of a template, which is new or known.
    fn number(&mut self, template: &str) -> usize {
        let next = self.methods.len();
        let number = *self.numbers.entry(nameless(template)).or_insert(next);
        if number == next {
            // A template that cannot be inserted would be found by no path, which a test sees.
            drop(self.router.insert(template, number));
            self.methods.push(BTreeMap::new());
            self.templates.push(template.to_owned());
        }
        number
    }

    pub(super) fn place(&self, path: &str) -> Option<Place<'_>> {
        let number = *self.router.at(path).ok()?.value;
        Some(Place {
            methods: self.methods.get(number)?,
            template: self.templates.get(number)?,
        })
    }

    /// Whether there is a path that is this template or goes on behind it.
    pub(super) fn leads_to(&self, template: &str) -> bool {
        let template = nameless(template);
        let mut from_there = self.numbers.range(template.clone()..);
        let first = from_there.next().map(|(path, _)| path.as_str());
        let rest = first.and_then(|path| path.strip_prefix(&template));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    pub(super) fn operation(&self, template: &str, method: &str) -> Option<usize> {
        let number = *self.numbers.get(&nameless(template))?;
        self.methods.get(number)?.get(method).copied()
    }
}

/// A template without the names of its parameters: `/users/{id}` is `/users/{}`.
pub(crate) fn nameless(template: &str) -> String {
    let segments = template.split('/');
    let segments = segments.map(|segment| {
        if segment.starts_with('{') {
            "{}"
        } else {
            segment
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_parameters_do_not_count() {
        assert_eq!(nameless("/users/{id}/roles/{roleId}"), "/users/{}/roles/{}");
        assert_eq!(nameless("/users"), "/users");
    }
}
