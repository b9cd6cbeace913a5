//! Lists: every item of every page arrives, once, whatever the server does.
#![cfg(all(feature = "users", feature = "admin-roles"))]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use httpmock::{HttpMockResponse, MockServer};
use okta_sdk::{Client, Cursor};
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
    user.id.unwrap()
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
async fn awaited_a_list_gives_its_first_page() {
    let server = three_pages().await;
    let users = client(&server).users().list().await.unwrap();
    assert_eq!(users.len(), 2);
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
    let users = json!([{ "id": "1" }, { "id": { "not": "text" } }, { "id": "3" }]);
    page(&server, None, users, Some("3")).await;
    page(&server, Some("3"), json!([{ "id": "4" }]), None).await;
    let users: Vec<_> = client(&server).users().list().stream().collect().await;
    let found: Vec<Option<String>> = users
        .iter()
        .map(|user| user.as_ref().ok().map(|user| user.clone().id.unwrap()))
        .collect();
    assert_eq!(
        found,
        [Some("1".into()), None, Some("3".into()), Some("4".into())]
    );
    let error = users[1].as_ref().unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.json_path(), Some("$[1].id"));
    assert_eq!(error.raw(), Some(&json!({ "id": { "not": "text" } })));
    assert_eq!(error.operation(), Some("listUsers"));
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
                "roles": [{ "id": "a" }, { "id": 7 }],
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
    let ids: Vec<Option<String>> = roles
        .iter()
        .map(|role| role.as_ref().ok().and_then(|role| role.id.clone()))
        .collect();
    assert_eq!(ids, [Some("a".into()), None, Some("c".into())]);
    assert_eq!(
        roles[1].as_ref().unwrap_err().json_path(),
        Some("$.roles[1].id")
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

#[tokio::test]
async fn a_page_that_breaks_off_ends_the_stream_where_it_can_be_resumed() {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.method("GET").path("/api/v1/users");
            then.status(200).body(r#"[{"id":"1"},{"id":"#);
        })
        .await;
    let okta = client(&server);
    let mut stream = okta.users().list().stream();
    assert_eq!(id(stream.next().await.unwrap().unwrap()), "1");
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert!(stream.next().await.is_none());
    assert_eq!(stream.cursor().unwrap().to_string(), "/api/v1/users");

    let mut pages = okta.users().list().pages();
    assert!(pages.next().await.unwrap().unwrap_err().is_decode());
    assert!(pages.next().await.is_none());
    assert_eq!(pages.cursor().unwrap().to_string(), "/api/v1/users");
}
