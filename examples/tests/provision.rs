//! `provision` against one emulated org: what it does, that it does it once, and what it says when
//! something fails.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::process::{Output, Stdio};

use okta_emulator::{Emulator, ErrorBody, Fault, FaultRule, Seed};
use okta_sdk::Client;
use support::{Ran, command, name, run};

const PROVISION: &str = env!("CARGO_BIN_EXE_provision");
const PEOPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/people.csv");

async fn empty_org() -> Emulator {
    Emulator::builder()
        .seed(Seed::empty())
        .lax_profiles()
        .start()
        .await
        .unwrap()
}

fn client(org: &Emulator) -> Client {
    Client::builder()
        .org_url(org.org_url())
        .api_token(org.token())
        .build()
        .unwrap()
}

/// The numbers of the report, by kind: created, updated, kept, failed or skipped.
fn counts(ran: &Ran) -> BTreeMap<String, [usize; 4]> {
    let rows = ran.stdout.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let kind = words.next()?.to_owned();
        let numbers: Result<Vec<usize>, _> = words.map(str::parse).collect();
        let [wanted, created, updated, removed, kept, failed, skipped] =
            numbers.ok()?.try_into().ok()?;
        let told = created + updated + removed + kept + failed + skipped;
        assert_eq!(wanted, told, "{line}");
        Some((kind, [created, updated, kept, failed + skipped]))
    });
    rows.collect()
}

