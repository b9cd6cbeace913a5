//! Which keys of an OpenAPI document are facts.
//!
//! One table for each kind of object, named as in the OpenAPI Specification
//! 3.0.3. A key that is in no table is prose ([`PROSE`]), an extension (`x-…`),
//! known and not needed ([`Fields::dropped`]), or a fault.

/// Keys that hold prose, wherever they stand.
pub(super) const PROSE: &[&str] = &[
    "description",
    "example",
    "examples",
    "externalDocs",
    "summary",
    "title",
    "xml",
];

/// Okta's own extensions that say nothing about the API: instructions for their tools.
pub(super) const NO_FACTS: &[&str] = &[
    "x-okta-added-version",
    "x-okta-ignore-redocly-rules-for-sdk",
];

/// The JSON types of OpenAPI 3.0.
const TYPES: &[&str] = &["array", "boolean", "integer", "number", "object", "string"];

/// The keys of one kind of object.
pub(super) struct Fields {
    /// What such an object is called.
    pub(super) name: &'static str,
    /// Keys that are kept.
    pub(super) kept: &'static [(&'static str, Shape)],
    /// Keys that have to be there, unless the object is a reference.
    pub(super) needed: &'static [&'static str],
    /// Keys that the specification knows and this library does without.
    pub(super) dropped: &'static [&'static str],
    /// The part of `components` that a reference in its place leads to.
    pub(super) section: Option<&'static str>,
    /// Whether Okta may add keys of its own.
    pub(super) open: bool,
}

impl Fields {
    const fn new(name: &'static str, kept: &'static [(&'static str, Shape)]) -> Self {
        Self {
            name,
            kept,
            needed: &[],
            dropped: &[],
            section: None,
            open: false,
        }
    }

    const fn needs(self, needed: &'static [&'static str]) -> Self {
        Self { needed, ..self }
    }

    const fn drops(self, dropped: &'static [&'static str]) -> Self {
        Self { dropped, ..self }
    }

    const fn found_in(self, section: &'static str) -> Self {
        Self {
            section: Some(section),
            ..self
        }
    }

    const fn open(self) -> Self {
        Self { open: true, ..self }
    }
}

