//! From page to page.

use std::collections::HashSet;

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
    /// Places that have been asked for.
    seen: HashSet<Cursor>,
}

impl Walk {
    pub(super) fn new(pipeline: Pipeline, first: Request, call: Call) -> Self {
        let headers = first.headers().clone();
        Self {
            pipeline,
            call,
            headers,
            next: Some(first),
            seen: HashSet::new(),
        }
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

    /// Fetches up to `pages` pages, one or more, before they are asked for.
    pub(super) fn ahead(
        mut self: Box<Self>,
        pages: usize,
    ) -> BoxStream<'static, Result<Page, Error>> {
        let Ok(runtime) = Handle::try_current() else {
            return self.on_demand();
        };
        let (sender, receiver) = mpsc::channel(pages);
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
        if method == Method::GET && !self.seen.insert(Cursor::at(request.url())) {
            return Err(Error::pagination(
                "the list leads back to a page that was read before; it would never end",
            )
            .with_call(&self.call, &method));
        }
        let response = self.pipeline.send(request, &self.call).await?;
        let failed = |error: Error| {
            error
                .with_response(&response)
                .with_call(&self.call, &method)
        };
        let next = match link::next(&response.headers, &response.url).map_err(failed)? {
            Some(url) => Some(url),
            None => body::next(&response).map_err(failed)?,
        };
        let next = next.map(|mut url| {
            url.set_fragment(None);
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
