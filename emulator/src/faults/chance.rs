//! What is random and can be repeated.

use std::collections::HashMap;

use crate::org::ids::scramble;

/// How many methods and paths are counted apart. Behind them, all are counted together.
const MOST: usize = 1_000_000;

/// Gives each request its chance. It depends on the seed and on the request, and not on when the
/// request comes.
#[derive(Debug, Default)]
pub(super) struct Dice {
    seed: u64,
    /// How often each method and path was asked, by their hash.
    asked: HashMap<u64, u64>,
    /// How often the others were asked. A request that is sent again has another chance.
    others: u64,
}

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    pub(super) fn roll(&mut self, method: &str, path: &str) -> Chance {
        let request = hash(method) ^ hash(path).rotate_left(1);
        Chance(mixed(mixed(self.seed, request), self.count(request)))
    }

    fn count(&mut self, request: u64) -> u64 {
        if self.asked.len() >= MOST && !self.asked.contains_key(&request) {
            self.others += 1;
            return self.others;
        }
        let asked = self.asked.entry(request).or_default();
        *asked += 1;
        *asked
    }
}

/// The chance of one request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// The chance of the request in the eyes of one rule.
    pub(super) fn of_rule(self, number: u64) -> Self {
        Self(mixed(self.0, number))
    }

    /// A chance that has nothing to do with this one.
    pub(super) fn another(self) -> Self {
        self.of_rule(u64::MAX)
    }

    /// From 0 to 1, which it never is.
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub(super) fn share(self) -> f64 {
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn mixed(one: u64, other: u64) -> u64 {
    scramble(scramble(one).wrapping_add(other))
}

/// FNV-1a: short, and the same in every run.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Otherwise one that is hit would be hit for as long as it is sent again.
    #[test]
    fn a_request_that_is_not_counted_apart_has_another_chance_each_time() {
        let mut dice = Dice::new(7);
        dice.asked = (0..1_000_000_u64).map(|request| (request, 1)).collect();
        let one = dice.roll("PUT", "/api/v1/groups/00g1/users/00u1").share();
        let other = dice.roll("PUT", "/api/v1/groups/00g1/users/00u1").share();
        assert!(one.total_cmp(&other).is_ne());
    }
}
