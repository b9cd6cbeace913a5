//! Members that a model does not know, and values that do not fit.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::lossy;
use super::scan::Scanner;

/// Members that a model does not know: kept as they came, written back as they are.
///
/// Okta sends more than its document says, and orgs add attributes of their own to profiles.
/// Both are here, under their JSON names. So is a value whose type does not fit its field: the
/// field is then `None`, and what came is here under the field's JSON name. Setting the field
/// replaces it, [`remove`](Self::remove) drops it.
#[derive(Clone, Default)]
pub struct Extra {
    // Most objects have none: a pointer's worth each.
    content: Option<Box<Content>>,
}

/// Text that was read, and what it says once somebody asks.
#[derive(Clone, Default)]
struct Content {
    /// Members of an object, well-formed, without its braces.
    raw: Box<str>,
    members: OnceLock<BTreeMap<String, Member>>,
}

#[derive(Clone)]
struct Member {
    value: Value,
    /// Where its text is, if it was read.
    text: Option<Range<usize>>,
    /// Whether `value` cannot hold all that the text says.
    lossy: bool,
}

impl Content {
    fn members(&self) -> &BTreeMap<String, Member> {
        self.members.get_or_init(|| parse(&self.raw))
    }

    fn members_mut(&mut self) -> &mut BTreeMap<String, Member> {
        let members = self.members.take().unwrap_or_else(|| parse(&self.raw));
        self.members = OnceLock::from(members);
        // `None` cannot be, as it was set just now.
        self.members.get_mut().unwrap_or_else(|| unreachable!())
    }

    fn text(&self, member: &Member) -> Option<&str> {
        self.raw.get(member.text.clone()?)
    }
}

/// Of members that come twice the last counts.
fn parse(raw: &str) -> BTreeMap<String, Member> {
    let mut members = BTreeMap::new();
    let mut scan = Scanner::new(raw, 0);
    // The text was seen to be well-formed when it was read.
    while let Ok(name) = scan.name() {
        scan.peek();
        let start = scan.position();
        if scan.skip().is_err() {
            break;
        }
        let text = scan.since(start);
        let strict = serde_json::from_str(text);
        let member = Member {
            lossy: strict.is_err(),
            value: strict.unwrap_or_else(|_| lossy::value(text)),
            text: Some(start..scan.position()),
        };
        members.insert(name.text.into_owned(), member);
        if !scan.more(b'}').unwrap_or(false) {
            break;
        }
    }
    members
}

impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.entries().eq(other.entries())
    }
}

impl Extra {
    /// Nothing.
    pub const fn new() -> Self {
        Self { content: None }
    }

    /// Takes members as they came: well-formed, without the braces around them.
    pub(super) fn set_raw(&mut self, raw: Box<str>) {
        self.content = Some(Box::new(Content {
            raw,
            members: OnceLock::new(),
        }));
    }

    fn members(&self) -> impl Iterator<Item = (&String, &Member)> {
        self.content.iter().flat_map(|content| content.members())
    }

    fn member(&self, name: &str) -> Option<&Member> {
        self.content.as_ref()?.members().get(name)
    }

    /// Names, values, and the text of those values that cannot hold all that it says.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&String, &Value, Option<&str>)> {
        self.members().map(|(name, member)| {
            let content = self.content.as_ref().filter(|_| member.lossy);
            let text = content.and_then(|content| content.text(member));
            (name, &member.value, text)
        })
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.member(name).is_some()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.members().count()
    }

    /// Value of a member. What a [`Value`] cannot hold is shown in part: half a surrogate pair as
    /// U+FFFD, a number that is out of range and a value that is nested too deeply as its text.
    /// See [`raw`](Self::raw) for all of it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.member(name).map(|member| &member.value)
    }

    /// JSON text of a member; if it was received, to the byte as it came.
    pub fn raw(&self, name: &str) -> Option<Cow<'_, str>> {
        let content = self.content.as_ref()?;
        let member = content.members().get(name)?;
        Some(match content.text(member) {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(member.value.to_string()),
        })
    }

    /// Value of a member as a type of yours; `None` if it is absent.
    ///
    /// # Errors
    /// If the value is not of that type.
    pub fn get_as<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, serde_json::Error> {
        self.get(name).map(T::deserialize).transpose()
    }

    /// All of them as a type of yours, such as a struct of an org's custom attributes.
    ///
    /// # Errors
    /// If they do not fit that type.
    pub fn view_as<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        let members = self.iter();
        let object: Map<_, _> = members.map(|(k, v)| (k.clone(), v.clone())).collect();
        T::deserialize(Value::Object(object))
    }

    /// Sets a member; a null is sent as null. Returns the value it had.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        let member = Member {
            value: value.into(),
            text: None,
            lossy: false,
        };
        self.content
            .get_or_insert_default()
            .members_mut()
            .insert(name.into(), member)
            .map(|member| member.value)
    }

    /// Removes a member. Returns the value it had.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let member = self.content.as_mut()?.members_mut().remove(name)?;
        Some(member.value)
    }

    /// Names and values, as [`get`](Self::get) gives them.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.members().map(|(name, member)| (name, &member.value))
    }
}

/// Shows the names alone: what a member unknown to us holds may be a secret.
impl fmt::Debug for Extra {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_set()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Extra {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut extra = Self::new();
        for (name, value) in entries {
            extra.insert(name, value);
        }
        extra
    }
}
