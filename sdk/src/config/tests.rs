#![allow(clippy::unwrap_used)]
use std::fs;

use tempfile::TempDir;

use super::*;

const ORG: (&str, &str) = ("OKTA_CLIENT_ORGURL", "https://env.okta.com");

/// A home and a current directory, and the variables of an environment.
pub(super) struct World(pub(super) TempDir);

impl World {
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    pub(super) fn load(&self, variables: &[(&str, &str)]) -> Result<Config, Error> {
        let files = [
            ("home/.okta/okta.yaml", Place::Own),
            ("here/okta.yaml", Place::CurrentDirectory),
            ("here/.okta.yaml", Place::CurrentDirectory),
        ];
        let variables = variables
            .iter()
            .map(|(name, value)| (name.into(), value.into()));
        let files = files.map(|(name, place)| (self.0.path().join(name), place));
        Config::from_sources(&files, variables)
    }
}

fn from_variables(variables: &[(&str, &str)]) -> Result<Config, Error> {
    World::new(&[]).load(variables)
}

fn from_yaml(client: &str) -> Result<Config, Error> {
    World::new(&[(
        "here/okta.yaml",
        &format!("okta:\n  client: {{{client}}}\n"),
    )])
    .load(&[])
}

fn org(name: &str) -> String {
    format!("okta: {{client: {{orgUrl: 'https://{name}.okta.com', token: {name}}}}}")
}

#[test]
fn later_sources_win() {
    let files = ["home/.okta/okta.yaml", "here/okta.yaml", "here/.okta.yaml"];
    let texts = [org("home"), org("here"), org("hidden")];
    let token = ("OKTA_CLIENT_TOKEN", "env");
    for (present, variables, winner) in [
        (&[0][..], &[][..], "home"),
        (&[0, 1], &[], "here"),
        (&[0, 1, 2], &[], "hidden"),
        (&[0, 1, 2], &[ORG, token], "env"),
        (&[], &[ORG], "env"),
    ] {
        let files: Vec<_> = present
            .iter()
            .map(|&n: &usize| (files[n], &*texts[n]))
            .collect();
        let config = World::new(&files).load(variables).unwrap();
        let url = format!("https://{winner}.okta.com");
        assert_eq!(config.org_url().unwrap().as_str(), url);
    }
}

#[test]
fn sources_are_merged_setting_by_setting() {
    let home = "okta: {client: {token: 00home, rateLimit: {maxRetries: 5}}}";
    let here = "okta: {client: {orgUrl: 'https://here.okta.com', rateLimit: {maxBackoff: 7}}}";
    let world = World::new(&[("home/.okta/okta.yaml", home), ("here/okta.yaml", here)]);
    let config = world
        .load(&[
            ("OKTA_CLIENT_RATE_LIMIT_MAX_RETRIES", "9"),
            ("OKTA_CLIENT_TRUSTCURRENTDIRECTORY", "1"),
        ])
        .unwrap();
    assert_eq!(config.token().unwrap().expose(), "00home");
    assert_eq!(config.org_url().unwrap().as_str(), "https://here.okta.com");
    assert_eq!(config.max_retries(), Some(9));
    assert_eq!(config.max_backoff(), Some(Duration::from_secs(7)));
}

#[test]
fn nothing_set_is_all_defaults() {
    let config = from_variables(&[("OKTA_CLIENT_TOKEN", " "), ("PATH", "/bin")]).unwrap();
    assert!(config.org_url().is_none() && config.credentials().unwrap().is_none());
    assert_eq!(config.authorization_mode(), AuthorizationMode::Ssws);
    assert!(!config.disable_https_check());
}

#[test]
fn every_setting_is_read_from_a_file() {
    let config = from_yaml(
        "orgUrl: 'https://acme.okta.com/', authorizationMode: privatekey, clientId: 0oa1,
         scopes: [okta.users.read, okta.groups.read], privateKey: PEM, privateKeyId: kid1,
         connectionTimeout: 2.5, requestTimeout: 0, userAgent: my-app/1, unknown: 1,
         maxResponseBytes: 1000, compression: false, rateLimit: {maxRetries: 0, share: 0.5, orgLimit: 300},
         proxy: {host: proxy.example.com, port: 3128, username: joe, password: pw}",
    )
    .unwrap();
    assert_eq!(config.authorization_mode(), AuthorizationMode::PrivateKey);
    assert_eq!(config.client_id(), Some("0oa1"));
    assert_eq!(config.scopes(), ["okta.users.read", "okta.groups.read"]);
    assert_eq!(config.private_key().unwrap().expose(), "PEM");
    assert_eq!(config.private_key_id(), Some("kid1"));
    assert_eq!(
        config.connection_timeout(),
        Some(Duration::from_millis(2500))
    );
    assert_eq!(config.request_timeout(), None);
    assert_eq!(config.user_agent_extra(), Some("my-app/1"));
    assert_eq!(
        (config.max_retries(), config.rate_limit_share()),
        (Some(0), Some(0.5))
    );
    assert_eq!(config.org_limit(), Some(300));
    assert_eq!(
        (config.max_response_bytes(), config.compression()),
        (Some(1000), Some(false))
    );
    assert!(format!("{:?}", config.proxy().unwrap()).contains("proxy.example.com:3128"));
}

