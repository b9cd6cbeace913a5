//! Text to tokens.

use super::scope::ExpressionError;

/// The longest expression, in bytes.
const MOST: usize = 16 * 1024;

/// A token, and the character at which it starts.
pub(super) type Placed = (usize, Token);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    Number(f64),
    Symbol(&'static str),
    End,
}

/// Longer ones first, so that `<=` is not read as `<`.
const SYMBOLS: [&str; 23] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "?", ":", "(", ")", "{",
    "}", ",", ".", "[", "]",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, ExpressionError> {
    if text.len() > MOST {
        let what = format!("The expression is longer than {MOST} characters");
        return Err(ExpressionError::new(what));
    }
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let at = text.len() - rest.len();
        let Some(first) = rest.chars().next() else {
            tokens.push((at, Token::End));
            return Ok(tokens);
        };
        let (token, length) = match first {
            '"' | '\'' => quoted(rest, first)
                .ok_or_else(|| wrong(at, "a quotation mark at the end of the text"))?,
            '0'..='9' => number(rest).ok_or_else(|| wrong(at, "a number"))?,
            _ if first.is_alphabetic() || first == '_' || first == '$' => name(rest),
            _ => symbol(rest).ok_or_else(|| wrong(at, "a value or an operator"))?,
        };
        tokens.push((at, token));
        rest = rest.get(length..).unwrap_or_default();
    }
}

/// An error that says what was expected at a character.
pub(super) fn wrong(at: usize, expected: &str) -> ExpressionError {
    ExpressionError::new(format!(
        "Invalid expression: expected {expected} at character {at}"
    ))
}

/// Text in quotation marks; twice the mark is one of them, as in SpEL.
fn quoted(rest: &str, mark: char) -> Option<(Token, usize)> {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character != mark {
            text.push(character);
        } else if characters.peek().is_some_and(|(_, next)| *next == mark) {
            characters.next();
            text.push(mark);
        } else {
            return Some((Token::Text(text), at + 1));
        }
    }
    None
}

fn number(rest: &str) -> Option<(Token, usize)> {
    let digits = |text: &str| {
        text.find(|it: char| !it.is_ascii_digit())
            .unwrap_or(text.len())
    };
    let whole = digits(rest);
    let fraction = rest.get(whole..)?.strip_prefix('.').map(digits);
    let length = match fraction {
        Some(fraction) if fraction > 0 => whole + 1 + fraction,
        _ => whole,
    };
    let number = rest.get(..length)?.parse().ok()?;
    Some((Token::Number(number), length))
}

fn name(rest: &str) -> (Token, usize) {
    let is_part = |it: char| it.is_alphanumeric() || it == '_' || it == '$';
    let length = rest.find(|it| !is_part(it)).unwrap_or(rest.len());
    let name = rest.get(..length).unwrap_or_default();
    (Token::Name(name.to_owned()), length)
}

fn symbol(rest: &str) -> Option<(Token, usize)> {
    let found = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol))?;
    Some((Token::Symbol(found), found.len()))
}
