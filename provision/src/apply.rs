//! Carrying out a plan.

mod act;
mod run;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use okta_sdk::Client;

use crate::error::Error;
use crate::journal::{Journal, State};
use crate::perform::Outcome;
use crate::plan::Plan;
use crate::report::{Failure, Report};
use crate::step::{Kind, Spoiled, Step};

pub use run::{Run, Stop};

/// How many requests are under way at a time if nothing is said. The client holds them back where a
/// rate limit is nearly used up, so that there is no harm in more.
const AT_ONCE: usize = 16;

/// A plan that is about to be carried out.
///
/// ```no_run
/// use okta_provision::{Apply, Desired, Guard, Journal, Plan};
///
/// # async fn run(okta: okta_sdk::Client) -> Result<(), okta_provision::Error> {
/// let journal = Journal::open("journal.sqlite")?;
/// // What a run that was killed has left, first.
/// if let Some(rest) = Apply::resume(&okta, &journal).await? {
///     rest.journal(&journal).run().await?;
/// }
/// let plan = Plan::make(&okta, &Desired::read("people.csv")?, &Guard::new()).await?;
/// let report = Apply::new(&okta, plan).journal(&journal).run().await?;
/// print!("{report}");
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Apply<'a> {
    okta: Client,
    plan: Plan,
    states: Vec<State>,
    is_resumed: bool,
    journal: Option<&'a Journal>,
    at_once: usize,
}

/// What has happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The plan fits the org, and is being carried out.
    Started {
        /// How many steps there are to do.
        steps: usize,
    },
    /// A step was done.
    Done {
        /// Its place in [`Plan::steps`].
        step: usize,
        /// What it is about.
        kind: Kind,
        /// What it was, in words.
        what: String,
        /// How.
        outcome: Outcome,
    },
    /// A step was refused or went wrong. What depends on it is skipped.
    Failed {
        /// Its place in [`Plan::steps`].
        step: usize,
        /// Why.
        failure: Failure,
    },
    /// A step was not tried, since something that it needs has failed.
    Skipped {
        /// Its place in [`Plan::steps`].
        step: usize,
    },
    /// Nothing more is done.
    Finished(Report),
}

impl<'a> Apply<'a> {
    /// Carries out a plan.
    #[must_use]
    pub fn new(okta: &Client, plan: Plan) -> Self {
        let states = vec![State::Planned; plan.steps().len()];
        Self {
            okta: okta.clone(),
            plan,
            states,
            is_resumed: false,
            journal: None,
            at_once: AT_ONCE,
        }
    }

    /// Takes up again what a run has left in its journal, whether it was killed, stopped, or some of
    /// its steps have failed; nothing if nothing is left. Steps that were begun are looked up before
    /// they are sent again. Steps that have failed are tried again, and then those that were skipped
    /// because of them.
    ///
    /// A run that ends with [`Error::Changed`] cannot be resumed, since the org is not as its plan saw
    /// it: plan again. The new plan does what is left, and takes the place of the old one in the
    /// journal.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub async fn resume(okta: &Client, journal: &'a Journal) -> Result<Option<Self>, Error> {
        let Some((plan, states)) = journal.unfinished().await? else {
            return Ok(None);
        };
        Ok(Some(Self {
            states,
            is_resumed: true,
            journal: Some(journal),
            ..Self::new(okta, plan)
        }))
    }

    /// Writes each step to a journal before and after it is done, so that the run can be resumed. What
    /// an earlier plan has left in it goes. A resumed run stays with its own journal.
    #[must_use]
    pub const fn journal(mut self, journal: &'a Journal) -> Self {
        if !self.is_resumed {
            self.journal = Some(journal);
        }
        self
    }

    /// How many requests are under way at a time; 16 if nothing is said, and at least one.
    #[must_use]
    pub fn at_once(mut self, requests: usize) -> Self {
        self.at_once = requests.max(1);
        self
    }

    /// The plan.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Begins: the run is a stream of what happens. It does something only while it is polled.
    pub fn start(self) -> Run<'a> {
        Run::new(self)
    }

    /// Carries the plan out to its end.
    ///
    /// # Errors
    /// [`Error::Objections`] and [`Error::Changed`] before anything is done; the journal's errors.
    /// What Okta refuses is no error: the [`Report`] has it.
    pub async fn run(self) -> Result<Report, Error> {
        self.start().finish().await
    }
}

/// What is known while a plan is carried out.
#[derive(Debug, Default)]
struct Board {
    users: HashMap<Arc<str>, String>,
    groups: HashMap<Arc<str>, String>,
    apps: HashMap<Arc<str>, String>,
    custom_roles: HashMap<Arc<str>, String>,
    resource_sets: HashMap<Arc<str>, String>,
    /// Ids of what this run has made.
    made: HashSet<String>,
    /// What cannot be counted on.
    spoiled: Spoiled,
}

impl Board {
    /// Notes what a step has made.
    fn learn(&mut self, step: &Step, id: String) {
        match step {
            Step::CreateUser { person, .. } => {
                let key = crate::desired::key(person.login());
                self.users.insert(key.into(), id.clone());
            }
            Step::CreateGroup { group, .. } => {
                self.groups.insert(Arc::clone(group), id.clone());
            }
            Step::CreateApp { app, .. } => {
                self.apps.insert(Arc::clone(app), id.clone());
            }
            Step::CreateRole { custom } => {
                self.custom_roles
                    .insert(Arc::clone(&custom.label), id.clone());
            }
            Step::CreateResourceSet { set } => {
                self.resource_sets
                    .insert(Arc::clone(&set.label), id.clone());
            }
            _ => return,
        }
        self.made.insert(id);
    }
}