#[test]
fn every_setting_is_read_from_the_environment() {
    let config = from_variables(&[
        ORG,
        ("OKTA_CLIENT_AUTHORIZATIONMODE", "Bearer"),
        ("OKTA_CLIENT_TOKEN", "ey.J"),
        ("OKTA_CLIENT_CLIENTID", "0oa1"),
        ("OKTA_CLIENT_SCOPES", "a.read, b.read c.read"),
        ("OKTA_CLIENT_KEYID", "kid1"),
        ("OKTA_CLIENT_CONNECTIONTIMEOUT", "30"),
        ("OKTA_CLIENT_REQUEST_TIMEOUT", "60"),
        ("OKTA_CLIENT_RATELIMIT_MAXRETRIES", "4"),
        ("OKTA_CLIENT_PROXY_HOST", "https://proxy.example.com"),
        ("OKTA_CLIENT_PROXY_PORT", "3128"),
        ("OKTA_TESTING_DISABLE_HTTPS_CHECK", "true"),
    ])
    .unwrap();
    assert_eq!(config.scopes(), ["a.read", "b.read", "c.read"]);
    assert_eq!(config.private_key_id(), Some("kid1"));
    assert_eq!(config.connection_timeout(), Some(Duration::from_secs(30)));
    assert_eq!(config.request_timeout(), Some(Duration::from_secs(60)));
    assert_eq!(config.max_retries(), Some(4));
    assert!(config.disable_https_check());
    assert!(config.credentials().unwrap().is_some());
    assert!(format!("{:?}", config.proxy().unwrap()).contains("https://proxy.example.com:3128"));
}

#[test]
fn http_needs_the_testing_switch() {
    let org = ("OKTA_CLIENT_ORGURL", "http://emulator.test:8080");
    assert!(
        from_variables(&[org])
            .unwrap_err()
            .to_string()
            .contains("unencrypted")
    );
    for name in [
        "OKTA_TESTING_DISABLE_HTTPS_CHECK",
        "OKTA_TESTING_TESTINGDISABLEHTTPSCHECK",
    ] {
        let config = from_variables(&[org, (name, "TRUE")]).unwrap();
        assert_eq!(
            config.org_url().unwrap().as_str(),
            "http://emulator.test:8080"
        );
    }
}

#[test]
fn a_bad_variable_is_named_with_what_to_write() {
    for (name, value, advice) in [
        (
            "OKTA_CLIENT_ORGURL",
            "acme.okta.com",
            "write https://acme.okta.com",
        ),
        (
            "OKTA_CLIENT_ORGURL",
            "https://{yourOktaDomain}",
            "placeholder",
        ),
        (
            "OKTA_CLIENT_ORGURL",
            "https://acme-admin.okta.com",
            "without `-admin`",
        ),
        (
            "OKTA_CLIENT_AUTHORIZATIONMODE",
            "leak",
            "write SSWS, Bearer or PrivateKey",
        ),
        ("OKTA_CLIENT_CLIENTID", "{clientId}", "placeholder"),
        ("OKTA_CLIENT_TOKEN", "{apiToken}", "placeholder"),
        ("OKTA_CLIENT_CONNECTIONTIMEOUT", "-1", "number of seconds"),
        ("OKTA_CLIENT_REQUESTTIMEOUT", "leak", "number of seconds"),
        ("OKTA_CLIENT_REQUESTTIMEOUT", "1e300", "number of seconds"),
        ("OKTA_CLIENT_RATE_LIMIT_MAX_RETRIES", "two", "whole number"),
        ("OKTA_CLIENT_RATELIMIT_SHARE", "2", "above 0"),
        ("OKTA_CLIENT_RATELIMIT_ORGLIMIT", "0", "positive number"),
        ("OKTA_CLIENT_PROXY_PORT", "3128", "set proxy.host too"),
        (
            "OKTA_TESTING_DISABLE_HTTPS_CHECK",
            "perhaps",
            "true or false",
        ),
    ] {
        let error = from_variables(&[(name, value)]).unwrap_err();
        let text = error.to_string();
        assert!(error.is_configuration());
        assert!(
            text.starts_with(&format!("environment variable {name}: ")),
            "{text}"
        );
        assert!(text.contains(advice) && !text.contains("leak"), "{text}");
    }
}

