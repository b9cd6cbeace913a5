//! What is around the content of each page.

use std::convert::Infallible;
use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use crate::pages::{Page, Policy};
use crate::shared::Shared;

/// A way to another page.
pub(super) struct Link {
    pub(super) path: String,
    pub(super) name: String,
}

impl Link {
    pub(super) fn new(path: &str, name: &str) -> Self {
        Self {
            path: path.to_owned(),
            name: name.to_owned(),
        }
    }
}

/// A page in the navigation.
pub(super) struct Place {
    pub(super) path: &'static str,
    pub(super) name: &'static str,
}

const PLACES: [Place; 12] = [
    Place {
        path: "/",
        name: "Overview",
    },
    Place {
        path: "/_org/users",
        name: "Users",
    },
    Place {
        path: "/_org/groups",
        name: "Groups",
    },
    Place {
        path: "/_org/apps",
        name: "Applications",
    },
    Place {
        path: "/_org/roles",
        name: "Roles",
    },
    Place {
        path: "/_org/policies",
        name: "Policies",
    },
    Place {
        path: "/_org/tokens",
        name: "Tokens",
    },
    Place {
        path: "/_org/log",
        name: "System Log",
    },
    Place {
        path: "/_org/requests",
        name: "Requests",
    },
    Place {
        path: "/_org/messages",
        name: "Messages",
    },
    Place {
        path: "/_org/faults",
        name: "Faults",
    },
    Place {
        path: "/_org/controls",
        name: "Controls",
    },
];

/// What is around the content of a page.
pub(super) struct Frame {
    pub(super) title: String,
    pub(super) lead: Option<String>,
    /// The list to which the page belongs.
    pub(super) trail: Option<Link>,
    /// The path of the page in the navigation.
    pub(super) place: String,
    /// The page itself.
    pub(super) path: String,
    pub(super) org_url: String,
    pub(super) is_unlocked: bool,
}

impl Frame {
    pub(super) fn places(&self) -> &'static [Place] {
        &PLACES
    }

    #[must_use]
    pub(super) fn lead(mut self, lead: impl Into<String>) -> Self {
        self.lead = Some(lead.into());
        self
    }

    /// Says that the page is of something in a list.
    #[must_use]
    pub(super) fn below(mut self, place: &'static str, name: &str) -> Self {
        self.trail = Some(Link::new(place, name));
        place.clone_into(&mut self.place);
        self
    }
}

/// Someone looks at a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Visit {
    /// Scheme and host by which the browser knows the org.
    pub(super) base: String,
    path: String,
    pub(super) is_unlocked: bool,
}

impl Visit {
    pub(super) fn of(shared: &Shared, request: &Request) -> Self {
        let headers = request.headers();
        let base = shared.entrance.base(headers);
        let path = request.uri().path_and_query();
        Self {
            path: path.map_or_else(String::new, ToString::to_string),
            is_unlocked: shared.control.is_granted(&base, headers),
            base,
        }
    }

    /// The frame of the page.
    pub(super) fn frame(&self, title: impl Into<String>) -> Frame {
        let place = self.path.split('?').next().unwrap_or_default();
        Frame {
            title: title.into(),
            lead: None,
            trail: None,
            place: place.to_owned(),
            path: self.path.clone(),
            org_url: self.base.clone(),
            is_unlocked: self.is_unlocked,
        }
    }

    /// The answer where there is no such thing.
    pub(super) fn missing(&self, what: &str) -> Response {
        let frame = self.frame("Not found");
        let frame = frame.lead(format!(
            "There is no such {what}. It may have been deleted."
        ));
        (StatusCode::NOT_FOUND, page(&Bare { frame })).into_response()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

#[derive(Template)]
#[template(path = "shell.html")]
struct Bare {
    frame: Frame,
}

/// A page that shows the org.
pub(super) fn page(template: &impl Template) -> Page {
    Page::of(template, Policy::Browser)
}

/// The state of the router.
pub(super) type Org = axum::extract::State<Arc<Shared>>;
