//! The system log: a range of it, and what is being added to it.

use std::collections::HashSet;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use std::vec;

use futures::stream::{BoxStream, Stream, StreamExt, TryStreamExt};
use okta_auth::Cursor;

use crate::models::{LogEvent, Timestamp};
use crate::request::Prepared;
use crate::resources::{ListLogEvents, SystemLog};
use crate::{Error, Page};

impl SystemLog {
    /// The events from `since` up to `until`, oldest first: a list that ends. Times are RFC 3339
    /// text or `chrono::DateTime<Utc>`.
    ///
    /// ```no_run
    /// # async fn run(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    /// let mut events = okta
    ///     .system_log()
    ///     .range("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    ///     .stream();
    /// while let Some(event) = events.try_next().await? {
    ///     println!("{:?} {:?}", event.published, event.event_type);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn range(&self, since: impl Into<Timestamp>, until: impl Into<Timestamp>) -> ListLogEvents {
        self.list()
            .since(since.into().to_string())
            .until(until.into().to_string())
    }

    /// Every event from seven days back on, and then what is added, asked for `every` so often.
    /// See [`ListLogEvents::tail`] for another start or a filter.
    pub fn tail(&self, every: Duration) -> Tail {
        self.list().tail(every)
    }
}

impl ListLogEvents {
    /// The events that this call gives, and then what is added to the log: a stream that does
    /// not end. After an answer with nothing new it waits for `every`; rate limits hold it back
    /// like any other call.
    ///
    /// With `until` or `sort_order` set it fails at once, since the log is then not followed.
    pub fn tail(self, every: Duration) -> Tail {
        Tail::new(self.0, every)
    }
}

/// Events of the system log as they are added.
///
/// An event that comes twice, as it may where two answers meet, is given once. After an error the
/// stream goes on at the same place when it is polled again, having waited.
///
/// Source: <https://developer.okta.com/docs/reference/system-log-query/>
#[must_use = "streams do nothing unless polled"]
pub struct Tail {
    polls: BoxStream<'static, Result<News, Error>>,
    page: vec::IntoIter<Result<LogEvent, Error>>,
    /// Where the events that are being given out are.
    at: Option<Cursor>,
    next: Option<Cursor>,
}

/// What one poll brought.
struct News {
    events: Vec<Result<LogEvent, Error>>,
    next: Option<Cursor>,
}

impl Tail {
    fn new(request: Prepared, every: Duration) -> Self {
        Self::follow(Follower::new(request, every))
    }

    fn follow(follower: Follower) -> Self {
        let at = follower.place.clone();
        let polls = futures::stream::unfold(follower, |mut follower| async {
            let news = follower.poll().await?;
            Some((news, follower))
        });
        Self {
            polls: polls.boxed(),
            page: Vec::new().into_iter(),
            next: at.clone(),
            at,
        }
    }

    /// The next event, which may be long in coming; `None` if the call cannot be made.
    ///
    /// Dropping the future loses nothing: the event comes with the next call.
    pub async fn next(&mut self) -> Option<Result<LogEvent, Error>> {
        StreamExt::next(self).await
    }

    /// The next event, or the error that came instead.
    ///
    /// # Errors
    /// As those of the stream.
    pub async fn try_next(&mut self) -> Result<Option<LogEvent>, Error> {
        TryStreamExt::try_next(self).await
    }

    /// Where to go on after a restart, for [`ListLogEvents::tail_from`]: no event is missed, and
    /// some may come again. `None` before the first answer.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        if self.page.len() > 0 {
            self.at.clone()
        } else {
            self.next.clone()
        }
    }
}

impl ListLogEvents {
    /// As [`tail`](Self::tail), from a place that an earlier one gave as its cursor.
    pub fn tail_from(self, cursor: &Cursor, every: Duration) -> Tail {
        let mut follower = Follower::new(self.0, every);
        follower.place = Some(cursor.clone());
        Tail::follow(follower)
    }
}

impl Stream for Tail {
    type Item = Result<LogEvent, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.page.next() {
                return Poll::Ready(Some(event));
            }
            match ready!(self.polls.poll_next_unpin(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(news)) => {
                    self.at = std::mem::replace(&mut self.next, news.next);
                    self.page = news.events.into_iter();
                }
            }
        }
    }
}

impl fmt::Debug for Tail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Tail")
            .field("cursor", &self.cursor())
            .finish_non_exhaustive()
    }
}

/// Asks for what is new, again and again.
struct Follower {
    /// The first request; `None` once it turned out that it cannot be made.
    first: Option<Prepared>,
    every: Duration,
    /// Where to ask next; the first request while there is no place yet.
    place: Option<Cursor>,
    idle: bool,
    /// Events of the last answer and of the one before.
    seen: [HashSet<String>; 2],
}

impl Follower {
    fn new(request: Prepared, every: Duration) -> Self {
        Self {
            first: Some(request),
            every,
            place: None,
            idle: false,
            seen: Default::default(),
        }
    }

    async fn poll(&mut self) -> Option<Result<News, Error>> {
        let request = match self.first.take()?.repeated(&["until", "sortOrder"]) {
            Ok((request, kept)) => {
                self.first = Some(kept);
                request
            }
            Err(error) => return Some(Err(error)),
        };
        if self.idle {
            tokio::time::sleep(self.every).await;
        }
        self.idle = true;
        let mut pages = request.pages::<LogEvent>();
        if let Some(place) = &self.place {
            pages = pages.resume(place);
        }
        Some(match pages.next().await? {
            Ok(page) => Ok(self.news(page)),
            Err(error) => Err(error),
        })
    }

    fn news(&mut self, page: Page<LogEvent>) -> News {
        let mut events = page.items;
        let ids: Vec<Option<String>> = events.iter().map(id).collect();
        let mut ids_left = ids.iter();
        events.retain(|_| match ids_left.next() {
            Some(Some(id)) => !self.seen.iter().any(|seen| seen.contains(id)),
            _ => true,
        });
        if !events.is_empty() {
            self.idle = false;
            let now = ids.into_iter().flatten().collect();
            self.seen = [now, std::mem::take(&mut self.seen[0])];
        }
        if page.cursor.is_some() {
            self.place = page.cursor;
        }
        News {
            events,
            next: self.place.clone(),
        }
    }
}

/// What tells events apart, also of one that could not be decoded: its id, or else its bytes.
fn id(event: &Result<LogEvent, Error>) -> Option<String> {
    match event {
        Ok(event) => event.uuid.clone(),
        Err(error) => {
            let raw = error.raw()?;
            let event = serde_json::from_slice::<LogEvent>(raw).ok();
            event
                .and_then(|event| event.uuid)
                .or_else(|| Some(String::from_utf8_lossy(raw).into_owned()))
        }
    }
}
