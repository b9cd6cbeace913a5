//! The code that the generator makes of its mini documents, at work.
#![allow(clippy::unwrap_used, clippy::panic, deprecated, missing_docs)]

use httpmock::Method::{DELETE, GET, PATCH, POST, PUT};
use httpmock::MockServer;
use okta_sdk::models::{
    Account, Bird, BirdParts, Choice, Device, DeviceParts, FindItemHookType, FindItemKindItem,
    Grant, GrantSwitch, GrantSwitchParts, GrantTarget, IpZone, LightColor, LightMode, Linked, Maps,
    Node, Note, Nullable, Old, OneOrMany, Outer, Profile, Tagged, Zone, Zones,
};
use okta_sdk::paths::HookTypeItem;
use okta_sdk::{Bytes, Client, FilePart, Id};
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

#[tokio::test]
async fn enums_know_their_values_and_keep_others() {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.method(GET).path("/api/v1/open-enums");
        then.status(200)
            .json_body(json!({"color": "BLUE", "mode": "2FA_ONLY", "watts": 3}));
    });
    let light = client(&server).open_enums().get().await.unwrap();
    assert_eq!(
        light.color,
        Some(LightColor::Unrecognized("BLUE".to_owned()))
    );
    assert_eq!(light.mode, Nullable::Value(LightMode::V2faOnly));
    assert_eq!(light.extra.get("watts"), Some(&json!(3)));
}

#[test]
fn constructors_take_what_is_needed_and_setters_the_rest() {
    let device = Device::new(DeviceParts {
        kind: "phone".into(),
        serial: "0a".into(),
    })
        .new_(3)
        .clear_note()
        .ratio(1.5)
        .tags(["x"]);
    assert_eq!(
        serde_json::to_value(device).unwrap(),
        json!({"kind": "phone", "new": 3, "note": null, "ratio": 1.5, "serial": "0a", "tags": ["x"]})
    );
    let bird = Bird::new(BirdParts {
        name: "Robin".into(),
        note: "red".into(),
    })
    .wings(2);
    assert_eq!(
        serde_json::to_value(bird).unwrap(),
        json!({"name": "Robin", "note": "red", "wings": 2})
    );
}

#[tokio::test]
async fn an_absent_id_is_not_sent_and_not_left_out() {
    let grant = |id: Id| {
        let switch = GrantSwitch::new(GrantSwitchParts { enabled: true });
        Grant::new(id, 3, switch, GrantTarget::new())
    };
    let full = json!({"id": "g", "level": 3, "switch": {"enabled": true}, "target": {}, "type": "ROLE"});
    assert_eq!(serde_json::to_value(grant("g".into())).unwrap(), full);

    let server = MockServer::start_async().await;
    let any = server.mock(|when, then| {
        when.any_request();
        then.status(200).json_body(json!({}));
    });
    let grants = client(&server).golden_grants();
    let answer = grants.add(grant("g".into())).await.unwrap();
    assert_eq!(answer.id().to_string(), "(no id)");
    let error = grants.add(grant(answer.id)).await.unwrap_err();
    assert!(error.is_invalid_argument(), "{error}");
    assert!(error.to_string().contains("`id`"), "{error}");
    let members = grant("g".into()).member_ids([&Id::default()]);
    let error = grants.add(members).await.unwrap_err();
    assert!(error.to_string().contains("`memberIds[0]`"), "{error}");
    any.assert_calls(1);
}

#[test]
fn kinds_are_told_apart() {
    let zones: Zones = model(json!({
        "zone": {"type": "DYNAMIC_V2", "id": "z", "name": "n", "proxies": true, "asns": ["1"]},
        "tagged": {"kind": "C", "shared": 1, "c": true},
    }));
    let Some(Zone::Dynamic(zone)) = &zones.zone else {
        panic!("{zones:?}")
    };
    assert_eq!(
        (zone.proxies, zone.name.as_deref()),
        (Some(true), Some("n"))
    );
    assert_eq!(zones.zone.as_ref().unwrap().id(), "z");
    let Some(Tagged::Unrecognized(tagged)) = &zones.tagged else {
        panic!("{zones:?}")
    };
    assert_eq!(
        (tagged.shared, tagged.extra.get("c")),
        (Some(1), Some(&json!(true)))
    );
    assert_eq!(zones.tagged.as_ref().unwrap().kind(), Some("C"));

    let zone = Zone::from(IpZone::new("n").gateways(["10.0.0.1"]));
    assert_eq!(
        serde_json::to_value(zone).unwrap(),
        json!({"type": "IP", "name": "n", "gateways": ["10.0.0.1"]})
    );
}

