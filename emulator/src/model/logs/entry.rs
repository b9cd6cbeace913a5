//! What filters and keywords see of an event: the values that its JSON has, without the JSON.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde_json::Value;

use crate::clock::Timestamp;
use crate::expression::{Attributes, walk};
use crate::org::events::{Event, EventKind, Target};
use crate::view;

/// An event as filters and keywords see it.
#[derive(Clone, Copy)]
pub(super) struct Entry<'e>(pub(super) &'e Event);

/// Reads one attribute of an event.
type Reading = fn(&Event) -> Cow<'_, str>;

/// The attributes in which events differ, but for those of targets and of the chain of addresses.
const TEXTS: [(&str, Reading); 14] = [
    ("uuid", |event| Cow::Borrowed(&event.uuid)),
    ("published", |event| Cow::Owned(event.published.to_string())),
    ("eventType", |event| Cow::Borrowed(event.kind.name)),
    ("displayMessage", |event| Cow::Borrowed(event.kind.message)),
    ("actor.id", |event| Cow::Borrowed(&event.actor.id)),
    ("actor.type", |event| Cow::Borrowed(event.actor.kind)),
    ("actor.alternateId", |event| {
        Cow::Borrowed(&event.actor.alternate_id)
    }),
    ("actor.displayName", |event| {
        Cow::Borrowed(&event.actor.display_name)
    }),
    ("outcome.result", |event| Cow::Borrowed(event.result())),
    ("client.userAgent.rawUserAgent", |event| {
        Cow::Borrowed(&event.request.user_agent)
    }),
    ("client.ipAddress", |event| {
        Cow::Borrowed(&event.request.address)
    }),
    ("transaction.id", |event| Cow::Borrowed(&event.request.id)),
    ("debugContext.debugData.requestId", |event| {
        Cow::Borrowed(&event.request.id)
    }),
    ("debugContext.debugData.requestUri", |event| {
        Cow::Borrowed(&event.request.path)
    }),
];

/// What moments are written with, in lower case.
const MOMENTS: &[u8] = b"0123456789-:.tz";

/// Objects and lists that events do not have in common.
const WHOLES: [&str; 11] = [
    "actor",
    "client",
    "client.userAgent",
    "outcome",
    "outcome.reason",
    "transaction",
    "debugContext",
    "debugContext.debugData",
    "request",
    "request.ipChain",
    "request.ipChain.ip",
];

/// What is the same in all events.
static COMMON: LazyLock<Value> = LazyLock::new(|| {
    let kind = EventKind {
        name: "",
        message: "",
    };
    let published = Timestamp(chrono::DateTime::UNIX_EPOCH);
    let mut event = view::event(&Event::of_system(String::new(), published, kind));
    event["outcome"] = Value::Null;
    event
});

impl Entry<'_> {
    fn of_targets(self, text: impl Fn(&Target) -> &str) -> Option<Cow<'static, Value>> {
        let texts: Vec<Value> = self.0.targets.iter().map(|it| text(it).into()).collect();
        (!texts.is_empty()).then_some(Cow::Owned(Value::Array(texts)))
    }
}

impl Attributes for Entry<'_> {
    fn attribute(&self, path: &str) -> Option<Cow<'_, Value>> {
        if let Some((_, text)) = TEXTS.iter().find(|(known, _)| *known == path) {
            return Some(Cow::Owned(Value::String(text(self.0).into_owned())));
        }
        match path {
            "target.id" => self.of_targets(|target| &target.id),
            "target.type" => self.of_targets(|target| target.kind),
            "target.alternateId" => self.of_targets(|target| &target.alternate_id),
            "target.displayName" => self.of_targets(|target| &target.display_name),
            _ if path.starts_with("target") || WHOLES.contains(&path) => {
                walk(&view::event(self.0), path).map(Cow::Owned)
            }
            _ => walk(&COMMON, path).map(Cow::Owned),
        }
    }
}

/// Words of which each must occur in some text of an event, in any letter case.
pub(super) struct Keywords(Vec<Keyword>);

struct Keyword {
    /// Without line breaks, so that it is found in one text only.
    word: Finder<'static>,
    /// Whether it could be a part of a moment.
    is_of_moment: bool,
}

