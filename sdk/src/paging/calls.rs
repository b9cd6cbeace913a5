//! From a call to its list.

use std::borrow::Cow;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::{Items, NextItem, Page, Pages};
use crate::Error;
use crate::codec::{Elements, Slot};
use crate::request::{CallFuture, Prepared};

impl Prepared {
    pub(crate) fn pages<I: Slot>(self) -> Pages<I> {
        self.paged(Elements::next_in)
    }

    pub(crate) fn items<I: Slot>(self) -> Items<I> {
        Items::new(self.pages())
    }

    pub(crate) fn items_as<T: DeserializeOwned>(self) -> Items<T> {
        Items::new(self.paged(Elements::next_as))
    }

    pub(crate) fn items_raw(self) -> Items<Bytes> {
        Items::new(self.paged(Elements::next_raw))
    }

    fn paged<I>(self, next_item: NextItem<I>) -> Pages<I> {
        let property = self.list().map(Cow::Borrowed);
        Pages::new(self.walk(), next_item, property)
    }

    /// Every item; the first failure ends it.
    pub(crate) fn all<I: Slot + Send + 'static>(mut self) -> CallFuture<Vec<I>> {
        self.end_is_required();
        CallFuture::new(self.operation(), async {
            self.items().try_collect().await.map_err(explained)
        })
    }

    /// Every item, or what is wrong with it.
    pub(crate) fn all_results<I: Slot + Send + 'static>(
        mut self,
    ) -> CallFuture<Vec<Result<I, Error>>> {
        self.end_is_required();
        CallFuture::new(self.operation(), async {
            let mut pages = self.pages();
            let mut items = Vec::new();
            while let Some(page) = pages.try_next().await? {
                items.extend(page);
            }
            Ok(items)
        })
    }

    pub(crate) fn first_page<I: Slot + Send + 'static>(self) -> CallFuture<Page<I>> {
        CallFuture::new(self.operation(), async {
            let page = self.pages().try_next().await?;
            page.ok_or_else(|| Error::pagination("the list has no first page"))
        })
    }
}

/// An item that cannot be read need not end a list.
fn explained(error: Error) -> Error {
    if error.is_decode() {
        error.with_advice(
            "`all` ends at the first item that cannot be read; `all_results` gives the others",
        )
    } else {
        error
    }
}
