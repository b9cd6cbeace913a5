#![allow(clippy::unwrap_used)]

use super::import::{Allowed, Arguments};
use super::source::sha256;
use std::fs;

use super::*;

const UPSTREAM: &str = r"
openapi: 3.0.3
info: {title: Okta Admin Management, version: 2026.06.3, description: Prose}
tags: [{name: User, description: Prose}]
x-tagGroups: [{name: Users, tags: [User]}]
paths:
  /api/v1/users:
    get:
      operationId: listUsers
      summary: Prose
      tags: [User]
      responses: {'200': {description: Prose}}
components: {schemas: {User: {type: object, description: Prose}}}
";

fn folder(root: &Path) -> Folder {
    Folder {
        openapi: openapi::Folder::of_workspace(root),
        about: documents::MANAGEMENT,
    }
}

struct Workspace {
    root: tempfile::TempDir,
}

impl Workspace {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("openapi/management")).unwrap();
        Self { root }
    }

    fn folder(&self) -> Folder {
        folder(self.root.path())
    }

    fn file_of(&self, name: &str) -> PathBuf {
        self.root.path().join("openapi/management").join(name)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let file = self.root.path().join(name);
        fs::write(&file, text).unwrap();
        file
    }

    /// Every file in `openapi/` with its text.
    fn files(&self) -> Vec<(String, String)> {
        let mut files: Vec<_> = fs::read_dir(self.root.path().join("openapi/management"))
            .unwrap()
            .map(|file| file.unwrap())
            .map(|file| {
                let name = file.file_name().into_string().unwrap();
                (name, fs::read_to_string(file.path()).unwrap())
            })
            .collect();
        files.sort();
        files
    }
}

impl Folder {
    fn take(&self, file: &Path) -> Result<String> {
        self.import(&Arguments {
            file: file.to_owned(),
            allowed: Allowed::default(),
        })
    }
}

#[test]
fn import_writes_the_same_three_files_twice() {
    let workspace = Workspace::new();
    let upstream = workspace.file("upstream.yaml", UPSTREAM);

    let summary = workspace.folder().take(&upstream).unwrap();
    let first = workspace.files();
    let again = workspace.folder().take(&upstream).unwrap();

    // This is not Okta's document: what fixups mend is not there.
    let repair = "repair `signing_keys_of_apps_are_one_object` no longer needed (";
    let head = "Okta management API 2026.06.3: 1 paths, 1 operations, 1 tags, 1 schemas\n";
    let names = "1 new names in its names.yaml, read them before you commit: listUsers\n\
                 1 new types, members and values in its names.yaml, read them before you commit:\n  \
                 `listUsers`: its call is `ListUsers`\n";
    assert!(
        summary.starts_with(&format!("{head}{names}{repair}")),
        "{summary}"
    );
    assert!(again.starts_with(&format!("{head}{repair}")), "{again}");
    let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["SOURCE.toml", "document.yaml", "names.yaml"]);
    assert!(first.iter().all(|(_, text)| !text.contains("Prose")));
    assert_eq!(workspace.files(), first);
}

#[test]
fn import_records_what_both_files_hash_to() {
    let workspace = Workspace::new();
    let upstream = workspace.file("upstream.yaml", UPSTREAM);

    workspace.folder().take(&upstream).unwrap();

    let files: std::collections::BTreeMap<_, _> = workspace.files().into_iter().collect();
    let source: toml::Table = files["SOURCE.toml"].parse().unwrap();
    let hash = |key: &str| source[key].as_str().unwrap().to_owned();
    assert_eq!(hash("upstream-sha256"), sha256(UPSTREAM));
    assert_eq!(hash("facts-sha256"), sha256(&files["document.yaml"]));
}

