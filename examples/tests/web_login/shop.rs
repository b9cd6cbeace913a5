//! The program, its org, and browsers in front of it.

use okta_emulator::Emulator;

use crate::support::Running;
use crate::support::browser::{Browser, Page};

const WEB_LOGIN: &str = env!("CARGO_BIN_EXE_web_login");

pub const GRACE: &str = "grace@example.com";
pub const ALAN: &str = "alan@example.com";

/// The program, before an org of the test or one of its own.
pub struct Shop {
    pub org: Emulator,
    _program: Running,
    home: String,
}

impl Shop {
    /// The program as an app of an org that somebody has set up.
    pub async fn start(arguments: &[&str]) -> Self {
        Self::before(Emulator::start().await.unwrap(), arguments).await
    }

    pub async fn before(org: Emulator, arguments: &[&str]) -> Self {
        let arguments = [&["--port", "0"], arguments].concat();
        let program = Running::start(WEB_LOGIN, &arguments, &org, org.web_app());
        Self::opened(org, program).await
    }

    /// The program as someone starts it who has set up nothing. `org` is then another one.
    pub async fn demo(arguments: &[&str]) -> Self {
        let arguments = [&["--port", "0"], arguments].concat();
        let program = Running::start_with(WEB_LOGIN, &arguments, &[]);
        Self::opened(Emulator::start().await.unwrap(), program).await
    }

    async fn opened(org: Emulator, mut program: Running) -> Self {
        let line = program.line().await;
        Self {
            home: line.strip_prefix("Open ").unwrap().to_owned(),
            org,
            _program: program,
        }
    }

    /// Opens a page of the shop, and follows where it leads.
    pub async fn open(&self, browser: &mut Browser, path: &str) -> Page {
        let page = browser.open(&format!("{}{path}", self.home)).await;
        self.assert_nothing_secret(&page);
        page
    }

    /// Sends a form of the shop.
    pub async fn send(
        &self,
        browser: &mut Browser,
        page: &Page,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let page = browser.send(page, action, fields).await;
        self.assert_nothing_secret(&page);
        page
    }

    /// Fills in the login page of the org.
    pub async fn log_in(&self, browser: &mut Browser, page: &Page, username: &str) -> Page {
        // All emulated orgs have one password.
        let fields = [("username", username), ("password", self.org.password())];
        let page = browser.submit(page, &fields).await;
        self.assert_nothing_secret(&page);
        page
    }

    /// Opens a page that takes a login, and logs in.
    pub async fn log_in_at(&self, browser: &mut Browser, path: &str, username: &str) -> Page {
        let page = self.open(browser, path).await;
        assert!(!self.is_here(&page), "{page:?}");
        let page = self.log_in(browser, &page, username).await;
        assert!(self.is_here(&page), "{page:?}");
        page
    }

    pub fn is_here(&self, page: &Page) -> bool {
        page.url.as_str().starts_with(&self.home)
    }

    pub fn session<'b>(&self, browser: &'b Browser) -> Option<&'b str> {
        browser.cookie(&self.home, "okta-session")
    }

    /// The page of the shop, if it is one, has neither an id of Okta's nor a token in it.
    fn assert_nothing_secret(&self, page: &Page) {
        if !self.is_here(page) {
            return;
        }
        let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        for word in page.text.split(|c| !is_part(c)) {
            let is_id = word.len() == 20
                && ["00u", "00g", "0oa"]
                    .iter()
                    .any(|kind| word.starts_with(kind));
            assert!(!is_id && !word.starts_with("eyJ"), "{word} in {page:?}");
        }
    }
}
