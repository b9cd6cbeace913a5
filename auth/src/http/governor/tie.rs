//! Whether two paths spend from one bucket, as their answers tell.
//!
//! In one bucket each call leaves less than the one before it: a call that was sent when another had
//! been answered is told a smaller `remaining`. Two buckets count each for itself, so that of calls
//! that take turns every second one contradicts this.

/// Comparisons that have to agree before two are taken for one.
const ENOUGH: u32 = 3;

/// After so many that agree, all count half: a server that begins to count otherwise is believed
/// soon.
const MOST: u32 = 16;

/// A server that counts in several places may tell a number twice. So one contradiction says
/// nothing, nor do a few among many that agree.
const TOLERATED: u32 = 1;
const AGREEING_PER_TOLERATED: u32 = 4;

/// What has been seen of two buckets that may be one, or of two paths of one bucket.
#[derive(Debug, Default)]
pub(super) struct Tie {
    agreeing: u32,
    contradicting: u32,
    /// The window of the first comparison, by its reset.
    since: Option<u64>,
    apart: bool,
    /// The latest answer of each of the two that another was compared to.
    compared: [u64; 2],
}

/// What a comparison shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Nothing,
    /// They are one, over two windows.
    Together,
    Apart,
}

impl Tie {
    /// Of two that are known not to be one.
    pub(super) fn apart() -> Self {
        Self {
            apart: true,
            ..Self::default()
        }
    }

    /// They are not one.
    pub(super) fn is_apart(&self) -> bool {
        self.apart
    }

    /// They are one, as far as answers show.
    pub(super) fn is_likely(&self) -> bool {
        !self.apart && self.agreeing > self.contradicting * AGREEING_PER_TOLERATED
    }

    /// Whether the answer number `seq` of one of the two has not been compared to yet. Each counts
    /// once, so that the busier of the two does not drown the other.
    pub(super) fn compare_to(&mut self, second: bool, seq: u64) -> bool {
        let compared = &mut self.compared[usize::from(second)];
        let is_new = seq > *compared;
        *compared = seq.max(*compared);
        is_new
    }

    /// A comparison of answers of the window that ends at `reset`.
    pub(super) fn add(&mut self, reset: u64, agrees: bool) -> Shown {
        if !agrees {
            return self.contradict();
        }
        self.agreeing += 1;
        if self.agreeing == MOST {
            self.agreeing /= 2;
            self.contradicting /= 2;
        }
        let since = *self.since.get_or_insert(reset);
        if since == reset || self.agreeing < ENOUGH {
            return Shown::Nothing;
        }
        self.apart = false;
        Shown::Together
    }

    /// A comparison that shows two buckets.
    pub(super) fn contradict(&mut self) -> Shown {
        self.contradicting += 1;
        if self.contradicting <= TOLERATED.max(self.agreeing / AGREEING_PER_TOLERATED) {
            return Shown::Nothing;
        }
        *self = Self {
            compared: self.compared,
            ..Self::apart()
        };
        Shown::Apart
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_windows_that_agree_show_one_bucket() {
        let mut tie = Tie::default();
        let first: Vec<Shown> = (0..9).map(|_| tie.add(60, true)).collect();
        assert_eq!(first, [Shown::Nothing; 9]);
        assert!(tie.is_likely());
        assert_eq!(tie.add(120, true), Shown::Together);
    }

    #[test]
    fn the_second_contradiction_shows_two_buckets() {
        let mut tie = Tie::default();
        for (agrees, shown) in [
            (true, Shown::Nothing),
            (false, Shown::Nothing),
            (true, Shown::Nothing),
            (true, Shown::Nothing),
            (false, Shown::Apart),
        ] {
            assert_eq!(tie.add(60, agrees), shown);
        }
        assert!(tie.is_apart() && !tie.is_likely());
    }

    #[test]
    fn contradictions_of_calls_that_are_seldom_add_up_over_windows() {
        let mut tie = Tie::default();
        assert_eq!(tie.add(60, false), Shown::Nothing);
        assert_eq!(tie.add(120, true), Shown::Nothing);
        assert_eq!(tie.add(180, false), Shown::Apart);
    }

    #[test]
    fn one_number_told_twice_does_not_part_what_agrees() {
        let mut tie = Tie::default();
        for reset in [60, 120, 180] {
            for turn in 0..40 {
                assert_ne!(tie.add(reset, turn % 10 != 5), Shown::Apart);
            }
        }
        assert!(tie.is_likely());
    }

    #[test]
    fn each_answer_is_compared_to_once() {
        let mut tie = Tie::default();
        assert!(tie.compare_to(false, 4));
        assert!(!tie.compare_to(false, 4));
        assert!(tie.compare_to(true, 4));
        assert!(tie.compare_to(false, 5));
    }
}
