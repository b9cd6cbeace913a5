//! Tokens made and tampered with by other implementations, jose and PyJWT, against our verifier.
//! `tokens/README.md` says where they come from.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[allow(dead_code)] // It is there for the tests of the verifier.
#[path = "verifier/made.rs"]
mod made;
#[allow(dead_code)]
#[path = "verifier/proofs.rs"]
mod proofs;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use okta_auth::jose::{Algorithm, Jwk, JwkSet, SigningKey};
use okta_auth::verifier::{
    DpopChecks, DpopNonces, IdTokenChecks, MemoryReplayCache, Verifier, VerifierBuilder,
    VerifyError,
};
use okta_auth::{Clock, Issuer, Secret};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The source of `VerifyError`, to know all its variants: no other way shows them to a test.
const VERIFY_ERROR: &str = include_str!("../src/verifier/error.rs");

#[derive(Deserialize)]
struct Recipes {
    now: u64,
    issuer: String,
    audience: String,
    client_id: String,
    nonce: String,
    access_token: String,
    key_sets: BTreeMap<String, Vec<Map<String, Value>>>,
    cases: Vec<Case>,
}

/// A token, and what must come of it. The members that say how it is made are for its makers.
#[derive(Deserialize)]
struct Case {
    name: String,
    kind: Kind,
    /// `ok`, or a variant of `VerifyError`.
    expect: String,
    /// A piece of the error's text.
    says: Option<String>,
    key_set: Option<String>,
    /// Algorithms; RS256 unless it says otherwise.
    allow: Option<Vec<String>>,
    allowed_client_ids: Option<Vec<String>>,
    require_scope: Option<String>,
    require_group: Option<String>,
    #[serde(default)]
    checks: Checks,
    /// Another case, whose ID token came before this one.
    refresh_of: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Access,
    Id,
    Logout,
}

#[derive(Default, Deserialize)]
struct Checks {
    /// Null if the login sent none; left out for the usual one.
    #[serde(default, deserialize_with = "some")]
    nonce: Option<Option<String>>,
    max_age: Option<u64>,
    #[serde(default)]
    acr: Vec<String>,
}

/// Tells null from left out.
fn some<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
struct Tokens {
    made_by: BTreeMap<String, String>,
    tokens: BTreeMap<String, String>,
}

struct Table {
    recipes: Recipes,
    keys: BTreeMap<String, Map<String, Value>>,
    makers: Vec<Tokens>,
}

impl Table {
    fn read() -> Self {
        Self {
            recipes: serde_json::from_str(include_str!("tokens/recipes.json")).unwrap(),
            keys: serde_json::from_str(include_str!("tokens/keys.json")).unwrap(),
            makers: vec![
                serde_json::from_str(include_str!("tokens/jose.json")).unwrap(),
                serde_json::from_str(include_str!("tokens/pyjwt.json")).unwrap(),
            ],
        }
    }

    fn case(&self, name: &str) -> &Case {
        let cases = &self.recipes.cases;
        cases.iter().find(|case| case.name == name).unwrap()
    }

    /// The public keys of a set, with the `kid`, `alg` and `use` that the set says.
    fn key_set(&self, name: &str) -> JwkSet {
        let keys = self.recipes.key_sets[name].iter().map(|entry| {
            let mut entry = entry.clone();
            let key = entry.remove("key").unwrap();
            let mut jwk = self.keys[key.as_str().unwrap()].clone();
            jwk.extend(entry);
            Jwk::from_json(&Value::Object(jwk)).unwrap()
        });
        JwkSet::new(keys.collect())
    }

    fn verifier(&self, case: &Case) -> Verifier {
        let recipes = &self.recipes;
        let mut builder = builder(&recipes.issuer)
            .audience(&recipes.audience)
            .client_id(&recipes.client_id)
            .keys(self.key_set(case.key_set.as_deref().unwrap_or("main")))
            .clock(Clock::fixed(
                SystemTime::UNIX_EPOCH + Duration::from_secs(recipes.now),
            ));
        if let Some(names) = &case.allow {
            let algorithms = names.iter().map(|name| name.parse::<Algorithm>().unwrap());
            builder = builder.algorithms(algorithms);
        }
        if let Some(client_ids) = &case.allowed_client_ids {
            builder = builder.allowed_client_ids(client_ids);
        }
        builder.build().unwrap()
    }

