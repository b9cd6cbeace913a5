//! How far the thread that writes has come.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use tokio::sync::watch;

/// Clones tell of the same thread.
#[derive(Clone)]
pub(super) struct Progress {
    state: watch::Sender<State>,
    /// For those who hold up their thread.
    blocking: Arc<(Mutex<State>, Condvar)>,
}

#[derive(Clone, Copy, Default)]
struct State {
    /// The last batch that is written.
    written: u64,
    /// Whether something could not be written. Nothing that follows counts as written.
    failed: bool,
}

impl State {
    fn is_over(self, number: u64) -> bool {
        self.failed || self.written >= number
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            state: watch::Sender::new(State::default()),
            blocking: Arc::default(),
        }
    }
}

impl Progress {
    /// All batches up to this one are written.
    pub(super) fn reach(&self, number: u64) {
        self.change(|state| state.written = number);
    }

    /// Something could not be written.
    pub(super) fn fail(&self) {
        self.change(|state| state.failed = true);
    }

    /// Waits for a batch. False if it is not written.
    pub(super) async fn written(&self, number: u64) -> bool {
        let mut state = self.state.subscribe();
        let over = state.wait_for(|state| state.is_over(number)).await;
        over.is_ok_and(|state| state.written >= number)
    }

    pub(super) fn wait(&self, number: u64) {
        let (state, changed) = &*self.blocking;
        let state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let over = changed.wait_while(state, |state| !state.is_over(number));
        drop(over);
    }

    fn change(&self, change: impl Fn(&mut State)) {
        let (state, changed) = &*self.blocking;
        change(&mut state.lock().unwrap_or_else(PoisonError::into_inner));
        changed.notify_all();
        self.state.send_modify(change);
    }
}
