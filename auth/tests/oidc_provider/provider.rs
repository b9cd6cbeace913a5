//! Starting and stopping the provider.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use okta_auth::Issuer;
use okta_auth::oauth::{OAuthClient, OAuthClientBuilder};
use serde_json::Value;
use url::Url;

use crate::clients;

/// A running oidc-provider. It ends with this process, or when this value is dropped: whichever
/// comes first closes its stdin.
pub struct Provider {
    issuer: Url,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    process: Child,
}

impl Provider {
    /// The one that most tests share: starting one takes longer than using it.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Provider>> = OnceLock::new();
        SHARED
            .get_or_init(|| Self::start(&clients::configuration()))
            .as_ref()
    }

    /// One of the test's own. `None`, said aloud, if there is no Node or nothing is installed.
    pub fn start(configuration: &Value) -> Option<Self> {
        Self::try_start(configuration)
            .map_err(|reason| {
                assert!(
                    std::env::var_os("OIDC_PROVIDER_REQUIRED").is_none_or(|set| set != "1"),
                    "oidc-provider did not run: {reason}"
                );
                eprintln!("did not run: {reason}");
            })
            .ok()
    }

    fn try_start(configuration: &Value) -> Result<Self, String> {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider");
        if !project.join("node_modules/oidc-provider").is_dir() {
            return Err(format!("run `npm ci` in {} first", project.display()));
        }
        let mut process = Command::new("node")
            .arg("provider.mjs")
            .current_dir(project)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("`node` cannot be started: {error}"))?;
        let mut provider = Self {
            issuer: Url::parse("http://127.0.0.1/").unwrap(),
            stdin: process.stdin.take(),
            stdout: BufReader::new(process.stdout.take().unwrap()),
            process,
        };
        let started = provider.say(&configuration.to_string());
        // From here on it is a fault and no missing tool.
        provider.issuer = started["issuer"].as_str().unwrap().parse().unwrap();
        Ok(provider)
    }

    /// Gives the provider new signing keys, in place of the old ones.
    pub fn rotate_keys(&mut self) {
        assert_eq!(self.say("rotate")["rotated"], true);
    }

    /// What happens on the user's own device: yes to the newest request there.
    pub async fn confirm_on_device_of(&self, user: &str) {
        let mut url = self.issuer.clone();
        url.set_path(&format!("/device-of-user/{user}"));
        let response = reqwest::Client::new().post(url).send().await.unwrap();
        assert_eq!(response.status(), 204);
    }

    fn say(&mut self, line: &str) -> Value {
        let stdin = self.stdin.as_mut().unwrap();
        writeln!(stdin, "{line}").unwrap();
        let mut answer = String::new();
        self.stdout.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|error| {
            panic!("provider.mjs answered `{answer}` ({error}); run it by hand to see why")
        })
    }

    pub fn issuer(&self) -> Issuer {
        Issuer::parse(self.issuer.as_str()).unwrap()
    }

    /// The application `client_id`, with the secret or key that the provider knows.
    pub fn client(&self, client_id: &str) -> OAuthClientBuilder {
        OAuthClient::builder(self.issuer(), client_id)
            .authentication(clients::authentication(client_id))
            .redirect_uri(clients::REDIRECT_URI)
            .unwrap()
    }

    /// The URL of a path below the issuer.
    pub fn url(&self, path: &str) -> Url {
        format!("{}/{path}", self.issuer).parse().unwrap()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.stdin = None;
        self.process.wait().ok();
    }
}
