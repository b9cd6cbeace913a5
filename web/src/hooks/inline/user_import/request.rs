//! What Okta asks about a user who is imported.
//!
//! Own types: Okta's document has attributes as text only, but they come as null and as lists, too.

use okta_sdk::models::{
    UserImportRequestDataAction, UserImportRequestDataContextApplication,
    UserImportRequestDataContextJob,
};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// The request of a [`UserImportHook`](super::UserImportHook).
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct UserImport {
    /// The id of the hook.
    #[serde(default)]
    pub source: Option<String>,
    /// Who is imported, and what happens with them.
    pub data: UserImportData,
    /// What else the request has, such as `eventId`.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Who is imported, and what happens with them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserImportData {
    /// What Okta does, unless the answer says otherwise.
    #[serde(default)]
    pub action: Option<UserImportRequestDataAction>,
    /// The user in the app.
    #[serde(default, deserialize_with = "or_default")]
    pub app_user: ImportedUser,
    /// The user in Okta, after matching and mapping.
    #[serde(default, deserialize_with = "or_default")]
    pub user: ImportedUser,
    /// What is known of the import.
    #[serde(default, deserialize_with = "or_default")]
    pub context: UserImportContext,
    /// What else the data have.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A user as the import has them.
#[derive(Clone, Debug, Default, Deserialize)]
#[non_exhaustive]
pub struct ImportedUser {
    /// The id of the user of the org, if the import has found one.
    #[serde(default)]
    pub id: Option<String>,
    /// The attributes.
    #[serde(default, deserialize_with = "or_default")]
    pub profile: Map<String, Value>,
    /// What else the user has.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What is known of an import.
#[derive(Clone, Debug, Default, Deserialize)]
#[non_exhaustive]
pub struct UserImportContext {
    /// The app.
    #[serde(default)]
    pub application: Option<UserImportRequestDataContextApplication>,
    /// The attributes that are in conflict.
    #[serde(default, deserialize_with = "or_default")]
    pub conflicts: Vec<String>,
    /// The job.
    #[serde(default)]
    pub job: Option<UserImportRequestDataContextJob>,
    /// The users of the org that match.
    #[serde(default, deserialize_with = "or_default")]
    pub matches: Vec<Value>,
    /// How users are matched, such as `EMAIL`.
    #[serde(default, deserialize_with = "or_default")]
    pub policy: Vec<Value>,
    /// What else the context has.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Null is as good as nothing.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