#[test]
fn a_bad_value_of_a_file_is_named_with_its_key() {
    for (client, key, advice) in [
        (
            "orgUrl: acme.okta.com",
            "okta.client.orgUrl",
            "write https://acme.okta.com",
        ),
        ("token: {apiToken}", "okta.client.token", "placeholder"),
        ("token: 12345", "okta.client.token", "in quotes"),
        ("token: [a]", "okta.client.token", "single value"),
        (
            "rateLimit: {maxRetries: -1}",
            "okta.client.rateLimit.maxRetries",
            "whole number",
        ),
        (
            "maxResponseBytes: 0",
            "okta.client.maxResponseBytes",
            "67108864",
        ),
        (
            "proxy: {host: p, port: 70000}",
            "okta.client.proxy.port",
            "1 to 65535",
        ),
        (
            "proxy: {host: p, username: joe}",
            "okta.client.proxy.username",
            "proxy.password",
        ),
        (
            "proxy: {host: p, password: leak}",
            "okta.client.proxy.password",
            "proxy.username",
        ),
        (
            "proxy: {host: 'ftp://p'}",
            "okta.client.proxy.host",
            "http://proxy.example.com",
        ),
    ] {
        let text = from_yaml(client).unwrap_err().to_string();
        assert!(text.starts_with(&format!("{key} in ")), "{text}");
        assert!(text.contains("here/okta.yaml: "), "{text}");
        assert!(text.contains(advice) && !text.contains("leak"), "{text}");
    }
}

#[test]
fn a_bad_value_that_is_overridden_does_no_harm() {
    let world = World::new(&[("home/.okta/okta.yaml", "okta: {client: {orgUrl: nonsense}}")]);
    assert!(world.load(&[]).is_err());
    assert!(world.load(&[ORG]).is_ok());
}

#[test]
fn two_spellings_in_one_source_must_agree() {
    let one = ("OKTA_CLIENT_RATELIMIT_MAXRETRIES", "1");
    let text = from_variables(&[one, ("OKTA_CLIENT_RATE_LIMIT_MAX_RETRIES", "2")])
        .unwrap_err()
        .to_string();
    assert!(
        text.contains(one.0) && text.contains("OKTA_CLIENT_RATE_LIMIT_MAX_RETRIES"),
        "{text}"
    );
    let config = from_variables(&[one, ("OKTA_CLIENT_RATE_LIMIT_MAX_RETRIES", "1")]).unwrap();
    assert_eq!(config.max_retries(), Some(1));
}

#[test]
fn credentials_that_cannot_be_made_say_why() {
    let mode = ("OKTA_CLIENT_AUTHORIZATIONMODE", "PrivateKey");
    let key = ("OKTA_CLIENT_PRIVATEKEY", "-----BEGIN leak");
    let (id, scopes) = (
        ("OKTA_CLIENT_CLIENTID", "0oa1"),
        ("OKTA_CLIENT_SCOPES", "a"),
    );
    for (variables, advice) in [
        (&[mode][..], "needs clientId, scopes, privateKey"),
        (&[mode, key, id], "needs scopes"),
        (
            &[ORG, mode, key, id, scopes],
            "the private key cannot be used",
        ),
        (&[key], "set authorizationMode"),
        (&[("OKTA_CLIENT_TOKEN", "leak me")], "OKTA_CLIENT_TOKEN"),
    ] {
        let error = from_variables(variables)
            .unwrap()
            .credentials()
            .unwrap_err();
        let text = error.to_string();
        assert!(error.is_configuration() && text.contains(advice), "{text}");
        assert!(
            text.starts_with("environment variable ") && !text.contains("leak"),
            "{text}"
        );
    }
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let broken = World::new(&[("here/okta.yaml", "okta:\n  client: {token: leak\n")]);
    let text = broken.load(&[]).unwrap_err().to_string();
    assert!(
        text.contains("here/okta.yaml is not valid YAML (line "),
        "{text}"
    );
    assert!(!text.contains("leak"));

    let folder = World::new(&[("here/okta.yaml/x", "")]);
    assert!(
        folder
            .load(&[])
            .unwrap_err()
            .to_string()
            .contains("cannot read ")
    );

    for text in [
        "",
        "null",
        "[]",
        "other: {}",
        "okta:",
        "okta: {client: }",
        "okta: 7",
    ] {
        let config = World::new(&[("here/okta.yaml", text)]).load(&[]);
        assert!(config.unwrap().org_url().is_none(), "{text}");
    }
}

#[test]
fn one_file_can_be_read_alone() {
    let world = World::new(&[("tenants/a.yaml", &org("a"))]);
    let config = Config::from_file(world.0.path().join("tenants/a.yaml")).unwrap();
    assert_eq!(config.org_url().unwrap().as_str(), "https://a.okta.com");
    let error = Config::from_file(world.0.path().join("tenants/b.yaml")).unwrap_err();
    assert!(error.to_string().contains("there is no file"), "{error}");
}

