//! PostgreSQL, Redis, orgs, and the program.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use futures::future::join_all;
use okta_emulator::{Emulator, RateLimits, Seed};
use okta_provision::fleet::{Fleet as Database, Run};
use okta_sdk::Client;
use tempfile::TempDir;

use crate::{postgres, redis_server};

/// A fleet of emulated orgs, `org-0`, `org-1` and so on.
pub struct Fleet {
    pub postgres: postgres::Server,
    pub redis: redis_server::Server,
    pub orgs: Vec<Emulator>,
    pub database: Database,
    folder: TempDir,
}

impl Fleet {
    pub async fn start(orgs: usize, limits: RateLimits) -> Self {
        let postgres = postgres::Server::start().await;
        let database = Database::open(postgres.pool()).await.unwrap();
        let orgs = join_all((0..orgs).map(|_| {
            Emulator::builder()
                .seed(Seed::empty())
                .lax_profiles()
                .rate_limits(limits.clone())
                .start()
        }));
        let orgs: Vec<Emulator> = orgs.await.into_iter().map(Result::unwrap).collect();
        let folder = TempDir::new().unwrap();
        let mut file = fs::File::create(folder.path().join("fleet.yaml")).unwrap();
        writeln!(file, "orgs:").unwrap();
        for (number, org) in orgs.iter().enumerate() {
            fs::write(folder.path().join(format!("token-{number}")), org.token()).unwrap();
            let token = folder.path().join(format!("token-{number}"));
            writeln!(
                file,
                "  org-{number}: {{url: '{}', apiToken: 'file:{}'}}",
                org.org_url(),
                token.display()
            )
            .unwrap();
        }
        Self {
            postgres,
            redis: redis_server::Server::start(),
            orgs,
            database,
            folder,
        }
    }

    /// A client of an org, beside the fleet.
    pub fn client(&self, org: usize) -> Client {
        Client::builder()
            .org_url(self.orgs[org].org_url())
            .api_token(self.orgs[org].token())
            .build()
            .unwrap()
    }

    /// The program with these arguments.
    pub fn program(&self, arguments: &[&str]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_fleet"));
        program
            .args(arguments)
            .env("FLEET_DATABASE_URL", self.postgres.url())
            .env("FLEET_REDIS_URL", self.redis.url().expose())
            .env("FLEET_ORGS", self.folder.path().join("fleet.yaml"))
            .env_remove("OTEL_EXPORTER_OTLP_ENDPOINT")
            .stdin(Stdio::null());
        program
    }

    /// What the program gives, which must succeed.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.program(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", words(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A file of this name in the fleet's folder.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// The fleet's folder, with `fleet.yaml`.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts a program, and kills it in the end.
    pub fn keep(&self, mut program: Command) -> Kept {
        Kept(program.spawn().unwrap())
    }

    pub fn worker(&self, name: &str, lease: u64) -> Worker {
        let lease = lease.to_string();
        let arguments = ["worker", "--name", name, "--lease", &lease];
        let log = self.folder.path().join(format!("{name}.log"));
        let written = fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(&log)
            .unwrap();
        let mut program = self.program(&arguments);
        program.stderr(written);
        Worker {
            process: self.keep(program),
            log,
        }
    }

    /// The last run of each org, once all have ended.
    pub async fn ended(&self) -> Vec<Run> {
        loop {
            let runs = self.database.runs(None).await.unwrap();
            if runs.iter().all(|run| run.state.is_over()) {
                return runs;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// A process that is killed when it is dropped.
pub struct Kept(Child);

impl Kept {
    pub fn is_running(&mut self) -> bool {
        self.0.try_wait().unwrap().is_none()
    }

    /// The first line that it prints.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        let mut output = BufReader::new(self.0.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A worker in a process of its own.
pub struct Worker {
    process: Kept,
    log: PathBuf,
}

impl Worker {
    /// Sends it a signal, such as `KILL`.
    pub fn signal(&self, signal: &str) {
        let id = self.process.0.id().to_string();
        let mut kill = Command::new("kill");
        kill.args([&format!("-{signal}"), &id]);
        assert!(kill.status().unwrap().success());
    }

    /// Waits for its end; how it ended. The orgs of this process answer meanwhile.
    pub async fn wait(&mut self) -> ExitStatus {
        loop {
            if let Some(status) = self.process.0.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

/// What a program said.
pub fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}
