//! What is wrong with a page.

use std::fs;

use serde_json::json;

use crate::chromium::Browser;
use crate::installation::{axe, screenshots};

/// Says what is wrong with the page, a line each.
const CHECK: &str = "
    const done = arguments[arguments.length - 1];
    const told = (violation) => violation.nodes.map((node) =>
        `${violation.id}: ${node.target} ${node.failureSummary}`);
    axe.run().then((result) => done(result.violations.flatMap(told)), (error) => done([`${error}`]));
";

/// By how many pixels the page is wider than the window.
const EXCESS: &str = "
    const root = document.documentElement;
    return root.scrollWidth - root.clientWidth;
";

/// What keeps people from using the page, how much too wide it is, and what the browser complains of; and
/// leaves a picture of it.
pub async fn check(browser: &Browser, name: &str) -> Vec<String> {
    browser.execute(&axe(), vec![]).await.unwrap();
    let violations = browser.execute_async(CHECK, vec![]).await.unwrap();
    let mut wrong: Vec<String> = serde_json::from_value(violations).unwrap();
    let excess = browser.execute(EXCESS, vec![]).await.unwrap();
    if excess != json!(0) {
        wrong.push(format!("{excess} pixels too wide"));
    }
    let complaints = browser.complaints().await.into_iter();
    // That a page is of a status above 399 is a line in the browser's log.
    let complaints = complaints.filter(|entry| !entry.contains("the server responded"));
    wrong.extend(complaints);
    let file = screenshots().join(format!("{name}.png"));
    fs::write(file, browser.screenshot().await.unwrap()).unwrap();
    wrong.iter().map(|it| format!("{name}: {it}")).collect()
}
