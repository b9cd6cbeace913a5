//! JSON text: where its values begin and end.

use std::borrow::Cow;

/// Reading has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// A value that its place does not hold. The text around it can be read.
    Misfit,
    /// The text is not JSON.
    Syntax,
}

/// A string without its quotes and escapes.
pub(super) struct Text<'a> {
    /// What it says. What no text can hold is shown as U+FFFD.
    pub(super) text: Cow<'a, str>,
    /// What in it no text can hold.
    pub(super) flaw: Option<&'static str>,
}

/// A number, `true`, `false` or `null`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Integer(i64),
    Unsigned(u64),
    Float(f64),
    /// A number that no Rust type of JSON holds, such as `1e400`.
    OutOfRange,
}

/// Goes through JSON text from front to back.
pub(super) struct Scanner<'a> {
    json: &'a str,
    at: usize,
    /// What is wrong with the text, and where.
    syntax: Option<(&'static str, usize)>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(json: &'a str, at: usize) -> Self {
        Self {
            json,
            at,
            syntax: None,
        }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Goes to a position that the scanner was at.
    pub(super) fn go_to(&mut self, position: usize) {
        self.at = position;
    }

    /// The text from a position that the scanner was at up to where it is.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.json.get(start..self.at).unwrap_or_default()
    }

    /// The text that was not read yet.
    pub(super) fn rest(&self) -> &'a str {
        self.json.get(self.at..).unwrap_or_default()
    }

    /// The bytes of it.
    #[inline]
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.json.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// What is wrong with the text.
    pub(super) fn fault(&self) -> impl std::fmt::Display + use<> {
        let (what, at) = self.syntax.unwrap_or(("it is malformed", self.at));
        format!("{what} at byte {at}")
    }

    #[cold]
    pub(super) fn wrong<T>(&mut self, what: &'static str) -> Result<T, Stop> {
        self.syntax.get_or_insert((what, self.at));
        Err(Stop::Syntax)
    }

    /// The next byte that is not white space.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.json.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    /// Passes over bytes that were looked at.
    #[inline]
    pub(super) fn advance(&mut self, count: usize) {
        self.at += count;
    }

    /// Only white space is left.
    pub(super) fn end(&mut self) -> Result<(), Stop> {
        match self.peek() {
            None => Ok(()),
            Some(_) => self.wrong("there is more after the value"),
        }
    }

    /// Whether a container has another member; `close` ends it.
    #[inline]
    pub(super) fn more(&mut self, close: u8) -> Result<bool, Stop> {
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(_) => self.wrong("expected a comma or the end of an object or array"),
            None => self.wrong("it ends too early"),
        }
    }

    /// The name of a member, and the colon after it.
    #[inline]
    pub(super) fn name(&mut self) -> Result<Text<'a>, Stop> {
        if self.peek() != Some(b'"') {
            return self.wrong("expected the name of a member");
        }
        let name = self.string()?;
        if self.peek() != Some(b':') {
            return self.wrong("expected a colon");
        }
        self.at += 1;
        Ok(name)
    }

    /// A string; the scanner is at its quote.
    #[inline]
    pub(super) fn string(&mut self) -> Result<Text<'a>, Stop> {
        match self.plain_string() {
            Some(text) => Ok(Text {
                text: Cow::Borrowed(text),
                flaw: None,
            }),
            None => self.unescape(),
        }
    }

    /// A string without escapes, as most are. The scanner stays where it is if it is another.
    #[inline]
    pub(super) fn plain_string(&mut self) -> Option<&'a str> {
        let start = self.at + 1;
        let bytes = self.json.as_bytes().get(start..)?;
        let length = plain(bytes);
        if *bytes.get(length)? != b'"' {
            return None;
        }
        self.at = start + length + 1;
        self.json.get(start..start + length)
    }

    /// A string that is more than plain text.
    #[cold]
    fn unescape(&mut self) -> Result<Text<'a>, Stop> {
        let bytes = self.json.as_bytes();
        let mut end = self.at + 1;
        end += plain(bytes.get(end..).unwrap_or_default());
        let mut plain_from = self.at + 1;
        let mut text = String::new();
        let mut flaw = None;
        loop {
            match bytes.get(end) {
                None => return self.wrong("a string does not end"),
                Some(b'"') => break,
                Some(b'\\') => {
                    text.push_str(&self.json[plain_from..end]);
                    let Some((character, length)) = escape(&bytes[end..]) else {
                        self.at = end;
                        return self.wrong("a string has an unknown escape");
                    };
                    text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
                    if character.is_none() {
                        flaw = Some("half a surrogate pair");
                    }
                    end += length;
                    plain_from = end;
                }
                // A control character is taken for itself.
                Some(_) => {
                    flaw = flaw.or(Some("a control character"));
                    end += 1;
                }
            }
            end += plain(bytes.get(end..).unwrap_or_default());
        }
        text.push_str(&self.json[plain_from..end]);
        self.at = end + 1;
        Ok(Text {
            text: Cow::Owned(text),
            flaw,
        })
    }

    /// A number, `true`, `false` or `null`.
    #[inline]
    pub(super) fn literal(&mut self) -> Result<Literal, Stop> {
        let rest = self.bytes();
        let (literal, length) = match rest.first() {
            Some(b'n') if rest.starts_with(b"null") => (Literal::Null, 4),
            Some(b't') if rest.starts_with(b"true") => (Literal::Bool(true), 4),
            Some(b'f') if rest.starts_with(b"false") => (Literal::Bool(false), 5),
            Some(b'-' | b'0'..=b'9') => return self.number(),
            None => return self.wrong("it ends too early"),
            Some(_) => return self.wrong("expected a value"),
        };
        self.at += length;
        Ok(literal)
    }

    fn number(&mut self) -> Result<Literal, Stop> {
        let start = self.at;
        let Some((length, whole)) = number_length(self.bytes()) else {
            return self.wrong("a number is malformed");
        };
        self.at += length;
        let text = self.since(start);
        Ok(match text.parse() {
            // Whole numbers have no negative zero.
            Ok(value) if whole && text != "-0" => Literal::Integer(value),
            _ => match text.parse() {
                Ok(value) if whole => Literal::Unsigned(value),
                _ => match text.parse::<f64>() {
                    Ok(value) if value.is_finite() => Literal::Float(value),
                    _ => Literal::OutOfRange,
                },
            },
        })
    }

    /// Passes over a value, however deep it is, and checks that it is one. What strings hold is
    /// not judged beyond their escapes.
    pub(super) fn skip(&mut self) -> Result<(), Stop> {
        if !matches!(self.peek(), Some(b'{' | b'[')) {
            return self.skip_scalar();
        }
        // The ends of the containers that are open.
        let mut ends: Vec<u8> = Vec::new();
        loop {
            match self.peek() {
                Some(b'{') => {
                    self.at += 1;
                    if self.peek() != Some(b'}') {
                        self.name()?;
                        ends.push(b'}');
                        continue;
                    }
                    self.at += 1;
                }
                Some(b'[') => {
                    self.at += 1;
                    if self.peek() != Some(b']') {
                        ends.push(b']');
                        continue;
                    }
                    self.at += 1;
                }
                _ => self.skip_scalar()?,
            }
            // A value has ended, and with it perhaps what it is in.
            loop {
                let Some(&end) = ends.last() else {
                    return Ok(());
                };
                if !self.more(end)? {
                    ends.pop();
                    continue;
                }
                if end == b'}' {
                    self.name()?;
                }
                break;
            }
        }
    }

    #[inline]
    fn skip_scalar(&mut self) -> Result<(), Stop> {
        match self.peek() {
            Some(b'"') if self.plain_string().is_some() => Ok(()),
            Some(b'"') => self.string().map(drop),
            _ => self.literal().map(drop),
        }
    }
}