impl Keywords {
    pub(super) fn read(text: &str) -> Self {
        let words = text.split_whitespace().map(str::to_lowercase);
        let words = words.filter(|word| !is_in(&COMMON, word));
        let keywords = words.map(|word| Keyword {
            word: Finder::new(&word).into_owned(),
            is_of_moment: word.bytes().all(|byte| MOMENTS.contains(&byte)),
        });
        Self(keywords.collect())
    }

    pub(super) fn are_all_in(&self, entry: Entry<'_>) -> bool {
        self.0.iter().all(|keyword| keyword.is_in(entry.0))
    }
}

impl Keyword {
    fn is_in(&self, event: &Event) -> bool {
        let is_in = |text: &str| self.word.find(text.as_bytes()).is_some();
        is_in(event.texts())
            || is_in(&event.result().to_lowercase())
            || self.is_of_moment && is_in(&event.published.to_string().to_lowercase())
    }
}

/// Whether a word in lower case occurs in a text of the value.
fn is_in(value: &Value, word: &str) -> bool {
    match value {
        Value::String(text) => text.to_lowercase().contains(word),
        Value::Array(items) => items.iter().any(|item| is_in(item, word)),
        Value::Object(members) => members.values().any(|member| is_in(member, word)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::{Arc, OnceLock};

    use super::*;
    use crate::org::events::{self, Actor, Request};

    fn event(targets: Vec<Target>) -> Event {
        Event {
            uuid: "0a1b".to_owned(),
            published: Timestamp::parse("2026-01-02T03:04:05.678Z").unwrap(),
            kind: events::MEMBER_ADDED,
            actor: Arc::new(Actor {
                id: "00uAda".to_owned(),
                kind: "User",
                alternate_id: "ada@example.com".to_owned(),
                display_name: "Ada Zoë".to_owned(),
            }),
            request: Arc::new(Request {
                id: "feed".to_owned(),
                path: "/api/v1/groups/00g1/users/00u1".to_owned(),
                user_agent: "curl/8".to_owned(),
                address: "192.0.2.7".to_owned(),
            }),
            targets,
            failure: None,
            texts: OnceLock::new(),
        }
    }

    fn examples() -> [Event; 4] {
        let user = Target::new("00u1", "User", "isaac@example.com", "ISAAC Brock");
        let group = Target::new("00g1", "UserGroup", "unknown", "Support");
        [
            event(vec![]),
            event(vec![user.clone()]),
            Event {
                failure: Some("The service is away".into()),
                ..event(vec![user.clone()])
            },
            event(vec![user, group]),
        ]
    }

    /// All paths in a value, those of objects and lists as well.
    fn paths(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let path = if at.is_empty() {
                        name.clone()
                    } else {
                        format!("{at}.{name}")
                    };
                    found.push(path.clone());
                    paths(member, &path, found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| paths(item, at, found)),
            _ => {}
        }
    }

    fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
        match value {
            Value::String(text) => found.push(text),
            Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
            Value::Object(members) => members.values().for_each(|member| texts(member, found)),
            _ => {}
        }
    }

    #[test]
    fn every_path_has_the_value_that_the_json_has() {
        for event in examples() {
            let shown = view::event(&event);
            let mut all = vec!["nothing".to_owned(), "target.nothing".to_owned()];
            paths(&shown, "", &mut all);
            assert!(all.len() > 40, "{all:?}");
            for path in all {
                let actual = Entry(&event).attribute(&path).map(Cow::into_owned);
                assert_eq!(actual, walk(&shown, &path), "{path}");
            }
        }
    }

    #[test]
    fn keywords_are_found_in_every_text_of_the_json() {
        for event in examples() {
            let shown = view::event(&event);
            let mut all = Vec::new();
            texts(&shown, &mut all);
            for text in all {
                for form in [text.to_lowercase(), text.to_uppercase()] {
                    let found = Keywords::read(&form).are_all_in(Entry(&event));
                    assert!(found, "{text}");
                }
            }
            assert!(!Keywords::read("support.").are_all_in(Entry(&event)));
            assert!(!Keywords::read("ada nothing").are_all_in(Entry(&event)));
            let succeeded = Keywords::read("success").are_all_in(Entry(&event));
            assert_eq!(succeeded, event.failure.is_none());
        }
    }
}
