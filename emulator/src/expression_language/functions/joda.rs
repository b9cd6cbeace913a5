//! Patterns of dates and times, as Joda-Time writes them.
//!
//! Source: <https://www.joda.org/joda-time/key_format.html>.

use super::super::scope::ExpressionError;

/// The longest pattern, in bytes.
const LONGEST: usize = 256;

/// A pattern in the form of chrono's `strftime`. `zone` is the name that `ZZZ` stands for.
pub(super) fn translated(pattern: &str, zone: &str) -> Result<String, ExpressionError> {
    if pattern.len() > LONGEST {
        let what = format!("A date pattern has {LONGEST} characters at most");
        return Err(ExpressionError::new(what));
    }
    let mut rest = pattern;
    let mut written = String::new();
    while let Some(letter) = rest.chars().next() {
        if letter == '\'' {
            rest = quoted(&rest[1..], &mut written)?;
            continue;
        }
        let other = rest.find(|it| it != letter).unwrap_or(rest.len());
        let count = rest[..other].chars().count();
        match letter.is_ascii_alphabetic() {
            true if letter == 'Z' && count > 2 => literal(zone, &mut written),
            true => written.push_str(field(letter, count)?),
            false => literal(&rest[..other], &mut written),
        }
        rest = &rest[other..];
    }
    Ok(written)
}

/// Writes the text up to the next quotation mark, and gives what is behind it. Two of them at once are
/// one that is meant.
fn quoted<'p>(rest: &'p str, written: &mut String) -> Result<&'p str, ExpressionError> {
    if let Some(rest) = rest.strip_prefix('\'') {
        written.push('\'');
        return Ok(rest);
    }
    let mut rest = rest;
    loop {
        let open = || ExpressionError::new("A quotation mark of a date pattern is not closed");
        let (text, behind) = rest.split_once('\'').ok_or_else(open)?;
        literal(text, written);
        match behind.strip_prefix('\'') {
            None => return Ok(behind),
            Some(more) => {
                written.push('\'');
                rest = more;
            }
        }
    }
}

fn literal(text: &str, written: &mut String) {
    written.push_str(&text.replace('%', "%%"));
}

/// A letter that is there so many times.
fn field(letter: char, count: usize) -> Result<&'static str, ExpressionError> {
    Ok(match (letter, count) {
        ('y' | 'Y', 2) => "%y",
        ('y' | 'Y', _) => "%Y",
        ('x', 2) => "%g",
        ('x', _) => "%G",
        ('M', 1) => "%-m",
        ('M', 2) => "%m",
        ('M', 3) => "%b",
        ('M', _) => "%B",
        ('w', 1) => "%-V",
        ('w', _) => "%V",
        ('D', 1) => "%-j",
        ('D', _) => "%j",
        ('d', 1) => "%-d",
        ('d', _) => "%d",
        ('e', _) => "%u",
        ('E', 1..=3) => "%a",
        ('E', _) => "%A",
        ('a', _) => "%p",
        ('h', 1) => "%-I",
        ('h', _) => "%I",
        ('H', 1) => "%-H",
        ('H', _) => "%H",
        ('m', 1) => "%-M",
        ('m', _) => "%M",
        ('s', 1) => "%-S",
        ('s', _) => "%S",
        ('S', 3) => "%3f",
        ('S', 6) => "%6f",
        ('S', 9) => "%9f",
        ('z', _) => "%Z",
        ('Z', 1) => "%z",
        ('Z', _) => "%:z",
        _ => {
            let letters = letter.to_string().repeat(count);
            let what = format!("{letters} is no part of a date pattern that the emulator knows");
            return Err(ExpressionError::new(what));
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn patterns_are_translated() {
        for (pattern, expected) in [
            ("YYYY-MM-dd HH:mm:ss", "%Y-%m-%d %H:%M:%S"),
            ("yyyy-MM-dd'T'HH:mm:ss.SSSZZ", "%Y-%m-%dT%H:%M:%S.%3f%:z"),
            ("EEE, d MMM yy h:mm a", "%a, %-d %b %y %-I:%M %p"),
            ("hh 'o''clock' 100%", "%I o'clock 100%%"),
            ("''HH''", "'%H'"),
            ("HH ZZZ z Z", "%H Asia/Tokyo %Z %z"),
            ("d. MMMM \u{4e00}\u{4e00}", "%-d. %B \u{4e00}\u{4e00}"),
            ("", ""),
        ] {
            let translated = translated(pattern, "Asia/Tokyo").unwrap();
            assert_eq!(translated, expected, "{pattern}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_pattern_is_said() {
        for (pattern, expected) in [
            ("'open", "not closed"),
            ("'open''", "not closed"),
            ("HH:mm G", "G is no part"),
            ("SS", "SS is no part"),
            (&"y".repeat(257), "256 characters"),
        ] {
            let error = translated(pattern, "UTC").unwrap_err().to_string();
            assert!(error.contains(expected), "{pattern}: {error}");
        }
    }
}
