//! Lists as streams: every item, or page by page.

mod calls;
mod walk;

use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::{Stream, StreamExt, TryStreamExt};
use http::{HeaderMap, Method, StatusCode};
use okta_auth::{Call, Cursor, RawResponse};

pub(crate) use self::walk::Walk;
use crate::Error;
use crate::codec::{DecodeError, Element, Elements, Strictness};
use crate::output::decode_error;

/// Decodes the next item of a page.
pub(crate) type NextItem<I> = fn(&mut Elements, &mut Option<I>) -> Option<Element<()>>;

/// A page that breaks off is asked for so often in a row.
const MOST_READINGS: u32 = 3;

/// One page of a list.
///
/// A list is not awaited, so that its first page cannot be taken for all of it:
///
/// ```compile_fail,E0277
/// # async fn run(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
/// let users = okta.users().list().await?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Page<I> {
    /// Its items. One that cannot be decoded is an error with its JSON path and raw JSON.
    pub items: Vec<Result<I, Error>>,
    /// Status of the answer.
    pub status: StatusCode,
    /// Headers of the answer.
    pub headers: HeaderMap,
    /// Where the next page is; `None` on the last one.
    pub cursor: Option<Cursor>,
}

impl<I> Page<I> {
    /// Its items by themselves.
    ///
    /// # Errors
    /// That of the first item that cannot be decoded.
    pub fn into_items(self) -> Result<Vec<I>, Error> {
        self.items.into_iter().collect()
    }
}

impl<I> IntoIterator for Page<I> {
    type Item = Result<I, Error>;
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

/// The pages of a list. Nothing is sent until it is polled.
///
/// It follows Okta's `rel="next"` links through empty pages to the end. An error that concerns a
/// whole page ends the stream, and the cursor stays at that page.
#[must_use = "streams do nothing unless polled"]
pub struct Pages<I> {
    walk: Walk,
    next_item: NextItem<I>,
    property: Option<Cow<'static, str>>,
    cursor: Option<Cursor>,
    ended: bool,
    /// How often the page at the cursor broke off, and how many of its items were given.
    breaks: u32,
    given: usize,
}

impl<I> Pages<I> {
    pub(crate) fn new(
        walk: Walk,
        next_item: NextItem<I>,
        property: Option<Cow<'static, str>>,
    ) -> Self {
        let cursor = walk.cursor();
        Self {
            walk,
            next_item,
            property,
            cursor,
            ended: false,
            breaks: 0,
            given: 0,
        }
    }

    /// Starts at a page that an earlier stream of this operation gave as its cursor. To be
    /// called before the first page is taken, and before [`prefetch`](Self::prefetch).
    pub fn resume(mut self, cursor: &Cursor) -> Self {
        self.walk.resume(cursor);
        self.cursor = self.walk.cursor();
        self
    }

    /// Fetches up to `count` pages before they are asked for, 64 at most. Default 0. To be called
    /// before the first page is taken.
    ///
    /// The stream then holds (`count` + 1) bodies at most, each within
    /// [`max_response_bytes`](crate::ClientBuilder::max_response_bytes), and the items of one page.
    pub fn prefetch(mut self, count: usize) -> Self {
        self.walk.prefetch(count);
        self
    }

    /// The next page; `None` at the end.
    ///
    /// Dropping the future loses nothing: the page comes with the next call.
    pub async fn next(&mut self) -> Option<Result<Page<I>, Error>> {
        StreamExt::next(self).await
    }

    /// The next page, or the error that came instead; `None` at the end.
    ///
    /// # Errors
    /// As those of the stream.
    pub async fn try_next(&mut self) -> Result<Option<Page<I>>, Error> {
        TryStreamExt::try_next(self).await
    }

    /// All pages that are left, in a `Vec` or another collection.
    ///
    /// # Errors
    /// The first failure ends it; an item that cannot be read is an error in its page.
    pub async fn try_collect<C: Default + Extend<Page<I>>>(self) -> Result<C, Error> {
        TryStreamExt::try_collect(self).await
    }

