//! What all calls have alike.

/// What every call has: `call!(GetUser, Operation::new("getUser", …));`
#[allow(unused_macros)] // if no feature is on
macro_rules! call {
    ($call:ident, $operation:expr) => {
        impl $call {
            /// What is known of the operation.
            pub const OPERATION: &'static $crate::Operation = &$operation;

            /// OAuth 2.0 scopes, any one of which allows the call.
            pub const SCOPES: &'static [&'static str] = Self::OPERATION.scopes;

            /// Limits the whole call, with its retries and waits, to `timeout`; each page of a
            /// list is a call. It replaces the client's.
            #[inline]
            pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
                self.0.timeout(timeout);
                self
            }

            /// Says whether the request may be sent again after it may have arrived. Without
            /// this, all but `POST` and `PATCH` may.
            #[inline]
            pub fn idempotent(mut self, idempotent: bool) -> Self {
                self.0.idempotent(idempotent);
                self
            }

            /// Sets a header; an earlier value of that name gives way. A value with characters
            /// that no header may have makes the call fail before it is sent.
            #[inline]
            pub fn header(mut self, name: $crate::HeaderName, value: impl AsRef<str>) -> Self {
                self.0.insert(name, value.as_ref());
                self
            }

            /// Sends it and gives the answer undecoded; of a list, the first page.
            ///
            /// # Errors
            /// What the call gives, but for decoding.
            #[inline]
            pub fn raw(self) -> $crate::CallFuture<$crate::RawResponse> {
                self.0.raw()
            }
        }

        impl std::fmt::Debug for $call {
            #[inline]
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                // Parameters may hold personal data, bodies secrets.
                formatter.write_str(stringify!($call))
            }
        }
    };
}

/// A call that is awaited: `awaited!(GetUser => models::User, Operation::new(…));`
#[allow(unused_macros)] // if no feature is on
macro_rules! awaited {
    ($call:ident => $output:ty, $operation:expr) => {
        $crate::call::call!($call, $operation);

        impl $call {
            /// Sends it and gives the value with status, headers and request id.
            #[inline]
            pub fn send(self) -> $crate::CallFuture<$crate::Response<$output>> {
                self.0.send()
            }
        }

        impl std::future::IntoFuture for $call {
            type Output = Result<$output, $crate::Error>;
            type IntoFuture = $crate::CallFuture<$output>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                self.0.value()
            }
        }
    };
}

/// A call that gives a list, by its items: `listed!(ListUsers => models::User, Operation::new(…));`
#[allow(unused_macros)] // if no feature is on
macro_rules! listed {
    ($call:ident => $item:ty, $operation:expr) => {
        $crate::call::call!($call, $operation);

        impl $call {
            /// Every item of every page, in one `Vec`.
            ///
            /// # Errors
            /// The first failure ends it, an item that cannot be read included; then
            /// [`all_results`](Self::all_results) gives the others.
            #[inline]
            pub fn all(self) -> $crate::CallFuture<Vec<$item>> {
                self.0.all()
            }

            /// Every item of every page in one `Vec`, one that cannot be read as its error.
            ///
            /// # Errors
            /// A failure other than of an item.
            #[inline]
            pub fn all_results(self) -> $crate::CallFuture<Vec<Result<$item, $crate::Error>>> {
                self.0.all_results()
            }

            /// The first page alone, with its headers and the cursor of what follows.
            ///
            /// # Errors
            /// What the call gives.
            #[inline]
            pub fn first_page(self) -> $crate::CallFuture<$crate::Page<$item>> {
                self.0.first_page()
            }

            /// Every item of every page, one page in memory at a time.
            #[inline]
            pub fn stream(self) -> $crate::Items<$item> {
                self.0.items()
            }

            /// Every item, decoded into a type of yours and nothing else.
            #[inline]
            pub fn stream_as<T: serde::de::DeserializeOwned>(self) -> $crate::Items<T> {
                self.0.items_as()
            }

            /// The bytes of every item, not decoded.
            #[inline]
            pub fn stream_raw(self) -> $crate::Items<bytes::Bytes> {
                self.0.items_raw()
            }

            /// Page by page, with the headers of each.
            #[inline]
            pub fn pages(self) -> $crate::Pages<$item> {
                self.0.pages()
            }
        }
    };
}

#[allow(unused_imports)] // if no feature is on
pub(crate) use {awaited, call, listed};
