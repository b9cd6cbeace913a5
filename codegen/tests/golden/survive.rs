//! The code that the generator makes of odd documents, at work.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use httpmock::Method::GET;
use httpmock::MockServer;
use okta_sdk::Client;
use okta_sdk::models::{
    LoopPick, LoopUnion, NameMembers, NameMembersParts, PickOfEnums, PickOfObjects,
    PickOfWrappedEnums, ShapeBase, ShapeByAnother, ShapeByName, ShapeByNumber, ShapeNameless,
    ShapeOfUnions, ShapeWithoutMapping, SumEnum, SumOfTwo, ThingAlias, ValuesAlike,
};
use okta_sdk::paths::NumberFlagKindList;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn client(server: &MockServer) -> Client {
    Client::builder()
        .org_url(server.base_url())
        .api_token("token")
        .build()
        .unwrap()
}

/// Decodes a model, and makes sure that it goes back as it came.
fn model<T: DeserializeOwned + Serialize>(json: Value) -> T {
    let model = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&model).unwrap(), json);
    model
}

#[test]
fn texts_stay_texts_however_they_are_wrapped() {
    let _: SumEnum = model(json!("A"));
    assert_eq!(PickOfEnums::VALUES, ["RED", "GREEN", "SMALL"]);
    assert_eq!(PickOfWrappedEnums::VALUES, PickOfEnums::VALUES);
    for value in ValuesAlike::VALUES {
        let known: ValuesAlike = model(json!(value));
        assert!(!matches!(known, ValuesAlike::Unrecognized(_)), "{value}");
    }
}

#[test]
fn objects_take_the_members_of_all_their_parts() {
    let sum: SumOfTwo = model(json!({"left": "l", "right": 1, "both": 2}));
    assert_eq!(
        (sum.left.as_deref(), sum.right, sum.both),
        (Some("l"), Some(1), Some(2))
    );
    let pick: PickOfObjects = model(json!({"a": "a", "same": [], "child": {"child": {"b": "b"}}}));
    assert_eq!(pick.child.unwrap().child.unwrap().b.as_deref(), Some("b"));
    let pick: LoopPick = model(json!({"next": {"next": {"next": {"b": "b"}}}}));
    assert!(pick.next.unwrap().next.is_some());
    let _: ThingAlias = model(json!({
        "empty": {"x": 1}, "empties": [{}, {"y": null}], "closed": {}, "unknown": 3,
        "mapOfMaps": {"a": {"b": 1}}, "mapOfLists": {"a": [{"x": "y"}]}, "mapOfNulls": {"a": null},
        "mapAndMembers": {"a": "a", "b": 1}, "mapWithoutType": {"a": {"empty": 1}},
    }));
}

#[test]
fn kinds_are_told_apart_without_a_mapping() {
    let square = model(json!({"type": "BOX", "a": 1}));
    assert!(matches!(square, ShapeWithoutMapping::Square(_)));
    let circle = model(json!({"kind": "ShapeCircle", "r": 1}));
    assert!(matches!(circle, ShapeByName::Circle(_)));
    let kind = ShapeByName::from(ShapeNameless::new().n("n"));
    assert_eq!(serde_json::to_value(kind).unwrap()["kind"], "ShapeNameless");
    let _: ShapeByNumber = model(json!({"number": 1, "more": true}));
}

#[test]
fn kinds_may_have_kinds() {
    let two = model(json!({"type": "TWO", "parent": {"type": "ONE", "one": "x"}}));
    let ShapeOfUnions::ChildTwo(two) = two else {
        panic!("{two:?}")
    };
    assert!(matches!(two.parent, Some(ShapeBase::One(_))));
    let base = model(json!({"family": "BASES", "type": "ONE", "one": "x"}));
    assert!(matches!(base, ShapeByAnother::BaseBase(_)));
    let _: LoopUnion = model(json!({"t": "A", "again": {"t": "A", "again": {"t": "B"}}}));
}

#[test]
fn every_name_has_a_member() {
    let all = serde_json::to_value(
        NameMembers::new(NameMembersParts {
            empty: "".into(),
            _2: "2".into(),
            foo_: "c".into(),
            foo__: "d".into(),
            self__: "e".into(),
            type_: "f".into(),
        })
        .unfit_("u")
        .with_id_("w")
        .clear_note__("c")
        .clear_note(),
    );
    let expected = json!({
        "": "", "2": "2", "Foo": "c", "foo": "d", "self": "e", "type": "f",
        "unfit": "u", "with_id": "w", "clear_note": "c", "note": null,
    });
    assert_eq!(all.unwrap(), expected);
}

#[tokio::test]
async fn parameters_of_every_kind_reach_the_server() {
    let server = MockServer::start_async().await;
    let get = server.mock(|when, then| {
        when.method(GET)
            .path("/api/v1/survives-parameters/1/true/A/x,y/1")
            .query_param("content", r#"{"a":"b"}"#)
            .query_param("deep[a]", "d")
            .query_param("deep[b]", "2")
            .query_param("first", "f")
            .query_param("integers", "1")
            .query_param("number", "1.5")
            .header("x-list", "a,b")
            .header("x-number", "3");
        then.status(204);
    });
    client(&server)
        .survivals()
        .get_with_parameters(NumberFlagKindList {
            number: "1",
            flag: "true",
            kind: "A",
            list: "x,y",
        })
        .content(r#"{"a":"b"}"#)
        .deep_a("d")
        .deep_b(2)
        .first("f")
        .integers([1])
        .number_(1.5)
        .x_list(["a", "b"])
        .x_number(3)
        .await
        .unwrap();
    get.assert();
}