/// Length of the number at the start of `text`, and whether it is written as a whole one.
#[inline]
fn number_length(text: &[u8]) -> Option<(usize, bool)> {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let sign = usize::from(text.first() == Some(&b'-'));
    let count = digits(sign);
    if count == 0 || (count > 1 && text.get(sign) == Some(&b'0')) {
        return None;
    }
    let mut end = sign + count;
    let mut whole = true;
    if text.get(end) == Some(&b'.') {
        whole = false;
        let fraction = digits(end + 1);
        if fraction == 0 {
            return None;
        }
        end += 1 + fraction;
    }
    if let Some(b'e' | b'E') = text.get(end) {
        whole = false;
        end += 1 + usize::from(matches!(text.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end);
        if exponent == 0 {
            return None;
        }
        end += exponent;
    }
    Some((end, whole))
}

/// The escape at the start of `text`, and how long it is. Half a surrogate pair is no character;
/// what is no escape of JSON gives `None`.
fn escape(text: &[u8]) -> Option<(Option<char>, usize)> {
    let character = match text.get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let first = code_unit(text)?;
            let second = text.get(6..).and_then(code_unit);
            let pair = [first, second.unwrap_or(0)];
            return Some(match char::decode_utf16(pair).next()? {
                Ok(character) if character.len_utf16() == 2 => (Some(character), 12),
                Ok(character) => (Some(character), 6),
                Err(_) => (None, 6),
            });
        }
        _ => return None,
    };
    Some((Some(character), 2))
}

