//! One request as the org's operations see it, and the answer they give.

use axum::extract::RawPathParams;
use serde::Serialize;
use serde_json::Value;
use url::form_urlencoded;

use crate::body::{Body, Content};
use crate::clock::Timestamp;
use crate::object::Object;
use crate::paging::{self, Page};
use crate::problem::Problem;

/// The largest body that the org reads, in bytes.
pub(crate) const MAX_BODY: usize = 10 * 1024 * 1024;

/// A request, decoded as far as every operation needs it.
#[derive(Debug)]
pub(crate) struct Call {
    /// Scheme and host that the caller used; every link in an answer starts with it.
    pub(crate) base: String,
    pub(crate) path: String,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Body,
    /// The session of the cookie.
    pub(crate) session: Option<String>,
}

impl Call {
    pub(crate) fn new(
        base: String,
        uri: &axum::http::Uri,
        parameters: &RawPathParams,
        body: Body,
    ) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self {
            parameters: parameters.iter().map(owned).collect(),
            ..Self::unrouted(base, uri, body)
        }
    }

    /// A request whose path nobody has looked at.
    pub(crate) fn unrouted(base: String, uri: &axum::http::Uri, body: Body) -> Self {
        let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        Self {
            base,
            path: uri.path().to_owned(),
            parameters: Vec::new(),
            query: query.into_owned().collect(),
            body,
            session: None,
        }
    }

    /// The reading of a path: the values of its parameters are given in order.
    pub(crate) fn of_path(base: &str, template: &str, values: &[String]) -> Self {
        let names = template.split('/').filter_map(|segment| {
            let name = segment.strip_prefix('{')?.strip_suffix('}')?;
            Some(name.to_owned())
        });
        Self {
            base: base.to_owned(),
            path: template.to_owned(),
            parameters: names.zip(values.iter().cloned()).collect(),
            query: Vec::new(),
            body: Body::Nothing,
            session: None,
        }
    }

    /// A part of the path, decoded. Empty if the route has no such part.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// A query parameter that is there and not empty.
    pub(crate) fn option(&self, name: &str) -> Option<&str> {
        let found = self
            .query
            .iter()
            .find(|(key, value)| key == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// A boolean query parameter.
    pub(crate) fn flag(&self, name: &str, default: bool) -> Result<bool, Problem> {
        match self.option(name) {
            None => Ok(default),
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            Some(_) => Err(Problem::validation(
                name,
                [format!("{name}: must be true or false")],
            )),
        }
    }

    /// The page size: `limit`, never more than `most`.
    pub(crate) fn limit(&self, default: usize, most: usize) -> Result<usize, Problem> {
        match self.option("limit").map(str::parse::<usize>) {
            None => Ok(default),
            Some(Ok(limit)) if limit > 0 => Ok(limit.min(most)),
            Some(_) => Err(Problem::invalid_paging(
                "limit: must be a number greater than zero",
            )),
        }
    }

    /// The position behind which the page starts.
    pub(crate) fn after(&self) -> Result<Option<u64>, Problem> {
        let position = |cursor| {
            paging::decode(cursor).ok_or_else(|| Problem::invalid_paging("Invalid cursor."))
        };
        self.option("after").map(position).transpose()
    }

    /// A query parameter that is a date-time.
    pub(crate) fn date(&self, name: &str) -> Result<Option<Timestamp>, Problem> {
        let date = |text| Timestamp::parse(text).ok_or_else(|| Problem::invalid_date(name));
        self.option(name).map(date).transpose()
    }

    /// The body, which must be a JSON object.
    pub(crate) fn object(&self) -> Result<Object, Problem> {
        match &self.body {
            Body::Json(Value::Object(object)) => Ok(object.clone()),
            _ => Err(Problem::malformed()),
        }
    }

    /// The body, which must be a JSON array.
    pub(crate) fn list(&self) -> Result<&[Value], Problem> {
        match &self.body {
            Body::Json(Value::Array(items)) => Ok(items),
            _ => Err(Problem::malformed()),
        }
    }

    /// The body, where an operation can do without one.
    pub(crate) fn object_or_empty(&self) -> Result<Object, Problem> {
        match self.body {
            Body::Nothing => Ok(Object::new()),
            _ => self.object(),
        }
    }

    /// The body, where that is no JSON.
    pub(crate) fn content(&self) -> Result<&Content, Problem> {
        match &self.body {
            Body::Other(content) => Ok(content),
            _ => Err(Problem::malformed()),
        }
    }

    /// This request's own URL.
    pub(crate) fn self_url(&self) -> String {
        self.url(self.query.iter())
    }

    /// This request's URL with the cursor moved to `position`.
    pub(crate) fn next_url(&self, position: u64) -> String {
        let cursor = ("after".to_owned(), paging::encode(position));
        let others = self.query.iter().filter(|(name, _)| name != "after");
        self.url(std::iter::once(&cursor).chain(others))
    }

    fn url<'q>(&self, query: impl Iterator<Item = &'q (String, String)>) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(query)
            .finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{}{mark}{query}", self.base, self.path)
    }
}

