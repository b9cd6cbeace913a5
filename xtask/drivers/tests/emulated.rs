//! Every operation of the management document, called at the emulator.
#![allow(clippy::unwrap_used, clippy::panic)]

use okta_emulator::Emulator;
use okta_sdk::Client;
use xtask_drivers::arrange::Arranger;
use xtask_drivers::operations;

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

#[tokio::test]
async fn every_operation_is_answered_with_success_and_decoded() {
    let emulator = Emulator::start().await.unwrap();
    let okta = Client::builder()
        .org_url(emulator.org_url())
        .api_token(emulator.token())
        .build()
        .unwrap();
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
