//! Lists that come in pages.

mod body;
mod cursor;
mod signed;
mod walk;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::stream::{BoxStream, Stream, StreamExt};
use http::HeaderMap;
use reqwest::Request;

pub use self::cursor::Cursor;
pub use self::signed::{CursorKey, SignedCursor};
use self::walk::{Page, Walk};
use crate::{Call, Error, Pipeline, RawResponse};

impl Pipeline {
    /// Walks a list from the page that `first` asks for to its end. Each page is a call of its
    /// own, with its own deadline and retries.
    pub fn pages(&self, first: Request, call: Call) -> PageStream {
        PageStream::new(Walk::new(self.clone(), first, call))
    }

    /// Walks on from a cursor that [`PageStream::cursor`] gave, in this or an earlier process.
    ///
    /// # Errors
    /// An argument error if the cursor is not one.
    pub fn pages_from(&self, cursor: &Cursor, call: Call) -> Result<PageStream, Error> {
        Ok(self.pages(cursor.request(self.org_url())?, call))
    }
}

/// The pages of a list, as a stream of raw responses.
///
/// Nothing is sent until it is polled. It follows `rel="next"` of the `Link` headers as it is
/// written, or `_links.next.href` of the body where there is no such header, through empty pages
/// to the end. An error ends the stream, and the cursor stays at the page that failed. A thousand
/// empty pages in a row are an error, and so is the page after 100,000: a list that is longer is
/// read on from its cursor.
///
/// Source: <https://developer.okta.com/docs/reference/core-okta-api/#pagination>
#[must_use = "streams do nothing unless polled"]
pub struct PageStream {
    pages: Pages,
    cursor: Option<Cursor>,
}

enum Pages {
    NotStarted { walk: Box<Walk>, ahead: usize },
    Running(BoxStream<'static, Result<Page, Error>>),
    Ended,
}

impl PageStream {
    fn new(walk: Walk) -> Self {
        let cursor = walk.cursor();
        Self {
            pages: Pages::NotStarted {
                walk: Box::new(walk),
                ahead: 0,
            },
            cursor,
        }
    }

    /// Fetches up to `pages` pages ahead, in a task on the current tokio runtime that ends with
    /// this stream. 0, the default, fetches a page when it is asked for; more than 64 count as 64.
    /// To be set before the first page is taken; it changes nothing afterwards.
    ///
    /// The stream holds (`pages` + 1) bodies at most, each no longer than
    /// [`PipelineBuilder::max_response_bytes`](crate::PipelineBuilder::max_response_bytes).
    pub fn prefetch(mut self, pages: usize) -> Self {
        if let Pages::NotStarted { ahead, .. } = &mut self.pages {
            *ahead = pages;
        }
        self
    }

    /// Headers that go with the request of each page. To be set before the first page is taken;
    /// it changes nothing afterwards.
    pub fn headers(mut self, headers: &HeaderMap) -> Self {
        if let Pages::NotStarted { walk, .. } = &mut self.pages {
            walk.set_headers(headers);
        }
        self
    }

    /// Where to go on: the first page that has not been taken from this stream, however many
    /// were fetched ahead. `None` after the last page, and before the first one if that is not
    /// asked for with `GET`.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.cursor.clone()
    }
}

impl Stream for PageStream {
    type Item = Result<RawResponse, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Pages::NotStarted { .. } = this.pages
            && let Pages::NotStarted { walk, ahead } =
                std::mem::replace(&mut this.pages, Pages::Ended)
        {
            this.pages = Pages::Running(match ahead {
                0 => walk.on_demand(),
                _ => walk.ahead(ahead),
            });
        }
        let Pages::Running(pages) = &mut this.pages else {
            return Poll::Ready(None);
        };
        Poll::Ready(match ready!(pages.poll_next_unpin(cx)) {
            Some(Ok(page)) => {
                this.cursor = page.next;
                Some(Ok(page.response))
            }
            ended => {
                this.pages = Pages::Ended;
                ended.map(|result| result.map(|page| page.response))
            }
        })
    }
}

impl fmt::Debug for PageStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageStream")
            .field("ended", &matches!(self.pages, Pages::Ended))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