/// What an operation answers.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) content_type: &'static str,
    /// The value of `Content-Transfer-Encoding`.
    pub(crate) transfer_encoding: Option<&'static str>,
    /// Values of `Link` header lines.
    pub(crate) links: Vec<String>,
    /// The value of `ETag`.
    pub(crate) entity_tag: Option<String>,
}

impl Reply {
    /// JSON with a status.
    pub(crate) fn json(status: u16, body: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(body).map_err(|_| Problem::internal())?;
        Ok(Self {
            body: Some(body),
            ..Self::nothing(status)
        })
    }

    /// 200 with XML.
    pub(crate) fn xml(text: String) -> Self {
        Self {
            body: Some(text.into_bytes()),
            content_type: "text/xml",
            ..Self::nothing(200)
        }
    }

    /// 200 with a body.
    pub(crate) fn ok(body: &impl Serialize) -> Result<Self, Problem> {
        Self::json(200, body)
    }

    /// 200 with `{}`.
    pub(crate) fn empty_object() -> Result<Self, Problem> {
        Self::ok(&Object::new())
    }

    /// 201 with a body.
    pub(crate) fn created(body: &impl Serialize) -> Result<Self, Problem> {
        Self::json(201, body)
    }

    /// 202 with `{}`.
    pub(crate) fn accepted() -> Result<Self, Problem> {
        Self::json(202, &Object::new())
    }

    /// 204.
    pub(crate) fn no_content() -> Result<Self, Problem> {
        Ok(Self::nothing(204))
    }

    /// A status alone.
    pub(crate) fn nothing(status: u16) -> Self {
        Self {
            status,
            body: None,
            content_type: "application/json",
            transfer_encoding: None,
            links: Vec::new(),
            entity_tag: None,
        }
    }

    /// The JSON that it holds.
    pub(crate) fn value(&self) -> Option<Value> {
        serde_json::from_slice(self.body.as_deref()?).ok()
    }

    /// Puts other JSON in the place of what it holds.
    pub(crate) fn set_value(&mut self, value: &Value) -> Result<(), Problem> {
        let body = serde_json::to_vec(value).map_err(|_| Problem::internal())?;
        self.body = Some(body);
        Ok(())
    }

    /// 200 with a page: the items as an array, `self` and `next` as `Link` header lines.
    pub(crate) fn page<T: Serialize>(call: &Call, page: &Page<T>) -> Result<Self, Problem> {
        let mut reply = Self::ok(&page.items)?;
        reply.links.push(link(&call.self_url(), "self"));
        reply.links.extend(
            page.next
                .map(|position| link(&call.next_url(position), "next")),
        );
        Ok(reply)
    }
}

fn link(url: &str, relation: &str) -> String {
    format!("<{url}>; rel=\"{relation}\"")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn call(query: &str) -> Call {
        Call {
            base: "http://127.0.0.1:1".to_owned(),
            path: "/api/v1/users".to_owned(),
            parameters: Vec::new(),
            query: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            body: Body::Nothing,
            session: None,
        }
    }

    #[test]
    fn limits_are_capped_and_checked() {
        assert_eq!(call("").limit(200, 500), Ok(200));
        assert_eq!(call("limit=7").limit(200, 500), Ok(7));
        assert_eq!(call("limit=700").limit(200, 500), Ok(500));
        for bad in ["limit=0", "limit=-1", "limit=many"] {
            assert_eq!(
                call(bad).limit(200, 500).unwrap_err().code,
                "E0000029",
                "{bad}"
            );
        }
    }

    #[test]
    fn the_next_page_keeps_the_query() {
        let call = call("limit=2&search=status+eq+%22ACTIVE%22&after=old");
        let cursor = paging::encode(9);
        assert_eq!(
            call.next_url(9),
            format!(
                "http://127.0.0.1:1/api/v1/users?after={cursor}&limit=2\
                 &search=status+eq+%22ACTIVE%22"
            )
        );
    }

    #[test]
    fn a_page_has_one_link_line_for_each_relation() {
        let page = Page {
            items: vec![1, 2],
            next: Some(2),
        };
        let reply = Reply::page(&call(""), &page).unwrap();
        assert_eq!(reply.body.unwrap(), b"[1,2]");
        assert_eq!(
            reply.links[0],
            "<http://127.0.0.1:1/api/v1/users>; rel=\"self\""
        );
        assert!(reply.links[1].ends_with("; rel=\"next\""));
        assert_eq!(reply.links.len(), 2);
    }

    #[test]
    fn flags_and_dates_are_checked() {
        assert_eq!(call("activate=FALSE").flag("activate", true), Ok(false));
        assert_eq!(
            call("activate=no").flag("activate", true).unwrap_err().code,
            "E0000001"
        );
        assert_eq!(
            call("since=today").date("since").unwrap_err().code,
            "E0000030"
        );
    }
}
