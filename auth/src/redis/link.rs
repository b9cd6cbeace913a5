//! The connection itself, replaced when it would stay broken.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, IntoConnectionInfo, ProtocolVersion, RedisResult};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::failure;
use crate::{Error, Secret};

/// The longest that making a connection may take.
const CONNECT: Duration = Duration::from_secs(2);

/// The longest that an answer may take once there is a connection.
const ANSWER: Duration = Duration::from_millis(500);

/// The longest that a command may take, also with a connection that was made with other settings.
const COMMAND: Duration = Duration::from_secs(3);

pub(super) struct Link {
    /// Makes another connection; `None` if the caller made this one.
    client: Option<Client>,
    current: Mutex<End>,
}

/// This end of a connection.
#[derive(Clone)]
pub(super) struct End {
    pub(super) manager: ConnectionManager,
    /// How many connections there were before.
    pub(super) number: u64,
}

impl Link {
    pub(super) fn open(url: &Secret) -> Result<Self, Error> {
        let client = client(url.expose()).map_err(|_| failure::of_url(url.expose()))?;
        if Handle::try_current().is_err() {
            return Err(Error::configuration(
                "Redis is asked by tasks of tokio; open the connection inside of a tokio runtime",
            ));
        }
        let manager = manager(&client).map_err(|_| failure::of_url(url.expose()))?;
        Ok(Self {
            client: Some(client),
            ..Self::of(manager)
        })
    }

    pub(super) fn of(manager: ConnectionManager) -> Self {
        Self {
            client: None,
            current: Mutex::new(End { manager, number: 0 }),
        }
    }

    pub(super) fn end(&self) -> End {
        self.current().clone()
    }

    /// Waits for the answer of a command that was sent over the connection with this number.
    pub(super) async fn settle<T>(
        &self,
        number: u64,
        answer: impl Future<Output = RedisResult<T>>,
    ) -> Result<T, Error> {
        let answer = timeout(COMMAND, answer).await;
        let is_lost = match &answer {
            Ok(answer) => answer.as_ref().is_err_and(failure::ends_connection),
            Err(_) => true,
        };
        if is_lost {
            self.replace(number);
        }
        answer
            .map_err(|_| Error::timeout("Redis did not answer in time"))?
            .map_err(|error| failure::of_command(&error))
    }

    /// The manager itself connects again when a connection has ended, but keeps one that was
    /// refused or whose server is gone without a word, and hands out its last failure once more.
    fn replace(&self, number: u64) {
        let Some(client) = &self.client else {
            return;
        };
        let mut current = self.current();
        if current.number == number
            && let Ok(manager) = manager(client)
        {
            let number = number.wrapping_add(1);
            *current = End { manager, number };
        }
    }

    fn current(&self) -> MutexGuard<'_, End> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn client(url: &str) -> RedisResult<Client> {
    let info = url.into_connection_info()?;
    if url.contains("protocol=") {
        return Client::open(info);
    }
    // With the newer protocol the manager sees at once that a connection has ended, and the next
    // command does not fail for that.
    let settings = info.redis_settings().clone();
    let settings = settings.set_protocol(ProtocolVersion::RESP3);
    Client::open(info.set_redis_settings(settings))
}

fn manager(client: &Client) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(ANSWER))
        // Whoever waits is told, and the next command tries again.
        .set_number_of_retries(0);
    ConnectionManager::new_lazy_with_config(client.clone(), config)
}