#[test]
fn the_explanation_has_each_setting_with_its_source_and_no_secret() {
    let yaml = "okta: {client: {token: leak, scopes: [a, b], cache: {enabled: true},
        proxy: {host: p, port: 1, username: joe, password: leak}}}";
    let world = World::new(&[("here/okta.yaml", yaml)]);
    let variables = [
        ORG,
        ("OKTA_CLIENT_PRIVATEKEY", "leak"),
        ("OKTA_CLIENT_TYPO", "leak"),
        ("OKTA_CLIENT_TRUSTCURRENTDIRECTORY", "1"),
    ];
    let config = world.load(&variables).unwrap();
    let text = config.explain().to_string();
    let has = |key: &str, parts: &[&str]| {
        let line = text.lines().find(|line| line.starts_with(key)).unwrap();
        assert!(parts.iter().all(|part| line.contains(part)), "{line}");
    };
    has(
        "okta.client.orgUrl",
        &["https://env.okta.com", "variable OKTA_CLIENT_ORGURL"],
    );
    has(
        "okta.client.token",
        &["[redacted]", "okta.client.token in ", "here/okta.yaml"],
    );
    has("okta.client.scopes", &["a, b"]);
    has("okta.client.rateLimit.maxRetries", &["2", "default"]);
    has(
        "okta.client.privateKey ",
        &["[redacted]", "OKTA_CLIENT_PRIVATEKEY"],
    );
    has(
        "not used: okta.client.cache.enabled in ",
        &["here/okta.yaml"],
    );
    has("not used: environment variable OKTA_CLIENT_TYPO", &[]);
    assert!(!text.contains("leak") && !format!("{config:?}").contains("leak"));
}

#[test]
fn a_misspelled_name_is_an_error_where_nothing_else_gives_the_setting() {
    for (yaml, variable, told) in [
        (
            "okta: {client: {orgUlr: x}}",
            None,
            "okta.client.orgUlr in ",
        ),
        ("okta: {clinet: {token: x}}", None, "okta.clinet.token in "),
        ("client: {orgUrl: x}", None, "client.orgUrl in "),
        ("orgUrl: x", None, "orgUrl in "),
        (
            "okta: {client: {rateLimit: {maxRetry: 1}}}",
            None,
            "did you mean okta.client.rateLimit.maxRetries?",
        ),
        (
            "",
            Some("OKTA_CLIENT_ORGULR"),
            "did you mean OKTA_CLIENT_ORGURL?",
        ),
    ] {
        let world = World::new(&[("here/okta.yaml", yaml)]);
        let variables: Vec<_> = variable.map(|name| (name, "leak")).into_iter().collect();
        let error = world.load(&variables).unwrap_err();
        let text = error.to_string();
        assert!(error.is_configuration() && text.contains(told), "{text}");
        assert!(
            text.contains("did you mean ") && !text.contains("leak"),
            "{text}"
        );
    }
}

#[test]
fn unknown_names_are_told_and_those_of_other_sdks_are_not() {
    let yaml = "okta: {client: {orgUlr: x, something: x, cache: {enabled: false}}}";
    let world = World::new(&[("here/okta.yaml", yaml)]);
    let variables = [
        ORG,
        ("OKTA_CLIENT_ORGULR", "x"),
        ("OKTA_CLIENT_CACHE_ENABLED", "x"),
    ];
    let config = world.load(&variables).unwrap();
    let unknown: Vec<_> = config
        .unknown()
        .map(|unknown| (unknown.key(), unknown.nearest()))
        .collect();
    assert_eq!(
        unknown,
        [
            ("okta.client.orgUlr", Some("okta.client.orgUrl".to_owned())),
            ("okta.client.something", None),
            ("OKTA_CLIENT_ORGULR", Some("OKTA_CLIENT_ORGURL".to_owned())),
        ]
    );
    let told = config.unknown().next().unwrap().to_string();
    assert!(told.starts_with("okta.client.orgUlr in "), "{told}");
    let explained = config.explain().to_string();
    assert!(
        explained.contains("(did you mean okta.client.orgUrl?)"),
        "{explained}"
    );
    assert!(config.is_configured());
    assert!(
        !from_variables(&[("OKTA_CLIENT_OTHER", "x")])
            .unwrap()
            .is_configured()
    );
}

#[test]
fn each_key_is_known() {
    assert!(Config::keys().any(|key| key == "okta.client.orgUrl"));
    for key in Config::keys() {
        assert!(setting::find(key.strip_prefix("okta.").unwrap()).is_some());
    }
}
