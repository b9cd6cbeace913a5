//! The thread that writes. What came while it wrote goes into its next transaction.

use std::sync::mpsc::Receiver;
use std::thread::{self, JoinHandle};

use redb::Database;

use super::format;
use super::progress::Progress;
use crate::tracked::part::Change;

/// How many changes go into a transaction, so that the first of them do not wait for too long.
const MOST: usize = 10_000;

/// What one holder of the org has changed.
pub(super) struct Batch {
    pub(super) number: u64,
    pub(super) changes: Vec<Change>,
}

pub(super) fn start(
    database: Database,
    batches: Receiver<Batch>,
    progress: Progress,
) -> JoinHandle<()> {
    thread::spawn(move || {
        while let Some(batch) = next(&batches) {
            if let Err(fault) = format::write(&database, &batch.changes) {
                tracing::error!(reason = %fault, "the org is no longer kept");
                progress.fail();
                return;
            }
            progress.reach(batch.number);
        }
    })
}

/// All that waits. None once there can be no more.
fn next(batches: &Receiver<Batch>) -> Option<Batch> {
    let mut all = batches.recv().ok()?;
    while all.changes.len() < MOST
        && let Ok(batch) = batches.try_recv()
    {
        all.number = batch.number;
        all.changes.extend(batch.changes);
    }
    Some(all)
}
