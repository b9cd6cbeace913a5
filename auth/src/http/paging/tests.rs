#![allow(clippy::unwrap_used)]
use std::time::Duration;

use futures::TryStreamExt;
use http::header::ACCEPT;
use http::{HeaderValue, Method};
use tokio::time::{Instant, sleep};
use url::Url;

use super::*;
use crate::testing::{Reply, Script, answer, reply};
use crate::{ApiToken, OrgUrl};

const CALL: Call = Call::new("listUsers", "/api/v1/users");

fn pipeline(script: &Script) -> Pipeline {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let token = ApiToken::new("00abc").unwrap();
    Pipeline::builder(org, token)
        .max_retries(0)
        .build_over(script.clone())
        .unwrap()
}

fn first() -> Request {
    let url = Url::parse("https://acme.okta.com/api/v1/users?limit=2").unwrap();
    let mut request = Request::new(Method::GET, url);
    request
        .headers_mut()
        .insert(ACCEPT, HeaderValue::from_static("application/json"));
    request
}

fn pages(script: &Script) -> PageStream {
    pipeline(script).pages(first(), CALL)
}

/// The number of the page that a URL asks for.
fn number(url: &Url) -> usize {
    let after = url.query_pairs().find(|(name, _)| name == "after");
    after.map_or(0, |(_, value)| value.parse().unwrap())
}

fn link(page: usize) -> String {
    format!("<https://acme.okta.com/api/v1/users?after={page}&limit=2>; rel=\"next\"")
}

/// A list whose pages are these bodies, each with a `self` and a `next` link line.
fn list(bodies: &'static [&'static str], latency: Duration) -> Script {
    Script::new(move |_, request| -> Reply {
        let at = number(request.url());
        let own = ("link", "<https://acme.okta.com/api/v1/users>; rel=\"self\"");
        let next = link(at + 1);
        let links = if at + 1 < bodies.len() {
            vec![own, ("link", &next)]
        } else {
            vec![own]
        };
        (latency, Ok(answer(200, &links, bodies[at])))
    })
}

async fn bodies(pages: PageStream) -> Result<Vec<String>, Error> {
    pages
        .map_ok(|page| String::from_utf8_lossy(&page.body).into_owned())
        .try_collect()
        .await
}

const NO_WAIT: Duration = Duration::ZERO;

#[tokio::test(start_paused = true)]
async fn goes_through_empty_pages_to_the_end() {
    let script = list(&["[1]", "[]", "[]", "[2]"], NO_WAIT);
    assert_eq!(
        bodies(pages(&script)).await.unwrap(),
        ["[1]", "[]", "[]", "[2]"]
    );
    script.sent(|sent| {
        assert_eq!(
            sent[3].url.as_str(),
            "https://acme.okta.com/api/v1/users?after=3&limit=2"
        );
        assert!(
            sent.iter()
                .all(|sent| sent.headers[ACCEPT] == "application/json")
        );
        assert!(
            sent.iter()
                .all(|sent| sent.headers.contains_key("authorization"))
        );
    });
}

#[tokio::test(start_paused = true)]
async fn nothing_is_fetched_before_it_is_asked_for() {
    let script = list(&["[1]", "[2]", "[3]"], NO_WAIT);
    let mut pages = pages(&script);
    assert_eq!(script.sent(<[_]>::len), 0);
    pages.try_next().await.unwrap().unwrap();
    sleep(Duration::from_secs(9)).await;
    assert_eq!(script.sent(<[_]>::len), 1);
}

#[tokio::test(start_paused = true)]
async fn a_cursor_is_never_followed_twice() {
    let script = Script::new(|_, request| {
        let next = link((number(request.url()) + 1) % 3);
        reply(200, &[("link", &next)], "[]")
    });
    let mut pages = pages(&script);
    for _ in 0..4 {
        pages.try_next().await.unwrap().unwrap();
    }
    let error = pages.try_next().await.unwrap_err();
    assert!(
        error.is_pagination() && error.to_string().contains("never end"),
        "{error}"
    );
    assert_eq!(error.operation(), Some("listUsers"));
    assert!(pages.try_next().await.unwrap().is_none());
    assert_eq!(script.sent(<[_]>::len), 4);
}

