//! The server's time, to less than the whole seconds in which `Date` tells it.

use std::time::Duration;

use tokio::time::Instant;

/// A `Date` this far behind what was known comes from another clock, and not from an answer that
/// took its time.
const LATEST: Duration = Duration::from_secs(60);

/// What the server's clock showed at least at some time of ours: of all `Date` headers the one that
/// came soonest after its second had begun.
///
/// It is never ahead of the server. So a window that it takes for ended has ended.
#[derive(Debug, Default)]
pub(super) struct Seconds(Option<(u64, Instant)>);

impl Seconds {
    /// How much of `left` is left of a window, which an answer dated `date` named in whole seconds
    /// and that came just now.
    pub(super) fn refine(&mut self, date: u64, left: Duration, now: Instant) -> Duration {
        let told = Duration::from_secs(date);
        let known = (self.0).and_then(|(date, at)| Duration::from_secs(date).checked_add(now - at));
        let later = known.and_then(|known| known.checked_sub(told));
        match later.filter(|later| *later < LATEST) {
            Some(later) => left.saturating_sub(later),
            // It tells more than was known, or another clock does.
            None => {
                self.0 = Some((date, now));
                left
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Duration = Duration::from_secs(10);

    /// Answers of a server whose time is `ahead` of ours, `at` seconds from the start.
    fn tell(seconds: &mut Seconds, start: Instant, at: f64, ahead: f64) -> f64 {
        let server = at + ahead;
        let reset = server.floor() + 10.0;
        let now = start + Duration::from_secs_f64(at);
        let left = seconds.refine(server as u64, TEN, now).as_secs_f64();
        // How much later than its end the window is taken to end.
        left - (reset - server)
    }

    #[test]
    fn the_end_of_a_window_becomes_exact_and_is_never_too_early() {
        let (mut seconds, start) = (Seconds::default(), Instant::now());
        let late: Vec<f64> = (0..200)
            .map(|answer| tell(&mut seconds, start, f64::from(answer) * 0.083, 1000.4))
            .collect();
        assert!(
            late.iter().all(|late| (-1e-6..1.0).contains(late)),
            "{late:?}"
        );
        assert!(late[20..].iter().all(|late| *late < 0.1), "{late:?}");
    }

    #[test]
    fn an_answer_that_took_long_changes_nothing() {
        let (mut seconds, start) = (Seconds::default(), Instant::now());
        seconds.refine(1000, TEN, start);
        let later = start + Duration::from_secs(7);
        assert_eq!(seconds.refine(1002, TEN, later), Duration::from_secs(5));
        assert_eq!(seconds.refine(1007, TEN, later), TEN);
    }

    #[test]
    fn a_broken_clock_is_forgotten_with_the_next_answer() {
        let (mut seconds, now) = (Seconds::default(), Instant::now());
        for broken in [0, u64::MAX] {
            seconds.refine(1000, TEN, now);
            assert_eq!(seconds.refine(broken, TEN, now), TEN);
            assert_eq!(seconds.refine(1000, TEN, now), TEN);
        }
    }
}