    async fn verify(&self, case: &Case, tokens: &Tokens, token: &str) -> Result<(), VerifyError> {
        let verifier = self.verifier(case);
        match case.kind {
            Kind::Access => {
                let claims = verifier.verify_access_token(token).await?;
                assert_eq!(claims.subject, "isaac@example.com");
                assert_eq!(claims.client_id, self.recipes.client_id);
                assert_eq!(claims.scopes, ["openid", "api:read"]);
                if let Some(scope) = &case.require_scope {
                    claims.require_scope(scope)?;
                }
                if let Some(group) = &case.require_group {
                    claims.require_group(group)?;
                }
            }
            Kind::Id => {
                let checks = self.checks(case, tokens).await;
                let claims = verifier.verify_id_token(token, &checks).await?;
                assert_eq!(claims.subject, "00uid4BxXw6I6TV4m0g3");
                assert_eq!(claims.name(), Some("Isaac Brock"));
            }
            Kind::Logout => {
                let claims = verifier.verify_logout_token(token).await?;
                assert_eq!(claims.id, "LT.tvQ1iyZpuPGZ");
            }
        }
        Ok(())
    }

    async fn checks(&self, case: &Case, tokens: &Tokens) -> IdTokenChecks {
        let access_token = Secret::from(self.recipes.access_token.as_str());
        let mut checks = IdTokenChecks::new().access_token(&access_token);
        match &case.checks.nonce {
            None => checks = checks.nonce(self.recipes.nonce.as_str()),
            Some(Some(nonce)) => checks = checks.nonce(nonce.as_str()),
            Some(None) => {}
        }
        if let Some(seconds) = case.checks.max_age {
            checks = checks.max_age(Duration::from_secs(seconds));
        }
        if !case.checks.acr.is_empty() {
            checks = checks.acr(&case.checks.acr);
        }
        if let Some(before) = &case.refresh_of {
            let (token, before) = (&tokens.tokens[before], self.case(before));
            let verifier = self.verifier(before);
            let first = IdTokenChecks::new().nonce(self.recipes.nonce.as_str());
            let claims = verifier.verify_id_token(token, &first).await.unwrap();
            checks = checks.refresh_of(&claims);
        }
        checks
    }

    /// Runs a case for each maker that has it.
    async fn check(&self, case: &Case) {
        let mut made = 0;
        for tokens in &self.makers {
            let Some(token) = tokens.tokens.get(&case.name) else {
                continue;
            };
            made += 1;
            let (name, maker) = (&case.name, &tokens.made_by);
            match self.verify(case, tokens, token).await {
                Ok(()) => assert_eq!(case.expect, "ok", "{name} by {maker:?} was accepted"),
                Err(error) => {
                    let text = error.to_string();
                    assert_eq!(variant(&error), case.expect, "{name} by {maker:?}: {text}");
                    let says = case.says.as_deref().unwrap_or("");
                    assert!(text.contains(says), "{name}: {text} lacks {says}");
                    assert!(!shows(&error, token), "{name} shows the token: {error:?}");
                }
            }
        }
        assert!(made > 0, "nobody made {}: see tokens/README.md", case.name);
    }
}

/// A verifier that asks nobody twice.
fn builder(issuer: &str) -> VerifierBuilder {
    let issuer = Issuer::parse(issuer).unwrap();
    Verifier::builder(issuer).requests(|requests| requests.max_retries(0))
}

/// The name of the variant, from `Debug`, which is derived.
fn variant(error: &VerifyError) -> String {
    let debug = format!("{error:?}");
    let name = debug.split(|c: char| !c.is_alphanumeric()).next();
    name.unwrap().to_owned()
}

