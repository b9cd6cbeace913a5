//! The functions of the language.

mod countries;
mod groups;
mod joda;
mod time;
mod zones;

use serde_json::{Value, json};

use super::scope::{ExpressionError, Scope};
use super::values::{as_number, equal, number, text};

/// The longest text that a function makes, in bytes.
const LONGEST: usize = 64 * 1024;
/// The only directory that knows managers and assistants.
const ACTIVE_DIRECTORY: &str = "active_directory";
/// As many arguments as one likes.
const ANY: usize = 256;

/// A function that is known by its whole name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Function(&'static Known);

/// What is known of a function.
#[derive(Debug, PartialEq, Eq)]
struct Known {
    name: &'static str,
    /// How many arguments it takes at least, and at most.
    arity: (usize, usize),
    answers: Answers,
}

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answers {
    Boolean,
    /// Anything, which may be true or false.
    Any,
    Other,
}

macro_rules! functions {
    ($($name:literal $least:literal..=$most:expr => $answers:ident;)*) => {
        const FUNCTIONS: &[Known] = &[$(Known {
            name: $name, arity: ($least, $most), answers: Answers::$answers,
        }),*];
    };
}

functions! {
    "String.append" 2..=2 => Other;
    "String.endsWith" 2..=2 => Boolean;
    "String.join" 2..=ANY => Other;
    "String.len" 1..=1 => Other;
    "String.removeSpaces" 1..=1 => Other;
    "String.replace" 3..=3 => Other;
    "String.replaceFirst" 3..=3 => Other;
    "String.startsWith" 2..=2 => Boolean;
    "String.stringContains" 2..=2 => Boolean;
    "String.stringSwitch" 2..=ANY => Other;
    "String.substring" 2..=3 => Other;
    "String.substringAfter" 2..=2 => Other;
    "String.substringBefore" 2..=2 => Other;
    "String.toLowerCase" 1..=1 => Other;
    "String.toUpperCase" 1..=1 => Other;
    "substring" 2..=3 => Other;
    "substringAfter" 2..=2 => Other;
    "substringBefore" 2..=2 => Other;
    "toLowerCase" 1..=1 => Other;
    "toUpperCase" 1..=1 => Other;
    "Arrays.add" 2..=2 => Other;
    "Arrays.clear" 1..=1 => Other;
    "Arrays.contains" 2..=2 => Boolean;
    "Arrays.flatten" 1..=ANY => Other;
    "Arrays.get" 2..=2 => Any;
    "Arrays.isEmpty" 1..=1 => Boolean;
    "Arrays.remove" 2..=2 => Other;
    "Arrays.size" 1..=1 => Other;
    "Arrays.toCsvString" 1..=1 => Other;
    "Convert.toInt" 1..=1 => Other;
    "Convert.toNum" 1..=1 => Other;
    "Groups.contains" 3..=3 => Other;
    "Groups.endsWith" 3..=3 => Other;
    "Groups.startsWith" 3..=3 => Other;
    "getFilteredGroups" 3..=3 => Other;
    "isMemberOfAnyGroup" 1..=ANY => Boolean;
    "isMemberOfGroup" 1..=1 => Boolean;
    "isMemberOfGroupName" 1..=1 => Boolean;
    "isMemberOfGroupNameContains" 1..=1 => Boolean;
    "isMemberOfGroupNameRegex" 1..=1 => Boolean;
    "isMemberOfGroupNameStartsWith" 1..=1 => Boolean;
    "user.getInternalProperty" 1..=1 => Any;
    "user.getLinkedObject" 1..=1 => Other;
    "user.isMemberOf" 1..=ANY => Boolean;
    "Iso3166Convert.toAlpha2" 1..=1 => Other;
    "Iso3166Convert.toAlpha3" 1..=1 => Other;
    "Iso3166Convert.toName" 1..=1 => Other;
    "Iso3166Convert.toNumeric" 1..=1 => Other;
    "Time.fromIso8601ToString" 2..=2 => Other;
    "Time.fromIso8601ToUnix" 1..=1 => Other;
    "Time.fromIso8601ToWindows" 1..=1 => Other;
    "Time.fromStringToIso8601" 2..=2 => Other;
    "Time.fromUnixToIso8601" 1..=1 => Other;
    "Time.fromWindowsToIso8601" 1..=1 => Other;
    "Time.now" 0..=2 => Other;
    "getAssistantAppUser" 2..=2 => Other;
    "getAssistantUser" 1..=1 => Other;
    "getManagerAppUser" 2..=2 => Other;
    "getManagerUser" 1..=1 => Other;
    "hasDirectoryUser" 0..=0 => Boolean;
    "hasWorkdayUser" 0..=0 => Boolean;
    "findDirectoryUser" 0..=0 => Other;
    "findWorkdayUser" 0..=0 => Other;
}

