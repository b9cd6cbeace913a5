//! A connection to Redis that several users share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use redis::aio::ConnectionManager;
use redis::{Cmd, FromRedisValue, Pipeline, ScriptInvocation, cmd};

use super::link::Link;
use crate::{Error, Secret};

/// What keys begin with.
const PREFIX: &str = "okta:";

/// A connection to Redis, which is made when it is first needed and again whenever it breaks. Cheap
/// to clone; clones share the connection.
///
/// A server that does not answer is waited for shortly: 2 seconds for a connection, half a second
/// for an answer. `Debug` shows neither the URL nor its password, and no error contains them.
#[derive(Clone)]
pub struct RedisConnection {
    link: Arc<Link>,
    prefix: Arc<str>,
}

impl RedisConnection {
    /// To the server at `url`: `redis://user:password@host:6379/0`, where user, password, port and
    /// the number of the database may be left out, or
    /// `unix:///run/redis.sock?user=…&pass=…&db=0`. Nothing is sent yet.
    ///
    /// `?protocol=resp2` is for servers and proxies that do not know Redis 6's `HELLO`.
    ///
    /// # Errors
    /// A configuration error for a URL that is none of these, for `rediss://` without a TLS library
    /// (see [the module](crate::redis)), and outside of a tokio runtime.
    pub fn open(url: &Secret) -> Result<Self, Error> {
        Link::open(url).map(Self::over)
    }

    /// Over a connection of your own, with its settings: to Redis with TLS and certificates, or
    /// behind Sentinel. Every command ends after 3 seconds, whatever these settings are.
    #[must_use]
    pub fn with_manager(manager: ConnectionManager) -> Self {
        Self::over(Link::of(manager))
    }

    fn over(link: Link) -> Self {
        Self {
            link: Arc::new(link),
            prefix: PREFIX.into(),
        }
    }

    /// What the keys of this connection begin with, so that several applications can share a
    /// server. Default `okta:`.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into().into();
        self
    }

    /// The key of what is called `name` among those of one kind, for a store of your own over this
    /// connection.
    #[must_use]
    pub fn key(&self, kind: &str, name: &str) -> String {
        format!("{}{kind}:{name}", self.prefix)
    }

    pub(super) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, Error> {
        let mut end = self.link.end();
        let answer = command.query_async(&mut end.manager);
        self.link.settle(end.number, answer).await
    }

    /// Sets `key` for `life`, unless it is set; true if it was not.
    pub(super) async fn claim(
        &self,
        key: String,
        value: &str,
        life: Duration,
    ) -> Result<bool, Error> {
        let mut command = cmd("SET");
        command.arg(key).arg(value).arg("NX");
        command.arg("PX").arg(milliseconds(life));
        let stored: Option<String> = self.ask(&command).await?;
        Ok(stored.is_some())
    }

    /// All commands at once, or none of them.
    pub(super) async fn ask_all<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, Error> {
        let mut end = self.link.end();
        let answer = commands.query_async(&mut end.manager);
        self.link.settle(end.number, answer).await
    }

    /// Runs a script, which Redis is given when it does not have it.
    ///
    /// # Errors
    /// If Redis cannot be reached, refuses the script, or does not answer in time.
    pub async fn evaluate<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, Error> {
        let mut end = self.link.end();
        let answer = script.invoke_async(&mut end.manager);
        self.link.settle(end.number, answer).await
    }
}

/// A time to live as Redis takes it: whole milliseconds, rounded up, at least one.
pub(super) fn milliseconds(life: Duration) -> u64 {
    let whole = life.as_nanos().div_ceil(1_000_000).max(1);
    u64::try_from(whole).unwrap_or(u64::MAX)
}

impl fmt::Debug for RedisConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisConnection")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn nothing_shows_the_password() {
        let url = "redis://worker:hunter2@localhost:6379/3".into();
        let connection = RedisConnection::open(&url).unwrap().prefix("acme:");
        let text = format!("{connection:?} {connection:#?}");
        assert!(
            text.contains("acme:") && !text.contains("hunter2"),
            "{text}"
        );
        assert_eq!(connection.key("token", "n"), "acme:token:n");
        for wrong in [
            "redis://:hunter2@localhost:port",
            "redis://:hunter2@localhost/first",
            "redis://:hunter2@localhost?protocol=hunter2",
            "http://:hunter2@localhost",
            "hunter2",
            "",
        ] {
            let error = RedisConnection::open(&wrong.into()).unwrap_err();
            assert!(error.is_configuration(), "{wrong}");
            let text = format!("{error} {error:?}");
            assert!(text.contains("redis://user"), "{text}");
            assert!(!text.contains("hunter2"), "{text}");
        }
    }

    #[tokio::test]
    async fn a_url_with_tls_says_what_is_missing() {
        let url = "rediss://:hunter2@localhost".into();
        let error = RedisConnection::open(&url).unwrap_err().to_string();
        assert!(error.contains("tokio-rustls-comp"), "{error}");
    }

    #[test]
    fn outside_of_a_runtime_it_is_an_error_and_no_panic() {
        let error = RedisConnection::open(&"redis://localhost".into()).unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert!(error.to_string().contains("tokio"), "{error}");
    }
}
