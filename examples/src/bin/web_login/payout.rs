//! A page behind a step-up: where the user's money goes.

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use okta_examples::note;
use serde::Deserialize;
use tower_sessions::Session;

use crate::layout::{Frame, page};

/// Under which the browser's session has the account. It goes with the session: a shop of yours
/// keeps it in its database.
const KEY: &str = "payout account";

/// How long an IBAN is, in characters without spaces (ISO 13616).
const LENGTH: std::ops::RangeInclusive<usize> = 15..=34;

#[derive(Template)]
#[template(path = "web_login/payout.html")]
struct Page {
    frame: Frame,
    account: Option<String>,
    problem: Option<&'static str>,
}

/// The form that changes the account.
#[derive(Debug, Deserialize)]
pub struct Change {
    iban: String,
}

impl Page {
    fn heading(&self) -> &'static str {
        "Payout account"
    }
}

pub async fn form(frame: Frame, session: Session) -> Response {
    match session.get::<String>(KEY).await {
        Ok(account) => page(&Page {
            frame,
            account: account.as_deref().map(masked),
            problem: None,
        }),
        Err(error) => {
            note(format_args!("the account cannot be read: {error}"));
            failed(frame, "Your account cannot be read. Try again in a minute.")
        }
    }
}

pub async fn change(
    frame: Frame,
    session: Session,
    form: Result<Form<Change>, FormRejection>,
) -> Response {
    let iban = form.ok().and_then(|Form(change)| iban(&change.iban));
    let Some(iban) = iban else {
        let page = page(&Page {
            frame,
            account: None,
            problem: Some(
                "This is no IBAN. Write two letters, two digits and the account, such as \
                 DE89 3704 0044 0532 0130 00.",
            ),
        });
        return (StatusCode::UNPROCESSABLE_ENTITY, page).into_response();
    };
    match session.insert(KEY, iban).await {
        Ok(()) => Redirect::to("/payout").into_response(),
        Err(error) => {
            note(format_args!("the account cannot be kept: {error}"));
            failed(
                frame,
                "Your account was not changed. Try again in a minute.",
            )
        }
    }
}

fn failed(frame: Frame, problem: &'static str) -> Response {
    let page = page(&Page {
        frame,
        account: None,
        problem: Some(problem),
    });
    (StatusCode::SERVICE_UNAVAILABLE, page).into_response()
}

/// The IBAN in capitals and without spaces, if it has the form of one and its check digits fit.
fn iban(text: &str) -> Option<String> {
    let plain: String = text.split_whitespace().collect();
    let plain = plain.to_ascii_uppercase();
    let has_form = plain.bytes().enumerate().all(|(at, byte)| match at {
        0 | 1 => byte.is_ascii_uppercase(),
        2 | 3 => byte.is_ascii_digit(),
        _ => byte.is_ascii_alphanumeric(),
    });
    if !has_form || !LENGTH.contains(&plain.len()) {
        return None;
    }
    // ISO 13616: the first four characters go to the end, letters count from 10, and the number
    // leaves 1 when it is divided by 97.
    let (first, rest) = plain.split_at(4);
    let rest = rest.chars().chain(first.chars());
    let left = rest.fold(0, |left, character| {
        let value = character.to_digit(36).unwrap_or_default();
        let shift = if value < 10 { 10 } else { 100 };
        (left * shift + value) % 97
    });
    (left == 1).then_some(plain)
}

/// The last four characters.
fn masked(account: &str) -> String {
    let skipped = account.chars().count().saturating_sub(4);
    let end: String = account.chars().skip(skipped).collect();
    format!("ends in {end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iban_is_checked_and_only_its_end_is_shown() {
        let right = iban("de89 3704 0044 0532 0130 00");
        assert_eq!(right.as_deref(), Some("DE89370400440532013000"));
        assert_eq!(
            right.as_deref().map(masked).as_deref(),
            Some("ends in 3000")
        );
        assert!(iban("GB82 WEST 1234 5698 7654 32").is_some());
        for wrong in [
            "",
            "DE89",
            "DE88370400440532013000",
            "1289370400440532013000",
            "DE89370400440532013000<b>",
            "ÄÖ89370400440532013000",
        ] {
            assert_eq!(iban(wrong), None, "{wrong}");
        }
    }
}
