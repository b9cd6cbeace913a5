//! Operations: what is called, what it is given, and what it gives.

use std::collections::BTreeSet;

use super::{Facts, Lifecycle, TypeRef};
use crate::documents::About;

/// One operation of the API.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The document that it is in; within it no other has its id.
    pub document: &'static About,
    /// Okta's operation id, such as `listUsers`.
    pub id: String,
    /// Cargo feature that turns the operation on.
    pub feature: String,
    /// Accessor on the client, such as `users`.
    pub handle: String,
    /// Method of the handle, such as `list`.
    pub method: String,
    /// Rust name of the type of its calls, such as `ListUsers`.
    pub call: String,
    /// Rust name of the struct of what identifies its object, if that takes several parameters.
    pub path_struct: Option<String>,
    /// Okta's tag, such as `User`; part of the reference page's address.
    pub tag: String,
    /// HTTP method in capitals.
    pub http_method: String,
    /// Path template, such as `/api/v1/users/{id}`.
    pub path: String,
    /// Path parameters in the order of the template.
    pub path_params: Vec<Param>,
    /// Query parameters, sorted by name.
    pub query_params: Vec<Param>,
    /// Header parameters, sorted by name.
    pub header_params: Vec<Param>,
    /// Request body, if the operation takes one.
    pub body: Option<Body>,
    /// What a successful answer holds.
    pub success: Success,
    /// Content type of its JSON, if that says more than `application/json`, such as a version.
    pub accept: Option<String>,
    /// Where the operation is in Okta's release cycle.
    pub lifecycle: Lifecycle,
    /// OAuth 2.0 scopes, any one of which allows the call.
    pub scopes: Vec<String>,
    /// Whether an API token (SSWS) is accepted.
    pub api_token: bool,
    /// Whether Okta has deprecated it.
    pub deprecated: bool,
    /// Whether sending it again does another thing, although its HTTP method promises not to.
    pub two_step: bool,
    /// The rate limit bucket that Okta publishes for it, such as `/api/v1/apps*`.
    pub bucket: Option<String>,
    /// The query parameter without which its list has no end.
    pub ends_with: Option<String>,
    /// What it does, in our own words.
    pub words: Option<String>,
    /// Okta's own words, where the documentation is to have them.
    pub prose: Option<String>,
}

impl Operation {
    /// What no other operation has: its document and id.
    pub fn key(&self) -> (&'static str, &str) {
        (self.document.name, &self.id)
    }

    /// Parameters that could be swapped: those of the path, and of those that the query must have
    /// the texts and booleans.
    pub fn identifying(&self) -> impl Iterator<Item = &Param> {
        let query = self.query_params.iter().filter(|param| {
            param.required && !matches!(param.ty, TypeRef::Integer | TypeRef::List(_))
        });
        self.path_params.iter().chain(query)
    }

    /// The named types of its parameters, its body and its answer.
    pub fn references(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for param in self
            .path_params
            .iter()
            .chain(&self.query_params)
            .chain(&self.header_params)
        {
            param.ty.names(&mut names);
        }
        if let Some(Body::Json { ty, .. }) = &self.body {
            ty.names(&mut names);
        }
        match &self.success {
            Success::Json(ty) => ty.names(&mut names),
            Success::WrappedList { ty, item, .. } => {
                ty.names(&mut names);
                item.names(&mut names);
            }
            Success::Empty | Success::Text(_) | Success::Bytes(_) => {}
        }
        names
    }
}

/// A path, query or header parameter.
#[derive(Debug, Clone)]
pub struct Param {
    /// Name on the wire, such as `sortBy`.
    pub name: String,
    /// Rust identifier, such as `sort_by`; never a keyword.
    pub ident: String,
    /// Type: a string, boolean, integer, number, timestamp, a named string enum, or a list of
    /// those (sent joined by commas, unless `explode`).
    pub ty: TypeRef,
    /// Whether it is a segment of the path.
    pub in_path: bool,
    /// Whether the call needs it.
    pub required: bool,
    /// Whether a list is sent as one `name=value` for each element.
    pub explode: bool,
    /// Limits and other facts for the documentation.
    pub facts: Facts,
}

/// Request body.
#[derive(Debug, Clone)]
pub enum Body {
    /// JSON of a type; `content_type` is `application/json` or `application/merge-patch+json`.
    Json {
        /// What is sent.
        ty: TypeRef,
        /// Content type to declare.
        content_type: String,
        /// Whether the call needs it.
        required: bool,
    },
    /// `multipart/form-data` with one file.
    Multipart {
        /// Name of the file's form field.
        field: String,
    },
    /// Bytes as they are; the first content type is the default, the others are alternatives.
    Bytes {
        /// Content types that Okta accepts.
        content_types: Vec<String>,
        /// Whether the call needs it.
        required: bool,
    },
}

/// What a successful answer holds.
#[derive(Debug, Clone)]
pub enum Success {
    /// Nothing worth decoding.
    Empty,
    /// JSON of a type. A `TypeRef::List` pages.
    Json(TypeRef),
    /// JSON of an object that is there for the list in it; a next page is linked from the body.
    WrappedList {
        /// Type of the wrapping object.
        ty: TypeRef,
        /// JSON property that holds the items.
        property: String,
        /// Type of an item.
        item: TypeRef,
    },
    /// Text, such as XML.
    Text(String),
    /// Bytes of a content type, such as a PKCS#10 request.
    Bytes(String),
}
