//! Applications with the settings that they usually have.

use serde_json::{Value, json};

use crate::models::{
    Application, ApplicationBase, ApplicationCredentialsOAuthClient, ApplicationSignOnMode,
    ApplicationType, GrantType, OAuthApplicationCredentials, OAuthEndpointAuthenticationMethod,
    OAuthResponseType, OpenIdConnectApplication, OpenIdConnectApplicationSettings,
    OpenIdConnectApplicationSettingsClient, SamlApplication, SamlApplicationSettings,
    SamlApplicationSettingsSignOn,
    SamlApplicationSettingsSignOnAuthnContextClassRef as AuthnContext,
    SamlApplicationSettingsSignOnDigestAlgorithm as Digest,
    SamlApplicationSettingsSignOnSignatureAlgorithm as Signature,
    SamlApplicationSettingsSignOnSubjectNameIdFormat as NameIdFormat,
};

impl OpenIdConnectApplication {
    /// A web app with a server that keeps a secret: authorization code with PKCE, and the client
    /// secret by HTTP Basic at the token endpoint. Okta makes the client id and the secret.
    ///
    /// ```no_run
    /// use okta_sdk::models::OpenIdConnectApplication;
    ///
    /// # async fn run(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    /// let app = OpenIdConnectApplication::web("Portal", ["https://portal.example.com/callback"])
    ///     .oauth_client(|client| client.post_logout_redirect_uris(["https://portal.example.com"]));
    /// let app = okta.applications().create(app).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/application/createapplication>.
    #[must_use]
    pub fn web(
        label: impl Into<String>,
        redirect_uris: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let client = OpenIdConnectApplicationSettingsClient::new([GrantType::AuthorizationCode])
            .application_type(ApplicationType::Web)
            .redirect_uris(redirect_uris);
        Self::of_client(
            label,
            OAuthEndpointAuthenticationMethod::ClientSecretBasic,
            client,
        )
    }

    /// An app on the user's own machine, which can keep no secret: authorization code with PKCE,
    /// and refresh tokens.
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/application/createapplication>.
    #[must_use]
    pub fn native(
        label: impl Into<String>,
        redirect_uris: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let grants = [GrantType::AuthorizationCode, GrantType::RefreshToken];
        let client = OpenIdConnectApplicationSettingsClient::new(grants)
            .application_type(ApplicationType::Native)
            .redirect_uris(redirect_uris);
        Self::of_client(label, OAuthEndpointAuthenticationMethod::None, client)
    }

    /// Changes the settings of the OAuth client, such as where users are sent after logout.
    #[must_use]
    pub fn oauth_client(
        mut self,
        change: impl FnOnce(
            OpenIdConnectApplicationSettingsClient,
        ) -> OpenIdConnectApplicationSettingsClient,
    ) -> Self {
        let settings = self.settings.get_or_insert_default();
        settings.oauth_client = Some(change(settings.oauth_client.take().unwrap_or_default()));
        self
    }

    fn of_client(
        label: impl Into<String>,
        authentication: OAuthEndpointAuthenticationMethod,
        client: OpenIdConnectApplicationSettingsClient,
    ) -> Self {
        let credentials = ApplicationCredentialsOAuthClient::new()
            .pkce_required(true)
            .token_endpoint_auth_method(authentication);
        let client = client.response_types([OAuthResponseType::Code]);
        Self::new(
            OAuthApplicationCredentials::new().oauth_client(credentials),
            label,
            OpenIdConnectApplicationSettings::new().oauth_client(client),
        )
    }
}

/// A service provider as its own documentation describes it; see
/// [`SamlApplication::for_service_provider`].
#[derive(Clone, Debug)]
pub struct ServiceProvider {
    /// What users see.
    pub label: String,
    /// Where assertions go: the assertion consumer service (ACS) URL.
    pub acs_url: String,
    /// Who assertions are for: the entity id of the service provider.
    pub audience: String,
}

impl SamlApplication {
    /// A SAML 2.0 app with Okta's usual settings: response and assertion are signed with RSA and
    /// SHA-256, and the subject is the user's name in the app.
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/application/createapplication>.
    #[must_use]
    pub fn for_service_provider(provider: ServiceProvider) -> Self {
        // Releases of the document differ in which of these `new` takes.
        let sign_on = SamlApplicationSettingsSignOn::default()
            .allow_multiple_acs_endpoints(false)
            .assertion_signed(true)
            .honor_force_authn(true)
            .request_compressed(false)
            .response_signed(true)
            .sso_acs_url(&provider.acs_url)
            .recipient(&provider.acs_url)
            .destination(provider.acs_url)
            .audience(provider.audience)
            .idp_issuer("http://www.okta.com/${org.externalKey}")
            .subject_name_id_template("${user.userName}")
            .subject_name_id_format(NameIdFormat::UrnOasisNamesTcSaml11NameidFormatUnspecified)
            .signature_algorithm(Signature::RsaSha256)
            .digest_algorithm(Digest::Sha256)
            .authn_context_class_ref(
                AuthnContext::UrnOasisNamesTcSaml20AcClassesPasswordProtectedTransport,
            );
        Self::new(provider.label).settings(SamlApplicationSettings::new().sign_on(sign_on))
    }
}

/// An app of the Okta Integration Network; see [`Application::integration`].
#[derive(Clone, Debug)]
pub struct Integration {
    /// The key of the integration, such as `box_net`.
    pub name: String,
    /// What users see.
    pub label: String,
    /// How users sign on. An integration knows some of the modes; without one it takes its own.
    pub sign_on_mode: Option<ApplicationSignOnMode>,
    /// What the integration asks for, by its names: an object.
    pub settings: Value,
}

impl Application {
    /// An app of the Okta Integration Network, by the integration's key.
    ///
    /// ```no_run
    /// use okta_sdk::models::Application;
    /// use okta_sdk::shortcuts::Integration;
    /// use serde_json::json;
    ///
    /// # async fn run(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    /// let zoom = Application::integration(Integration {
    ///     name: "zoomus".into(),
    ///     label: "Zoom".into(),
    ///     sign_on_mode: None,
    ///     settings: json!({ "subDomain": "acme" }),
    /// });
    /// let zoom = okta.applications().create(zoom).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/application/createapplication>.
    #[must_use]
    pub fn integration(integration: Integration) -> Self {
        let mut app = ApplicationBase::default().label(integration.label);
        app.sign_on_mode = integration.sign_on_mode;
        app.extra.insert("name", integration.name);
        let settings = json!({ "app": integration.settings });
        app.extra.insert("settings", settings);
        Self::Unrecognized(Box::new(app))
    }
}
