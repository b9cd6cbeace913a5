//! User import inline hooks.

mod request;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value, json};

pub use self::request::{ImportedUser, UserImport, UserImportContext, UserImportData};
use super::answer::{body, command, error};
use super::kind::{InlineHookKind, sealed};

/// Asked for each user that is imported from an app, before Okta makes or links their profile.
///
/// By default, a handler that fails changes nothing: the import goes on, which it also does when no
/// answer comes.
///
/// Source: <https://developer.okta.com/docs/reference/import-hook/>.
#[derive(Clone, Copy, Debug)]
pub enum UserImportHook {}

/// The answer of a [`UserImportHook`]. A new one changes nothing.
#[derive(Clone, Default)]
#[must_use]
pub struct UserImportAnswer {
    app_profile: BTreeMap<String, Value>,
    profile: BTreeMap<String, Value>,
    action: Option<Action>,
    error: Option<String>,
}

#[derive(Clone, Debug)]
enum Action {
    Create,
    Link(String),
}

impl UserImportAnswer {
    /// The import as it would be.
    pub fn new() -> Self {
        Self::default()
    }

    /// No change. Okta writes this text into its System Log as why the hook failed.
    pub fn failed(summary: impl Into<String>) -> Self {
        Self {
            error: Some(summary.into()),
            ..Self::default()
        }
    }

    /// Sets an attribute of the app's profile of the user. It goes into Okta's by the app's mappings.
    pub fn set_app(mut self, attribute: impl Into<String>, value: impl Into<Value>) -> Self {
        self.app_profile.insert(attribute.into(), value.into());
        self
    }

    /// Sets an attribute of the Okta profile of the user.
    pub fn set(mut self, attribute: impl Into<String>, value: impl Into<Value>) -> Self {
        self.profile.insert(attribute.into(), value.into());
        self
    }

    /// Makes a new user.
    pub fn create_user(mut self) -> Self {
        self.action = Some(Action::Create);
        self
    }

    /// Takes the imported user for the user of the org with this id.
    pub fn link_user(mut self, id: impl Into<String>) -> Self {
        self.action = Some(Action::Link(id.into()));
        self
    }
}

impl sealed::Kind for UserImportHook {}

impl InlineHookKind for UserImportHook {
    const EVENT_TYPE: &'static str = "com.okta.import.transform";
    type Request = UserImport;
    type Answer = UserImportAnswer;

    fn safe_failure() -> UserImportAnswer {
        UserImportAnswer::new()
    }

    fn body(answer: &UserImportAnswer) -> Option<Value> {
        let mut commands = Vec::new();
        for (kind, profile) in [
            ("com.okta.appUser.profile.update", &answer.app_profile),
            ("com.okta.user.profile.update", &answer.profile),
        ] {
            if !profile.is_empty() {
                let profile: Map<_, _> = profile.clone().into_iter().collect();
                commands.push(command(kind, profile));
            }
        }
        let action = |result: &str| command("com.okta.action.update", json!({ "result": result }));
        match &answer.action {
            Some(Action::Create) => commands.push(action("CREATE_USER")),
            Some(Action::Link(id)) => {
                commands.push(action("LINK_USER"));
                commands.push(command("com.okta.user.update", json!({ "id": id })));
            }
            None => {}
        }
        body(commands, answer.error.as_deref().map(error))
    }
}

// Without the values of attributes, which are about a person.
impl fmt::Debug for UserImportAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserImportAnswer")
            .field("app_profile", &self.app_profile.keys())
            .field("profile", &self.profile.keys())
            .field("action", &self.action)
            .field("error", &self.error)
            .finish()
    }
}
