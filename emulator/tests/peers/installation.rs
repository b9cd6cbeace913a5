//! Python, Node, and the packages and crates of others, once for all runs of the tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::installing::{lock, npm_ci, once, output};

/// Where the scripts are.
pub fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers")
}

/// Where the packages are.
pub fn packages() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers")
}

/// Makes sure that the scripts can run; the error says what is missing.
///
/// Several test programs may do this at the same time, and one may have been stopped half-way.
pub fn prepare() -> Result<(), String> {
    find_python()?;
    find_node()?;
    fs::create_dir_all(packages()).map_err(|error| error.to_string())?;
    let _lock = lock(&packages())?;
    install("python", "python/requirements.txt", install_python)?;
    install("mcp", "python/mcp_requirements.txt", install_mcp_server)?;
    install("node", "node/package-lock.json", install_node)?;
    place_node_scripts().map_err(|error| error.to_string())?;
    build_rust()
}

/// Installs into a folder of its own what a file of the scripts lists, unless it is there.
fn install(name: &str, list: &str, by: fn(&Path) -> Result<(), String>) -> Result<(), String> {
    let folder = packages().join(name);
    once(&scripts().join(list), &folder.join(".installed"), || {
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        by(&folder)
    })
}

fn find_python() -> Result<(), String> {
    let is_new_enough = "import sys; sys.exit(sys.version_info < (3, 10))";
    output(Command::new("python3").args(["-c", is_new_enough]))
        .map(drop)
        .map_err(|error| format!("Python 3.10 or newer is required: {error}"))
}

fn find_node() -> Result<(), String> {
    let is_new_enough = "process.exit(+(parseInt(process.versions.node) < 20))";
    output(Command::new("node").args(["-e", is_new_enough]))
        .map(drop)
        .map_err(|error| format!("Node 20 or newer is required: {error}"))
}

fn install_python(folder: &Path) -> Result<(), String> {
    pip(folder, "python/requirements.txt", &[])
}

/// Its dependencies are of other versions than those of the other scripts. It asks for Python 3.13,
/// which is newer than what many machines have; nothing in it needs that.
fn install_mcp_server(folder: &Path) -> Result<(), String> {
    pip(
        folder,
        "python/mcp_requirements.txt",
        &["--ignore-requires-python"],
    )
}

/// Installs what a file of the scripts lists into a Python of its own.
fn pip(folder: &Path, list: &str, options: &[&str]) -> Result<(), String> {
    output(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let pip = ["-m", "pip", "install", "--quiet", "--no-input", "-r"];
    let mut command = Command::new(folder.join("bin/python"));
    command.args(pip).arg(scripts().join(list)).args(options);
    output(&mut command).map(drop)
}

/// The Python that has the packages.
pub fn python() -> PathBuf {
    packages().join("python/bin/python")
}

/// The Python that has Okta's MCP server.
pub fn python_of_mcp_server() -> PathBuf {
    packages().join("mcp/bin/python")
}

fn install_node(folder: &Path) -> Result<(), String> {
    for list in ["package.json", "package-lock.json"] {
        let (from, to) = (scripts().join("node").join(list), folder.join(list));
        fs::copy(from, to).map_err(|error| error.to_string())?;
    }
    npm_ci(folder)
}

/// Copies the scripts of Node to where they find the packages: Node looks in the folders above them.
fn place_node_scripts() -> std::io::Result<()> {
    for script in fs::read_dir(scripts().join("node"))? {
        let script = script?.path();
        if script.extension().is_some_and(|it| it == "mjs") {
            fs::copy(&script, node_script(script.file_name().unwrap_or_default()))?;
        }
    }
    Ok(())
}

/// Builds the program of crates: with a lock file of its own, since what these depend on is older than
/// what this project does. Does nothing if it is built.
fn build_rust() -> Result<(), String> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--quiet", "--locked", "--manifest-path"]);
    command.arg(scripts().join("rust/Cargo.toml"));
    command.arg("--target-dir").arg(packages().join("rust"));
    // What the tests themselves were built with is no matter of these crates.
    command.env_remove("RUSTFLAGS");
    output(&mut command).map(drop)
}

/// The program of crates.
pub fn rust() -> PathBuf {
    packages().join("rust/debug/peers")
}

/// A script of Node, where it can run.
pub fn node_script(name: impl AsRef<Path>) -> PathBuf {
    packages().join("node").join(name)
}
