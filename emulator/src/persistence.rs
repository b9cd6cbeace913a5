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
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;

use redb::Database;

use crate::clock::{Clock, Moved};
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
    clock: Clock,
}

/// The thread that writes.
struct Writer {
    /// None once it is closed.
    batches: Option<Sender<Batch>>,
    /// How many batches there were.
    sent: u64,
    /// How far the clock was moved forward when that was last given to the thread.
    advanced: i64,
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
    pub(crate) fn keep(self, clock: &Clock) -> Arc<Data> {
        let (batches, waiting) = mpsc::channel();
        let progress = Progress::default();
        let thread = writer::start(self.database, waiting, progress.clone());
        let data = Arc::new(Data {
            writer: Mutex::new(Writer {
                batches: Some(batches),
                sent: 0,
                advanced: clock.advanced(),
                thread: Some(thread),
            }),
            progress,
            clock: clock.clone(),
        });
        let watcher: Weak<Data> = Arc::downgrade(&data);
        clock.watch(watcher);
        data
    }
}

impl Data {
    /// Takes what changed since the last time, and gives the number of the batch that has it; none if
    /// nothing changed. Whoever calls this has the org, so that batches are in the order of changes.
    pub(crate) fn collect(&self, org: &mut Org) -> Option<u64> {
        let mut changes = Changes::default();
        org.parts(&mut |name, part| {
            changes.of(name);
            part.collect(&mut changes);
        });
        let is_nothing = changes.list.is_empty();
        (!is_nothing).then(|| self.send(&mut self.writer(), changes))
    }

    /// Gives changes to the thread, and says what number their batch has.
    fn send(&self, writer: &mut Writer, changes: Changes) -> u64 {
        writer.sent += 1;
        let batch = Batch {
            number: writer.sent,
            changes: changes.list,
        };
        let sent = writer.batches.as_ref().map(|batches| batches.send(batch));
        if !matches!(sent, Some(Ok(()))) {
            self.progress.fail();
        }
        writer.sent
    }

    /// Waits until a batch is written. False if it cannot be.
    pub(crate) async fn written(&self, number: u64) -> bool {
        self.progress.written(number).await
    }

    /// Waits until a batch is written, and holds up the thread meanwhile.
    fn wait(&self, number: u64) {
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

    /// Lets the request that runs here wait for a batch before it is answered. Everyone else waits now.
    fn settle(&self, batch: u64) {
        if !ticket::noted(batch) {
            self.wait(batch);
        }
    }

    fn writer(&self) -> std::sync::MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far the clock was moved forward is written when it is moved.
impl Moved for Data {
    fn moved(&self) {
        let mut writer = self.writer();
        let advanced = self.clock.advanced();
        if std::mem::replace(&mut writer.advanced, advanced) == advanced {
            return;
        }
        let mut changes = Changes::default();
        changes.of(CLOCK);
        changes.put([], &advanced);
        let batch = self.send(&mut writer, changes);
        drop(writer);
        self.settle(batch);
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        self.close();
    }
}

#[cfg(test)]
mod tests;
