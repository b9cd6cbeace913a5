//! Lists, an element at a time.

use std::borrow::Cow;

use bytes::Bytes;
use bytestring::ByteString;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::error::DecodeError;
use super::order::Orders;
use super::reader::{Reading, read};
use super::scan::{after_space, string_end, value_end};
use super::{Place, Slot, Strictness};

/// An element; the inner error is that it cannot be read, with its bytes, the outer one that the
/// list around it is broken, after which nothing comes.
pub type Element<T> = Result<Result<T, DecodeError>, DecodeError>;

/// The elements of a list, each decoded when it is asked for: a bad one does not spoil its
/// neighbours, and a page of hundreds costs the memory of one.
#[derive(Debug)]
pub struct Elements {
    page: Page,
    next: Next,
    /// Index of the next element.
    index: usize,
    /// JSON name of the member that holds the list; the list is the document without one.
    property: Option<Box<str>>,
    strictness: Strictness,
    /// What is learned from an element helps with the others.
    orders: Orders,
}

/// The text of a page.
#[derive(Debug)]
enum Page {
    Text(ByteString),
    /// It is not UTF-8 somewhere: each element is judged by itself.
    Bytes(Bytes),
}

impl Page {
    fn bytes(&self) -> &Bytes {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// What comes next.
#[derive(Debug)]
enum Next {
    /// An element that starts here.
    Element(usize),
    Broken(DecodeError),
    Nothing,
}

impl Elements {
    /// A response body that is a list, or an object that has one in `property`.
    ///
    /// # Errors
    /// If the body is empty, not JSON as far as it is read by now, or not such a list.
    pub fn open(
        body: Bytes,
        property: Option<&str>,
        strictness: Strictness,
    ) -> Result<Self, DecodeError> {
        let page = match ByteString::try_from(body.clone()) {
            Ok(text) => Page::Text(text),
            Err(_) => Page::Bytes(body),
        };
        let mut elements = Self {
            page,
            next: Next::Nothing,
            index: 0,
            property: property.map(Into::into),
            strictness,
            orders: Orders::default(),
        };
        let start = elements.start()?;
        let bytes = elements.page.bytes();
        let first = after_space(bytes, start + 1);
        elements.next = match bytes.get(first) {
            Some(b']') => elements.end(first + 1),
            _ => Next::Element(first),
        };
        Ok(elements)
    }

    /// JSON path of the next element.
    pub fn path(&self) -> String {
        format!("{}[{}]", self.list_path(), self.index)
    }

    fn list_path(&self) -> String {
        match &self.property {
            Some(name) => format!("$.{name}"),
            None => "$".to_owned(),
        }
    }

    /// How many were taken.
    pub fn taken(&self) -> usize {
        self.index
    }

    /// Whether all have been taken.
    pub fn is_empty(&self) -> bool {
        matches!(self.next, Next::Nothing)
    }

    /// Passes over elements that were taken from an earlier copy of this list.
    ///
    /// # Errors
    /// If the list breaks off before.
    pub fn pass_over(&mut self, count: usize) -> Result<(), DecodeError> {
        for _ in 0..count {
            match self.next_raw(&mut None) {
                Some(Ok(_)) => {}
                Some(Err(broken)) => return Err(broken),
                None => break,
            }
        }
        Ok(())
    }

    /// Decodes the next one into `slot`, where it is left.
    pub fn next_in<T: Slot>(&mut self, slot: &mut Option<T>) -> Option<Element<()>> {
        self.next_into(slot.insert(T::vacant()))
    }

    fn next_into(&mut self, place: &mut dyn Place) -> Option<Element<()>> {
        let strictness = self.strictness;
        self.element(
            |text, start, orders| match read(place, text, start, strictness, orders) {
                Reading::Done(end) => Ok(end),
                Reading::Misfit(error) | Reading::Syntax(error) => Err(error),
            },
        )
    }

    /// Decodes the next one into a type of the caller.
    pub fn next_as<T: DeserializeOwned>(&mut self, slot: &mut Option<T>) -> Option<Element<()>> {
        self.element(|text, start, _| {
            let mut json = serde_json::Deserializer::from_str(&text[start..]);
            let value = T::deserialize(&mut json);
            *slot = Some(value.map_err(|error| DecodeError::misfit("$", error.to_string()))?);
            Ok(start + json.into_iter::<IgnoredAny>().byte_offset())
        })
    }

    /// The bytes of the next one, not judged.
    pub fn next_raw(&mut self, slot: &mut Option<Bytes>) -> Option<Element<()>> {
        let start = match self.take_start()? {
            Ok(start) => start,
            Err(broken) => return Some(Err(broken)),
        };
        let Some(end) = value_end(self.page.bytes(), start) else {
            return Some(Err(self.broken("it ends within an element")));
        };
        *slot = Some(self.slice(start, end));
        self.go_past(end);
        Some(Ok(Ok(())))
    }

    /// Takes the next one with `decode`, which says where it ends. One that it refuses is passed
    /// over.
    fn element(
        &mut self,
        decode: impl FnOnce(&str, usize, &mut Orders) -> Result<usize, DecodeError>,
    ) -> Option<Element<()>> {
        let start = match self.take_start()? {
            Ok(start) => start,
            Err(broken) => return Some(Err(broken)),
        };
        let outcome = match &self.page {
            Page::Text(text) => decode(text, start, &mut self.orders),
            Page::Bytes(bytes) => match value_end(bytes, start) {
                None => Err(DecodeError::syntax(&"it ends too early")),
                Some(end) => std::str::from_utf8(&bytes[start..end])
                    .map_err(|error| DecodeError::syntax(&error))
                    .and_then(|text| decode(text, 0, &mut self.orders))
                    .map(|length| start + length),
            },
        };
        let (end, fit) = match outcome {
            Ok(end) => (end, Ok(())),
            Err(error) => {
                let Some(end) = value_end(self.page.bytes(), start) else {
                    return Some(Err(self.broken("it ends within an element")));
                };
                let raw = self.slice(start, end);
                (end, Err(error.inside(&self.path()).with_raw(raw)))
            }
        };
        self.go_past(end);
        Some(Ok(fit))
    }

    /// Where the next one starts.
    fn take_start(&mut self) -> Option<Result<usize, DecodeError>> {
        match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Nothing => None,
            Next::Broken(error) => Some(Err(error)),
            Next::Element(start) => Some(Ok(start)),
        }
    }

    /// Goes past the element that ends at `position`.
    fn go_past(&mut self, position: usize) {
        self.index += 1;
        let bytes = self.page.bytes();
        let position = after_space(bytes, position);
        self.next = match bytes.get(position) {
            Some(b',') => Next::Element(after_space(bytes, position + 1)),
            Some(b']') => self.end(position + 1),
            _ => Next::Broken(self.broken("expected `,` or `]` after an element")),
        };
    }

    /// What comes after the list, which ends at `position`.
    fn end(&self, position: usize) -> Next {
        let end = match &self.property {
            None => Ok(position),
            Some(name) => self.members_after(position, name),
        };
        match end {
            Ok(end) if after_space(self.page.bytes(), end) == self.page.bytes().len() => {
                Next::Nothing
            }
            Ok(_) => Next::Broken(self.broken("there is more after the list")),
            Err(error) => Next::Broken(error),
        }
    }

    /// Where the list starts.
    fn start(&self) -> Result<usize, DecodeError> {
        let bytes = self.page.bytes();
        let start = after_space(bytes, 0);
        if start == bytes.len() {
            return Err(not_a_list("$", "nothing", bytes));
        }
        let Some(name) = &self.property else {
            return match bytes[start] {
                b'[' => Ok(start),
                _ => Err(not_a_list("$", "something else", bytes)),
            };
        };
        if bytes[start] != b'{' {
            return Err(not_a_list("$", "no object that has one", bytes));
        }
        let found = self.member(start + 1, name)?;
        match found {
            Ok(value) if bytes.get(value) == Some(&b'[') => Ok(value),
            Ok(_) => Err(not_a_list(&self.list_path(), "something else", bytes)),
            Err(_) => Err(not_a_list(&self.list_path(), "an object without it", bytes)),
        }
    }

    /// The end of the object around the list. Another list of that name would be the one that
    /// counts, and comes too late.
    fn members_after(&self, position: usize, name: &str) -> Result<usize, DecodeError> {
        let bytes = self.page.bytes();
        let position = after_space(bytes, position);
        match bytes.get(position) {
            Some(b'}') => Ok(position + 1),
            Some(b',') => match self.member(position + 1, name)? {
                Ok(_) => Err(self.broken("the object has two lists of that name")),
                Err(end) => Ok(end),
            },
            _ => Err(self.broken("expected `,` or `}` after the list")),
        }
    }

    /// Goes through the members of an object from `position` on: where the value of the first of
    /// that name starts, or else where the object ends.
    fn member(&self, position: usize, name: &str) -> Result<Result<usize, usize>, DecodeError> {
        let bytes = self.page.bytes();
        let cut_off = || self.broken("it ends within an object");
        let mut at = after_space(bytes, position);
        if bytes.get(at) == Some(&b'}') {
            return Ok(Err(at + 1));
        }
        loop {
            if bytes.get(at).ok_or_else(cut_off)? != &b'"' {
                return Err(self.broken("expected the name of a member"));
            }
            let end = string_end(bytes, at).ok_or_else(cut_off)?;
            let is_it = serde_json::from_slice::<Cow<'_, str>>(&bytes[at..end])
                .is_ok_and(|found| found == name);
            at = after_space(bytes, end);
            if bytes.get(at).ok_or_else(cut_off)? != &b':' {
                return Err(self.broken("expected a colon"));
            }
            at = after_space(bytes, at + 1);
            if is_it {
                return Ok(Ok(at));
            }
            at = value_end(bytes, at).ok_or_else(cut_off)?;
            at = after_space(bytes, at);
            match bytes.get(at).ok_or_else(cut_off)? {
                b',' => at = after_space(bytes, at + 1),
                b'}' => return Ok(Err(at + 1)),
                _ => return Err(self.broken("expected `,` or `}` after a member")),
            }
        }
    }

    fn slice(&self, start: usize, end: usize) -> Bytes {
        let raw = self.page.bytes().slice(start..end);
        raw.slice(..raw.trim_ascii_end().len())
    }

    fn broken(&self, why: &str) -> DecodeError {
        DecodeError {
            path: self.list_path(),
            ..DecodeError::syntax(&why)
        }
    }
}

fn not_a_list(path: &str, found: &str, body: &Bytes) -> DecodeError {
    DecodeError::misfit(path, format!("expected an array, found {found}")).with_raw(body.clone())
}
