//! Okta's SDK for Python.

use crate::script::{self, org};

tests! {
    okta_sdk_python_manages_people,
}

async fn okta_sdk_python_manages_people() {
    script::python("people.py", org()).await;
}
