#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::*;

/// A user in two groups.
struct Isaac;

impl Scope for Isaac {
    fn attribute(&self, object: &str, name: &str) -> Option<Value> {
        let user = json!({
            "firstName": "Isaac", "lastName": "Brock", "email": "isaac@example.com",
            "salary": 1_000_001, "groupCode": 123, "isContractor": false, "nickNames": ["Ike"],
        });
        assert_eq!(object, "user");
        user.get(name).cloned()
    }

    fn has(&self, object: &str) -> bool {
        object == "user"
    }

    fn internal(&self, name: &str) -> Option<Value> {
        (name == "status").then(|| json!("ACTIVE"))
    }

    fn groups(&self) -> Vec<(String, String)> {
        let group = |id: &str, name: &str| (id.to_owned(), name.to_owned());
        vec![group("00g1", "Everyone"), group("00g2", "West Coast Users")]
    }

    fn linked(&self, primary: &str) -> Option<Value> {
        (primary == "manager").then(|| json!({ "lastName": "Gates" }))
    }
}

fn value(text: &str) -> Result<Value, String> {
    let formula = Formula::parse(text).map_err(|error| error.to_string())?;
    formula.value(&Isaac).map_err(|error| error.to_string())
}

#[test]
fn functions_give_what_the_reference_says() {
    for (text, expected) in [
        (
            r#"String.append("This is", " a test")"#,
            json!("This is a test"),
        ),
        (
            r#"String.join(",", "This", "is", "a", "test")"#,
            json!("This,is,a,test"),
        ),
        (r#"String.len("This")"#, json!(4)),
        (
            r#"String.removeSpaces("This is a test")"#,
            json!("Thisisatest"),
        ),
        (
            r#"String.replace("This is a test", "is", "at")"#,
            json!("That at a test"),
        ),
        (
            r#"String.replaceFirst("This is a test", "is", "at")"#,
            json!("That is a test"),
        ),
        (
            r#"String.stringContains("This is a test", "test")"#,
            json!(true),
        ),
        (
            r#"String.stringContains("This is a test", "doesn'tExist")"#,
            json!(false),
        ),
        (
            r#"String.stringSwitch("This is a test", "default", "key1", "value1")"#,
            json!("default"),
        ),
        (
            r#"String.stringSwitch("First match wins", "default", "absent", "value1", "wins", "value2", "match", "value3")"#,
            json!("value2"),
        ),
        (
            r#"String.substring("This is a test", 2, 9)"#,
            json!("is is a"),
        ),
        (
            r#"String.substringAfter("abc@okta.com", "@")"#,
            json!("okta.com"),
        ),
        (r#"substringBefore("abc@okta.com", '@')"#, json!("abc")),
        (r#"String.toUpperCase("This")"#, json!("THIS")),
        (r#"toLowerCase("ThiS")"#, json!("this")),
        ("Arrays.add({10, 20, 30}, 40)", json!([10, 20, 30, 40])),
        ("Arrays.remove({10, 20, 30}, 20)", json!([10, 30])),
        ("Arrays.clear({10, 20, 30})", json!([])),
        ("Arrays.get({0, 1, 2}, 0)", json!(0)),
        ("Arrays.flatten(10, {20, 30}, 40)", json!([10, 20, 30, 40])),
        ("Arrays.contains({10, 20, 30}, 10)", json!(true)),
        ("Arrays.contains({10, 20, 30}, 50)", json!(false)),
        ("Arrays.size({10, 20, 30})", json!(3)),
        ("Arrays.size(NULL)", json!(0)),
        ("Arrays.isEmpty({10, 20})", json!(false)),
        ("Arrays.isEmpty(NULL)", json!(true)),
        (
            r#"Arrays.toCsvString({"This", "is", " a ", "test"})"#,
            json!("This,is, a ,test"),
        ),
        ("Convert.toInt('1234')", json!(1234)),
        ("Convert.toInt(123.6)", json!(124)),
        ("Convert.toNum('2.75')", json!(2.75)),
        (
            r#"user.getLinkedObject("manager").lastName"#,
            json!("Gates"),
        ),
        (r#"user.getLinkedObject("nobody").lastName"#, Value::Null),
        (r#"user.getInternalProperty("status")"#, json!("ACTIVE")),
        (
            "hasWorkdayUser() ? findWorkdayUser().employeeID : null",
            Value::Null,
        ),
        (
            r#"Groups.startsWith("OKTA", "West", 40)"#,
            json!(["West Coast Users"]),
        ),
        (
            r#"getFilteredGroups({"00g2"}, "group.id", 40)"#,
            json!(["00g2"]),
        ),
        (r#"isMemberOfGroup("00g2")"#, json!(true)),
        (r#"isMemberOfAnyGroup("00g7", "00g1")"#, json!(true)),
        (r#"user.isMemberOfGroupName("West Coast")"#, json!(false)),
        (r#"isMemberOfGroupNameStartsWith("West")"#, json!(true)),
        (r#"isMemberOfGroupNameContains("Coast")"#, json!(true)),
        (r#"isMemberOfGroupNameRegex(".*Coast.*")"#, json!(true)),
        (r#"isMemberOfGroupNameRegex("Coast")"#, json!(false)),
        (
            "user.isMemberOf({'group.profile.name': 'West', 'operator': 'STARTS_WITH'})",
            json!(true),
        ),
        (
            "!user.isMemberOf({'group.id': {'00g7', '00g2'}})",
            json!(false),
        ),
    ] {
        assert_eq!(value(text), Ok(expected), "{text}");
    }
}

#[test]
fn operators_bind_as_in_spel() {
    for (text, expected) in [
        (
            "user.firstName + \" \" + user.lastName",
            json!("Isaac Brock"),
        ),
        ("user.groupCode == 123 ? 'Sales' : 'Other'", json!("Sales")),
        ("user.salary > 1000000 AND !user.isContractor", json!(true)),
        (
            "user.salary<1 or user.firstName==\"Isaac\" && user.lastName!=null",
            json!(true),
        ),
        ("1 + 2 * 3 - -4 / 2", json!(9)),
        ("(1 + 2) * 3", json!(9)),
        ("user.nobody == null", json!(true)),
        ("!user.nobody", json!(true)),
        ("user.nobody > 3", json!(false)),
        ("user.firstName >= 'Ira'", json!(true)),
        ("'it''s' == \"it's\"", json!(true)),
        ("\"XDOMAIN\\\" + 'x'", json!("XDOMAIN\\x")),
        ("false AND 1", json!(false)),
        ("Arrays.contains(user.nickNames, 'Ike')", json!(true)),
        ("String.stringContains(user.nobody, '')", json!(false)),
        ("String.toUpperCase(user.nobody) == null", json!(true)),
        ("0.5 + 0.25", json!(0.75)),
    ] {
        assert_eq!(value(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    for (text, expected) in [
        (
            "user.firstName = 'Isaac'",
            "expected a value or an operator at character 15",
        ),
        ("user.firstName == ", "expected a value at character 18"),
        (
            "user.firstName 'x'",
            "expected an operator or the end at character 15",
        ),
        ("'open", "expected a quotation mark at the end"),
        ("(1", "expected `)` at character 2"),
        ("user.", "expected the name of an attribute"),
        ("Time.now()", "Unknown function Time.now"),
        ("String.len()", "String.len has 0 arguments, and takes 1"),
        (
            "substring('a')",
            "substring has 1 arguments, and takes 2 to 3",
        ),
        ("String.join('a')", "takes 2 or more"),
        ("nobody.firstName == 'x'", "Invalid property nobody"),
        ("1 AND true", "neither true nor false"),
        ("1 - 'x'", "x is no number"),
        (
            "isMemberOfGroupNameRegex('(')",
            "( is no regular expression",
        ),
    ] {
        let error = value(text).unwrap_err();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn expressions_are_bounded() {
    let deep = format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000));
    let nots = format!("{}true", "!".repeat(10_000));
    let choices = "true ? ".repeat(2_000);
    let chain = format!("user{}", ".a".repeat(7_000));
    let sum = vec!["1"; 5_000].join("+");
    for text in [deep, nots, choices, chain, sum, " ".repeat(20_000)] {
        assert!(Formula::parse(&text).is_err());
    }
    let ten = "String.replace(".repeat(20);
    let grows = format!("{ten}'a'{}", ", 'a', 'aaaaaaaaaa')".repeat(20));
    assert!(value(&grows).unwrap_err().contains("too long"));
}

#[test]
fn an_expression_tells_what_it_is_made_of() {
    let formula = Formula::parse("String.len(user.city) > 3 AND isMemberOfGroup('00g1')").unwrap();
    assert_eq!(formula.attributes(), [("user", "city")]);
    assert_eq!(formula.objects(), ["user"]);
    assert_eq!(formula.functions(), ["String.len", "isMemberOfGroup"]);
    assert!(formula.can_be_boolean());
    for text in [
        "'text'",
        "user.a + 'b'",
        "String.len('a')",
        "true ? 1 : false",
        "user",
    ] {
        assert!(!Formula::parse(text).unwrap().can_be_boolean(), "{text}");
    }
}
