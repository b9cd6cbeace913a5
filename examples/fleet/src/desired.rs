//! What an org should be, on its way from who submits it to the worker.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use okta_provision::Desired;
use serde::{Deserialize, Serialize};

/// Files that are longer together are refused.
const LONGEST: usize = 256 << 20;

/// A file: its name and what is in it.
#[derive(Debug, Serialize, Deserialize)]
struct Packed {
    name: String,
    text: String,
}

/// Packs a file, or the files of a folder. All of it is read first, so that bad rows are told to who
/// submits them.
pub fn pack(path: &Path) -> anyhow::Result<String> {
    Desired::read(path)?;
    let failed = || format!("cannot read {}", path.display());
    let mut files = Vec::new();
    match path.is_dir() {
        true => {
            for entry in fs::read_dir(path).with_context(failed)? {
                files.push(entry.with_context(failed)?.path());
            }
            files.retain(|file| file.is_file());
            files.sort();
        }
        false => files.push(path.to_owned()),
    }
    let (mut packed, mut length) = (Vec::new(), 0);
    for file in files {
        let text = fs::read_to_string(&file);
        let text = text.with_context(|| format!("cannot read {}", file.display()))?;
        length += text.len();
        if length > LONGEST {
            bail!("{} is longer than {} MiB", path.display(), LONGEST >> 20);
        }
        let name = file.file_name().unwrap_or_default();
        packed.push(Packed {
            name: name.to_string_lossy().into_owned(),
            text,
        });
    }
    Ok(serde_json::to_string(&packed)?)
}

/// The reverse.
pub fn unpack(packed: &str) -> anyhow::Result<Desired> {
    let packed: Vec<Packed> = serde_json::from_str(packed)?;
    // Only its owner can read it, and it is gone afterwards.
    let folder = tempfile::tempdir()?;
    for Packed { name, text } in packed {
        let Some(name) = Path::new(&name).file_name() else {
            bail!("a file without a name was submitted");
        };
        fs::write(folder.path().join(name), text)?;
    }
    Ok(Desired::read(folder.path())?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_was_packed_comes_out() {
        let folder = tempfile::tempdir().unwrap();
        let people = "login,email,firstName,lastName\nada@x.org,ada@x.org,Ada,Lovelace\n";
        let file = folder.path().join("people.csv");
        fs::write(&file, people).unwrap();
        fs::write(
            folder.path().join("groups.yaml"),
            "groups:\n- name: Analysts\n",
        )
        .unwrap();
        for path in [folder.path(), &file] {
            let packed = pack(path).unwrap();
            let there = format!("{:?}", Desired::read(path).unwrap());
            assert_eq!(format!("{:?}", unpack(&packed).unwrap()), there);
        }
    }

    #[test]
    fn bad_rows_are_told_before_anything_is_submitted() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("people.csv");
        fs::write(&file, "login,email\nada,\n").unwrap();
        assert!(pack(&file).is_err());
    }

    #[test]
    fn a_name_that_leads_elsewhere_stays_in_the_folder() {
        let packed =
            r#"[{"name": "../../outside.csv", "text": "login,email,firstName,lastName\n"}]"#;
        unpack(packed).unwrap();
        assert!(unpack(r#"[{"name": "..", "text": ""}]"#).is_err());
    }
}
