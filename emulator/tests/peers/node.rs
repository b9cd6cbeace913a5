//! Okta's SDK for Node.

use crate::script::{self, org};

tests! {
    okta_sdk_node_manages_people,
}

async fn okta_sdk_node_manages_people() {
    script::node("people.mjs", org()).await;
}
