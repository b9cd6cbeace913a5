//! Recorded answers as another release of Okta might send them.
//!
//! Each member of an answer is altered, one at a time. Whatever it becomes, the answer has to be
//! read, and has to come back as it was.

use std::collections::BTreeMap;
use std::fmt;

use okta_sdk::models::DecodeError;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::fidelity::differences;
use crate::{round_trip, scripted};

/// What becomes of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alteration {
    /// It is null.
    Null,
    /// It is gone.
    Absent,
    /// It is of another JSON type.
    OtherType,
    /// It is a string that nobody knows.
    UnknownValue,
    /// An object has a member that nobody knows.
    UnknownMember,
    /// A list is one of its elements, or another value a list of itself.
    OneForMany,
    /// A whole number has a fraction.
    Fraction,
}

impl Alteration {
    const ALL: [Self; 7] = [
        Self::Null,
        Self::Absent,
        Self::OtherType,
        Self::UnknownValue,
        Self::UnknownMember,
        Self::OneForMany,
        Self::Fraction,
    ];

    /// The altered value, `Some(None)` if it is gone; `None` where the alteration changes nothing
    /// or makes no sense.
    fn of(self, value: &Value, random: &mut fastrand::Rng) -> Option<Option<Value>> {
        let altered = match (self, value) {
            (Self::Absent, _) => return Some(None),
            (Self::Null, Value::Null) => return None,
            (Self::Null, _) => Value::Null,
            (Self::OtherType, _) => {
                let others = [
                    json!(true),
                    json!(random.i32(..)),
                    json!("of another type"),
                    json!(["of another type", 1, null]),
                    json!({"of": {"another": "type"}}),
                ];
                let same_type = |other: &&Value| {
                    std::mem::discriminant(*other) == std::mem::discriminant(value)
                };
                let others: Vec<_> = others.iter().filter(|other| !same_type(other)).collect();
                (*random.choice(others)?).clone()
            }
            (Self::UnknownValue, Value::String(_)) => json!(format!("UNKNOWN_{}", random.u16(..))),
            (Self::UnknownMember, Value::Object(members)) => {
                let mut members = members.clone();
                members.insert("notKnownYet".to_owned(), json!({"a": [1, null, "b"]}));
                Value::Object(members)
            }
            (Self::OneForMany, Value::Array(elements)) => elements.first()?.clone(),
            (Self::OneForMany, value) => json!([value]),
            (Self::Fraction, Value::Number(number)) => json!(number.as_i64()? as f64 + 0.5),
            _ => return None,
        };
        (altered != *value).then_some(Some(altered))
    }
}

impl fmt::Display for Alteration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Null => "null",
            Self::Absent => "absent",
            Self::OtherType => "another type",
            Self::UnknownValue => "unknown value",
            Self::UnknownMember => "unknown member",
            Self::OneForMany => "one for many",
            Self::Fraction => "fraction",
        })
    }
}

/// An altered answer that was not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Okta's operation id.
    pub operation: String,
    /// JSON pointer of the member that was altered.
    pub member: String,
    /// What became of it.
    pub alteration: Alteration,
    /// What went wrong, and where.
    pub reason: String,
}

impl fmt::Display for Lost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            member,
            alteration,
            reason,
        } = self;
        write!(formatter, "{operation} {member} ({alteration}): {reason}")
    }
}

/// How many alterations of a kind there were, and how they fared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Altered answers.
    pub tried: usize,
    /// Those that could be decoded.
    pub decoded: usize,
    /// Those that came back as they were.
    pub kept: usize,
}

/// How the alterations fared.
#[derive(Debug, Default)]
pub struct Totals {
    counts: BTreeMap<Alteration, Count>,
}

#[derive(Deserialize)]
struct Exchange {
    operation_id: String,
    status: u16,
    response_body: Option<Value>,
}

impl Totals {
    /// Over all alterations.
    #[must_use]
    pub fn sum(&self) -> Count {
        let mut sum = Count::default();
        for count in self.counts.values() {
            sum.tried += count.tried;
            sum.decoded += count.decoded;
            sum.kept += count.kept;
        }
        sum
    }

