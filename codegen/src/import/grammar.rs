//! Which keys of an OpenAPI document are facts.
//!
//! One table for each kind of object, named as in the OpenAPI Specification
//! 3.0.3. A key that is in no table is prose, or nobody has needed it yet.

/// The keys of one kind of object that are kept.
pub(super) struct Fields(pub(super) &'static [(&'static str, Shape)]);

/// What the value of a kept key is.
pub(super) enum Shape {
    /// Kept as it is, whatever it holds.
    Fact,
    /// A value, or a list of values, of the type that the key `type` beside it
    /// names.
    Literal,
    /// Prose that the specification demands: kept as an empty text.
    Blank,
    /// A map whose keys are facts and whose values are prose.
    Names,
    /// An object of a known kind.
    One(&'static Fields),
    /// An object of a known kind, or `true` or `false` in its place.
    OneOrBool(&'static Fields),
    /// A list of objects of a known kind.
    List(&'static Fields),
    /// A map, with names of the author's choice, of objects of a known kind.
    Map(&'static Fields),
}

use Shape::{Blank, Fact, List, Literal, Map, Names, One, OneOrBool};

pub(super) static DOCUMENT: Fields = Fields(&[
    ("components", One(&COMPONENTS)),
    ("info", One(&Fields(&[("title", Blank), ("version", Fact)]))),
    ("openapi", Fact),
    ("paths", Map(&PATH_ITEM)),
    ("tags", List(&TAG)),
    (
        "x-tagGroups",
        List(&Fields(&[("name", Fact), ("tags", Fact)])),
    ),
]);

static COMPONENTS: Fields = Fields(&[
    ("headers", Map(&HEADER)),
    ("parameters", Map(&PARAMETER)),
    ("requestBodies", Map(&REQUEST_BODY)),
    ("responses", Map(&RESPONSE)),
    ("schemas", Map(&SCHEMA)),
    ("securitySchemes", Map(&SECURITY_SCHEME)),
]);

static TAG: Fields = Fields(&[("name", Fact), ("x-okta-lifecycle", One(&LIFECYCLE))]);

static PATH_ITEM: Fields = Fields(&[
    ("$ref", Fact),
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
]);

static OPERATION: Fields = Fields(&[
    ("deprecated", Fact),
    ("operationId", Fact),
    ("parameters", List(&PARAMETER)),
    ("requestBody", One(&REQUEST_BODY)),
    ("responses", Map(&RESPONSE)),
    ("security", Fact),
    ("servers", List(&Fields(&[("url", Fact)]))),
    ("tags", Fact),
    ("x-okta-iam-admin-roles", Fact),
    ("x-okta-iam-permissions", Fact),
    ("x-okta-lifecycle", One(&LIFECYCLE)),
    ("x-okta-no-scope-required", Fact),
]);

static PARAMETER: Fields = Fields(&[
    ("$ref", Fact),
    ("allowEmptyValue", Fact),
    ("allowReserved", Fact),
    ("content", Map(&MEDIA_TYPE)),
    ("deprecated", Fact),
    ("explode", Fact),
    ("in", Fact),
    ("name", Fact),
    ("required", Fact),
    ("schema", One(&SCHEMA)),
    ("style", Fact),
    ("x-okta-lifecycle", One(&LIFECYCLE)),
]);

static REQUEST_BODY: Fields = Fields(&[
    ("$ref", Fact),
    ("content", Map(&MEDIA_TYPE)),
    ("required", Fact),
    ("x-okta-lifecycle", One(&LIFECYCLE)),
]);

static RESPONSE: Fields = Fields(&[
    ("$ref", Fact),
    ("content", Map(&MEDIA_TYPE)),
    ("description", Blank),
    ("headers", Map(&HEADER)),
]);

static HEADER: Fields = Fields(&[
    ("$ref", Fact),
    ("content", Map(&MEDIA_TYPE)),
    ("deprecated", Fact),
    ("explode", Fact),
    ("required", Fact),
    ("schema", One(&SCHEMA)),
    ("style", Fact),
]);

static MEDIA_TYPE: Fields = Fields(&[("encoding", Map(&ENCODING)), ("schema", One(&SCHEMA))]);

static ENCODING: Fields = Fields(&[
    ("allowReserved", Fact),
    ("contentType", Fact),
    ("explode", Fact),
    ("headers", Map(&HEADER)),
    ("style", Fact),
]);

static SCHEMA: Fields = Fields(&[
    ("$ref", Fact),
    ("additionalProperties", OneOrBool(&SCHEMA)),
    ("allOf", List(&SCHEMA)),
    ("anyOf", List(&SCHEMA)),
    ("default", Literal),
    ("deprecated", Fact),
    ("discriminator", One(&DISCRIMINATOR)),
    ("enum", Literal),
    ("exclusiveMaximum", Fact),
    ("exclusiveMinimum", Fact),
    ("format", Fact),
    ("items", One(&SCHEMA)),
    ("maxItems", Fact),
    ("maxLength", Fact),
    ("maxProperties", Fact),
    ("maximum", Fact),
    ("minItems", Fact),
    ("minLength", Fact),
    ("minProperties", Fact),
    ("minimum", Fact),
    ("multipleOf", Fact),
    ("not", One(&SCHEMA)),
    ("nullable", Fact),
    ("oneOf", List(&SCHEMA)),
    ("pattern", Fact),
    ("properties", Map(&SCHEMA)),
    ("readOnly", Fact),
    ("required", Fact),
    ("type", Fact),
    ("uniqueItems", Fact),
    ("writeOnly", Fact),
    ("x-okta-allow-null-property-value-for-updates", Fact),
    ("x-okta-defined-as", One(&Fields(&[("name", Fact)]))),
    ("x-okta-extensible", Fact),
    ("x-okta-lifecycle", One(&LIFECYCLE)),
    ("x-okta-operationId", Fact),
]);

static DISCRIMINATOR: Fields = Fields(&[("mapping", Fact), ("propertyName", Fact)]);

static SECURITY_SCHEME: Fields = Fields(&[
    ("$ref", Fact),
    ("bearerFormat", Fact),
    ("flows", Map(&OAUTH_FLOW)),
    ("in", Fact),
    ("name", Fact),
    ("openIdConnectUrl", Fact),
    ("scheme", Fact),
    ("type", Fact),
]);

static OAUTH_FLOW: Fields = Fields(&[
    ("authorizationUrl", Fact),
    ("refreshUrl", Fact),
    ("scopes", Names),
    ("tokenUrl", Fact),
]);

static LIFECYCLE: Fields = Fields(&[
    ("SKUs", Fact),
    ("isCorsEnabled", Fact),
    ("isGenerallyAvailable", Fact),
    ("lifecycle", Fact),
]);
