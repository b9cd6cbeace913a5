//! What an operation needs before it can be called: the objects that its path and its body name, and
//! the state that they have to be in.
//!
//! Objects are made by the operations of their collections, with the least of a body; what no
//! operation makes is looked for in lists. Where that is not enough, `arrange/needs.json` says more.

mod authority;
mod hook;
mod needs;
mod text;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use okta_sdk::Client;
use serde_json::{Map, Value, json};

use crate::caller::{Call, Given, Scope};
use crate::conform::Answer;
use crate::operations;
use authority::Authority;
use hook::Hook;
use needs::Needs;
use text::{Piece, encoded, nameless, parameter, pieces, with_parameters};

/// How deep objects need other objects before that is taken for a circle.
const DEEP: usize = 8;

/// Makes what operations need.
#[derive(Debug)]
pub struct Arranger<'c> {
    okta: &'c Client,
    needs: Needs,
    /// Entries of the table by method and path without names.
    entries: BTreeMap<(String, String), &'static Value>,
    hook: Hook,
    authority: Authority,
    /// Objects that were made so far, so that no two have the same name.
    serial: std::cell::Cell<u32>,
}

/// A call with arguments that fit what was arranged.
#[derive(Debug)]
pub struct Arranged {
    entry: Value,
}

impl Arranged {
    /// What the call is given.
    #[must_use]
    pub fn given(&self) -> Given<'_> {
        Given::new(&self.entry, Scope::Required)
    }
}

impl<'c> Arranger<'c> {
    /// Makes objects at the server of that client.
    ///
    /// # Errors
    /// If `needs.json` cannot be read, no port can be opened, or no key can be made.
    pub async fn new(okta: &'c Client) -> Result<Self> {
        let entries = operations::all()
            .filter(|(call, _)| call.document == operations::MANAGEMENT)
            .map(|(_, entry)| {
                let method = entry["method"].as_str().unwrap_or_default().to_owned();
                let path = nameless(entry["path"].as_str().unwrap_or_default());
                ((method, path), entry)
            });
        Ok(Self {
            okta,
            needs: Needs::load()?,
            hook: Hook::start().await?,
            authority: Authority::new()?,
            entries: entries.collect(),
            serial: std::cell::Cell::new(0),
        })
    }

    /// Makes what a call needs.
    ///
    /// # Errors
    /// If something could not be made, with the request that failed.
    pub async fn arrange(&self, call: &Call, entry: &Value) -> Result<Arranged> {
        let need = self.needs.of(call.operation);
        let template = entry["path"].as_str().unwrap_or_default();
        let mut entry = entry.clone();
        let (path, parameters) = self.path(template, need, DEEP).await?;
        entry["given_path"] = Value::Object(parameters);
        for step in need["before"].as_array().into_iter().flatten() {
            self.step(step, &entry["given_path"]).await?;
        }
        self.written(&mut entry, template, &path).await?;
        if entry["body"].get("minimal").is_some() {
            entry["body"]["minimal"] = self.body(&entry, DEEP).await?;
            entry["body"]["wanted"] = need.get("body").is_some().into();
        }
        if let Some(request) = need["certified"].as_str() {
            let path = with_parameters(request, &entry["given_path"]);
            let request = self.request("GET", &path, None).await?;
            let csr = request["csr"].as_str().unwrap_or_default();
            let certificate = self.authority.certify(csr).with_context(|| path)?;
            entry["body"]["text"] = certificate.into();
        }
        let query = need["query"].as_object().cloned().unwrap_or_default();
        for (name, value) in query {
            let value = match value {
                Value::String(text) => json!(with_parameters(&text, &entry["given_path"])),
                other => other,
            };
            let value = self.filled(&value, DEEP).await?;
            let parameters = entry["query"].as_array_mut().into_iter().flatten();
            for parameter in parameters.filter(|it| it["name"] == name.as_str()) {
                parameter["given"] = value.clone();
                parameter["required"] = json!(true);
            }
        }
        Ok(Arranged { entry })
    }