impl Function {
    /// The function of that name, which takes so many arguments. Functions of groups can be asked of
    /// the user, too.
    pub(super) fn named(name: &str, arguments: usize) -> Result<Self, ExpressionError> {
        let bare = name.strip_prefix("user.").filter(|bare| {
            bare.starts_with("isMemberOfAny") || bare.starts_with("isMemberOfGroup")
        });
        let name = bare.unwrap_or(name);
        let known = FUNCTIONS.iter().find(|it| it.name == name);
        let Some(known) = known else {
            return Err(ExpressionError::new(format!("Unknown function {name}")));
        };
        let (least, most) = known.arity;
        if (least..=most).contains(&arguments) {
            return Ok(Self(known));
        }
        Err(ExpressionError::new(format!(
            "{name} has {arguments} arguments, and takes {}",
            match (least, most) {
                (_, ANY) => format!("{least} or more"),
                (least, most) if least == most => least.to_string(),
                (least, most) => format!("{least} to {most}"),
            }
        )))
    }

    pub(super) fn name(self) -> &'static str {
        self.0.name
    }

    pub(super) fn can_be_boolean(self) -> bool {
        self.0.answers != Answers::Other
    }

    pub(super) fn call(
        self,
        arguments: Vec<Value>,
        scope: &impl Scope,
    ) -> Result<Value, ExpressionError> {
        let name = self.name();
        if let Some(function) = name.strip_prefix("Arrays.") {
            return arrays(function, arguments);
        }
        if let Some(function) = name.strip_prefix("Convert.") {
            return convert(function, &first(&arguments));
        }
        if let Some(function) = name.strip_prefix("Iso3166Convert.") {
            return Ok(countries::convert(function, &first(&arguments)));
        }
        if let Some(function) = name.strip_prefix("Time.") {
            return time::call(function, &arguments, scope.now());
        }
        if name.starts_with("String.") || name.starts_with("substring") || name.starts_with("to") {
            return strings(name.trim_start_matches("String."), &arguments);
        }
        match name {
            // No directory is connected to an emulated org, so that nobody is assigned to one.
            "hasDirectoryUser" | "hasWorkdayUser" => Ok(json!(false)),
            "findDirectoryUser" | "findWorkdayUser" => Ok(Value::Null),
            "getManagerUser" | "getManagerAppUser" | "getAssistantUser" | "getAssistantAppUser" => {
                of_directory(name, &first(&arguments))
            }
            "user.getInternalProperty" => Ok(scope
                .internal(&text(&first(&arguments)))
                .unwrap_or_default()),
            "user.getLinkedObject" => {
                Ok(scope.linked(&text(&first(&arguments))).unwrap_or_default())
            }
            _ => groups::call(name, &arguments, &scope.groups()),
        }
    }
}

fn first(arguments: &[Value]) -> Value {
    nth(arguments, 0)
}

fn nth(arguments: &[Value], at: usize) -> Value {
    arguments.get(at).cloned().unwrap_or_default()
}

/// The manager or assistant that a directory names: nobody, without a directory.
fn of_directory(function: &str, source: &Value) -> Result<Value, ExpressionError> {
    match source.as_str() {
        Some(ACTIVE_DIRECTORY) => Ok(Value::Null),
        _ => Err(ExpressionError::new(format!(
            "{function} takes \"{ACTIVE_DIRECTORY}\" as its source, and nothing else"
        ))),
    }
}

