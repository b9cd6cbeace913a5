//! What pages are made of: facts, tables and texts.

use askama::Template;
use serde_json::Value;

use super::ROWS;
use super::frame::{Frame, Link, page};
use crate::clock::Timestamp;
use crate::pages;
use crate::paging::{self, Page};

/// A part of a page.
pub(super) struct Section {
    pub(super) title: Option<String>,
    pub(super) content: Content,
}

pub(super) enum Content {
    Facts(Vec<(String, Cell)>),
    Table(Table),
    /// A text as it is, such as JSON.
    Text(String),
}

pub(super) struct Table {
    /// What it lists, for those who do not see it.
    pub(super) label: String,
    /// What it lists, for the stylesheet: its columns may have widths.
    pub(super) kind: &'static str,
    pub(super) columns: &'static [&'static str],
    pub(super) rows: Vec<Row>,
    /// What is said if there is no row.
    pub(super) empty: &'static str,
    pub(super) more: Option<Link>,
    /// Whether the script keeps it up to date.
    pub(super) is_live: bool,
}

impl Table {
    pub(super) fn new(
        columns: &'static [&'static str],
        empty: &'static str,
        rows: Vec<Row>,
    ) -> Self {
        Self {
            label: String::new(),
            kind: "",
            columns,
            rows,
            empty,
            more: None,
            is_live: false,
        }
    }

    /// The cells of a row with the names of their columns.
    pub(super) fn labelled<'t>(
        &self,
        row: &'t Row,
    ) -> impl Iterator<Item = (&'static str, &'t Cell)> + use<'t> {
        self.columns.iter().copied().zip(&row.cells)
    }
}

pub(super) struct Row {
    /// By what the script knows it again.
    pub(super) key: String,
    pub(super) cells: Vec<Cell>,
}

impl Row {
    pub(super) fn new(cells: impl IntoIterator<Item = Cell>) -> Self {
        Self::keyed("", cells)
    }

    pub(super) fn keyed(key: impl ToString, cells: impl IntoIterator<Item = Cell>) -> Self {
        Self {
            key: key.to_string(),
            cells: cells.into_iter().collect(),
        }
    }
}

/// The rows of a page of what has positions, with the cursor of the next page if there is one.
pub(super) fn rows<T>(
    found: impl Iterator<Item = (u64, T)>,
    show: impl Fn(T) -> Row,
) -> (Vec<Row>, Option<String>) {
    let page = Page::take(found, ROWS);
    let rows = page.items.into_iter().map(show).collect();
    (rows, page.next.map(paging::encode))
}

/// How a value looks.
#[derive(Clone, Copy)]
pub(super) enum Look {
    Plain,
    Code,
    Good,
    Bad,
    Idle,
    Time,
}

/// A value.
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) link: Option<String>,
    pub(super) look: Look,
}

impl Cell {
    fn new(text: impl ToString, look: Look) -> Self {
        Self {
            text: text.to_string(),
            link: None,
            look,
        }
    }

    pub(super) fn plain(text: impl ToString) -> Self {
        Self::new(text, Look::Plain)
    }

    pub(super) fn code(text: impl ToString) -> Self {
        Self::new(text, Look::Code)
    }

    pub(super) fn link(text: impl ToString, path: String) -> Self {
        Self {
            link: Some(path),
            ..Self::new(text, Look::Plain)
        }
    }

    /// A status in Okta's words.
    pub(super) fn status(text: &str) -> Self {
        let look = match text {
            "ACTIVE" => Look::Good,
            "DEPROVISIONED" | "INVALID" | "LOCKED_OUT" | "REVOKED" | "SUSPENDED" => Look::Bad,
            _ => Look::Idle,
        };
        Self::new(text, look)
    }

    /// A status of HTTP.
    pub(super) fn http_status(status: u16) -> Self {
        let look = match status {
            100..=399 => Look::Good,
            _ => Look::Bad,
        };
        Self::new(status, look)
    }

    pub(super) fn time(time: Option<Timestamp>) -> Self {
        match time {
            Some(time) => Self::new(time, Look::Time),
            None => Self::plain("never"),
        }
    }

    /// The time without what people do not need. It is UTC.
    pub(super) fn moment(&self) -> String {
        self.text.get(..19).unwrap_or(&self.text).replace('T', " ")
    }
}

impl Section {
    pub(super) fn facts<N: Into<String>>(
        title: &str,
        facts: impl IntoIterator<Item = (N, Cell)>,
    ) -> Self {
        let facts = facts.into_iter();
        Self {
            title: Some(title.to_owned()),
            content: Content::Facts(facts.map(|(name, cell)| (name.into(), cell)).collect()),
        }
    }

    pub(super) fn table(title: &str, mut table: Table) -> Self {
        title.clone_into(&mut table.label);
        Self {
            title: Some(title.to_owned()),
            content: Content::Table(table),
        }
    }

    /// The only table of a page, which needs no title of its own.
    pub(super) fn list(label: &str, table: Table) -> Self {
        Self {
            title: None,
            ..Self::table(label, table)
        }
    }

    pub(super) fn text(title: &str, text: String) -> Self {
        Self {
            title: Some(title.to_owned()),
            content: Content::Text(text),
        }
    }

    pub(super) fn json(title: &str, value: &Value) -> Self {
        Self::text(title, format!("{value:#}"))
    }
}

/// A field in which to search.
pub(super) struct Search {
    pub(super) label: &'static str,
    pub(super) text: String,
}

/// A page of sections.
#[derive(Template)]
#[template(path = "listing.html")]
pub(super) struct Listing {
    frame: Frame,
    search: Option<Search>,
    sections: Vec<Section>,
    is_live: bool,
    /// The path of the next page.
    next: Option<String>,
}

impl Listing {
    pub(super) fn new(frame: Frame, sections: Vec<Section>) -> Self {
        let is_live =
            |section: &Section| matches!(&section.content, Content::Table(it) if it.is_live);
        Self {
            frame,
            search: None,
            is_live: sections.iter().any(is_live),
            sections,
            next: None,
        }
    }

    #[must_use]
    pub(super) fn search(mut self, label: &'static str, text: &str) -> Self {
        self.search = Some(Search {
            label,
            text: text.to_owned(),
        });
        self
    }

    /// Says where the next page starts, if there is one.
    #[must_use]
    pub(super) fn next(self, cursor: Option<String>) -> Self {
        let place = self.frame.place.clone();
        self.next_of(&place, cursor)
    }

    /// Says where the next page of the list at this path starts, if there is one.
    #[must_use]
    pub(super) fn next_of(mut self, place: &str, cursor: Option<String>) -> Self {
        self.next = cursor.map(|cursor| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            if let Some(search) = self.search.as_ref().filter(|it| !it.text.is_empty()) {
                query.append_pair("q", &search.text);
            }
            format!("{place}?{}", query.append_pair("after", &cursor).finish())
        });
        self
    }

    pub(super) fn page(&self) -> pages::Page {
        page(self)
    }
}
