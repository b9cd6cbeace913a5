//! Values that are neither plain strings nor plain numbers.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::*;

#[test]
fn timestamps_come_in_every_form_that_okta_writes() {
    let expected: DateTime<Utc> = "2026-03-27T03:16:16Z".parse().unwrap();
    for text in [
        "2026-03-27T03:16:16Z",
        "2026-03-27T03:16:16.000Z",
        "2026-03-27T05:16:16+02:00",
        "2026-03-27T03:16:16.000+0000",
        "2026-03-27T03:16:16",
        "2026-03-27 03:16:16.0",
        "2026-03-27 03:16:16",
    ] {
        let born = person(&json!({"born": text})).unwrap().born.unwrap();
        assert_eq!(born.to_utc().unwrap(), Some(expected), "{text}");
        assert_eq!(born.to_string(), text);
    }
    let born = person(&json!({"born": 1_774_581_376_000_i64}))
        .unwrap()
        .born
        .unwrap();
    assert_eq!(born.to_utc().unwrap(), Some(expected));
    assert_eq!(
        serde_json::to_value(&born).unwrap(),
        json!(1_774_581_376_000_i64)
    );
}

#[test]
fn an_empty_timestamp_is_never_and_nonsense_an_error() {
    assert_eq!(Timestamp::from("").to_utc().unwrap(), None);
    for text in ["soon", "2026-13-01T00:00:00Z", "2026-03-27"] {
        let error = Timestamp::from(text).to_utc().unwrap_err();
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[test]
fn timestamps_of_ours_are_written_as_okta_writes_them() {
    let time: DateTime<Utc> = "2026-01-31T10:30:00.5+01:00".parse().unwrap();
    assert_eq!(
        Timestamp::from(time).to_string(),
        "2026-01-31T09:30:00.500Z"
    );
}

#[test]
fn numbers_stay_as_they_were_written() {
    for text in ["1", "1.0", "-2.5", "18446744073709551615", "1e300"] {
        let number: Number = serde_json::from_str(text).unwrap();
        let expected: Value = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_value(&number).unwrap(), expected, "{text}");
        let scores = json!({"scores": {"a": expected}});
        assert_eq!(
            serde_json::to_value(person(&scores).unwrap()).unwrap(),
            scores
        );
    }
    assert_ne!(Number::from(1), Number::from(1.0));
    assert_eq!(Number::from(1.5).as_f64(), Some(1.5));
    assert_eq!(
        (Number::from(7).as_i64(), Number::from(1.5).as_i64()),
        (Some(7), None)
    );
}

#[test]
fn one_or_many_goes_back_as_it_came() {
    for (links, hrefs) in [
        (json!({"href": "a"}), vec!["a"]),
        (json!([{"href": "a"}]), vec!["a"]),
        (json!([{"href": "a"}, {"href": "b"}]), vec!["a", "b"]),
        (json!([]), vec![]),
    ] {
        let before = json!({"links": links});
        let person = person(&before).unwrap();
        let badges = person.links.as_ref().unwrap();
        let found: Vec<_> = badges
            .as_slice()
            .iter()
            .filter_map(|l| l.href.as_deref())
            .collect();
        assert_eq!(found, hrefs);
        assert_eq!(badges.first().is_some(), !hrefs.is_empty());
        assert_eq!(serde_json::to_value(&person).unwrap(), before);
    }
}

#[test]
fn enums_read_and_write_values_they_do_not_know() {
    assert_eq!(Mood::VALUES, ["GOOD", "NOT_SO_GOOD"]);
    for (text, mood) in [
        ("GOOD", Mood::Good),
        ("NOT_SO_GOOD", Mood::NotSoGood),
        ("good", Mood::Unrecognized("good".to_owned())),
        ("", Mood::Unrecognized(String::new())),
    ] {
        assert_eq!(Mood::from(text), mood);
        assert_eq!(Mood::from(text.to_owned()), mood);
        assert_eq!(
            (mood.as_str(), mood.as_ref(), mood.to_string().as_str()),
            (text, text, text)
        );
        assert_eq!(serde_json::to_value(&mood).unwrap(), text);
        assert_eq!(serde_json::from_value::<Mood>(json!(text)).unwrap(), mood);
    }
}

#[test]
fn extra_can_be_seen_as_a_type_of_ours() {
    #[derive(serde::Deserialize)]
    struct Custom {
        shoe_size: u8,
        color: Option<String>,
    }
    let mut extra: Extra = [("shoe_size", 43)].into_iter().collect();
    let custom: Custom = extra.view_as().unwrap();
    assert_eq!((custom.shoe_size, custom.color), (43, None));
    assert_eq!(extra.insert("shoe_size", "big"), Some(json!(43)));
    assert!(extra.view_as::<Custom>().is_err());
    assert_eq!(extra.get_as::<u8>("color").unwrap(), None);
    assert_eq!(extra.remove("shoe_size"), Some(json!("big")));
    assert!(extra.is_empty());
}
