//! `cargo xtask bench measure`: writes the figures of the guide's chapter on cost.

use std::path::Path;

use super::figures::{self, Figures};
use super::{compile, list, verify};

/// What to measure; all of it by default
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Parts to measure. The figures of other parts stay as they are
    #[arg(value_enum, value_name = "PART")]
    parts: Vec<Part>,
}

/// A part of the figures.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Part {
    /// Reading a list, by the SDK and by others
    List,
    /// Peak memory by the length of a list
    Lengths,
    /// Checking one access token
    Verify,
    /// Compiling okta-sdk alone
    Compile,
}

const ALL: [Part; 4] = [Part::List, Part::Lengths, Part::Verify, Part::Compile];
const LENGTHS: [usize; 3] = [10_000, 100_000, 1_000_000];

impl Arguments {
    /// Measures, and writes each part as soon as it is known.
    pub fn run(self, root: &Path) -> anyhow::Result<String> {
        let parts = if self.parts.is_empty() {
            &ALL[..]
        } else {
            &self.parts
        };
        let mut figures = Figures::read(root)?;
        for part in parts {
            match part {
                Part::List => figures.list = list::Arguments::default().measure(root)?,
                Part::Lengths => figures.lengths = list::lengths(root, &LENGTHS)?,
                Part::Verify => figures.verify = verify::measure(root)?,
                Part::Compile => figures.compile = compile::Arguments::default().measure(root)?,
            }
            figures.write(root)?;
        }
        Ok(format!(
            "wrote {}; now `cargo xtask bench draw`\n",
            figures::FILE
        ))
    }
}
