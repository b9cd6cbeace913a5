//! Lists: every item of every page arrives, once, whatever the server does.
#![cfg(all(feature = "users", feature = "admin-roles"))]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use httpmock::{HttpMockResponse, MockServer};
use okta_sdk::{Client, Cursor, Id, Method};
use serde_json::{Value, json};

fn client(server: &MockServer) -> Client {
    Client::builder()
        .org_url(server.base_url())
        .api_token("00token")
        .max_retries(0)
        .build()
        .unwrap()
}

/// Answers the page of users after `after` with `users`, and names the next page.
async fn page(server: &MockServer, after: Option<&str>, users: Value, next: Option<&str>) {
    let (after, next) = (after.map(str::to_owned), next.map(str::to_owned));
    let base = server.url("/api/v1/users");
    server
        .mock_async(move |when, then| {
            let when = when.method("GET").path("/api/v1/users");
            match after {
                Some(after) => when.query_param("after", after),
                None => when.query_param_missing("after"),
            };
            then.respond_with(move |_| {
                // One header line for each link, `self` first, as Okta sends them.
                let mut headers = vec![("link".to_owned(), format!("<{base}>; rel=\"self\""))];
                if let Some(next) = &next {
                    let link = format!("<{base}?after={next}&limit=2>; rel=\"next\"");
                    headers.push(("link".to_owned(), link));
                }
                HttpMockResponse::builder()
                    .status(200)
                    .headers(headers)
                    .body(users.to_string())
                    .build()
            });
        })
        .await;
}

/// Three pages; the one in the middle is empty.
async fn three_pages() -> MockServer {
    let server = MockServer::start_async().await;
    page(
        &server,
        None,
        json!([{ "id": "1" }, { "id": "2" }]),
        Some("2"),
    )
    .await;
    page(&server, Some("2"), json!([]), Some("2b")).await;
    page(&server, Some("2b"), json!([{ "id": "3" }]), None).await;
    server
}

fn id(user: okta_sdk::models::User) -> String {
    user.id.to_string()
}

#[tokio::test]
async fn a_stream_goes_through_empty_pages_to_the_end() {
    let server = three_pages().await;
    let okta = client(&server);
    for prefetch in [0, 1, 5] {
        let stream = okta.users().list().limit(2).stream().prefetch(prefetch);
        let ids: Vec<String> = stream.map_ok(id).try_collect().await.unwrap();
        assert_eq!(ids, ["1", "2", "3"], "prefetch {prefetch}");
    }
}

#[tokio::test]
async fn pages_have_headers_and_say_where_the_next_one_is() {
    let server = three_pages().await;
    let pages: Vec<_> = client(&server)
        .users()
        .list()
        .pages()
        .try_collect()
        .await
        .unwrap();
    let sizes: Vec<usize> = pages.iter().map(|page| page.items.len()).collect();
    assert_eq!(sizes, [2, 0, 1]);
    assert_eq!(pages[0].headers.get_all("link").iter().count(), 2);
    assert_eq!(
        pages[0].cursor.as_ref().unwrap().to_string(),
        "/api/v1/users?after=2&limit=2"
    );
    assert_eq!(pages[2].cursor, None);
}

#[tokio::test]
async fn a_list_is_given_whole_or_by_its_first_page() {
    let server = three_pages().await;
    let okta = client(&server);
    let users = okta.users().list().all().await.unwrap();
    assert_eq!(users.len(), 3);
    let page = okta.users().list().first_page().await.unwrap();
    assert_eq!(page.status, okta_sdk::StatusCode::OK);
    let cursor = page.cursor.clone().unwrap();
    assert_eq!(page.into_items().unwrap().len(), 2);
    let rest: Vec<_> = okta
        .users()
        .list()
        .stream()
        .resume(&cursor)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(rest.len(), 1);
}

#[tokio::test]
async fn one_bad_item_ends_what_gives_all_and_says_what_does_not() {
    let server = MockServer::start_async().await;
    page(&server, None, json!([{ "id": "1" }, 7]), Some("2")).await;
    page(&server, Some("2"), json!([{ "id": "3" }]), None).await;
    let okta = client(&server);
    let error = okta.users().list().all().await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.json_path(), Some("$[1]"));
    assert!(error.to_string().contains("`all_results`"), "{error}");
    let results = okta.users().list().all_results().await.unwrap();
    let fine: Vec<bool> = results.iter().map(Result::is_ok).collect();
    assert_eq!(fine, [true, false, true]);
}

