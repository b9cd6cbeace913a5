//! The tests that SECURITY.md names are there.
#![allow(clippy::unwrap_used)]
use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("generated") {
                sources(&path, text);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_attack_has_its_tests() {
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let security = fs::read_to_string(workspace.join("SECURITY.md")).unwrap();
    let mut text = String::new();
    for folder in ["auth/src", "auth/tests", "sdk/src"] {
        sources(&workspace.join(folder), &mut text);
    }
    let rows: Vec<_> = security
        .lines()
        .skip_while(|line| !line.starts_with("| attack |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .collect();
    assert!(rows.len() > 20, "{} attacks", rows.len());
    for row in rows {
        let (attack, _) = row[1..].split_once('|').unwrap();
        assert!(!attack.contains('`'), "{attack}");
        let tests: Vec<_> = row.split('`').skip(1).step_by(2).collect();
        let has = |name: &&str| text.contains(&format!("fn {name}("));
        assert!(!tests.is_empty() && tests.iter().all(has), "{row}");
    }
}
