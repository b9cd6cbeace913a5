//! The page that takes a recent login.

use std::time::Duration;

use okta_emulator::{Clock, Emulator};
use reqwest::StatusCode;

use crate::shop::{GRACE, Shop};
use crate::support::browser::Browser;

const TEN_MINUTES: Duration = Duration::from_secs(600);

#[tokio::test(flavor = "multi_thread")]
async fn an_old_login_is_renewed_on_the_way_to_the_page() {
    // The login at Okta is ten minutes old when it comes.
    let clock = Clock::skewed(-600);
    let org = Emulator::builder().clock(clock).start().await.unwrap();
    let (shop, mut browser) = (Shop::before(org, &[]).await, Browser::new());
    let page = shop.log_in_at(&mut browser, "profile", GRACE).await;
    let iban = [("iban", "DE89 3704 0044 0532 0130 00")];

    // A form cannot be sent through Okta and back.
    let refused = shop.send(&mut browser, &page, "/payout", &iban).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let words = "You have to log in again for this.";
    assert!(refused.text.contains(words), "{refused:?}");

    shop.org.clock().advance(TEN_MINUTES);
    let login = shop.open(&mut browser, "payout").await;
    assert!(!shop.is_here(&login), "{login:?}");
    assert!(login.text.contains("Password"), "{login:?}");
    let page = shop.log_in(&mut browser, &login, GRACE).await;
    assert_eq!(page.url.path(), "/payout", "{page:?}");

    let wrong = [("iban", "DE00 <b>")];
    let refused = shop.send(&mut browser, &page, "/payout", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("This is no IBAN"), "{refused:?}");
    let changed = shop.send(&mut browser, &page, "/payout", &iban).await;
    assert_eq!(changed.status, StatusCode::OK);
    assert!(changed.text.contains("ends in 3000"), "{changed:?}");
    assert!(!changed.text.contains("3704"), "{changed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recent_login_is_enough_and_nobody_gets_there_without_one() {
    let (shop, mut browser) = (Shop::start(&[]).await, Browser::new());
    let page = shop.log_in_at(&mut browser, "payout", GRACE).await;
    assert_eq!(page.url.path(), "/payout", "{page:?}");
    assert!(page.text.contains("Change the account"), "{page:?}");
}
