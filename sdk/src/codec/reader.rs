//! From JSON text into places, with nothing in between.
//!
//! A value that its place does not hold is a misfit. It does not spoil the object around it: the
//! member of the nearest record keeps its text in [`Extra`](super::Extra) and is absent, so that
//! what came goes back as it came.

use std::cell::RefCell;

use bytes::Bytes;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::error::{DecodeError, Trail};
use super::order::{OrderId, Orders, START};
use super::scan::{Literal, Scanner, Stop, Text};
use super::unfit::report;
use super::{Dictionary, List, Opened, Opening, Place, Record, Scalar, Strictness, Union};

/// Containers in containers; what is nested deeper is a misfit, as reading it would overflow the
/// stack.
const DEEPEST: usize = 127;

/// What came of a value.
pub(super) enum Reading {
    /// It was read, and ends here. Misfits in it are kept.
    Done(usize),
    /// It does not fit.
    Misfit(DecodeError),
    /// The text is not JSON.
    Syntax(DecodeError),
}

/// What is learned from one value and helps with the next.
#[derive(Debug, Default)]
pub(super) struct Memory {
    orders: Orders,
    /// Members of records that the shapes do not know, while they are collected.
    unknown: String,
}

/// Reads the value at `start` into `place`.
pub(super) fn read(
    place: &mut dyn Place,
    json: &str,
    start: usize,
    strictness: Strictness,
    memory: &mut Memory,
) -> Reading {
    let mut reader = Reader {
        scan: Scanner::new(json, start),
        depth: 0,
        trail: Trail::default(),
        strictness,
        orders: &mut memory.orders,
        unknown: &mut memory.unknown,
        misfits: false,
    };
    let outcome = reader.value(place);
    let misfits = reader.misfits;
    let reading = match outcome {
        Ok(()) => Reading::Done(reader.scan.position()),
        Err(Stop::Misfit) => Reading::Misfit(reader.trail.take_error()),
        Err(Stop::Syntax) => Reading::Syntax(DecodeError::syntax(&reader.scan.fault())),
    };
    memory.unknown.clear();
    if misfits && matches!(reading, Reading::Done(_)) {
        report(place);
    }
    reading
}

/// Reads a whole document into `place`.
pub(super) fn read_document(
    place: &mut dyn Place,
    json: &[u8],
    strictness: Strictness,
) -> Result<(), DecodeError> {
    thread_local! {
        static MEMORY: RefCell<Memory> = RefCell::default();
    }
    // Once for the document costs far less than for each string in it.
    let text = std::str::from_utf8(json).map_err(|error| DecodeError::syntax(&error))?;
    let mut memory = MEMORY.take();
    let reading = read(place, text, 0, strictness, &mut memory);
    MEMORY.set(memory);
    match reading {
        Reading::Done(end) => {
            let mut scan = Scanner::new(text, end);
            scan.end().map_err(|_| DecodeError::syntax(&scan.fault()))
        }
        Reading::Misfit(error) => Err(error.with_raw(Bytes::copy_from_slice(json))),
        Reading::Syntax(error) => Err(error.with_raw(Bytes::copy_from_slice(json))),
    }
}

struct Reader<'a, 'm> {
    scan: Scanner<'a>,
    depth: usize,
    trail: Trail,
    strictness: Strictness,
    orders: &'m mut Orders,
    unknown: &'m mut String,
    /// Whether a misfit was kept.
    misfits: bool,
}

enum Key<'a> {
    /// A member of the shape.
    Known(usize),
    /// A member that the shape does not know, which came at this place before.
    Expected(usize),
    Unknown(Text<'a>),
}

/// What came of a member of a record.
enum Member {
    Read,
    Misfit,
}

