//! Whether a document is the one that it is taken for: the next or an earlier release of ours.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

/// A reason not to take a document, although nothing in it is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Doubt {
    /// It describes other operations than ours.
    OtherApi {
        /// Operations of it.
        operations: usize,
        /// Those of them that ours has too.
        shared: usize,
    },
    /// It has lost more than a tenth of something.
    Loss {
        /// What it lost.
        what: &'static str,
        /// How many ours has.
        ours: usize,
        /// How many of those it has not.
        lost: usize,
    },
    /// It was published without lists of values.
    NoEnums {
        /// Schemas with a list of values in ours.
        ours: usize,
        /// Schemas with a list of values in it.
        theirs: usize,
    },
    /// It spells objects that come in kinds as `oneOf`, and the kinds do not name their base.
    OneOfInheritance {
        /// Kinds that name their base in ours.
        ours: usize,
        /// Kinds that name their base in it.
        theirs: usize,
    },
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherApi { operations, shared } => write!(
                f,
                "this is the document of another API: of its {operations} operations, \
                 {shared} are known"
            ),
            Self::Loss { what, ours, lost } => write!(
                f,
                "{lost} of {ours} {what} are gone, which is more than a tenth: is the file cut off?"
            ),
            Self::NoEnums { ours, theirs } => write!(
                f,
                "this is the variant `noEnums` of the document, without lists of values: \
                 {theirs} schemas have one, and {ours} of ours"
            ),
            Self::OneOfInheritance { ours, theirs } => write!(
                f,
                "this is the variant `oneOfInheritance` of the document, whose kinds of objects \
                 do not name their base: {theirs} do, and {ours} of ours"
            ),
        }
    }
}

/// Compares a document with ours, both as facts.
#[must_use]
pub fn doubts(ours: &Value, theirs: &Value) -> Vec<Doubt> {
    let (known, operations) = (operation_ids(ours), operation_ids(theirs));
    let shared = operations.intersection(&known).count();
    if !known.is_empty() && !operations.is_empty() && shared * 2 < operations.len() {
        return vec![Doubt::OtherApi {
            operations: operations.len(),
            shared,
        }];
    }
    let (had, has) = (schema_names(ours), schema_names(theirs));
    let losses = [("operations", &known, &operations), ("schemas", &had, &has)];
    let mut doubts = Vec::new();
    for (what, before, after) in losses {
        let lost = before.difference(after).count();
        if lost * 10 > before.len() {
            doubts.push(Doubt::Loss {
                what,
                ours: before.len(),
                lost,
            });
        }
    }
    let (before, after) = (Habits::of(ours), Habits::of(theirs));
    // A document that has lost its schemas has lost their lists of values with them.
    let few = |ours: usize, theirs: usize| theirs * had.len() * 10 < ours * has.len();
    if few(before.enums, after.enums) {
        doubts.push(Doubt::NoEnums {
            ours: before.enums,
            theirs: after.enums,
        });
    }
    if few(before.kinds_with_base, after.kinds_with_base) && after.kinds > 0 {
        doubts.push(Doubt::OneOfInheritance {
            ours: before.kinds_with_base,
            theirs: after.kinds_with_base,
        });
    }
    doubts
}

/// Tags that are in a group in our document and in none in the other, which has operations of them:
/// older releases have no groups, and a file that was cut off has lost them.
#[must_use]
pub fn tags_without_group(ours: &Value, theirs: &Value) -> usize {
    let (before, after) = (grouped(ours), grouped(theirs));
    let paths = theirs.get("paths").and_then(Value::as_object);
    let items = paths
        .into_iter()
        .flatten()
        .filter_map(|(_, item)| item.as_object());
    let used: BTreeSet<&str> = items
        .flatten()
        .filter_map(|(_, operation)| operation.pointer("/tags/0")?.as_str())
        .collect();
    let lost = before.difference(&after);
    lost.filter(|tag| used.contains(*tag)).count()
}

fn grouped(document: &Value) -> BTreeSet<&str> {
    let groups = document.get("x-tagGroups").and_then(Value::as_array);
    let tags = groups
        .into_iter()
        .flatten()
        .filter_map(|group| group.get("tags")?.as_array());
    tags.flatten().filter_map(Value::as_str).collect()
}

/// How a document spells things.
#[derive(Default)]
struct Habits {
    /// Schemas with a list of values.
    enums: usize,
    /// Kinds that discriminators tell apart.
    kinds: usize,
    /// Those of them that have the schema with the discriminator in their `allOf`.
    kinds_with_base: usize,
}

impl Habits {
    fn of(document: &Value) -> Self {
        let mut habits = Self::default();
        let schemas = document.pointer("/components/schemas");
        for (base, schema) in schemas.and_then(Value::as_object).into_iter().flatten() {
            let mapping = schema.pointer("/discriminator/mapping");
            let kinds = mapping.and_then(Value::as_object).into_iter().flatten();
            for kind in kinds.filter_map(|(_, kind)| kind.as_str()) {
                habits.kinds += 1;
                let name = kind.rsplit('/').next().unwrap_or(kind);
                let parts = schemas
                    .and_then(|schemas| schemas.get(name)?.get("allOf")?.as_array())
                    .into_iter()
                    .flatten();
                let mut bases = parts.filter_map(|part| part.get("$ref")?.as_str());
                let reference = format!("#/components/schemas/{base}");
                habits.kinds_with_base += usize::from(bases.any(|it| it == reference));
            }
        }
        count_enums(document, &mut habits.enums);
        habits
    }
}

fn count_enums(value: &Value, count: &mut usize) {
    match value {
        Value::Object(map) => {
            *count += usize::from(map.get("enum").is_some_and(Value::is_array));
            map.values().for_each(|value| count_enums(value, count));
        }
        Value::Array(list) => list.iter().for_each(|value| count_enums(value, count)),
        _ => {}
    }
}

fn operation_ids(document: &Value) -> BTreeSet<&str> {
    let paths = document.get("paths").and_then(Value::as_object);
    let items = paths
        .into_iter()
        .flatten()
        .filter_map(|(_, item)| item.as_object());
    items
        .flatten()
        .filter_map(|(_, operation)| operation.get("operationId")?.as_str())
        .collect()
}

fn schema_names(document: &Value) -> BTreeSet<&str> {
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    schemas
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect()
}
