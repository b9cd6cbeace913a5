//! The permits that a client has for one bucket.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::http::budget::Lease;
use crate::http::governor::waiting::{earliest, lock};
use crate::http::governor::window::{Budget, Told};

/// Permits that are asked for at once.
const MOST_AT_ONCE: u64 = 16;

/// How long to wait for permits that others hold, before asking again.
const POLL: Duration = Duration::from_millis(30);

/// How many times what all clients have on their way has to be left of a window while there is no
/// budget: they see it with a delay.
const CAUTION: u64 = 2;

/// How long a budget that cannot be reached is left alone.
const AWAY: Duration = Duration::from_millis(200);

/// Unused permits are good for this long after the latest report: the budget may then have given
/// them to others.
const LIFE: Duration = Duration::from_secs(8);

/// A bucket, by the name that all clients know it by.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: String,
    state: Mutex<State>,
    /// Tells waiting calls that there may be a permit, or somebody has to ask for one.
    pub(super) changed: Notify,
}

#[derive(Debug)]
struct State {
    unused: u64,
    in_flight: u64,
    waiting: u64,
    /// A call is asking for permits.
    asking: bool,
    /// How many to ask for, if fewer are available than there are calls.
    available: Option<u64>,
    /// Not to be asked before.
    not_before: Option<Instant>,
    /// The budget could not be reached.
    away: bool,
    /// An answer came since then.
    told_since: bool,
    holders: u64,
    reported: Option<(Instant, u64)>,
}

/// What a call that waits for a permit does next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It has one.
    Go,
    /// It asks for so many. [`Key::asked`] has to follow.
    Ask { wanted: u64, held: u64 },
    /// It waits for a change, or until then.
    Wait(Option<Instant>),
}

impl Key {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            state: Mutex::new(State {
                unused: 0,
                in_flight: 0,
                waiting: 0,
                asking: false,
                available: None,
                not_before: None,
                away: false,
                told_since: false,
                holders: 1,
                reported: None,
            }),
            changed: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// A call waits from now on.
    pub(super) fn wait(&self) {
        self.state().waiting += 1;
    }

    /// A call no longer waits.
    pub(super) fn stop_waiting(&self) {
        self.state().waiting -= 1;
    }

    /// What a waiting call does, where `budget` is what this client knows of the bucket.
    pub(super) fn step(&self, budget: &Budget) -> Step {
        let now = Instant::now();
        let mut state = self.state();
        state.forget_old(now);
        if state.unused > 0 {
            state.unused -= 1;
            state.in_flight += 1;
            return Step::Go;
        }
        let pause = state.not_before.filter(|until| *until > now);
        if state.away && pause.is_some() {
            if state.has_room_alone(budget) {
                state.in_flight += 1;
                return Step::Go;
            }
            return Step::Wait(earliest(pause, budget.ends()));
        }
        if state.asking || pause.is_some() {
            return Step::Wait(pause);
        }
        state.asking = true;
        let most = state.available.take().unwrap_or(MOST_AT_ONCE);
        Step::Ask {
            wanted: state.waiting.clamp(1, most.max(1)),
            held: state.held(),
        }
    }

    /// A call asked, or gave up before there was an answer.
    pub(super) fn asked(&self) {
        self.state().asking = false;
        self.changed.notify_waiters();
    }

    /// The budget answered a client that held `held`. True if it could not be reached before.
    pub(super) fn answered(&self, lease: Lease, held: u64) -> bool {
        let now = Instant::now();
        let mut state = self.state();
        state.unused += lease.granted;
        state.reported = Some((now, held + lease.granted));
        state.holders = lease.holders.max(1);
        let is_refused = lease.granted == 0;
        state.available = Some(lease.available).filter(|available| is_refused && *available > 0);
        state.not_before = match (is_refused, state.available) {
            (true, None) => Some(now + lease.wait.unwrap_or(POLL)),
            _ => None,
        };
        std::mem::replace(&mut state.away, false)
    }

    /// The budget took note that a client held `held`.
    pub(super) fn noted(&self, lease: Lease, held: u64) {
        let mut state = self.state();
        state.reported = Some((Instant::now(), held));
        state.holders = lease.holders.max(1);
    }

    /// The budget cannot be reached. True if it could be before.
    pub(super) fn lose_budget(&self) -> bool {
        let mut state = self.state();
        state.not_before = Some(Instant::now() + AWAY);
        let is_new = !std::mem::replace(&mut state.away, true);
        state.told_since &= !is_new;
        is_new
    }

    /// A call was answered, or given up.
    pub(super) fn release(&self) {
        let mut state = self.state();
        state.in_flight -= 1;
        state.told_since = true;
        drop(state);
        self.changed.notify_waiters();
    }

    /// What there is to report, if anything: permits that no call waits for are given back.
    pub(super) fn report(&self) -> Option<u64> {
        let now = Instant::now();
        let mut state = self.state();
        state.forget_old(now);
        if state.waiting == 0 {
            state.unused = 0;
        }
        let held = state.held();
        let is_known = state.reported.is_some_and(|(_, known)| known == held);
        let is_due = held > 0 || !is_known;
        let is_asked = state.asking || (state.away && state.not_before > Some(now));
        (is_due && !is_asked).then_some(held)
    }

    /// Whether the budget knows of permits, or will.
    pub(super) fn is_used(&self) -> bool {
        let state = self.state();
        let is_reported = state.reported.is_some_and(|(_, held)| held > 0);
        state.held() > 0 || state.waiting > 0 || (is_reported && !state.away)
    }
}

impl State {
    fn held(&self) -> u64 {
        self.unused + self.in_flight
    }

    fn forget_old(&mut self, now: Instant) {
        let is_good = |(at, _): (Instant, u64)| now - at < LIFE;
        if !self.reported.is_some_and(is_good) {
            self.unused = 0;
        }
    }

    /// Whether a call may go out without permit: this client then keeps to its part of the limit,
    /// and takes the others for as busy as itself. What is left of the window is old news until an
    /// answer came.
    fn has_room_alone(&self, budget: &Budget) -> bool {
        match &budget.told {
            Told::Window(window) if self.told_since => {
                let part = (window.limit / self.holders).max(1);
                let on_their_way = self.holders.saturating_mul(self.in_flight + 1);
                budget.used + self.in_flight < part
                    && window.remaining >= on_their_way.saturating_mul(CAUTION)
            }
            Told::Window(window) => self.in_flight == 0 && window.remaining >= self.holders,
            Told::Nothing | Told::NoLimit => self.in_flight == 0,
        }
    }
}
