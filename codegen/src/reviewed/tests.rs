#![allow(clippy::unwrap_used)]

use super::*;

const LIST: &str = "- {schema: User, member: id, reason: refused with E0000001}\n";

#[test]
fn a_list_is_read() {
    let list = Reviewed::parse("a.yaml", LIST).unwrap();
    let entry = Entry {
        schema: "User".to_owned(),
        member: "id".to_owned(),
        reason: "refused with E0000001".to_owned(),
    };
    assert_eq!(list.entries, [entry]);
    for empty in ["", "# nothing yet\n", "[]"] {
        assert!(Reviewed::parse("a.yaml", empty).unwrap().entries.is_empty());
    }
}

#[test]
fn a_list_that_nobody_thought_through_is_refused() {
    for (text, why) in [
        (LIST.repeat(2), "is listed twice"),
        (LIST.replace("refused with E0000001", "''"), "has no reason"),
        (LIST.replace("reason", "because"), "unknown field"),
        ("User: id".to_owned(), "expected a sequence"),
    ] {
        let error = Reviewed::parse("a.yaml", &text).unwrap_err().to_string();
        assert!(error.contains("a.yaml") && error.contains(why), "{error}");
    }
}
