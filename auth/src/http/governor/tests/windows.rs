//! What answers tell of a window.

use super::*;
use crate::RateLimit;
use crate::http::governor::window::Budget;

#[test]
fn a_concurrency_limit_and_stragglers_change_nothing() {
    let now = Instant::now();
    let limits = |remaining, reset| RateLimit {
        limit: 600,
        remaining,
        reset,
    };
    let mut budget = Budget::default();
    budget.learn(limits(600, 120), Duration::from_secs(60), now);
    budget.learn(limits(0, 60), Duration::ZERO, now);
    assert_eq!(budget.used, 1, "the straggler is of another window");
    assert_eq!(budget.window().unwrap().remaining, 600);

    let later = now + Duration::from_secs(61);
    budget.learn(limits(0, 120), Duration::from_secs(59), now);
    budget.roll_over(later);
    assert!(budget.has_room(1.0));
    budget.learn(limits(0, 120), Duration::ZERO, later);
    assert!(
        budget.has_room(1.0),
        "the server too takes that window for ended"
    );
    budget.learn(limits(0, 120), Duration::from_secs(1), later);
    assert!(
        !budget.has_room(1.0),
        "the server still counts in that window"
    );
}

/// The headers of one answer are from the year 9999, `Date` included.
#[test]
fn a_year_9999_window_is_forgotten_when_it_ends() {
    let (now, year_9999) = (Instant::now(), 253_402_300_799);
    let limits = |limit, remaining, reset| RateLimit {
        limit,
        remaining,
        reset,
    };
    let mut budget = Budget::default();
    budget.learn(limits(1, 0, year_9999), Duration::from_secs(60), now);
    let later = now + Duration::from_secs(61);
    budget.roll_over(later);
    budget.learn(limits(600, 599, EPOCH), Duration::from_secs(30), later);
    let window = budget.window().unwrap();
    assert_eq!((window.limit, window.remaining), (600, 599));
}

#[test]
fn an_honest_answer_ends_a_year_9999_window_at_once() {
    let now = Instant::now();
    let limits = |limit, remaining, reset| RateLimit {
        limit,
        remaining,
        reset,
    };
    let mut budget = Budget::default();
    budget.learn(limits(1, 0, u64::MAX), Duration::from_secs(60), now);
    budget.learn(limits(600, 500, EPOCH), Duration::from_secs(30), now);
    assert!(budget.has_room(1.0));
}

/// Okta counts two paths apart that are published as one bucket, in windows that began one second
/// after the other.
#[test]
fn of_two_windows_that_run_at_once_the_one_with_less_counts() {
    let now = Instant::now();
    let limits = |remaining, reset| RateLimit {
        limit: 400,
        remaining,
        reset,
    };
    let mut budget = Budget::default();
    budget.learn(limits(398, 102), Duration::from_secs(10), now);
    budget.learn(limits(1, 101), Duration::from_secs(9), now);
    assert!(budget.has_room(1.0));
    budget.learn(limits(0, 101), Duration::from_secs(9), now);
    assert!(!budget.has_room(1.0));
    // Its next window is believed.
    let later = now + Duration::from_secs(10);
    budget.learn(limits(399, 111), Duration::from_secs(10), later);
    assert!(budget.has_room(1.0));
}
