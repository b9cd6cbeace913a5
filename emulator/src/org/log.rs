//! The System Log's entries, of which the oldest go when there are too many.

use std::collections::VecDeque;
#[cfg(feature = "data")]
use std::ops::Range;
use std::sync::Arc;

use super::events::Event;
use crate::clock::Timestamp;
#[cfg(feature = "data")]
use crate::tracked::part::{Changes, Damage, Part, decoded, key_position, position_key};

/// How many events are in a part.
const PART: u64 = 256;

/// Events in the order in which they happened, each with a position. Positions start at 1 and are
/// never used again.
///
/// A clone is a snapshot: it shares the parts of the log, costs little, and does not change.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    /// All parts but the last are full.
    parts: VecDeque<Arc<Vec<Arc<Event>>>>,
    /// The position of the first event of the first part.
    start: u64,
    /// The position of the next event.
    next: u64,
    size: usize,
    /// The positions that are written; none while nothing is kept.
    #[cfg(feature = "data")]
    written: Option<Range<u64>>,
}

impl Default for Log {
    fn default() -> Self {
        Self::of_size(Self::SIZE)
    }
}

impl Log {
    /// How many events are kept if nothing else is said.
    pub(crate) const SIZE: usize = 100_000;

    /// A log that keeps the latest `size` events.
    pub(crate) fn of_size(size: usize) -> Self {
        Self {
            parts: VecDeque::new(),
            start: 1,
            next: 1,
            size,
            #[cfg(feature = "data")]
            written: None,
        }
    }

    /// Adds an event, and gives it as it is kept.
    pub(crate) fn push(&mut self, mut event: Event) -> Arc<Event> {
        event.texts();
        // An actor does many things in a row.
        if let Some(last) = self.get(self.next - 1)
            && *last.actor == *event.actor
        {
            event.actor = last.actor.clone();
        }
        let event = Arc::new(event);
        match self.parts.back_mut() {
            // A snapshot may share the part, which is copied then: pointers only.
            Some(part) if (part.len() as u64) < PART => Arc::make_mut(part).push(event.clone()),
            _ => self.parts.push_back(Arc::new(vec![event.clone()])),
        }
        self.next += 1;
        while self.first() >= self.start + PART {
            self.parts.pop_front();
            self.start += PART;
        }
        event
    }

    /// How many events are kept.
    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.next - self.first()).unwrap_or(usize::MAX)
    }

    /// The position of the oldest event that is kept, or that the next event will have.
    pub(crate) fn first(&self) -> u64 {
        let kept = self.next.saturating_sub(self.size as u64);
        kept.max(self.start)
    }

    /// When the latest event happened.
    #[cfg(feature = "data")]
    pub(crate) fn latest(&self) -> Option<Timestamp> {
        self.get(self.next - 1).map(|event| event.published)
    }

    /// The position that the next event will have.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    pub(crate) fn get(&self, position: u64) -> Option<&Arc<Event>> {
        if position < self.first() {
            return None;
        }
        let index = position - self.start;
        let part = self.parts.get(usize::try_from(index / PART).ok()?)?;
        part.get(usize::try_from(index % PART).ok()?)
    }

    /// The position of the first event at or after a moment: what follows it is not older.
    pub(crate) fn since(&self, moment: Timestamp) -> u64 {
        let (mut low, mut high) = (self.first(), self.next);
        while low < high {
            let middle = low + (high - low) / 2;
            let is_older = |event: &Arc<Event>| event.published < moment;
            if self.get(middle).is_some_and(is_older) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Event>> {
        (self.first()..self.next).filter_map(|position| self.get(position))
    }
}

/// No event has this position. Its entry is the position of the next event.
#[cfg(feature = "data")]
const NEXT: u64 = 0;

#[cfg(feature = "data")]
impl Part for Log {
    fn watch(&mut self, all: bool) {
        let first = self.written.as_ref().map_or(self.start, |read| read.start);
        self.written = Some(first..if all { first } else { self.next });
    }

    fn collect(&mut self, changes: &mut Changes) {
        let (first, next) = (self.first(), self.next);
        let Some(written) = self.written.replace(first..next) else {
            self.written = None;
            return;
        };
        if written == (first..next) {
            return;
        }
        for gone in written.start..first.min(written.end) {
            changes.remove(position_key(gone));
        }
        for position in written.end.max(first)..next {
            if let Some(event) = self.get(position) {
                changes.put(position_key(position), event.as_ref());
            }
        }
        changes.put(position_key(NEXT), &next);
    }

    fn restore(&mut self, key: &[u8], value: &[u8]) -> Result<(), Damage> {
        let (position, _) = key_position(key)?;
        if position == NEXT {
            self.next = decoded(value)?;
            self.start = self.next;
            return Ok(());
        }
        if self.written.is_none() {
            (self.start, self.next) = (position, position);
            self.written = Some(position..position);
        }
        if position != self.next {
            return Err(Damage::of::<Event>("events are missing"));
        }
        self.push(decoded(value)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use chrono::DateTime;

    use super::*;
    use crate::org::events::GROUP_CREATED;

    fn moment(second: i64) -> Timestamp {
        Timestamp(DateTime::from_timestamp(second, 0).unwrap())
    }

    fn event(number: u64) -> Event {
        // Two in a second.
        let published = moment(i64::try_from(number / 2).unwrap());
        Event::of_system(number.to_string(), published, GROUP_CREATED)
    }

    #[test]
    fn the_latest_events_are_kept_and_found_by_position_and_time() {
        for size in [0, 1, 255, 256, 257, 1_000, 5_000] {
            let mut log = Log::of_size(size);
            for number in 1..=2_000 {
                log.push(event(number));
                let kept = number.min(size as u64);
                assert_eq!(log.len() as u64, kept);
                assert_eq!(log.first(), number - kept + 1);
            }
            let first = log.first();
            assert!(log.get(first - 1).is_none() && log.get(2_001).is_none());
            for position in first..=2_000 {
                assert_eq!(log.get(position).unwrap().uuid, position.to_string());
            }
            for second in 0..=1_001 {
                let expected = (second * 2).clamp(first, 2_001);
                assert_eq!(log.since(moment(i64::try_from(second).unwrap())), expected);
            }
        }
    }

    #[test]
    fn a_snapshot_stays_as_it_is() {
        let mut log = Log::of_size(10);
        for number in 1..=5 {
            log.push(event(number));
        }
        let snapshot = log.clone();
        for number in 6..=600 {
            log.push(event(number));
        }
        let kept: Vec<&str> = snapshot.iter().map(|event| event.uuid.as_str()).collect();
        assert_eq!(kept, ["1", "2", "3", "4", "5"]);
    }
}
