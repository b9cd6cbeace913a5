//! An Okta org in process: what tests, examples and demonstrations talk to where no Okta account
//! is at hand.
//!
//! [`Emulator::start`] opens an org on a free loopback port, with a token and a few people,
//! groups and applications. Its rules are Okta's: the lifecycle of users and its error codes,
//! `search` and `filter` expressions, cursors in `Link` headers, rate-limit buckets, a System Log
//! of what happened. [`Emulator::faults`] makes it misbehave as networks and servers do.
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use okta_emulator::{Emulator, Fault};
//!
//! let okta = Emulator::start().await?;
//! let users = format!("{}/api/v1/users", okta.org_url());
//! let authorization = format!("SSWS {}", okta.token());
//! okta.faults().inject(Fault::ConnectionReset);
//! # Ok(())
//! # }
//! ```
//!
//! What it covers: users, groups, group rules (kept, not evaluated), applications and their
//! assignments, administrator roles with targets, custom roles, resource sets, the System Log.
//! It takes any attribute in a profile; the schemas of a real org do not.

mod call;
mod clock;
mod error;
mod expression;
mod faults;
mod front;
mod org;
mod paging;
mod problem;
mod rate_limits;
mod requests;
mod routes;
mod seed;
mod server;
mod socket;
mod view;

pub use clock::Clock;
pub use error::Error;
pub use faults::{ErrorBody, Fault, FaultRule, Faults, RateLimitShape};
pub use rate_limits::RateLimits;
pub use requests::RecordedRequest;
pub use seed::{Seed, SeedApp, SeedGroup, SeedUser};
pub use server::{Builder, Emulator, Stats};
