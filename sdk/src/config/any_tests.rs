//! Whatever a file says, it is read or refused, and no secret is told.
#![allow(clippy::unwrap_used)]
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use super::setting::ALL;
use super::tests::World;
use super::*;

/// Files as they are usual, to be damaged.
const SEEDS: [&str; 4] = [
    "okta:\n  client:\n    orgUrl: https://acme.okta.com\n    token: \"00abc\"\n",
    "okta: {client: {rateLimit: {maxRetries: 2, share: 0.5}, proxy: {host: p, port: 3128}}}",
    "okta:\n  client: &c\n    scopes: [okta.users.read, a b]\n    privateKey: |\n      -----BEGIN\n",
    "okta: {client: {tls: {rootCertificates: [a.pem], certificate: b.pem}, orgUlr: x}}",
];

/// What YAML has a meaning for, and numbers that are none.
const PIECES: [&str; 26] = [
    "&c ",
    "*c",
    "<<: *c",
    "!!binary ",
    "!x ",
    "- ",
    "? ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    "|",
    ">",
    "\"",
    "'",
    "#",
    "\t",
    "\n",
    "\0",
    "---\n",
    "~",
    ".inf",
    "1e999",
    "\u{feff}",
    "\u{fffd}",
];

fn damaged() -> impl Strategy<Value = String> {
    let changes = vec((any::<Index>(), 0..4_usize, select(&PIECES[..])), 0..6);
    (select(&SEEDS[..]), changes).prop_map(|(seed, changes)| {
        let mut text: Vec<char> = seed.chars().collect();
        for (at, removed, piece) in changes {
            let at = at.index(text.len() + 1);
            let end = (at + removed).min(text.len());
            text.splice(at..end, piece.chars());
        }
        text.into_iter().collect()
    })
}

/// A value that may be that of a setting, with `text` wherever it has text.
fn any_value(text: &'static str) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(Value::from(text)),
    ];
    prop_oneof![
        leaf.clone(),
        vec(leaf.clone(), 0..3).prop_map(Value::from),
        leaf.prop_map(|value| json!({"kty": value})),
    ]
}

/// A document with some settings. The text of secrets is `leak`, that of others is a host.
fn any_document() -> impl Strategy<Value = Value> {
    let setting = (0..ALL.len()).prop_flat_map(|number| {
        let facts = &ALL[number];
        let text = if facts.secret { "leak" } else { "a.okta.com" };
        (Just(facts.path), any_value(text))
    });
    vec(setting, 0..8).prop_map(|settings| {
        let mut document = Value::Object(Map::new());
        for (path, value) in settings {
            let pointer = path.replace('.', "/");
            put(&mut document, &format!("okta/{pointer}"), value);
        }
        document
    })
}

fn put(tree: &mut Value, path: &str, value: Value) {
    match path.split_once('/') {
        Some((first, rest)) => put(&mut tree[first], rest, value),
        None => tree[path] = value,
    }
}

/// What becomes of a file in the current directory.
fn load(yaml: &str) -> Result<Config, Error> {
    let world = World::new(&[("here/okta.yaml", yaml)]);
    world.load(&[])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_damaged_file_is_read_or_refused(yaml in damaged()) {
        match load(&yaml) {
            Ok(config) => prop_assert!(!config.explain().to_string().is_empty()),
            Err(error) => prop_assert!(error.is_configuration(), "{error:?}"),
        }
    }

    #[test]
    fn no_secret_is_told_whatever_the_settings_are(document in any_document()) {
        let yaml = serde_norway::to_string(&document).unwrap();
        let told = match load(&yaml) {
            Ok(config) => {
                let built = ClientBuilder::from_config(&config);
                format!("{config:?} {} {built:?}", config.explain())
            }
            Err(error) => format!("{error} {error:?}"),
        };
        prop_assert!(!told.contains("leak"), "{told}");
    }
}

#[test]
fn a_file_that_grows_without_end_is_refused() {
    let mut yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let before = format!("*a{}, ", n - 1).repeat(9);
        yaml.push_str(&format!("a{n}: &a{n} [{before}]\n"));
    }
    assert!(load(&yaml).unwrap_err().is_configuration());
    let deep = format!("okta: {}", "[".repeat(60_000));
    let text = load(&deep).unwrap_err().to_string();
    assert!(text.contains("more than 1000 brackets"), "{text}");
}
