//! One process of an app: this program, started once more.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use fred::interfaces::ClientLike;
use fred::prelude::{Builder, Client as RedisClient, Config, ServerConfig};
use okta_auth::Clock;
use okta_web::RedisVault;
use serde::{Deserialize, Serialize};
use tower_sessions_redis_store::RedisStore;

use crate::app;
use crate::server::patient_connection;

/// What makes this program a process of the app and not a test.
pub const ARGUMENT: &str = "--one-process-of-an-app";

/// What all processes of the app have in common.
#[derive(Serialize, Deserialize)]
pub struct Settings {
    pub app: app::Settings,
    /// Where Redis listens.
    pub socket: PathBuf,
}

/// A running process. It ends when this value is dropped, or the test's own process is gone.
pub struct Process {
    pub url: String,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    child: Child,
}

impl Process {
    pub fn start(settings: &Settings) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .arg(ARGUMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        writeln!(stdin, "{}", serde_json::to_string(settings).unwrap()).unwrap();
        let mut url = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut url).unwrap();
        assert!(
            url.starts_with("http://"),
            "the process did not start: {url}"
        );
        Self {
            url: url.trim().to_owned(),
            stdin: Some(stdin),
            stdout,
            child,
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Moves the process's clock forward to `seconds` after the true time.
    pub fn set_ahead(&mut self, seconds: u64) {
        writeln!(self.stdin.as_mut().unwrap(), "{seconds}").unwrap();
        let mut answer = String::new();
        self.stdout.read_line(&mut answer).unwrap();
        assert_eq!(answer.trim(), seconds.to_string());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stdin = None;
        self.child.wait().ok();
    }
}

/// Serves the app that the first line of stdin describes, says where in the first line of stdout,
/// and ends with stdin. Each further line there says how many seconds the clock is to be ahead; it is
/// repeated when it is.
pub fn run() {
    let mut lines = io::stdin().lock().lines().map(Result::unwrap);
    let settings: Settings = serde_json::from_str(&lines.next().unwrap()).unwrap();
    let ahead = Arc::new(AtomicU64::new(0));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let url = runtime.block_on(serve(settings, Arc::clone(&ahead)));
    say(&url);
    for line in lines {
        ahead.store(line.parse().unwrap(), Ordering::Relaxed);
        say(&line);
    }
}

/// Tells the test, which reads stdout.
fn say(line: &str) {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}").unwrap();
}

async fn serve(settings: Settings, ahead: Arc<AtomicU64>) -> String {
    let clock =
        Clock::new(move || SystemTime::now() + Duration::from_secs(ahead.load(Ordering::Relaxed)));
    let url = format!("unix://{}", settings.socket.display()).into();
    let vault = RedisVault::new(&patient_connection(&url)).clock(clock.clone());
    let store = store(settings.socket).await;
    // Says which process it is that answers.
    let name = std::process::id().to_string();
    app::serve(&settings.app, name, vault, store, clock).await
}

/// The store that the users of tower-sessions have for Redis.
async fn store(socket: PathBuf) -> RedisStore<RedisClient> {
    let server = ServerConfig::new_unix_socket(socket);
    let config = Config {
        server,
        ..Config::default()
    };
    let client = Builder::from_config(config).build().unwrap();
    client.init().await.unwrap();
    RedisStore::new(client)
}
