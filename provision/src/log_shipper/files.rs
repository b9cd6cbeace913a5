//! Files of a log, one after the other.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::data_file::{DataFile, remove};
use crate::error::Error;

/// Files of a log, of which the last one is being written.
#[derive(Debug)]
pub(super) struct Files {
    path: PathBuf,
    most: Option<u64>,
    /// None while it is not known how long the file is.
    last: Option<(u64, DataFile)>,
}

impl Files {
    pub(super) fn new(path: &Path, most: Option<u64>) -> Self {
        Self {
            path: path.to_owned(),
            most,
            last: None,
        }
    }

    /// Opens the file of this number at this length; later files were never noted and go.
    pub(super) fn open(mut self, number: u64, length: u64) -> Result<Self, Error> {
        self.last = Some((number, self.reopen(number, length)?));
        Ok(self)
    }

    fn reopen(&self, number: u64, length: u64) -> Result<DataFile, Error> {
        let mut later = number;
        loop {
            later += 1;
            if number == 0 || !remove(&self.path(later))? {
                return DataFile::open(&self.path(number), length);
            }
        }
    }

    /// The file of a number; 0 is that of the plain name.
    pub(super) fn path(&self, number: u64) -> PathBuf {
        if number == 0 {
            return self.path.clone();
        }
        let mut name = OsString::from(self.path.file_stem().unwrap_or_default());
        name.push(format!(".{number:06}"));
        if let Some(ending) = self.path.extension().map(OsStr::to_owned) {
            name.push(".");
            name.push(ending);
        }
        self.path.with_file_name(name)
    }

    /// Writes lines after what was noted, and begins files where one is full. Gives the number and the
    /// length of the last file, once all is on the disk.
    pub(super) fn write<'a>(
        &mut self,
        number: u64,
        length: u64,
        lines: impl Iterator<Item = &'a [u8]>,
    ) -> Result<(u64, u64), Error> {
        // What follows may fail, or not be noted: then the file is opened as it was.
        let last = self.last.take();
        let last = last.filter(|(last, file)| (*last, file.length()) == (number, length));
        let (mut number, mut file) = match last {
            Some(last) => last,
            None => (number, self.reopen(number, length)?),
        };
        for line in lines {
            let is_full = |most| file.length() > 0 && file.length() + line.len() as u64 > most;
            if self.most.is_some_and(is_full) {
                file.sync()?;
                number += 1;
                file = DataFile::open(&self.path(number), 0)?;
            }
            file.append(line)?;
        }
        file.sync()?;
        let length = file.length();
        self.last = Some((number, file));
        Ok((number, length))
    }

    /// Removes all but the last files.
    pub(super) fn remove_old(&self, last: u64, keep: usize) -> Result<(), Error> {
        let keep = u64::try_from(keep.max(1)).unwrap_or(u64::MAX);
        let mut number = last.saturating_sub(keep);
        while number > 0 && remove(&self.path(number))? {
            number -= 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    fn write(files: &mut Files, from: (u64, u64), lines: &[&str]) -> (u64, u64) {
        let lines = lines.iter().map(|line| line.as_bytes());
        files.write(from.0, from.1, lines).unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn a_full_file_has_a_successor_and_old_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("okta.jsonl");
        let mut files = Files::new(&path, Some(10)).open(1, 0).unwrap();
        let at = write(&mut files, (1, 0), &["12345\n", "123\n", "1\n"]);
        assert_eq!(at, (2, 2));
        let at = write(&mut files, at, &["a line that is longer\n", "4\n"]);
        assert_eq!(at, (4, 2));
        let all: Vec<_> = (1..=4)
            .map(|number| fs::read_to_string(files.path(number)).unwrap())
            .collect();
        assert_eq!(
            all,
            ["12345\n123\n", "1\n", "a line that is longer\n", "4\n"]
        );
        files.remove_old(4, 2).unwrap();
        assert_eq!(
            names(folder.path()),
            ["okta.000003.jsonl", "okta.000004.jsonl"]
        );
    }

    #[test]
    fn files_that_were_not_noted_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("okta.jsonl");
        let mut files = Files::new(&path, Some(4)).open(1, 0).unwrap();
        write(&mut files, (1, 0), &["1\n", "2\n", "3\n", "4\n", "5\n"]);
        drop(files);
        let mut files = Files::new(&path, Some(4)).open(1, 2).unwrap();
        assert_eq!(names(folder.path()), ["okta.000001.jsonl"]);
        write(&mut files, (1, 2), &["two\n"]);
        assert_eq!(fs::read_to_string(files.path(2)).unwrap(), "two\n");
    }

    #[test]
    fn after_a_failed_write_the_lines_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("okta.jsonl");
        let mut files = Files::new(&path, Some(4)).open(1, 0).unwrap();
        // The next file cannot be made.
        fs::create_dir(files.path(2)).unwrap();
        let lines = ["1\n", "22\n"].map(str::as_bytes);
        assert!(files.write(1, 0, lines.into_iter()).is_err());
        fs::remove_dir(files.path(2)).unwrap();
        // And once more, since the place was not noted.
        for _ in 0..2 {
            assert_eq!(write(&mut files, (1, 0), &["1\n", "22\n"]), (2, 3));
            assert_eq!(fs::read_to_string(files.path(1)).unwrap(), "1\n");
            assert_eq!(fs::read_to_string(files.path(2)).unwrap(), "22\n");
        }
    }
}
