//! In which line of a file things stand, and which keys a map has twice.
//!
//! The values themselves are read by `serde_norway`, which keeps neither.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser};

use super::below;
use super::fault::Fault;

/// Lines of a file by JSON pointer.
#[derive(Debug, Default)]
pub(super) struct Lines(HashMap<String, usize>);

/// A map or a list that is being read.
enum Open {
    Map {
        at: String,
        /// The key whose value comes next.
        key: Option<String>,
        /// Keys so far, with their lines.
        keys: HashMap<String, usize>,
    },
    List {
        at: String,
        next: usize,
    },
}

impl Lines {
    /// Reads a file. Faults are keys that a map has twice, and whatever stops the reader.
    pub(super) fn of(text: &str) -> (Self, Vec<Fault>) {
        let mut lines = Self::default();
        let mut faults = Vec::new();
        let mut open = Vec::new();
        for event in Parser::new_from_str(text) {
            match event {
                Ok((event, span)) => lines.note(&event, span.start.line(), &mut open, &mut faults),
                Err(error) => {
                    let what = format!("is not valid YAML: {}", error.info());
                    let line = error.marker().line();
                    faults.push(Fault {
                        line,
                        ..Fault::new("", what)
                    });
                    break;
                }
            }
        }
        (lines, faults)
    }

    /// The line of something, or of what it is in.
    pub(super) fn line(&self, at: &str) -> usize {
        let mut at = at;
        loop {
            if let Some(line) = self.0.get(at) {
                return *line;
            }
            match at.rfind('/') {
                Some(end) => at = &at[..end],
                None => return 0,
            }
        }
    }

    fn note(
        &mut self,
        event: &Event<'_>,
        line: usize,
        open: &mut Vec<Open>,
        faults: &mut Vec<Fault>,
    ) {
        match event {
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop();
            }
            Event::Scalar(text, ..) => {
                if let Some(Open::Map {
                    at,
                    key: key @ None,
                    keys,
                }) = open.last_mut()
                {
                    if let Some(first) = keys.get(text.as_ref()) {
                        let what = format!("is there twice, first in line {first}");
                        faults.push(Fault {
                            line,
                            ..Fault::new(below(at, text), what)
                        });
                    } else {
                        // A value is found by the line of its key.
                        self.0.insert(below(at, text), line);
                        keys.insert(text.to_string(), line);
                    }
                    *key = Some(text.to_string());
                } else {
                    self.enter(line, open);
                }
            }
            Event::Alias(_) => {
                self.enter(line, open);
            }
            Event::MappingStart(..) => {
                let at = self.enter(line, open);
                open.push(Open::Map {
                    at,
                    key: None,
                    keys: HashMap::new(),
                });
            }
            Event::SequenceStart(..) => {
                let at = self.enter(line, open);
                open.push(Open::List { at, next: 0 });
            }
            _ => {}
        }
    }

    /// Goes to the next value of what is open, and gives its pointer.
    fn enter(&mut self, line: usize, open: &mut [Open]) -> String {
        let at = match open.last_mut() {
            None => String::new(),
            Some(Open::Map { at, key, .. }) => below(at, &key.take().unwrap_or_default()),
            Some(Open::List { at, next }) => {
                *next += 1;
                format!("{at}/{}", *next - 1)
            }
        };
        self.0.entry(at.clone()).or_insert(line);
        at
    }
}
