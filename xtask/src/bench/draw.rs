//! `cargo xtask bench draw`: the plots and tables of the guide's chapter on cost, from its figures.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::chart::{Bar, Chart, grouped};
use super::figures::{Figures, List};

const CHAPTER: &str = "guide/src/cost.md";
const FOLDER: &str = "guide/src/cost";

/// Plots and tables of the guide's chapter on cost, from the figures that `measure` wrote
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Write nothing; fail if a plot or table is not what the figures give
    #[arg(long)]
    check: bool,
}

impl Arguments {
    /// Writes what differs, or reports it.
    pub fn run(self, root: &Path) -> anyhow::Result<String> {
        let mut stale = Vec::new();
        for (file, text) in drawn(root)? {
            if fs::read_to_string(root.join(&file)).ok().as_ref() != Some(&text) {
                if !self.check {
                    fs::write(root.join(&file), text)
                        .with_context(|| format!("cannot write {}", file.display()))?;
                }
                stale.push(file.display().to_string());
            }
        }
        if self.check && !stale.is_empty() {
            bail!(
                "not what the figures give: {}; run `cargo xtask bench draw`",
                stale.join(", ")
            );
        }
        Ok(format!("{} files differed\n", stale.len()))
    }
}

/// Every plot, and the chapter with its tables, by path.
fn drawn(root: &Path) -> anyhow::Result<Vec<(PathBuf, String)>> {
    let figures = Figures::read(root)?;
    let mut files = Vec::new();
    let mut chapter = fs::read_to_string(root.join(CHAPTER)).context(CHAPTER)?;
    // What was not measured stays as it is.
    let parts = parts(&figures).into_iter();
    for part in parts.filter(|part| part.charts.iter().all(|(_, it)| !it.bars.is_empty())) {
        chapter = replaced(&chapter, part.name, &part.text())?;
        for (name, chart) in &part.charts {
            files.push((Path::new(FOLDER).join(format!("{name}.svg")), chart.svg()?));
        }
    }
    files.push((PathBuf::from(CHAPTER), chapter));
    Ok(files)
}

