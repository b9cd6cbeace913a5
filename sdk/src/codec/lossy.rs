//! Values of JSON text that `serde_json` does not take.

use serde_json::{Map, Value};

use super::scan::{Literal, Scanner, Stop};

/// Containers in containers; what is nested deeper is shown as its text.
const DEEPEST: usize = 100;

/// The value that well-formed JSON text shows. Half a surrogate pair becomes U+FFFD, a control
/// character stands for itself, and what no [`Value`] can hold becomes a string of its text.
pub(super) fn value(text: &str) -> Value {
    let mut scan = Scanner::new(text, 0);
    read(&mut scan, 0).unwrap_or_else(|_| Value::String(text.to_owned()))
}

fn read(scan: &mut Scanner<'_>, depth: usize) -> Result<Value, Stop> {
    let first = scan.peek();
    let start = scan.position();
    Ok(match first {
        Some(b'{' | b'[') if depth == DEEPEST => {
            scan.skip()?;
            Value::String(scan.since(start).to_owned())
        }
        Some(b'{') => Value::Object(object(scan, depth + 1)?),
        Some(b'[') => Value::Array(array(scan, depth + 1)?),
        Some(b'"') => Value::String(scan.string()?.text.into_owned()),
        _ => match scan.literal()? {
            Literal::Null => Value::Null,
            Literal::Bool(value) => value.into(),
            Literal::Integer(value) => value.into(),
            Literal::Unsigned(value) => value.into(),
            Literal::Float(value) => value.into(),
            Literal::OutOfRange => Value::String(scan.since(start).to_owned()),
        },
    })
}

fn object(scan: &mut Scanner<'_>, depth: usize) -> Result<Map<String, Value>, Stop> {
    let mut members = Map::new();
    scan.advance(1);
    if scan.peek() == Some(b'}') {
        scan.advance(1);
        return Ok(members);
    }
    loop {
        let name = scan.name()?.text.into_owned();
        members.insert(name, read(scan, depth)?);
        if !scan.more(b'}')? {
            return Ok(members);
        }
    }
}

fn array(scan: &mut Scanner<'_>, depth: usize) -> Result<Vec<Value>, Stop> {
    let mut elements = Vec::new();
    scan.advance(1);
    if scan.peek() == Some(b']') {
        scan.advance(1);
        return Ok(elements);
    }
    loop {
        elements.push(read(scan, depth)?);
        if !scan.more(b']')? {
            return Ok(elements);
        }
    }
}