/// Functions of texts. Of what is not there nothing can be made, and it holds nothing.
fn strings(function: &str, arguments: &[Value]) -> Result<Value, ExpressionError> {
    let argument = |at: usize| match nth(arguments, at) {
        Value::Null => String::new(),
        value => text(&value),
    };
    match function {
        "append" => return Ok(json!(argument(0) + &argument(1))),
        "join" => {
            let parts: Vec<String> = (1..arguments.len()).map(argument).collect();
            return Ok(json!(parts.join(&argument(0))));
        }
        "len" => return Ok(json!(argument(0).chars().count())),
        "stringContains" | "startsWith" | "endsWith" => {
            let (input, wanted) = (argument(0), argument(1));
            let holds = match function {
                "startsWith" => input.starts_with(&wanted),
                "endsWith" => input.ends_with(&wanted),
                _ => input.contains(&wanted),
            };
            return Ok(json!(!first(arguments).is_null() && holds));
        }
        _ if first(arguments).is_null() => return Ok(Value::Null),
        _ => {}
    }
    let (input, wanted) = (argument(0), argument(1));
    Ok(json!(match function {
        "removeSpaces" => input.replace(' ', ""),
        "replaceFirst" => input.replacen(&wanted, &argument(2), 1),
        "replace" => {
            let replacement = argument(2);
            let more = input.matches(&wanted).count() * replacement.len();
            if more + input.len() > LONGEST {
                return Err(ExpressionError::new("String.replace makes too long a text"));
            }
            input.replace(&wanted, &replacement)
        }
        "stringSwitch" => switch(&input, wanted, arguments.get(2..).unwrap_or_default()),
        "substring" => {
            let end = arguments.get(2).map(as_number).transpose()?;
            substring(&input, as_number(&nth(arguments, 1))?, end)
        }
        "substringAfter" => match input.split_once(&wanted) {
            Some((_, after)) => after.to_owned(),
            None => String::new(),
        },
        "substringBefore" => match input.split_once(&wanted) {
            Some((before, _)) => before.to_owned(),
            None => input,
        },
        "toUpperCase" => input.to_uppercase(),
        _ => input.to_lowercase(),
    }))
}

/// The value of the first key that the input holds.
fn switch(input: &str, default: String, pairs: &[Value]) -> String {
    let pairs = pairs.as_chunks::<2>().0.iter();
    let mut found = pairs.filter(|[key, _]| input.contains(&text(key)));
    found.next().map_or(default, |[_, value]| text(value))
}

/// The characters from `start` up to `end`; what is beyond the text is not there.
fn substring(input: &str, start: f64, end: Option<f64>) -> String {
    let start = index(start);
    let length = end.map_or(usize::MAX, |end| index(end).saturating_sub(start));
    input.chars().skip(start).take(length).collect()
}

/// A number as a position; below zero there is none, so the first one is meant.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "casts of floats stop at the bounds"
)]
fn index(number: f64) -> usize {
    number as usize
}

/// Functions of lists. What is no list is an empty one.
fn arrays(function: &str, arguments: Vec<Value>) -> Result<Value, ExpressionError> {
    if function == "flatten" {
        return Ok(flattened(arguments));
    }
    let mut arguments = arguments.into_iter();
    let mut list = match arguments.next() {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    };
    let wanted = arguments.next().unwrap_or_default();
    Ok(match function {
        "add" => {
            list.push(wanted);
            json!(list)
        }
        "clear" => json!([]),
        "contains" => json!(list.iter().any(|item| equal(item, &wanted))),
        "get" => {
            let at = index(as_number(&wanted)?);
            list.get(at).cloned().unwrap_or_default()
        }
        "isEmpty" => json!(list.is_empty()),
        "remove" => {
            list.retain(|item| !equal(item, &wanted));
            json!(list)
        }
        "size" => json!(list.len()),
        _ => json!(list.iter().map(text).collect::<Vec<_>>().join(",")),
    })
}

fn flattened(values: Vec<Value>) -> Value {
    let items = values.into_iter().flat_map(|value| match value {
        Value::Array(items) => items,
        single => vec![single],
    });
    items.collect()
}

fn convert(function: &str, value: &Value) -> Result<Value, ExpressionError> {
    let parsed = match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    };
    let converted =
        parsed.ok_or_else(|| ExpressionError::new(format!("{} is no number", text(value))))?;
    Ok(number(match function {
        "toInt" => converted.round(),
        _ => converted,
    }))
}
