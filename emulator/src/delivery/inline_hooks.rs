//! What services behind inline hooks are asked, <https://developer.okta.com/docs/concepts/inline-hooks/>.

use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Failure, Service};
use crate::org::inline_hooks::Question;
use crate::shared::Shared;

/// Asks the service of an inline hook. Null if it has nothing to say.
pub(crate) async fn ask(shared: &Shared, question: &Question) -> Result<Value, Failure> {
    let asked = json!({
        "eventId": random_id(),
        "eventTime": shared.clock.stamp(),
        "eventType": question.kind,
        "eventTypeVersion": "1.0",
        "cloudEventVersion": "0.1",
        "contentType": "application/json",
        "source": question.source,
        "data": question.data,
    });
    Service::of(&question.channel)
        .ask(&shared.outgoing, &asked)
        .await
}

/// An id that no other call has: 16 random bytes.
fn random_id() -> String {
    let mut bytes = [0; 16];
    if rand::fill(&mut bytes).is_err() {
        tracing::error!("the system gives no random bytes");
    }
    URL_SAFE_NO_PAD.encode(bytes)
}
