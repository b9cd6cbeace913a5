//! The body of a delivery.

use okta_sdk::models::LogEvent;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::random;

/// An event that Okta has sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HookEvent {
    /// The event as the System Log has it. An unknown type is its `event_type` as any other is, and
    /// members that the model does not know are in its `extra`.
    pub log: LogEvent,
    /// What it is known by: its `uuid`, or a hash of its text where it has none.
    pub id: String,
    /// The id of the delivery that brought it. Okta makes one for each delivery.
    pub delivery_id: Option<String>,
    /// The URL of the hook in Okta's API.
    pub source: Option<String>,
}

/// The body is no delivery.
pub(super) struct ReadError;

#[derive(Deserialize)]
struct Envelope {
    #[serde(default, rename = "eventId")]
    id: Option<String>,
    #[serde(default)]
    source: Option<String>,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    events: Vec<Box<RawValue>>,
}

/// What a delivery brings.
pub(super) struct Delivery {
    events: Vec<HookEvent>,
}

impl Delivery {
    pub(super) fn read(body: &[u8]) -> Result<Self, ReadError> {
        let envelope: Envelope = serde_json::from_slice(body).map_err(|_| ReadError)?;
        let (id, source) = (envelope.id, envelope.source);
        let events = envelope.data.events.iter().map(|text| {
            let log: LogEvent = serde_json::from_str(text.get()).map_err(|_| ReadError)?;
            let uuid = log.uuid.clone().filter(|uuid| !uuid.is_empty());
            Ok(HookEvent {
                id: uuid.unwrap_or_else(|| random::hash(&[text.get()])),
                log,
                delivery_id: id.clone(),
                source: source.clone(),
            })
        });
        let events = events.collect::<Result<_, _>>()?;
        Ok(Self { events })
    }

    pub(super) fn events(self) -> Vec<HookEvent> {
        self.events
    }
}
