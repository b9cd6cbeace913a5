//! A browser for one test.

use std::ops::Deref;
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::prelude::*;
use thirtyfour::{BrowserLogEntry, ChromeCapabilities, LoggingPrefsLogLevel};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long a test waits for what happens in the browser by itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long it waits between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// How the browser looks at pages.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// In CSS pixels.
    pub width: u32,
    pub height: u32,
    pub is_dark: bool,
    pub has_scripts: bool,
}

impl View {
    pub const DESKTOP: Self = Self {
        width: 1280,
        height: 900,
        is_dark: false,
        has_scripts: true,
    };
    /// As narrow as phones are.
    pub const PHONE: Self = Self {
        width: 360,
        height: 740,
        ..Self::DESKTOP
    };

    pub const fn dark(self) -> Self {
        Self {
            is_dark: true,
            ..self
        }
    }

    pub const fn without_scripts(self) -> Self {
        Self {
            has_scripts: false,
            ..self
        }
    }

    fn capabilities(self) -> ChromeCapabilities {
        let mut capabilities = DesiredCapabilities::chrome();
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
        ] {
            capabilities.add_arg(argument).unwrap();
        }
        if self.is_dark {
            let dark = "--blink-settings=preferredColorScheme=0";
            capabilities.add_arg(dark).unwrap();
        }
        let metrics = json!({
            "width": self.width, "height": self.height, "pixelRatio": 1.0, "touch": false,
        });
        let emulated = json!({ "deviceMetrics": metrics });
        capabilities
            .add_experimental_option("mobileEmulation", emulated)
            .unwrap();
        if !self.has_scripts {
            let off = json!({ "profile.managed_default_content_settings.javascript": 2 });
            capabilities.add_experimental_option("prefs", off).unwrap();
        }
        capabilities
            .set_browser_log_level(LoggingPrefsLogLevel::All)
            .unwrap();
        capabilities
    }
}

/// The driver of a browser, on a port of its own. Dropping it ends the browser, too.
struct Driver {
    process: Child,
    url: String,
    /// Where the browser keeps what it writes.
    _folder: TempDir,
}

impl Driver {
    async fn start() -> Self {
        let mut command = Command::new("chromedriver");
        let folder = TempDir::new().unwrap();
        command.env("TMPDIR", folder.path());
        command.arg("--port=0").kill_on_drop(true);
        command.stdout(Stdio::piped());
        command.stderr(Stdio::null());
        // The browser belongs to the group, and ends with it.
        command.process_group(0);
        let mut process = command.spawn().unwrap();
        let output = process.stdout.take().unwrap();
        let mut lines = BufReader::new(output).lines();
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                let url = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
                // What it says later is nobody's business, but the pipe has to take it.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Self {
                    process,
                    url,
                    _folder: folder,
                };
            }
        }
        panic!("chromedriver ended");
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(id) = self.process.id() {
            let kill = std::process::Command::new("kill")
                .args(["-9", "--", &format!("-{id}")])
                .status();
            // What cannot be ended is no reason for a test to fail.
            drop(kill);
        }
    }
}

/// A browser window.
pub struct Browser {
    /// None while it is dropped.
    window: Option<WebDriver>,
    _driver: Driver,
}

impl Deref for Browser {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        self.window.as_ref().unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Otherwise it would wait for the driver, on the thread on which the connection to the driver
        // would have to go on. The driver ends with all that belongs to it.
        if let Some(window) = self.window.take() {
            window.leak().unwrap();
        }
    }
}

impl Browser {
    pub async fn open(view: View) -> Self {
        let driver = Driver::start().await;
        let window = WebDriver::new(&driver.url, view.capabilities())
            .await
            .unwrap();
        Self {
            window: Some(window),
            _driver: driver,
        }
    }

    pub async fn visit(&self, url: &str) {
        self.goto(url).await.unwrap();
    }

    /// The element that a CSS selector finds first. Waits until it is there.
    pub async fn one(&self, selector: &str) -> WebElement {
        self.found(By::Css(selector), selector).await
    }

    /// The link or button of this text. Waits until it is there.
    pub async fn named(&self, text: &str) -> WebElement {
        let path = format!("//*[self::a or self::button][normalize-space()='{text}']");
        self.found(By::XPath(path), text).await
    }

    async fn found(&self, by: By, what: &str) -> WebElement {
        let find = async {
            loop {
                if let Ok(found) = self.find(by.clone()).await {
                    return found;
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        match tokio::time::timeout(PATIENCE, find).await {
            Ok(found) => found,
            Err(_) => panic!("{what:?} is not there: {}", self.said().await),
        }
    }

    /// Waits for a page with this heading.
    pub async fn arrive(&self, heading: &str) {
        let path = format!("//h1[normalize-space()='{heading}']");
        self.found(By::XPath(path), heading).await;
    }

    /// What the page says, without markup.
    pub async fn said(&self) -> String {
        let main = self.find(By::Css("main")).await.unwrap();
        main.text().await.unwrap()
    }

    /// Types where the focus is.
    pub async fn press(&self, keys: impl Into<TypingData>) {
        let chain = self.action_chain().send_keys(keys);
        chain.perform().await.unwrap();
    }

    /// The id of the element that has the focus.
    pub async fn focused(&self) -> String {
        let active = self.active_element().await.unwrap();
        active.id().await.unwrap().unwrap_or_default()
    }

    /// Waits until the page says this.
    pub async fn until_said(&self, text: &str) {
        let wait = async {
            loop {
                // The page may be replaced just now.
                let main = self.find(By::Css("main")).await;
                if let Ok(main) = main
                    && main.text().await.is_ok_and(|said| said.contains(text))
                {
                    return;
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            panic!("{text:?} is not said: {}", self.said().await);
        }
    }

    /// What the browser complained of.
    pub async fn complaints(&self) -> Vec<BrowserLogEntry> {
        self.browser_log().await.unwrap()
    }
}