#[test]
fn choices_maps_and_links_take_what_comes() {
    let choice: Choice = model(json!({
        "anything": [1],
        "either": {"email": "e", "level": "HIGH", "phone": "p", "target": 1},
        "one_or_many": "x",
        "when": "2026-01-31",
    }));
    assert_eq!(choice.one_or_many, Some(OneOrMany::from("x".to_owned())));
    let either = choice.either.unwrap();
    assert_eq!(
        (either.email.as_deref(), either.phone.as_deref()),
        (Some("e"), Some("p"))
    );

    let maps: Maps = model(json!({
        "free": {"a": {"b": null}},
        "nullable": {"a": null, "b": "x"},
        "numbers": {"a": 1},
        "objects": {"a": {"x": "y", "z": 1}},
        "unknown": [true],
    }));
    assert_eq!(maps.nullable.unwrap()["a"], Nullable::Null);
    let maps = Maps::new()
        .numbers([("a", 1)])
        .nullable([("b", Nullable::Null)]);
    assert_eq!(
        serde_json::to_value(maps).unwrap(),
        json!({"nullable": {"b": null}, "numbers": {"a": 1}})
    );

    let linked: Linked = model(json!({
        "_links": {"logo": [{"href": "a"}, {"href": "b"}], "self": {"href": "s"}},
    }));
    let links = linked.links.unwrap();
    assert_eq!(links.logo.unwrap().as_slice().len(), 2);
    assert_eq!(
        links.self_.unwrap().first().unwrap().href.as_deref(),
        Some("s")
    );
}

#[test]
fn nested_recursive_and_custom_types_work() {
    let outer: Outer = model(json!({"inner": {"state": "NEW"}, "items": [{"count": 1}]}));
    assert_eq!(outer.items.unwrap()[0].count, Some(1));

    let node = Node::new().left(Node::new().children([Node::new()]));
    assert_eq!(
        serde_json::to_value(node).unwrap(),
        json!({"left": {"children": [{}]}})
    );
    let _: Node = model(json!({"right": {"node": {"right": {}}}}));

    let profile = Profile::new()
        .login("l")
        .custom("shoeSize", 43)
        .custom("hat", Value::Null);
    assert_eq!(profile.get_custom::<u8>("shoeSize").unwrap(), Some(43));
    assert_eq!(
        serde_json::to_value(profile).unwrap(),
        json!({"hat": null, "login": "l", "shoeSize": 43})
    );
    let _: Old = model(json!({"older": "x", "part": "A"}));
}

#[test]
fn secrets_are_sent_but_not_shown() {
    let account = Account::new()
        .answer("leak")
        .client_secret("leak")
        .password("leak")
        .pin("leak");
    assert!(!format!("{account:?}").contains("leak"));
    assert_eq!(
        serde_json::to_value(account).unwrap(),
        json!({"answer": "leak", "clientSecret": "leak", "password": "leak", "pin": "leak"})
    );
}

#[tokio::test]
async fn lists_are_walked_page_by_page() {
    let server = MockServer::start_async().await;
    let first = server.mock(|when, then| {
        when.method(GET)
            .path("/api/v1/golden-things")
            .query_param("kind", "a b")
            .query_param("limit", "2")
            .query_param_missing("after")
            .header("x-trace", "t")
            .header("authorization", "SSWS token");
        then.status(200)
            .header(
                "link",
                format!("<{}>; rel=\"next\"", server.url("/next-things")),
            )
            .json_body(json!([{"id": "1"}, {"id": "2"}]));
    });
    server.mock(|when, then| {
        when.method(GET).path("/next-things");
        then.status(200).json_body(json!([{"id": "3"}]));
    });
    let call = client(&server).things().list("a b").limit(2).x_trace("t");
    let things: Vec<_> = call.stream().try_collect().await.unwrap();
    let ids: Vec<_> = things
        .iter()
        .filter_map(|thing| thing.id.as_str())
        .collect();
    assert_eq!(ids, ["1", "2", "3"]);
    first.assert();
}

#[tokio::test]
async fn lists_in_a_body_are_walked_too() {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.method(GET).path("/api/v1/golden-bundles");
        then.status(200).json_body(json!({
            "bundles": [{"id": "1"}],
            "_links": {"next": {"href": server.url("/next-bundles")}},
        }));
    });
    server.mock(|when, then| {
        when.method(GET).path("/next-bundles");
        then.status(200)
            .json_body(json!({"bundles": [{"id": "2"}]}));
    });
    let okta = client(&server);
    let bundles: Vec<_> = okta.bundles().list().stream().try_collect().await.unwrap();
    assert_eq!(bundles.len(), 2);
    let page = okta.bundles().list().first_page().await.unwrap();
    assert_eq!(page.items.len(), 1);
    assert!(page.cursor.is_some());
}

