//! What an org should be, read from files.

mod cells;
mod json_lines;
mod marked;
mod row;
mod rows;
mod yaml;

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::desired::Desired;
use crate::error::{Error, Problem};
use rows::Rows;

/// More problems than this are not collected.
const MOST_PROBLEMS: usize = 1000;

/// Longer files of YAML are refused, as they are read whole. CSV and JSON lines have no such bound.
const LONGEST_YAML: u64 = 64 << 20;

impl Desired {
    /// Reads a file, or all files of a folder in the order of their names: `.csv`, `.jsonl` and
    /// `.ndjson`, `.yaml` and `.yml`. Other files of a folder, and folders in it, are left out.
    ///
    /// A CSV file has a person in each row: columns `login`, `email`, `firstName`, `lastName` and,
    /// if you like, `formerLogin`, `manager`, `status`, `groups`, `apps` and `roles`, where several are
    /// separated by semicolons. Any other column is an attribute of the profile. An empty cell says nothing.
    ///
    /// A line of JSON is an object with the same members, where several are a list, or one of
    /// another `kind`: `group`, `app`, `roles`, `leaver`, `own`, `customRole`, `resourceSet` or
    /// `application`. A YAML file has lists of such objects under `people`, `groups`, `apps`, `roles`,
    /// `leavers`, `own`, `customRoles`, `resourceSets` and `applications`. The README has an example of
    /// each.
    ///
    /// # Errors
    /// If a file cannot be read, and [`Error::BadInput`] with all that is wrong, by file, line and
    /// column.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let mut rows = Rows::default();
        for file in files(path)? {
            read_file(&file, &mut rows)?;
        }
        rows.finish()
    }
}

fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |source| Error::File {
        path: path.to_owned(),
        source,
    };
    if !fs::metadata(path).map_err(failed)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if file.is_file() && Format::of(&file).is_some() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// How a file is written.
enum Format {
    Csv,
    JsonLines,
    Yaml,
}

impl Format {
    fn of(file: &Path) -> Option<Self> {
        match file.extension().and_then(OsStr::to_str)? {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

fn read_file(file: &Path, rows: &mut Rows) -> Result<(), Error> {
    let failed = |source| Error::File {
        path: file.to_owned(),
        source,
    };
    rows.start(file);
    let Some(format) = Format::of(file) else {
        rows.problem(
            row::Place::START,
            "the name does not say how it is written; end it with .csv, .jsonl or .yaml",
        );
        return Ok(());
    };
    let opened = fs::File::open(file).map_err(failed)?;
    match format {
        Format::Csv => cells::read(opened, rows),
        Format::JsonLines => json_lines::read(opened, rows).map_err(failed)?,
        Format::Yaml => {
            let length = opened.metadata().map_err(failed)?.len();
            if length > LONGEST_YAML {
                let most = LONGEST_YAML >> 20;
                rows.problem(
                    row::Place::START,
                    format!("is longer than {most} MiB; write it as JSON lines"),
                );
                return Ok(());
            }
            let text = match std::io::read_to_string(opened) {
                Err(error) if error.kind() == ErrorKind::InvalidData => {
                    let why = "is not UTF-8; save the file in this encoding";
                    rows.problem(row::Place::START, why);
                    return Ok(());
                }
                text => text.map_err(failed)?,
            };
            yaml::read(text.trim_start_matches('\u{feff}'), rows);
        }
    }
    Ok(())
}

/// Problems so far, up to a bound.
#[derive(Debug, Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, problem: Problem) {
        if self.0.len() < MOST_PROBLEMS {
            self.0.push(problem);
        }
    }
}
