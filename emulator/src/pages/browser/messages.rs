//! What the org has sent to people.

use axum::extract::State;

use super::ROWS;
use super::frame::{Org, Visit};
use super::sections::{Cell, Listing, Row, Section, Table};
use crate::clock::Timestamp;
use crate::org::messages::SentMessage;
use crate::pages::Page;

/// `GET /_org/messages`. Links and codes open accounts: they are for those who have shown the token.
pub(super) async fn list(State(shared): Org, visit: Visit) -> Page {
    let org = shared.org();
    let messages: Vec<&SentMessage> = org.outbox.all().collect();
    let rows = messages.into_iter().rev().take(ROWS).map(|message| {
        let content = match (&message.link, &message.code) {
            _ if !visit.is_unlocked => Cell::plain("locked"),
            (Some(path), _) => Cell::link("open the link", path.clone()),
            (None, Some(code)) => Cell::code(code),
            (None, None) => Cell::plain("none"),
        };
        Row::new([
            Cell::time(Timestamp::parse(&message.sent)),
            Cell::plain(message.channel.as_str()),
            Cell::plain(&message.to),
            Cell::plain(message.template),
            content,
        ])
    });
    let columns = &["Sent (UTC)", "By", "To", "Template", "Link or code"];
    let table = Table::new(columns, "Nothing was sent yet.", rows.collect());
    drop(org);
    let lead = "E-mails, text messages and calls, the latest first. Nothing leaves this machine.";
    Listing::new(
        visit.frame("Messages").lead(lead),
        vec![Section::list("Messages", table)],
    )
    .page()
}
