//! What the generator makes of mini documents, one for each of its rules.
//!
//! Each is a snapshot; all of them together are compiled with the SDK's own runtime and run
//! against a mock server.
#![allow(clippy::unwrap_used)]

#[path = "golden/compile.rs"]
mod compile;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use okta_codegen::descriptions::Descriptions;
use okta_codegen::document::Document;
use okta_codegen::names::{Names, Taken};
use okta_codegen::reviewed::Reviewed;
use okta_codegen::roots::Roots;
use okta_codegen::{arguments, credentials, defaults, emit, ids, lower, proposal};
use serde_norway::{Mapping, Value};

/// A mini document, whose `x-names` are what `openapi/names.yaml` is for Okta's, once those of the
/// types that it leaves out are proposed.
struct Case {
    name: String,
    yaml: Value,
}

fn cases(folder: &str) -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(folder);
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|kind| kind == "yaml"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| Case {
            name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
            yaml: serde_norway::from_str(&fs::read_to_string(&path).unwrap()).unwrap(),
        })
        .collect()
}

/// Every file that the generator makes of a document and all its schemas, but for Okta's fixups:
/// those fail where they have nothing to mend.
fn generate(yaml: &Value) -> BTreeMap<PathBuf, String> {
    let names: Names = serde_norway::from_value(yaml["x-names"].clone()).unwrap();
    let text = serde_norway::to_string(yaml).unwrap();
    let document = Document::parse(&text).unwrap();
    let feature = names.features().first().unwrap().to_string();
    let roots = Roots::all(&document, &feature);
    let taken = Taken::default();
    let names = proposal::complete(&document, &names, &roots, None, &taken)
        .unwrap()
        .names;
    let mut api = lower::lower(&document, &names, &roots).unwrap();
    let server_owned = serde_norway::to_string(&yaml["x-server-owned"]).unwrap();
    Reviewed::parse("x-server-owned", &server_owned)
        .unwrap()
        .mark(&mut api, |field| field.server_owned = true)
        .unwrap();
    credentials::review(&mut api, &Reviewed::default()).unwrap();
    ids::mark(&mut api, &names).unwrap();
    defaults::apply(&mut api, &names).unwrap();
    arguments::apply(&mut api, &names).unwrap();
    Descriptions::parse(&text).unwrap().add_to(&mut api);
    emit::emit(&api).unwrap()
}

/// The files of some emitters, one after the other.
fn part(files: &BTreeMap<PathBuf, String>, emitters: &[&str]) -> String {
    let mut text = String::new();
    for (path, code) in files {
        let path = path.strip_prefix(emit::GENERATED).unwrap_or(path);
        if emitters.iter().any(|emitter| path.starts_with(emitter)) && !path.ends_with("mod.rs") {
            text.push_str(&format!("// ---- {}\n{code}\n", path.display()));
        }
    }
    text
}

fn snapshot(folder: &str, emitters: &[&str]) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("golden/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for case in cases(folder) {
        settings.bind(|| {
            insta::assert_snapshot!(case.name.clone(), part(&generate(&case.yaml), emitters));
        });
    }
}

#[test]
fn types_follow_their_rules() {
    snapshot("types", &["models"]);
}

#[test]
fn operations_follow_their_rules() {
    snapshot("operations", &["resources", "wire"]);
}

#[test]
fn all_of_it_compiles_and_runs() {
    let mut together = Value::Mapping(Mapping::new());
    for case in cases("types").into_iter().chain(cases("operations")) {
        add(&mut together, case.yaml);
    }
    compile::and_run(&generate(&together));
}

/// Adds one document to another, which has nothing of the same name but title and version.
fn add(to: &mut Value, from: Value) {
    match (to, from) {
        (Value::Mapping(to), Value::Mapping(from)) => {
            for (key, value) in from {
                match to.get_mut(&key) {
                    Some(known) => add(known, value),
                    None => drop(to.insert(key, value)),
                }
            }
        }
        (to, from) => *to = from,
    }
}
