//! The options of the program, and the org that they ask for.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Parser};
use okta_emulator::{Builder, Clock, Emulator, FaultRule, Faults, RateLimits, Seed, Tls};

/// An Okta org on this machine, for tests and demonstrations.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Arguments {
    /// The loopback port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// A YAML file with what the org holds from the start.
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// How many users to make up, beside those of the seed.
    #[arg(long, value_name = "COUNT")]
    users: Option<u32>,
    /// How many events the System Log keeps; the oldest go. Default: 100000.
    #[arg(long, value_name = "COUNT")]
    log_size: Option<usize>,
    /// Keep what the org holds in this directory, across restarts.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    certificate: Certificate,
    #[command(flatten)]
    callers: Callers,
    #[command(flatten)]
    misbehaviour: Misbehaviour,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "TLS")]
struct Certificate {
    /// Speak https, with a certificate that is made on the spot for localhost, 127.0.0.1 and ::1.
    #[arg(long)]
    tls: bool,
    /// Write the certificate of the authority here, in PEM, for clients to trust.
    #[arg(long, value_name = "FILE", requires = "tls")]
    tls_ca: Option<PathBuf>,
    /// Another name or address that the certificate is for. May be repeated.
    #[arg(long, value_name = "NAME", requires = "tls")]
    tls_name: Vec<String>,
    /// Speak https with this certificate chain, in PEM, the server's own certificate first.
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls_key",
        conflicts_with = "tls"
    )]
    tls_cert: Option<PathBuf>,
    /// The private key of the certificate, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Callers")]
struct Callers {
    /// Follow X-Forwarded-Proto and X-Forwarded-Host of a proxy in front.
    #[arg(long)]
    behind_proxy: bool,
    /// Show the pages of the org to callers from everywhere, not only to browsers on this machine.
    #[arg(long)]
    open_pages: bool,
    /// Let web pages of this origin call the API, such as https://app.example.com. May be repeated.
    #[arg(long, value_name = "ORIGIN")]
    trusted_origin: Vec<String>,
    /// Let hooks lead to this host, without a port. Loopback addresses are called in any case. May be
    /// repeated.
    #[arg(long, value_name = "HOST")]
    allow_calls_to: Vec<String>,
    /// Refuse a client secret that is sent by another method than the client is registered for.
    #[arg(long)]
    registered_authentication: bool,
    /// Answer pushed authorization requests with 200 in place of 201.
    #[arg(long)]
    pushed_requests_with_200: bool,
    /// How long access tokens are good.
    #[arg(long, value_name = "SECONDS")]
    access_token_lifetime: Option<u32>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Misbehaviour")]
struct Misbehaviour {
    /// A fault and the requests that it hits, in YAML or JSON, such as
    /// '{fault: {latency: 50}, path: /api/v1/users, always: true}'. May be repeated.
    #[arg(long, value_name = "RULE")]
    fault: Vec<String>,
    /// From what chance follows: the same seed gives the same faults at the same requests.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    fault_seed: u64,
    /// How far the org's clock is ahead of this machine's; behind it if negative.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    clock_skew: i32,
    /// How long policies of a type are put in order after one was changed; until then, further changes
    /// of them are refused with 423.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    policy_reconciliation: u32,
    /// Requests in a window, for every rate limit bucket.
    #[arg(long, value_name = "COUNT")]
    rate_limit: Option<u32>,
    /// How long a window of the rate limits lasts.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    rate_limit_window: Option<u32>,
}

impl Arguments {
    /// Starts the org.
    pub async fn start(self) -> Result<Emulator, String> {
        let lifetime = self.callers.access_token_lifetime;
        let emulator = self.builder()?.start().await;
        let emulator = emulator.map_err(|error| described(&error))?;
        if let Some(seconds) = lifetime {
            let lifetime = Duration::from_secs(seconds.into());
            emulator.oauth().access_token_lifetime(lifetime);
        }
        Ok(emulator)
    }

    fn builder(&self) -> Result<Builder, String> {
        let mut seed = self.seed.as_deref().map_or(Ok(Seed::default()), seed)?;
        if let Some(count) = self.users {
            seed = seed.with_generated_users(count);
        }
        let misbehaviour = &self.misbehaviour;
        let builder = Emulator::builder()
            .rate_limits(misbehaviour.limits(&seed))
            .seed(seed)
            .port(self.port)
            .clock(Clock::skewed(misbehaviour.clock_skew))
            .policy_reconciliation(misbehaviour.reconciliation())
            .faults(misbehaviour.faults()?);
        let builder = match &self.data {
            Some(directory) => builder.data(directory),
            None => builder,
        };
        let builder = match self.log_size {
            Some(events) => builder.log_size(events),
            None => builder,
        };
        Ok(match self.certificate.tls()? {
            Some(tls) => self.callers.settle(builder.tls(tls)),
            None => self.callers.settle(builder),
        })
    }
}

impl Certificate {
    fn tls(&self) -> Result<Option<Tls>, String> {
        if let (Some(chain), Some(key)) = (&self.tls_cert, &self.tls_key) {
            let given = Tls::from_pem(&read(chain)?, &read(key)?);
            return given.map(Some).map_err(|error| described(&error));
        }
        if !self.tls {
            return Ok(None);
        }
        let names: Vec<&str> = self.tls_name.iter().map(String::as_str).collect();
        let tls = Tls::generated_for(&names).map_err(|error| described(&error))?;
        if let (Some(file), Some(authority)) = (&self.tls_ca, tls.authority()) {
            fs::write(file, authority).map_err(|error| about(file, &error))?;
        }
        Ok(Some(tls))
    }
}

impl Callers {
    fn settle(&self, mut builder: Builder) -> Builder {
        for origin in &self.trusted_origin {
            builder = builder.trusted_origin(origin);
        }
        for host in &self.allow_calls_to {
            builder = builder.allow_calls_to(host);
        }
        if self.behind_proxy {
            builder = builder.behind_proxy();
        }
        if self.open_pages {
            builder = builder.open_pages();
        }
        if self.registered_authentication {
            builder = builder.registered_authentication();
        }
        if self.pushed_requests_with_200 {
            builder = builder.pushed_requests_with_200();
        }
        builder
    }
}

impl Misbehaviour {
    fn reconciliation(&self) -> Duration {
        Duration::from_millis(self.policy_reconciliation.into())
    }

    fn faults(&self) -> Result<Faults, String> {
        let faults = Faults::seeded(self.fault_seed);
        for rule in &self.fault {
            faults.inject(FaultRule::from_yaml(rule).map_err(|error| described(&error))?);
        }
        Ok(faults)
    }

    fn limits(&self, seed: &Seed) -> RateLimits {
        let mut limits = seed.rate_limits.clone();
        limits.limit = self.rate_limit.unwrap_or(limits.limit);
        limits.window_seconds = self.rate_limit_window.unwrap_or(limits.window_seconds);
        limits
    }
}

fn seed(file: &Path) -> Result<Seed, String> {
    Seed::from_yaml(&read(file)?).map_err(|error| about(file, &error))
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| about(file, &error))
}

fn about(file: &Path, error: &dyn std::error::Error) -> String {
    format!("{}: {}", file.display(), described(error))
}

/// An error with its causes, on one line.
pub fn described(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}