#[tokio::test]
async fn bodies_are_json_without_what_the_server_owns() {
    let server = MockServer::start_async().await;
    let create = server.mock(|when, then| {
        when.method(POST)
            .path("/api/v1/golden-notes")
            .header("content-type", "application/json")
            .json_body(json!({"text": "t", "author": "a", "more": 1}));
        then.status(201)
            .json_body(json!({"id": "n1", "text": "t", "more": 1}));
    });
    let patch = server.mock(|when, then| {
        when.method(PATCH)
            .path("/api/v1/golden-notes/n%2F1")
            .header("content-type", "application/merge-patch+json")
            .json_body(json!({"text": "t", "subtitle": null}));
        then.status(200).json_body(json!({}));
    });
    let touch = server.mock(|when, then| {
        when.method(PUT)
            .path("/api/v1/golden-notes/n2")
            .header_missing("content-type")
            .body("");
        then.status(204);
    });
    let touch_with = server.mock(|when, then| {
        when.method(PUT)
            .path("/api/v1/golden-notes/n3")
            .json_body(json!({"text": "t"}));
        then.status(204);
    });
    let notes = client(&server).notes();
    let note: Note = model(json!({"id": "n0", "text": "t", "more": 1}));
    // Okta's document says that only the server writes it, and Okta takes it.
    let note = note.author("a");
    let made = notes.create(note).await.unwrap();
    assert_eq!(made.id, "n1");
    notes
        .patch("n/1", &Note::new("t").clear_subtitle())
        .await
        .unwrap();
    notes.touch("n2").await.unwrap();
    notes.touch("n3").body(&Note::new("t")).await.unwrap();
    for mock in [create, patch, touch, touch_with] {
        mock.assert();
    }
    assert!(notes.touch("..").await.unwrap_err().is_invalid_argument());
    assert!(
        notes
            .touch(Id::default())
            .await
            .unwrap_err()
            .is_invalid_argument()
    );
}

#[tokio::test]
async fn files_and_bytes_go_as_they_are() {
    let server = MockServer::start_async().await;
    let upload = server.mock(|when, then| {
        when.method(POST)
            .path("/api/v1/golden-files")
            .header_includes("content-type", "multipart/form-data; boundary=")
            .body_includes("name=\"file\"; filename=\"a.png\"")
            .body_includes("Content-Type: image/png\r\n\r\nPNG\r\n");
        then.status(201);
    });
    let pem = server.mock(|when, then| {
        when.method(POST)
            .path("/api/v1/golden-files/f/certificate")
            .header("content-type", "application/x-pem-file")
            .body("PEM");
        then.status(204);
    });
    let der = server.mock(|when, then| {
        when.method(POST)
            .path("/api/v1/golden-files/f/certificate")
            .header("content-type", "application/pkix-cert")
            .body("DER");
        then.status(204);
    });
    server.mock(|when, then| {
        when.method(GET)
            .path("/api/v1/golden-files/f/csr")
            .header("accept", "application/pkcs10");
        then.status(200).body([0, 159, 255]);
    });
    server.mock(|when, then| {
        when.method(GET)
            .path("/api/v1/golden-files/f/metadata")
            .header("accept", "text/xml");
        then.status(200).body("<xml/>");
    });
    let files = client(&server).files();
    files
        .upload(FilePart::new("a.png", "image/png", "PNG"))
        .await
        .unwrap();
    files.publish_certificate("f", "PEM").await.unwrap();
    files
        .publish_certificate("f", "DER")
        .content_type("application/pkix-cert")
        .await
        .unwrap();
    for mock in [upload, pem, der] {
        mock.assert();
    }
    let request = files.signing_request("f").await.unwrap();
    assert_eq!(request, Bytes::from_static(&[0, 159, 255]));
    assert_eq!(files.metadata("f").await.unwrap().into_string(), "<xml/>");
}

#[tokio::test]
async fn parameters_are_written_as_the_document_says() {
    let server = MockServer::start_async().await;
    let find = server.mock(|when, then| {
        when.method(GET)
            .path("/api/v1/golden-hooks/EVENT/items/i")
            .query_param("expand", "a,b")
            .query_param("kind", "A")
            .query_param("kind", "NEW")
            .query_param("since", "2026-01-31T09:30:00Z")
            .query_param("strict", "true");
        then.status(200).json_body(json!({"id": "i"}));
    });
    let call = client(&server)
        .items()
        .find(HookTypeItem {
            hook_type: FindItemHookType::Event,
            item_id: "i",
        })
        .expand(["a", "b"])
        .kind([FindItemKindItem::A, "NEW".into()])
        .since("2026-01-31T09:30:00Z")
        .strict(true);
    assert_eq!(call.await.unwrap().id, "i");
    find.assert();
}

#[tokio::test]
async fn a_deprecated_operation_can_be_called() {
    let server = MockServer::start_async().await;
    let delete = server.mock(|when, then| {
        when.method(DELETE).path("/api/v1/golden-users/u");
        then.status(204);
    });
    client(&server).golden_users().delete("u").await.unwrap();
    delete.assert();
}
