//! Tokens on their way out: signed at once, or once the service of an inline hook was asked.

use serde_json::{Map, Value, json};

use crate::oauth::memory::tokens::AccessToken;
use crate::oauth::tokens::inline_hook::{Drafts, Verdict};
use crate::oauth::tokens::standing::user_is_active;
use crate::oauth::tokens::{access, id};
use crate::oauth::words::error::OAuthError;
use crate::org::Org;
use crate::org::inline_hooks::Question;

/// The answer of the token endpoint, as far as it is known.
pub(crate) struct Issued {
    reply: Map<String, Value>,
    /// What has to be signed.
    unsigned: Option<Unsigned>,
}

pub(super) struct Unsigned {
    pub(super) drafts: Drafts,
    /// What is kept of the access token.
    pub(super) record: AccessToken,
    pub(super) question: Option<Question>,
}

impl Issued {
    pub(super) fn unsigned(reply: Map<String, Value>, unsigned: Unsigned) -> Self {
        let unsigned = Some(unsigned);
        Self { reply, unsigned }
    }

    /// Adds a member to the answer.
    pub(crate) fn insert(&mut self, name: &str, value: Value) {
        self.reply.insert(name.to_owned(), value);
    }

    /// What the service of an inline hook has to be asked before the tokens are signed.
    pub(crate) fn question(&self) -> Option<&Question> {
        self.unsigned.as_ref()?.question.as_ref()
    }

    /// The tokens after the service of the hook was asked. One that gave no answer changes nothing.
    pub(crate) fn answered(
        mut self,
        org: &mut Org,
        answer: Result<Value, String>,
    ) -> Result<Value, OAuthError> {
        if let Some(Unsigned {
            drafts,
            record,
            question: Some(question),
        }) = &mut self.unsigned
        {
            // The user can be gone by now.
            if !user_is_active(org, &record.approval) {
                return Err(OAuthError::invalid_grant(
                    "The user is not active any more.",
                ));
            }
            obey(org, drafts, question, answer)?;
        }
        self.signed(org)
    }

    /// The answer with its tokens.
    pub(crate) fn signed(mut self, org: &mut Org) -> Result<Value, OAuthError> {
        let Some(unsigned) = self.unsigned.take() else {
            return Ok(Value::Object(self.reply));
        };
        let Unsigned { drafts, record, .. } = unsigned;
        let server = record.approval.server;
        self.insert("expires_in", json!(drafts.access.lifetime));
        let access = access::sign(org, record, drafts.access)?;
        if let Some(draft) = drafts.id {
            let id = id::sign(org, server, draft, &access)?;
            self.insert("id_token", json!(id));
        }
        self.insert("access_token", json!(access));
        Ok(Value::Object(self.reply))
    }
}

/// An answer without tokens of a user or client.
impl From<Map<String, Value>> for Issued {
    fn from(reply: Map<String, Value>) -> Self {
        let unsigned = None;
        Self { reply, unsigned }
    }
}

fn obey(
    org: &mut Org,
    drafts: &mut Drafts,
    question: &Question,
    answer: Result<Value, String>,
) -> Result<(), OAuthError> {
    let hook = &question.hook;
    let failure = answer.as_ref().err();
    org.record_inline_hook(hook, failure.map(String::as_str));
    let Ok(answer) = answer else {
        return Ok(());
    };
    match drafts.obey(&answer) {
        Verdict::Changed => org.record_inline_answer(hook, None),
        Verdict::Unusable(reason) => org.record_inline_answer(hook, Some(&reason)),
        Verdict::Refused(reason) => {
            org.record_inline_answer(hook, Some(&reason));
            return Err(OAuthError {
                description: reason,
                ..OAuthError::server_error()
            });
        }
    }
    Ok(())
}
