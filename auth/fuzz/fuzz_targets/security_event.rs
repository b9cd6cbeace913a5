#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| okta_auth_fuzz::security_event(data));
