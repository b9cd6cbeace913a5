//! Whatever a file says, it is read or refused, and no secret is told.
#![allow(clippy::unwrap_used)]
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use super::setting::{ALL, Facts};
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

/// A value that most likely is that of the setting.
fn usual_value(facts: &Facts) -> Value {
    match (facts.path, facts.default) {
        _ if facts.secret => "leak".into(),
        ("client.orgUrl", _) => "https://a.okta.com".into(),
        ("client.proxy.port", _) => 3128.into(),
        (_, "not set") => "a.okta.com".into(),
        (_, default) => serde_norway::from_str(default).unwrap(),
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just("leak".into()),
    ];
    prop_oneof![
        leaf.clone(),
        vec(leaf.clone(), 0..3).prop_map(Value::from),
        leaf.prop_map(|value| json!({"kty": value})),
    ]
}

/// A document with some settings, and perhaps an odd secret. The text of secrets is `leak`.
fn any_document() -> impl Strategy<Value = Value> {
    let (usual, odd) = (vec(0..ALL.len(), 0..6), (0..ALL.len(), any_value()));
    (usual, prop::option::of(odd)).prop_map(|(usual, odd)| {
        let mut document = Value::Object(Map::new());
        for facts in usual.into_iter().map(|number| &ALL[number]) {
            put(&mut document, facts.path, usual_value(facts));
        }
        if let Some((number, value)) = odd
            && ALL[number].secret
        {
            put(&mut document, ALL[number].path, value);
        }
        json!({"okta": document})
    })
}

fn put(tree: &mut Value, path: &str, value: Value) {
    match path.split_once('.') {
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
