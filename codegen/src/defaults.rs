//! Required members that constructors fill in, as an enum had one value only when they were named.
//!
//! Such a decision stays: when Okta adds a second value, the constructor takes no further argument,
//! and a setter appears.

use std::collections::BTreeMap;

use crate::Error;
use crate::api::{Api, Field, TypeKind};
use crate::names::Names;

/// Fills in what the list of names says.
///
/// # Errors
/// If the list names members or values that are not there, or lacks members that have one value.
/// The others are filled in all the same.
pub fn apply(api: &mut Api, names: &Names) -> Result<(), Error> {
    let missing = propose(api, names).into_iter().map(|(member, value)| {
        let detail =
            format!("can only be `{value}` and is not in `defaults`; run `cargo xtask spec names`");
        Error::unsupported(member, detail)
    });
    let mut wrong: Vec<Error> = missing.collect();
    for (member, value) in &names.defaults {
        let place = || format!("names.yaml, defaults: `{member}`");
        let (ty, name) = member.split_once('.').unwrap_or((member, ""));
        let Some(field) = field(api, ty, name) else {
            // What is gone may come back.
            if !names.has_member(ty, name) {
                let detail = "there is no such member: delete the entry or mend it";
                wrong.push(Error::unsupported(place(), detail));
            }
            continue;
        };
        let has_value = api
            .values_of(&field.ty)
            .is_some_and(|values| values.iter().any(|known| known.value == *value));
        if !has_value {
            wrong.push(Error::unsupported(place(), format!("cannot be `{value}`")));
            continue;
        }
        let default = (field.name.clone(), value.clone());
        if let Some(TypeKind::Record(record)) = api.types.get_mut(ty).map(|ty| &mut ty.kind) {
            record.defaults.push(default);
        }
    }
    Error::unless_empty(wrong)
}

/// Required members with one value that the list of names does not have yet.
pub fn propose(api: &Api, names: &Names) -> BTreeMap<String, String> {
    let mut proposed = BTreeMap::new();
    for ty in api.types.values() {
        let TypeKind::Record(record) = &ty.kind else {
            continue;
        };
        for field in record.fields.iter().filter(|field| field.required) {
            let is_fixed = record.fixed.iter().any(|(fixed, _)| *fixed == field.name);
            let member = format!("{}.{}", ty.name, field.name);
            match api.values_of(&field.ty) {
                Some([only]) if !is_fixed && !names.defaults.contains_key(&member) => {
                    proposed.insert(member, only.value.clone());
                }
                _ => {}
            }
        }
    }
    proposed
}

fn field<'a>(api: &'a Api, ty: &str, member: &str) -> Option<&'a Field> {
    match &api.types.get(ty)?.kind {
        TypeKind::Record(record) => record.fields.iter().find(|field| field.name == member),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::document::Document;
    use crate::lower;
    use crate::roots::Roots;

    const DOCUMENT: &str = r##"{
        "openapi": "3.0.3", "info": { "title": "t", "version": "1" },
        "paths": { "/api/v1/hooks": { "get": {
            "operationId": "getHook", "tags": ["Hook"],
            "responses": { "200": { "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Hook" } } } } }
        } } },
        "components": { "schemas": { "Hook": {
            "type": "object", "required": ["kind", "mode"],
            "properties": {
                "kind": { "type": "string", "enum": ["HTTP"] },
                "mode": { "type": "string", "enum": ["A", "B"] }
            }
        } } }
    }"##;

    fn names(more: &str) -> Names {
        let text = format!(
            "tags: {{}}\noperations:\n  getHook: {{feature: hooks, handle: hooks, method: get}}\n\
             types: {{Hook: Hook, Hook.kind: HookKind, Hook.mode: HookMode}}\n{more}"
        );
        Names::load(&text).unwrap()
    }

    fn apply_to(more: &str) -> Result<Api, Error> {
        let names = names(more);
        let document = Document::parse(DOCUMENT).unwrap();
        let mut api = lower::without_identifiers(&document, &names, &Roots::default()).unwrap();
        crate::ids::mark(&mut api, &names)?;
        apply(&mut api, &names)?;
        Ok(api)
    }

    #[test]
    fn a_value_stays_filled_in_when_okta_adds_another() {
        let api = apply_to("defaults: {Hook.kind: HTTP, Hook.mode: B}").unwrap();
        let TypeKind::Record(hook) = &api.types["Hook"].kind else {
            unreachable!();
        };
        let expected = [("kind", "HTTP"), ("mode", "B")].map(|(k, v)| (k.into(), v.into()));
        assert_eq!(hook.defaults, expected);
    }

    #[test]
    fn what_does_not_fit_the_document_is_refused() {
        for (more, said) in [
            ("", "cargo xtask spec names"),
            ("defaults: {Hook.kind: HTTP, Hook.gone: X}", "`Hook.gone`"),
            ("defaults: {Hook.kind: FTP}", "`FTP`"),
            (
                "defaults: {Hook.kind: HTTP}\nreferences: {Hook: [kind]}",
                "`kind` of `Hook`",
            ),
            (
                "defaults: {Hook.kind: HTTP}\nreferences: {Gone: [id]}",
                "`id` of `Gone`",
            ),
        ] {
            let error = apply_to(more).unwrap_err().to_string();
            assert!(error.contains(said), "{more}: {error}");
        }
    }
}
