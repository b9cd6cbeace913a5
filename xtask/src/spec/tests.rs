#![allow(clippy::unwrap_used)]

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
        about: &documents::ALL[0],
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

#[test]
fn import_writes_the_same_three_files_twice() {
    let workspace = Workspace::new();
    let upstream = workspace.file("upstream.yaml", UPSTREAM);

    let summary = workspace.folder().import(&upstream).unwrap();
    let first = workspace.files();
    let again = workspace.folder().import(&upstream).unwrap();

    // This is not Okta's document: what fixups mend is not there, and types wait for that.
    let unnamed = "no types were named, as fixup `";
    let head = "Okta management API 2026.06.3: 1 paths, 1 operations, 1 tags, 1 schemas\n";
    let names = "1 new names in openapi/names.yaml, read them before you commit: listUsers\n";
    assert!(
        summary.starts_with(&format!("{head}{names}{unnamed}")),
        "{summary}"
    );
    assert!(again.starts_with(&format!("{head}{unnamed}")), "{again}");
    let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["SOURCE.toml", "document.yaml", "names.yaml"]);
    assert!(first.iter().all(|(_, text)| !text.contains("Prose")));
    assert_eq!(workspace.files(), first);
}

#[test]
fn import_records_what_both_files_hash_to() {
    let workspace = Workspace::new();
    let upstream = workspace.file("upstream.yaml", UPSTREAM);

    workspace.folder().import(&upstream).unwrap();

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
    workspace.folder().import(&upstream).unwrap();
    let before = workspace.files();

    let facts = workspace.file_of("document.yaml");
    let error = workspace.folder().import(&facts).unwrap_err();

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

    workspace.folder().import(&upstream).unwrap();

    let folder = workspace.folder();
    let chosen = &folder.openapi.names(folder.about).unwrap().operations["listUsers"];
    assert_eq!(chosen.method, "all");
}

/// What the repository has.
fn ours() -> Folder {
    folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
}

#[test]
fn diff_fails_only_when_something_breaks() {
    let workspace = Workspace::new();
    let facts =
        fs::read_to_string(ours().openapi.file(&documents::ALL[0], "document.yaml")).unwrap();
    let gone = workspace.file(
        "gone.yaml",
        &facts.replace(": listUsers\n", ": findUsers\n"),
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
        fs::read_to_string(ours().openapi.file(&documents::ALL[0], "document.yaml")).unwrap();
    let wrong = facts
        .replace("schemas/UserStatus'", "schemas/Gone'")
        .replace("schemas/GroupProfile'", "schemas/Lost'");
    let file = workspace.file("wrong.yaml", &wrong);

    let error = ours().diff(&file, Format::Markdown).unwrap_err();

    let text = format!("{error:#}");
    for part in [
        "wrong.yaml cannot be compared",
        "schemas/Gone",
        "schemas/Lost",
    ] {
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
        "1 new types, members and values in openapi/names.yaml, read them before you commit:\n  \
         `UserGetSingleton._embedded`: UserEmbedded\n\
         1 names in openapi/names.yaml that this release does not have; they stay taken: \
         NoSuchSchema\n"
    );
    let names = fs::read_to_string(&file).unwrap();
    assert_eq!(names.replace("  NoSuchSchema: Nothing\n", ""), complete);
}