#[tokio::test]
async fn a_cursor_goes_on_without_missing_an_item() {
    let server = three_pages().await;
    let okta = client(&server);
    for (taken, rest) in [
        (0, &["1", "2", "3"][..]),
        (1, &["1", "2", "3"]),
        (2, &["3"]),
        (3, &[]),
    ] {
        let mut stream = okta.users().list().stream();
        for _ in 0..taken {
            stream.next().await.unwrap().unwrap();
        }
        let Some(cursor) = stream.cursor() else {
            assert_eq!(taken, 3, "only the end has no cursor");
            continue;
        };
        // As text, as it is between two runs of a program.
        let cursor: Cursor = cursor.to_string().parse().unwrap();
        let stream = okta.users().list().stream().resume(&cursor);
        let ids: Vec<String> = stream.map_ok(id).try_collect().await.unwrap();
        assert_eq!(ids, rest, "after {taken} items");
    }
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let server = MockServer::start_async().await;
    let anything = server
        .mock_async(|when, then| {
            when.any_request();
            then.status(200).body("[]");
        })
        .await;
    let okta = client(&server);
    for cursor in [
        "/api/v1/apps/0oa1/credentials/secrets",
        "/api/v1/users/00u1/factors?after=1",
        "/api/v1/groups?after=1",
        "/",
    ] {
        let cursor: Cursor = cursor.parse().unwrap();
        let users: Vec<_> = okta.users().list().stream().resume(&cursor).collect().await;
        let [Err(error)] = users.as_slice() else {
            panic!("{cursor}: {users:?}");
        };
        assert!(error.is_invalid_argument(), "{error}");
        let by_hand = okta.request(Method::GET, "/api/v1/users").stream::<Value>();
        let items: Vec<_> = by_hand.resume(&cursor).collect().await;
        assert!(matches!(items.as_slice(), [Err(error)] if error.is_invalid_argument()));
    }
    assert_eq!(anything.calls_async().await, 0);
}

#[tokio::test]
async fn prefetching_does_not_move_the_cursor() {
    let server = three_pages().await;
    let mut stream = client(&server).users().list().stream().prefetch(5);
    stream.next().await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(stream.cursor().unwrap().to_string(), "/api/v1/users");
}

#[tokio::test]
async fn a_bad_item_is_an_error_and_its_neighbours_arrive() {
    let server = MockServer::start_async().await;
    let users =
        json!([{ "id": "1" }, ["not", "a user"], { "id": { "not": "text" } }, { "id": "3" }]);
    page(&server, None, users, Some("3")).await;
    page(&server, Some("3"), json!([{ "id": "4" }]), None).await;
    let users: Vec<_> = client(&server).users().list().stream().collect().await;
    let found: Vec<Option<&str>> = users
        .iter()
        .map(|user| user.as_ref().ok().and_then(|user| user.id.as_str()))
        .collect();
    assert_eq!(found, [Some("1"), None, None, Some("3"), Some("4")]);
    let error = users[1].as_ref().unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.json_path(), Some("$[1]"));
    assert_eq!(error.raw().unwrap(), r#"["not","a user"]"#);
    assert_eq!(error.operation(), Some("listUsers"));
    assert!(!format!("{error:?}").contains("a user"), "{error:?}");
    let misfit = users[2].as_ref().unwrap();
    assert_eq!(misfit.unfit(), ["id"]);
    assert_eq!(misfit.extra.get("id"), Some(&json!({ "not": "text" })));
}

