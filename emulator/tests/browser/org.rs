//! What those see who look at the org.

use okta_emulator::{Emulator, FaultRule};
use reqwest::Client;
use serde_json::json;

use crate::chromium::{Browser, ENTER, TAB, View};

tests! {
    the_way_leads_from_the_overview_to_a_user_and_back,
    the_first_thing_by_keyboard_is_the_way_to_the_content,
    a_fault_that_is_added_by_form_hits_a_request,
    the_log_shows_what_happens_without_being_loaded_again,
    everything_works_without_scripts,
}

async fn unlock(browser: &Browser, okta: &Emulator) {
    browser
        .named("Unlock controls")
        .await
        .click()
        .await
        .unwrap();
    browser.fill(okta.token()).await;
    browser.named("Unlock").await.click().await.unwrap();
    browser.named("Lock controls").await;
}

async fn the_way_leads_from_the_overview_to_a_user_and_back() {
    let okta = Emulator::start().await.unwrap();
    let browser = Browser::open(View::DESKTOP).await;
    browser.visit(okta.org_url()).await;
    browser.arrive("Overview").await;
    let users = browser.one(".counts a[href='/_org/users']").await;
    let count = format!("{} users", okta.stats().users);
    assert_eq!(users.text().await.unwrap().replace('\n', " "), count);
    users.click().await.unwrap();
    browser.arrive("Users").await;
    let current = browser.one("nav [aria-current=page]").await;
    assert_eq!(current.text().await.unwrap(), "Users");
    browser.one("#q").await.send_keys("grace").await.unwrap();
    browser.named("Search").await.click().await.unwrap();
    let rows = browser.rows().await;
    assert_eq!(rows.len(), 1);
    browser
        .named("grace@example.com")
        .await
        .click()
        .await
        .unwrap();
    browser.arrive("Grace Hopper").await;
    browser.one(".trail a").await.click().await.unwrap();
    browser.arrive("Users").await;
}

async fn the_first_thing_by_keyboard_is_the_way_to_the_content() {
    let okta = Emulator::start().await.unwrap();
    let browser = Browser::open(View::DESKTOP).await;
    browser
        .visit(&format!("{}/_org/users", okta.org_url()))
        .await;
    browser.press(TAB).await;
    let skip = browser.active_element().await.unwrap();
    assert_eq!(skip.text().await.unwrap(), "Skip to the content");
    let (left, _, width, _) = skip.rectangle().await.unwrap();
    assert!(left >= 0.0 && width > 0.0, "it is to be seen");
    browser.press(ENTER).await;
    browser.press(TAB).await;
    browser.until_focus_at("q").await;
}

