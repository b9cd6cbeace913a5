//! YAML whose parts know where they stand.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use serde_json::{Map, Value};

use super::row::Place;

/// Deeper files are refused.
const DEEPEST: usize = 32;

/// A part of a YAML file.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) kind: NodeKind,
}

#[derive(Debug)]
pub(super) enum NodeKind {
    Scalar(Value),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    pub(super) fn into_value(self) -> Value {
        match self.kind {
            NodeKind::Scalar(value) => value,
            NodeKind::List(items) => items.into_iter().map(Self::into_value).collect(),
            NodeKind::Map(members) => {
                let members = members
                    .into_iter()
                    .map(|(name, it)| (name, it.into_value()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }
}

/// Reads a file of one document; nothing if it is empty.
pub(super) fn parse(text: &str) -> Result<Option<Node>, (Place, String)> {
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let marker = error.marker();
            let place = Place {
                line: marker.line(),
                column: marker.col() + 1,
            };
            (place, format!("is not valid YAML: {}", error.info()))
        })?;
        let place = place(&span);
        let done = match event {
            Event::Scalar(text, style, _, tag) => {
                if tag.is_some() {
                    return Err((place, "tags are not read; leave it out".to_owned()));
                }
                Some(Node {
                    place,
                    kind: NodeKind::Scalar(scalar(text, style)),
                })
            }
            Event::SequenceStart(..) => {
                open.push(Open::List(place, Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(place, Vec::new(), None));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(Open::close),
            Event::Alias(_) => {
                let why = "aliases are not read; write out what it stands for";
                return Err((place, why.to_owned()));
            }
            _ => None,
        };
        if open.len() > DEEPEST {
            return Err((place, format!("is nested more than {DEEPEST} deep")));
        }
        if let Some(node) = done {
            match open.last_mut() {
                Some(outer) => outer.put(node)?,
                None if root.is_none() => root = Some(node),
                None => return Err((place, "a second document; make it a file".to_owned())),
            }
        }
    }
    Ok(root)
}

/// What has begun and not ended.
enum Open {
    List(Place, Vec<Node>),
    Map(Place, Vec<(String, Node)>, Option<String>),
}

impl Open {
    fn put(&mut self, node: Node) -> Result<(), (Place, String)> {
        match self {
            Self::List(_, items) => items.push(node),
            Self::Map(_, members, name) => match (name.take(), node) {
                (Some(name), node) => members.push((name, node)),
                (None, Node { place, kind }) => {
                    let text = match kind {
                        NodeKind::Scalar(Value::String(text)) => text,
                        NodeKind::Scalar(value) => value.to_string(),
                        NodeKind::List(_) | NodeKind::Map(_) => {
                            return Err((place, "a name has to be text".to_owned()));
                        }
                    };
                    if members.iter().any(|(known, _)| *known == text) {
                        return Err((place, format!("{text} is there twice")));
                    }
                    *name = Some(text);
                }
            },
        }
        Ok(())
    }

    fn close(self) -> Node {
        match self {
            Self::List(place, items) => Node {
                place,
                kind: NodeKind::List(items),
            },
            Self::Map(place, members, _) => Node {
                place,
                kind: NodeKind::Map(members),
            },
        }
    }
}

fn place(span: &Span) -> Place {
    Place {
        line: span.start.line(),
        column: span.start.col() + 1,
    }
}

/// By the core schema of YAML 1.2, where `yes` and `on` are text.
fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::String(text.into_owned());
    }
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    // A phone number or a badge such as 007 keeps its zeros.
    let digits = text.trim_start_matches(['-', '+']);
    let is_number = digits.starts_with(|first: char| first.is_ascii_digit())
        && !(digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0."))
        && !text.starts_with('+');
    match serde_json::from_str::<Value>(&text) {
        Ok(number @ Value::Number(_)) if is_number => number,
        _ => Value::String(text.into_owned()),
    }
}
