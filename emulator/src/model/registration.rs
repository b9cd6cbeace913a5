//! People who register themselves, as the policy of profile enrollment lets them. The service of a
//! registration inline hook is asked before an account is made.
//!
//! The org's default policy is for all applications. The account is active at once: e-mail addresses
//! are not verified.
//!
//! Sources: <https://developer.okta.com/docs/concepts/policies/#profile-enrollment-policies>,
//! <https://developer.okta.com/docs/reference/registration-hook/>.

use serde_json::{Value, json};

use crate::object::Object;
use crate::org::Org;
use crate::org::inline_hooks::Question;
use crate::org::policies::by_priority;
use crate::org::profile::text;
use crate::org::users::Creation;
use crate::problem::Problem;

const POLICY: &str = "PROFILE_ENROLLMENT";
const KIND: &str = "com.okta.user.pre-registration";
/// The type of the request where somebody new registers.
const REQUEST: &str = "self.service.registration";

/// What Okta shows where an `error` has no causes, where there is no `error`, and where the service
/// does not answer.
const CANNOT_COMPLETE: &str = "Registration cannot be completed at this time.";
const DENIED: &str = "Registration denied.";
const NO_ANSWER: &str = "There was an error creating your account. Please try registering again.";

/// How people register.
#[derive(Debug)]
pub(crate) struct Enrollment {
    pub(crate) attributes: Vec<Attribute>,
    /// The id of the registration inline hook.
    hook: Option<String>,
    /// The id of the group that they join.
    group: Option<String>,
}

/// An attribute of the profile that people are asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) required: bool,
}

/// An account that somebody asks for.
#[derive(Debug)]
pub(crate) struct Registration {
    /// The body of the request that would create the user.
    user: Object,
    pub(crate) question: Option<Question>,
}

impl Org {
    /// How people register, if they may: by the first active rule of the default policy.
    pub(crate) fn enrollment(&self) -> Option<Enrollment> {
        let mut policies = self.policies.iter().map(|(_, policy)| policy);
        let policy = policies.find(|policy| policy.kind == POLICY && policy.system)?;
        let rules = by_priority(&policy.rules, POLICY);
        let (_, rule) = rules.into_iter().find(|(_, rule)| rule.active)?;
        let action = &rule.body.get("actions")?["profileEnrollment"];
        if action["access"] == "DENY" || action["unknownUserAction"] != "REGISTER" {
            return None;
        }
        let first = |list: &Value| list.get(0).cloned().unwrap_or_default();
        let id = |value: &Value| value.as_str().map(str::to_owned);
        Some(Enrollment {
            attributes: attributes(&action["profileAttributes"]),
            hook: id(&first(&action["preRegistrationInlineHooks"])["inlineHookId"]),
            group: id(&first(&action["targetGroupIds"])),
        })
    }

    /// An account with these attributes and this password. `path` is where it is asked for.
    pub(crate) fn registration(
        &self,
        enrollment: &Enrollment,
        mut profile: Object,
        password: &str,
        path: &str,
    ) -> Registration {
        if !profile.contains_key("login") {
            profile.insert("login".to_owned(), text(&profile, "email").into());
        }
        let question = enrollment.hook.as_deref().and_then(|hook| {
            let data = json!({
                "context": { "request": self.asking_request(path) },
                "userProfile": profile,
                "action": "ALLOW",
            });
            let question = self.question(hook, KIND, hook.to_owned(), data)?;
            Some(question.of_request_type(REQUEST))
        });
        let mut user = Object::from_iter([
            ("profile".to_owned(), profile.into()),
            (
                "credentials".to_owned(),
                json!({ "password": { "value": password } }),
            ),
        ]);
        if let Some(group) = &enrollment.group {
            user.insert("groupIds".to_owned(), json!([group]));
        }
        Registration { user, question }
    }

    /// Makes the account, unless the service that was asked says otherwise, or says nothing. The error
    /// is what to show.
    pub(crate) fn register(
        &mut self,
        registration: Registration,
        answer: Result<Value, String>,
    ) -> Result<u64, Vec<String>> {
        let Registration { mut user, question } = registration;
        if let Some(question) = question {
            let failure = answer.as_ref().err();
            self.record_inline_hook(&question.hook, failure.map(String::as_str));
            let answer = answer.map_err(|_| vec![NO_ANSWER.to_owned()])?;
            let changes = allowed(&answer);
            let denied = changes.as_ref().err().map(|shown| shown.join(" "));
            self.record_inline_answer(&question.hook, denied.as_deref());
            if let Some(profile) = user.get_mut("profile").and_then(Value::as_object_mut) {
                profile.extend(changes?);
            }
        }
        let how = Creation {
            activate: true,
            provider: false,
            change_password: false,
        };
        self.create_user(&user, how).map_err(shown)
    }
}

