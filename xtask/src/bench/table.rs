//! A Markdown table whose columns are aligned.

use std::fmt;

/// Rows of text; numbers are best formatted by the caller.
#[derive(Debug)]
pub struct Table<const COLUMNS: usize> {
    head: [&'static str; COLUMNS],
    rows: Vec<[String; COLUMNS]>,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    /// A table of no rows.
    pub fn new(head: [&'static str; COLUMNS]) -> Self {
        let rows = Vec::new();
        Self { head, rows }
    }

    /// Adds a row at the end.
    pub fn push(&mut self, row: [String; COLUMNS]) {
        self.rows.push(row);
    }
}

impl<const COLUMNS: usize> fmt::Display for Table<COLUMNS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = self.head.map(str::to_owned);
        let width = |column: usize| {
            let cells = self.rows.iter().chain([&head]);
            let lengths = cells.filter_map(|row| row.get(column)).map(String::len);
            lengths.max().unwrap_or_default()
        };
        let widths: [usize; COLUMNS] = std::array::from_fn(width);
        // The first column says what a row is about, the others are numbers.
        let rule = widths.map(|width| "-".repeat(width));
        for (number, row) in [&head, &rule].into_iter().chain(&self.rows).enumerate() {
            for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
                match (column, number) {
                    (0, _) => write!(f, "| {cell:<width$} |")?,
                    (_, 1) => write!(f, " {}: |", "-".repeat(width.saturating_sub(1)))?,
                    _ => write!(f, " {cell:>width$} |")?,
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new(["what", "CPU s"]);
        table.push(["a long name".to_owned(), "1.5".to_owned()]);
        table.push(["b".to_owned(), "12345.6".to_owned()]);
        let expected = "\
| what        |   CPU s |
| ----------- | ------: |
| a long name |     1.5 |
| b           | 12345.6 |
";
        assert_eq!(table.to_string(), expected);
    }
}