/// Whether an error gives away claims or signature of the token.
fn shows(error: &VerifyError, token: &str) -> bool {
    let texts = format!("{error} {error:?}");
    token
        .split('.')
        .skip(1)
        .any(|part| !part.is_empty() && texts.contains(part))
}

#[tokio::test]
async fn each_token_ends_as_its_recipe_says() {
    let table = Table::read();
    for case in &table.recipes.cases {
        table.check(case).await;
    }
    // Nothing is left of recipes that are gone.
    let names: BTreeSet<_> = table.recipes.cases.iter().map(|case| &case.name).collect();
    for tokens in &table.makers {
        assert!(tokens.tokens.keys().all(|name| names.contains(name)));
    }
}

#[tokio::test]
async fn each_valid_token_fails_once_any_of_its_parts_is_changed() {
    let table = Table::read();
    let valid = table
        .recipes
        .cases
        .iter()
        .filter(|case| case.expect == "ok");
    for case in valid {
        for tokens in &table.makers {
            let token = &tokens.tokens[&case.name];
            let starts = [0]
                .into_iter()
                .chain(token.match_indices('.').map(|(dot, _)| dot + 1));
            for start in starts {
                let mut changed = token.clone().into_bytes();
                changed[start] = if changed[start] == b'A' { b'B' } else { b'A' };
                let changed = String::from_utf8(changed).unwrap();
                let result = table.verify(case, tokens, &changed).await;
                assert!(result.is_err(), "{} changed at {start}", case.name);
            }
        }
    }
}

/// Errors that depend on something else than the token.
async fn errors_without_a_recipe(table: &Table) -> Vec<VerifyError> {
    let case = table.case("access token by RS256");
    let token = &table.makers[0].tokens[&case.name];
    let verifier = table.verifier(case);

    let million = format!("{token}{}", "A".repeat(1 << 20));
    let too_long = verifier.verify_access_token(&million).await;

    // Nobody listens on port 1.
    let nowhere = builder("http://127.0.0.1:1/oauth2/default").audience("api://default");
    let no_keys = nowhere.build().unwrap().verify_access_token(token).await;

    let bare = builder(&table.recipes.issuer).build().unwrap();
    let no_audience = bare.verify_access_token(token).await;
    let no_client = bare.verify_logout_token(token).await;

    let org = builder("https://acme.okta.com").audience("https://acme.okta.com");
    let org_server = org.build().unwrap().verify_access_token(token).await;

    let errors = [
        ("TooLong", too_long.map(drop)),
        ("Keys", no_keys.map(drop)),
        ("NotSetUp", no_audience.map(drop)),
        ("NotSetUp", no_client.map(drop)),
        ("OrgServerToken", org_server.map(drop)),
    ];
    let check = |(name, result): (&str, Result<(), VerifyError>)| {
        let error = result.unwrap_err();
        assert_eq!(variant(&error), name);
        assert!(!shows(&error, token), "{error:?}");
        error
    };
    errors.into_iter().map(check).collect()
}

/// A token that ends in none of the errors before, made here.
fn signed(key: &SigningKey, typ: &str, claims: &Value) -> String {
    let header = json!({"alg": "RS256", "kid": "k", "typ": typ}).to_string();
    let [header, claims] = [header, claims.to_string()].map(|part| URL_SAFE_NO_PAD.encode(part));
    let signed = format!("{header}.{claims}");
    let signature = URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).unwrap());
    format!("{signed}.{signature}")
}

