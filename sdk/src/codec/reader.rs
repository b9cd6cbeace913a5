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
use super::{Dictionary, List, Opened, Opening, Place, Record, Scalar, Strictness, Union, View};

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

/// Reads the value at `start` into `place`.
pub(super) fn read(
    place: &mut dyn Place,
    json: &str,
    start: usize,
    strictness: Strictness,
    orders: &mut Orders,
) -> Reading {
    let mut reader = Reader {
        scan: Scanner::new(json, start),
        depth: 0,
        trail: Trail::default(),
        strictness,
        orders,
        misfits: false,
    };
    let outcome = reader.value(place);
    let misfits = reader.misfits;
    let reading = match outcome {
        Ok(()) => Reading::Done(reader.scan.position()),
        Err(Stop::Misfit) => Reading::Misfit(reader.trail.take_error()),
        Err(Stop::Syntax) => Reading::Syntax(DecodeError::syntax(&reader.scan.fault())),
    };
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
        // What is learned from one document helps with the next.
        static ORDERS: RefCell<Orders> = RefCell::default();
    }
    // Once for the document costs far less than for each string in it.
    let text = std::str::from_utf8(json).map_err(|error| DecodeError::syntax(&error))?;
    let mut orders = ORDERS.take();
    let reading = read(place, text, 0, strictness, &mut orders);
    ORDERS.set(orders);
    match reading {
        Reading::Done(end) => {
            let mut scan = Scanner::new(text, end);
            scan.end().map_err(|_| DecodeError::syntax(&scan.fault()))
        }
        Reading::Misfit(error) => Err(error.with_raw(Bytes::copy_from_slice(json))),
        Reading::Syntax(error) => Err(error.with_raw(Bytes::copy_from_slice(json))),
    }
}

struct Reader<'a, 'o> {
    scan: Scanner<'a>,
    depth: usize,
    trail: Trail,
    strictness: Strictness,
    orders: &'o mut Orders,
    /// Whether a misfit was kept.
    misfits: bool,
}

enum Key<'a> {
    /// The member that came at this place before; of the shape, or one that it does not know.
    Expected(usize),
    /// Another member of the shape.
    Known(usize),
    /// Another member that the shape does not know.
    Unknown(Text<'a>),
}

/// Members of a record that stay text, with name and value as they came.
#[derive(Default)]
struct Rest<'a> {
    /// A misfit with the index of its member, or one or more that the shape does not know.
    parts: Vec<(Option<usize>, &'a str)>,
    /// Where the last part starts, if it may go on: most unknown members come one after the other.
    open: Option<usize>,
}

impl<'a> Rest<'a> {
    /// A known member comes. If it came before and did not fit, the new one counts.
    #[inline]
    fn comes_again(&mut self, index: usize) {
        self.open = None;
        if !self.parts.is_empty() {
            self.parts.retain(|(known, _)| *known != Some(index));
        }
    }

    fn misfit(&mut self, index: usize, member: &'a str) {
        self.parts.push((Some(index), member));
    }

    /// An unknown member came, from `start` to where the scanner is.
    #[inline]
    fn unknown(&mut self, scan: &Scanner<'a>, start: usize) {
        if let (Some(start), Some((_, last))) = (self.open, self.parts.last_mut()) {
            *last = scan.since(start);
            return;
        }
        self.open = Some(start);
        self.parts.push((None, scan.since(start)));
    }

    fn into_text(self) -> Option<Box<str>> {
        match self.parts.as_slice() {
            [] => None,
            [(_, only)] => Some((*only).into()),
            parts => {
                let parts: Vec<&str> = parts.iter().map(|(_, part)| *part).collect();
                Some(parts.join(",").into())
            }
        }
    }
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
            Some(b'"') => match self.scan.plain_string() {
                Some(text) => self.accept(place, Scalar::Text(text)),
                None => self.escaped(place),
            },
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

    #[cold]
    fn escaped(&mut self, place: &mut dyn Place) -> Result<(), Stop> {
        let Text { text, flaw } = self.scan.string()?;
        match flaw {
            None => self.accept(place, Scalar::Text(&text)),
            Some(flaw) => self.misfit("text", flaw),
        }
    }

    #[inline]
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
                let is_null = self.scan.peek() == Some(b'n');
                let element = list.push();
                let outcome = match self.value(element) {
                    // A member may be null as if it were absent; an element cannot be absent.
                    Ok(()) if is_null && matches!(element.view(), View::Absent) => {
                        self.misfit("a value", "null")
                    }
                    outcome => outcome,
                };
                if let Err(stop) = outcome {
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
        let mut rest = Rest::default();
        loop {
            self.scan.peek();
            let start = self.scan.position();
            let (known, next) = match self.key(order, place)? {
                Key::Expected(number) => (
                    Some(number).filter(|number| *number < shape.properties.len()),
                    number + 1,
                ),
                Key::Known(index) => (Some(index), self.orders.follow(order, place, index)),
                Key::Unknown(name) => (None, self.orders.follow_unknown(order, place, &name.text)),
            };
            place = next;
            match known {
                Some(index) => {
                    let Some(slot) = record.slot(index) else {
                        return self
                            .scan
                            .wrong("the shape has more members than the record");
                    };
                    rest.comes_again(index);
                    match self.member(slot, shape.properties[index].name)? {
                        Member::Read => {}
                        Member::Misfit => rest.misfit(index, self.scan.since(start)),
                    }
                }
                None => {
                    self.scan.skip()?;
                    rest.unknown(&self.scan, start);
                }
            }
            if !self.scan.more(b'}')? {
                break;
            }
        }
        if let Some(text) = rest.into_text() {
            record.extra_mut().set_raw(text);
        }
        Ok(())
    }

    /// Reads the value of a member. One that does not fit is passed over, and its slot is absent.
    #[inline]
    fn member(&mut self, slot: &mut dyn Place, name: &str) -> Result<Member, Stop> {
        let depth = self.depth;
        self.scan.peek();
        let start = self.scan.position();
        match self.value(slot) {
            Ok(()) => Ok(Member::Read),
            Err(Stop::Misfit) if self.strictness == Strictness::Lenient => {
                self.trail.clear();
                self.depth = depth;
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

    #[inline]
    fn key(&mut self, order: OrderId, place: usize) -> Result<Key<'a>, Stop> {
        let expected = self.orders.expected(order, place);
        if let Some(length) = expected.length_in(self.scan.bytes()) {
            self.scan.advance(length);
            return Ok(Key::Expected(expected.number));
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
        && let View::Text(text) = place.view()
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
