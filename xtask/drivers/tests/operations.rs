//! Every operation: what it sends, and what it makes of the answer.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use okta_sdk::{Client, HeaderMap};
use serde_json::Value;
use url::Url;
use xtask_drivers::caller::{Call, Given, Scope};
use xtask_drivers::operations;

/// A server that answers as it is told, and keeps what it was asked.
struct Server {
    mock: MockServer,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    answer: Value,
    asked: Option<Asked>,
}

struct Asked {
    method: String,
    url: Url,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Server {
    async fn start() -> Self {
        let mock = MockServer::start_async().await;
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        mock.mock_async(move |when, then| {
            when.is_true(|_| true);
            then.respond_with(move |request| answer(&mut shared.lock().unwrap(), request));
        })
        .await;
        Self { mock, state }
    }
}

fn answer(state: &mut State, request: &HttpMockRequest) -> HttpMockResponse {
    let target = request.uri_str();
    let url = Url::parse("http://localhost")
        .unwrap()
        .join(target)
        .unwrap();
    state.asked = Some(Asked {
        method: request.method_str().to_owned(),
        url,
        headers: request.headers(),
        body: request.body_vec(),
    });
    let response = HttpMockResponse::builder();
    let Some(content_type) = state.answer["content_type"].as_str() else {
        return response.status(204).build();
    };
    let body = match &state.answer["text"] {
        Value::String(text) => text.clone(),
        _ => state.answer["json"].to_string(),
    };
    response
        .status(200)
        .header("content-type", content_type)
        .body(body)
        .build()
}

/// What is wrong with a call, if anything.
async fn check(
    server: &Server,
    okta: &Client,
    call: Call,
    entry: &Value,
    scope: Scope,
) -> Result<(), String> {
    *server.state.lock().unwrap() = State {
        answer: entry["answer"].clone(),
        asked: None,
    };
    let pending = (call.call)(okta, &Given::new(entry, scope))
        .map_err(|error| format!("its arguments do not fit its types: {error}"))?;
    let answer = pending.answer().await.map_err(|error| error.to_string())?;
    let value = answer.value.map_err(|error| error.to_string())?;
    let asked = server
        .state
        .lock()
        .unwrap()
        .asked
        .take()
        .ok_or("nothing was sent")?;
    check_request(&asked, entry, scope)?;

    let answer = &entry["answer"];
    let expected = if answer["text"].is_string() {
        &answer["text"]
    } else if let Some(list) = answer["list"].as_str() {
        &answer["json"][list]
    } else {
        &answer["json"]
    };
    same("the decoded answer", &value, expected)
}

fn check_request(asked: &Asked, entry: &Value, scope: Scope) -> Result<(), String> {
    same("the method", &asked.method, &entry["method"])?;
    same("the path", &asked.url.path(), &entry["sent_path"])?;

    let mut query: Vec<(String, String)> = asked.url.query_pairs().into_owned().collect();
    let mut expected = sent(&entry["query"], scope);
    query.sort();
    expected.sort();
    same("the query", &query, &expected)?;

    let header = |name: &str| asked.headers.get(name).map(|value| value.to_str().unwrap());
    for (name, value) in sent(&entry["headers"], scope) {
        same(&name, &header(&name), &Some(&*value))?;
    }
    same(
        "the authorization",
        &header("authorization"),
        &Some("SSWS 00token"),
    )?;
    let accepted = entry["accept"]
        .as_str()
        .or(entry["answer"]["content_type"].as_str())
        .unwrap_or("application/json");
    same("the accepted type", &header("accept"), &Some(accepted))?;
    check_body(asked, entry, scope, header("content-type"))
}

fn check_body(
    asked: &Asked,
    entry: &Value,
    scope: Scope,
    content_type: Option<&str>,
) -> Result<(), String> {
    let body = &entry["body"];
    if body.is_null() || scope == Scope::Required && body["required"] == false {
        // Some operations without a body take a content type to say what to answer.
        let declared = sent(&entry["headers"], scope);
        let declared = declared.iter().find(|(name, _)| name == "Content-Type");
        same(
            "the content type",
            &content_type,
            &declared.map(|(_, value)| &**value),
        )?;
        return same("the body", &&*asked.body, &b"".as_slice());
    }
    let given = body["content_type"].as_str().unwrap();
    let Some(bytes) = body["text"].as_str() else {
        same("the content type", &content_type, &Some(given))?;
        let sent: Value = serde_json::from_slice(&asked.body).map_err(|error| error.to_string())?;
        let expected = if scope == Scope::All {
            &body["sent"]
        } else {
            &body["minimal"]
        };
        return same("the body", &sent, expected);
    };
    let Some(field) = body["field"].as_str() else {
        same("the content type", &content_type, &Some(given))?;
        return same("the body", &&*asked.body, &bytes.as_bytes());
    };
    let boundary = content_type
        .and_then(|content_type| content_type.strip_prefix("multipart/form-data; boundary="))
        .ok_or("the body is no form")?;
    let form = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; \
         filename=\"logo.png\"\r\nContent-Type: image/png\r\n\r\n{bytes}\r\n--{boundary}--\r\n"
    );
    same("the form", &String::from_utf8_lossy(&asked.body), &form)
}

/// Names and values that must arrive.
fn sent(params: &Value, scope: Scope) -> Vec<(String, String)> {
    let params = params.as_array().unwrap().iter();
    params
        .filter(|param| scope == Scope::All || param["required"] == true)
        .flat_map(|param| {
            let name = param["name"].as_str().unwrap();
            let values = param["sent"].as_array().unwrap().iter();
            values.map(|value| (name.to_owned(), value.as_str().unwrap().to_owned()))
        })
        .collect()
}

fn same<A, B>(what: &str, found: &A, expected: &B) -> Result<(), String>
where
    A: PartialEq<B> + std::fmt::Debug,
    B: std::fmt::Debug,
{
    if found == expected {
        return Ok(());
    }
    Err(format!(
        "{what} is\n    {found:?}\n  and should be\n    {expected:?}"
    ))
}

#[tokio::test]
async fn every_operation_sends_what_the_document_says_and_decodes_the_answer() {
    let server = Server::start().await;
    let okta = Client::builder()
        .org_url(server.mock.base_url())
        .api_token("00token")
        .max_retries(0)
        .build()
        .unwrap();
    let mut failures = Vec::new();
    let mut operations = BTreeMap::new();
    for (call, entry) in operations::all() {
        *operations.entry(call.document).or_insert(0) += 1;
        for scope in [Scope::Required, Scope::All] {
            if let Err(reason) = check(&server, &okta, call, entry, scope).await {
                failures.push(format!("{} ({scope:?}): {reason}", call.operation));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} failures\n{}",
        failures.len(),
        failures.join("\n")
    );
    let expected = [("governance", 162), ("management", 732), ("myaccount", 40)];
    assert_eq!(operations, BTreeMap::from(expected));
}
