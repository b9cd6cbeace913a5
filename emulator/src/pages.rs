//! Pages for people, in plain HTML.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse};

use crate::oauth::words::error::OAuthError;
use crate::org::credentials::PASSWORD;

/// Makes text safe inside HTML, in attributes too.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A whole page. `title` is text, `body` is HTML.
fn page(title: &str, body: &str) -> Html<String> {
    let title = escaped(title);
    Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         </head><body><main><h1>{title}</h1>{body}</main></body></html>"
    ))
}

fn warning(text: Option<&str>) -> String {
    text.map(|text| format!("<p role=\"alert\">{}</p>", escaped(text)))
        .unwrap_or_default()
}

/// Name and password.
fn credentials(name: &str) -> String {
    let name = escaped(name);
    format!(
        "<p><label>Username <input name=\"username\" value=\"{name}\" autocomplete=\"username\" \
         required autofocus></label></p>\
         <p><label>Password <input name=\"password\" type=\"password\" \
         autocomplete=\"current-password\" required></label></p>\
         <p>The password of the sample users is <code>{PASSWORD}</code></p>"
    )
}

/// The login page.
pub(crate) fn login(handle: &str, name: Option<&str>, problem: Option<&str>) -> Html<String> {
    let body = format!(
        "{}<form method=\"post\" action=\"/login/{}\">{}\
         <button type=\"submit\">Sign in</button></form>",
        warning(problem),
        escaped(handle),
        credentials(name.unwrap_or_default()),
    );
    page("Sign In", &body)
}

/// The page that asks the user to let an application have scopes.
pub(crate) fn consent(handle: &str, application: &str, scopes: &[String]) -> Html<String> {
    let scopes: String = scopes
        .iter()
        .map(|scope| format!("<li>{}</li>", escaped(scope)))
        .collect();
    let body = format!(
        "<p>{} would like to have:</p><ul>{scopes}</ul>\
         <form method=\"post\" action=\"/consent/{}\">\
         <button name=\"decision\" value=\"allow\">Allow access</button>\
         <button name=\"decision\" value=\"deny\">Cancel</button></form>",
        escaped(application),
        escaped(handle),
    );
    page("Grant Access", &body)
}

/// The page where the user types the code that a device shows.
pub(crate) fn activation(code: &str, problem: Option<&str>) -> Html<String> {
    let body = format!(
        "{}<form method=\"post\" action=\"/activate\">\
         <p><label>Activation code <input name=\"user_code\" value=\"{}\" required></label></p>{}\
         <button name=\"decision\" value=\"allow\">Activate</button>\
         <button name=\"decision\" value=\"deny\">Deny</button></form>",
        warning(problem),
        escaped(code),
        credentials(""),
    );
    page("Activate your device", &body)
}

/// The page where a user chooses a password.
pub(crate) fn new_password(name: &str, problem: Option<&str>) -> Html<String> {
    let body = format!(
        "{}<form method=\"post\"><p>Choose a password for {}</p>\
         <p><label>New password <input name=\"password\" type=\"password\" \
         autocomplete=\"new-password\" required autofocus></label></p>\
         <button type=\"submit\">Save</button></form>",
        warning(problem),
        escaped(name),
    );
    page("Choose a password", &body)
}

/// A page that only says something.
pub(crate) fn notice(title: &str, text: &str) -> Html<String> {
    page(title, &format!("<p>{}</p>", escaped(text)))
}

/// An error that cannot go back to the client.
pub(crate) fn error(error: &OAuthError) -> impl IntoResponse + use<> {
    let body = format!(
        "<p>Your request resulted in an error: <code>{}</code></p><p>{}</p>",
        escaped(error.error),
        escaped(&error.description)
    );
    (StatusCode::BAD_REQUEST, page("Bad Request", &body))
}

/// A page that posts itself to the client, OAuth 2.0 Form Post Response Mode.
pub(crate) fn post(uri: &str, parameters: &[(&str, &str)]) -> Html<String> {
    let inputs: String = parameters
        .iter()
        .map(|(name, value)| {
            let value = escaped(value);
            format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
        })
        .collect();
    let body = format!(
        "<form method=\"post\" action=\"{}\">{inputs}<button>Continue</button></form>\
         <script>document.forms[0].submit()</script>",
        escaped(uri)
    );
    page("Back to the application", &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_caller_becomes_markup() {
        let evil = "\"><script>alert('x')</script>&";
        for page in [
            login("handle", Some(evil), Some(evil)),
            consent(evil, evil, &[evil.to_owned()]),
            activation(evil, None),
            new_password(evil, None),
            notice(evil, evil),
            post("https://app.example.com/cb", &[("state", evil)]),
        ] {
            assert!(!page.0.contains("<script>alert"), "{}", page.0);
            assert!(
                page.0.contains("&lt;script&gt;alert(&#39;x&#39;)"),
                "{}",
                page.0
            );
        }
    }
}
