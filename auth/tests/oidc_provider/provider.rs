//! Starting and stopping the provider.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use okta_auth::Issuer;
use okta_auth::oauth::{OAuthClient, OAuthClientBuilder};
use serde_json::Value;
use url::Url;

use crate::{clients, installation};

/// A running oidc-provider. It ends with this process, or when this value is dropped: whichever
/// comes first closes its stdin.
pub struct Provider {
    issuer: Url,
    pipes: Option<Pipes>,
    process: Child,
}

/// Its stdin and stdout: a line in, a line out.
struct Pipes {
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Provider {
    /// The one that most tests share: starting one takes longer than using it.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Provider> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&clients::configuration()))
    }

    /// One of the test's own.
    pub fn start(configuration: &Value) -> Self {
        let mut process = Command::new("node")
            .arg("provider.mjs")
            .current_dir(installation::project())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut pipes = Pipes {
            stdin: process.stdin.take().unwrap(),
            stdout: BufReader::new(process.stdout.take().unwrap()),
        };
        let started = pipes.say(&configuration.to_string());
        Self {
            issuer: started["issuer"].as_str().unwrap().parse().unwrap(),
            pipes: Some(pipes),
            process,
        }
    }

    /// Gives the provider new signing keys, in place of the old ones.
    pub fn rotate_keys(&mut self) {
        let answer = self.pipes.as_mut().unwrap().say("rotate");
        assert_eq!(answer["rotated"], true);
    }

    /// What happens on the user's own device: yes to the newest request there.
    pub async fn confirm_on_device_of(&self, user: &str) {
        let mut url = self.issuer.clone();
        url.set_path(&format!("/device-of-user/{user}"));
        let response = reqwest::Client::new().post(url).send().await.unwrap();
        assert_eq!(response.status(), 204);
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

impl Pipes {
    fn say(&mut self, line: &str) -> Value {
        writeln!(self.stdin, "{line}").unwrap();
        let mut answer = String::new();
        self.stdout.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|error| {
            panic!("provider.mjs answered `{answer}` ({error}); run it by hand to see why")
        })
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.pipes = None;
        self.process.wait().ok();
    }
}
