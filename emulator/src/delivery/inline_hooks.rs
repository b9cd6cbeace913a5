//! What services behind inline hooks are asked, <https://developer.okta.com/docs/concepts/inline-hooks/>.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Service, random_bytes};
use crate::org::inline_hooks::Question;
use crate::shared::Shared;

/// Asks the service of an inline hook, or gives why it has no answer. Null if it has nothing to say, or
/// if there is nothing to ask.
pub(crate) async fn ask(shared: &Shared, question: Option<&Question>) -> Result<Value, String> {
    let Some(question) = question else {
        return Ok(Value::Null);
    };
    let mut asked = json!({
        "eventId": URL_SAFE_NO_PAD.encode(random_bytes()),
        "eventTime": shared.clock.stamp(),
        "eventType": question.kind,
        "eventTypeVersion": "1.0",
        "cloudEventVersion": "0.1",
        "contentType": "application/json",
        "source": question.source,
        "data": question.data,
    });
    if let Some(kind) = question.request_type {
        asked["requestType"] = kind.into();
    }
    let service = Service::of(&question.channel);
    let answer = service.ask(&shared.outgoing, &asked).await;
    answer.map_err(|failure| failure.to_string())
}
