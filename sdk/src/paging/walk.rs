//! From page to page of one list, and of no other.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;
use http::{HeaderMap, Method};
use okta_auth::{Call, Cursor, PageStream, RawResponse, link};

use crate::{Client, Error, raw};

/// A list whose pages are not decoded yet.
pub(crate) struct Walk {
    pub(super) client: Client,
    pub(super) call: Call,
    headers: HeaderMap,
    /// Path of the first request.
    path: String,
    ahead: usize,
    pages: Opened,
}

enum Opened {
    Pages(PageStream),
    Failed(Error),
    Ended,
}

impl Walk {
    pub(crate) fn new(
        client: Client,
        call: Call,
        request: Result<reqwest::Request, Error>,
    ) -> Self {
        let (headers, path, pages) = match request {
            Ok(request) => (
                request.headers().clone(),
                request.url().path().to_owned(),
                Opened::Pages(client.pipeline().pages(request, call)),
            ),
            Err(error) => (HeaderMap::new(), String::new(), Opened::Failed(error)),
        };
        Self {
            client,
            call,
            headers,
            path,
            ahead: 0,
            pages,
        }
    }

    pub(super) fn resume(&mut self, cursor: &Cursor) {
        if matches!(self.pages, Opened::Failed(_)) {
            // The call cannot be made, wherever it starts.
            return;
        }
        self.pages = match self.pages_from(cursor) {
            Ok(pages) => Opened::Pages(pages.headers(&self.headers).prefetch(self.ahead)),
            Err(error) => Opened::Failed(self.named(error)),
        };
    }

    /// The list from a place on, which has to be a place in this list: a cursor from elsewhere
    /// would read anything with the org's credentials.
    fn pages_from(&self, cursor: &Cursor) -> Result<PageStream, Error> {
        let place = cursor.to_string();
        let path = place.split_once('?').map_or(&*place, |(path, _)| path);
        if !link::is_same_list(&self.path, path) {
            return Err(Error::invalid_argument(
                "cursor",
                "is of another list; resume the call that gave it, with the same path parameters",
            ));
        }
        self.client.pipeline().pages_from(cursor, self.call)
    }

    fn named(&self, error: Error) -> Error {
        let error = error.with_call(&self.call, &Method::GET);
        if self.call.operation == raw::OPERATION {
            error.with_path(&*self.path)
        } else {
            error
        }
    }

    pub(super) fn prefetch(&mut self, count: usize) {
        self.ahead = count;
        self.pages = match std::mem::replace(&mut self.pages, Opened::Ended) {
            Opened::Pages(pages) => Opened::Pages(pages.prefetch(count)),
            other => other,
        };
    }

    pub(super) fn cursor(&self) -> Option<Cursor> {
        match &self.pages {
            Opened::Pages(pages) => pages.cursor(),
            Opened::Failed(_) | Opened::Ended => None,
        }
    }

    pub(super) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<RawResponse, Error>>> {
        if let Opened::Pages(pages) = &mut self.pages {
            let page = ready!(Pin::new(pages).poll_next(context));
            return Poll::Ready(page.map(|page| page.map_err(|error| self.named(error))));
        }
        Poll::Ready(match std::mem::replace(&mut self.pages, Opened::Ended) {
            Opened::Failed(error) => Some(Err(error)),
            Opened::Pages(_) | Opened::Ended => None,
        })
    }
}
