//! The folder `openapi/`: what we know of Okta's API.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use okta_codegen::documents::{self, About};
use okta_codegen::names::{Names, Taken};
use okta_codegen::roots::Roots;
use okta_codegen::{Source, Sources};

/// The folder `openapi/` of a workspace.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// The texts of its files.
#[derive(Debug)]
pub struct Texts {
    documents: Vec<(&'static About, [String; 3])>,
    server_owned: String,
    rate_limits: String,
    not_secret: String,
    words: String,
    examples: String,
    needed: String,
}

impl Folder {
    pub fn of_workspace(root: &Path) -> Self {
        Self(root.join("openapi"))
    }

    /// A file that all documents share.
    pub fn shared(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A file of one document: `document.yaml`, `names.yaml` or `SOURCE.toml`.
    pub fn file(&self, about: &About, name: &str) -> PathBuf {
        self.0.join(about.name).join(name)
    }

    /// The documents that are there.
    pub fn documents(&self) -> impl Iterator<Item = &'static About> {
        documents::ALL
            .iter()
            .filter(|about| self.file(about, "document.yaml").exists())
    }

    /// Everything that the generator reads.
    pub fn texts(&self) -> Result<Texts> {
        let documents = self.documents().map(|about| {
            let text = |name| read(&self.file(about, name));
            let roots = self.roots_text(about)?;
            Ok((about, [text("document.yaml")?, text("names.yaml")?, roots]))
        });
        Ok(Texts {
            documents: documents.collect::<Result<_>>()?,
            server_owned: read(&self.shared("server_owned.yaml"))?,
            rate_limits: read(&self.shared("rate_limits.yaml"))?,
            not_secret: read(&self.shared("not_secret.yaml"))?,
            words: read(&self.shared("words.yaml"))?,
            examples: read(&self.shared("examples.yaml"))?,
            needed: read(&self.shared("needed.yaml"))?,
        })
    }

    /// The names of a document; none before its first import.
    pub fn names(&self, about: &About) -> Result<Names> {
        let file = self.file(about, "names.yaml");
        if !file.exists() {
            return Ok(Names::default());
        }
        Names::load(&read(&file)?).with_context(|| format!("{} needs a hand", file.display()))
    }

    /// Schemas of a document that are wanted though no operation reaches them; most have none.
    pub fn roots(&self, about: &About) -> Result<Roots> {
        let text = self.roots_text(about)?;
        Roots::parse(&text).with_context(|| "roots.yaml needs a hand")
    }

    fn roots_text(&self, about: &About) -> Result<String> {
        let file = self.file(about, "roots.yaml");
        if file.exists() {
            read(&file)
        } else {
            Ok(String::new())
        }
    }

    /// The names that other documents than this have.
    pub fn taken(&self, about: &About) -> Result<Taken> {
        let mut taken = Taken::default();
        for other in self.documents().filter(|other| other.name != about.name) {
            taken.add(&self.names(other)?);
        }
        Ok(taken)
    }
}

impl Texts {
    /// The facts of a document; empty if it is not there.
    pub fn document(&self, about: &About) -> &str {
        let mut documents = self.documents.iter();
        let found = documents.find(|(document, _)| *document == about);
        found.map_or("", |(_, [document, ..])| document)
    }

    pub fn sources(&self) -> Sources<'_> {
        let documents = self.documents.iter();
        let documents = documents.map(|(about, [document, names, roots])| Source {
            about,
            document,
            names,
            roots,
        });
        Sources {
            documents: documents.collect(),
            server_owned: &self.server_owned,
            rate_limits: &self.rate_limits,
            not_secret: &self.not_secret,
            words: &self.words,
            examples: &self.examples,
            needed: &self.needed,
        }
    }
}

/// Reads a file, and names it if that cannot be done.
pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use okta_codegen::emit::surface::Surface;
    use okta_codegen::needed::Needed;

    use super::*;

    /// Handwritten files of the SDK, by their path from the root of the workspace.
    fn handwritten(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = folder.join(entry.unwrap().file_name());
            let name = path.file_stem().unwrap();
            if name == "generated" || name == "tests" {
                continue;
            }
            if root.join(&path).is_dir() {
                handwritten(root, &path, files);
                continue;
            }
            let text = read(&root.join(&path)).unwrap();
            // What only tests use may go.
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            files.push((path.to_str().unwrap().replace('\\', "/"), text.to_owned()));
        }
    }

    #[test]
    fn what_handwritten_code_uses_is_listed() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let texts = Folder::of_workspace(&root).texts().unwrap();
        let api = okta_codegen::load(&texts.sources()).unwrap();
        let surface = Surface::of(&api).unwrap();
        let mut files = Vec::new();
        handwritten(&root, Path::new("sdk/src"), &mut files);
        let files = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()));
        let used = Needed::of_files(&surface, files).unwrap().to_yaml();
        assert!(
            used == texts.needed,
            "openapi/needed.yaml should be:\n{used}"
        );
    }
}
