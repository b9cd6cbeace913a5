//! Events that wait to be sent to event hooks and to the stream of signals. They are not kept across
//! restarts.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

use super::events::Event;

/// How many events may wait for a receiver; the oldest go.
const MOST_WAITING: usize = 10_000;

/// How many events are in a call.
const MOST_IN_CALL: usize = 100;

/// The events that wait, by receiver. Clones are the same: the org adds, and a task sends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deliveries(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    lanes: Mutex<BTreeMap<String, Lane>>,
    /// How many events wait or are under way.
    open: watch::Sender<usize>,
    added: Notify,
}

/// What waits for one receiver.
#[derive(Debug, Default)]
struct Lane {
    events: VecDeque<Arc<Event>>,
    /// How many were too many since the last call.
    dropped: usize,
    /// Whether a call is under way.
    is_busy: bool,
}

/// Events for one call. It is under way until this is dropped.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The id of the hook, or of the stream.
    pub(crate) receiver: String,
    pub(crate) events: Vec<Arc<Event>>,
    /// How many events before these were dropped.
    pub(crate) dropped: usize,
    deliveries: Deliveries,
}

impl Deliveries {
    /// Lets an event wait for a receiver.
    pub(super) fn add(&self, receiver: &str, event: Arc<Event>) {
        let mut lanes = self.lanes();
        let lane = lanes.entry(receiver.to_owned()).or_default();
        lane.events.push_back(event);
        if lane.events.len() > MOST_WAITING {
            lane.events.pop_front();
            lane.dropped += 1;
        } else {
            self.0.open.send_modify(|open| *open += 1);
        }
        drop(lanes);
        self.0.added.notify_one();
    }

    /// What can be sent now: for each receiver without a call under way, what waits for it.
    pub(crate) fn take(&self) -> Vec<Batch> {
        let mut lanes = self.lanes();
        let ready = lanes.iter_mut().filter(|(_, lane)| !lane.is_busy);
        let batches = ready.map(|(receiver, lane)| {
            lane.is_busy = true;
            let count = lane.events.len().min(MOST_IN_CALL);
            Batch {
                receiver: receiver.clone(),
                events: lane.events.drain(..count).collect(),
                dropped: std::mem::take(&mut lane.dropped),
                deliveries: self.clone(),
            }
        });
        batches.collect()
    }

    /// Waits until something was added, or a call has ended, since the last time.
    pub(crate) async fn added(&self) {
        self.0.added.notified().await;
    }

    /// How many events wait or are under way.
    pub(crate) fn open(&self) -> usize {
        *self.0.open.borrow()
    }

    /// Waits until nothing waits and nothing is under way.
    pub(crate) async fn all_done(&self) {
        let mut open = self.0.open.subscribe();
        // The sender lives as long as this does.
        drop(open.wait_for(|open| *open == 0).await);
    }

    fn lanes(&self) -> MutexGuard<'_, BTreeMap<String, Lane>> {
        self.0.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        let mut lanes = self.deliveries.lanes();
        if let Some(lane) = lanes.get_mut(&self.receiver) {
            lane.is_busy = false;
            if lane.events.is_empty() {
                lanes.remove(&self.receiver);
            }
        }
        let done = self.events.len();
        let Inner { open, added, .. } = &*self.deliveries.0;
        open.send_modify(|open| *open = open.saturating_sub(done));
        drop(lanes);
        added.notify_one();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::clock::Timestamp;
    use crate::org::events::USER_CREATED;

    fn event(uuid: usize) -> Arc<Event> {
        let published = Timestamp(chrono::DateTime::UNIX_EPOCH);
        Arc::new(Event::of_system(uuid.to_string(), published, USER_CREATED))
    }

    #[test]
    fn a_receiver_has_one_call_under_way_and_holds_up_no_other() {
        let deliveries = Deliveries::default();
        deliveries.add("one", event(1));
        let first = deliveries.take();
        assert_eq!(first.len(), 1);
        deliveries.add("one", event(2));
        deliveries.add("two", event(3));
        let second = deliveries.take();
        assert_eq!(second.len(), 1);
        assert_eq!(second[0].receiver, "two");
        assert_eq!(deliveries.open(), 3);
        drop(first);
        let third = deliveries.take();
        assert_eq!(third[0].events[0].uuid, "2");
        drop((second, third));
        assert_eq!(deliveries.open(), 0);
        assert!(deliveries.take().is_empty());
        assert!(deliveries.lanes().is_empty());
    }

    #[test]
    fn what_is_too_much_is_counted_and_the_oldest_go() {
        let deliveries = Deliveries::default();
        for uuid in 0..MOST_WAITING + 7 {
            deliveries.add("one", event(uuid));
        }
        assert_eq!(deliveries.open(), MOST_WAITING);
        let mut batches = deliveries.take();
        let first = batches.pop().unwrap();
        assert_eq!((first.dropped, first.events.len()), (7, MOST_IN_CALL));
        assert_eq!(first.events[0].uuid, "7");
        drop(first);
        assert_eq!(deliveries.take()[0].dropped, 0);
    }
}
