//! Something that happens in an org where nobody works.

use std::time::Duration;

use okta_sdk::models::{GroupRequest, OktaUserGroupProfile};
use okta_sdk::{Client, Error};

/// Creates a group every half second, until that fails.
pub async fn keep_busy(okta: &Client) -> Error {
    let mut number = 1_u64;
    loop {
        let profile = OktaUserGroupProfile::new().name(format!("Project {number}"));
        if let Err(error) = okta
            .groups()
            .add(GroupRequest::new().profile(profile))
            .await
        {
            return error;
        }
        number += 1;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
