//! From page to page.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use http::{HeaderMap, Method};
use reqwest::Request;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::Instrument;

use super::{Cursor, body};
use crate::http::link;
use crate::{Call, Error, Pipeline, RawResponse};

/// Pages of one list. A server that makes up cursors without end is stopped there.
const MOST_PAGES: usize = 100_000;

/// Pages without an item in a row. A search over what is rare has some.
const MOST_EMPTY: u32 = 1_000;

/// Pages that are fetched ahead.
const MOST_AHEAD: usize = 64;

/// One page, and where the next one is.
pub(super) struct Page {
    pub(super) response: RawResponse,
    pub(super) next: Option<Cursor>,
}

/// A list that is being read, one page after the other.
pub(super) struct Walk {
    pipeline: Pipeline,
    call: Call,
    /// Headers of the first request, which go with each.
    headers: HeaderMap,
    next: Option<Request>,
    seen: Seen,
    /// Pages without an item, in a row.
    empty: u32,
    most_pages: usize,
}

/// Places that have been asked for: hashes of their cursors with a random key, for a cursor may
/// have some kilobytes. That two of a million are alike by chance is as likely as one in 37
/// million.
#[derive(Default)]
struct Seen {
    hashes: HashSet<u64>,
    key: RandomState,
}

impl Seen {
    /// Remembers a place; false if it is known.
    fn insert(&mut self, place: &Cursor) -> bool {
        self.hashes.insert(self.key.hash_one(place))
    }
}

impl Walk {
    pub(super) fn new(pipeline: Pipeline, first: Request, call: Call) -> Self {
        let headers = first.headers().clone();
        Self {
            pipeline,
            call,
            headers,
            next: Some(first),
            seen: Seen::default(),
            empty: 0,
            most_pages: MOST_PAGES,
        }
    }

    /// Another maximum than [`MOST_PAGES`].
    #[cfg(test)]
    pub(super) fn limit_pages(&mut self, pages: usize) {
        self.most_pages = pages;
    }

    /// Replaces the headers that go with each request.
    pub(super) fn set_headers(&mut self, headers: &HeaderMap) {
        self.headers.clone_from(headers);
        if let Some(next) = &mut self.next {
            next.headers_mut().clone_from(headers);
        }
    }

    /// The next place to ask for.
    pub(super) fn cursor(&self) -> Option<Cursor> {
        self.next
            .as_ref()
            .filter(|request| request.method() == Method::GET)
            .map(|request| Cursor::at(request.url()))
    }

    /// Fetches each page when it is asked for.
    pub(super) fn on_demand(self: Box<Self>) -> BoxStream<'static, Result<Page, Error>> {
        stream::unfold(self, |mut walk| async {
            let page = walk.step().await?;
            Some((page, walk))
        })
        .boxed()
    }

    /// Fetches up to `pages` pages, from one to 64, before they are asked for.
    pub(super) fn ahead(
        mut self: Box<Self>,
        pages: usize,
    ) -> BoxStream<'static, Result<Page, Error>> {
        let Ok(runtime) = Handle::try_current() else {
            return self.on_demand();
        };
        let (sender, receiver) = mpsc::channel(pages.clamp(1, MOST_AHEAD));
        let task = async move {
            // A place in the channel is had before the page is fetched, so that no more are
            // ahead than were asked for. `None` marks the end.
            while let Ok(place) = sender.reserve().await {
                let page = self.step().await;
                let ended = page.is_none();
                place.send(page);
                if ended {
                    break;
                }
            }
        };
        let reader = Ahead {
            receiver,
            task: runtime.spawn(task.in_current_span()),
        };
        stream::unfold(reader, |mut reader| async {
            // A channel that closes without the mark is a task that was killed: a list must
            // not look complete then.
            let page = reader.receiver.recv().await.unwrap_or_else(|| {
                Some(Err(Error::pagination(
                    "the task that fetches pages ahead was stopped",
                )))
            })?;
            Some((page, reader))
        })
        .boxed()
    }

    /// The next page; after an error, none.
    async fn step(&mut self) -> Option<Result<Page, Error>> {
        let request = self.next.take()?;
        Some(self.fetch(request).await)
    }

    async fn fetch(&mut self, request: Request) -> Result<Page, Error> {
        let method = request.method().clone();
        self.remember(&request)
            .map_err(|error| error.with_call(&self.call, &method))?;
        let response = self.pipeline.send(request, &self.call).await?;
        let call = self.call;
        let failed = |error: Error| error.with_response(&response).with_call(&call, &method);
        let next = match link::next(&response.headers, &response.url).map_err(failed)? {
            Some(url) => Some(url),
            None => body::next(&response).map_err(failed)?,
        };
        self.count(&response, next.is_some()).map_err(failed)?;
        let next = next.map(|url| {
            let mut request = Request::new(Method::GET, url);
            request.headers_mut().clone_from(&self.headers);
            request
        });
        // Whatever was said of repeating the first request, the others are `GET`.
        self.call.idempotent = None;
        self.next = next;
        let next = self.cursor();
        Ok(Page { response, next })
    }

    /// Takes note of the place that is asked for next.
    fn remember(&mut self, request: &Request) -> Result<(), Error> {
        if self.seen.hashes.len() >= self.most_pages {
            return Err(Error::pagination(format!(
                "the list has more than {} pages; go on from the cursor, if it is no mistake",
                self.most_pages
            )));
        }
        if request.method() == Method::GET && !self.seen.insert(&Cursor::at(request.url())) {
            return Err(Error::pagination(
                "the list leads back to a page that was read before; it would never end",
            ));
        }
        Ok(())
    }

    /// Takes note of whether the page has an item.
    fn count(&mut self, page: &RawResponse, has_next: bool) -> Result<(), Error> {
        self.empty = match body::is_empty(&page.body) {
            true => self.empty + 1,
            false => 0,
        };
        if has_next && self.empty >= MOST_EMPTY {
            return Err(Error::pagination(format!(
                "{MOST_EMPTY} pages in a row are empty, and there is another one"
            )));
        }
        Ok(())
    }
}

struct Ahead {
    receiver: mpsc::Receiver<Option<Result<Page, Error>>>,
    task: JoinHandle<()>,
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.task.abort();
    }
}
