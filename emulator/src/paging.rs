//! Pages of a list, and the opaque cursors that lead from one to the next.

use crate::org::ids::{scramble, text62, unscramble, value62};

/// Set in every cursor, so that text that was made up is recognised.
const MARK: u64 = 0x0C75 << 48;

/// One page, and where the next one starts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// The position of the page's last item, if more follow.
    pub(crate) next: Option<u64>,
}

impl<T> Page<T> {
    /// The first `limit` of `rows`, which are positions with their values in list order.
    pub(crate) fn take(rows: impl IntoIterator<Item = (u64, T)>, limit: usize) -> Self {
        let mut rows = rows.into_iter();
        let mut items = Vec::new();
        let mut last = None;
        for (position, item) in rows.by_ref().take(limit) {
            last = Some(position);
            items.push(item);
        }
        Self {
            items,
            next: last.filter(|_| rows.next().is_some()),
        }
    }
}

/// Writes a position as a cursor: text without a meaning to the caller.
pub(crate) fn encode(position: u64) -> String {
    text62(scramble(MARK | position))
}

/// Reads a cursor back. Text that [`encode`] did not write is nothing.
pub(crate) fn decode(cursor: &str) -> Option<u64> {
    let position = unscramble(value62(cursor)?) ^ MARK;
    (position < 1 << 48).then_some(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_has_no_next() {
        let rows = [(3, 'a'), (5, 'b'), (9, 'c')];
        assert_eq!(
            Page::take(rows, 2),
            Page {
                items: vec!['a', 'b'],
                next: Some(5)
            }
        );
        assert_eq!(
            Page::take(rows, 3),
            Page {
                items: vec!['a', 'b', 'c'],
                next: None
            }
        );
        assert_eq!(
            Page::<char>::take([], 3),
            Page {
                items: vec![],
                next: None
            }
        );
    }

    #[test]
    fn cursors_round_trip_and_cannot_be_made_up() {
        for position in [0, 1, 200, 99_999, (1 << 48) - 1] {
            assert_eq!(decode(&encode(position)), Some(position));
        }
        for made_up in ["", "200", "00u1abcdefghijklmnop", "é", "zzzzzzzzzzz", "1"] {
            assert_eq!(decode(made_up), None, "{made_up}");
        }
    }
}
