//! A plan that is being carried out.

use std::fmt;
use std::iter;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Instant;

use futures::FutureExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::BoxFuture;
use futures::stream::{self, Stream, StreamExt};

use super::act::act;
use super::{Apply, Board, Event};
use crate::error::Error;
use crate::journal::State;
use crate::perform::Outcome;
use crate::report::{Failure, Report};
use crate::step::Kind;

/// A plan that is being carried out: a stream of what happens. It does something only while it is
/// polled, and may be dropped at any time; requests that are under way may then have arrived or not,
/// and another run finds out.
#[must_use = "a run does nothing until it is polled"]
pub struct Run<'a> {
    work: Option<BoxFuture<'a, Result<Report, Error>>>,
    events: UnboundedReceiver<Event>,
    stop: Stop,
}

/// Stops a run: what is under way is finished, and nothing more is begun.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Stops it.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was stopped.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").finish_non_exhaustive()
    }
}

impl<'a> Run<'a> {
    pub(super) fn new(apply: Apply<'a>) -> Self {
        let (sender, events) = unbounded();
        let stop = Stop::default();
        Self {
            work: Some(carry_out(apply, sender, stop.clone()).boxed()),
            events,
            stop,
        }
    }

    /// What stops this run, from anywhere.
    #[must_use]
    pub fn stopper(&self) -> Stop {
        self.stop.clone()
    }

    /// Carries on to the end.
    ///
    /// # Errors
    /// As [`Apply::run`].
    pub async fn finish(mut self) -> Result<Report, Error> {
        while let Some(event) = self.next().await {
            if let Event::Finished(report) = event? {
                return Ok(report);
            }
        }
        // The last event of a stream that has ended was taken by the caller.
        Ok(Report::default())
    }
}

impl Stream for Run<'_> {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(work) = &mut this.work {
            // First, so that the events are those of now.
            if let Poll::Ready(result) = work.poll_unpin(context) {
                this.work = None;
                match result {
                    // Its event is the last of the channel.
                    Ok(_) => {}
                    Err(error) => return Poll::Ready(Some(Err(error))),
                }
            }
        }
        match this.events.poll_next_unpin(context) {
            Poll::Ready(Some(event)) => Poll::Ready(Some(Ok(event))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}

async fn carry_out(
    apply: Apply<'_>,
    events: UnboundedSender<Event>,
    stop: Stop,
) -> Result<Report, Error> {
    let start = Instant::now();
    apply.plan.check(&apply.okta).await?;
    if let Some(journal) = apply.journal.filter(|_| !apply.is_resumed) {
        journal.begin(&apply.plan).await?;
    }
    let mut worker = Worker {
        board: Board::default(),
        report: Report::begin(&apply.okta, &apply.plan),
        apply: &apply,
        events,
        stop,
    };
    worker.remember();
    worker.run().await?;
    let Worker {
        mut report, events, ..
    } = worker;
    report.took = start.elapsed();
    if let Some(journal) = apply.journal {
        // What was not begun, has failed or was skipped stays there to be resumed.
        if report.is_complete() {
            journal.finish().await?;
        }
    }
    // Nobody may listen any more.
    let _ = events.unbounded_send(Event::Finished(report.clone()));
    Ok(report)
}

struct Worker<'a> {
    apply: &'a Apply<'a>,
    board: Board,
    report: Report,
    events: UnboundedSender<Event>,
    stop: Stop,
}

impl Worker<'_> {
    /// What an earlier run has done.
    fn remember(&mut self) {
        for (step, state) in self.apply.plan.steps().iter().zip(&self.apply.states) {
            if let State::Done(outcome, id) = state {
                self.report.count(step.kind(), *outcome);
                if let Some(id) = id {
                    self.board.learn(step, id.clone());
                }
            }
        }
    }

    async fn run(&mut self) -> Result<(), Error> {
        let steps = self.apply.plan.steps();
        let states = &self.apply.states;
        let open = (0..steps.len()).filter(|it| !matches!(states[*it], State::Done(..)));
        let open: Vec<usize> = open.collect();
        self.tell(Event::Started { steps: open.len() });
        let mut done = 0;
        for phase in open.chunk_by(|one, other| steps[*one].phase() == steps[*other].phase()) {
            done += self.phase(phase).await?;
        }
        self.report.not_begun = open.len() - done;
        Ok(())
    }

    /// Does the steps of a phase, which do not depend on each other; how many were begun or skipped.
    async fn phase(&mut self, numbers: &[usize]) -> Result<usize, Error> {
        let apply = self.apply;
        let steps = apply.plan.steps();
        let (mut made, mut failed) = (Vec::new(), Vec::new());
        let mut done = 0;
        let board = &self.board;
        let stop = self.stop.clone();
        let mut numbers = numbers.iter().copied();
        let begun = iter::from_fn(|| match stop.is_stopped() {
            true => None,
            false => numbers.next(),
        });
        let work = begun.map(|number: usize| async move {
            let step = &steps[number];
            if !board.spoiled.allows(step) {
                return Ok((number, None));
            }
            if let Some(journal) = apply.journal {
                journal.write(number, &State::Begun).await?;
            }
            let acted = act(&apply.okta, &apply.plan, board, step).await;
            if let Some(journal) = apply.journal {
                let state = match &acted {
                    Ok((outcome, id)) => State::Done(*outcome, id.clone()),
                    Err(_) => State::Failed,
                };
                journal.write(number, &state).await?;
            }
            Ok::<_, Error>((number, Some(acted)))
        });
        let mut work = stream::iter(work).buffer_unordered(apply.at_once);
        while let Some(ended) = work.next().await {
            let (number, acted) = ended?;
            let step = &steps[number];
            done += 1;
            let event = match acted {
                None => {
                    failed.push(number);
                    self.report.counts.entry(step.kind()).or_default().skipped += 1;
                    Event::Skipped { step: number }
                }
                Some(Ok((outcome, id))) => {
                    made.extend(id.map(|id| (number, id)));
                    self.report.count(step.kind(), outcome);
                    done_event(number, step.kind(), step.to_string(), outcome)
                }
                Some(Err(error)) => {
                    failed.push(number);
                    if error.is_hopeless() {
                        self.stop.stop();
                    }
                    let failure = Failure::new(step.to_string(), &error);
                    self.report.counts.entry(step.kind()).or_default().failed += 1;
                    self.report.failures.push(failure.clone());
                    Event::Failed {
                        step: number,
                        failure,
                    }
                }
            };
            let _ = self.events.unbounded_send(event);
        }
        drop(work);
        for (number, id) in made {
            self.board.learn(&steps[number], id);
        }
        for number in failed {
            self.board.spoiled.add(&steps[number]);
        }
        Ok(done)
    }

    fn tell(&self, event: Event) {
        // Nobody may listen any more.
        let _ = self.events.unbounded_send(event);
    }
}

fn done_event(step: usize, kind: Kind, what: String, outcome: Outcome) -> Event {
    Event::Done {
        step,
        kind,
        what,
        outcome,
    }
}
