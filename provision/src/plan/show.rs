//! A plan for people, and for other programs.

use std::fmt::{self, Write as _};

use serde_json::{Value, json};

use super::Plan;
use crate::step::{Effect, Kind, Step};
use crate::text::{markdown, printable};

/// Colors of a terminal, by ANSI escape sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// None.
    Never,
    /// Green for what is added, yellow for what changes, red for what is taken.
    Always,
}

impl Plan {
    /// The plan as text: like a diff, by kind. [`Display`](fmt::Display) is the same without colors.
    #[must_use]
    pub fn to_text(&self, color: Color) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_text(&mut text, color);
        text
    }

    fn write_text(&self, to: &mut dyn fmt::Write, color: Color) -> fmt::Result {
        for kind in Kind::ALL {
            let mut steps = self.of(kind).peekable();
            if steps.peek().is_none() {
                continue;
            }
            writeln!(to, "{kind}: {}", self.summary(kind))?;
            for step in steps {
                let (sign, code) = match step.effect() {
                    Effect::Add => ('+', 32),
                    Effect::Change => ('~', 33),
                    Effect::Remove => ('-', 31),
                };
                let step = printable(&step.to_string());
                match color {
                    Color::Never => writeln!(to, "  {sign} {step}")?,
                    Color::Always => writeln!(to, "  \u{1b}[{code}m{sign} {step}\u{1b}[0m")?,
                }
            }
        }
        for warning in &self.warnings {
            writeln!(to, "warning: {}", printable(warning))?;
        }
        for objection in &self.objections {
            writeln!(to, "objection: {}", printable(objection))?;
        }
        let kept: usize = self.kept.values().sum();
        writeln!(to, "{} to do, {kept} as wanted already", self.steps.len())
    }

    /// The plan as Markdown: a table of counts, and a list for each kind.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text =
            String::from("| | add | change | remove | as wanted |\n|---|---|---|---|---|\n");
        for kind in Kind::ALL {
            let [add, change, remove] = self.counts(kind);
            let kept = self.kept(kind);
            let _ = writeln!(text, "| {kind} | {add} | {change} | {remove} | {kept} |");
        }
        for (title, lines) in [
            ("Objections", &self.objections),
            ("Warnings", &self.warnings),
        ] {
            if !lines.is_empty() {
                let _ = writeln!(text, "\n## {title}\n");
            }
            for line in lines {
                let _ = writeln!(text, "- {}", markdown(line));
            }
        }
        for kind in Kind::ALL {
            let mut steps = self.of(kind).peekable();
            if steps.peek().is_some() {
                let _ = writeln!(text, "\n## {kind}\n");
            }
            for step in steps {
                let _ = writeln!(text, "- {}", markdown(&step.to_string()));
            }
        }
        text
    }

    /// The plan as JSON for other programs, without credentials: counts, steps in words with kind and
    /// effect, warnings and objections. It cannot be read back; see [`Plan::save`].
    #[must_use]
    pub fn to_json(&self) -> Value {
        let steps = self.steps.iter().map(|step| {
            json!({
                "kind": step.kind(),
                "effect": step.effect(),
                "what": step.to_string(),
            })
        });
        json!({
            "org": self.org_url,
            "steps": steps.collect::<Vec<_>>(),
            "kept": self.kept,
            "warnings": self.warnings,
            "objections": self.objections,
        })
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.kind() == kind)
    }

    /// How many steps of a kind add, change and remove.
    fn counts(&self, kind: Kind) -> [usize; 3] {
        [Effect::Add, Effect::Change, Effect::Remove]
            .map(|effect| self.of(kind).filter(|step| step.effect() == effect).count())
    }

    fn summary(&self, kind: Kind) -> String {
        let names = ["to add", "to change", "to remove"];
        let counts = self.counts(kind).into_iter().zip(names);
        let counts = counts.filter(|(count, _)| *count > 0);
        let counts: Vec<_> = counts
            .map(|(count, name)| format!("{count} {name}"))
            .collect();
        counts.join(", ")
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_text(f, Color::Never)
    }
}
