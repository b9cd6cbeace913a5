//! `cargo xtask spec names`: names for what our document has and the list of names has not.

use anyhow::Result;
use okta_codegen::import;

use super::{Folder, files, read};

impl Folder {
    /// Names what the document that is here has and the list of names has not.
    pub(super) fn complete_names(&self) -> Result<String> {
        let facts = read(&self.document())?;
        let proposals = self.proposals(&import::facts(&facts)?, &facts, None)?;
        files::write_all(&[(self.list_of_names(), proposals.names.to_yaml()?)])?;
        Ok(proposals.summary())
    }
}