    /// Where to go on: the first page that this stream has not given. `None` at the end.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.cursor.clone()
    }

    /// The next page, its items not decoded yet. The cursor stays before it.
    fn poll_open(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<OpenPage<I>, Error>>> {
        loop {
            if self.ended {
                return Poll::Ready(None);
            }
            let Some(response) = ready!(self.walk.poll_next(context)) else {
                self.ended = true;
                self.cursor = None;
                return Poll::Ready(None);
            };
            let error = match response.map(|response| self.open(response)) {
                Ok(Ok(page)) => return Poll::Ready(Some(Ok(page))),
                Ok(Err(broken)) if broken.malformed && self.ask_again(self.given) => continue,
                Ok(Err(broken)) => broken.error,
                Err(error) => error,
            };
            self.ended = true;
            return Poll::Ready(Some(Err(error)));
        }
    }

    /// A page from the first item on that was not given yet.
    fn open(&self, response: RawResponse) -> Result<OpenPage<I>, Broken> {
        let strictness = self.walk.client.strictness();
        let property = self.property.as_deref();
        OpenPage::new(
            response,
            property,
            strictness,
            self.next_item,
            self.walk.call,
        )
        .and_then(|page| page.past(self.given))
    }

    /// Gets ready to ask for the page at the cursor once more, of which so many items were given,
    /// unless it broke off too often.
    fn ask_again(&mut self, given: usize) -> bool {
        self.breaks += 1;
        let Some(cursor) = self.cursor.clone() else {
            return false;
        };
        if self.breaks >= MOST_READINGS {
            return false;
        }
        self.given = given;
        self.walk.resume(&cursor);
        true
    }

    /// Moves the cursor past the page that was opened last.
    fn advance(&mut self) {
        self.cursor = self.walk.cursor();
        self.breaks = 0;
        self.given = 0;
    }
}

impl<I> Stream for Pages<I> {
    type Item = Result<Page<I>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let mut page = match ready!(self.poll_open(context)) {
                Some(Ok(page)) => page,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            match std::iter::from_fn(|| page.next_item()).collect() {
                Ok(items) => {
                    self.advance();
                    return Poll::Ready(Some(Ok(Page {
                        items,
                        status: page.response.status,
                        headers: page.response.headers,
                        cursor: self.cursor.clone(),
                    })));
                }
                Err(_) if self.ask_again(0) => {}
                Err(error) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

/// A page that cannot be read on.
struct Broken {
    error: Error,
    /// Whether another copy of the page may be better.
    malformed: bool,
}

/// A page whose items are decoded as they are taken.
struct OpenPage<I> {
    elements: Elements,
    next_item: NextItem<I>,
    call: Call,
    /// Without its body.
    response: RawResponse,
}

impl<I> OpenPage<I> {
    fn new(
        mut response: RawResponse,
        property: Option<&str>,
        strictness: Strictness,
        next_item: NextItem<I>,
        call: Call,
    ) -> Result<Self, Broken> {
        let body = std::mem::take(&mut response.body);
        match Elements::open(body, property, strictness) {
            Ok(elements) => Ok(Self {
                elements,
                next_item,
                call,
                response,
            }),
            Err(error) => Err(Broken {
                malformed: error.malformed,
                error: named(error, &response, &call),
            }),
        }
    }

    fn past(mut self, index: usize) -> Result<Self, Broken> {
        match self.elements.pass_over(index) {
            Ok(()) => Ok(self),
            Err(error) => Err(Broken {
                malformed: error.malformed,
                error: named(error, &self.response, &self.call),
            }),
        }
    }

    /// Leaves the next item in `slot`; the outer error is that there is no reading on.
    fn next(&mut self, slot: &mut Option<I>) -> Option<Result<Result<(), Error>, Error>> {
        let name = |error| named(error, &self.response, &self.call);
        let item = (self.next_item)(&mut self.elements, slot)?;
        Some(item.map(|item| item.map_err(name)).map_err(name))
    }

    /// The next item by itself.
    fn next_item(&mut self) -> Option<Result<Result<I, Error>, Error>> {
        let mut slot = None;
        let item = self.next(&mut slot)?;
        Some(match (item, slot) {
            (Ok(Ok(())), Some(item)) => Ok(Ok(item)),
            (Ok(Ok(())), None) => return None,
            (Ok(Err(error)), _) => Ok(Err(error)),
            (Err(error), _) => Err(error),
        })
    }
}

fn named(error: DecodeError, response: &RawResponse, call: &Call) -> Error {
    decode_error(error)
        .with_response(response)
        .with_call(call, &Method::GET)
}

impl<I> fmt::Debug for Pages<I> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pages")
            .field("operation", &self.walk.call.operation)
            .finish()
    }
}

/// The items of a list, over all its pages. Nothing is sent until it is polled, and one page is
/// in memory at a time.
///
/// An item that cannot be decoded is an error ([`Error::is_decode`]) with its raw JSON, and the
/// items after it still come. Any other error ends the stream.
#[must_use = "streams do nothing unless polled"]
pub struct Items<I> {
    pages: Pages<I>,
    /// The page that is being given out, if there is more of it. The cursor is before it then.
    page: Option<OpenPage<I>>,
}

impl<I> Items<I> {
    pub(crate) fn new(pages: Pages<I>) -> Self {
        Self { pages, page: None }
    }

