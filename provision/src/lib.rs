//! Makes an Okta org match what it should be.
//!
//! 1. [`Desired`] says what should be: people, groups and their members, who has which application,
//!    who is an administrator, who leaves. It is built in code, or [read from files](Desired::read).
//!    What it does not mention is not touched.
//! 2. [`Plan::make`] reads what matters of the org and compares. A plan is a value: it is shown,
//!    saved, reviewed. [`Guard`] rails keep it from removing too much, or the wrong ones.
//! 3. [`Apply`] carries it out, and says what happens as a stream of [`Event`]s; the [`Report`] has
//!    what was done and what not.
//!
//! A run may be killed at any moment. Another run finds what is left: from the [`Journal`], if there
//! is one, or from the org alone. A request whose answer was lost is looked up before it is sent
//! again, so that nothing is made twice.
//!
//! ```no_run
//! use okta_provision::{Apply, Desired, Guard, Plan};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let okta = okta_sdk::Client::from_env()?;
//! let desired = Desired::read("people.csv")?;
//! let plan = Plan::make(&okta, &desired, &Guard::new()).await?;
//! print!("{plan}");
//! let report = Apply::new(&okta, plan).run().await?;
//! print!("{report}");
//! # Ok(()) }
//! ```
//!
//! A [`Report`] is text, Markdown, JSON or a page. With a [`Meter`] it tells of requests and rate limits.
//! All requests go through the client, so that its observers and spans see each of them.
//!
//! Single things are [ensured](ensure_user) without a plan, and people [leave](offboard),
//! [come back](rehire) and [change their logins](rename_login). An [`AccessReview`] tells who has what, an
//! [`Export`] what has changed, and a `LogShipper` (feature `system-log`) writes the System Log to files; each
//! may be killed at any moment and goes on where it was.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod apply;
mod data_file;
mod desired;
mod ensure;
mod error;
mod export;
mod files;
#[cfg(feature = "postgres")]
pub mod fleet;
mod journal;
mod ledger;
mod lifecycle;
#[cfg(feature = "system-log")]
mod log_shipper;
mod meter;
mod once;
mod org;
mod perform;
mod plan;
mod report;
mod review;
mod step;
mod text;
mod wait;

pub use apply::{Apply, Event, Run, Stop};
pub use desired::{
    AppAccess, Attributes, Credentials, CustomRole, Desired, Group, List, OwnedPeople, Person,
    Principal, Resource, ResourceSet, Role, RoleList, Standing, Target,
};
pub use ensure::{
    Ensured, ensure_app, ensure_assignment, ensure_group, ensure_membership, ensure_role,
    ensure_rule, ensure_user, set_members,
};
pub use error::{Error, Problem};
pub use export::{Export, ExportSummary, Exported, Exporting};
pub use journal::Journal;
pub use lifecycle::{Identity, Offboarded, Offboarding, offboard, rehire, rename_login};
#[cfg(feature = "system-log")]
pub use log_shipper::{LogShipper, Shipping};
pub use meter::{Meter, Requests, Route, Slot};
pub use perform::Outcome;
pub use plan::{Color, Guard, Plan};
pub use report::{Counts, Failure, Report};
pub use review::{AccessReview, ReviewFormat, ReviewSummary, Reviewing};
pub use step::{Effect, Kind, Members, Step, Transition};
