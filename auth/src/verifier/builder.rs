//! Settings of a verifier.

use std::sync::Arc;
use std::time::Duration;

use super::Verifier;
use super::dpop::DpopChecks;
use super::id_token::whole_seconds;
use super::jws::LastHeader;
use super::key_ring::KeyRing;
use super::keys::{KeyCache, Keys};
use super::replay::{ReplayCache, SharedCache};
use super::rules::Rules;
use super::verified::VerifiedTokens;
use crate::credentials::NoCredentials;
use crate::jose::{Algorithm, JwkSet};
use crate::metadata::Discovery;
use crate::{Clock, Error, Issuer, Pipeline, PipelineBuilder, ServerMetadata};

/// The most leeway: with more, tokens would have no end worth the name.
const MOST_LEEWAY: Duration = Duration::from_secs(600);

/// The most leeway of strict verifiers (FAPI 2.0 Security Profile, section 5.3.2.1).
const STRICT_LEEWAY: Duration = Duration::from_secs(60);

/// Collects the settings of a [`Verifier`].
#[derive(Clone, Debug)]
pub struct VerifierBuilder {
    issuer: Issuer,
    audiences: Vec<String>,
    client_id: Option<String>,
    allowed_client_ids: Option<Vec<String>>,
    /// `None` for the usual ones.
    algorithms: Option<Vec<Algorithm>>,
    strict: bool,
    dpop: DpopChecks,
    remembered_tokens: usize,
    leeway: Duration,
    longest_token: usize,
    logout_max_age: Duration,
    replays: Option<SharedCache>,
    clock: Clock,
    pipeline: PipelineBuilder,
    source: Source,
}

/// Where keys come from.
#[derive(Clone, Debug)]
enum Source {
    /// From the server, which says where they are unless the caller does.
    Asked(Option<Box<ServerMetadata>>),
    /// The same, from whoever asks the server anyway.
    Shared(Discovery),
    /// They are here; nothing is asked for.
    Given(JwkSet),
}

impl VerifierBuilder {
    pub(super) fn new(issuer: Issuer) -> Self {
        let pipeline = Pipeline::builder(issuer.org_url(), NoCredentials).prompt();
        Self {
            issuer,
            audiences: Vec::new(),
            client_id: None,
            allowed_client_ids: None,
            algorithms: None,
            strict: false,
            dpop: DpopChecks::new(),
            remembered_tokens: 0,
            leeway: Duration::from_secs(120),
            longest_token: 16 * 1024,
            logout_max_age: Duration::from_secs(5 * 60),
            replays: None,
            clock: Clock::system(),
            pipeline,
            source: Source::Asked(None),
        }
    }

