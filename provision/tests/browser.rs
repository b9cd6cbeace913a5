//! The report as a page, in headless Chromium: on phones and desks, by day and by night, by keyboard.
//!
//! It needs Chromium with its driver (Debian's `chromium` and `chromium-driver`) and npm, which installs
//! what checks pages for accessibility. Where these are missing, each test counts as ignored. With
//! `NO_SKIPPED_TESTS=1` it fails instead.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[macro_use]
#[path = "../../auth/tests/harness/mod.rs"]
mod harness;

#[path = "../../auth/tests/harness/installing.rs"]
mod installing;

#[allow(dead_code)] // the emulator's pages need more
#[path = "../../emulator/tests/browser/chromium.rs"]
mod chromium;

#[path = "../../emulator/tests/browser/inspection.rs"]
mod inspection;

#[path = "../../emulator/tests/browser/installation.rs"]
mod installation;

mod page {
    use std::fs;

    use okta_emulator::{Emulator, ErrorBody, Fault, FaultRule, RateLimitShape, Seed};
    use okta_provision::{Apply, Desired, Guard, Meter, Person, Plan, Report};
    use okta_sdk::Client;
    use serde_json::{Value, json};

    use crate::chromium::{Browser, ENTER, TAB, View};
    use crate::inspection::check;

    tests! {
        a_report_on_a_desk,
        a_report_on_a_desk_by_night,
        a_report_on_a_phone,
        a_report_on_a_phone_by_night,
        a_report_by_keyboard,
        what_comes_from_outside_stays_text,
    }

    async fn a_report_on_a_desk() {
        look("report-desk", View::DESKTOP).await;
    }

    async fn a_report_on_a_desk_by_night() {
        look("report-desk-night", View::DESKTOP.dark()).await;
    }

    async fn a_report_on_a_phone() {
        look("report-phone", View::PHONE).await;
    }

    async fn a_report_on_a_phone_by_night() {
        look("report-phone-night", View::PHONE.dark()).await;
    }

    /// The report of a run in which some things failed, others were warned of, and limits were hit.
    async fn eventful() -> Report {
        let org = Emulator::builder().seed(Seed::empty()).lax_profiles();
        let org = org.start().await.unwrap();
        let meter = Meter::new();
        let okta = Client::builder()
            .org_url(org.org_url())
            .api_token(org.token())
            .observer(meter.clone());
        let okta = okta.build().unwrap();
        let limited = FaultRule::new(Fault::RateLimited(RateLimitShape::Brief)).on_method("PUT");
        org.faults().inject(limited.always().with_probability(0.02));
        let refused = Fault::ServerError {
            status: 503,
            body: ErrorBody::Html,
        };
        let refused = FaultRule::new(refused)
            .on_method("PUT")
            .on_path("/api/v1/groups/*/users/*");
        org.faults().inject(refused.always().with_probability(0.01));
        let mut desired = Desired::new();
        for number in 0..120 {
            let login = format!("person{number}@example.com");
            desired.person(Person::new(&login, "Person", number.to_string()));
            for group in [
                "Analysts",
                "A group whose name is as long as names of groups tend to be",
            ] {
                desired.member(group, &login);
            }
        }
        let guard = Guard::new();
        let plan = Plan::make(&okta, &desired, &guard).await.unwrap();
        let mut report = Apply::new(&okta, plan).run().await.unwrap();
        report.requests = Some(meter.requests());
        report
            .warnings
            .push("person7@example.com is protected, and stays in Old project".to_owned());
        report
    }

    async fn open(report: &Report, view: View) -> (Browser, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.html");
        fs::write(&file, report.to_html()).unwrap();
        let browser = Browser::open(view).await;
        browser.visit(&format!("file://{}", file.display())).await;
        (browser, folder)
    }

    async fn look(name: &str, view: View) {
        let report = eventful().await;
        // As high as the page, so that the picture has all of it.
        let view = View {
            height: 2600,
            ..view
        };
        let (browser, _folder) = open(&report, view).await;
        // Also what is folded away is looked at.
        browser.one("summary").await.click().await.unwrap();
        let wrong = check(&browser, name).await;
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    async fn a_report_by_keyboard() {
        let report = eventful().await;
        let (browser, _folder) = open(&report, View::DESKTOP).await;
        let is_open = "return document.querySelector('details').open";
        let focus = "return document.activeElement.tagName";
        for _ in 0..10 {
            browser.press(TAB).await;
            if browser.execute(focus, vec![]).await.unwrap() == "SUMMARY" {
                break;
            }
        }
        browser.press(ENTER).await;
        assert_eq!(browser.execute(is_open, vec![]).await.unwrap(), true);
    }

    async fn what_comes_from_outside_stays_text() {
        let evil = "</title></style>\"'><script>document.body.dataset.hacked=1</script><img src=x onerror=\"document.body.dataset.hacked=1\">";
        let report = json!({
            "org": evil,
            "warnings": [evil],
            "failures": [{ "what": evil, "why": evil, "status": 400, "code": evil, "requestId": evil }],
            "seconds": 1.0,
            "requests": {
                "sent": 1, "repeated": 0, "limited": 0, "failed": 0, "slotSeconds": 1,
                "routes": [{
                    "method": evil, "path": evil, "sent": 1, "limited": 0, "limitPerMinute": null,
                    "averageMillis": 1, "longestMillis": 1, "slots": [{ "sent": 1, "limited": 0 }],
                }],
            },
        });
        let report: Report = serde_json::from_value(report).unwrap();
        let (browser, _folder) = open(&report, View::PHONE).await;
        let found = "return [document.querySelectorAll('script, img').length, document.body.dataset.hacked ?? null]";
        let found: Value = browser.execute(found, vec![]).await.unwrap();
        assert_eq!(found, json!([0, null]));
        let wrong = check(&browser, "report-hostile").await;
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

fn main() -> std::process::ExitCode {
    harness::run(installation::prepare, [page::tests()])
}
