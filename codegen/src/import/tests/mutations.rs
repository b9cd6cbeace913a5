//! Whatever is done to a document, reading it ends with facts or with words, and what is imported
//! can be imported again.

use proptest::prelude::*;

use super::super::*;
use super::faults::WHOLE;

/// A change of a text that people or machines may make.
#[derive(Debug, Clone)]
enum Change {
    Cut(usize),
    DropLine(usize),
    RepeatLine(usize),
    Indent(usize),
    Insert(usize, String),
}

fn change() -> impl Strategy<Value = Change> {
    let at = 0..WHOLE.len();
    prop_oneof![
        at.clone().prop_map(Change::Cut),
        at.clone().prop_map(Change::DropLine),
        at.clone().prop_map(Change::RepeatLine),
        at.clone().prop_map(Change::Indent),
        (at, "[ -~\n]{1,6}").prop_map(|(at, text)| Change::Insert(at, text)),
    ]
}

fn changed(text: &str, change: &Change) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let count = lines.len().max(1);
    let inside = |at: usize| text.floor_char_boundary(at.min(text.len()));
    match change {
        Change::Cut(at) => return text[..inside(*at)].to_owned(),
        Change::Insert(at, new) => {
            let (before, after) = text.split_at(inside(*at));
            return format!("{before}{new}{after}");
        }
        Change::DropLine(n) if !lines.is_empty() => drop(lines.remove(n % count)),
        Change::RepeatLine(n) if !lines.is_empty() => {
            lines.insert(n % count, lines[n % count].clone())
        }
        Change::Indent(n) if !lines.is_empty() => lines[n % count].insert_str(0, "  "),
        _ => {}
    }
    lines.concat()
}

proptest! {
    #[test]
    fn reading_never_panics(changes in prop::collection::vec(change(), 1..4)) {
        let text = changes.iter().fold(WHOLE.to_owned(), |text, change| changed(&text, change));
        if let Ok(facts) = import(&text) {
            prop_assert_eq!(&import(&facts).unwrap(), &facts);
        }
    }

    #[test]
    fn reading_anything_never_panics(text in "(openapi: 3.0.3\n)?[ -~\n]{0,80}") {
        let _ = read(&text);
    }
}
