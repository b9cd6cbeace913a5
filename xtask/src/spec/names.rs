//! `cargo xtask spec names`: names for what our document has and the list of names has not.

use anyhow::{Context as _, Result};
use okta_codegen::import;
use okta_codegen::names::Names;

use super::proposals::Proposals;
use super::{Folder, files, read};

impl Folder {
    /// Names what the document that is here has and the list of names has not.
    pub(super) fn complete_names(&self) -> Result<String> {
        let facts = read(&self.document())?;
        let proposals = Proposals::of(&import::facts(&facts)?, &facts, &self.names()?);
        files::write_all(&[(self.list_of_names(), proposals.names.to_yaml()?)])?;
        Ok(proposals.summary())
    }

    /// The names that we have; none before the first import.
    pub(super) fn names(&self) -> Result<Names> {
        let file = self.list_of_names();
        if !file.exists() {
            return Ok(Names::default());
        }
        Names::load(&read(&file)?).with_context(|| format!("{} needs a hand", file.display()))
    }
}