async fn a_fault_that_is_added_by_form_hits_a_request() {
    let okta = Emulator::start().await.unwrap();
    let browser = Browser::open(View::DESKTOP).await;
    browser
        .visit(&format!("{}/_org/faults", okta.org_url()))
        .await;
    assert!(browser.said().await.contains("unlock the controls"));
    unlock(&browser, &okta).await;
    // Whoever unlocked comes back to where they were.
    browser.arrive("Faults").await;
    let choice = "option[value='{\"serverError\":{\"status\":503}}']";
    browser.one(choice).await.click().await.unwrap();
    let path = browser.one("#path").await;
    path.send_keys("/api/v1/groups").await.unwrap();
    let times = browser.one("#times").await;
    times.clear().await.unwrap();
    times.send_keys("2").await.unwrap();
    browser.named("Add the fault").await.click().await.unwrap();
    browser.until_said("503").await;
    let rule = "{fault: {serverError: {status: 503}}, path: /api/v1/groups, times: 2}";
    assert_eq!(okta.faults().rules(), [FaultRule::from_yaml(rule).unwrap()]);

    let http = Client::builder().no_proxy().build().unwrap();
    let get = async || {
        let request = http.get(format!("{}/api/v1/groups", okta.org_url()));
        let request = request.header("authorization", format!("SSWS {}", okta.token()));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(get().await, 503);
    browser.refresh().await.unwrap();
    assert!(browser.said().await.contains("\"times\":1"));
    browser.one(".rules button").await.click().await.unwrap();
    browser.until_said("None: every request is answered").await;
    assert_eq!(get().await, 200);

    let written = browser.one("#rule").await;
    written.clear().await.unwrap();
    written.send_keys("{fault: earthquake}").await.unwrap();
    browser.named("Add the rule").await.click().await.unwrap();
    browser.until_said("earthquake").await;
    let alert = browser.one("[role=alert]").await.text().await.unwrap();
    assert!(alert.contains("connectionReset"), "{alert}");
    browser.named("Lock controls").await.click().await.unwrap();
    browser.named("Unlock controls").await;
}

async fn the_log_shows_what_happens_without_being_loaded_again() {
    let okta = Emulator::start().await.unwrap();
    let http = Client::builder().no_proxy().build().unwrap();
    let create = async |name: &str| {
        let request = http.post(format!("{}/api/v1/groups", okta.org_url()));
        let request = request.header("authorization", format!("SSWS {}", okta.token()));
        let group = json!({ "profile": { "name": name } });
        let response = request.json(&group).send().await.unwrap();
        assert_eq!(response.status(), 200);
    };
    let browser = Browser::open(View::DESKTOP).await;
    browser.visit(&format!("{}/_org/log", okta.org_url())).await;
    let mark = "document.body.dataset.mark = 'same page';";
    browser.execute(mark, vec![]).await.unwrap();
    assert!(browser.said().await.contains("No event fits."));
    create("First of all").await;
    browser.until_said("First of all").await;
    create("<b>Second</b>").await;
    browser.until_said("<b>Second</b>").await;
    let news = browser.one("[role=status]").await.text().await.unwrap();
    assert_eq!(news, "1 new entry");
    let rows = browser.rows().await;
    assert_eq!(rows.len(), 2);
    assert!(rows[0].text().await.unwrap().contains("<b>Second</b>"));
    browser.one("body[data-mark]").await;

    // Requests are live, too, and their answers are with them.
    browser
        .visit(&format!("{}/_org/requests", okta.org_url()))
        .await;
    create("Third").await;
    browser.until_said("1 new entry").await;
    browser.one("tbody a").await.click().await.unwrap();
    browser.arrive("POST /api/v1/groups").await;
    let said = browser.said().await;
    assert!(
        said.contains("Third") && said.contains("[hidden]"),
        "{said}"
    );
    assert!(!said.contains(okta.token()));
    let complaints = browser.complaints().await;
    assert!(complaints.is_empty(), "{complaints:?}");
}

async fn everything_works_without_scripts() {
    let okta = Emulator::start().await.unwrap();
    let browser = Browser::open(View::PHONE.without_scripts()).await;
    browser.visit(&format!("{}/_org/log", okta.org_url())).await;
    assert!(
        !browser
            .one("[data-pause]")
            .await
            .is_displayed()
            .await
            .unwrap()
    );
    browser
        .visit(&format!("{}/_org/controls", okta.org_url()))
        .await;
    unlock(&browser, &okta).await;
    let before = okta.clock().now();
    let seconds = browser.one("#seconds").await;
    seconds.clear().await.unwrap();
    seconds.send_keys("86400").await.unwrap();
    browser.named("Move forward").await.click().await.unwrap();
    browser.until_said("The clock has moved.").await;
    assert!((okta.clock().now() - before).num_hours() >= 24);
    browser
        .named("Rotate the keys")
        .await
        .click()
        .await
        .unwrap();
    browser.until_said("The keys are rotated.").await;
    browser.named("Faults").await.click().await.unwrap();
    browser.named("Add the fault").await.click().await.unwrap();
    browser.until_said("serverError").await;
    assert_eq!(okta.faults().rules().len(), 1);
    browser.named("Remove all").await.click().await.unwrap();
    browser.until_said("None: every request is answered").await;
}
