//! Misbehaviour on request: what networks, proxies and overloaded servers do to a client.

mod chance;
mod error_code;
mod fault;
mod rule;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use error_code::ErrorCode;
pub use fault::{ErrorBody, Fault, RateLimitShape};
pub use rule::FaultRule;

use chance::{Chance, Dice};

/// The faults of an emulator, to be changed while it runs. Clones share them.
///
/// What is random follows a seed: the same seed and rules give the same faults at the same requests,
/// also where requests arrive at the same time. A request is known by its method, its path, and how
/// many there were before with both.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    rules: Vec<FaultRule>,
    /// How many rules there have been.
    added: u64,
    dice: Dice,
}

/// What happens to one request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Misfortune {
    pub(crate) latency: Option<Duration>,
    /// No latency.
    pub(crate) fault: Option<Fault>,
}

impl Faults {
    /// How many rules may come from outside the process.
    pub(crate) const MOST_RULES: usize = 1000;

    /// No faults yet, with a seed for those that are random.
    pub fn seeded(seed: u64) -> Self {
        let faults = Self::default();
        faults.seed(seed);
        faults
    }

    /// Starts what is random again, from this seed. At first it is 0.
    pub fn seed(&self, seed: u64) {
        self.state().dice = Dice::new(seed);
    }

    /// Adds a fault. Of several that apply to a request, the one that was added first is used; a
    /// latency may come with another fault.
    pub fn inject(&self, rule: impl Into<FaultRule>) {
        let mut state = self.state();
        let number = state.added;
        state.added += 1;
        state.rules.push(rule.into().numbered(number));
    }

    /// Adds a fault, unless there are too many.
    pub(crate) fn inject_within_bound(&self, rule: FaultRule) -> bool {
        let has_room = self.state().rules.len() < Self::MOST_RULES;
        if has_room {
            self.inject(rule);
        }
        has_room
    }

    /// Removes the fault with this number, which [`FaultRule::number`] tells.
    pub(crate) fn remove(&self, number: u64) {
        self.state().rules.retain(|rule| rule.number() != number);
    }

    /// The rules that have requests left, in the order in which they were added.
    pub fn rules(&self) -> Vec<FaultRule> {
        self.state().rules.clone()
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.state().rules.clear();
    }

    /// What applies to this request. It counts as used.
    pub(crate) fn take(&self, method: &str, path: &str) -> Misfortune {
        let mut state = self.state();
        if state.rules.is_empty() {
            return Misfortune::default();
        }
        let chance = state.dice.roll(method, path);
        let concerned: Vec<usize> = (0..state.rules.len())
            .filter(|at| state.counts(*at, method, path, chance))
            .collect();
        let latency = state.first(&concerned, |fault| fault.is_latency());
        let other = state.first(&concerned, |fault| !fault.is_latency());
        let misfortune = Misfortune {
            latency: latency.and_then(|(fault, number)| fault.delay(chance.of_rule(number))),
            fault: other.map(|(fault, _)| fault),
        };
        state.rules.retain(|rule| !rule.is_spent());
        misfortune
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether the request is one for the rule, which counts it.
    fn counts(&mut self, at: usize, method: &str, path: &str, chance: Chance) -> bool {
        let rule = self.rules.get_mut(at);
        rule.is_some_and(|rule| rule.counts(method, path, chance))
    }

    /// The first fault of this kind among the rules, which is used once more.
    fn first(&mut self, rules: &[usize], kind: fn(&Fault) -> bool) -> Option<(Fault, u64)> {
        rules.iter().find_map(|at| {
            let rule = self.rules.get_mut(*at)?;
            kind(rule.fault()).then(|| rule.spend())
        })
    }
}

#[cfg(test)]
mod tests;
