//! curl.

use crate::script::{self, org};

tests! {
    curl_runs_the_script_of_the_guide,
}

async fn curl_runs_the_script_of_the_guide() {
    script::shell("first.sh", org()).await;
}
