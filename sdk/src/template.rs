//! Which operation a path belongs to.

use http::Method;

use crate::generated::templates::TEMPLATES;

/// A path with parameters, and a rate limit bucket.
pub(crate) type Template = (&'static str, Option<&'static str>);

/// The template of an operation's path that `path` is an instance of, such as
/// `/api/v1/users/{id}`, and its rate limit bucket if Okta publishes one. Where several fit, the one
/// that spells out more of the path.
pub(crate) fn template_of(method: &Method, path: &str) -> Option<Template> {
    TEMPLATES
        .iter()
        .filter(|(its_method, template, _)| *its_method == method && fits(template, path))
        .map(|(_, template, bucket)| (*template, *bucket))
        .min_by_key(|(template, _)| template.matches('{').count())
}

fn fits(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(parameter), Some(segment)) if parameter.starts_with('{') => {
                if segment.is_empty() {
                    return false;
                }
            }
            (Some(literal), Some(segment)) if literal == segment => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_the_template_of_its_operation() {
        for (method, path, template) in [
            (Method::GET, "/api/v1/users", Some("/api/v1/users")),
            (
                Method::GET,
                "/api/v1/users/00u1",
                Some("/api/v1/users/{id}"),
            ),
            (
                Method::GET,
                "/api/v1/api-tokens/current",
                Some("/api/v1/api-tokens/{apiTokenId}"),
            ),
            (
                Method::DELETE,
                "/api/v1/api-tokens/current",
                Some("/api/v1/api-tokens/current"),
            ),
            (Method::GET, "/api/v1/users/", None),
            (Method::PATCH, "/api/v1/users", None),
            (Method::GET, "/api/v1/brand-new", None),
        ] {
            let found = template_of(&method, path).map(|(template, _)| template);
            assert_eq!(found, template, "{method} {path}");
        }
    }
}
