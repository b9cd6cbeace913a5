//! Compiles generated code with the SDK's own runtime, and runs tests with it.
//!
//! A copy of the package `okta-sdk` is made in which the golden files stand where the code for
//! Okta's document is. Files are written only when they differ, and dependencies are shared with
//! this build, so that a run after the first takes seconds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use okta_codegen::emit;

/// Tests of the golden code, which become the copy's only ones.
const TESTS: &[(&str, &str)] = &[
    ("sdk/tests/golden.rs", include_str!("run.rs")),
    ("sdk/tests/survive.rs", include_str!("survive.rs")),
];

pub fn and_run(generated: &BTreeMap<PathBuf, String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let copy = target.join("golden");

    let tests = TESTS.iter();
    let mut files: BTreeMap<PathBuf, String> = tests
        .map(|(path, text)| (path.into(), (*text).to_owned()))
        .collect();
    files.insert(
        "Cargo.lock".into(),
        fs::read_to_string(root.join("Cargo.lock")).unwrap(),
    );
    files.insert("Cargo.toml".into(), workspace(root));
    collect(
        root,
        Path::new("sdk"),
        &[emit::GENERATED, "sdk/tests"],
        &mut files,
    );
    without_emulator(&mut files);
    let generated = generated.iter().filter(|(path, _)| path.starts_with("sdk"));
    files.extend(generated.map(|(path, text)| (path.clone(), text.clone())));
    write(&copy, &files);

    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(&copy)
        .args([
            "test",
            "--offline",
            "--package",
            "okta-sdk",
            "--test",
            "golden",
            "--test",
            "survive",
        ])
        .args([
            "--no-default-features",
            "--features",
            "realms,devices,hooks",
        ])
        .arg("--target-dir")
        .arg(target.parent().unwrap());
    // What this test was built with says nothing about the copy.
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_"))
        {
            cargo.env_remove(name);
        }
    }
    let output = cargo.output().unwrap();
    let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "the golden code does not work:\n{}{}",
        show(&output.stdout),
        show(&output.stderr)
    );
}

/// A workspace of that package alone, with the same dependencies.
fn workspace(root: &Path) -> String {
    let text = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let mut lines = Vec::new();
    for line in text.lines() {
        lines.push(match line.split(" = ").next() {
            Some("members") => r#"members = ["sdk"]"#.to_owned(),
            Some("default-members") => continue,
            Some("okta-auth") => line.replace("\"auth\"", &format!("{:?}", root.join("auth"))),
            _ => line.to_owned(),
        });
    }
    lines.join("\n")
}

/// Takes the emulator from the copy's dependencies: it is for examples in the documentation, and no
/// part of the copy.
fn without_emulator(files: &mut BTreeMap<PathBuf, String>) {
    let manifest = files.get_mut(Path::new("sdk/Cargo.toml")).unwrap();
    let lines = manifest
        .lines()
        .filter(|line| !line.starts_with("okta-emulator"));
    *manifest = lines.collect::<Vec<_>>().join("\n");
}

/// Text files below a folder, but not below those that are left out.
fn collect(root: &Path, folder: &Path, but: &[&str], files: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(root.join(folder)).unwrap() {
        let path = folder.join(entry.unwrap().file_name());
        if but.iter().any(|but| path == Path::new(but)) {
            continue;
        }
        if root.join(&path).is_dir() {
            collect(root, &path, but, files);
        } else if let Ok(text) = fs::read_to_string(root.join(&path)) {
            files.insert(path, text);
        }
    }
}

/// Makes a folder hold these files, and the package nothing else.
fn write(folder: &Path, files: &BTreeMap<PathBuf, String>) {
    let mut old = BTreeMap::new();
    if folder.join("sdk").exists() {
        collect(folder, Path::new("sdk"), &[], &mut old);
    }
    for path in old.keys().filter(|path| !files.contains_key(*path)) {
        fs::remove_file(folder.join(path)).unwrap();
    }
    for (path, text) in files {
        if old.get(path) == Some(text) {
            continue;
        }
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}
