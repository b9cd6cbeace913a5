//! YAML files.

use super::marked::{Node, NodeKind, parse};
use super::row::{Field, Kind, Row};
use super::rows::Rows;

pub(super) fn read(text: &str, rows: &mut Rows) {
    let root = match parse(text) {
        Ok(Some(root)) => root,
        Ok(None) => return,
        Err((place, message)) => return rows.problem(place, message),
    };
    let names = Kind::ALL.map(|(_, _, list)| list).join(", ");
    let NodeKind::Map(lists) = root.kind else {
        return rows.problem(root.place, format!("write lists under {names}"));
    };
    for (name, node) in lists {
        let known = Kind::ALL.into_iter().find(|(_, _, list)| *list == name);
        let Some((kind, ..)) = known else {
            rows.problem(
                node.place,
                format!("unknown list {name}; write one of {names}"),
            );
            continue;
        };
        match node.kind {
            NodeKind::List(items) => {
                for item in items {
                    add(kind, item, rows);
                }
            }
            _ => rows.problem(node.place, format!("{name} has to be a list")),
        }
    }
}

fn add(kind: Kind, item: Node, rows: &mut Rows) {
    let place = item.place;
    let fields = match item.kind {
        NodeKind::Map(members) => members
            .into_iter()
            .map(|(name, node)| Field {
                name,
                place: node.place,
                value: node.into_value(),
            })
            .collect(),
        // A leaver is only a login.
        NodeKind::Scalar(value) if kind == Kind::Leaver => vec![Field {
            name: "login".to_owned(),
            value,
            place,
        }],
        _ => return rows.problem(place, "has to be a map, such as {login: ada@example.com}"),
    };
    rows.add(kind, Row { place, fields });
}
