//! Recorded answers with bytes changed: the reader and `serde_json` have to agree.
//!
//! On all that `serde_json` takes for JSON they give the same model. On the rest the reader may
//! read on where `serde_json` stops, in the cases of [`READ_ON`] alone.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::round_trip::{self, Rewriting};

/// What `serde_json` says of text that the reader takes: the value is kept as it came.
pub const READ_ON: &[&str] = &[
    "control character",
    "lone leading surrogate",
    "lone trailing surrogate",
    "number out of range",
    "recursion limit exceeded",
    "unexpected end of hex escape",
];

/// How the mutations fared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Both gave the same model.
    pub same: usize,
    /// Both refused.
    pub refused: usize,
    /// The reader read on where it may.
    pub read_on: usize,
    /// They differed.
    pub differed: usize,
}

impl std::fmt::Display for Totals {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            same,
            refused,
            read_on,
            differed,
        } = self;
        let all = same + refused + read_on + differed;
        write!(
            formatter,
            "mutations {all}: same {same}, refused by both {refused}, read on {read_on}, \
             differed {differed}"
        )
    }
}

/// A recorded answer, and how it is read.
pub struct Seed {
    operation: String,
    json: Vec<u8>,
    by_reader: Rewriting,
    by_serde: Rewriting,
}

#[derive(Deserialize)]
struct Exchange<'a> {
    operation_id: String,
    status: u16,
    #[serde(borrow)]
    response_body: Option<&'a RawValue>,
}

/// Answers above this length say nothing that shorter ones do not.
const LONGEST: usize = 8 * 1024;

impl std::fmt::Debug for Seed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.operation)
    }
}

impl Seed {
    /// The answer on a line of a corpus, if it has one of a known type.
    #[must_use]
    pub fn of_line(document: &str, line: &str) -> Option<Self> {
        let exchange: Exchange<'_> = serde_json::from_str(line).ok()?;
        let body = exchange.response_body?.get();
        let journey = round_trip::of(document, &exchange.operation_id)?.response?;
        let is_answer = (200..300).contains(&exchange.status) && body.len() <= LONGEST;
        is_answer.then(|| Self {
            operation: exchange.operation_id,
            json: body.into(),
            by_reader: journey.by_reader,
            by_serde: journey.by_serde,
        })
    }

    /// Mutates the answer and reads it both ways; gives what differed, without the text.
    pub fn check(&self, random: &mut fastrand::Rng, totals: &mut Totals) -> Option<String> {
        let mut json = self.json.clone();
        for _ in 0..random.usize(1..4) {
            mutate(&mut json, random);
        }
        if json.trim_ascii().is_empty() {
            return None;
        }
        match ((self.by_reader)(&json), (self.by_serde)(&json)) {
            (Ok(reader), Ok(serde)) if reader == serde => totals.same += 1,
            (Err(_), Err(_)) => totals.refused += 1,
            (Ok(_), Err(error)) if READ_ON.iter().any(|known| error.contains(known)) => {
                totals.read_on += 1;
            }
            (reader, serde) => {
                totals.differed += 1;
                let why = match (reader, serde) {
                    (Ok(_), Ok(_)) => "both read it, and differ".to_owned(),
                    (Err(error), _) => format!("the reader refuses: {error}"),
                    (_, Err(error)) => format!("serde_json refuses: {error}"),
                };
                return Some(format!("{}: {why}", self.operation));
            }
        }
        None
    }
}

/// What JSON is made of, and what it is not.
const ALPHABET: &[u8] = b"\"\"\"\\{}[]:,,0123456789-+.eEtrufalsn /bud8\t\n\x01\x7f\xc3\xa9\xf0 ";

fn mutate(json: &mut Vec<u8>, random: &mut fastrand::Rng) {
    if json.is_empty() {
        return;
    }
    let at = random.usize(..json.len());
    let byte = ALPHABET[random.usize(..ALPHABET.len())];
    match random.u8(..6) {
        0 => drop(json.remove(at)),
        1 => json.insert(at, byte),
        2 => drop(json.drain(at..(at + random.usize(..12)).min(json.len()))),
        3 => drop(json.splice(at..at, *b"\\ud83d")),
        4 => {
            // A piece of it comes again, as members do that are sent twice.
            let end = (at + random.usize(..40)).min(json.len());
            let piece = json[at..end].to_vec();
            drop(json.splice(at..at, piece));
        }
        _ => json[at] = byte,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::operations::MANAGEMENT;

    const LINE: &str = r#"{"operation_id": "getUser", "status": 200, "response_body":
        {"id":"00u1","status":"ACTIVE","activated":null,"x":-1.5e3,"type":{"id":"oty"},
        "profile":{"firstName":"Gi\u00e9\ud83d\ude00","login":"a","badge":12,"skills":["r\\",[],{}],
        "deep":{"a":{"b":[1,2.50,-0,1e5]}}},"credentials":{"password":{},"emails":[{"value":"p"}]},
        "_links":{"self":{"href":"http://x"},"more":[{"href":"y"}]},"_embedded":{"k":[1,"2",null]}}}"#;

    #[test]
    fn the_reader_and_serde_agree_on_mutated_answers() {
        let seed = Seed::of_line(MANAGEMENT, LINE).unwrap();
        let mut random = fastrand::Rng::with_seed(0x6f6b_7461);
        let mut totals = Totals::default();
        for _ in 0..20_000 {
            assert_eq!(seed.check(&mut random, &mut totals), None);
        }
        let Totals {
            same,
            refused,
            read_on,
            ..
        } = totals;
        assert!(same > 1000 && refused > 1000 && read_on > 100, "{totals}");
    }

    #[test]
    fn a_difference_is_told() {
        let seed = Seed {
            by_serde: |_| Ok("something else".to_owned()),
            by_reader: |_| Ok("{}".to_owned()),
            ..Seed::of_line(MANAGEMENT, LINE).unwrap()
        };
        let mut totals = Totals::default();
        let why = seed.check(&mut fastrand::Rng::with_seed(1), &mut totals);
        assert_eq!(why.unwrap(), "getUser: both read it, and differ");
        assert_eq!(totals.differed, 1);
    }
}
