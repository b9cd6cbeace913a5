//! The emulator's answers, held against Okta's document.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use okta_emulator::Emulator;
use okta_sdk::Client;
use xtask_drivers::conform::{Changes, Known, Schemas, differences};

#[tokio::test]
async fn nothing_is_wrong_but_what_is_known() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schemas = Schemas::read(&root.join("../../openapi/management/document.yaml")).unwrap();
    let emulator = Emulator::start().await.unwrap();
    let okta = Client::builder()
        .org_url(emulator.org_url())
        .api_token(emulator.token())
        .build()
        .unwrap();
    let found = differences(&okta, &schemas).await.unwrap();
    let known = Known::read(&root.join("conform.json")).unwrap();
    let changes = known.changes(&found);
    let hint = "run `cargo xtask conform --update` and look at what it changes";
    assert_eq!(changes, Changes::default(), "{hint}");
}
