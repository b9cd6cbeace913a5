//! People of a CSV file.

use std::fs::File;

use csv::{ErrorKind, Position, ReaderBuilder, StringRecord, Trim};
use serde_json::Value;

use super::row::{Field, Kind, Place, Row};
use super::rows::{PERSON, Rows};

/// Columns that have to be there.
const REQUIRED: [&str; 4] = ["login", "email", "firstName", "lastName"];

/// Columns with several things in a cell.
const SEVERAL: [&str; 3] = ["groups", "apps", "roles"];

/// From this likeness on a column is a misspelling of a known one.
const ALIKE: f64 = 0.8;

pub(super) fn read(file: File, rows: &mut Rows) {
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(file);
    let columns = match reader.headers() {
        Ok(columns) => columns.clone(),
        Err(error) => return rows.problem(place(&error), said(&error)),
    };
    if !check_columns(&columns, rows) {
        return;
    }
    for record in reader.records() {
        match record {
            Ok(record) => rows.add(Kind::Person, row(&columns, &record)),
            Err(error) => rows.problem(place(&error), said(&error)),
        }
    }
}

/// Whether the required columns are there, and no other is a misspelling of one that means more than
/// an attribute.
fn check_columns(columns: &StringRecord, rows: &mut Rows) -> bool {
    let is_there = |name: &str| columns.iter().any(|column| column == name);
    let mut is_good = true;
    for name in REQUIRED.into_iter().filter(|name| !is_there(name)) {
        let found: Vec<_> = columns.iter().collect();
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
        let meant = PERSON.into_iter().find(|name| {
            let (column, name) = (column.to_lowercase(), name.to_lowercase());
            strsim::normalized_damerau_levenshtein(&column, &name) >= ALIKE
        });
        match meant {
            Some(meant) if !PERSON.contains(&column) && !is_there(meant) => {
                rows.problem(place, format!("column {column}: did you mean {meant}?"));
                is_good = false;
            }
            _ => {}
        }
    }
    is_good
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
        _ => error.to_string(),
    }
}