#[tokio::test]
async fn a_strict_client_takes_no_misfit() {
    let server = MockServer::start_async().await;
    let users = json!([{ "id": "1" }, { "id": 7 }, { "id": "3" }]);
    page(&server, None, users, None).await;
    let okta = Client::builder()
        .org_url(server.base_url())
        .api_token("00token")
        .strict(true)
        .build()
        .unwrap();
    let users: Vec<_> = okta.users().list().stream().collect().await;
    assert_eq!(users.len(), 3);
    let error = users[1].as_ref().unwrap_err();
    assert_eq!(error.json_path(), Some("$[1].id"));
    assert_eq!(error.raw().unwrap(), r#"{"id":7}"#);
    assert!(okta.users().list().all().await.unwrap_err().is_decode());
}

#[tokio::test]
async fn text_that_no_string_holds_costs_its_member_and_bytes_that_are_no_text_their_item() {
    let server = MockServer::start_async().await;
    let body = b"[{\"id\":\"a\",\"realmId\":\"\\ud83d\"},{\"id\":\"b\xff\"},{\"id\":\"c\",\"realmId\":\"x\ty\"}]";
    server
        .mock_async(|when, then| {
            when.path("/api/v1/users").query_param_missing("after");
            then.status(200)
                .header(
                    "link",
                    format!("<{}?after=c>; rel=\"next\"", server.url("/api/v1/users")),
                )
                .body(body);
        })
        .await;
    page(&server, Some("c"), json!([{ "id": "d" }]), None).await;
    let users: Vec<_> = client(&server).users().list().stream().collect().await;
    let [Ok(a), Err(b), Ok(c), Ok(d)] = users.as_slice() else {
        panic!("{users:?}");
    };
    assert_eq!(a.extra.raw("realmId").unwrap(), r#""\ud83d""#);
    assert_eq!(a.extra.get("realmId"), Some(&json!("\u{fffd}")));
    assert_eq!(&b.raw().unwrap()[..], b"{\"id\":\"b\xff\"}");
    assert_eq!(c.extra.raw("realmId").unwrap(), "\"x\ty\"");
    assert_eq!((&c.id, &d.id), (&Id::from("c"), &Id::from("d")));
}

#[tokio::test]
async fn items_come_as_bytes_or_as_a_type_of_the_caller() {
    #[derive(serde::Deserialize)]
    struct Id {
        id: String,
    }
    let server = MockServer::start_async().await;
    page(
        &server,
        None,
        json!([{ "id": "1" }, { "id": 2 }]),
        Some("2"),
    )
    .await;
    page(&server, Some("2"), json!([{ "id": "3" }]), None).await;
    let okta = client(&server);
    let ids = |items: Vec<Result<Id, okta_sdk::Error>>| -> Vec<Option<String>> {
        items
            .into_iter()
            .map(|item| item.ok().map(|item| item.id))
            .collect()
    };
    let expected = [Some("1".to_owned()), None, Some("3".to_owned())];
    assert_eq!(
        ids(okta.users().list().stream_as().collect().await),
        expected
    );
    let by_hand = okta.request(Method::GET, "/api/v1/users");
    assert_eq!(ids(by_hand.stream().collect().await), expected);
    let raw: Vec<okta_sdk::Bytes> = okta
        .users()
        .list()
        .stream_raw()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(raw, [r#"{"id":"1"}"#, r#"{"id":2}"#, r#"{"id":"3"}"#]);
    let by_hand = okta.request(Method::GET, "/api/v1/users").stream_raw();
    assert_eq!(by_hand.try_collect::<Vec<_>>().await.unwrap(), raw);
}

#[tokio::test]
async fn nothing_is_not_an_empty_list() {
    for body in [
        "",
        "{}",
        r#"{"message":"maintenance"}"#,
        r#"{"roles":null}"#,
    ] {
        let server = MockServer::start_async().await;
        server
            .mock_async(|when, then| {
                when.path_matches("^/api/v1/iam/roles$");
                then.status(200).body(body);
            })
            .await;
        let okta = client(&server);
        let roles: Vec<_> = okta.custom_roles().list().stream().collect().await;
        let [Err(error)] = roles.as_slice() else {
            panic!("{body}: {roles:?}");
        };
        assert!(error.is_decode(), "{body}: {error}");
        let error = okta.custom_roles().list().all().await.unwrap_err();
        assert!(error.is_decode(), "{body}: {error}");
    }
    let server = MockServer::start_async().await;
    let empty = server
        .mock_async(|when, then| {
            when.any_request();
            then.status(200);
        })
        .await;
    let okta = client(&server);
    assert!(okta.users().get("me").await.unwrap_err().is_decode());
    assert!(okta.users().list().all().await.unwrap_err().is_decode());
    let users: Vec<_> = okta.users().list().stream().collect().await;
    assert!(matches!(users.as_slice(), [Err(error)] if error.is_decode()));
    assert_eq!(empty.calls_async().await, 3, "nothing is asked for twice");
}

#[tokio::test]
async fn an_answer_that_is_no_list_ends_the_stream_and_keeps_the_cursor() {
    let server = MockServer::start_async().await;
    page(&server, None, json!([{ "id": "1" }]), Some("1")).await;
    page(&server, Some("1"), json!("maintenance"), Some("2")).await;
    let mut stream = client(&server).users().list().stream();
    assert_eq!(id(stream.next().await.unwrap().unwrap()), "1");
    assert!(stream.next().await.unwrap().unwrap_err().is_decode());
    assert_eq!(
        stream.cursor().unwrap().to_string(),
        "/api/v1/users?after=1&limit=2"
    );
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_failed_page_ends_the_stream_and_keeps_the_cursor() {
    let server = MockServer::start_async().await;
    page(&server, None, json!([{ "id": "1" }]), Some("gone")).await;
    let mut stream = client(&server).users().list().stream();
    assert_eq!(id(stream.next().await.unwrap().unwrap()), "1");
    assert!(stream.next().await.unwrap().unwrap_err().is_not_found());
    assert_eq!(
        stream.cursor().unwrap().to_string(),
        "/api/v1/users?after=gone&limit=2"
    );
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_list_inside_an_object_is_walked_by_the_links_of_its_body() {
    let server = MockServer::start_async().await;
    let next = server.url("/api/v1/iam/roles?after=b");
    server
        .mock_async(|when, then| {
            when.path("/api/v1/iam/roles").query_param_missing("after");
            then.status(200).json_body(json!({
                "roles": [{ "id": "a" }, 7],
                "_links": { "next": { "href": next } },
            }));
        })
        .await;
    server
        .mock_async(|when, then| {
            when.path("/api/v1/iam/roles").query_param("after", "b");
            then.status(200)
                .json_body(json!({ "roles": [{ "id": "c" }] }));
        })
        .await;
    let roles: Vec<_> = client(&server)
        .custom_roles()
        .list()
        .stream()
        .collect()
        .await;
    let ids: Vec<Option<&str>> = roles
        .iter()
        .map(|role| role.as_ref().ok().and_then(|role| role.id.as_str()))
        .collect();
    assert_eq!(ids, [Some("a"), None, Some("c")]);
    assert_eq!(
        roles[1].as_ref().unwrap_err().json_path(),
        Some("$.roles[1]")
    );
}

#[tokio::test]
async fn nothing_is_sent_before_a_stream_is_polled() {
    let server = MockServer::start_async().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    server
        .mock_async(move |when, then| {
            when.path("/api/v1/users");
            then.respond_with(move |_| {
                count.fetch_add(1, Ordering::Relaxed);
                HttpMockResponse::builder().status(200).body("[]").build()
            });
        })
        .await;
    let mut stream = client(&server).users().list().stream();
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    assert!(stream.next().await.is_none());
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

/// Answers with each body once, and with the last of them from then on.
async fn in_turn(server: &MockServer, bodies: &'static [&'static str]) -> Arc<AtomicUsize> {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    server
        .mock_async(move |when, then| {
            when.method("GET").path("/api/v1/users");
            then.respond_with(move |_| {
                let turn = count.fetch_add(1, Ordering::Relaxed).min(bodies.len() - 1);
                HttpMockResponse::builder()
                    .status(200)
                    .body(bodies[turn])
                    .build()
            });
        })
        .await;
    asked
}

#[tokio::test]
async fn a_page_that_breaks_off_is_asked_for_again_and_each_item_given_once() {
    const BODIES: &[&str] = &[
        r#"[{"id":"1"},{"id":"#,
        r#"[{"id":"1"},{"id":"2"}"#,
        r#"[{"id":"1"},{"id":"2"},{"id":"3"}]"#,
    ];
    let server = MockServer::start_async().await;
    let asked = in_turn(&server, BODIES).await;
    let users = client(&server).users().list();
    let ids: Vec<String> = users.stream().map_ok(id).try_collect().await.unwrap();
    assert_eq!(ids, ["1", "2", "3"]);
    assert_eq!(asked.load(Ordering::Relaxed), 3);

    let server = MockServer::start_async().await;
    in_turn(&server, BODIES).await;
    let mut pages = client(&server).users().list().pages().prefetch(1);
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!(page.items.len(), 3);
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn a_page_that_always_breaks_off_ends_the_stream_where_it_can_be_resumed() {
    let server = MockServer::start_async().await;
    let asked = in_turn(&server, &[r#"[{"id":"1"},{"id":"#]).await;
    let okta = client(&server);
    let mut stream = okta.users().list().stream();
    assert_eq!(id(stream.next().await.unwrap().unwrap()), "1");
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert!(stream.next().await.is_none());
    assert_eq!(stream.cursor().unwrap().to_string(), "/api/v1/users");
    assert_eq!(asked.load(Ordering::Relaxed), 3);

    let mut pages = okta.users().list().pages();
    assert!(pages.next().await.unwrap().unwrap_err().is_decode());
    assert!(pages.next().await.is_none());
    assert_eq!(pages.cursor().unwrap().to_string(), "/api/v1/users");
    assert_eq!(asked.load(Ordering::Relaxed), 6);
}
