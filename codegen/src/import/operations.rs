//! What has to hold between the operations of a document, and between a path and its parameters.

use std::collections::BTreeMap;

use serde_json::Value;

use super::below;
use super::fault::Fault;
use crate::document::without_names;

/// Methods that become methods of the SDK.
const GENERATED: &[&str] = &["delete", "get", "patch", "post", "put"];

/// Methods that the specification has as well.
const OTHERS: &[&str] = &["head", "options", "trace"];

/// Finds what is wrong with the operations of a document, given as facts.
pub(super) fn check(facts: &Value, faults: &mut Vec<Fault>) {
    let mut ids = BTreeMap::<&str, String>::new();
    let mut shapes = BTreeMap::<String, &str>::new();
    for (path, item) in members(facts.get("paths")) {
        let at = below("/paths", path);
        let names = match names_in(path) {
            Ok(names) => names,
            Err(what) => {
                faults.push(Fault::new(at, what));
                continue;
            }
        };
        if let Some(other) = shapes.insert(without_names(path), path) {
            let what = format!(
                "differs from `{other}` in the names of parameters only; make one path of them"
            );
            faults.push(Fault::new(at.as_str(), what));
        }
        let of_path = Parameters::of(facts, item, &at, faults);
        for (method, operation) in members(Some(item)) {
            if !GENERATED.contains(&method) && !OTHERS.contains(&method) {
                continue;
            }
            let at = below(&at, method);
            let id_at = below(&at, "operationId");
            match operation.get("operationId").and_then(Value::as_str) {
                Some("") => faults.push(Fault::new(id_at, "is empty; give the operation an id")),
                Some(id) => {
                    if let Some(first) = ids.insert(id, at.clone()) {
                        let what = format!("`{id}` is the id of {first} too; ids are unique");
                        faults.push(Fault::new(id_at, what));
                    }
                }
                None => {}
            }
            let of_operation = Parameters::of(facts, operation, &at, faults);
            for name in &names {
                if !of_path.has(name) && !of_operation.has(name) {
                    let what = format!("`{{{name}}}` of the path is no parameter; define it");
                    faults.push(Fault::new(at.as_str(), what));
                }
            }
            of_operation.check_against(&names, faults);
        }
        of_path.check_against(&names, faults);
    }
}

/// Operations of the document that become no method of the SDK.
pub(super) fn not_generated(facts: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (path, item) in members(facts.get("paths")) {
        for method in OTHERS.iter().filter(|method| item.get(**method).is_some()) {
            found.push(format!(
                "{} {path} becomes no method of the SDK",
                method.to_uppercase()
            ));
        }
    }
    found
}

/// The parameters in the path that a path item or an operation defines: name and where.
struct Parameters<'a> {
    in_path: Vec<(&'a str, String)>,
    /// Whether there is one that cannot be made out, which is a fault already.
    unclear: bool,
}

impl<'a> Parameters<'a> {
    fn of(facts: &'a Value, owner: &'a Value, at: &str, faults: &mut Vec<Fault>) -> Self {
        let mut seen = BTreeMap::new();
        let mut in_path = Vec::new();
        let mut unclear = false;
        let list = owner.get("parameters").and_then(Value::as_array);
        for (n, parameter) in list.into_iter().flatten().enumerate() {
            let reference = parameter.get("$ref").and_then(Value::as_str);
            let parameter = match reference.and_then(|reference| reference.strip_prefix('#')) {
                Some(pointer) => facts.pointer(pointer).unwrap_or(&Value::Null),
                None => parameter,
            };
            let text = |key| parameter.get(key).and_then(Value::as_str);
            let (Some(location), Some(name)) = (text("in"), text("name")) else {
                unclear = true;
                continue;
            };
            let at = format!("{at}/parameters/{n}");
            if let Some(first) = seen.insert((location, name), n) {
                let what =
                    format!("parameter `{name}` in `{location}` is there twice, see {first}");
                faults.push(Fault::new(at.as_str(), what));
            }
            if location == "path" {
                in_path.push((name, at));
            }
        }
        Self { in_path, unclear }
    }

    fn has(&self, name: &str) -> bool {
        self.unclear || self.in_path.iter().any(|(known, _)| *known == name)
    }

    fn check_against(&self, names: &[&str], faults: &mut Vec<Fault>) {
        for (name, at) in self
            .in_path
            .iter()
            .filter(|(name, _)| !names.contains(name))
        {
            let what = format!("parameter `{name}` is not in the path; write `{{{name}}}` there");
            faults.push(Fault::new(at.as_str(), what));
        }
    }
}

/// Names of the parameters in a path template.
fn names_in(path: &str) -> Result<Vec<&str>, &'static str> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(start) = rest.find(['{', '}']) {
        let opened = rest[start..].strip_prefix('{');
        let Some((name, after)) = opened.and_then(|opened| opened.split_once('}')) else {
            return Err("has a brace without its other half; write `{name}`");
        };
        if name.is_empty() || name.contains(['{', '/']) {
            return Err("has a parameter without a name; write `{name}`");
        }
        if names.contains(&name) {
            return Err("has a parameter twice; give each a name of its own");
        }
        names.push(name);
        rest = after;
    }
    Ok(names)
}

fn members(map: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let map = map.and_then(Value::as_object);
    map.into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}
