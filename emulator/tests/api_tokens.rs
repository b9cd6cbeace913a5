//! API tokens: the one that is shown is among them, and counts until it is revoked.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::json;
use support::Org;

#[tokio::test]
async fn a_revoked_token_no_longer_counts() {
    let org = Org::empty().await;
    let tokens = org.get("/api/v1/api-tokens").await;
    assert_eq!(tokens.each("/name"), ["Nightly export", "okta-emulator"]);
    assert!(!tokens.body.to_string().contains(org.okta.token()));
    let [other, current] = tokens.each("/id").try_into().unwrap();
    let own = format!("/api/v1/api-tokens/{current}");
    let network = json!({ "connection": "ZONE", "include": ["nzo1"] });
    let changed = org
        .put(&own, json!({ "name": "Robot", "network": network }))
        .await;
    assert_eq!(
        (&changed.body["name"], &changed.body["network"]),
        (&json!("Robot"), &network)
    );

    let other = format!("/api/v1/api-tokens/{other}");
    assert_eq!(org.delete(&other).await.status, 204);
    org.get(&other).await.refused(404, "E0000007");
    assert_eq!(org.get(&own).await.status, 200);
    assert_eq!(org.delete("/api/v1/api-tokens/current").await.status, 204);
    org.get(&own).await.refused(401, "E0000011");
    // Tests can still look at the org.
    assert_eq!(org.get("/_emulator/requests").await.status, 200);
}
