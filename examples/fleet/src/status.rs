//! Runs as a table.

use std::time::{Duration, SystemTime};

use comfy_table::presets::{NOTHING, UTF8_HORIZONTAL_ONLY};
use comfy_table::{Cell, Color, ContentArrangement, Table};
use okta_provision::fleet::{Run, RunState};

/// A table for people; without colours and lines where it is not a terminal that reads it.
pub fn table(runs: &[Run], is_terminal: bool) -> String {
    let mut table = Table::new();
    table.load_style(match is_terminal {
        true => UTF8_HORIZONTAL_ONLY,
        false => NOTHING,
    });
    if is_terminal {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.set_header([
        "org", "run", "state", "steps", "failed", "took", "worker", "",
    ]);
    for run in runs {
        let state = Cell::new(state(run));
        table.add_row([
            Cell::new(&run.org),
            Cell::new(run.run),
            match is_terminal {
                true => state.fg(color(run.state)),
                false => state,
            },
            Cell::new(format!("{}/{}", run.progress.done, run.progress.steps)),
            Cell::new(run.progress.failed),
            Cell::new(took(run)),
            Cell::new(run.holder.as_deref().unwrap_or_default()),
            Cell::new(run.message.as_deref().unwrap_or_default()),
        ]);
    }
    table.trim_fmt()
}

/// How far a run is, in a word or two.
pub fn state(run: &Run) -> &'static str {
    match run.state {
        RunState::Running if run.is_cancelled => "is cancelled",
        RunState::Running if run.holder.is_none() => "lost",
        state => state.name(),
    }
}

const fn color(state: RunState) -> Color {
    match state {
        RunState::Done => Color::Green,
        RunState::Failed => Color::Red,
        RunState::Running => Color::Cyan,
        _ => Color::Reset,
    }
}

/// How long a run took, or has taken so far.
pub fn took(run: &Run) -> String {
    let Some(started) = run.started else {
        return String::new();
    };
    let end = run.ended.unwrap_or_else(SystemTime::now);
    let took = end.duration_since(started).unwrap_or(Duration::ZERO);
    let seconds = took.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}
