//! What an API asks of its callers, for the OpenAPI documents of `utoipa`.

use utoipa::Modify;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{
    HttpAuthScheme, HttpBuilder, OpenIdConnect, SecurityRequirement, SecurityScheme,
};

use super::{RequireToken, Scope, Scoped};

/// The name of the security scheme for a bearer token.
pub const BEARER: &str = "bearer";

/// The name of the security scheme that says which authorization server issues tokens. Its
/// requirements have scopes.
pub const OPEN_ID_CONNECT: &str = "openIdConnect";

impl RequireToken {
    /// The security schemes of an OpenAPI document, with their names, which describe one token in two
    /// ways:
    ///
    /// - [`OPEN_ID_CONNECT`]: the authorization server, by its discovery document.
    /// - [`BEARER`]: how the token is sent, unless [`bound_only`](Self::bound_only) refuses bearer
    ///   tokens. Its format is `JWT` where a `Verifier` reads it.
    #[must_use]
    pub fn security_schemes(&self) -> Vec<(&'static str, SecurityScheme)> {
        let issuer = self.issuer();
        let url = format!("{}/.well-known/openid-configuration", issuer.as_str());
        let server = match self.takes_bearer() {
            true => OpenIdConnect::new(url),
            false => {
                let bound =
                    "The access token has to be bound to a DPoP key or a client certificate.";
                OpenIdConnect::with_description(url, bound.to_owned())
            }
        };
        let mut schemes = vec![(OPEN_ID_CONNECT, SecurityScheme::OpenIdConnect(server))];
        if self.takes_bearer() {
            let description = format!("An access token of {}.", issuer.as_str());
            let mut bearer = HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some(description));
            if self.is_read_here() {
                bearer = bearer.bearer_format("JWT");
            }
            schemes.push((BEARER, SecurityScheme::Http(bearer.build())));
        }
        schemes
    }
}

/// Adds the [security schemes](RequireToken::security_schemes) to a document. If the document does not
/// say what its operations require, they require a token.
///
/// ```
/// use okta_auth::{Issuer, Verifier};
/// use okta_web::api::{RequireToken, Scope, Scoped};
/// use utoipa::{Modify, OpenApi};
///
/// struct OrdersRead;
///
/// impl Scope for OrdersRead {
///     const NAME: &'static str = "orders:read";
/// }
///
/// /// Lists the orders.
/// #[utoipa::path(get, path = "/orders", security(("openIdConnect" = [OrdersRead::NAME])))]
/// async fn orders(_: Scoped<OrdersRead>) {}
///
/// #[derive(OpenApi)]
/// #[openapi(paths(orders))]
/// struct Orders;
///
/// # fn main() -> Result<(), okta_auth::Error> {
/// let issuer = Issuer::parse("https://acme.okta.com/oauth2/default")?;
/// let verifier = Verifier::builder(issuer).audience("api://default").build()?;
/// let mut document = Orders::openapi();
/// RequireToken::verifier(verifier).modify(&mut document);
/// # assert!(document.components.is_some_and(|it| it.security_schemes.len() == 2));
/// # Ok(()) }
/// ```
impl Modify for RequireToken {
    fn modify(&self, document: &mut OpenApi) {
        let schemes = self.security_schemes();
        let required = schemes
            .iter()
            .map(|(name, _)| SecurityRequirement::new(*name, [""; 0]));
        if document.security.is_none() {
            document.security = Some(required.collect());
        }
        let components = document.components.get_or_insert_default();
        for (name, scheme) in schemes {
            components.add_security_scheme(name, scheme);
        }
    }
}

impl<S: Scope> Scoped<S> {
    /// What an operation requires whose handler asks for this: a token with the scope. In
    /// `utoipa::path`, `security(("openIdConnect" = [S::NAME]))` says the same.
    ///
    /// ```
    /// use okta_web::api::{Scope, Scoped};
    /// use utoipa::openapi::path::OperationBuilder;
    ///
    /// struct OrdersRead;
    ///
    /// impl Scope for OrdersRead {
    ///     const NAME: &'static str = "orders:read";
    /// }
    ///
    /// let operation = OperationBuilder::new()
    ///     .security(Scoped::<OrdersRead>::security_requirement())
    ///     .build();
    /// # assert!(operation.security.is_some());
    /// ```
    #[must_use]
    pub fn security_requirement() -> SecurityRequirement {
        SecurityRequirement::new(OPEN_ID_CONNECT, [S::NAME])
    }
}