    /// The audience that access tokens must be for, such as `api://default`. Called again, it adds
    /// one more; a token is good for any of them. Access tokens cannot be checked without one.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// The client that ID tokens and logout tokens must be for, such as `0oa1b2c3d4`. They cannot
    /// be checked without it.
    #[must_use]
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }

    /// The clients whose access tokens are taken, by `cid`. Default: any client of the server.
    #[must_use]
    pub fn allowed_client_ids(
        mut self,
        client_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.allowed_client_ids = Some(client_ids.into_iter().map(Into::into).collect());
        self
    }

    /// The algorithms that are allowed. Default: RS256 alone, which is what Okta signs with; those
    /// of [`Algorithm::FAPI`] with [`strict`](VerifierBuilder::strict).
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Takes only what current profiles allow: access tokens of RFC 9068 (`typ` is `at+jwt`,
    /// `client_id` and `jti` are there), signatures, also of proofs, by the algorithms of FAPI 2.0
    /// ([`Algorithm::FAPI`]), up to a minute of leeway. It is for servers that issue such tokens:
    /// Okta's sign with RS256 and send no `typ` unless they are set up otherwise.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// What DPoP proofs have to pass, in [`Verifier::verify_dpop_access_token`]. Default:
    /// [`DpopChecks::new`].
    #[must_use]
    pub fn dpop(mut self, checks: DpopChecks) -> Self {
        self.dpop = checks;
        self
    }

    /// Remembers up to `capacity` access tokens that were good, by their SHA-256 hash, so that the
    /// signature of one that comes again is not checked again. Its times are, and so is its
    /// proof or certificate; when the server's keys are renewed it is checked in full. Default: 0,
    /// none. The claims of a token take as much memory as the token, a few times over.
    #[must_use]
    pub fn remember_tokens(mut self, capacity: usize) -> Self {
        self.remembered_tokens = capacity;
        self
    }

    /// How far clocks may be apart: added to the life of tokens at both ends, up to 10 minutes.
    /// Default 2 minutes, as in Okta's own verifiers.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway.min(MOST_LEEWAY);
        self
    }

    /// Most bytes of a token. Default 16 KiB; longer ones are refused before any work is done.
    #[must_use]
    pub fn longest_token(mut self, bytes: usize) -> Self {
        self.longest_token = bytes;
        self
    }

    /// How long ago a logout token may have been issued, whatever it says of its end; the leeway
    /// is added. Default 5 minutes. Back-Channel Logout 1.0 wants them to live for 2 at most.
    #[must_use]
    pub fn logout_token_max_age(mut self, age: Duration) -> Self {
        self.logout_max_age = age;
        self
    }

    /// Where the ids of logout tokens are remembered, each of which is good once. Default: a
    /// [`MemoryReplayCache`](super::MemoryReplayCache). Give processes that share the work one that
    /// they share. Where proofs are remembered says [`DpopChecks::replay_cache`].
    #[must_use]
    pub fn replay_cache(mut self, cache: impl ReplayCache) -> Self {
        self.replays = Some(SharedCache::new(cache));
        self
    }

    /// The clock. Default: the machine's.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Changes how the server's keys are asked for: timeouts, retries, proxy, user agent.
    ///
    /// ```
    /// # use okta_auth::{Issuer, verifier::Verifier};
    /// # let issuer = Issuer::parse("https://acme.okta.com/oauth2/default").unwrap();
    /// let builder = Verifier::builder(issuer).requests(|requests| requests.max_retries(0));
    /// ```
    #[must_use]
    pub fn requests(mut self, change: impl FnOnce(PipelineBuilder) -> PipelineBuilder) -> Self {
        self.pipeline = change(self.pipeline);
        self
    }

    /// The server's metadata, which is then not asked for.
    #[must_use]
    pub fn metadata(mut self, metadata: ServerMetadata) -> Self {
        self.source = Source::Asked(Some(Box::new(metadata)));
        self
    }

    /// The server's keys, which are then never asked for, nor renewed.
    #[must_use]
    pub fn keys(mut self, keys: JwkSet) -> Self {
        self.source = Source::Given(keys);
        self
    }

    /// Whoever asks for the server's metadata anyway, so that it is asked for once.
    pub(crate) fn discovery(mut self, discovery: Discovery) -> Self {
        self.source = Source::Shared(discovery);
        self
    }

    /// Builds the verifier. Nothing is sent yet.
    ///
    /// # Errors
    /// A configuration error for an empty audience, client id or list, for metadata of another
    /// issuer, for keys none of which can be used, and for what [`PipelineBuilder::build`]
    /// refuses.
    pub fn build(self) -> Result<Verifier, Error> {
        let pipeline = self.pipeline.clone();
        self.assemble(|| pipeline.build())
    }

    /// As [`VerifierBuilder::build`], over a pipeline that is there already.
    pub(crate) fn build_with(self, pipeline: Pipeline) -> Result<Verifier, Error> {
        self.assemble(|| Ok(pipeline))
    }

    fn assemble(
        mut self,
        pipeline: impl FnOnce() -> Result<Pipeline, Error>,
    ) -> Result<Verifier, Error> {
        self.check()?;
        let algorithms = self.allowed_algorithms()?;
        let fetched = |discovery, pipeline| {
            let (algorithms, clock) = (algorithms.clone(), self.clock.clone());
            Keys::Fetched(KeyCache::new(discovery, pipeline, algorithms, clock))
        };
        let keys = match self.source {
            Source::Given(set) => Keys::Given(Arc::new(ring(&set, &algorithms, &self.clock)?)),
            Source::Asked(metadata) => {
                let (issuer, pipeline) = (self.issuer.clone(), pipeline()?);
                let mut discovery = Discovery::new(issuer, pipeline.clone(), self.clock.clone());
                if let Some(metadata) = metadata {
                    discovery = discovery.know(*metadata)?;
                }
                fetched(discovery, pipeline)
            }
            Source::Shared(discovery) => fetched(discovery, pipeline()?),
        };
        Ok(Verifier(Arc::new(Rules {
            issuer: self.issuer,
            audiences: self.audiences,
            client_id: self.client_id,
            allowed_client_ids: self.allowed_client_ids,
            algorithms,
            leeway: whole_seconds(self.leeway),
            logout_max_age: whole_seconds(self.logout_max_age),
            replays: self.replays.unwrap_or_else(SharedCache::in_memory),
            longest_token: self.longest_token,
            strict: self.strict,
            clock: self.clock,
            keys,
            dpop: self.dpop,
            last_header: LastHeader::default(),
            verified: (self.remembered_tokens > 0)
                .then(|| VerifiedTokens::new(self.remembered_tokens)),
        })))
    }

    fn check(&self) -> Result<(), Error> {
        let refuse = |why: &str| Err(Error::configuration(format!("the verifier's {why}")));
        if self.audiences.iter().any(String::is_empty) {
            return refuse("audience is empty; write such as api://default");
        }
        if self.client_id.as_deref() == Some("") {
            return refuse("client id is empty; write such as 0oa1b2c3d4");
        }
        if self.allowed_client_ids.as_ref().is_some_and(Vec::is_empty) {
            return refuse("list of clients is empty; leave it out to take tokens of any client");
        }
        if self.algorithms.as_ref().is_some_and(Vec::is_empty) {
            return refuse("list of algorithms is empty; leave it out for RS256");
        }
        if self.dpop.allowed().is_empty() {
            return refuse("list of algorithms of DPoP proofs is empty; leave it out for all");
        }
        Ok(())
    }

    /// The algorithms of tokens. A strict verifier limits them, those of proofs, and the leeway.
    fn allowed_algorithms(&mut self) -> Result<Vec<Algorithm>, Error> {
        if !self.strict {
            return Ok(self
                .algorithms
                .take()
                .unwrap_or_else(|| vec![Algorithm::Rs256]));
        }
        self.leeway = self.leeway.min(STRICT_LEEWAY);
        self.dpop.limit_algorithms(&Algorithm::FAPI);
        let mut algorithms = self
            .algorithms
            .take()
            .unwrap_or_else(|| Algorithm::FAPI.to_vec());
        algorithms.retain(|known| Algorithm::FAPI.contains(known));
        if algorithms.is_empty() || self.dpop.allowed().is_empty() {
            return Err(Error::configuration(
                "a strict verifier takes PS256, ES256 and EdDSA, and none of these is allowed; \
                 leave out `algorithms` or `strict`",
            ));
        }
        Ok(algorithms)
    }
}

fn ring(set: &JwkSet, algorithms: &[Algorithm], clock: &Clock) -> Result<KeyRing, Error> {
    let ring = KeyRing::new(set, algorithms, clock.clone());
    if ring.is_empty() {
        return Err(Error::configuration(
            "none of the verifier's keys is for an algorithm that it allows; give it the server's \
             public signing keys, and set `algorithms` if they are not for RS256",
        ));
    }
    Ok(ring)
}