#[tokio::test(start_paused = true)]
async fn resumes_at_the_first_page_not_taken() {
    for ahead in [0, 2] {
        let script = list(&["[1]", "[2]", "[3]"], NO_WAIT);
        let mut pages = pages(&script).prefetch(ahead);
        assert_eq!(pages.cursor().unwrap().to_string(), "/api/v1/users?limit=2");
        pages.try_next().await.unwrap().unwrap();
        sleep(Duration::from_secs(1)).await;
        let cursor = pages.cursor().unwrap();
        assert_eq!(cursor.to_string(), "/api/v1/users?after=1&limit=2");
        drop(pages);

        let rest = pipeline(&script).pages_from(&cursor, CALL).unwrap();
        assert_eq!(bodies(rest).await.unwrap(), ["[2]", "[3]"]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_ends_the_stream_and_leaves_the_cursor() {
    let script = Script::new(|sent, _| match sent {
        0 => reply(200, &[("link", &link(1))], "[1]"),
        1 => reply(500, &[], ""),
        _ => reply(200, &[], "[2]"),
    });
    let mut pages = pages(&script);
    pages.try_next().await.unwrap().unwrap();
    assert_eq!(pages.try_next().await.unwrap_err().status().unwrap(), 500);
    assert!(pages.try_next().await.unwrap().is_none());
    let cursor = pages.cursor().unwrap();
    let rest = pipeline(&script).pages_from(&cursor, CALL).unwrap();
    assert_eq!(bodies(rest).await.unwrap(), ["[2]"]);
}

#[tokio::test(start_paused = true)]
async fn pages_fetched_ahead_come_in_order_and_no_more_than_asked_for() {
    let script = list(
        &["0", "1", "2", "3", "4", "5", "6"],
        Duration::from_millis(100),
    );
    let mut pages = pages(&script).prefetch(2);
    let start = Instant::now();
    for expected in 0..7usize {
        let page = pages.try_next().await.unwrap().unwrap();
        assert_eq!(page.body, expected.to_string());
        sleep(Duration::from_secs(1)).await;
        let most = (expected + 1 + 2).min(7);
        assert_eq!(
            script.sent(<[_]>::len),
            most,
            "after taking page {expected}"
        );
    }
    assert!(pages.try_next().await.unwrap().is_none());
    assert_eq!(pages.cursor(), None);
    // Only the first page was waited for.
    assert_eq!(start.elapsed(), Duration::from_millis(7_100));
}

#[tokio::test(start_paused = true)]
async fn errors_reach_a_stream_that_fetches_ahead() {
    let script = Script::new(|number, _| match number {
        0 => reply(200, &[("link", &link(1))], "[]"),
        _ => reply(404, &[], ""),
    });
    let mut pages = pages(&script).prefetch(3);
    pages.try_next().await.unwrap().unwrap();
    assert!(pages.try_next().await.unwrap_err().is_not_found());
    assert!(pages.try_next().await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn dropping_the_stream_stops_fetching_ahead() {
    let script = Script::new(|number, _| {
        let next = link(number + 1);
        (
            Duration::from_secs(1),
            Ok(answer(200, &[("link", &next)], "[]")),
        )
    });
    let mut pages = pages(&script).prefetch(100);
    pages.try_next().await.unwrap().unwrap();
    sleep(Duration::from_millis(3_500)).await;
    drop(pages);
    let sent = script.sent(<[_]>::len);
    sleep(Duration::from_secs(10)).await;
    assert_eq!(script.sent(<[_]>::len), sent);
}

#[tokio::test(start_paused = true)]
async fn a_next_page_elsewhere_is_an_error() {
    let script = Script::new(|_, _| {
        reply(
            200,
            &[(
                "link",
                "<https://evil.example/api/v1/apps?after=1>; rel=next",
            )],
            "[]",
        )
    });
    let error = bodies(pages(&script)).await.unwrap_err();
    assert!(error.is_pagination() && error.to_string().contains("https://evil.example"));
    assert_eq!(script.sent(<[_]>::len), 1);
}

#[tokio::test(start_paused = true)]
async fn a_cursor_in_the_body_is_followed() {
    for href in [
        "https://acme.okta.com/api/v1/iam/roles?after=1",
        "/api/v1/iam/roles?after=1",
    ] {
        let script = Script::new(move |number, _| match number {
            0 => reply(
                200,
                &[],
                &format!(r#" {{"roles":[],"_links":{{"next":{{"href":"{href}"}}}}}}"#),
            ),
            _ => reply(200, &[], r#"{"roles":[],"_links":{"self":{"href":"x"}}}"#),
        });
        assert_eq!(bodies(pages(&script)).await.unwrap().len(), 2);
        script.sent(|sent| {
            assert_eq!(
                sent[1].url.as_str(),
                "https://acme.okta.com/api/v1/iam/roles?after=1"
            );
        });
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_without_a_usable_cursor_is_the_last_page() {
    for body in [
        "",
        "[]",
        "{",
        "null",
        r#"{"_links":null}"#,
        r#"{"_links":{"next":null}}"#,
        r#"{"_links":{"next":{"href":""}}}"#,
        r#"{"_links":{"next":[{"href":"/x"}]}}"#,
        r#"[{"_links":{"next":{"href":"/x"}}}]"#,
    ] {
        let script = Script::new(move |_, _| reply(200, &[], body));
        assert_eq!(bodies(pages(&script)).await.unwrap(), [body]);
    }
}

#[test]
fn a_page_stream_can_be_moved_between_tasks_and_prints_no_secret() {
    fn is_portable<T: Send + Unpin + 'static>(_: &T) {}
    let pages = pages(&list(&[], NO_WAIT));
    is_portable(&pages);
    assert!(!format!("{pages:?}").contains("00abc"));
}

/// A list of `body` on `body`, each with a cursor that was never there before.
fn endless(body: &'static str) -> Script {
    Script::new(move |_, request| {
        let next = link(number(request.url()) + 1);
        reply(200, &[("link", &next)], body)
    })
}

#[tokio::test(start_paused = true)]
async fn empty_pages_do_not_go_on_without_end() {
    for body in ["[]", r#"{"items":[]}"#] {
        let script = endless(body);
        let error = bodies(pages(&script)).await.unwrap_err();
        assert!(error.is_pagination() && error.operation() == Some("listUsers"));
        assert_eq!(script.sent(<[_]>::len), 1_000);
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_with_an_item_starts_the_count_of_empty_ones_again() {
    let script = Script::new(|_, request| {
        let at = number(request.url());
        let next = link(at + 1);
        let links = [("link", &*next)];
        match at {
            1_800 => reply(200, &[], "[]"),
            _ => reply(200, &links, if at == 900 { "[1]" } else { "[]" }),
        }
    });
    assert_eq!(bodies(pages(&script)).await.unwrap().len(), 1_801);
}

#[tokio::test(start_paused = true)]
async fn cursors_do_not_go_on_without_end_and_the_last_one_is_left() {
    let script = endless("[1]");
    let mut walk = Walk::new(pipeline(&script), first(), CALL);
    walk.limit_pages(5);
    let mut pages = PageStream::new(walk);
    let mut taken = 0;
    let error = loop {
        match pages.try_next().await {
            Ok(page) => taken += usize::from(page.is_some()),
            Err(error) => break error,
        }
    };
    assert!(error.is_pagination(), "{error}");
    assert_eq!((taken, script.sent(<[_]>::len)), (5, 5));
    assert!(pages.cursor().unwrap().to_string().contains("after=5"));
}

#[tokio::test(start_paused = true)]
async fn prefetch_of_any_number_is_bounded() {
    let script = endless("[1]");
    let mut pages = pages(&script).prefetch(usize::MAX);
    pages.try_next().await.unwrap().unwrap();
    sleep(Duration::from_secs(9)).await;
    assert_eq!(script.sent(<[_]>::len), 65);
}

#[tokio::test(start_paused = true)]
async fn a_list_under_another_name_of_the_org_is_read_to_its_end() {
    let script = Script::new(|_, request| match number(request.url()) {
        0 => {
            let next = "<https://login.example.com/api/v1/users?after=1>; rel=\"next\"";
            reply(200, &[("link", next)], "[1]")
        }
        _ => {
            let next = r#"{"_links":{"next":{"href":"https://evil.example/api/v1/apps?after=2"}}}"#;
            reply(200, &[], next)
        }
    });
    let mut pages = pages(&script);
    pages.try_next().await.unwrap().unwrap();
    assert!(pages.try_next().await.unwrap_err().is_pagination());
    script.sent(|sent| {
        let hosts: Vec<_> = sent.iter().filter_map(|sent| sent.url.host_str()).collect();
        assert_eq!(hosts, ["acme.okta.com"; 2]);
    });
}