impl<'a> Reader<'a, '_> {
    /// Puts the value that comes next into a place.
    fn value(&mut self, place: &mut dyn Place) -> Result<(), Stop> {
        match self.scan.peek() {
            Some(b'"') => {
                let Text { text, flaw } = self.scan.string()?;
                match flaw {
                    None => self.accept(place, Scalar::Text(&text)),
                    Some(flaw) => self.misfit("text", flaw),
                }
            }
            Some(b'{') => match place.open(Opening::Object) {
                Opened::Record(record) => self.object(|reader| reader.record(record)),
                Opened::Union(union) => self.object(|reader| reader.union(union)),
                Opened::Dictionary(dictionary) => {
                    self.object(|reader| reader.dictionary(dictionary))
                }
                Opened::Json(value) => self.json(value),
                Opened::Refused(mismatch) => self.misfit(mismatch.expected, "an object"),
                Opened::List(_) => self.scan.wrong("an object was opened as an array"),
            },
            Some(b'[') => match place.open(Opening::Array) {
                Opened::List(list) => self.list(list),
                Opened::Json(value) => self.json(value),
                Opened::Refused(mismatch) => self.misfit(mismatch.expected, "an array"),
                _ => self.scan.wrong("an array was opened as an object"),
            },
            _ => {
                let scalar = match self.scan.literal()? {
                    Literal::Null => Scalar::Null,
                    Literal::Bool(value) => Scalar::Bool(value),
                    Literal::Integer(value) => Scalar::Integer(value),
                    Literal::Unsigned(value) => Scalar::Unsigned(value),
                    Literal::Float(value) => Scalar::Float(value),
                    Literal::OutOfRange => {
                        return self.misfit("a number", "one that is out of range");
                    }
                };
                self.accept(place, scalar)
            }
        }
    }

    fn accept(&mut self, place: &mut dyn Place, scalar: Scalar<'_>) -> Result<(), Stop> {
        match place.accept(scalar) {
            Ok(()) => Ok(()),
            Err(mismatch) => self.misfit(mismatch.expected, scalar.kind()),
        }
    }

    #[cold]
    fn misfit<T>(&mut self, expected: &'static str, found: &'static str) -> Result<T, Stop> {
        self.trail.fail(expected, found);
        Err(Stop::Misfit)
    }

    /// Any JSON, kept as it comes.
    fn json(&mut self, value: &mut Value) -> Result<(), Stop> {
        let mut rest = serde_json::Deserializer::from_str(self.scan.rest());
        if let Ok(found) = serde::Deserialize::deserialize(&mut rest) {
            *value = found;
            let length = rest.into_iter::<IgnoredAny>().byte_offset();
            self.scan.advance(length);
            return Ok(());
        }
        self.scan.skip()?;
        self.misfit("JSON", "text or a number that it cannot hold")
    }

    fn enter(&mut self) -> Result<(), Stop> {
        if self.depth == DEEPEST {
            return self.misfit("a value", "one that is nested too deeply");
        }
        self.depth += 1;
        self.scan.advance(1);
        Ok(())
    }

    fn object(&mut self, members: impl FnOnce(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        self.enter()?;
        members(self)?;
        self.depth -= 1;
        Ok(())
    }

    /// Whether an object or array has no members; it is then passed over.
    #[inline]
    fn is_empty(&mut self, close: u8) -> bool {
        let empty = self.scan.peek() == Some(close);
        self.scan.advance(usize::from(empty));
        empty
    }

    fn list(&mut self, list: &mut dyn List) -> Result<(), Stop> {
        self.enter()?;
        if !self.is_empty(b']') {
            for index in 0.. {
                if let Err(stop) = self.value(list.push()) {
                    self.trail.through_index(index);
                    return Err(stop);
                }
                if !self.scan.more(b']')? {
                    break;
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn dictionary(&mut self, dictionary: &mut dyn Dictionary) -> Result<(), Stop> {
        if self.is_empty(b'}') {
            return Ok(());
        }
        loop {
            let Text { text: name, flaw } = self.scan.name()?;
            if let Some(flaw) = flaw {
                return self.misfit("a name", flaw);
            }
            if let Err(stop) = self.value(dictionary.entry(&name)) {
                self.trail.through_key(&name);
                return Err(stop);
            }
            if !self.scan.more(b'}')? {
                return Ok(());
            }
        }
    }

    /// Looks ahead for the discriminator, then reads the record that it names.
    fn union(&mut self, union: &mut dyn Union) -> Result<(), Stop> {
        let start = self.scan.position();
        let name = union.discriminator();
        let tag = self.tag(name)?;
        self.scan.go_to(start);
        let record = union.choose(tag.as_deref());
        self.record(record)?;
        // Of names that come twice the last counts, and here it decides what all others mean.
        let last = last_text(record, name);
        if last != tag {
            self.scan.go_to(start);
            return self.record(union.choose(last.as_deref()));
        }
        Ok(())
    }

    /// The text of the first member of that name, if it is text.
    fn tag(&mut self, discriminator: &str) -> Result<Option<String>, Stop> {
        if self.is_empty(b'}') {
            return Ok(None);
        }
        loop {
            let is_it = self.scan.name()?.text == discriminator;
            if is_it && self.scan.peek() == Some(b'"') {
                let Text { text, flaw } = self.scan.string()?;
                return Ok(flaw.is_none().then(|| text.into_owned()));
            }
            self.scan.skip()?;
            if is_it || !self.scan.more(b'}')? {
                return Ok(None);
            }
        }
    }

    fn record(&mut self, record: &mut dyn Record) -> Result<(), Stop> {
        if self.is_empty(b'}') {
            return Ok(());
        }
        let shape = record.shape();
        let order = self.orders.of(shape);
        let mut place = START;
        let unknown = self.unknown.len();
        // Members that did not fit, by index, with name and value as they came.
        let mut misfits: Vec<(usize, &str)> = Vec::new();
        loop {
            self.scan.peek();
            let start = self.scan.position();
            match self.key(order, place)? {
                Key::Known(index) => {
                    place = self.orders.follow(order, place, index);
                    let Some(slot) = record.slot(index) else {
                        return self
                            .scan
                            .wrong("the shape has more members than the record");
                    };
                    if !misfits.is_empty() {
                        // It comes again, and the last one counts.
                        misfits.retain(|(other, _)| *other != index);
                    }
                    match self.member(slot, shape.properties[index].name)? {
                        Member::Read => {}
                        Member::Misfit => misfits.push((index, self.scan.since(start))),
                    }
                }
                key => {
                    place = match key {
                        Key::Unknown(name) => self.orders.follow_unknown(order, place, &name.text),
                        Key::Expected(number) | Key::Known(number) => number + 1,
                    };
                    self.scan.skip()?;
                    self.remember(unknown, start);
                }
            }
            if !self.scan.more(b'}')? {
                break;
            }
        }
        for (_, member) in &misfits {
            self.push_unknown(unknown, member);
        }
        if self.unknown.len() > unknown {
            record.extra_mut().set_raw(&self.unknown[unknown..]);
            self.unknown.truncate(unknown);
        }
        Ok(())
    }

    /// Reads the value of a member. One that does not fit is passed over, and its slot is absent.
    #[inline]
    fn member(&mut self, slot: &mut dyn Place, name: &str) -> Result<Member, Stop> {
        let (depth, unknown) = (self.depth, self.unknown.len());
        self.scan.peek();
        let start = self.scan.position();
        match self.value(slot) {
            Ok(()) => Ok(Member::Read),
            Err(Stop::Misfit) if self.strictness == Strictness::Lenient => {
                self.trail.clear();
                self.depth = depth;
                self.unknown.truncate(unknown);
                self.misfits = true;
                // Whatever was put into it before is taken back.
                let _ = slot.accept(Scalar::Absent);
                self.scan.go_to(start);
                self.scan.skip()?;
                Ok(Member::Misfit)
            }
            Err(stop) => {
                self.trail.through_key(name);
                Err(stop)
            }
        }
    }

    /// Keeps the member that starts at `start` with those that the shape does not know.
    #[inline]
    fn remember(&mut self, first: usize, start: usize) {
        let member = self.scan.since(start);
        self.push_unknown(first, member);
    }

    #[inline]
    fn push_unknown(&mut self, first: usize, member: &str) {
        if self.unknown.len() > first {
            self.unknown.push(',');
        }
        self.unknown.push_str(member);
    }

    #[inline]
    fn key(&mut self, order: OrderId, place: usize) -> Result<Key<'a>, Stop> {
        let expected = self.orders.expected(order, place);
        if let Some(length) = expected.length_in(self.scan.bytes()) {
            self.scan.advance(length);
            return Ok(if expected.is_known() {
                Key::Known(expected.number)
            } else {
                Key::Expected(expected.number)
            });
        }
        let shape = expected.shape;
        let name = self.scan.name()?;
        Ok(match shape.index_of(&name.text) {
            Some(index) if name.flaw.is_none() => Key::Known(index),
            _ => Key::Unknown(name),
        })
    }
}

/// What the member of that name holds in the end, if it is text.
fn last_text(record: &dyn Record, name: &str) -> Option<String> {
    let known = record.shape().index_of(name);
    if let Some(place) = known.and_then(|index| record.get(index))
        && let super::View::Text(text) = place.view()
    {
        return Some(text.to_owned());
    }
    record
        .extra()
        .get(name)
        .filter(|_| known.is_none())
        .and_then(Value::as_str)
        .map(str::to_owned)
}