/// How many there should be of each kind, counted in the file.
fn expected() -> BTreeMap<String, usize> {
    let mut reader = csv::Reader::from_path(PEOPLE).unwrap();
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    let all = |column: &str| -> Vec<&str> {
        let cells = rows.iter().flat_map(|row| row[column].split(';'));
        cells.filter(|cell| !cell.is_empty()).collect()
    };
    let (groups, apps, roles) = (all("groups"), all("apps"), all("roles"));
    let different = |names: &[&str]| names.iter().collect::<BTreeSet<_>>().len();
    [
        ("groups", different(&groups)),
        ("applications", different(&apps)),
        ("people", rows.len()),
        ("memberships", groups.len()),
        ("assignments", apps.len()),
        ("roles", roles.len()),
    ]
    .map(|(kind, count)| (kind.to_owned(), count))
    .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_run_does_everything_and_a_second_nothing() {
    let org = empty_org().await;
    let expected = expected();

    let first = run(PROVISION, &[], Some(&org)).await;
    assert!(first.succeeded, "{first:?}");
    let created = expected
        .iter()
        .map(|(kind, count)| (kind.clone(), [*count, 0, 0, 0]))
        .collect();
    assert_eq!(counts(&first), created, "{}", first.stdout);
    check(&org, &expected).await;

    org.clear_requests();
    let second = run(PROVISION, &[], Some(&org)).await;
    assert!(second.succeeded, "{second:?}");
    let kept = expected
        .iter()
        .map(|(kind, count)| (kind.clone(), [0, 0, *count, 0]))
        .collect();
    assert_eq!(counts(&second), kept, "{}", second.stdout);
    let changes: Vec<_> = org
        .requests()
        .into_iter()
        .filter(|r| r.method != "GET")
        .collect();
    assert!(changes.is_empty(), "{changes:?}");
    check(&org, &expected).await;
}

/// Looks for everything in the org itself.
async fn check(org: &Emulator, expected: &BTreeMap<String, usize>) {
    let (okta, stats) = (client(org), org.stats());
    // Beside them are the super administrator and Everyone.
    assert_eq!(stats.users, expected["people"] + 1);
    assert_eq!(stats.groups, expected["groups"] + 1);
    assert_eq!(stats.apps, expected["applications"]);

    let groups: Vec<_> = okta.groups().list().stream().try_collect().await.unwrap();
    let mut memberships = 0;
    for group in groups
        .iter()
        .filter(|g| g.type_.as_ref().unwrap().as_str() == "OKTA_GROUP")
    {
        let members = okta.groups().list_users(&group.id).stream();
        memberships += members.try_collect::<Vec<_>>().await.unwrap().len();
    }
    assert_eq!(memberships, expected["memberships"]);

    let apps: Vec<_> = okta
        .applications()
        .list()
        .stream()
        .try_collect()
        .await
        .unwrap();
    let mut assignments = 0;
    for app in &apps {
        let users = okta.application_users().list(app.id()).stream();
        assignments += users.try_collect::<Vec<_>>().await.unwrap().len();
    }
    assert_eq!(assignments, expected["assignments"]);

    let priya = okta.users().get("priya.dangelo@example.com").await.unwrap();
    let profile = priya.profile.unwrap();
    assert_eq!(profile.department.as_deref(), Some("Security"));
    assert_eq!(profile.last_name.as_deref(), Some("D'Angelo"));
    assert_eq!(profile.get_custom("badgeNumber").unwrap(), Some(4178));
    let roles = okta.roles().list_assigned_for_user(&priya.id).stream();
    let roles: Vec<_> = roles.try_collect().await.unwrap();
    assert_eq!(roles.len(), 1);
    assert_eq!(roles[0].type_().unwrap().as_str(), "READ_ONLY_ADMIN");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_prints_the_plan_and_changes_nothing() {
    let org = empty_org().await;
    let ran = run(PROVISION, &["--dry-run"], Some(&org)).await;
    assert!(ran.succeeded, "{ran:?}");
    assert!(
        ran.stdout
            .contains("create the user priya.dangelo@example.com\n"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .contains("add priya.dangelo@example.com to Security\n")
    );
    let total: usize = expected().values().sum();
    let end = format!("{total} to do, 0 as wanted already\n");
    assert!(ran.stdout.ends_with(&end), "{}", ran.stdout);
    assert_eq!(org.stats().users, 1);
    assert!(org.requests().iter().all(|request| request.method == "GET"));
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_reported_and_mended_by_another_run() {
    let org = empty_org().await;
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.csv");
    std::fs::write(
        &people,
        "login,email,firstName,lastName,groups,apps,roles\n\
         ada@x.org,ada@x.org,Ada,Lovelace,Analysts,,\n\
         emmy@x.org,emmy@x.org,Emmy,Noether,,Wiki,APP_ADMIN\n",
    )
    .unwrap();
    let arguments = ["--people", name(&people), "--concurrency", "1"];

    let failing = Fault::ServerError {
        status: 500,
        body: ErrorBody::Html,
    };
    org.faults().inject(
        FaultRule::new(failing)
            .on_method("POST")
            .on_path("/api/v1/groups")
            .always(),
    );
    let first = run(PROVISION, &arguments, Some(&org)).await;
    assert!(!first.succeeded);
    let counted = counts(&first);
    assert_eq!(counted["groups"], [0, 0, 0, 1], "{}", first.stdout);
    assert_eq!(counted["people"], [2, 0, 0, 0]);
    assert_eq!(counted["memberships"], [0, 0, 0, 1]);
    assert_eq!(counted["roles"], [1, 0, 0, 0]);
    assert!(
        first
            .stdout
            .contains("failed to create the group Analysts: "),
        "{}",
        first.stdout
    );
    org.faults().clear();
    let second = run(PROVISION, &arguments, Some(&org)).await;
    assert!(second.succeeded, "{second:?}");
    let counted = counts(&second);
    assert_eq!(counted["groups"], [1, 0, 0, 0], "{}", second.stdout);
    assert_eq!(counted["people"], [0, 0, 2, 0]);
    assert_eq!(counted["memberships"], [1, 0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_differs_is_updated_and_the_rest_of_it_left_alone() {
    let seed = "users: [{ profile: { login: ada@x.org, email: ada@x.org, firstName: Ada, \
                lastName: Byron, title: Countess, badgeNumber: 7 } }]";
    let seed = Seed::from_yaml(seed).unwrap();
    let org = Emulator::builder()
        .seed(seed)
        .lax_profiles()
        .start()
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.csv");
    let csv = "login,email,firstName,lastName,badgeNumber\nada@x.org,ada@x.org,Ada,Lovelace,7\n";
    std::fs::write(&people, csv).unwrap();

    let ran = run(PROVISION, &["--people", name(&people)], Some(&org)).await;
    assert!(ran.succeeded, "{ran:?}");
    assert_eq!(counts(&ran)["people"], [0, 1, 0, 0]);
    let profile = client(&org)
        .users()
        .get("ada@x.org")
        .await
        .unwrap()
        .profile
        .unwrap();
    assert_eq!(profile.last_name.as_deref(), Some("Lovelace"));
    assert_eq!(profile.title.as_deref(), Some("Countess"));
    assert_eq!(profile.get_custom("badgeNumber").unwrap(), Some(7));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_settings_it_uses_an_emulated_org_and_says_so() {
    let ran = run(PROVISION, &[], None).await;
    assert!(ran.succeeded, "{ran:?}");
    assert!(ran.stderr.contains("emulated"), "{}", ran.stderr);
    assert_eq!(counts(&ran)["people"], [200, 0, 0, 0], "{}", ran.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_is_named() {
    let ran = run(PROVISION, &["--people", "nowhere.csv"], None).await;
    assert!(!ran.succeeded);
    assert!(
        ran.stderr.contains("cannot read the people in nowhere.csv"),
        "{}",
        ran.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_saved_reviewed_and_applied_and_the_report_written() {
    let org = empty_org().await;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (people, plan) = (at("people.csv"), at("plan.json"));
    let csv = "login,email,firstName,lastName,groups\nada@x.org,ada@x.org,Ada,Lovelace,Analysts\n";
    std::fs::write(&people, csv).unwrap();
    let arguments = ["plan", "--people", name(&people), "--output", name(&plan)];
    let planned = run(PROVISION, &arguments, Some(&org)).await;
    assert!(
        planned.stdout.contains("+ create the user ada@x.org\n"),
        "{planned:?}"
    );
    assert_eq!(org.stats().users, 1);

    let (json, html) = (at("report.json"), at("report.html"));
    let reports = ["--report", name(&json), "--report", name(&html)];
    let arguments = [&["apply", "--plan", name(&plan)][..], &reports].concat();
    let applied = run(PROVISION, &arguments, Some(&org)).await;
    assert!(applied.succeeded, "{applied:?}");
    assert_eq!(counts(&applied)["memberships"], [1, 0, 0, 0]);
    assert!(
        std::fs::read_to_string(&html)
            .unwrap()
            .contains("Everything is as wanted.")
    );

    let shown = run(PROVISION, &["report", name(&json)], None).await;
    assert_eq!(shown.stdout, applied.stdout);
    let markdown = at("report.md");
    let arguments = ["report", name(&json), "--output", name(&markdown)];
    let written = run(PROVISION, &arguments, None).await;
    assert!(written.succeeded, "{written:?}");
    assert!(
        std::fs::read_to_string(&markdown)
            .unwrap()
            .contains("| people | 1 | 1 |")
    );
    let bad = run(
        PROVISION,
        &["report", name(&json), "--output", "report.pdf"],
        None,
    )
    .await;
    assert!(bad.stderr.contains("end it with .txt"), "{bad:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_bad_rows_are_told_at_once_before_anything_is_asked() {
    let org = empty_org().await;
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.csv");
    let csv = "login,email,firstName,lastName,roles\n\
               ada@x.org,,Ada,Lovelace,\n\
               emmy@x.org,emmy@x.org,Emmy,Noether,KING\n";
    std::fs::write(&people, csv).unwrap();
    let ran = run(PROVISION, &["--people", name(&people)], Some(&org)).await;
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("people.csv:2:"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("people.csv:3:5: KING is no role"),
        "{}",
        ran.stderr
    );
    assert!(org.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guard_rail_stops_it_before_anything_is_done() {
    let seed = Seed::empty().with_generated_users(20);
    let org = Emulator::builder().seed(seed).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let leavers = folder.path().join("leavers.jsonl");
    let lines =
        (1..=20).map(|n| format!("{{\"kind\": \"leaver\", \"login\": \"user{n}@example.com\"}}\n"));
    std::fs::write(&leavers, lines.collect::<String>()).unwrap();
    let arguments = ["--people", name(&leavers)];
    let refused = run(PROVISION, &arguments, Some(&org)).await;
    assert_eq!(refused.code, Some(3), "{refused:?}");
    assert!(refused.stderr.contains("removals of people"), "{refused:?}");
    let changes = org.requests().into_iter().filter(|it| it.method != "GET");
    assert_eq!(changes.count(), 0);

    let wrong = run(
        PROVISION,
        &[&arguments[..], &["--allow", "kings=1"]].concat(),
        None,
    )
    .await;
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    let allowing = [&arguments[..], &["--allow", "people=20"]].concat();
    let allowed = run(PROVISION, &allowing, Some(&org)).await;
    assert!(allowed.succeeded, "{allowed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_killed_is_resumed_from_its_journal() {
    let org = empty_org().await;
    let slow = Fault::Latency(std::time::Duration::from_millis(20));
    org.faults().inject(FaultRule::new(slow).always());
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let mut child = command(
        PROVISION,
        &["apply", "--journal", name(&journal)],
        folder.path(),
    )
    .env("OKTA_CLIENT_ORGURL", org.org_url())
    .env("OKTA_CLIENT_TOKEN", org.token())
    .stdout(Stdio::null())
    .stderr(Stdio::null())
    .spawn()
    .unwrap();
    // In the middle of the people.
    while org.stats().users < 50 {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    org.faults().clear();

    let expected = expected();
    let none = folder.path().join("none");
    let arguments = ["resume", "--journal", name(&none)];
    let nothing = run(PROVISION, &arguments, Some(&org)).await;
    assert!(
        nothing.stdout.contains("nothing that is left"),
        "{nothing:?}"
    );
    let arguments = ["resume", "--journal", name(&journal)];
    let resumed = run(PROVISION, &arguments, Some(&org)).await;
    assert!(resumed.succeeded, "{resumed:?}");
    assert_eq!(counts(&resumed)["people"].iter().sum::<usize>(), 200);
    check(&org, &expected).await;
    let again = run(PROVISION, &arguments, Some(&org)).await;
    assert!(again.stdout.contains("nothing that is left"), "{again:?}");
}

/// Runs it while a reader takes so many lines of standard output, and nothing more. Nobody reads standard
/// error either, unless it is kept.
async fn cut_off(org: &Emulator, arguments: &[&str], lines: usize, keeps_errors: bool) -> Output {
    let home = tempfile::tempdir().unwrap();
    let mut child = command(PROVISION, arguments, home.path())
        .env("OKTA_CLIENT_ORGURL", org.org_url())
        .env("OKTA_CLIENT_TOKEN", org.token())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    if !keeps_errors {
        drop(child.stderr.take());
    }
    let ended = tokio::task::spawn_blocking(move || {
        let mut output = BufReader::with_capacity(1, child.stdout.take().unwrap());
        let mut line = String::new();
        for _ in 0..lines {
            output.read_line(&mut line).unwrap();
        }
        drop(output);
        child.wait_with_output().unwrap()
    });
    ended.await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_is_no_failure_and_stops_no_work() {
    let org = empty_org().await;
    for lines in [0, 1] {
        let ended = cut_off(&org, &["plan"], lines, true).await;
        let stderr = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(0), "{stderr}");
        // Nothing but the line on the org.
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
    assert_eq!(org.stats().users, 1);
    let ended = cut_off(&org, &["apply"], 0, false).await;
    assert_eq!(ended.status.code(), Some(0));
    check(&org, &expected()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_failed_says_so_to_whoever_does_not_read_the_report() {
    let org = empty_org().await;
    let failing = Fault::ServerError {
        status: 500,
        body: ErrorBody::Html,
    };
    org.faults().inject(
        FaultRule::new(failing)
            .on_method("POST")
            .on_path("/api/v1/groups")
            .always(),
    );
    let ended = cut_off(&org, &["apply"], 0, true).await;
    assert_eq!(ended.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_terminal_there_are_plain_lines() {
    let org = empty_org().await;
    let ran = run(PROVISION, &["apply"], Some(&org)).await;
    assert!(ran.succeeded, "{ran:?}");
    for text in [&ran.stdout, &ran.stderr] {
        assert!(!text.contains(['\u{1b}', '\r']), "{text:?}");
    }
    let total: usize = expected().values().sum();
    let end = format!("{total}/{total}, ");
    assert!(ran.stderr.contains(&end), "{}", ran.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_the_file_describes_is_made_so() {
    let org = empty_org().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("apps.yaml");
    let text = "apps: [{ label: Desk }, { label: Wiki }]\n\
        applications:\n  - label: Desk\n    name: bookmark\n    signOnMode: BOOKMARK\n    \
        settings: { app: { url: 'https://desk.example.org/start' } }\n";
    std::fs::write(&file, text).unwrap();
    let ran = run(PROVISION, &["--people", name(&file)], Some(&org)).await;
    assert!(ran.succeeded, "{ran:?}");
    let apps = client(&org).applications().list().all().await.unwrap();
    let apps = serde_json::to_string(&apps).unwrap();
    assert!(apps.contains("https://desk.example.org/start"), "{apps}");
    assert!(apps.contains("https://wiki.example.com"), "{apps}");
}
