//! Inline hooks, which the store keeps, as those need them who ask their services.

use std::fmt;

use serde_json::{Value, json};

use super::Org;
use super::events::{INLINE_HOOK_ANSWERED, INLINE_HOOK_EXECUTED, Target};

/// Where inline hooks are kept.
const COLLECTION: &str = "/api/v1/inlineHooks";

/// What the service behind an inline hook is asked.
pub(crate) struct Question {
    /// `eventType`, the type of the hook.
    pub(crate) kind: String,
    /// The `channel` of the hook, with its secret.
    pub(crate) channel: Value,
    pub(crate) source: String,
    pub(crate) data: Value,
    pub(crate) hook: Target,
    /// `requestType`, where the type of the hook has several.
    pub(crate) request_type: Option<&'static str>,
}

impl Question {
    pub(crate) fn of_request_type(self, request_type: &'static str) -> Self {
        Self {
            request_type: Some(request_type),
            ..self
        }
    }
}

/// Without what is said of a person, and the secret.
impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Org {
    /// A question to the service of an active inline hook of that type, if there is one of this id.
    pub(crate) fn question(
        &self,
        hook: &str,
        kind: &str,
        source: String,
        data: Value,
    ) -> Option<Question> {
        let hook = self.inline_hook(hook)?;
        let fits = hook["type"] == kind && hook["status"] == "ACTIVE";
        fits.then(|| Question {
            kind: kind.to_owned(),
            channel: hook["channel"].clone(),
            source,
            data,
            hook: target(hook),
            request_type: None,
        })
    }

    /// `data.context.request` of a question: the request to this path that made the org ask.
    pub(crate) fn asking_request(&self, path: &str) -> Value {
        let request = &self.caller.request;
        json!({
            "id": request.id,
            "method": "POST",
            "url": { "value": path },
            "ipAddress": request.address,
        })
    }

    /// The active inline hook of a type that was made first.
    pub(crate) fn first_inline_hook(&self, kind: &str) -> Option<&str> {
        let mut hooks = self.store.bodies(COLLECTION);
        let hook = hooks.find(|hook| hook["type"] == kind && hook["status"] == "ACTIVE")?;
        hook["id"].as_str()
    }

    /// An inline hook as it is kept, with its secret.
    pub(crate) fn inline_hook(&self, id: &str) -> Option<&Value> {
        self.store.item(COLLECTION, id).map(|item| &item.body)
    }

    /// Writes to the System Log that a service was asked, and why it gave no answer if it gave none.
    pub(crate) fn record_inline_hook(&mut self, hook: &Target, failure: Option<&str>) {
        self.record_outcome(INLINE_HOOK_EXECUTED, [hook.clone()], failure);
    }

    /// Writes to the System Log that the org went by an answer, or why it could not.
    pub(crate) fn record_inline_answer(&mut self, hook: &Target, failure: Option<&str>) {
        self.record_outcome(INLINE_HOOK_ANSWERED, [hook.clone()], failure);
    }
}

fn target(hook: &Value) -> Target {
    let text = |name: &str| hook[name].as_str().unwrap_or_default();
    Target::new(text("id"), "InlineHook", "unknown", text("name"))
}