/// Plots and a table that stand together in the chapter.
struct Part {
    name: &'static str,
    charts: Vec<(&'static str, Chart)>,
    table: String,
}

impl Part {
    /// The markdown of the part.
    fn text(&self) -> String {
        let mut text = String::new();
        for (name, chart) in &self.charts {
            text.push_str(&format!("![{}](cost/{name}.svg)\n\n", chart.title));
        }
        text + &self.table
    }
}

fn parts(figures: &Figures) -> [Part; 4] {
    let part = |name, charts, table| Part {
        name,
        charts,
        table,
    };
    let Figures {
        list: List { programs, .. },
        ..
    } = figures;
    let speed = programs.iter().map(|it| bar(&it.name, it.users_per_second));
    let memory = programs.iter().map(|it| bar(&it.name, it.peak_mib));
    let by_length = figures.lengths.iter().map(|it| Bar {
        label: format!("{} users", count(it.users)),
        value: it.peak_mib,
        ours: true,
    });
    let times = figures
        .verify
        .iter()
        .map(|it| bar(&it.name, it.microseconds));
    let builds = figures.compile.iter().map(|it| Bar {
        label: format!("{}, {}", it.build, it.features),
        value: it.cpu_seconds,
        ours: true,
    });
    let list_charts = vec![
        chart("speed", "Reading a list: speed", "users/s", 0, speed),
        chart(
            "memory",
            "Reading a list: memory",
            "peak memory, MiB",
            1,
            memory,
        ),
    ];
    let length = chart(
        "lengths",
        "Memory by the length of a list",
        "peak memory, MiB",
        1,
        by_length,
    );
    let time = chart(
        "verify",
        "Verifying a token",
        "time for one token, µs",
        1,
        times,
    );
    let build = chart(
        "compile",
        "Compiling okta-sdk alone",
        "CPU time, s",
        1,
        builds,
    );
    [
        part("list", list_charts, list(&figures.list)),
        part("lengths", vec![length], lengths(figures)),
        part("verify", vec![time], verify(figures)),
        part("compile", vec![build], compile(figures)),
    ]
}

fn chart(
    name: &'static str,
    title: &'static str,
    axis: &'static str,
    digits: usize,
    bars: impl Iterator<Item = Bar>,
) -> (&'static str, Chart) {
    let bars = bars.collect();
    let chart = Chart {
        title,
        axis,
        digits,
        bars,
    };
    (name, chart)
}

fn bar(name: &str, value: f64) -> Bar {
    Bar {
        label: name.to_owned(),
        value,
        ours: name.starts_with("okta-sdk") || name.starts_with("okta-auth"),
    }
}

fn compile(figures: &Figures) -> String {
    let rows = figures.compile.iter().map(|it| {
        let gib = it.peak_mib / 1024.0;
        format!(
            "| {}, {} | {:.1} | {gib:.1} |",
            it.build, it.features, it.cpu_seconds
        )
    });
    table(
        "| okta-sdk alone | CPU s | peak memory, GiB |\n|---|--:|--:|",
        rows,
    )
}

fn list(list: &List) -> String {
    let rows = list.programs.iter().map(|it| {
        // Thousands of users: the rest differs from run to run.
        let speed = grouped((it.users_per_second / 1e3).round() * 1e3, 0);
        format!(
            "| {} | {speed} | {:.2} | {:.2} | {:.1} |",
            code(&it.name),
            it.cpu_seconds,
            it.cpu_ratio.median,
            it.peak_mib
        )
    });
    let rows = table(
        "| way | users/s | CPU s | CPU, relative | peak memory, MiB |\n|---|--:|--:|--:|--:|",
        rows,
    );
    format!(
        "{} users, {} a page; medians of {} rounds.\n\n{rows}",
        count(list.users),
        list.page,
        list.rounds
    )
}

fn lengths(figures: &Figures) -> String {
    let rows = figures
        .lengths
        .iter()
        .map(|it| format!("| {} | {:.1} |", count(it.users), it.peak_mib));
    table("| users | peak memory, MiB |\n|--:|--:|", rows)
}

fn verify(figures: &Figures) -> String {
    let rows = figures
        .verify
        .iter()
        .map(|it| format!("| {} | {:.1} | {:.2} |", it.name, it.microseconds, it.ratio));
    table("| what | µs | relative |\n|---|--:|--:|", rows)
}

fn table(head: &str, rows: impl Iterator<Item = String>) -> String {
    let mut table = head.to_owned();
    for row in rows {
        table.push('\n');
        table.push_str(&row);
    }
    table
}

/// Names of methods hold angle brackets, which are HTML outside of code.
fn code(name: &str) -> String {
    match name.split_once(' ') {
        Some((name, method)) if method.ends_with("()") => format!("{name} `{method}`"),
        _ => name.to_owned(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of users are small")]
fn count(users: usize) -> String {
    grouped(users as f64, 0)
}

/// The chapter with another text between the two comments that name a part.
fn replaced(chapter: &str, name: &str, text: &str) -> anyhow::Result<String> {
    let (start, end) = (
        format!("<!-- figures: {name} -->\n"),
        format!("\n<!-- /figures: {name} -->"),
    );
    let parts = chapter.split_once(&start).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&end)?;
        Some(format!("{before}{start}{text}{end}{after}"))
    });
    parts.with_context(|| format!("{CHAPTER} has no place for the figures of {name}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn plots_and_tables_are_what_the_figures_give() {
        let check = Arguments { check: true };
        check.run(&crate::workspace()).unwrap();
    }

    #[test]
    fn only_the_named_part_of_a_chapter_is_replaced() {
        let chapter = "a\n<!-- figures: x -->\nold\n<!-- /figures: x -->\nb\n";
        let new = replaced(chapter, "x", "new").unwrap();
        assert_eq!(new, chapter.replace("old", "new"));
        assert!(replaced(chapter, "y", "new").is_err());
    }
}
