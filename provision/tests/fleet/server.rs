//! Starting and stopping PostgreSQL.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use deadpool_postgres::{Manager, Pool};
use tempfile::TempDir;
use tokio_postgres::{Config, NoTls};

/// Runs PostgreSQL until nobody holds the other end of stdin any more, whatever became of this
/// process. It is then stopped as by a crash: connections break, and what was confirmed is there.
const RUN: &str = r#"
    "$@" >log 2>&1 &
    cat >/dev/null
    kill -QUIT $!
    wait $!
"#;

/// How long it may take to start, in tenths of a second.
const PATIENCE: usize = 600;

/// Where its programs are if they are not in the `PATH`: Debian has a folder for each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Makes sure that PostgreSQL can be started; the error says what is missing.
pub fn prepare() -> Result<(), String> {
    program("initdb").map(drop)
}

/// A program of PostgreSQL's.
fn program(name: &str) -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    let mut programs = folders.iter().map(|folder| folder.join(name));
    let found = programs.find(|program| program.is_file());
    found.ok_or_else(|| format!("`{name}` of PostgreSQL is not installed"))
}

/// A PostgreSQL of the test's own, at a socket in a folder of its own.
pub struct Server {
    folder: TempDir,
    /// `None` while it is stopped.
    running: Option<Running>,
}

struct Running {
    /// Ends the server when it is dropped.
    stdin: Option<ChildStdin>,
    shell: Child,
}

impl Server {
    pub async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let mut server = Self {
            folder,
            running: None,
        };
        if let Some(user) = server_user(server.folder.path()) {
            chown(server.folder.path(), Some(user), Some(user)).unwrap();
        }
        let mut initdb = server.command(&program("initdb").unwrap());
        initdb
            .args(["--auth=trust", "--username=fleet", "--no-sync", "--pgdata"])
            .arg(server.folder.path().join("data"));
        let made = initdb.output().unwrap();
        assert!(made.status.success(), "{made:?}");
        server.restart().await;
        server
    }

    /// Starts it again, with what is in it.
    pub async fn restart(&mut self) {
        self.stop();
        let mut shell = self.command(Path::new("sh"));
        shell
            .args(["-c", RUN, "sh"])
            .arg(program("postgres").unwrap())
            .arg("-D")
            .arg(self.folder.path().join("data"))
            .arg("-k")
            .arg(self.folder.path())
            .args(["-c", "listen_addresses=", "-c", "max_connections=300"])
            .args(["-c", "fsync=off"])
            .stdin(Stdio::piped());
        let mut shell = shell.spawn().unwrap();
        self.running = Some(Running {
            stdin: shell.stdin.take(),
            shell,
        });
        for _ in 0..PATIENCE {
            if self.config().connect(NoTls).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let log = fs::read_to_string(self.folder.path().join("log"));
        panic!("PostgreSQL did not start: {log:?}");
    }

    /// Stops it at once, as if it had died.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// A command in the folder, by a user that PostgreSQL runs under.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path());
        if let Some(user) = server_user(self.folder.path()) {
            command.uid(user).gid(user);
        }
        command
    }

    /// As programs have it.
    pub fn url(&self) -> String {
        format!(
            "host={} user=fleet dbname=postgres",
            self.folder.path().display()
        )
    }

    fn config(&self) -> Config {
        self.url().parse().unwrap()
    }

    pub fn pool(&self) -> Pool {
        let manager = Manager::new(self.config(), NoTls);
        Pool::builder(manager).max_size(24).build().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stdin = None;
        self.shell.wait().ok();
    }
}

/// PostgreSQL refuses to run as root: who runs it instead; nobody else if this is not root. The group
/// has the same number.
fn server_user(folder: &Path) -> Option<u32> {
    const NOBODY: u32 = 65_534;
    let owner = fs::metadata(folder).unwrap().uid();
    (owner == 0 || owner == NOBODY).then_some(NOBODY)
}
