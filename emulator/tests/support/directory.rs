//! A directory that an org is kept in.
#![allow(dead_code, reason = "each test program uses its own part")]

use std::path::{Path, PathBuf};

use chrono::DateTime;
use okta_emulator::{Builder, Clock, Emulator};

use crate::support::oauth::Flow;

/// A directory that is gone at the end.
pub struct Directory(PathBuf);

impl Directory {
    pub fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let path = folder.join(format!("{}-data-{name}", std::process::id()));
        drop(std::fs::remove_dir_all(&path));
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A port that is free at present. Issuers have it in them, so that both starts need the same.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

pub fn builder(directory: &Directory, port: u16) -> Builder {
    let start = DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z").unwrap();
    let builder = Emulator::builder().clock(Clock::fixed(start.to_utc()));
    builder.port(port).data(directory.path())
}

/// A flow with an emulator that is kept.
pub async fn flow(directory: &Directory, port: u16) -> Flow {
    Flow::with(builder(directory, port)).await
}
