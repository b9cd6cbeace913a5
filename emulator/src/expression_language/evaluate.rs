//! The value of a tree for what it is about.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::scope::{ExpressionError, Presence, Scope};
use super::syntax::{Node, Operator};
use super::values::{as_number, equal, number, text};

pub(super) fn value(node: &Node, scope: &impl Scope) -> Result<Value, ExpressionError> {
    Ok(match node {
        Node::Literal(value) => value.clone(),
        Node::List(nodes) => Value::Array(values(nodes, scope)?),
        Node::Record(members) => {
            let members = members
                .iter()
                .map(|(name, node)| Ok((name.clone(), value(node, scope)?)));
            Value::Object(members.collect::<Result<Map<_, _>, _>>()?)
        }
        Node::Name(name) => match scope.object(name) {
            Some(Presence::Present) => json!(name),
            Some(Presence::Absent) => Value::Null,
            None => return Err(unknown(name)),
        },
        Node::Member(object, member) => self::member(object, member, scope)?,
        Node::Call(function, arguments) => function.call(values(arguments, scope)?, scope)?,
        Node::Not(inner) => json!(!truth(&value(inner, scope)?)?),
        Node::Negative(inner) => number(-as_number(&value(inner, scope)?)?),
        Node::Binary(operator, left, right) => binary(*operator, left, right, scope)?,
        Node::Choice(condition, yes, no) => match truth(&value(condition, scope)?)? {
            true => value(yes, scope)?,
            false => value(no, scope)?,
        },
    })
}

fn values(nodes: &[Node], scope: &impl Scope) -> Result<Vec<Value>, ExpressionError> {
    nodes.iter().map(|node| value(node, scope)).collect()
}

/// A member of an object such as `user`, or of a value. What is not there is null.
fn member(object: &Node, member: &str, scope: &impl Scope) -> Result<Value, ExpressionError> {
    match object {
        Node::Name(name) => match scope.object(name) {
            Some(_) => Ok(scope.attribute(name, member).unwrap_or_default()),
            None => Err(unknown(name)),
        },
        other => Ok(value(other, scope)?
            .get(member)
            .cloned()
            .unwrap_or_default()),
    }
}

fn unknown(name: &str) -> ExpressionError {
    ExpressionError::new(format!("Invalid property {name} in expression"))
}

fn binary(
    operator: Operator,
    left: &Node,
    right: &Node,
    scope: &impl Scope,
) -> Result<Value, ExpressionError> {
    let left = value(left, scope)?;
    // What does not matter any more is not looked at.
    match operator {
        Operator::And if !truth(&left)? => return Ok(json!(false)),
        Operator::Or if truth(&left)? => return Ok(json!(true)),
        _ => {}
    }
    let right = value(right, scope)?;
    Ok(match operator {
        Operator::And | Operator::Or => json!(truth(&right)?),
        Operator::Equal => json!(equal(&left, &right)),
        Operator::NotEqual => json!(!equal(&left, &right)),
        Operator::Less => json!(order(&left, &right).is_some_and(Ordering::is_lt)),
        Operator::LessOrEqual => json!(order(&left, &right).is_some_and(Ordering::is_le)),
        Operator::Greater => json!(order(&left, &right).is_some_and(Ordering::is_gt)),
        Operator::GreaterOrEqual => json!(order(&left, &right).is_some_and(Ordering::is_ge)),
        Operator::Add if left.is_string() || right.is_string() => {
            json!(text(&left) + &text(&right))
        }
        Operator::Add => number(as_number(&left)? + as_number(&right)?),
        Operator::Subtract => number(as_number(&left)? - as_number(&right)?),
        Operator::Multiply => number(as_number(&left)? * as_number(&right)?),
        Operator::Divide => number(as_number(&left)? / as_number(&right)?),
    })
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

/// A condition: an attribute that nobody has set does not hold.
fn truth(value: &Value) -> Result<bool, ExpressionError> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        Value::Null => Ok(false),
        _ => Err(ExpressionError::new(
            "A condition is neither true nor false",
        )),
    }
}
