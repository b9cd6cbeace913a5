//! What the tests need: looked for, and installed where npm can do it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::installing::{lock, npm_ci, once, output, read};

/// Makes sure that the tests can run; the error says what is missing.
pub fn prepare() -> Result<(), String> {
    find_browser()?;
    output(Command::new("chromedriver").arg("--version"))?;
    fs::create_dir_all(folder()).map_err(|error| error.to_string())?;
    let _lock = lock(&folder())?;
    let list = source().join("package-lock.json");
    once(&list, &folder().join(".installed"), || {
        for list in ["package.json", "package-lock.json"] {
            let copied = fs::copy(source().join(list), folder().join(list));
            copied.map_err(|error| error.to_string())?;
        }
        npm_ci(&folder())
    })
}

/// The browser, which has another name where it does not come from Debian. The driver knows where it
/// is.
fn find_browser() -> Result<(), String> {
    let find = |name| output(Command::new(name).arg("--version")).map(drop);
    find("chromium").or_else(|error| find("google-chrome").map_err(|_| error))
}

/// The script that checks a page for accessibility.
pub fn axe() -> String {
    read(&folder().join("node_modules/axe-core/axe.min.js")).unwrap()
}

/// Where the tests leave what the pages look like.
pub fn screenshots() -> PathBuf {
    let folder = folder().join("screenshots");
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn source() -> PathBuf {
    Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../emulator/tests/browser"
    ))
    .to_owned()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser")
}
