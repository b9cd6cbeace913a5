//! A browser for one test.

use std::ops::Deref;
use std::process::Stdio;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use url::{ParseError, Url};

/// What keys are in a text, <https://www.w3.org/TR/webdriver2/#keyboard-actions>.
pub const TAB: &str = "\u{e004}";
pub const ENTER: &str = "\u{e007}";

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

    fn capabilities(self) -> Capabilities {
        let mut arguments = vec![
            "--headless=new",
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
        ];
        if self.is_dark {
            arguments.push("--blink-settings=preferredColorScheme=0");
        }
        let metrics = json!({
            "width": self.width, "height": self.height, "pixelRatio": 1.0, "touch": false,
        });
        let scripts = if self.has_scripts { 1 } else { 2 };
        let options = json!({
            "args": arguments,
            "mobileEmulation": { "deviceMetrics": metrics },
            "prefs": { "profile.managed_default_content_settings.javascript": scripts },
        });
        Capabilities::from_iter([
            ("goog:chromeOptions".to_owned(), options),
            ("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" })),
        ])
    }
}

/// What the browser wrote to its console since this was asked last. A command of chromedriver's own.
#[derive(Debug)]
struct BrowserLog;

impl WebDriverCompatibleCommand for BrowserLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": "browser" }).to_string()))
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
    window: Client,
    _driver: Driver,
}

impl Deref for Browser {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.window
    }
}

impl Browser {
    pub async fn open(view: View) -> Self {
        let driver = Driver::start().await;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let window = builder.capabilities(view.capabilities());
        Self {
            window: window.connect(&driver.url).await.unwrap(),
            _driver: driver,
        }
    }

    pub async fn visit(&self, url: &str) {
        self.goto(url).await.unwrap();
    }

    /// The element that a CSS selector finds first. Waits until it is there.
    pub async fn one(&self, selector: &str) -> Element {
        self.found(Locator::Css(selector), selector).await
    }

    /// The link or button of this text. Waits until it is there.
    pub async fn named(&self, text: &str) -> Element {
        let path = format!("//*[self::a or self::button][normalize-space()='{text}']");
        self.found(Locator::XPath(&path), text).await
    }

    async fn found(&self, by: Locator<'_>, what: &str) -> Element {
        let find = async {
            loop {
                if let Ok(found) = self.find(by).await {
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
        self.found(Locator::XPath(&path), heading).await;
    }

    /// What the page says, without markup.
    pub async fn said(&self) -> String {
        let main = self.find(Locator::Css("main")).await.unwrap();
        main.text().await.unwrap()
    }

    /// Types a text into the field that has the focus. A page gives the focus to its field a moment after
    /// it is loaded: waits for that.
    pub async fn fill(&self, text: &str) {
        self.found(Locator::Css("input:focus"), "a field with the focus")
            .await
            .send_keys(text)
            .await
            .unwrap();
    }

    /// Presses keys where the focus is.
    pub async fn press(&self, keys: &str) {
        let focused = self.active_element().await.unwrap();
        focused.send_keys(keys).await.unwrap();
    }

    /// Waits until the element of this id has the focus.
    pub async fn until_focus_at(&self, id: &str) {
        self.one(&format!("#{id}:focus")).await;
    }

    /// The rows of the tables.
    pub async fn rows(&self) -> Vec<Element> {
        self.find_all(Locator::Css("tbody tr")).await.unwrap()
    }

    /// Waits until the page says this.
    pub async fn until_said(&self, text: &str) {
        let wait = async {
            loop {
                // The page may be replaced just now.
                let main = self.find(Locator::Css("main")).await;
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
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.issue_cmd(BrowserLog).await.unwrap();
        let entries = log.as_array().unwrap().iter();
        let messages = entries.map(|entry: &Value| entry["message"].as_str().unwrap());
        messages.map(str::to_owned).collect()
    }
}
