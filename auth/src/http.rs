//! The way of every request to Okta and back: rate limits, sending, retries, pages, errors.
//!
//! It knows of credentials only that they give headers, and nothing of tokens.

pub mod budget;
mod call;
mod failure;
mod governor;
pub mod link;
mod observer;
#[cfg(feature = "opentelemetry")]
mod opentelemetry;
mod org_limit;
mod paging;
mod pipeline;
mod rate_limit;
mod response;
mod retry;
pub mod transport;

pub use self::call::Call;
pub use self::observer::{AddedHeaders, Attempt, AttemptEnd, AttemptFailure, Observer, Observers};
#[cfg(feature = "opentelemetry")]
pub use self::opentelemetry::OpenTelemetry;
pub use self::paging::{Cursor, CursorKey, PageStream, SignedCursor};
#[cfg(feature = "rustls")]
pub use self::pipeline::{ClientCertificate, RootCertificates};
pub use self::pipeline::{Pipeline, PipelineBuilder, Proxy};
pub use self::rate_limit::RateLimit;
pub use self::response::RawResponse;
