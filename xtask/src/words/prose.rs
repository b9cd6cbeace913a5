//! Text as a sequence of words, over line breaks.

/// What ends a sentence or a cell of a table, as a word.
pub const BREAK: &str = ".";

/// Around the table of words to avoid, which is not checked itself.
pub const BEGIN: &str = "<!-- words to avoid -->";
/// See [`BEGIN`].
pub const END: &str = "<!-- /words to avoid -->";

/// A word in lower case, or [`BREAK`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Word {
    /// The word.
    pub text: String,
    /// The line where it is, from 1.
    pub line: usize,
}

/// The words of a markdown file.
pub fn of_markdown(text: &str) -> Vec<Word> {
    let mut words = vec![pause(1)];
    let mut skipping = false;
    for (line, text) in numbered(text) {
        match text.trim() {
            BEGIN => skipping = true,
            END => skipping = false,
            "" => words.push(pause(line)),
            _ if skipping => {}
            text => split(text, line, &mut words),
        }
    }
    words.push(pause(0));
    words
}

/// The words of the doc comments of a Rust file.
pub fn of_rust(text: &str) -> Vec<Word> {
    let mut words = vec![pause(1)];
    for (line, text) in numbered(text) {
        let text = text.trim_start();
        let comment = text
            .strip_prefix("///")
            .or_else(|| text.strip_prefix("//!"));
        match comment.map(str::trim) {
            Some(comment) if !comment.is_empty() => split(comment, line, &mut words),
            _ => words.push(pause(line)),
        }
    }
    words.push(pause(0));
    words
}

/// The words of a line, added to those before.
pub fn split(text: &str, line: usize, words: &mut Vec<Word>) {
    let mut word = String::new();
    let mut rest = text.chars().chain([' ']).peekable();
    while let Some(character) = rest.next() {
        if is_of_word(character) {
            word.extend(character.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            let text = std::mem::take(&mut word);
            words.push(Word { text, line });
        }
        let ends = match character {
            // Not those of `names.yaml` and `Client::builder`.
            '.' | ':' => !rest.peek().copied().is_some_and(is_of_word),
            _ => matches!(character, ';' | '!' | '?' | '|' | '(' | ')'),
        };
        if ends {
            words.push(pause(line));
        }
    }
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '\'' | '_' | '-')
}

fn pause(line: usize) -> Word {
    Word {
        text: BREAK.to_owned(),
        line,
    }
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
}
