//! Text that is not quite JSON, or says what no Rust string holds.

use serde_json::json;

use super::*;

#[test]
fn half_a_surrogate_pair_and_control_characters_are_misfits_of_their_member() {
    for (raw, shown) in [
        (r#""\ud83d""#, "\u{fffd}"),
        (r#""a\ud83db""#, "a\u{fffd}b"),
        (r#""\udc00\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
        (r#""\ud83d\u0041""#, "\u{fffd}A"),
        ("\"a\tb\"", "a\tb"),
        ("\"\\\"\n\"", "\"\n"),
    ] {
        let text = format!(r#"{{"id":{raw},"age":7,"other":{raw}}}"#);
        let mut person = person_of_text(&text);
        assert_eq!((person.age, &person.id), (Some(7), &None), "{text}");
        assert_eq!(person.unfit(), ["id"], "{text}");
        for name in ["id", "other"] {
            assert_eq!(person.extra.raw(name).unwrap(), raw);
            assert_eq!(person.extra.get(name), Some(&json!(shown)));
        }
        // What others cannot hold they get in part.
        assert_eq!(serde_json::to_value(&person).unwrap()["id"], json!(shown));
        person.extra.insert("later", 1);
        assert_eq!(person.extra.raw("id").unwrap(), raw, "{text}");
    }
}

#[test]
fn they_go_back_as_json_that_says_the_same() {
    for (raw, written) in [
        (r#""\ud83d""#, r#""\ud83d""#),
        ("\"a\tb\"", r#""a\u0009b""#),
        ("[ \"\\\\\",\n\"\n\"]", "[ \"\\\\\",\n\"\\u000a\"]"),
        ("1e400", "1e400"),
    ] {
        let person = person_of_text(&format!(r#"{{"id":{raw}}}"#));
        let sent = crate::codec::encode_body(&person).unwrap();
        assert_eq!(sent, format!(r#"{{"id":{written}}}"#));
        assert_eq!(serde_json::to_string(&person).unwrap(), sent);
    }
}

#[test]
fn numbers_that_no_type_holds_are_misfits() {
    for raw in ["1e400", "-1e999"] {
        let person = person_of_text(&format!(
            r#"{{"age":{raw},"anything":{raw},"scores":{{"a":{raw}}}}}"#
        ));
        assert_eq!(person.unfit(), ["age", "anything", "scores"]);
        assert_eq!(person.extra.get("age"), Some(&json!(raw)));
    }
}

#[test]
fn escapes_are_read() {
    let person = person_of_text(r#"{"id":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00","\u0061ge":7}"#);
    assert_eq!(
        person.id.as_deref(),
        Some("\"\\/\u{8}\u{c}\n\r\t\u{e9}\u{1f600}")
    );
    assert_eq!(person.age, Some(7));
}

#[test]
fn numbers_are_read_as_they_are_written() {
    for (text, shown) in [
        ("0", "0"),
        ("-0", "-0.0"),
        ("9007199254740993", "9007199254740993"),
        ("18446744073709551615", "18446744073709551615"),
        ("1.50", "1.5"),
        ("1E3", "1000.0"),
    ] {
        let person = person_of_text(&format!(r#"{{"scores":{{"a":{text}}}}}"#));
        assert_eq!(person.scores.unwrap()["a"].to_string(), shown);
    }
    for text in ["01", "-", "1.", ".5", "1e", "+1", "0x1", "NaN"] {
        let json = format!(r#"{{"anything":{text}}}"#);
        assert!(decode::<Person>(json.as_bytes()).is_err(), "{json}");
    }
}