/// Errors of tokens that are good once, of device secrets and of security events.
async fn errors_of_own_tokens() -> Vec<VerifyError> {
    const NOW: u64 = 1_800_000_000;
    let key = SigningKey::generate(Algorithm::Rs256).unwrap();
    let key = key.with_key_id("k");
    let (issuer, clock) = ("https://acme.okta.com/oauth2/default", at(NOW));
    let settings = || {
        builder(issuer)
            .client_id("c")
            .audience("a")
            .clock(Clock::fixed(clock))
            .keys(JwkSet::new(vec![key.public_jwk()]))
    };
    let token = |typ, more: Value| {
        let mut claims = json!({
            "iss": issuer, "aud": "c", "sub": "u", "jti": "j", "iat": NOW, "exp": NOW + 9999,
        });
        let members = claims.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        signed(&key, typ, &claims)
    };
    let verifier = settings().build().unwrap();
    let checks = IdTokenChecks::new().device_secret(&"secret".into());
    let other_device = token("JWT", json!({"ds_hash": "another"}));
    let from_tomorrow = token("JWT", json!({"auth_time": NOW + 86_400}));
    let event = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
    let logout = token("logout+jwt", json!({"events": event}));
    let old = token("logout+jwt", json!({"events": event, "iat": NOW - 9999}));
    verifier.verify_logout_token(&logout).await.unwrap();
    let full = MemoryReplayCache::new(0);
    let full = settings().replay_cache(full).build().unwrap();
    let nothing = token("secevent+jwt", json!({"events": {}}));
    let errors = [
        verifier
            .verify_id_token(&other_device, &checks)
            .await
            .map(drop),
        verifier
            .verify_id_token(&from_tomorrow, &checks)
            .await
            .map(drop),
        verifier.verify_logout_token(&logout).await.map(drop),
        verifier.verify_logout_token(&old).await.map(drop),
        full.verify_logout_token(&logout).await.map(drop),
        verifier
            .verify_security_event::<Value>(&nothing)
            .await
            .map(drop),
    ];
    errors.into_iter().map(Result::unwrap_err).collect()
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Errors of tokens that are bound to a key, and of weak logins.
async fn errors_of_bound_tokens() -> [VerifyError; 7] {
    let with = |checks| made::builder().dpop(checks).build().unwrap();
    let nonces = with(DpopChecks::new().nonces(DpopNonces::new().unwrap()));
    let full = with(DpopChecks::new().replay_cache(MemoryReplayCache::new(0)));
    let verifier = made::verifier();

    let plain = made::sign(&made::RSA, &made::access_claims());
    let bound = proofs::bound_to(&proofs::CLIENT_KEY);
    let proof = proofs::made(&bound).text();
    let cnf = serde_json::json!({"x5t#S256": "hash"});
    let certified = made::with(made::access_claims(), "cnf", cnf);
    let certified = made::sign(&made::RSA, &certified);
    let claims = verifier.verify_access_token(&plain).await.unwrap();
    let certificate = verifier.verify_with_certificate(&certified, b"another");
    [
        verifier.verify_access_token(&bound).await.map(drop),
        certificate.await.map(drop),
        proofs::check(&verifier, &plain, &proof).await.map(drop),
        proofs::check(&verifier, &bound, "garbage").await.map(drop),
        proofs::check(&nonces, &bound, &proof).await.map(drop),
        proofs::check(&full, &bound, &proof).await.map(drop),
        claims.require_acr(["phr"]),
    ]
    .map(Result::unwrap_err)
}

#[tokio::test]
async fn every_variant_of_the_error_has_a_token_that_ends_in_it() {
    let table = Table::read();
    let mut errors = errors_without_a_recipe(&table).await;
    errors.extend(errors_of_own_tokens().await);
    errors.extend(errors_of_bound_tokens().await);
    let mut covered: BTreeSet<String> = errors.iter().map(variant).collect();
    let expected = table.recipes.cases.iter().map(|case| case.expect.clone());
    covered.extend(expected.filter(|name| name != "ok"));

    let body = VERIFY_ERROR.split("pub enum VerifyError {").nth(1).unwrap();
    let variants: BTreeSet<String> = body
        .split("\n}")
        .next()
        .unwrap()
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| line.split(|c: char| !c.is_alphanumeric()).next().unwrap())
        .map(str::to_owned)
        .collect();
    assert!(variants.len() > 30, "{variants:?}");
    assert_eq!(covered, variants);
}