#[test]
fn sha256_is_written_in_hexadecimal() {
    assert_eq!(
        sha256("abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[test]
fn our_own_facts_are_not_an_upstream() {
    let workspace = Workspace::new();
    let upstream = workspace.file("upstream.yaml", UPSTREAM);
    workspace.folder().take(&upstream).unwrap();
    let before = workspace.files();

    let facts = workspace.folder().document();
    let error = workspace.folder().take(&facts).unwrap_err();

    assert!(
        error
            .to_string()
            .ends_with("give the document as Okta publishes it")
    );
    assert_eq!(workspace.files(), before);
}

#[test]
fn a_name_that_was_chosen_by_hand_stays() {
    let workspace = Workspace::new();
    let upstream = workspace.file("upstream.yaml", UPSTREAM);
    let names = "tags: {User: users}\n\
                 operations: {listUsers: {feature: users, handle: users, method: all}}\n\
                 types: {}\n";
    fs::write(workspace.file_of("names.yaml"), names).unwrap();

    workspace.folder().take(&upstream).unwrap();

    let folder = workspace.folder();
    let chosen = &folder.openapi.names(folder.about).unwrap().operations["listUsers"];
    assert_eq!(chosen.method, "all");
}

/// What the repository has.
fn ours() -> Folder {
    folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
}

#[test]
fn a_document_with_faults_leaves_everything_as_it_was() {
    let workspace = Workspace::new();
    let upstream = workspace.file("upstream.yaml", UPSTREAM);
    workspace.folder().take(&upstream).unwrap();
    let before = workspace.files();

    for (from, to) in [
        ("type: object", "type: objekt"),
        ("operationId: listUsers", "x-id: listUsers"),
        (
            "'200': {description: Prose}",
            "'200': {$ref: './errors.yaml#/X'}",
        ),
    ] {
        let file = workspace.file("faulty.yaml", &UPSTREAM.replace(from, to));
        let error = workspace.folder().take(&file).unwrap_err().to_string();
        assert!(error.contains("nothing was written\n1 fault"), "{error}");
        assert_eq!(workspace.files(), before);
    }
}

#[test]
fn what_is_hardly_meant_is_taken_only_if_told_so() {
    let workspace = Workspace::new();
    let upstream = workspace.file("upstream.yaml", UPSTREAM);
    workspace.folder().take(&upstream).unwrap();
    let before = workspace.files();
    let schemas = "components: {schemas: {User: {type: object, description: Prose}}}\n";
    let none = Allowed::default();

    for (text, expected, allowed) in [
        (
            UPSTREAM.replace("listUsers", "listGroups"),
            "another API: of its 1 operations, 0 are known (--allow-other-api",
            Allowed {
                allow_other_api: true,
                ..none
            },
        ),
        (
            UPSTREAM.replace(schemas, ""),
            "1 of 1 schemas are gone, which is more than a tenth: is the file cut off? (--allow-loss",
            Allowed {
                allow_loss: true,
                ..none
            },
        ),
        (
            format!("{UPSTREAM}x-more: wor"),
            "the file ends in the middle of a line: is it cut off? (--allow-loss",
            Allowed {
                allow_loss: true,
                ..none
            },
        ),
    ] {
        let file = workspace.file("other.yaml", &text);
        let error = workspace.folder().take(&file).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(
            error.contains("dist/current/management-minimal.yaml"),
            "{error}"
        );
        assert_eq!(workspace.files(), before);

        let arguments = Arguments { file, allowed };
        workspace.folder().import(&arguments).unwrap();
        for (name, text) in &before {
            fs::write(workspace.file_of(name), text).unwrap();
        }
    }
}

#[test]
fn tag_groups_that_are_gone_are_told() {
    let workspace = Workspace::new();
    let upstream = workspace.file("upstream.yaml", UPSTREAM);
    workspace.folder().take(&upstream).unwrap();
    let groups = "x-tagGroups: [{name: Users, tags: [User]}]\n";
    let without = workspace.file("older.yaml", &UPSTREAM.replace(groups, ""));

    let summary = workspace.folder().take(&without).unwrap();

    assert!(
        summary.contains("1 tags are in no tag group any more"),
        "{summary}"
    );
}

#[test]
fn if_a_file_cannot_be_written_none_is() {
    let workspace = Workspace::new();
    let upstream = workspace.file("upstream.yaml", UPSTREAM);
    // Nothing can take the place of a folder, and this file is written last.
    fs::create_dir(workspace.folder().source()).unwrap();

    let error = workspace.folder().take(&upstream).unwrap_err().to_string();

    assert!(error.starts_with("cannot write "), "{error}");
    assert!(!workspace.folder().document().exists());
    assert!(!workspace.folder().list_of_names().exists());
}

#[test]
fn diff_fails_only_when_something_breaks() {
    let workspace = Workspace::new();
    let facts =
        fs::read_to_string(ours().openapi.file(documents::MANAGEMENT, "document.yaml")).unwrap();
    let gone = workspace.file(
        "gone.yaml",
        &facts
            .replace(": listUsers\n", ": findUsers\n")
            .replace("  /api/v1/users:\n", "  /api/v1/people:\n"),
    );
    let scope = "      - okta.users.read\n";
    let scoped = workspace.file(
        "scoped.yaml",
        &facts.replacen(scope, "      - okta.people.read\n", 1),
    );
    assert_ne!(fs::read_to_string(&scoped).unwrap(), facts);

    for (file, expected) in [(&gone, ExitCode::FAILURE), (&scoped, ExitCode::SUCCESS)] {
        let code = ours().diff(file, Format::Json).unwrap();
        assert_eq!(code, expected, "{}", file.display());
    }
}

#[test]
fn a_document_that_cannot_be_generated_from_is_named_with_all_that_is_wrong() {
    let workspace = Workspace::new();
    let facts =
        fs::read_to_string(ours().openapi.file(documents::MANAGEMENT, "document.yaml")).unwrap();
    let wrong = facts
        .replace("schemas/UserStatus'", "schemas/Gone'")
        .replace("schemas/GroupProfile'", "schemas/Lost'");
    let file = workspace.file("wrong.yaml", &wrong);

    let error = ours().diff(&file, Format::Markdown).unwrap_err();

    let text = format!("{error:#}");
    for part in ["wrong.yaml cannot be compared", "`Gone`", "`Lost`"] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn names_that_are_missing_are_proposed_for_the_document_that_is_here() {
    let ours = ours();
    let workspace = Workspace::new();
    let folder = workspace.folder();
    for name in ["document.yaml", "names.yaml", "roots.yaml"] {
        let ours = ours.openapi.file(ours.about, name);
        fs::copy(ours, workspace.file_of(name)).unwrap();
    }
    let file = workspace.file_of("names.yaml");
    let complete = fs::read_to_string(&file).unwrap();
    let without = complete.replace("  UserGetSingleton._embedded: UserEmbedded\n", "");
    let stale = without.replace("\ntypes:\n", "\ntypes:\n  NoSuchSchema: Nothing\n");
    fs::write(&file, stale).unwrap();

    let summary = folder.complete_names().unwrap();

    assert_eq!(
        summary,
        "1 new types, members and values in its names.yaml, read them before you commit:\n  \
         `UserGetSingleton._embedded`: UserEmbedded\n\
         1 names in its names.yaml that this release does not have; they stay taken: \
         NoSuchSchema\n"
    );
    let names = fs::read_to_string(&file).unwrap();
    assert_eq!(names.replace("  NoSuchSchema: Nothing\n", ""), complete);
}
