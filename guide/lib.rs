//! The guide in `src/`, as tests: every Rust sample is compiled, and all that need no account and no
//! browser are run against an emulated org or a script.
//!
//! `cargo test -p okta-guide` runs them. [`with_org`] and its siblings, and [`offline`], are what the
//! hidden lines of the samples call.

mod visitor;

use std::error::Error;

use okta_emulator::{Emulator, Seed};
use okta_sdk::Client;
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use tokio::runtime::{Builder, Runtime};

pub use self::visitor::{Page, Visitor};

/// How a sample ends.
pub type Outcome = Result<(), Box<dyn Error>>;

/// Runs a sample against an emulated org with the people, groups and applications of its default
/// seed.
///
/// # Panics
/// If the sample fails, so that its test does.
pub fn with_org(sample: impl AsyncFnOnce(Client, Emulator) -> Outcome) {
    with_users(0, sample);
}

/// As [`with_org`], with `count` more users whose logins are `user1@example.com` and so on.
///
/// # Panics
/// If the sample fails, so that its test does.
pub fn with_users(count: u32, sample: impl AsyncFnOnce(Client, Emulator) -> Outcome) {
    with_seed(Seed::default().with_generated_users(count), sample);
}

/// As [`with_org`], with what `seed` says.
///
/// # Panics
/// If the sample fails, so that its test does.
pub fn with_seed(seed: Seed, sample: impl AsyncFnOnce(Client, Emulator) -> Outcome) {
    run(Builder::new_current_thread().enable_all(), async || {
        let emulator = Emulator::builder().seed(seed).start().await?;
        let okta = Client::builder()
            .org_url(emulator.org_url())
            .api_token(emulator.token())
            .build()?;
        sample(okta, emulator).await
    });
}

/// Runs a sample that uses no network. Its clock is paused: a wait takes no time.
///
/// # Panics
/// If the sample fails, so that its test does.
pub fn offline(sample: impl AsyncFnOnce() -> Outcome) {
    run(
        Builder::new_current_thread()
            .enable_time()
            .start_paused(true),
        sample,
    );
}

#[allow(clippy::panic)] // this is how a test fails
fn run(runtime: &mut Builder, sample: impl AsyncFnOnce() -> Outcome) {
    let run = |runtime: Runtime| runtime.block_on(sample());
    if let Err(error) = runtime.build().map_err(Into::into).and_then(run) {
        panic!("the sample failed: {error}");
    }
}

/// Opens a page as a browser would that does not follow redirects, and gives the address that it is
/// sent to.
///
/// # Errors
/// If the page cannot be read or sends nobody anywhere.
pub async fn redirect_of(url: &str) -> Result<String, Box<dyn Error>> {
    let browser = reqwest::Client::builder()
        .redirect(Policy::none())
        .build()?;
    let answer = browser.get(url).send().await?;
    let address = answer.headers().get(LOCATION).ok_or("no redirect")?;
    Ok(address.to_str()?.to_owned())
}

/// Makes each chapter the documentation of a struct, whose samples rustdoc tests.
macro_rules! chapters {
    ($($name:ident = $file:literal,)+) => {
        $(
            #[cfg(doctest)]
            #[doc = include_str!(concat!("src/", $file))]
            pub struct $name;
        )+

        #[cfg(test)]
        const CHAPTERS: &[&str] = &[$($file),+];
    };
}

