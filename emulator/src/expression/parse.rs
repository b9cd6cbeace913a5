//! Text to [`Expression`].

use std::fmt;

use super::syntax::{Expression, Literal, Operator};

/// Parentheses may nest this deep; Okta refuses far earlier. Keeps the parser's stack small.
const MAX_DEPTH: usize = 64;

/// What is wrong with an expression, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ParseError {
    offset: usize,
    expected: &'static str,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Expected {} at character {}.",
            self.expected, self.offset
        )
    }
}

impl Expression {
    /// Parses `text`. An error says at which character and what was expected there.
    pub(crate) fn parse(text: &str) -> Result<Self, ParseError> {
        parse(text)
    }
}

fn parse(text: &str) -> Result<Expression, ParseError> {
    let mut parser = Parser { text, offset: 0 };
    let expression = parser.any_of(0)?;
    parser.skip_space();
    if parser.rest().is_empty() {
        Ok(expression)
    } else {
        parser.expected("`and`, `or` or the end")
    }
}

struct Parser<'t> {
    text: &'t str,
    /// In bytes, always on a character boundary.
    offset: usize,
}

impl<'t> Parser<'t> {
    /// `a or b or …`: binds weaker than `and`.
    fn any_of(&mut self, depth: usize) -> Result<Expression, ParseError> {
        let mut parts = vec![self.all_of(depth)?];
        while self.keyword("or") {
            parts.push(self.all_of(depth)?);
        }
        Ok(single_or(parts, Expression::Or))
    }

    fn all_of(&mut self, depth: usize) -> Result<Expression, ParseError> {
        let mut parts = vec![self.term(depth)?];
        while self.keyword("and") {
            parts.push(self.term(depth)?);
        }
        Ok(single_or(parts, Expression::And))
    }

    fn term(&mut self, depth: usize) -> Result<Expression, ParseError> {
        if depth >= MAX_DEPTH {
            return self.expected("fewer nested parentheses");
        }
        if self.keyword("not") {
            return Ok(Expression::Not(Box::new(self.term(depth + 1)?)));
        }
        if !self.symbol('(') {
            return self.comparison();
        }
        let inner = self.any_of(depth + 1)?;
        if self.symbol(')') {
            Ok(inner)
        } else {
            self.expected("`)`")
        }
    }

    fn comparison(&mut self) -> Result<Expression, ParseError> {
        let path = match self.word() {
            Some(word) if word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') => {
                word.to_owned()
            }
            _ => return self.expected("an attribute name"),
        };
        let before = self.offset;
        let operator = match self.word().map(str::to_ascii_lowercase).as_deref() {
            Some("pr") => return Ok(Expression::Present(path)),
            Some("eq") => Operator::Equal,
            Some("ne") => Operator::NotEqual,
            Some("sw") => Operator::StartsWith,
            Some("co") => Operator::Contains,
            Some("ew") => Operator::EndsWith,
            Some("gt") => Operator::Greater,
            Some("ge") => Operator::GreaterOrEqual,
            Some("lt") => Operator::Less,
            Some("le") => Operator::LessOrEqual,
            _ => {
                self.offset = before;
                return self.expected("one of eq, ne, sw, co, ew, gt, ge, lt, le, pr");
            }
        };
        let value = self.literal()?;
        Ok(Expression::Compare {
            path,
            operator,
            value,
        })
    }

    fn literal(&mut self) -> Result<Literal, ParseError> {
        self.skip_space();
        if self.rest().starts_with('"') {
            return self.quoted().map(Literal::Text);
        }
        let before = self.offset;
        let literal = match self.word() {
            Some("true") => Some(Literal::Bool(true)),
            Some("false") => Some(Literal::Bool(false)),
            Some("null") => Some(Literal::Null),
            Some(word) if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') => word
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
                .map(Literal::Number),
            _ => None,
        };
        if let Some(literal) = literal {
            return Ok(literal);
        }
        self.offset = before;
        self.expected("a value: a string in double quotes, a number, true or false")
    }

    /// A JSON string: RFC 7644 takes its values from JSON.
    fn quoted(&mut self) -> Result<String, ParseError> {
        let mut escaped = false;
        for (at, character) in self.rest().char_indices().skip(1) {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    let (text, after) = self.rest().split_at(at + 1);
                    let Ok(value) = serde_json::from_str(text) else {
                        return self.expected("a string with JSON escapes");
                    };
                    self.offset = self.text.len() - after.len();
                    return Ok(value);
                }
                _ => {}
            }
        }
        self.expected("a closing double quote")
    }

    fn rest(&self) -> &'t str {
        &self.text[self.offset..]
    }

    fn skip_space(&mut self) {
        self.offset = self.text.len() - self.rest().trim_start().len();
    }

    fn symbol(&mut self, symbol: char) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(symbol);
        if found {
            self.offset += symbol.len_utf8();
        }
        found
    }

    /// Takes `keyword` if it comes next as a whole word, in any letter case.
    fn keyword(&mut self, keyword: &str) -> bool {
        let before = self.offset;
        let found = self
            .word()
            .is_some_and(|word| word.eq_ignore_ascii_case(keyword));
        if !found {
            self.offset = before;
        }
        found
    }

    fn word(&mut self) -> Option<&'t str> {
        self.skip_space();
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || "_.:$-+".contains(c)))
            .unwrap_or(rest.len());
        self.offset += end;
        (end > 0).then(|| &rest[..end])
    }

    fn expected<T>(&self, expected: &'static str) -> Result<T, ParseError> {
        Err(ParseError {
            offset: self.text[..self.offset].chars().count(),
            expected,
        })
    }
}

