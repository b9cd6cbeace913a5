//! Pages for users: login, consent, device, a new password, and what there is to say.

use askama::Template;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::{Page, Policy};
use crate::oauth::words::error::OAuthError;
use crate::org::credentials::PASSWORD;

#[derive(Template)]
#[template(path = "login.html")]
struct Login<'a> {
    handle: &'a str,
    name: &'a str,
    problem: Option<&'a str>,
    password: &'a str,
    can_register: bool,
}

#[derive(Template)]
#[template(path = "sign_up.html")]
struct SignUp<'a> {
    handle: &'a str,
    fields: &'a [Field<'a>],
    problems: &'a [String],
}

#[derive(Template)]
#[template(path = "consent.html")]
struct Consent<'a> {
    handle: &'a str,
    application: &'a str,
    scopes: &'a [String],
}

#[derive(Template)]
#[template(path = "activation.html")]
struct Activation<'a> {
    code: &'a str,
    name: &'a str,
    problem: Option<&'a str>,
    password: &'a str,
}

#[derive(Template)]
#[template(path = "new_password.html")]
struct NewPassword<'a> {
    name: &'a str,
    problem: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Notice<'a> {
    title: &'a str,
    text: &'a str,
    code: Option<&'a str>,
    link: Option<(&'a str, &'a str)>,
}

#[derive(Template)]
#[template(path = "form_post.html")]
struct FormPost<'a> {
    uri: &'a str,
    parameters: &'a [(&'a str, &'a str)],
}

/// A field of a form, for an attribute of the profile.
#[derive(Debug)]
pub(crate) struct Field<'a> {
    name: &'a str,
    label: &'a str,
    value: &'a str,
    required: bool,
    kind: &'static str,
    autocomplete: &'static str,
}

impl<'a> Field<'a> {
    pub(crate) fn of(name: &'a str, label: &'a str, value: &'a str, required: bool) -> Self {
        let (kind, autocomplete) = match name {
            "email" => ("email", "email"),
            "secondEmail" => ("email", "off"),
            "login" => ("text", "username"),
            "firstName" => ("text", "given-name"),
            "lastName" => ("text", "family-name"),
            "mobilePhone" => ("tel", "tel"),
            _ => ("text", "off"),
        };
        Self {
            name,
            label,
            value,
            required,
            kind,
            autocomplete,
        }
    }
}

/// The page on which people register.
pub(crate) fn sign_up(handle: &str, fields: &[Field<'_>], problems: &[String]) -> Page {
    let page = SignUp {
        handle,
        fields,
        problems,
    };
    Page::of(&page, Policy::SignIn)
}

/// The login page, with a link for people who have no account where they can register.
pub(crate) fn login(
    handle: &str,
    name: Option<&str>,
    problem: Option<&str>,
    can_register: bool,
) -> Page {
    let page = Login {
        handle,
        name: name.unwrap_or_default(),
        problem,
        password: PASSWORD,
        can_register,
    };
    Page::of(&page, Policy::SignIn)
}

/// The page that asks the user to let an application have scopes.
pub(crate) fn consent(handle: &str, application: &str, scopes: &[String]) -> Page {
    let page = Consent {
        handle,
        application,
        scopes,
    };
    Page::of(&page, Policy::SignIn)
}

/// The page where the user types the code that a device shows.
pub(crate) fn activation(code: &str, problem: Option<&str>) -> Page {
    let page = Activation {
        code,
        name: "",
        problem,
        password: PASSWORD,
    };
    Page::of(&page, Policy::SignIn)
}

/// The page where a user chooses a password.
pub(crate) fn new_password(name: &str, problem: Option<&str>) -> Page {
    Page::of(&NewPassword { name, problem }, Policy::SignIn)
}

/// A page that only says something.
pub(crate) fn notice(title: &str, text: &str) -> Page {
    let page = Notice {
        title,
        text,
        code: None,
        link: None,
    };
    Page::of(&page, Policy::SignIn)
}

/// A page that says something and leads on: to a path, under a name.
pub(super) fn signpost(title: &str, text: &str, link: (&str, &str)) -> Page {
    let page = Notice {
        title,
        text,
        code: None,
        link: Some(link),
    };
    Page::of(&page, Policy::SignIn)
}

/// An error that cannot go back to the client.
pub(crate) fn error(error: &OAuthError) -> impl IntoResponse + use<> {
    let page = Notice {
        title: "Bad request",
        text: &error.description,
        code: Some(error.error),
        link: None,
    };
    (StatusCode::BAD_REQUEST, Page::of(&page, Policy::SignIn))
}

/// A page that posts itself to the client, OAuth 2.0 Form Post Response Mode.
pub(crate) fn post(uri: &str, parameters: &[(&str, &str)]) -> Page {
    Page::of(&FormPost { uri, parameters }, Policy::FormPost)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn nothing_of_the_caller_becomes_markup() {
        let evil = "\"><script>alert('x')</script>&";
        for page in [
            login("handle", Some(evil), Some(evil), true),
            sign_up(
                evil,
                &[Field::of(evil, evil, evil, true)],
                &[evil.to_owned()],
            ),
            consent(evil, evil, &[evil.to_owned()]),
            activation(evil, None),
            new_password(evil, None),
            notice(evil, evil),
            post("https://app.example.com/cb", &[("state", evil)]),
        ] {
            let html = page.html.unwrap();
            assert!(!html.contains("<script>alert"), "{html}");
            let escaped = "&#34;&#62;&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;&#38;";
            assert!(html.contains(escaped), "{html}");
        }
    }
}
