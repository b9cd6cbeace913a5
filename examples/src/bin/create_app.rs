//! Creates an application that users log in to, by OpenID Connect, by SAML or from the integration
//! network, and gives it to a group.
//!
//! ```text
//! cargo run -p okta-examples --bin create_app -- web Portal https://portal.example.com/callback
//! cargo run -p okta-examples --bin create_app -- native Phone com.example.phone:/callback
//! cargo run -p okta-examples --bin create_app -- saml Wiki https://wiki.example.com/acs urn:wiki
//! cargo run -p okta-examples --bin create_app -- integration zoomus Zoom '{"subDomain":"acme"}'
//! ```

use clap::{Parser, Subcommand};
use okta_examples::{Output, Settings, run};
use okta_sdk::models::{Application, OpenIdConnectApplication, SamlApplication};
use okta_sdk::paths::AppGroup;
use okta_sdk::shortcuts::{Integration, ServiceProvider};
use serde_json::Value;
use std::io::Write as _;
use std::process::ExitCode;

/// Creates an application for the users of a group.
#[derive(Debug, Parser)]
struct Arguments {
    /// The group that gets it, created where it is missing.
    #[arg(long, default_value = "Engineering")]
    group: String,
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    /// A web app with a server, by OpenID Connect.
    Web { label: String, redirect_uri: String },
    /// An app on the user's machine, by OpenID Connect.
    Native { label: String, redirect_uri: String },
    /// A service provider, by SAML 2.0.
    Saml {
        label: String,
        acs_url: String,
        audience: String,
    },
    /// An app of the Okta Integration Network, with its settings as JSON.
    Integration {
        name: String,
        label: String,
        #[arg(value_parser = json)]
        settings: Value,
    },
}

fn json(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text)
}

impl From<Kind> for Application {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Web {
                label,
                redirect_uri,
            } => OpenIdConnectApplication::web(label, [redirect_uri]).into(),
            Kind::Native {
                label,
                redirect_uri,
            } => OpenIdConnectApplication::native(label, [redirect_uri]).into(),
            Kind::Saml {
                label,
                acs_url,
                audience,
            } => SamlApplication::for_service_provider(ServiceProvider {
                label,
                acs_url,
                audience,
            })
            .into(),
            Kind::Integration {
                name,
                label,
                settings,
            } => Self::integration(Integration {
                name,
                label,
                sign_on_mode: None,
                settings,
            }),
        }
    }
}

fn main() -> ExitCode {
    run(Settings::Org, program)
}

async fn program(arguments: Arguments) -> anyhow::Result<()> {
    let org = okta_examples::connect().await?;
    let okta = &org.client;

    let app = Application::from(arguments.kind);
    let app = okta.applications().create(app).await?;
    writeln!(
        Output,
        "created {} ({})",
        app.label().unwrap_or_default(),
        app.id()
    )?;
    let group = okta.groups().find_or_create(&arguments.group).await?;
    let path = AppGroup {
        app_id: app.id(),
        group_id: &group.get().id,
    };
    okta.application_groups().assign(path).await?;
    writeln!(Output, "for the users of {}", arguments.group)?;

    if let Application::OpenIdConnect(app) = app {
        let client = app.credentials.and_then(|it| it.oauth_client);
        let client = client.unwrap_or_default();
        writeln!(
            Output,
            "client id: {}",
            client.client_id.unwrap_or_default()
        )?;
        if client.client_secret.is_some() {
            // What is printed is in the terminal's history.
            writeln!(Output, "client secret: see the Admin Console")?;
        }
    }
    Ok(())
}