/// What to show of a problem.
fn shown(problem: Problem) -> Vec<String> {
    match problem.causes.is_empty() {
        true => vec![problem.summary],
        false => problem.causes,
    }
}

/// The attributes that a rule names, or those without which there is no account.
fn attributes(named: &Value) -> Vec<Attribute> {
    let named = named.as_array().filter(|named| !named.is_empty());
    let Some(named) = named else {
        return ["email", "firstName", "lastName"]
            .map(|name| Attribute {
                name: name.to_owned(),
                label: label(name),
                required: true,
            })
            .into();
    };
    let named = named.iter().filter_map(|attribute| {
        let name = attribute["name"].as_str()?;
        let given = attribute["label"].as_str().filter(|it| !it.is_empty());
        Some(Attribute {
            name: name.to_owned(),
            label: given.map_or_else(|| label(name), str::to_owned),
            required: attribute["required"] == true,
        })
    });
    named.collect()
}

/// The label of an attribute that has none.
fn label(name: &str) -> String {
    match name {
        "email" => "Email",
        "firstName" => "First name",
        "lastName" => "Last name",
        other => other,
    }
    .to_owned()
}

/// The attributes that the commands of an answer set, in their order, if they allow the registration.
/// An `error` counts before all commands.
fn allowed(answer: &Value) -> Result<Object, Vec<String>> {
    if let Some(error) = answer.get("error").filter(|error| error.is_object()) {
        let causes = error["errorCauses"].as_array().into_iter().flatten();
        let causes = causes.filter_map(|cause| cause["errorSummary"].as_str());
        let causes: Vec<String> = causes.map(str::to_owned).collect();
        return Err(match causes.is_empty() {
            true => vec![CANNOT_COMPLETE.to_owned()],
            false => causes,
        });
    }
    let (mut changes, mut denied) = (Object::new(), false);
    for command in answer["commands"].as_array().into_iter().flatten() {
        let value = &command["value"];
        match command["type"].as_str() {
            Some("com.okta.user.profile.update") => {
                changes.extend(value.as_object().cloned().unwrap_or_default());
            }
            Some("com.okta.action.update") => denied = value["registration"] == "DENY",
            _ => {}
        }
    }
    // Passwords are none of the service's business.
    changes.remove("password");
    match denied {
        true => Err(vec![DENIED.to_owned()]),
        false => Ok(changes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(kind: &str, value: Value) -> Value {
        json!({ "type": kind, "value": value })
    }

    #[test]
    fn commands_are_carried_out_in_their_order() {
        let (profile, action) = ("com.okta.user.profile.update", "com.okta.action.update");
        let commands = json!({ "commands": [
            command(action, json!({ "registration": "DENY" })),
            command(profile, json!({ "city": "Paris", "title": "Dr", "password": "p" })),
            command(profile, json!({ "city": "London" })),
            command("com.okta.user.progressive.profile.update", json!({ "city": "Rome" })),
            command(action, json!({ "registration": "ALLOW" })),
        ] });
        let changes = allowed(&commands).map(Value::from);
        assert_eq!(changes, Ok(json!({ "city": "London", "title": "Dr" })));
        for nothing in [Value::Null, json!({}), json!({ "commands": "x" })] {
            assert_eq!(allowed(&nothing), Ok(Object::new()), "{nothing}");
        }
    }

    #[test]
    fn what_is_shown_comes_from_the_error() {
        let deny = command("com.okta.action.update", json!({ "registration": "DENY" }));
        assert_eq!(
            allowed(&json!({ "commands": [deny] })),
            Err(vec![DENIED.to_owned()])
        );
        // An error denies, whatever the commands say.
        let allow = command("com.okta.action.update", json!({ "registration": "ALLOW" }));
        let summary = json!({ "errorSummary": "Not for people to see" });
        assert_eq!(
            allowed(&json!({ "commands": [allow], "error": summary })),
            Err(vec![CANNOT_COMPLETE.to_owned()])
        );
        let causes = json!([{ "errorSummary": "Use your work address" }, {}]);
        assert_eq!(
            allowed(&json!({ "error": { "errorCauses": causes } })),
            Err(vec!["Use your work address".to_owned()])
        );
    }

    #[test]
    fn attributes_have_labels() {
        let named = attributes(&json!([
            { "name": "email", "required": true },
            { "name": "nickName", "label": "What friends say" },
            { "label": "Nameless" },
        ]));
        let named: Vec<_> = named.iter().map(|it| (&*it.label, it.required)).collect();
        assert_eq!(named, [("Email", true), ("What friends say", false)]);
        assert_eq!(attributes(&Value::Null).len(), 3);
        assert_eq!(attributes(&json!([])).len(), 3);
    }
}
