#![allow(clippy::unwrap_used)]
use chrono::DateTime;

use super::*;
use crate::models::Timestamp;

fn a() -> Expression {
    field("a").pr()
}

fn b() -> Expression {
    field("b").eq("x")
}

fn c() -> Expression {
    field("c").eq(true)
}

#[test]
fn every_operator_and_kind_of_value() {
    let time = DateTime::from_timestamp_millis(1_767_225_600_500).unwrap();
    let f = || field("profile.x-y_z");
    for (expression, text) in [
        (f().eq("v"), r#"eq "v""#),
        (f().ne("v".to_owned()), r#"ne "v""#),
        (f().sw("v"), r#"sw "v""#),
        (f().ew(String::from("v")), r#"ew "v""#),
        (f().co("v"), r#"co "v""#),
        (f().gt(-7), "gt -7"),
        (f().ge(u64::MAX), "ge 18446744073709551615"),
        (f().lt(time), r#"lt "2026-01-01T00:00:00.500Z""#),
        (f().le(Timestamp::from("2026-01-01")), r#"le "2026-01-01""#),
        (f().eq(false), "eq false"),
        (f().pr(), "pr"),
    ] {
        let text = format!("profile.x-y_z {text}");
        assert_eq!(expression.to_string(), text);
        assert_eq!(String::from(expression.checked().unwrap()), text);
    }
}

#[test]
fn whatever_text_is_a_value_stays_one() {
    for (value, text) in [
        ("", r#""""#),
        (r#"O"Brien"#, r#""O\"Brien""#),
        (r"a\", r#""a\\""#),
        (r#"x" or id pr or a eq "x"#, r#""x\" or id pr or a eq \"x""#),
        ("ä€🦀 '()", "\"ä€🦀 '()\""),
        ("a\nb\u{0}\u{7f}", "\"a\\nb\\u0000\u{7f}\""),
    ] {
        assert_eq!(field("a").eq(value).to_string(), format!("a eq {text}"));
    }
}

#[test]
fn parentheses_are_where_they_have_to_be() {
    for (expression, text) in [
        (a().and(b()).and(c()), r#"a pr and b eq "x" and c eq true"#),
        (a().or(b()).or(c()), r#"a pr or b eq "x" or c eq true"#),
        (a().or(b().and(c())), r#"a pr or b eq "x" and c eq true"#),
        (a().and(b()).or(c()), r#"a pr and b eq "x" or c eq true"#),
        (a().and(b().or(c())), r#"a pr and (b eq "x" or c eq true)"#),
        (a().or(b()).and(c()), r#"(a pr or b eq "x") and c eq true"#),
        (a().not(), "not (a pr)"),
        ((!a()).and(b()), r#"not (a pr) and b eq "x""#),
        (
            a().or(b()).not().and(c()),
            r#"not (a pr or b eq "x") and c eq true"#,
        ),
        (a().not().not(), "not (not (a pr))"),
    ] {
        assert_eq!(expression.to_string(), text);
    }
}

#[test]
fn any_of_is_a_choice() {
    let choice = any_of("status", ["ACTIVE", "STAGED"]);
    assert_eq!(
        choice.clone().and(a()).to_string(),
        r#"(status eq "ACTIVE" or status eq "STAGED") and a pr"#
    );
    assert_eq!(any_of("n", vec![7]).and(a()).to_string(), "n eq 7 and a pr");
    let none = any_of("status", Vec::<String>::new());
    assert!(none.checked().unwrap_err().is_invalid_argument());
}

#[test]
fn a_name_that_is_none_spoils_the_whole() {
    let long = "a".repeat(MOST_NAME + 1);
    for name in [
        "",
        " ",
        "a b",
        "1a",
        ".a",
        "a\"",
        "a(",
        "é",
        "id pr or a",
        "Not",
        "or",
        "a\n",
        &long,
    ] {
        let spoilt = a().or(b().and(field(name).eq("x"))).not();
        let error = spoilt.clone().checked().unwrap_err();
        assert!(error.is_invalid_argument(), "{name}");
        assert!(error.to_string().contains("profile.lastName"), "{error}");
        let text = spoilt.to_string();
        assert!(text.starts_with("\"argument `field`"), "{text}");
        assert_eq!(String::from(spoilt), text);
    }
    for name in [
        "id",
        "_a",
        "profile.a:b-c$d[0]",
        "android",
        "urn:okta:x",
        &long[1..],
    ] {
        assert!(field(name).pr().checked().is_ok(), "{name}");
    }
}

#[test]
fn debug_shows_no_value() {
    let shown = format!("{:?} {:?}", field("a").eq("leak"), Value::from("leak"));
    assert_eq!(shown, "Expression(11 bytes) Value");
}
