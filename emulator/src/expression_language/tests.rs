#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::*;
use crate::clock::Timestamp;

/// A user in two groups.
struct Isaac;

impl Scope for Isaac {
    fn attribute(&self, object: &str, name: &str) -> Option<Value> {
        let user = json!({
            "firstName": "Isaac", "lastName": "Brock", "email": "isaac@example.com",
            "salary": 1_000_001, "groupCode": 123, "isContractor": false, "nickNames": ["Ike"],
        });
        let own = object == "user";
        own.then(|| user.get(name).cloned()).flatten()
    }

    fn object(&self, object: &str) -> Option<Presence> {
        match object {
            "user" => Some(Presence::Present),
            "appuser" => Some(Presence::Absent),
            _ => None,
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp::parse("2015-07-31T17:30:49.964Z").unwrap()
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

/// At 17:30:49 UTC on 31 July 2015.
#[test]
fn time_is_told_and_converted() {
    for (text, expected) in [
        ("Time.now()", json!("2015-07-31T17:30:49.964Z")),
        (r#"Time.now("EST")"#, json!("2015-07-31T13:30:49.964-04:00")),
        (
            r#"Time.now("EST", "YYYY-MM-dd HH:mm:ss")"#,
            json!("2015-07-31 13:30:49"),
        ),
        (
            "Time.now('Asia/Kolkata')",
            json!("2015-07-31T23:00:49.964+05:30"),
        ),
        (
            "Time.now(null, 'EEEE, d MMM yyyy h:mm a')",
            json!("Friday, 31 Jul 2015 5:30 PM"),
        ),
        (
            "Time.fromWindowsToIso8601('130828374499640000')",
            json!("2015-07-31T17:30:49.964Z"),
        ),
        (
            "Time.fromWindowsToIso8601('0')",
            json!("1601-01-01T00:00:00.000Z"),
        ),
        (
            "Time.fromUnixToIso8601('1438363849')",
            json!("2015-07-31T17:30:49.000Z"),
        ),
        (
            "Time.fromUnixToIso8601(1438363849)",
            json!("2015-07-31T17:30:49.000Z"),
        ),
        (
            "Time.fromStringToIso8601('31/07/2015 17:30', 'dd/MM/yyyy HH:mm')",
            json!("2015-07-31T17:30:00.000Z"),
        ),
        (
            "Time.fromStringToIso8601('31 Jul 2015 19:30:49.964 +0200', 'd MMM yyyy HH:mm:ss.SSS Z')",
            json!("2015-07-31T17:30:49.964Z"),
        ),
        (
            "Time.fromStringToIso8601('5:30 PM', 'h:mm a')",
            json!("2000-01-01T17:30:00.000Z"),
        ),
        (
            "Time.fromStringToIso8601('212 2015', 'D yyyy')",
            json!("2015-07-31T00:00:00.000Z"),
        ),
        (
            "Time.fromIso8601ToWindows('2015-07-31T17:30:49.964Z')",
            json!("130828374499640000"),
        ),
        (
            "Time.fromIso8601ToUnix('2015-07-31T19:30:49+02:00')",
            json!("1438363849"),
        ),
        ("Time.fromIso8601ToUnix('1970-01-02')", json!("86400")),
        (
            "Time.fromIso8601ToString('2015-07-31T19:30:49+02:00', \"dd.MM.yyyy 'at' HH\")",
            json!("31.07.2015 at 17"),
        ),
        ("Time.fromUnixToIso8601(user.nobody)", Value::Null),
    ] {
        assert_eq!(value(text), Ok(expected), "{text}");
    }
}

#[test]
fn countries_have_codes_and_names() {
    for (text, expected) in [
        (r#"Iso3166Convert.toAlpha2("IND")"#, json!("IN")),
        (r#"Iso3166Convert.toAlpha3("840")"#, json!("USA")),
        (r#"Iso3166Convert.toNumeric("USA")"#, json!("840")),
        (r#"Iso3166Convert.toName("IN")"#, json!("India")),
        ("Iso3166Convert.toAlpha2('036')", json!("AU")),
        ("Iso3166Convert.toNumeric('au')", json!("036")),
        ("Iso3166Convert.toAlpha2(36)", json!("AU")),
        ("Iso3166Convert.toName('XX')", Value::Null),
        ("Iso3166Convert.toName('India')", Value::Null),
        ("Iso3166Convert.toName(user.nobody)", Value::Null),
    ] {
        assert_eq!(value(text), Ok(expected), "{text}");
    }
}

#[test]
fn nobody_is_in_a_directory_that_there_is_not() {
    for (text, expected) in [
        (
            r#"getManagerUser("active_directory").firstName"#,
            Value::Null,
        ),
        (
            r#"getManagerAppUser("active_directory", "google").firstName"#,
            Value::Null,
        ),
        (
            r#"getAssistantUser("active_directory").firstName"#,
            Value::Null,
        ),
        (
            r#"getAssistantAppUser("active_directory", "google").firstName"#,
            Value::Null,
        ),
        ("hasDirectoryUser()", json!(false)),
        (
            "hasDirectoryUser() ? findDirectoryUser().managerUPN : null",
            Value::Null,
        ),
        ("findDirectoryUser().managerUPN", Value::Null),
        ("findWorkdayUser().employeeID", Value::Null),
        (
            "(appuser != null) ? appuser.userName : user.firstName",
            json!("Isaac"),
        ),
        ("appuser.userName", Value::Null),
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
        ("Time.later()", "Unknown function Time.later"),
        ("Time.now('Nowhere')", "Nowhere is no time zone"),
        ("Time.now('UTC', 'G')", "G is no part of a date pattern"),
        (
            "Time.fromWindowsToIso8601('x')",
            "x is no Windows timestamp",
        ),
        (
            "Time.fromUnixToIso8601('9223372036854775807')",
            "is no Unix timestamp",
        ),
        (
            "Time.fromStringToIso8601('31.07.2015', 'yyyy-MM-dd')",
            "31.07.2015 is no time of the form yyyy-MM-dd",
        ),
        (
            "Time.fromIso8601ToUnix('yesterday')",
            "yesterday is no time of ISO 8601",
        ),
        (
            "getManagerUser('workday').firstName",
            "takes \"active_directory\" as its source",
        ),
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