fn single_or(mut parts: Vec<Expression>, many: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            many(parts)
        }
        None => many(parts),
    }
}

#[cfg(test)]
mod sdk_tests;
#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn compare(path: &str, operator: Operator, value: Literal) -> Expression {
        Expression::Compare {
            path: path.to_owned(),
            operator,
            value,
        }
    }

    #[test]
    fn reads_every_kind_of_value() {
        let text = |text: &str| Literal::Text(text.to_owned());
        for (source, value) in [
            (r#"a eq "x""#, text("x")),
            (r#"a eq "say \"hi\" \\ \u00e9""#, text("say \"hi\" \\ é")),
            ("a eq true", Literal::Bool(true)),
            ("a eq false", Literal::Bool(false)),
            ("a eq null", Literal::Null),
            ("a EQ -4.5", Literal::Number(-4.5)),
            ("  a   eq   12  ", Literal::Number(12.0)),
        ] {
            assert_eq!(
                parse(source).unwrap(),
                compare("a", Operator::Equal, value),
                "{source}"
            );
        }
    }

    #[test]
    fn and_binds_stronger_than_or() {
        let present = |name: &str| Expression::Present(name.to_owned());
        assert_eq!(
            parse("a pr or b pr and c pr").unwrap(),
            Expression::Or(vec![
                present("a"),
                Expression::And(vec![present("b"), present("c")])
            ])
        );
        assert_eq!(
            parse("(a pr OR b pr) AND not (c pr)").unwrap(),
            Expression::And(vec![
                Expression::Or(vec![present("a"), present("b")]),
                Expression::Not(Box::new(present("c"))),
            ])
        );
    }

    #[test]
    fn says_where_and_what_was_expected() {
        for (source, message) in [
            ("", "Expected an attribute name at character 0."),
            (
                "status",
                "Expected one of eq, ne, sw, co, ew, gt, ge, lt, le, pr at character 6.",
            ),
            (
                r#"status is "x""#,
                "Expected one of eq, ne, sw, co, ew, gt, ge, lt, le, pr at character 6.",
            ),
            (
                "status eq ACTIVE",
                "Expected a value: a string in double quotes, a number, true or false at character 10.",
            ),
            (r#"é eq "x""#, "Expected an attribute name at character 0."),
            (
                r#"a eq "x"#,
                "Expected a closing double quote at character 5.",
            ),
            (
                r#"a eq "\q""#,
                "Expected a string with JSON escapes at character 5.",
            ),
            (r#"(a eq "é" "#, "Expected `)` at character 10."),
            (
                r#"a eq "x" b"#,
                "Expected `and`, `or` or the end at character 9.",
            ),
        ] {
            assert_eq!(parse(source).unwrap_err().to_string(), message, "{source}");
        }
    }

    #[test]
    fn refuses_deep_nesting_instead_of_overflowing() {
        let deep = format!("{}a pr{}", "(".repeat(100_000), ")".repeat(100_000));
        let error = parse(&deep).unwrap_err();
        assert!(
            error.to_string().contains("fewer nested parentheses"),
            "{error}"
        );
        assert!(parse(&"not ".repeat(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn never_panics_on_any_text(source in ".{0,200}") {
            if let Err(error) = parse(&source) {
                prop_assert!(error.offset <= source.chars().count());
            }
        }

        #[test]
        fn never_panics_on_near_expressions(
            words in prop::collection::vec(
                prop::sample::select(vec![
                    "a", "eq", "sw", "pr", "and", "or", "not", "(", ")", "\"x\"", "\"", "\\", "1",
                    "-", "true", "profile.é",
                ]),
                0..40,
            )
        ) {
            if let Err(error) = parse(&words.join(" ")) {
                prop_assert!(!error.to_string().is_empty());
            }
        }

        #[test]
        fn any_string_survives_quoting(value in any::<String>()) {
            let source = format!("a eq {}", serde_json::to_string(&value).unwrap());
            prop_assert_eq!(
                parse(&source).unwrap(),
                compare("a", Operator::Equal, Literal::Text(value))
            );
        }
    }
}