    /// Alters each member of the answer on a line of a corpus `times` times, or `at_most` so many
    /// of them, and gives what was not kept. A line without the answer of a known operation has
    /// nothing to alter.
    pub fn check(
        &mut self,
        document: &str,
        text: &str,
        times: usize,
        at_most: usize,
        random: &mut fastrand::Rng,
    ) -> Vec<Lost> {
        let Ok(exchange) = serde_json::from_str::<Exchange>(text) else {
            return Vec::new();
        };
        let journey =
            round_trip::of(document, &exchange.operation_id).and_then(|types| types.response);
        let (Some(body), Some(journey), 200..300) =
            (exchange.response_body, journey, exchange.status)
        else {
            return Vec::new();
        };
        let receive = |json: &[u8]| match journey.each {
            None => (journey.whole)(json),
            // A list that has no pages is given whole; its items are looked at all the same.
            Some(each) => scripted::page((document, &exchange.operation_id), json)?
                .map_or_else(|| each(json), Ok),
        };
        let mut lost = Vec::new();
        let mut members = members(&body);
        if members.len() > at_most {
            random.shuffle(&mut members);
            members.truncate(at_most);
        }
        for member in members {
            for _ in 0..times {
                let Some((alteration, altered)) = alter(&body, &member, random) else {
                    continue;
                };
                if let Err(reason) = self.pass(receive, alteration, &altered) {
                    lost.push(Lost {
                        operation: exchange.operation_id.clone(),
                        member: member.clone(),
                        alteration,
                        reason,
                    });
                }
            }
        }
        lost
    }

    fn pass(
        &mut self,
        receive: impl Fn(&[u8]) -> Result<Value, DecodeError>,
        alteration: Alteration,
        altered: &Value,
    ) -> Result<(), String> {
        let count = self.counts.entry(alteration).or_default();
        count.tried += 1;
        let after = receive(altered.to_string().as_bytes()).map_err(|error| error.to_string())?;
        count.decoded += 1;
        match differences(altered, &after).first() {
            Some(difference) => Err(format!("{}: {}", difference.path, difference.reason)),
            None => {
                count.kept += 1;
                Ok(())
            }
        }
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (alteration, count) in &self.counts {
            let Count {
                tried,
                decoded,
                kept,
            } = count;
            writeln!(
                formatter,
                "{alteration:<14} altered {tried:>6}, decoded {decoded:>6}, kept {kept:>6}"
            )?;
        }
        let Count {
            tried,
            decoded,
            kept,
        } = self.sum();
        write!(formatter, "altered {tried}, decoded {decoded}, kept {kept}")
    }
}

/// JSON pointers of everything below a value.
fn members(value: &Value) -> Vec<String> {
    fn visit(value: &Value, pointer: &str, found: &mut Vec<String>) {
        let mut step = |name: &str, value| {
            let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            found.push(pointer.clone());
            visit(value, &pointer, found);
        };
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| step(name, value)),
            Value::Array(elements) => {
                for (index, value) in elements.iter().enumerate() {
                    step(&index.to_string(), value);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    visit(value, "", &mut found);
    found
}

/// The body with one member altered, in a way that changes it.
fn alter(body: &Value, member: &str, random: &mut fastrand::Rng) -> Option<(Alteration, Value)> {
    let value = body.pointer(member)?;
    let possible: Vec<_> = Alteration::ALL
        .into_iter()
        .filter_map(|alteration| Some((alteration, alteration.of(value, random)?)))
        .collect();
    let (alteration, altered) = random.choice(possible)?;
    let mut body = body.clone();
    match altered {
        Some(altered) => *body.pointer_mut(member)? = altered,
        None => remove(&mut body, member)?,
    }
    Some((alteration, body))
}

fn remove(body: &mut Value, member: &str) -> Option<()> {
    let (holder, name) = member.rsplit_once('/')?;
    match body.pointer_mut(holder)? {
        Value::Object(members) => drop::<Option<Value>>(Map::remove(
            members,
            &name.replace("~1", "/").replace("~0", "~"),
        )),
        Value::Array(elements) => drop(elements.remove(name.parse().ok()?)),
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests;
