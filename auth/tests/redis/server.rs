//! Starting and stopping Redis.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};

use okta_auth::Secret;
use okta_auth::redis::RedisConnection;
use redis::aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection};
use redis::{Cmd, FromRedisValue};
use tempfile::TempDir;

/// Runs Redis until nobody holds the other end of stdin any more, whatever became of this process.
const RUN: &str = r#"
    redis-server "$@" &
    exec >/dev/null
    cat
    kill -9 $!
    wait $!
"#;

/// The oldest version that has what is used.
const OLDEST: u32 = 6;

/// Makes sure that Redis can be started; the error says what is missing.
pub fn prepare() -> Result<(), String> {
    if !cfg!(unix) {
        return Err("Redis is reached at a Unix socket here".to_owned());
    }
    let output = Command::new("redis-server").arg("--version").output();
    let output = output.map_err(|error| format!("`redis-server` cannot be started: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text
        .split_once("v=")
        .and_then(|(_, rest)| rest.split('.').next());
    match version.and_then(|major| major.parse::<u32>().ok()) {
        Some(OLDEST..) => Ok(()),
        _ => Err(format!("Redis {OLDEST} or newer is required, found {text}")),
    }
}

/// A Redis of the test's own, at a socket in a folder of its own, with nothing in it.
pub struct Server {
    folder: TempDir,
    settings: Vec<String>,
    /// `None` while it is stopped.
    running: Option<Running>,
}

struct Running {
    /// Ends the server when it is dropped.
    stdin: Option<ChildStdin>,
    shell: Child,
}

/// A connection that a busy machine does not break: it waits longer for answers than others.
pub fn patient_connection(url: &Secret) -> RedisConnection {
    let client = redis::Client::open(url.expose()).unwrap();
    let config = ConnectionManagerConfig::new().set_response_timeout(None);
    let manager = ConnectionManager::new_lazy_with_config(client, config);
    RedisConnection::with_manager(manager.unwrap())
}

impl Server {
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// With further settings, such as `["--requirepass", "secret"]`.
    pub fn with(settings: &[&str]) -> Self {
        let mut server = Self {
            folder: TempDir::new().unwrap(),
            settings: settings.iter().map(|&setting| setting.to_owned()).collect(),
            running: None,
        };
        server.restart();
        server
    }

    /// Starts it again, with nothing in it.
    pub fn restart(&mut self) {
        self.stop();
        let mut shell = Command::new("sh")
            .args([
                "-c",
                RUN,
                "sh",
                "--port",
                "0",
                "--save",
                "",
                "--appendonly",
                "no",
            ])
            .arg("--dir")
            .arg(self.folder.path())
            .arg("--unixsocket")
            .arg(self.socket())
            .args(&self.settings)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let log = BufReader::new(shell.stdout.take().unwrap());
        self.running = Some(Running {
            stdin: shell.stdin.take(),
            shell,
        });
        let mut told = String::new();
        for line in log.lines() {
            let line = line.unwrap();
            if line.to_lowercase().contains("ready to accept connections") {
                return;
            }
            told.push_str(&line);
        }
        panic!("redis-server did not start: {told}");
    }

    /// Stops it at once, as if it had died.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// The file of the socket that it listens at.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    pub fn url(&self) -> Secret {
        format!("unix://{}", self.socket().display()).into()
    }

    /// A connection as another process would have it.
    pub fn connection(&self) -> RedisConnection {
        RedisConnection::open(&self.url()).unwrap()
    }

    /// As [`Server::connection`], and six times as patient: for tests that count on answers of a
    /// busy machine.
    pub fn patient_connection(&self) -> RedisConnection {
        patient_connection(&self.url())
    }

    /// Redis's answer to a command.
    pub async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> T {
        let mut connection = self.bare_connection().await;
        command.query_async(&mut connection).await.unwrap()
    }

    async fn bare_connection(&self) -> MultiplexedConnection {
        let client = redis::Client::open(self.url().expose()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }

    /// All keys, in order.
    pub async fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.ask(redis::cmd("KEYS").arg("*")).await;
        keys.sort();
        keys
    }

    /// How many connections there are, with the one that asks.
    pub async fn connections(&self) -> usize {
        let list: String = self.ask(redis::cmd("CLIENT").arg("LIST")).await;
        list.lines().count()
    }

    /// Lets no command of anybody through until [`Server::go_on`].
    pub async fn hang(&self) {
        let mut pause = redis::cmd("CLIENT");
        pause.arg("PAUSE").arg(600_000).arg("ALL");
        self.ask(&pause).await
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stdin = None;
        self.shell.wait().ok();
    }
}
