//! How far a program is: a bar in a terminal, and a line now and then anywhere else.

use std::fmt::Display;
use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::program::note;

/// Lines in all, where there is no terminal and the end is known.
const LINES: usize = 10;

/// How much is done, shown on standard error.
#[derive(Debug)]
pub struct Progress {
    done: usize,
    all: usize,
    start: Instant,
    /// Only in a terminal.
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Nothing of so much is done.
    ///
    /// # Errors
    /// None that a caller can mend: the bar is described wrongly.
    pub fn new(all: usize) -> anyhow::Result<Self> {
        let bar = if stderr().is_terminal() {
            let style = ProgressStyle::with_template(
                "{bar:30} {pos}/{len}  {per_sec}  {eta} left  {wide_msg}",
            )?;
            Some(ProgressBar::new(all.try_into()?).with_style(style))
        } else {
            None
        };
        Ok(Self {
            done: 0,
            all,
            start: Instant::now(),
            bar,
        })
    }

    /// One more is done: `what`.
    pub fn step(&mut self, what: impl Display) {
        self.done += 1;
        match &self.bar {
            Some(bar) => {
                bar.set_message(what.to_string());
                bar.inc(1);
            }
            None if has_line(self.done, self.all) => {
                note(line(self.done, self.all, self.start.elapsed(), &what));
            }
            None => {}
        }
    }

    /// Takes the bar away.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Count, rate and the time that is left.
#[allow(clippy::cast_precision_loss)] // for people
fn line(done: usize, all: usize, took: Duration, what: &impl Display) -> String {
    let rate = done as f64 / took.as_secs_f64().max(0.001);
    let left = all.saturating_sub(done) as f64 / rate.max(f64::MIN_POSITIVE);
    format!("{done}/{all}, {rate:.0} per second, {left:.0} s left: {what}")
}

/// Whether another tenth is done with this step.
fn has_line(done: usize, all: usize) -> bool {
    done * LINES / all.max(1) > (done - 1) * LINES / all.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_line_for_each_tenth_and_one_for_the_end() {
        for (all, lines) in [(1, 1), (3, 3), (10, 10), (1234, 10)] {
            let with_line: Vec<_> = (1..=all).filter(|n| has_line(*n, all)).collect();
            assert_eq!(with_line.len(), lines);
            assert_eq!(with_line.last(), Some(&all));
        }
    }

    #[test]
    fn a_line_has_count_rate_and_time_left() {
        assert_eq!(
            line(100, 400, Duration::from_secs(4), &"add ada to Analysts"),
            "100/400, 25 per second, 12 s left: add ada to Analysts"
        );
    }
}
