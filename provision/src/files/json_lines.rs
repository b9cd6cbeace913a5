//! Lines of JSON.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};

use serde_json::error::Category;
use serde_json::{Map, Value};

use super::row::{Field, Kind, Place, Row};
use super::rows::Rows;

/// Longer lines are refused.
const LONGEST_LINE: u64 = 1 << 20;

pub(super) fn read(file: File, rows: &mut Rows) -> io::Result<()> {
    let mut file = BufReader::new(file);
    let mut text = String::new();
    for line in 1.. {
        text.clear();
        let place = Place { line, column: 1 };
        match file.by_ref().take(LONGEST_LINE).read_line(&mut text) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                rows.problem(place, "is not UTF-8; save the file in this encoding");
                break;
            }
            Err(error) => return Err(error),
        }
        if u64::try_from(text.len()).is_ok_and(|length| length >= LONGEST_LINE) {
            rows.problem(place, "is longer than a megabyte, and the rest is not read");
            break;
        }
        // Some programs begin files of UTF-8 with a mark of the byte order.
        let text = match line {
            1 => text.trim_start_matches('\u{feff}'),
            _ => text.as_str(),
        };
        if !text.trim().is_empty() {
            read_line(text.trim_end(), line, rows);
        }
    }
    Ok(())
}

fn read_line(text: &str, line: usize, rows: &mut Rows) {
    let members: Map<String, Value> = match serde_json::from_str(text) {
        Ok(members) => members,
        Err(error) => {
            let column = error.column().max(1);
            let message = match error.classify() {
                Category::Eof => "is no JSON object: it ends too early".to_owned(),
                // What it says of data has the data in it, which may be a secret.
                Category::Data | Category::Io => "is no JSON object".to_owned(),
                Category::Syntax => {
                    let said = error.to_string();
                    // The place is told beside it.
                    let said = said.split(" at line ").next().unwrap_or_default();
                    format!("is no JSON object: {said}")
                }
            };
            return rows.problem(Place { line, column }, message);
        }
    };
    let fields = members.into_iter().map(|(name, value)| {
        let place = Place {
            line,
            column: column(text, &name),
        };
        Field { name, value, place }
    });
    let mut row = Row {
        place: Place { line, column: 1 },
        fields: fields.collect(),
    };
    let kind = match row.take("kind") {
        None => Some(Kind::Person),
        Some(kind) => {
            let known = Kind::ALL
                .into_iter()
                .find(|(_, name, _)| kind.value == *name);
            if known.is_none() {
                let names = Kind::ALL.map(|(_, name, _)| name).join(", ");
                rows.problem(kind.place, format!("unknown kind; write one of {names}"));
            }
            known.map(|(kind, ..)| kind)
        }
    };
    if let Some(kind) = kind {
        rows.add(kind, row);
    }
}

/// Where the name of a member stands, in characters. A nested member of the same name may stand
/// before it.
fn column(text: &str, name: &str) -> usize {
    let quoted = format!("\"{name}\"");
    let before = text.find(&quoted).and_then(|at| text.get(..at));
    before.map_or(1, |before| before.chars().count() + 1)
}
