//! Every operation of the management document, called at the emulator.
#![allow(clippy::unwrap_used, clippy::panic)]

use okta_emulator::{Emulator, Seed, SeedUser};
use okta_sdk::Client;
use serde_json::{Value, json};
use xtask_drivers::arrange::Arranger;
use xtask_drivers::caller::{Call, Given, Scope};
use xtask_drivers::operations;

/// Somebody has to be locked out, which no operation does.
fn seed() -> Seed {
    let mut seed = Seed::default();
    let profile = json!({
        "login": "locked@example.com", "email": "locked@example.com", "firstName": "Locked",
        "lastName": "Out",
    });
    seed.users.push(SeedUser {
        profile: profile.as_object().cloned().unwrap(),
        status: Some("LOCKED_OUT".to_owned()),
        ..SeedUser::default()
    });
    seed
}

/// Why an operation was not answered with success and with what the SDK can decode.
async fn failure(okta: &Client, arranger: &Arranger<'_>, id: &str) -> Option<String> {
    let (call, entry) = operations::of(operations::MANAGEMENT, id).unwrap();
    let arranged = match arranger.arrange(&call, entry).await {
        Ok(arranged) => arranged,
        Err(error) => return Some(format!("not arranged: {error:#}")),
    };
    let pending = match (call.call)(okta, &arranged.given()) {
        Ok(pending) => pending,
        Err(error) => return Some(format!("arguments: {error}")),
    };
    match pending.answer().await {
        Ok(answer) => answer
            .value
            .err()
            .map(|error| format!("not decoded: {error}")),
        Err(error) => Some(format!("refused: {error}")),
    }
}

fn client(emulator: &Emulator) -> Client {
    Client::builder()
        .org_url(emulator.org_url())
        .api_token(emulator.token())
        .build()
        .unwrap()
}

/// Whether the path names an object that there is not. Roles are named by their type, which is not
/// looked at.
fn is_made_up(entry: &Value) -> bool {
    let mut names = entry["given_path"].as_object().unwrap().values();
    let path = entry["path"].as_str().unwrap();
    !path.starts_with("/api/v1/roles/") && names.any(|name| name.as_str().unwrap().contains("/1 "))
}

/// What a call with made-up ids is refused with, if that is not what Okta says of them.
async fn surprise(okta: &Client, call: Call, entry: &Value) -> Option<String> {
    let pending = (call.call)(okta, &Given::new(entry, Scope::Required)).unwrap();
    let error = match pending.answer().await {
        Ok(_) if is_made_up(entry) => return Some(format!("{}: succeeded", call.operation)),
        Ok(answer) => answer.value.err()?,
        Err(error) => error,
    };
    let status = error.status().map(|status| status.as_u16());
    let code = error.code().map(str::to_owned);
    let text = error.to_string();
    match (status, code.as_deref()) {
        (Some(404), Some("E0000007")) if text.contains("Not found: Resource not found: ") => None,
        (Some(400 | 403 | 409), Some(_)) => None,
        _ => Some(format!("{}: {text}", call.operation)),
    }
}

#[tokio::test]
async fn what_is_made_up_is_not_found_and_never_not_emulated() {
    let emulator = Emulator::start().await.unwrap();
    let okta = client(&emulator);
    let mut surprises = Vec::new();
    let mut items = 0;
    for (call, entry) in operations::in_order(operations::MANAGEMENT) {
        items += usize::from(entry["path"].as_str().unwrap().ends_with('}'));
        surprises.extend(surprise(&okta, call, entry).await);
    }
    assert!(items > 250, "{items}");
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
    assert_eq!(emulator.stats().not_emulated, 0);
}

#[tokio::test]
async fn every_operation_is_answered_with_success_and_decoded() {
    let emulator = Emulator::builder().seed(seed()).start().await.unwrap();
    let okta = client(&emulator);
    let arranger = Arranger::new(&okta).await.unwrap();
    let calls = operations::in_order(operations::MANAGEMENT).into_iter();
    let ids: Vec<&str> = calls.map(|(call, _)| call.operation).collect();
    let mut failures = Vec::new();
    for id in &ids {
        if let Some(why) = failure(&okta, &arranger, id).await {
            failures.push(format!("{id}: {why}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} failed:\n{}",
        failures.len(),
        ids.len(),
        failures.join("\n")
    );
}
