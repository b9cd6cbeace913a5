//! What is done with each thing that Okta sends: it is printed, one line each.

use std::fmt::Display;
use std::io::{self, Write as _};

use axum::Router;
use okta_auth::{Error, Issuer, Secret, Verifier};
use okta_examples::Output;
use okta_sdk::models::{PasswordImportRequest, RegistrationInlineHookRequest, TokenPayLoad};
use okta_web::hooks::{
    EventHooks, HandlerResult, HookEvent, InlineHook, OktaSignal, PasswordImportAnswer,
    PasswordImportHook, RegistrationAnswer, RegistrationHook, SignalReceiver, TokenAnswer,
    TokenHook,
};

/// The one whose password this service knows, as the system that an org replaces would.
pub const LOGIN: &str = "ada@example.com";
/// Her password.
pub const PASSWORD: &str = "Long known elsewhere 1";

/// A receiver of each kind.
pub struct Receivers {
    /// The event hook's, whose work goes on after its answer.
    pub events: EventHooks,
    tokens: InlineHook<TokenHook>,
    passwords: InlineHook<PasswordImportHook>,
    registrations: InlineHook<RegistrationHook>,
    signals: SignalReceiver,
}

impl Receivers {
    /// Receivers that want `secret`, and security event tokens of `issuer` for `audience`.
    pub fn new(secret: &Secret, issuer: Issuer, audience: &str) -> Result<Self, Error> {
        let verifier = Verifier::builder(issuer).audience(audience).build()?;
        Ok(Self {
            events: EventHooks::builder(secret.clone(), event).build()?,
            tokens: InlineHook::builder(secret.clone(), token).build()?,
            passwords: InlineHook::builder(secret.clone(), password).build()?,
            registrations: InlineHook::builder(secret.clone(), registration).build()?,
            signals: SignalReceiver::builder(verifier, signal)
                .authorization(secret.clone())
                .build()?,
        })
    }

    /// The paths that Okta calls.
    pub fn routes(&self) -> Router {
        Router::new()
            .route("/events", self.events.route())
            .route("/tokens", self.tokens.route())
            .route("/passwords", self.passwords.route())
            .route("/registrations", self.registrations.route())
            .route("/signals", self.signals.route())
    }
}

async fn event(event: HookEvent) -> HandlerResult {
    let published = event.log.published.map(|time| time.to_string());
    let event_type = event.log.event_type.unwrap_or_default();
    print(
        "event",
        format_args!("{} {event_type}", published.unwrap_or_default()),
    )?;
    Ok(())
}

/// Adds a claim to the access token.
async fn token(asked: TokenPayLoad) -> HandlerResult<TokenAnswer> {
    let access = asked.data.and_then(|data| data.access);
    let claims = access.and_then(|access| access.claims);
    let claims = claims.ok_or("the request has no claims")?;
    let subject = claims.get("sub").and_then(|subject| subject.as_str());
    let subject = subject.unwrap_or("nobody");
    print("token", format_args!("for {subject}; gets `region`"))?;
    Ok(TokenAnswer::new().access(|token| token.add_claim("region", "eu")))
}

/// Says whether a password is the one that is known.
async fn password(asked: PasswordImportRequest) -> HandlerResult<PasswordImportAnswer> {
    let context = asked.data.and_then(|data| data.context);
    let credential = context.and_then(|context| context.credential);
    let credential = credential.ok_or("the request has no credential")?;
    let login = credential.username.unwrap_or_default();
    let given = credential.password.ok_or("the request has no password")?;
    let answer = match login == LOGIN && given.expose() == PASSWORD {
        true => PasswordImportAnswer::Verified,
        false => PasswordImportAnswer::Unverified,
    };
    print("password", format_args!("of {login}: {answer:?}"))?;
    Ok(answer)
}

/// Lets people register whose address is of one domain, and gives them a title.
async fn registration(asked: RegistrationInlineHookRequest) -> HandlerResult<RegistrationAnswer> {
    let RegistrationInlineHookRequest::Ssr(asked) = asked else {
        return Err("this is no registration".into());
    };
    let profile = asked.data.and_then(|data| data.user_profile);
    let profile = profile.ok_or("the request has no profile")?;
    let email = profile.get("email").and_then(|email| email.as_str());
    let email = email.ok_or("the request has no e-mail address")?;
    if !email.ends_with("@example.com") {
        print("sign-up", format_args!("of {email}: denied"))?;
        return Ok(RegistrationAnswer::deny());
    }
    print("sign-up", format_args!("of {email}: allowed; gets a title"))?;
    Ok(RegistrationAnswer::allow().set("title", "Newcomer"))
}

async fn signal(signal: OktaSignal) -> HandlerResult {
    let events = serde_json::to_value(&signal.events)?;
    for (kind, event) in events.as_object().into_iter().flatten() {
        // Kinds are URIs, such as …/caep/event-type/credential-change.
        let kind = kind
            .rsplit_once('/')
            .map_or(kind.as_str(), |(_, name)| name);
        let subject = event.pointer("/subject/sub").and_then(|id| id.as_str());
        match subject {
            Some(subject) => print("signal", format_args!("{kind} of {subject}"))?,
            None => print("signal", kind)?,
        }
    }
    Ok(())
}

fn print(kind: &str, text: impl Display) -> io::Result<()> {
    writeln!(Output, "{kind:<8}  {text}")
}
