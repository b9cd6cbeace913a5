//! Documents that nobody has looked at yet.
#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn entries_of_the_lists_that_match_nothing_are_noted() {
    let theirs = set(&format!("{USER}/properties/nick"), &Value::Null);
    let report = report_with(&document(), &theirs, |names| {
        // `nick` may come back, `nack` was never there.
        let members = ["login", "nick", "nack"].map(str::to_owned);
        names.references.insert("User".to_owned(), members.to_vec());
    });
    assert_eq!(
        report.review,
        [
            "names.yaml, references: `nack` of `User`: there is no such string or list of strings: \
          delete the entry or mend it"
        ]
    );
    assert_eq!(lines(&report), ["breaks models::User.nick: removed"]);
}

#[test]
fn places_that_are_one_type_no_longer_are_compared_apart() {
    let two = |ty: &str| {
        with(|document| {
            let schemas = &mut document["components"]["schemas"];
            let team = json!({"type": "object", "properties": {
                "id": {"type": "string"}, "name": {"type": "string"},
                "note": {"type": "string"}, "size": {"type": ty}}});
            schemas["Team"] = team;
            schemas["User"]["properties"]["team"] = json!({"$ref": "#/components/schemas/Team"});
        })
    };
    let one_type = |names: &mut Names| {
        names.types.insert("Team".to_owned(), "Group".to_owned());
    };
    let report = report_with(&two("integer"), &two("boolean"), one_type);
    assert_eq!(report.review.len(), 1);
    assert!(report.review[0].contains("`size`"), "{:?}", report.review);
    let expected = "breaks models::User.team: `Option<Team>` now; before `Option<Group>`";
    assert!(
        lines(&report).contains(&expected.to_owned()),
        "{:#?}",
        lines(&report)
    );
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let names = names_of(&document()).to_yaml().unwrap();
    let sources = sources("", &names);
    let theirs = with(|document| {
        let properties = &mut document["components"]["schemas"]["Group"]["properties"];
        properties["a"] = json!({"$ref": "#/components/schemas/Gone"});
        let parameters = document.pointer_mut(&format!("{LIST}/parameters")).unwrap();
        let cookie =
            json!({"name": "sid", "in": "cookie", "required": true, "schema": {"type": "string"}});
        parameters.as_array_mut().unwrap().push(cookie);
    });
    let error = other::load(&sources, about(), theirs)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("Gone") && error.contains("cookie"),
        "{error}"
    );
}