    /// Starts at the page that an earlier stream of this operation gave as its cursor. To be
    /// called before the first item is taken, and before [`prefetch`](Self::prefetch).
    pub fn resume(self, cursor: &Cursor) -> Self {
        Self::new(self.pages.resume(cursor))
    }

    /// Fetches up to `count` pages before they are asked for, 64 at most. Default 0. To be called
    /// before the first item is taken. Memory is bounded as for [`Pages::prefetch`].
    pub fn prefetch(mut self, count: usize) -> Self {
        self.pages = self.pages.prefetch(count);
        self
    }

    /// Where to go on after a restart: the page of the next item. A page of which only some
    /// items were taken is begun again, so that none is missed. `None` at the end.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.pages.cursor()
    }

    /// The next item; `None` at the end.
    ///
    /// Dropping the future loses nothing: the item comes with the next call.
    pub async fn next(&mut self) -> Option<Result<I, Error>> {
        StreamExt::next(self).await
    }

    /// The next item, or the error that came instead; `None` at the end. After the error of an
    /// item the others still come.
    ///
    /// # Errors
    /// As those of the stream.
    pub async fn try_next(&mut self) -> Result<Option<I>, Error> {
        TryStreamExt::try_next(self).await
    }

    /// All items that are left, in a `Vec` or another collection.
    ///
    /// # Errors
    /// The first failure ends it, that of an item included.
    pub async fn try_collect<C: Default + Extend<I>>(self) -> Result<C, Error> {
        TryStreamExt::try_collect(self).await
    }

    /// Leaves the next item of the page that is open in `slot`.
    fn take_item(&mut self, slot: &mut Option<I>) -> Option<Result<(), Error>> {
        let page = self.page.as_mut()?;
        let item = page.next(slot);
        if let Some(Err(broken)) = item {
            let given = page.elements.taken();
            self.page = None;
            if self.pages.ask_again(given) {
                return None;
            }
            self.pages.ended = true;
            return Some(Err(broken));
        }
        if page.elements.is_empty() {
            self.page = None;
            self.pages.advance();
        }
        item?.ok()
    }
}

impl<I> Stream for Items<I> {
    type Item = Result<I, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        // Items are large: one is filled where it is given from.
        let mut slot = None;
        loop {
            match this.take_item(&mut slot) {
                Some(Ok(())) => return Poll::Ready(slot.map(Ok)),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {}
            }
            match ready!(this.pages.poll_open(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(page)) => this.page = Some(page),
            }
        }
    }
}

impl<I> fmt::Debug for Items<I> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Items")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
