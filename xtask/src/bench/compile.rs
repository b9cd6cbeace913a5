//! `cargo xtask bench compile`: okta-sdk alone, from scratch, its dependencies being built.

use std::path::Path;
use std::process::Command;

use super::figures::{Compilation, mib, rounded};
use super::process::{self, Usage};
use super::table::Table;

/// CPU seconds and peak memory of compiling okta-sdk alone, its dependencies being built
#[derive(Debug, Default, clap::Args)]
pub struct Arguments {
    /// Measure release builds as well
    #[arg(long)]
    release: bool,
}

struct Build {
    name: &'static str,
    arguments: &'static [&'static str],
}

const CHECK: Build = Build {
    name: "check",
    arguments: &["check"],
};
const DEV: Build = Build {
    name: "dev build",
    arguments: &["build"],
};
const RELEASE: Build = Build {
    name: "release build",
    arguments: &["build", "--release"],
};

const FEATURES: [(&str, &[&str]); 2] = [
    ("default features", &[]),
    ("all features", &["--features", "full"]),
];

impl Arguments {
    /// Compiles, and tells what that took.
    pub fn run(&self, root: &Path) -> anyhow::Result<Table<3>> {
        let mut table = Table::new(["okta-sdk alone", "CPU s", "peak MiB"]);
        for compilation in self.measure(root)? {
            table.push([
                format!("{}, {}", compilation.build, compilation.features),
                format!("{:.1}", compilation.cpu_seconds),
                format!("{:.0}", compilation.peak_mib),
            ]);
        }
        Ok(table)
    }

    /// Compiles, and gives what that took.
    pub fn measure(&self, root: &Path) -> anyhow::Result<Vec<Compilation>> {
        let builds = [CHECK, DEV]
            .into_iter()
            .chain(self.release.then_some(RELEASE));
        let mut compilations = Vec::new();
        for build in builds {
            for (features, flags) in FEATURES {
                let Usage { cpu, peak, .. } = build.measure(root, flags)?;
                compilations.push(Compilation {
                    build: build.name.to_owned(),
                    features: features.to_owned(),
                    cpu_seconds: rounded(cpu.as_secs_f64()),
                    peak_mib: mib(peak),
                });
            }
        }
        Ok(compilations)
    }
}

impl Build {
    /// Compiles twice with the same flags: the second time only okta-sdk is left to do.
    fn measure(&self, root: &Path, flags: &[&str]) -> anyhow::Result<Usage> {
        let compile = || {
            let mut cargo = cargo(root, self.arguments);
            cargo.args(["--quiet"]).args(flags);
            cargo
        };
        process::run(&mut compile())?;
        let mut clean = vec!["clean", "--quiet"];
        clean.extend(self.arguments.iter().skip(1));
        process::run(&mut cargo(root, &clean))?;
        Ok(process::run(&mut compile())?.usage)
    }
}

fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let mut cargo = process::cargo(root, &root.join("target/bench/compile"));
    cargo.args(arguments).args(["--package", "okta-sdk"]);
    cargo
}
