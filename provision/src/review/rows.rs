//! Rows of a review, as CSV and as JSON lines.

use serde::Serialize;

use crate::error::Error;

/// How a review is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ReviewFormat {
    /// With a line of titles. A cell that a spreadsheet would take for a formula begins with an
    /// apostrophe.
    #[default]
    Csv,
    /// An object in each line.
    JsonLines,
}

impl ReviewFormat {
    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }
}

/// A user of the org.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountRow {
    pub(super) login: String,
    pub(super) id: String,
    pub(super) status: String,
    pub(super) created: String,
    pub(super) last_login: String,
    pub(super) password_changed: String,
    /// Whether they could sign in and have not for a while.
    pub(super) is_inactive: bool,
    pub(super) is_administrator: bool,
    /// Nothing if factors were not read.
    pub(super) has_mfa: Option<bool>,
    pub(super) factors: Vec<String>,
}

/// Something that a user has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessRow {
    pub(super) login: String,
    pub(super) id: String,
    /// `role`, `group` or `app`.
    pub(super) kind: &'static str,
    pub(super) name: String,
    /// How it was given: by the user or by a group, and for groups their type.
    pub(super) given: String,
}

/// What can be written as a row.
pub(super) trait Row: Serialize {
    const TITLES: &'static [&'static str];

    fn cells(&self) -> Vec<String>;
}

impl Row for AccountRow {
    const TITLES: &'static [&'static str] = &[
        "login",
        "id",
        "status",
        "created",
        "lastLogin",
        "passwordChanged",
        "isInactive",
        "isAdministrator",
        "hasMfa",
        "factors",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.login.clone(),
            self.id.clone(),
            self.status.clone(),
            self.created.clone(),
            self.last_login.clone(),
            self.password_changed.clone(),
            self.is_inactive.to_string(),
            self.is_administrator.to_string(),
            self.has_mfa.map(|it| it.to_string()).unwrap_or_default(),
            self.factors.join(";"),
        ]
    }
}

impl Row for AccessRow {
    const TITLES: &'static [&'static str] = &["login", "id", "kind", "name", "given"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.login.clone(),
            self.id.clone(),
            self.kind.to_owned(),
            self.name.clone(),
            self.given.clone(),
        ]
    }
}

/// Rows as text. With titles if the file is empty.
pub(super) fn written<R: Row>(
    rows: &[R],
    format: ReviewFormat,
    is_first: bool,
) -> Result<Vec<u8>, Error> {
    let mut text = Vec::new();
    match format {
        ReviewFormat::JsonLines => {
            for row in rows {
                serde_json::to_writer(&mut text, row)?;
                text.push(b'\n');
            }
        }
        ReviewFormat::Csv => {
            let mut csv = csv::Writer::from_writer(&mut text);
            let titles = is_first.then(|| R::TITLES.iter().map(|it| (*it).to_owned()).collect());
            let rows = rows
                .iter()
                .map(|row| row.cells().into_iter().map(guarded).collect());
            for cells in titles.into_iter().chain(rows) {
                let cells: Vec<String> = cells;
                // It is written to memory, which takes all.
                csv.write_record(cells)
                    .map_err(std::io::Error::other)
                    .map_err(in_memory)?;
            }
            csv.flush().map_err(in_memory)?;
            drop(csv);
        }
    }
    Ok(text)
}

fn in_memory(source: std::io::Error) -> Error {
    Error::File {
        path: "a row".into(),
        source,
    }
}

/// A cell that no spreadsheet takes for a formula.
///
/// Source: <https://owasp.org/www-community/attacks/CSV_Injection>
fn guarded(cell: String) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        true => format!("'{cell}"),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn row(name: &str) -> AccessRow {
        AccessRow {
            login: "ada@example.com".to_owned(),
            id: "00u1".to_owned(),
            kind: "group",
            name: name.to_owned(),
            given: "OKTA_GROUP".to_owned(),
        }
    }

    #[test]
    fn formulas_are_text_in_a_spreadsheet_and_untouched_in_json() {
        for (name, cell) in [
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("A=1", "A=1"),
            ("A,B", "\"A,B\""),
        ] {
            let csv = written(&[row(name)], ReviewFormat::Csv, false).unwrap();
            let expected = format!("ada@example.com,00u1,group,{cell},OKTA_GROUP\n");
            assert_eq!(String::from_utf8(csv).unwrap(), expected);
            let json = written(&[row(name)], ReviewFormat::JsonLines, true).unwrap();
            let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
            assert_eq!(json["name"], name);
        }
    }

    #[test]
    fn titles_come_first_and_once() {
        let csv = written(&[row("A")], ReviewFormat::Csv, true).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.starts_with("login,id,kind,name,given\n"), "{csv}");
        assert_eq!(
            AccountRow::TITLES.len(),
            AccountRow::default().cells().len()
        );
        let json = serde_json::to_value(AccountRow::default()).unwrap();
        let members: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        let mut titles = AccountRow::TITLES.to_vec();
        titles.sort_unstable();
        let mut members: Vec<&str> = members.iter().map(String::as_str).collect();
        members.sort_unstable();
        assert_eq!(members, titles);
    }
}
