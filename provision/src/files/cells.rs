//! People of a CSV file.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::rc::Rc;

use csv::{ErrorKind, Position, ReaderBuilder, StringRecord, Trim};
use serde_json::Value;

use super::row::{Field, Kind, PERSON, Place, Row, meant};
use super::rows::Rows;

/// Columns that have to be there.
const REQUIRED: [&str; 4] = ["login", "email", "firstName", "lastName"];

/// Columns with several things in a cell.
const SEVERAL: [&str; 3] = ["groups", "apps", "roles"];

/// Longer rows are refused: a quote that is not closed makes one row of all that follows.
const LONGEST_ROW: usize = 1 << 20;

/// Columns that are named where some are missing.
const NAMED: usize = 20;

/// A file of which no row may be longer than is left.
struct Bounded {
    file: File,
    left: Rc<Cell<usize>>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        match self.left.get().checked_sub(read) {
            Some(left) => self.left.set(left),
            None => {
                return Err(io::Error::other(
                    "a row is longer than a megabyte; is a quote not closed?",
                ));
            }
        }
        Ok(read)
    }
}

pub(super) fn read(file: File, rows: &mut Rows) {
    let left = Rc::new(Cell::new(LONGEST_ROW));
    let file = Bounded {
        file,
        left: Rc::clone(&left),
    };
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(file);
    let columns = match reader.headers() {
        Ok(columns) => columns.clone(),
        Err(error) => return rows.problem(place(&error), said(&error)),
    };
    if !check_columns(&columns, rows) {
        return;
    }
    for record in reader.records() {
        left.set(LONGEST_ROW);
        match record {
            Ok(record) => rows.add(Kind::Person, row(&columns, &record)),
            Err(error) => {
                let is_over = matches!(error.kind(), ErrorKind::Io(_));
                rows.problem(place(&error), said(&error));
                if is_over {
                    return;
                }
            }
        }
    }
}

/// Whether the required columns are there, and no other is a misspelling of one that means more than
/// an attribute.
fn check_columns(columns: &StringRecord, rows: &mut Rows) -> bool {
    let is_there = |name: &str| columns.iter().any(|column| column == name);
    let mut is_good = true;
    for name in REQUIRED.into_iter().filter(|name| !is_there(name)) {
        let found: Vec<_> = columns.iter().take(NAMED).map(short).collect();
        let found = found.join(", ");
        let message =
            format!("there is no column {name}; found {found}. Columns are separated by commas");
        rows.problem(Place::START, message);
        is_good = false;
    }
    for (at, column) in columns.iter().enumerate() {
        let place = Place {
            line: 1,
            column: at + 1,
        };
        if columns.iter().take(at).any(|earlier| earlier == column) {
            rows.problem(place, format!("the column {column} is there twice"));
            is_good = false;
        }
        match meant(column, &PERSON) {
            Some(meant) if !is_there(meant) => {
                rows.problem(place, format!("column {column}: did you mean {meant}?"));
                is_good = false;
            }
            _ => {}
        }
    }
    is_good
}

/// The beginning of what a file says, to be told in a line.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn row(columns: &StringRecord, record: &StringRecord) -> Row {
    let line = record.position().map_or(1, line);
    let cells = columns.iter().zip(record).enumerate();
    let fields = cells.filter(|(_, (_, cell))| !cell.is_empty());
    let fields = fields.map(|(at, (column, cell))| Field {
        name: column.to_owned(),
        value: value(column, cell),
        place: Place {
            line,
            column: at + 1,
        },
    });
    Row {
        place: Place { line, column: 1 },
        fields: fields.collect(),
    }
}

/// Text of the known columns; of others a whole number if it is written as one (`4711`, not `007`),
/// or `true` and `false`.
fn value(column: &str, cell: &str) -> Value {
    if SEVERAL.contains(&column) {
        let parts = cell.split(';').map(str::trim);
        return parts.filter(|part| !part.is_empty()).collect();
    }
    if PERSON.contains(&column) {
        return cell.into();
    }
    match (cell, cell.parse::<i64>()) {
        ("true", _) => true.into(),
        ("false", _) => false.into(),
        (_, Ok(number)) if number.to_string() == cell => number.into(),
        _ => cell.into(),
    }
}

fn line(position: &Position) -> usize {
    usize::try_from(position.line()).unwrap_or(usize::MAX)
}

fn place(error: &csv::Error) -> Place {
    let line = error.position().map_or(1, line);
    Place { line, column: 1 }
}

fn said(error: &csv::Error) -> String {
    match error.kind() {
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("has {len} fields and not {expected_len}, as the first line has"),
        ErrorKind::Utf8 { .. } => "is not UTF-8; save the file in this encoding".to_owned(),
        ErrorKind::Io(error) => error.to_string(),
        _ => error.to_string(),
    }
}