/// What the value of a kept key is.
pub(super) enum Shape {
    /// Kept as it is, whatever it holds.
    Any,
    /// A text.
    Text,
    /// One of a few texts.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A number.
    Number,
    /// A number that counts something.
    Count,
    /// A list of texts.
    Texts,
    /// A value, or a list of values, of the type that the key `type` beside it
    /// names.
    Literal,
    /// Prose that the specification demands: kept as an empty text.
    Blank,
    /// A map whose keys are facts and whose values are prose.
    Names,
    /// A map of values of a discriminator to schemas.
    Mapping,
    /// A list of maps of security schemes to scopes.
    Security,
    /// An object of a known kind.
    One(&'static Fields),
    /// An object of a known kind, or `true` or `false` in its place.
    OneOrBool(&'static Fields),
    /// A list of objects of a known kind.
    List(&'static Fields),
    /// A map, with names of the author's choice, of objects of a known kind.
    Map(&'static Fields, Keys),
    /// Part of the specification, but nothing that the generator understands;
    /// says what to write instead.
    Refused(&'static str),
}

/// What the keys of a map are.
pub(super) enum Keys {
    /// Names, whatever they are.
    Any,
    /// Names of components.
    Components,
    /// Path templates.
    Paths,
    /// HTTP statuses.
    Statuses,
    /// Content types.
    ContentTypes,
}

use Shape::{
    Any, Blank, Count, Flag, List, Literal, Map, Mapping, Names, Number, One, OneOrBool, Refused,
    Security, Text, Texts, Word,
};

pub(super) static DOCUMENT: Fields = Fields::new(
    "the document",
    &[
        ("components", One(&COMPONENTS)),
        ("info", One(&INFO)),
        ("openapi", Text),
        ("paths", Map(&PATH_ITEM, Keys::Paths)),
        ("tags", List(&TAG)),
        ("x-tagGroups", List(&TAG_GROUP)),
    ],
)
.needs(&["info", "paths"])
.drops(&["security", "servers"]);

static INFO: Fields = Fields::new("the info", &[("title", Blank), ("version", Text)])
    .needs(&["version"])
    .drops(&["contact", "license", "termsOfService"]);

static TAG_GROUP: Fields =
    Fields::new("a tag group", &[("name", Text), ("tags", Texts)]).needs(&["name", "tags"]);

static SERVER: Fields = Fields::new("a server", &[("url", Text)]).drops(&["variables"]);

static DEFINED_AS: Fields = Fields::new("a definition elsewhere", &[("name", Text)]).open();

static COMPONENTS: Fields = Fields::new(
    "the components",
    &[
        ("headers", Map(&HEADER, Keys::Components)),
        ("parameters", Map(&PARAMETER, Keys::Components)),
        ("requestBodies", Map(&REQUEST_BODY, Keys::Components)),
        ("responses", Map(&RESPONSE, Keys::Components)),
        ("schemas", Map(&SCHEMA, Keys::Components)),
        ("securitySchemes", Map(&SECURITY_SCHEME, Keys::Components)),
    ],
)
.drops(&["callbacks", "examples", "links"]);

static TAG: Fields = Fields::new(
    "a tag",
    &[("name", Text), ("x-okta-lifecycle", One(&LIFECYCLE))],
)
.needs(&["name"]);

static PATH_ITEM: Fields = Fields::new(
    "a path item",
    &[
        (
            "$ref",
            Refused("write the operations here in place of the reference"),
        ),
        ("delete", One(&OPERATION)),
        ("get", One(&OPERATION)),
        ("head", One(&OPERATION)),
        ("options", One(&OPERATION)),
        ("parameters", List(&PARAMETER)),
        ("patch", One(&OPERATION)),
        ("post", One(&OPERATION)),
        ("put", One(&OPERATION)),
        ("trace", One(&OPERATION)),
        ("x-okta-lifecycle", One(&LIFECYCLE)),
    ],
)
.drops(&["servers"]);

static OPERATION: Fields = Fields::new(
    "an operation",
    &[
        ("deprecated", Flag),
        ("operationId", Text),
        ("parameters", List(&PARAMETER)),
        ("requestBody", One(&REQUEST_BODY)),
        ("responses", Map(&RESPONSE, Keys::Statuses)),
        ("security", Security),
        ("servers", List(&SERVER)),
        ("tags", Texts),
        ("x-okta-iam-admin-roles", Any),
        ("x-okta-iam-permissions", Any),
        ("x-okta-lifecycle", One(&LIFECYCLE)),
        ("x-okta-no-scope-required", Any),
    ],
)
.needs(&["operationId", "responses"])
.drops(&["callbacks"]);

static PARAMETER: Fields = Fields::new(
    "a parameter",
    &[
        ("$ref", Text),
        ("allowEmptyValue", Flag),
        ("allowReserved", Flag),
        ("content", Map(&MEDIA_TYPE, Keys::ContentTypes)),
        ("deprecated", Flag),
        ("explode", Flag),
        ("in", Word(&["cookie", "header", "path", "query"])),
        ("name", Text),
        ("required", Flag),
        ("schema", One(&SCHEMA)),
        ("style", Text),
        ("x-okta-lifecycle", One(&LIFECYCLE)),
    ],
)
.needs(&["in", "name"])
.found_in("parameters");

static REQUEST_BODY: Fields = Fields::new(
    "a request body",
    &[
        ("$ref", Text),
        ("content", Map(&MEDIA_TYPE, Keys::ContentTypes)),
        ("required", Flag),
        ("x-okta-lifecycle", One(&LIFECYCLE)),
    ],
)
.needs(&["content"])
.found_in("requestBodies");

static RESPONSE: Fields = Fields::new(
    "a response",
    &[
        ("$ref", Text),
        ("content", Map(&MEDIA_TYPE, Keys::ContentTypes)),
        ("description", Blank),
        ("headers", Map(&HEADER, Keys::Any)),
    ],
)
.drops(&["links"])
.found_in("responses");

static HEADER: Fields = Fields::new(
    "a header",
    &[
        ("$ref", Text),
        ("content", Map(&MEDIA_TYPE, Keys::ContentTypes)),
        ("deprecated", Flag),
        ("explode", Flag),
        ("required", Flag),
        ("schema", One(&SCHEMA)),
        ("style", Text),
    ],
)
.drops(&["allowEmptyValue", "allowReserved"])
.found_in("headers");

static MEDIA_TYPE: Fields = Fields::new(
    "a media type",
    &[
        ("encoding", Map(&ENCODING, Keys::Any)),
        ("schema", One(&SCHEMA)),
    ],
);

static ENCODING: Fields = Fields::new(
    "an encoding",
    &[
        ("allowReserved", Flag),
        ("contentType", Text),
        ("explode", Flag),
        ("headers", Map(&HEADER, Keys::Any)),
        ("style", Text),
    ],
);

static SCHEMA: Fields = Fields::new(
    "a schema",
    &[
        ("$ref", Text),
        ("additionalProperties", OneOrBool(&SCHEMA)),
        ("allOf", List(&SCHEMA)),
        ("anyOf", List(&SCHEMA)),
        ("default", Literal),
        ("deprecated", Flag),
        ("discriminator", One(&DISCRIMINATOR)),
        ("enum", Literal),
        ("exclusiveMaximum", Flag),
        ("exclusiveMinimum", Flag),
        ("format", Text),
        ("items", One(&SCHEMA)),
        ("maxItems", Count),
        ("maxLength", Count),
        ("maxProperties", Count),
        ("maximum", Number),
        ("minItems", Count),
        ("minLength", Count),
        ("minProperties", Count),
        ("minimum", Number),
        ("multipleOf", Number),
        ("not", One(&SCHEMA)),
        ("nullable", Flag),
        ("oneOf", List(&SCHEMA)),
        ("pattern", Text),
        ("properties", Map(&SCHEMA, Keys::Any)),
        ("readOnly", Flag),
        ("required", Texts),
        ("type", Word(TYPES)),
        ("uniqueItems", Flag),
        ("writeOnly", Flag),
        ("x-okta-allow-null-property-value-for-updates", Any),
        ("x-okta-defined-as", One(&DEFINED_AS)),
        ("x-okta-extensible", Flag),
        ("x-okta-lifecycle", One(&LIFECYCLE)),
        ("x-okta-operationId", Any),
    ],
)
.found_in("schemas");

static DISCRIMINATOR: Fields = Fields::new(
    "a discriminator",
    &[("mapping", Mapping), ("propertyName", Text)],
)
.needs(&["propertyName"]);

static SECURITY_SCHEME: Fields = Fields::new(
    "a security scheme",
    &[
        ("$ref", Text),
        ("bearerFormat", Text),
        ("flows", Map(&OAUTH_FLOW, Keys::Any)),
        ("in", Text),
        ("name", Text),
        ("openIdConnectUrl", Text),
        ("scheme", Text),
        ("type", Word(&["apiKey", "http", "oauth2", "openIdConnect"])),
    ],
)
.needs(&["type"])
.found_in("securitySchemes");

static OAUTH_FLOW: Fields = Fields::new(
    "an OAuth flow",
    &[
        ("authorizationUrl", Text),
        ("refreshUrl", Text),
        ("scopes", Names),
        ("tokenUrl", Text),
    ],
);

static LIFECYCLE: Fields = Fields::new(
    "a lifecycle",
    &[
        ("SKUs", Texts),
        ("isCorsEnabled", Any),
        ("isGenerallyAvailable", Flag),
        ("lifecycle", Text),
    ],
)
.open();
