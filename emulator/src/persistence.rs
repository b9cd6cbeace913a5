//! What an org holds, kept in a directory.
//!
//! Whoever has had the org in their hands leaves what they changed ([`Data::collect`]), in the order in
//! which they had it. One thread writes it, all that waits in one transaction. Requests are answered
//! once their changes are written, so that what was answered survives the end of the process, however
//! it comes. What the operating system does with written files is not waited for.

mod file;
mod format;
mod held;
mod open;
mod progress;
mod ticket;
mod writer;

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use redb::Database;

use crate::clock::Clock;
use crate::error::Error;
use crate::org::Org;
use crate::seed::Start;
use crate::tracked::part::Changes;
pub(crate) use held::HeldOrg;
use progress::Progress;
pub(crate) use ticket::keep;
use writer::Batch;

/// The part under which the clock is kept.
const CLOCK: &str = "clock";

/// A directory that an org is kept in.
pub(crate) struct Data {
    writer: Mutex<Writer>,
    progress: Progress,
    /// How far the clock was moved forward when that was last written.
    advanced: AtomicI64,
}

/// The thread that writes.
struct Writer {
    /// None once it is closed.
    batches: Option<Sender<Batch>>,
    /// How many batches there were.
    sent: u64,
    thread: Option<JoinHandle<()>>,
}

/// The thread writes secrets.
impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Data").finish_non_exhaustive()
    }
}

/// A directory that was opened.
pub(crate) struct Opened {
    database: Database,
    /// What the org that is in it started with; none if there is none.
    pub(crate) start: Option<Start>,
}

impl Opened {
    /// Opens a directory, which is made if it is not there.
    pub(crate) fn at(directory: &Path) -> Result<Self, Error> {
        let database = open::database(directory)?;
        let start = open::guarded(directory, || format::start(&database))?;
        Ok(Self { database, start })
    }

    /// Writes an org that is new.
    pub(crate) fn begin(
        &self,
        directory: &Path,
        org: &mut Org,
        start: &Start,
    ) -> Result<(), Error> {
        let begun = format::begin(&self.database, org, start);
        begun.map_err(|unusable| unusable.about(directory))
    }

    /// Reads the org that is in the directory.
    pub(crate) fn read(&self, directory: &Path, org: &mut Org, clock: &Clock) -> Result<(), Error> {
        open::guarded(directory, || format::read(&self.database, org, clock))
    }

    /// Keeps what changes from here on.
    pub(crate) fn keep(self, clock: &Clock) -> Data {
        let (batches, waiting) = mpsc::channel();
        let progress = Progress::default();
        let thread = writer::start(self.database, waiting, progress.clone());
        Data {
            writer: Mutex::new(Writer {
                batches: Some(batches),
                sent: 0,
                thread: Some(thread),
            }),
            progress,
            advanced: AtomicI64::new(clock.advanced()),
        }
    }
}

impl Data {
    /// Takes what changed since the last time, and gives the number of the batch that has it; none if
    /// nothing changed. Whoever calls this has the org, so that batches are in the order of changes.
    pub(crate) fn collect(&self, org: &mut Org, clock: &Clock) -> Option<u64> {
        let mut changes = Changes::default();
        org.parts(&mut |name, part| {
            changes.of(name);
            part.collect(&mut changes);
        });
        if self.clock_moved(clock) {
            let advanced = clock.advanced();
            self.advanced.store(advanced, Ordering::SeqCst);
            changes.of(CLOCK);
            changes.put([], &advanced);
        }
        if changes.list.is_empty() {
            return None;
        }
        let mut writer = self.writer();
        writer.sent += 1;
        let number = writer.sent;
        let batch = Batch {
            number,
            changes: changes.list,
        };
        let sent = writer.batches.as_ref().map(|batches| batches.send(batch));
        if !matches!(sent, Some(Ok(()))) {
            self.progress.fail();
        }
        Some(number)
    }

    /// Whether the clock was moved forward since that was last written.
    pub(crate) fn clock_moved(&self, clock: &Clock) -> bool {
        clock.advanced() != self.advanced.load(Ordering::SeqCst)
    }

    /// Waits until a batch is written. False if it cannot be.
    pub(crate) async fn written(&self, number: u64) -> bool {
        self.progress.written(number).await
    }

    /// Waits until a batch is written, and holds up the thread meanwhile.
    pub(crate) fn wait(&self, number: u64) {
        self.progress.wait(number);
    }

    /// Writes what waits and closes the file, which another process can open then.
    pub(crate) fn close(&self) {
        let thread = {
            let mut writer = self.writer();
            writer.batches = None;
            writer.thread.take()
        };
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the thread that keeps the org stopped");
        }
    }

    fn writer(&self) -> std::sync::MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        self.close();
    }
}

#[cfg(test)]
mod tests;
