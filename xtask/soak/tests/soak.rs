//! A short soak.
#![allow(clippy::unwrap_used)]

use std::process::Command;

#[test]
fn a_job_that_is_killed_again_and_again_leaves_what_was_wanted() {
    let soak = Command::new(env!("CARGO_BIN_EXE_soak"))
        .args(["--users", "2000", "--kills", "5", "--seed", "7"])
        .output()
        .unwrap();
    let text = String::from_utf8(soak.stdout).unwrap();
    assert!(soak.status.success(), "{text}");
    let good = "0 lost, 0 doubled, 0 wrong attributes, 0 in excess";
    assert_eq!(text.matches(good).count(), 2, "{text}");
    assert_eq!(text.matches(" 0 unexpected 429").count(), 2, "{text}");
    assert_eq!(text.matches(" 0 writes").count(), 2, "{text}");
    assert!(text.contains("killed 3 of 3 times"), "{text}");
    assert!(text.contains("killed 2 of 2 times"), "{text}");
}
