//! Tokens to a tree.

use serde_json::{Value, json};

use super::functions::Function;
use super::lexer::{Placed, Token, tokens, wrong};
use super::scope::ExpressionError;
use super::syntax::{Node, Operator};
use super::values;

/// How deep expressions may nest. Keeps the parser's stack small.
const MAX_DEPTH: usize = 64;
/// How many members a chain such as `a.b.c` may have.
const MAX_CHAIN: usize = 64;
/// How many parts one operator may join: the tree grows with each.
const MAX_PARTS: usize = 1000;

/// Operators by how strongly they bind, weakest first.
const LEVELS: [&[(&str, Operator)]; 6] = [
    &[("||", Operator::Or), ("OR", Operator::Or)],
    &[("&&", Operator::And), ("AND", Operator::And)],
    &[("==", Operator::Equal), ("!=", Operator::NotEqual)],
    &[
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ],
    &[("+", Operator::Add), ("-", Operator::Subtract)],
    &[("*", Operator::Multiply), ("/", Operator::Divide)],
];

pub(super) fn parse(text: &str) -> Result<Node, ExpressionError> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        parts: 0,
    };
    let node = parser.choice(0)?;
    match parser.token() {
        Token::End => Ok(node),
        _ => parser.expected("an operator or the end"),
    }
}

struct Parser {
    tokens: Vec<Placed>,
    next: usize,
    parts: usize,
}

impl Parser {
    fn token(&self) -> &Token {
        self.tokens.get(self.next).map_or(&Token::End, |(_, it)| it)
    }

    fn expected<T>(&self, what: &str) -> Result<T, ExpressionError> {
        let placed = self.tokens.get(self.next).or_else(|| self.tokens.last());
        Err(wrong(placed.map_or(0, |(at, _)| *at), what))
    }

    /// Takes a symbol, or a word that is an operator in any letter case.
    fn take(&mut self, symbol: &str) -> bool {
        let is_next = match self.token() {
            Token::Symbol(next) => *next == symbol,
            Token::Name(name) => name.eq_ignore_ascii_case(symbol),
            _ => false,
        };
        self.next += usize::from(is_next);
        is_next
    }

    fn must_take(&mut self, symbol: &str) -> Result<(), ExpressionError> {
        match self.take(symbol) {
            true => Ok(()),
            false => self.expected(&format!("`{symbol}`")),
        }
    }

    /// `condition ? value : other`.
    fn choice(&mut self, depth: usize) -> Result<Node, ExpressionError> {
        if depth > MAX_DEPTH {
            return self.expected("fewer nested parts");
        }
        let condition = self.binary(0, depth)?;
        if !self.take("?") {
            return Ok(condition);
        }
        let yes = self.choice(depth + 1)?;
        self.must_take(":")?;
        let no = self.choice(depth + 1)?;
        Ok(Node::Choice(
            Box::new(condition),
            Box::new(yes),
            Box::new(no),
        ))
    }

    fn binary(&mut self, level: usize, depth: usize) -> Result<Node, ExpressionError> {
        let Some(operators) = LEVELS.get(level) else {
            return self.unary(depth);
        };
        let mut left = self.binary(level + 1, depth)?;
        while let Some((_, operator)) = operators.iter().find(|(symbol, _)| self.take(symbol)) {
            self.parts += 1;
            if self.parts > MAX_PARTS {
                return self.expected("fewer operators");
            }
            let right = self.binary(level + 1, depth)?;
            left = Node::Binary(*operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn unary(&mut self, depth: usize) -> Result<Node, ExpressionError> {
        if depth > MAX_DEPTH {
            return self.expected("fewer nested parts");
        }
        if self.take("!") || self.take("NOT") {
            return Ok(Node::Not(Box::new(self.unary(depth + 1)?)));
        }
        if self.take("-") {
            return Ok(Node::Negative(Box::new(self.unary(depth + 1)?)));
        }
        self.chain(depth)
    }

    /// A value with what is asked of it: `user.firstName`, `user.getLinkedObject("manager").city`.
    fn chain(&mut self, depth: usize) -> Result<Node, ExpressionError> {
        let mut node = self.primary(depth)?;
        let mut length = 0;
        while self.take(".") {
            length += 1;
            let Token::Name(member) = self.token().clone() else {
                return self.expected("the name of an attribute");
            };
            if length > MAX_CHAIN {
                return self.expected("fewer members");
            }
            self.next += 1;
            node = match (&node, self.take("(")) {
                (_, false) => Node::Member(Box::new(node), member),
                (Node::Name(object), true) => self.call(Some(object), &member, depth)?,
                (_, true) => return self.expected("an attribute"),
            };
        }
        Ok(node)
    }

    fn primary(&mut self, depth: usize) -> Result<Node, ExpressionError> {
        let token = self.token().clone();
        match token {
            Token::Text(text) => {
                self.next += 1;
                Ok(Node::Literal(json!(text)))
            }
            Token::Number(number) => {
                self.next += 1;
                Ok(Node::Literal(values::number(number)))
            }
            Token::Name(name) => {
                self.next += 1;
                let word = name.to_ascii_lowercase();
                match word.as_str() {
                    "true" => Ok(Node::Literal(json!(true))),
                    "false" => Ok(Node::Literal(json!(false))),
                    "null" => Ok(Node::Literal(Value::Null)),
                    _ if self.take("(") => self.call(None, &name, depth),
                    _ => Ok(Node::Name(name)),
                }
            }
            Token::Symbol("(") => {
                self.next += 1;
                let inner = self.choice(depth + 1)?;
                self.must_take(")")?;
                Ok(inner)
            }
            Token::Symbol("{") => {
                self.next += 1;
                self.braces(depth)
            }
            _ => self.expected("a value"),
        }
    }

    /// The rest of a list, or of a record if its first value has a colon behind it.
    fn braces(&mut self, depth: usize) -> Result<Node, ExpressionError> {
        let is_record = matches!(self.token(), Token::Text(_) | Token::Name(_))
            && matches!(
                self.tokens.get(self.next + 1),
                Some((_, Token::Symbol(":")))
            );
        if !is_record {
            return Ok(Node::List(self.list("}", depth)?));
        }
        let mut members = Vec::new();
        loop {
            let (Token::Text(name) | Token::Name(name)) = self.token().clone() else {
                return self.expected("the name of a member");
            };
            self.next += 1;
            self.must_take(":")?;
            members.push((name, self.choice(depth + 1)?));
            if !self.take(",") {
                self.must_take("}")?;
                return Ok(Node::Record(members));
            }
        }
    }

    /// Values with commas between them, up to `end`.
    fn list(&mut self, end: &str, depth: usize) -> Result<Vec<Node>, ExpressionError> {
        let mut nodes = Vec::new();
        if self.take(end) {
            return Ok(nodes);
        }
        loop {
            nodes.push(self.choice(depth + 1)?);
            if !self.take(",") {
                self.must_take(end)?;
                return Ok(nodes);
            }
        }
    }

    fn call(
        &mut self,
        object: Option<&str>,
        name: &str,
        depth: usize,
    ) -> Result<Node, ExpressionError> {
        let whole = object.map_or_else(|| name.to_owned(), |object| format!("{object}.{name}"));
        let arguments = self.list(")", depth)?;
        let function = Function::named(&whole, arguments.len())?;
        Ok(Node::Call(function, arguments))
    }
}