    /// Makes what a call needs, sends it as it is, and gives the answer undecoded.
    ///
    /// # Errors
    /// If something could not be made, or the call was refused.
    pub async fn answer(&self, call: &Call, entry: &Value) -> Result<Answer> {
        let Arranged { entry } = self.arrange(call, entry).await?;
        let mut path = entry["path"].as_str().unwrap_or_default().to_owned();
        for (name, value) in entry["given_path"].as_object().into_iter().flatten() {
            let value = encoded(value.as_str().unwrap_or_default());
            path = path.replace(&format!("{{{name}}}"), &value);
        }
        let query = entry["query"].as_array().into_iter().flatten();
        let query = query.filter(|parameter| parameter["required"] == true);
        let query = query.map(|parameter| {
            let value = match &parameter["given"] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let name = parameter["name"].as_str().unwrap_or_default();
            format!("{name}={}", encoded(&value))
        });
        let query = query.collect::<Vec<_>>().join("&");
        if !query.is_empty() {
            path = format!("{path}?{query}");
        }
        let body = &entry["body"];
        let sent = body["required"] == true || body["wanted"] == true;
        let method = entry["method"].as_str().unwrap_or_default().parse()?;
        let mut request = self.okta.request(method, &path);
        if let Some(text) = body["text"].as_str().filter(|_| sent) {
            let content_type = body["content_type"].as_str().unwrap_or_default();
            request = request.body(content_type, text.to_owned());
        } else if sent {
            request = request.json(&body["minimal"]);
        }
        let response = request.send().await.with_context(|| path.clone())?;
        let content_type = response.headers().get("content-type");
        let content_type = content_type.and_then(|it| it.to_str().ok());
        let content_type = content_type.and_then(|it| it.split(';').next());
        Ok(Answer {
            status: response.status().as_u16(),
            content_type: content_type.unwrap_or_default().to_owned(),
            body: Some(response.into_inner()).filter(|body: &Value| !body.is_null()),
        })
    }

    /// A page that has to be written before it can be read is written.
    async fn written(&self, entry: &mut Value, template: &str, path: &str) -> Result<()> {
        let put = self.entry("PUT", template);
        let single = entry["method"] == "GET" && !template.ends_with('}');
        let Some(put) = put.filter(|_| single) else {
            return Ok(());
        };
        if self.request("GET", path, None).await.is_ok() {
            return Ok(());
        }
        let body = self.body(put, DEEP).await?;
        self.request("PUT", path, Some(&body)).await.map(drop)
    }

