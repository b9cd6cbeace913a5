//! The list of words to avoid, and the search for them.

use anyhow::{Context, ensure};

use super::prose::{self, BEGIN, END, Word};

/// Phrases to avoid, each with what to write.
#[derive(Debug)]
pub struct List(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    phrase: String,
    words: Vec<String>,
    instead: String,
}

/// A place where a phrase is used.
#[derive(Debug)]
pub struct Hit<'a> {
    /// The line where it begins.
    pub line: usize,
    /// The phrase.
    pub phrase: &'a str,
    /// What to write.
    pub instead: &'a str,
}

impl List {
    /// Reads the table between the two markers: phrases in backticks in the first column, what to
    /// write in the second.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let (_, table) = text
            .split_once(BEGIN)
            .context("no list of words to avoid")?;
        let (table, _) = table
            .split_once(END)
            .context("the list of words to avoid does not end")?;
        let mut entries = Vec::new();
        for row in table.lines().filter(|line| line.starts_with("| `")) {
            let cells: Vec<_> = row.split('|').map(str::trim).collect();
            let [_, phrases, instead, _] = cells[..] else {
                anyhow::bail!("two columns are needed: {row}");
            };
            ensure!(!instead.is_empty(), "nothing to write instead: {row}");
            for phrase in phrases.split('`').skip(1).step_by(2) {
                let mut words = Vec::new();
                prose::split(phrase, 0, &mut words);
                ensure!(!words.is_empty(), "an empty phrase: {row}");
                entries.push(Entry {
                    phrase: phrase.to_owned(),
                    words: words.into_iter().map(|word| word.text).collect(),
                    instead: instead.to_owned(),
                });
            }
        }
        ensure!(!entries.is_empty(), "the list of words to avoid is empty");
        Ok(Self(entries))
    }

    /// Every place where a phrase of the list is used, in the order of the text.
    pub fn search<'a>(&'a self, words: &[Word]) -> Vec<Hit<'a>> {
        let mut hits = Vec::new();
        for start in 0..words.len() {
            for entry in &self.0 {
                let here = words[start..].iter().map(|word| &word.text);
                if words.len() - start >= entry.words.len()
                    && here.zip(&entry.words).all(|(is, avoid)| is == avoid)
                {
                    hits.push(Hit {
                        line: words[start].line,
                        phrase: &entry.phrase,
                        instead: &entry.instead,
                    });
                }
            }
        }
        hits
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::List;
    use crate::words::prose;

    const LIST: &str = "\
# Words
<!-- words to avoid -->
| avoid | write |
|---|---|
| `be had`, `are had` | obtained |
| `. Needed.` | Required. |
<!-- /words to avoid -->
";

    fn lines(words: &[prose::Word]) -> Vec<(usize, String)> {
        let list = List::parse(LIST).unwrap();
        let hits = list.search(words);
        hits.iter()
            .map(|hit| (hit.line, hit.phrase.to_owned()))
            .collect()
    }

    #[test]
    fn phrases_are_found_over_line_breaks_and_in_any_case() {
        let text = "Keys that can\nBe\nhad.\n\n| x | are *had* |\n";
        let found = lines(&prose::of_markdown(text));
        assert_eq!(found, [(2, "be had".to_owned()), (5, "are had".to_owned())]);
    }

    #[test]
    fn phrases_end_at_the_end_of_a_sentence() {
        let text = "It may be. Had it been so, we are\n\nhad we known: maybe had.";
        assert!(lines(&prose::of_markdown(text)).is_empty());
    }

    #[test]
    fn a_sentence_of_one_word_is_told_from_a_word_at_the_end() {
        for text in ["A path is needed.", "A list; needed.yaml is one."] {
            assert!(lines(&prose::of_markdown(text)).is_empty(), "{text}");
        }
        let found = lines(&prose::of_markdown("A path. Needed."));
        assert_eq!(found, [(1, ". Needed.".to_owned())]);
        assert_eq!(lines(&prose::of_markdown("Needed.")).len(), 1);
    }

    #[test]
    fn only_doc_comments_of_rust_are_read() {
        let text = "// can be had\nfn be_had() {}\n    /// can be\n    /// had\n//! to be had\n";
        let found = lines(&prose::of_rust(text));
        assert_eq!(found.iter().map(|hit| hit.0).collect::<Vec<_>>(), [3, 5]);
    }

    #[test]
    fn the_list_itself_is_not_checked() {
        assert!(lines(&prose::of_markdown(LIST)).is_empty());
    }

    #[test]
    fn a_list_that_says_nothing_is_refused() {
        let empty = "<!-- words to avoid -->\n<!-- /words to avoid -->\n";
        let no_advice = LIST.replace("obtained", "");
        for text in ["", empty, &no_advice] {
            assert!(List::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_list_of_this_repository_can_be_read() {
        let text = std::fs::read_to_string(crate::workspace().join(super::super::LIST)).unwrap();
        let list = List::parse(&text).unwrap();
        let found = list.search(&prose::of_markdown("What is done at our desk."));
        assert_eq!(found.len(), 1);
    }
}
