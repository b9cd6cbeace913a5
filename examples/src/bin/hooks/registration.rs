//! Has an org call this program.

use std::io::Write as _;

use anyhow::Context;
use axum::http::header::AUTHORIZATION;
use okta_auth::Secret;
use okta_examples::Output;
use okta_sdk::models::{
    EventHook, EventHookChannel, EventHookChannelConfig, EventHookChannelConfigAuthScheme,
    EventHookChannelConfigAuthSchemeType, EventSubscriptions,
    InlineHookChannelConfigAuthSchemeBody, InlineHookChannelCreate, InlineHookChannelHttpCreate,
    InlineHookCreate, InlineHookHttpConfigCreate, PolicyAccess, PolicyRule, PolicyType,
    PreRegistrationInlineHook, ProfileEnrollmentPolicyRuleAction,
    ProfileEnrollmentPolicyRuleActionUnknownUserAction, ProfileEnrollmentPolicyRuleActions,
    StreamConfigurationCreateRequest, StreamConfigurationDelivery,
    StreamConfigurationDeliveryMethod, StreamConfigurationDeliveryParts, StreamVerificationRequest,
    TokenAuthorizationServerPolicyRuleActionInlineHook,
};
use okta_sdk::paths::{AuthServerPolicy, AuthServerPolicyRule, PolicyRule as RulePath};
use okta_sdk::{Client, Id};
use okta_web::hooks::{InlineHookKind, PasswordImportHook, RegistrationHook, TokenHook};
use url::Url;

/// The event hook's name, by which it is found.
const NAME: &str = "hooks example";

/// The authorization server whose tokens get a claim.
const SERVER: &str = "default";

/// What is told of by the stream.
const SIGNALS: [&str; 2] = [
    "https://schemas.openid.net/secevent/caep/event-type/credential-change",
    "https://schemas.openid.net/secevent/caep/event-type/session-revoked",
];

/// An org, and how it reaches this program.
pub struct Registration<'a> {
    okta: &'a Client,
    url: &'a str,
    secret: &'a Secret,
}

impl<'a> Registration<'a> {
    /// At `okta`, which calls paths under `url` and sends `secret` along.
    pub fn new(okta: &'a Client, url: &'a Url, secret: &'a Secret) -> Self {
        let url = url.as_str().trim_end_matches('/');
        Self { okta, url, secret }
    }

    /// The event hook of this program's name, created where there is none and replaced where there
    /// is one; then Okta asks whether the program is there.
    pub async fn event_hook(&self, events: &[String]) -> anyhow::Result<()> {
        let scheme = EventHookChannelConfigAuthScheme::new()
            .type_(EventHookChannelConfigAuthSchemeType::Header)
            .key(AUTHORIZATION.as_str())
            .value(self.secret.clone());
        let config =
            EventHookChannelConfig::new(format!("{}/events", self.url)).auth_scheme(scheme);
        let channel = EventHookChannel::new(config, "1.0.0");
        let hook = EventHook::new(channel, EventSubscriptions::new(events), NAME);

        let hooks = self.okta.event_hooks();
        let there = hooks.list().all().await?;
        let hook = match there.iter().find(|other| other.name == hook.name) {
            Some(other) => hooks.replace(&other.id, hook).await?,
            None => hooks.create(hook).await?,
        };
        writeln!(Output, "{NAME} is {}", hook.id)?;
        let status = hooks.verify(&hook.id).await?.verification_status;
        let status = status.map_or_else(String::new, |status| status.to_string());
        writeln!(Output, "it is {status}")?;
        Ok(())
    }

    /// The token inline hook, asked by the first rule of the authorization server.
    pub async fn token_hook(&self) -> anyhow::Result<()> {
        let hook = self.inline_hook::<TokenHook>("tokens").await?;
        let policies = self.okta.authorization_server_policies();
        let policy = policies.list(SERVER).all().await?;
        let policy = policy.into_iter().next().context("there is no policy")?;
        let of_policy = AuthServerPolicy {
            auth_server_id: SERVER,
            policy_id: &policy.id,
        };
        let rules = policies.list_rules(of_policy).all().await?;
        let mut rule = rules.into_iter().next().context("there is no rule")?;
        let asked = TokenAuthorizationServerPolicyRuleActionInlineHook::new().with_id(hook);
        let actions = rule.actions.get_or_insert_default();
        actions.token.get_or_insert_default().inline_hook = Some(asked);
        let of_rule = AuthServerPolicyRule {
            auth_server_id: SERVER,
            policy_id: &policy.id,
            rule_id: &rule.id.clone(),
        };
        policies.replace_rule(of_rule, rule).await?;
        Ok(())
    }

