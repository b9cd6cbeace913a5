#![allow(clippy::unwrap_used)]

use super::*;

/// A folder with the files `a` and `b`, and what was asked to be written there.
fn written(files: &[&str]) -> (tempfile::TempDir, Result<()>) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        fs::write(folder.path().join(name), format!("old {name}")).unwrap();
    }
    // Nothing can take the place of a folder.
    fs::create_dir(folder.path().join("folder")).unwrap();
    let files: Vec<_> = files
        .iter()
        .map(|name| (folder.path().join(name), format!("new {name}")))
        .collect();
    let result = write_all(&files);
    (folder, result)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn all_files_are_written() {
    let (folder, result) = written(&["a", "b", "c/d"]);

    result.unwrap();
    for name in ["a", "b", "c/d"] {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(text, format!("new {name}"));
    }
    assert_eq!(names(folder.path()), ["a", "b", "c", "folder"]);
}

#[test]
fn if_one_cannot_be_written_all_stay_as_they_were() {
    let (folder, result) = written(&["a", "new", "b", "folder"]);

    let error = result.unwrap_err().to_string();
    assert!(error.starts_with("cannot write "), "{error}");
    for name in ["a", "b"] {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(text, format!("old {name}"));
    }
    assert_eq!(names(folder.path()), ["a", "b", "folder"]);
}