/// The code unit of a `\uXXXX` at the start of `text`.
fn code_unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |unit: u16, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(unit << 4 | u16::try_from(digit).ok()?)
    })
}

/// Where the value that starts at `start` ends, found by its quotes and brackets alone: a value
/// that cannot be read does not hide the one after it. `None` if the text ends before.
pub(super) fn value_end(text: &[u8], start: usize) -> Option<usize> {
    match text.get(start)? {
        b'"' => string_end(text, start),
        b'{' => container_end(text, start, b'}'),
        b'[' => container_end(text, start, b']'),
        _ => {
            let rest = text.get(start..)?;
            let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}');
            let length = rest.iter().position(ends)?;
            (length > 0).then_some(start + length)
        }
    }
}

/// Only brackets of its own kind are counted, which is enough where the others are in order.
fn container_end(text: &[u8], start: usize, close: u8) -> Option<usize> {
    let open = *text.get(start)?;
    let mut depth = 0usize;
    let mut at = start;
    loop {
        let byte = *text.get(at)?;
        at = match byte {
            b'"' => string_end(text, at)?,
            _ => at + 1,
        };
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
}

/// The position after the string whose quote is at `start`.
pub(super) fn string_end(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += plain(text.get(at..)?);
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The first position from `position` on that is not white space.
pub(super) fn after_space(text: &[u8], position: usize) -> usize {
    let rest = text.get(position..).unwrap_or_default();
    let space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    position + rest.iter().take_while(space).count()
}

/// How many bytes come before a quote, a backslash or a control character. Eight are looked at
/// together: most strings are short, and most of their bytes are plain.
#[inline]
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // The high bit of a byte is set where it is less than the other operand. Flipping one bit
        // puts the quote below 0x21, where the control characters are, and the space above it.
        let low = word ^ (ONES * 0x02);
        let backslash = word ^ (ONES * 0x5c);
        let special = ((low.wrapping_sub(ONES * 0x21) & !low)
            | (backslash.wrapping_sub(ONES) & !backslash))
            & HIGHS;
        if special != 0 {
            return index * 8 + (special.trailing_zeros() / 8) as usize;
        }
    }
    let special = |byte: &&u8| !matches!(byte, b'"' | b'\\' | 0..0x20);
    words.len() * 8 + rest.iter().take_while(special).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_plain_or_not_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            for position in 0..20 {
                let mut text = [b'x'; 20];
                text[position] = byte;
                let special = byte == b'"' || byte == b'\\' || byte < 0x20;
                let expected = if special { position } else { text.len() };
                assert_eq!(plain(&text), expected, "{byte:#x} at {position}");
            }
        }
    }

    #[test]
    fn values_end_where_their_quotes_and_brackets_say() {
        for (text, end) in [
            (r#""a\"]b",1"#, Some(7)),
            (r#"{"a":"}"},1"#, Some(9)),
            ("[[1],{}],1", Some(8)),
            ("12 ,1", Some(3)),
            ("null]", Some(4)),
            ("[1", None),
            ("\"a", None),
            ("12", None),
            (",", None),
            ("", None),
        ] {
            assert_eq!(value_end(text.as_bytes(), 0), end, "{text}");
        }
    }
}