chapters! {
    Introduction = "introduction.md",
    GettingStarted = "getting-started.md",
    Credentials = "credentials.md",
    Configuration = "configuration.md",
    Lists = "lists.md",
    Errors = "errors.md",
    RateLimits = "rate-limits.md",
    Models = "models.md",
    Users = "recipes/users.md",
    Groups = "recipes/groups.md",
    Apps = "recipes/apps.md",
    Admins = "recipes/admins.md",
    Security = "recipes/security.md",
    SystemLog = "recipes/system-log.md",
    Org = "recipes/org.md",
    Provisioning = "provisioning.md",
    Fleets = "fleets.md",
    WebLogin = "web-login.md",
    ProtectAnApi = "protect-an-api.md",
    Hooks = "hooks.md",
    LoggingIn = "logging-in.md",
    VerifyingTokens = "verifying-tokens.md",
    Testing = "testing.md",
    TestingAnyLanguage = "testing-any-language.md",
    Regenerating = "regenerating.md",
    Python = "coming/python.md",
    Go = "coming/go.md",
    Node = "coming/node.md",
    Java = "coming/java.md",
    DotNet = "coming/dotnet.md",
    OidcMiddleware = "coming/oidc-middleware.md",
    Spring = "coming/spring.md",
    Flask = "coming/flask.md",
    OktaCrate = "coming/okta-crate.md",
    OktaJwtVerifier = "coming/okta-jwt-verifier.md",
    Cost = "cost.md",
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use okta_sdk::Config;

    use super::CHAPTERS;

    fn source() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
    }

    /// The pages that a page links to: paths below `src/`, and headings where a link has one.
    fn links(page: &str) -> BTreeSet<(String, Option<String>)> {
        let text = fs::read_to_string(source().join(page)).unwrap();
        let folder = Path::new(page).parent().unwrap();
        text.split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .filter(|target| !target.contains("://"))
            .map(|target| {
                let (file, heading) = match target.split_once('#') {
                    Some((file, heading)) => (file, Some(heading.to_owned())),
                    None => (target, None),
                };
                let path = match file.strip_prefix("../") {
                    Some(above) => above.to_owned(),
                    None => folder.join(file).to_str().unwrap().to_owned(),
                };
                (path, heading)
            })
            .collect()
    }

    /// The headings of a page, as mdBook writes them into links.
    fn headings(page: &str) -> BTreeSet<String> {
        let text = fs::read_to_string(source().join(page)).unwrap();
        text.lines()
            .filter_map(|line| line.strip_prefix("## "))
            .map(|heading| {
                let words = heading.to_lowercase().replace(' ', "-");
                words
                    .chars()
                    .filter(|letter| letter.is_alphanumeric() || "-_".contains(*letter))
                    .collect()
            })
            .collect()
    }

    #[test]
    fn every_file_is_a_tested_chapter_of_the_summary() {
        let mut files = BTreeSet::new();
        for folder in ["", "recipes/", "coming/"] {
            for entry in fs::read_dir(source().join(folder)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                if name.ends_with(".md") && name != "SUMMARY.md" {
                    files.insert(format!("{folder}{name}"));
                }
            }
        }
        let tested: BTreeSet<_> = CHAPTERS.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(tested, files);
        let listed: BTreeSet<_> = links("SUMMARY.md").into_iter().map(|link| link.0).collect();
        assert_eq!(listed, files);
    }

    #[test]
    fn links_between_chapters_lead_somewhere() {
        for chapter in CHAPTERS {
            for (mut page, heading) in links(chapter) {
                if page.is_empty() {
                    page = (*chapter).to_owned();
                }
                // Plots and figures.
                if !page.ends_with(".md") {
                    assert!(source().join(&page).is_file(), "{chapter} shows {page}");
                    continue;
                }
                assert!(
                    CHAPTERS.contains(&page.as_str()),
                    "{chapter} links to {page}"
                );
                let known = headings(&page);
                assert!(
                    heading.iter().all(|heading| known.contains(heading)),
                    "{chapter} links to {page}, which has no heading {heading:?}"
                );
            }
        }
    }

    #[test]
    fn what_a_chapter_includes_is_there() {
        let mut included = 0;
        for chapter in CHAPTERS {
            let text = fs::read_to_string(source().join(chapter)).unwrap();
            let folder = source().join(chapter).parent().unwrap().to_owned();
            for rest in text.split("{{#include ").skip(1) {
                let file = rest.split("}}").next().unwrap();
                assert!(folder.join(file).is_file(), "{chapter} includes {file}");
                included += 1;
            }
        }
        assert!(included > 0);
    }

    #[test]
    fn the_attacks_on_logins_are_tests() {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/tests");
        let mut code = String::new();
        for folder in ["redis", "web"] {
            for file in fs::read_dir(tests.join(folder)).unwrap() {
                code += &fs::read_to_string(file.unwrap().path()).unwrap();
            }
        }
        let chapter = fs::read_to_string(source().join("web-login.md")).unwrap();
        let (_, table) = chapter.split_once("| without it | ").unwrap();
        let rows = table.lines().skip(2).take_while(|row| row.starts_with('|'));
        let mut named = 0;
        for row in rows {
            let cell = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap();
            for name in cell.split('`').skip(1).step_by(2) {
                assert!(
                    code.contains(&format!("async fn {name}()")),
                    "no test {name}"
                );
                named += 1;
            }
        }
        assert!(named >= 20, "{named}");
    }

    #[test]
    fn the_chapter_on_configuration_has_every_setting() {
        let chapter = fs::read_to_string(source().join("configuration.md")).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, "okta: {client: {}}").unwrap();
        let settings = Config::from_file(file.path()).unwrap();
        let settings = settings.explain().to_string();
        let keys = settings.lines().filter_map(|line| line.split(' ').next());
        for key in keys {
            let key = key.strip_prefix("okta.").unwrap();
            assert!(chapter.contains(&format!("`{key}`")), "no word about {key}");
        }
    }
}