    /// A path with objects in place of its parameters, and their names by parameter.
    fn path<'a>(
        &'a self,
        template: &'a str,
        need: &'a Value,
        depth: usize,
    ) -> LocalBoxFuture<'a, Result<(String, Map<String, Value>)>> {
        async move {
            let mut so_far = (String::new(), String::new());
            let mut parameters = Map::new();
            for segment in template.split('/').skip(1) {
                let found = match parameter(segment) {
                    None => segment.to_owned(),
                    Some(name) => {
                        let key = self.object(&so_far, name, need, depth).await?;
                        parameters.insert(name.to_owned(), json!(key));
                        encoded(&key)
                    }
                };
                so_far = (
                    format!("{}/{segment}", so_far.0),
                    format!("{}/{found}", so_far.1),
                );
            }
            Ok((so_far.1, parameters))
        }
        .boxed_local()
    }

    /// The key of an object below a template and its path.
    async fn object(
        &self,
        (template, path): &(String, String),
        name: &str,
        need: &Value,
        depth: usize,
    ) -> Result<String> {
        let own = need["path"].get(name);
        if let Some(step) = own.filter(|own| own.is_array()) {
            let above = path.rsplit_once('/').map_or("", |(above, _)| above);
            return self.result_of(step, above, depth).await;
        }
        let item = nameless(&format!("{template}/{{{name}}}"));
        if let Some(text) = own
            .or_else(|| self.needs.object(&item))
            .and_then(Value::as_str)
        {
            return match text {
                "{first}" => self.listed(path).await,
                text => self.text(text, depth).await,
            };
        }
        if let Some(value) = self.value_of_enum(&item, name) {
            return Ok(value);
        }
        if let Some(post) = self.entry("POST", template) {
            return self.made(post, path, &need["make"], depth).await;
        }
        if self.entry("GET", template).is_some() {
            return self.listed(path).await;
        }
        bail!("no operation makes or lists {template}/{{{name}}}")
    }

    /// A parameter of an enum is given a value of it, where the list has none.
    fn value_of_enum(&self, item: &str, name: &str) -> Option<String> {
        let mut entries = self
            .entries
            .iter()
            .filter(|((_, path), _)| path == item || path.starts_with(&format!("{item}/")));
        let value = entries.find_map(|(_, entry)| entry["given_path"][name].as_str())?;
        (!value.contains("/1 ")).then(|| value.to_owned())
    }

    /// Makes an object by an operation.
    fn made<'a>(
        &'a self,
        post: &'a Value,
        path: &'a str,
        bodies: &'a Value,
        depth: usize,
    ) -> LocalBoxFuture<'a, Result<String>> {
        async move {
            if depth == 0 {
                bail!("{path} needs itself");
            }
            let template = nameless(post["path"].as_str().unwrap_or_default());
            let body = match bodies.get(&template) {
                Some(body) => self.filled(body, depth - 1).await?,
                None => self.body(post, depth - 1).await?,
            };
            let answer = self
                .request("POST", path, body.as_object().map(|_| &body))
                .await?;
            let sent = text::key_of(&body);
            text::key_of(&answer)
                .or(sent)
                .with_context(|| format!("the answer to POST {path} names nothing: {answer}"))
        }
        .boxed_local()
    }

    /// The key in the answer of a request: its method, the end of its path, where the key is in the
    /// answer, and its body.
    async fn result_of(&self, step: &Value, above: &str, depth: usize) -> Result<String> {
        let part = |index: usize| step[index].as_str().unwrap_or_default();
        let body = match step.get(3) {
            Some(body) => Some(self.filled(body, depth).await?),
            None => None,
        };
        let path = format!("{above}{}", part(1));
        let answer = self.request(part(0), &path, body.as_ref()).await?;
        let found = answer.pointer(part(2)).and_then(Value::as_str);
        let found = found.with_context(|| format!("{} {path} answers no {}", part(0), part(2)))?;
        Ok(found.rsplit('/').next().unwrap_or_default().to_owned())
    }

    /// The first of a list.
    async fn listed(&self, path: &str) -> Result<String> {
        let answer = self.request("GET", path, None).await?;
        let list = answer.as_array().or_else(|| {
            let mut members = answer.as_object()?.values();
            members.find_map(Value::as_array)
        });
        let first = list.and_then(|list| list.first());
        let key = first.and_then(text::key_of);
        key.with_context(|| format!("GET {path} lists nothing that has a name"))
    }

    /// The least of a body, with a name that nothing else has.
    async fn body(&self, entry: &Value, depth: usize) -> Result<Value> {
        let operation = entry["operation"].as_str().unwrap_or_default();
        if let Some(body) = self.needs.of(operation).get("body") {
            return self.filled(body, depth).await;
        }
        let mut body = entry["body"]["minimal"].clone();
        for name in ["name", "label"] {
            if body[name] == name {
                body[name] = json!(self.text(&format!("{name} {{#}}"), depth).await?);
            }
        }
        Ok(body)
    }

    async fn step(&self, step: &Value, parameters: &Value) -> Result<()> {
        let part = |index: usize| step[index].as_str().unwrap_or_default();
        let path = with_parameters(&self.text(part(1), DEEP).await?, parameters);
        let body = match step.get(2) {
            Some(body) => Some(self.filled(body, DEEP).await?),
            None => None,
        };
        self.request(part(0), &path, body.as_ref()).await.map(drop)
    }

    /// A value with objects in place of what its texts name.
    fn filled<'a>(&'a self, value: &'a Value, depth: usize) -> LocalBoxFuture<'a, Result<Value>> {
        async move {
            Ok(match value {
                Value::String(text) => json!(self.text(text, depth).await?),
                Value::Array(items) => {
                    let mut filled = Vec::new();
                    for item in items {
                        filled.push(self.filled(item, depth).await?);
                    }
                    Value::Array(filled)
                }
                Value::Object(members) => {
                    let mut filled = Map::new();
                    for (name, value) in members {
                        filled.insert(name.clone(), self.filled(value, depth).await?);
                    }
                    Value::Object(filled)
                }
                other => other.clone(),
            })
        }
        .boxed_local()
    }

    /// A text: `{/api/v1/users}` is the key of a new user, `{#}` a number that nothing else has.
    async fn text(&self, text: &str, depth: usize) -> Result<String> {
        let mut filled = String::new();
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Number => {
                    self.serial.set(self.serial.get() + 1);
                    filled.push_str(&self.serial.get().to_string());
                }
                Piece::Object(path) => filled.push_str(&self.another(path, depth).await?),
                Piece::Member(path, member) => {
                    filled.push_str(&self.member(path, member, depth).await?);
                }
                Piece::Hook => filled.push_str(&self.hook.url),
                Piece::Certificate => filled.push_str(&self.authority.certificate),
                Piece::Listed(path) => filled.push_str(&self.listed(path).await?),
            }
        }
        Ok(filled)
    }

    /// A new object of a collection; the path may have a query.
    async fn another(&self, path: &str, depth: usize) -> Result<String> {
        let collection = path.split('?').next().unwrap_or_default();
        let post = self.entry("POST", collection);
        let post = post.with_context(|| format!("no operation makes {collection}"))?;
        let (made, _) = self
            .path(collection, &Value::Null, depth.saturating_sub(1))
            .await?;
        self.made(
            post,
            &path.replacen(collection, &made, 1),
            &Value::Null,
            depth,
        )
        .await
    }

    /// A member of a new object.
    async fn member(&self, path: &str, member: &str, depth: usize) -> Result<String> {
        let key = self.another(path, depth).await?;
        let object = self.request("GET", &format!("{path}/{key}"), None).await?;
        let text = object[member].as_str().map(str::to_owned);
        text.with_context(|| format!("{path}/{key} has no {member}"))
    }

    fn entry(&self, method: &str, template: &str) -> Option<&'static Value> {
        let key = (method.to_owned(), nameless(template));
        self.entries.get(&key).copied()
    }

    async fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let what = || match body {
            Some(body) => format!("{method} {path} with {body}"),
            None => format!("{method} {path}"),
        };
        let method = method.parse().with_context(what)?;
        let mut request = self.okta.request(method, path);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.with_context(what)?;
        Ok(response.into_inner())
    }
}