    /// The password import inline hook, asked for users whose password is with it.
    pub async fn password_hook(&self) -> anyhow::Result<()> {
        self.inline_hook::<PasswordImportHook>("passwords").await?;
        Ok(())
    }

    /// The registration inline hook, asked when people register, which the default policy of profile
    /// enrollment lets them do from now on.
    pub async fn registration_hook(&self) -> anyhow::Result<()> {
        let hook = self.inline_hook::<RegistrationHook>("registrations");
        let hook = hook.await?.to_string();
        let asked = PreRegistrationInlineHook::new().inline_hook_id(hook);
        let policies = self.okta.policies();
        let policy = policies.list(PolicyType::ProfileEnrollment).all().await?;
        let policy = policy.into_iter().next().context("there is no policy")?;
        let rules = policies.list_rules(policy.id()).all().await?;
        let Some(PolicyRule::ProfileEnrollment(mut rule)) = rules.into_iter().next() else {
            anyhow::bail!("there is no rule");
        };
        let action = ProfileEnrollmentPolicyRuleAction::new()
            .access(PolicyAccess::Allow)
            .unknown_user_action(ProfileEnrollmentPolicyRuleActionUnknownUserAction::Register)
            .pre_registration_inline_hooks([asked]);
        let actions = ProfileEnrollmentPolicyRuleActions::new().profile_enrollment(action);
        rule.actions = Some(actions);
        let path = RulePath {
            policy_id: policy.id(),
            rule_id: &rule.id.clone(),
        };
        policies
            .replace_rule(path, PolicyRule::ProfileEnrollment(rule))
            .await?;
        Ok(())
    }

    async fn inline_hook<K: InlineHookKind>(&self, path: &str) -> anyhow::Result<Id> {
        let scheme = InlineHookChannelConfigAuthSchemeBody::new()
            .type_("HEADER")
            .key(AUTHORIZATION.as_str())
            .value(self.secret.clone());
        let config = InlineHookHttpConfigCreate::new()
            .uri(format!("{}/{path}", self.url))
            .method("POST")
            .auth_scheme(scheme);
        let channel = InlineHookChannelHttpCreate::new()
            .config(config)
            .version("1.0.0");
        let hook = InlineHookCreate::new()
            .name(format!("{NAME}: {path}"))
            .type_(K::EVENT_TYPE)
            .version("1.0.0")
            .channel(InlineHookChannelCreate::Http(Box::new(channel)));
        Ok(self.okta.inline_hooks().create(hook).await?.id)
    }

    /// The stream of security event tokens, with the event that verifies it.
    pub async fn stream(&self) -> anyhow::Result<()> {
        let delivery = StreamConfigurationDelivery::new(StreamConfigurationDeliveryParts {
            endpoint_url: format!("{}/signals", self.url),
            method: StreamConfigurationDeliveryMethod::UrnIetfRfc8935,
        });
        let delivery = delivery.authorization_header(self.secret.clone());
        let streams = self.okta.ssf_streams();
        let stream = StreamConfigurationCreateRequest::new(delivery, SIGNALS);
        let id = streams.create(stream).await?.stream_id;
        let id = id.context("the stream has no id")?;
        streams.verify(StreamVerificationRequest::new(id)).await?;
        Ok(())
    }

    /// What an administrator registers who wants more than the event hook.
    pub fn left_to_do(&self) -> String {
        let url = self.url;
        format!(
            "For more than events, register with the header `{AUTHORIZATION}` and the secret:\n  \
             token inline hook            {url}/tokens, and name it in a rule of a server\n  \
             password import inline hook  {url}/passwords\n  \
             registration inline hook     {url}/registrations, and name it in a policy\n  \
             Shared Signals stream        {url}/signals"
        )
    }
}
