//! How far it is: a bar in a terminal, and a line now and then anywhere else.

use std::fmt::Display;
use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressStyle};
use okta_examples::note;

/// Lines in all, where there is no terminal.
const LINES: usize = 10;

/// How many steps are done, shown on standard error.
#[derive(Debug)]
pub struct Progress {
    done: usize,
    steps: usize,
    /// Only in a terminal.
    bar: Option<ProgressBar>,
}

impl Progress {
    pub fn new(steps: usize) -> anyhow::Result<Self> {
        let bar = if stderr().is_terminal() {
            let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {wide_msg}")?;
            Some(ProgressBar::new(steps.try_into()?).with_style(style))
        } else {
            None
        };
        Ok(Self {
            done: 0,
            steps,
            bar,
        })
    }

    /// Another step is done: `what`.
    pub fn step(&mut self, what: impl Display) {
        self.done += 1;
        match &self.bar {
            Some(bar) => {
                bar.set_message(what.to_string());
                bar.inc(1);
            }
            None if has_line(self.done, self.steps) => {
                note(format_args!("{}/{} {what}", self.done, self.steps));
            }
            None => {}
        }
    }

    pub fn done(&self) -> usize {
        self.done
    }

    /// Takes the bar away.
    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Whether another tenth is done with this step.
fn has_line(done: usize, steps: usize) -> bool {
    done * LINES / steps.max(1) > (done - 1) * LINES / steps.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_line_for_each_tenth_and_one_for_the_end() {
        for (steps, lines) in [(1, 1), (3, 3), (10, 10), (1234, 10)] {
            let with_line: Vec<_> = (1..=steps).filter(|n| has_line(*n, steps)).collect();
            assert_eq!(with_line.len(), lines);
            assert_eq!(with_line.last(), Some(&steps));
        }
    }
}
