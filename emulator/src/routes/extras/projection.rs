//! `fields`: the members of objects that an answer has, such as `status,profile:(firstName,city)`.
//! The id is always there.

use serde_json::Value;

use crate::call::Call;
use crate::document::Operation;
use crate::problem::Problem;

/// How many members may be named.
const MOST: usize = 500;

/// The members that an answer has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Projection {
    members: Vec<Member>,
}

/// A member, with those of its own members that are wanted; all of them if none is named.
#[derive(Debug, PartialEq, Eq)]
struct Member {
    name: String,
    inner: Option<Vec<String>>,
}

/// The projection that a request asks for.
pub(super) fn wanted(operation: &Operation, call: &Call) -> Result<Option<Projection>, Problem> {
    let fields = call.option("fields");
    let fields = fields.filter(|_| operation.query.contains_key("fields"));
    fields.map(Projection::parse).transpose()
}

impl Projection {
    fn parse(fields: &str) -> Result<Self, Problem> {
        let wrong = || {
            let cause = "fields: must be names with commas between them, and those of a profile in \
                         profile:(firstName,lastName)";
            Problem::validation("fields", [cause])
        };
        let mut members = Vec::new();
        let mut rest = fields.trim();
        while !rest.is_empty() {
            let end = rest.find([',', ':', '(', ')']).unwrap_or(rest.len());
            let (name, behind) = rest.split_at(end);
            let (inner, behind) = match behind.strip_prefix(":(") {
                None => (None, behind),
                Some(list) => {
                    let (list, behind) = list.split_once(')').ok_or_else(wrong)?;
                    let names = list.split(',').map(|name| name.trim().to_owned());
                    (Some(names.collect()), behind)
                }
            };
            let behind = behind.trim_start();
            rest = match behind.strip_prefix(',') {
                Some(more) => more.trim_start(),
                None if behind.is_empty() => behind,
                None => return Err(wrong()),
            };
            let name = name.trim().to_owned();
            members.push(Member { name, inner });
            if members.len() > MOST {
                return Err(wrong());
            }
        }
        let is_name = |name: &String| !name.is_empty() && !name.contains(['(', ':']);
        let are_names = members
            .iter()
            .all(|it| is_name(&it.name) && it.inner.iter().flatten().all(is_name));
        match are_names {
            true => Ok(Self { members }),
            false => Err(wrong()),
        }
    }

    pub(super) fn apply(&self, object: &mut Value) {
        let Some(members) = object.as_object_mut() else {
            return;
        };
        members.retain(|name, value| {
            if name == "id" {
                return true;
            }
            let named: Vec<&Member> = self.members.iter().filter(|it| it.name == *name).collect();
            if let Some(inner) = value.as_object_mut()
                && named.iter().all(|it| it.inner.is_some())
            {
                let mut names = named.iter().flat_map(|it| it.inner.iter().flatten());
                let names: Vec<&String> = names.by_ref().collect();
                inner.retain(|name, _| names.contains(&name));
            }
            !named.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_named_is_left_out() {
        let user = json!({
            "id": "00u1", "status": "ACTIVE", "created": "then",
            "profile": { "firstName": "Isaac", "lastName": "Brock", "city": "Issaquah" },
        });
        for (fields, expected) in [
            ("status", json!({ "id": "00u1", "status": "ACTIVE" })),
            (
                "id,profile:(firstName, city)",
                json!({ "id": "00u1", "profile": { "firstName": "Isaac", "city": "Issaquah" } }),
            ),
            (
                "profile:(city),profile:(lastName), created",
                json!({
                    "id": "00u1", "created": "then",
                    "profile": { "lastName": "Brock", "city": "Issaquah" },
                }),
            ),
            ("nothing", json!({ "id": "00u1" })),
        ] {
            let mut shown = user.clone();
            Projection::parse(fields).unwrap().apply(&mut shown);
            assert_eq!(shown, expected, "{fields}");
        }
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for fields in [
            "profile:(a",
            "a)",
            "a,,b",
            "profile:(a)b",
            ":(a)",
            "a:b",
            "profile:((a)",
        ] {
            let problem = Projection::parse(fields).unwrap_err();
            assert_eq!(problem.code, "E0000001", "{fields}");
            assert!(problem.causes[0].starts_with("fields: must be"), "{fields}");
        }
    }
}
