//! What the generator makes of mini documents: one for each of its rules, and one for each kind of
//! thing that it has to survive.
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
use okta_codegen::names::{self, Names, Taken};
use okta_codegen::needed::Needed;
use okta_codegen::reviewed::Reviewed;
use okta_codegen::roots::Roots;
use okta_codegen::{arguments, credentials, defaults, emit, ids, lower, proposal};
use serde_norway::{Mapping, Value};

/// A mini document, whose `x-names` are what `names.yaml` is for Okta's, once those of the
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
    let about = okta_codegen::documents::MANAGEMENT;
    let taken = Taken::default();
    let facts = serde_norway::from_str(&text).unwrap();
    let names = names::propose(about, &facts, &names, &taken).names;
    let feature = names.features().first().unwrap().to_string();
    let roots = Roots::all(&document, &feature);
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
    emit::emit(&api, &Needed::default()).unwrap()
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

/// Documents of what has to be survived, with what is the same for all of them: names are proposed,
/// and an operation answers every schema.
fn survivors() -> Vec<Case> {
    let mut cases = cases("survives");
    for case in &mut cases {
        let mut document: Value = serde_norway::from_str(SURVIVAL).unwrap();
        let mut answer = Mapping::new();
        let schemas = case.yaml["components"]["schemas"].as_mapping();
        for (at, name) in schemas.into_iter().flat_map(Mapping::keys).enumerate() {
            let name = name.as_str().unwrap();
            let reference = format!("#/components/schemas/{name}");
            let schema = Mapping::from_iter([("$ref".into(), reference.into())]);
            answer.insert(format!("s{at}").into(), schema.into());
        }
        let id = format!("getAll_{}", case.name);
        let get = serde_norway::to_string(&answer).unwrap();
        let get = GET
            .replace("ID", &id)
            .replace("ANSWER", &get.replace('\n', "\n                  "));
        add(&mut document, serde_norway::from_str(&get).unwrap());
        add(&mut document, std::mem::take(&mut case.yaml));
        case.yaml = document;
    }
    cases
}

const SURVIVAL: &str = "
openapi: 3.0.3
info: {title: Survival, version: '1'}
x-tagGroups:
- {name: Realms, tags: [Survival, survival, SURVIVAL, Odd / Tag (2), 😀, 2FA]}
x-names: {tags: {}, operations: {}, types: {}}
";

const GET: &str = "
paths:
  /api/v1/survives/ID:
    get:
      operationId: ID
      tags: [Survival]
      responses:
        '200':
          content:
            application/json:
              schema:
                type: object
                properties:
                  ANSWER
";

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

/// What they become is told by the public items alone.
#[test]
fn odd_documents_are_survived() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("golden/survives");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for case in survivors() {
        let files = generate(&case.yaml);
        let surface = files
            .iter()
            .filter(|(path, _)| path.starts_with(emit::SURFACE));
        let surface: Vec<_> = surface.map(|(_, text)| text.as_str()).skip(1).collect();
        settings.bind(|| insta::assert_snapshot!(case.name.clone(), surface.join("\n")));
    }
}

#[test]
fn all_of_it_compiles_and_runs() {
    let mut together = Value::Mapping(Mapping::new());
    let ours = cases("types").into_iter().chain(cases("operations"));
    for case in ours.chain(survivors()) {
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
