//! What people see of it.

use std::process::Stdio;
use std::time::Duration;

use okta_emulator::RateLimits;
use okta_provision::fleet::RunState;
use serde_json::Value;

use crate::check;
use crate::fleet::{Fleet, words};

tests! {
    what_is_submitted_is_carried_out_and_shown,
    what_is_wrong_is_told_before_anything_is_submitted,
    a_waiting_run_can_be_cancelled,
    a_drained_fleet_begins_nothing,
    a_stopped_worker_ends_well_and_leaves_the_rest,
    a_plan_with_objections_is_not_carried_out,
    the_commands_of_the_guide_work,
    the_page_shows_what_is_there_and_escapes_it,
}

const LIMITS: fn() -> RateLimits = || RateLimits::new(6000, 60);

async fn what_is_submitted_is_carried_out_and_shown() {
    let fleet = Fleet::start(2, LIMITS()).await;
    let people = fleet.file("people.csv", &check::people(20));
    let said = fleet.run(&["submit", "--all", &people]);
    assert_eq!(said, "org-0: run 1\norg-1: run 2\n");
    let waiting = fleet.run(&["status"]);
    assert!(
        waiting.contains("org-0") && waiting.contains("waiting"),
        "{waiting}"
    );
    let _worker = fleet.worker("worker", 10);
    fleet.ended().await;
    for number in 0..2 {
        check::compare(&fleet.client(number), 20).await;
    }
    let status = fleet.run(&["status", "org-1"]);
    assert!(status.contains("done"), "{status}");
    assert!(!status.contains("org-0"), "{status}");
    let json: Value = serde_json::from_str(&fleet.run(&["status", "--json"])).unwrap();
    assert_eq!(json[0]["state"], "done");
    assert_eq!(json[0]["progress"]["done"], json[0]["progress"]["steps"]);

    // Nothing is left to do for another.
    let before = fleet.orgs[0].stats().requests;
    fleet.run(&["submit", "--org", "org-0", &people]);
    fleet.ended().await;
    let requests = fleet.orgs[0].requests();
    let later = &requests[usize::try_from(before).unwrap()..];
    assert!(later.iter().all(|request| request.method == "GET"));
}

async fn what_is_wrong_is_told_before_anything_is_submitted() {
    let fleet = Fleet::start(1, LIMITS()).await;
    let bad = fleet.file("people.csv", "login,email\nada,\n");
    let good = fleet.file("good.csv", &check::people(1));
    for (arguments, word) in [
        (vec!["submit", "--all", &bad], "people.csv"),
        (vec!["submit", "--org", "elsewhere", &good], "elsewhere"),
        (vec!["submit", "--all", "/nowhere"], "/nowhere"),
        (vec!["cancel", "7"], "7"),
    ] {
        let output = fleet.program(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(words(&output).contains(word), "{}", words(&output));
    }
    assert!(fleet.database.runs(None).await.unwrap().is_empty());
    let mut without = fleet.program(&["status"]);
    let output = without.env_remove("FLEET_DATABASE_URL").output().unwrap();
    assert!(words(&output).contains("FLEET_DATABASE_URL"));
    let mut wrong = fleet.program(&["status"]);
    let output = wrong
        .env("FLEET_DATABASE_URL", "postgres://u:hunter2@[")
        .output();
    let words = words(&output.unwrap());
    assert!(
        words.contains("postgres://user") && !words.contains("hunter2"),
        "{words}"
    );
}

async fn a_waiting_run_can_be_cancelled() {
    let fleet = Fleet::start(1, LIMITS()).await;
    let people = fleet.file("people.csv", &check::people(5));
    fleet.run(&["submit", "--all", &people]);
    fleet.run(&["cancel", "1"]);
    let _worker = fleet.worker("worker", 10);
    fleet.run(&["submit", "--all", &people]);
    let last = &fleet.ended().await[0];
    assert_eq!((last.run.0, last.state), (2, RunState::Done));
    let all = fleet.database.runs(Some("org-0")).await.unwrap();
    assert_eq!(all[1].state, RunState::Cancelled);
}

async fn a_drained_fleet_begins_nothing() {
    let fleet = Fleet::start(1, LIMITS()).await;
    assert!(fleet.run(&["drain"]).contains("drained"));
    let people = fleet.file("people.csv", &check::people(5));
    let _worker = fleet.worker("worker", 10);
    fleet.run(&["submit", "--all", &people]);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(fleet.orgs[0].stats().requests, 0);
    fleet.run(&["drain", "--undo"]);
    assert_eq!(fleet.ended().await[0].state, RunState::Done);
}

async fn a_stopped_worker_ends_well_and_leaves_the_rest() {
    let fleet = Fleet::start(1, RateLimits::new(50, 2)).await;
    let people = fleet.file("people.csv", &check::people(150));
    fleet.run(&["submit", "--all", &people]);
    let mut first = fleet.worker("first", 30);
    while fleet.orgs[0].stats().requests < 60 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    first.signal("TERM");
    assert!(first.wait().await.success(), "{}", first.log());
    let run = &fleet.database.runs(None).await.unwrap()[0];
    assert_eq!(
        (run.state, run.crashes),
        (RunState::Waiting, 0),
        "{}",
        first.log()
    );
    assert_eq!(run.holder, None);
    let _second = fleet.worker("second", 30);
    assert_eq!(fleet.ended().await[0].state, RunState::Done);
    check::compare(&fleet.client(0), 150).await;
}

async fn a_plan_with_objections_is_not_carried_out() {
    let fleet = Fleet::start(1, LIMITS()).await;
    let people = fleet.file("people.csv", &check::people(60));
    let _worker = fleet.worker("worker", 10);
    fleet.run(&["submit", "--all", &people]);
    fleet.ended().await;
    let mut leavers = "leavers:\n".to_owned();
    for number in 0..30 {
        leavers += &format!("- login: user{number}@example.com\n");
    }
    let leavers = fleet.file("leavers.yaml", &leavers);
    fleet.run(&["submit", "--all", &leavers]);
    let run = &fleet.ended().await[0];
    assert_eq!(run.state, RunState::Failed);
    assert!(
        run.message.as_deref().unwrap().contains("people"),
        "{run:?}"
    );
    check::compare(&fleet.client(0), 60).await;
}

/// The lines of the guide's chapter that call the program, in their order.
fn commands() -> Vec<Vec<&'static str>> {
    let chapter = include_str!("../../../../guide/src/fleets.md");
    let lines = chapter
        .lines()
        .filter_map(|line| line.strip_prefix("fleet "));
    lines.map(|line| line.split(' ').collect()).collect()
}

async fn the_commands_of_the_guide_work() {
    let fleet = Fleet::start(1, LIMITS()).await;
    fleet.file("people.csv", &check::people(3));
    let mut serving = Vec::new();
    let mut seen = 0;
    for mut command in commands() {
        if let Some(address) = command.iter_mut().find(|word| word.contains(":8080")) {
            *address = "127.0.0.1:0";
        }
        let mut program = fleet.program(&command);
        program.current_dir(fleet.folder());
        seen += 1;
        if matches!(command[0], "worker" | "page") {
            serving.push(fleet.keep(program));
            if command[0] == "worker" {
                assert_eq!(fleet.ended().await[0].state, RunState::Done);
            }
            continue;
        }
        let output = program.output().unwrap();
        match command[0] {
            // The run has ended by then.
            "cancel" => assert!(words(&output).contains("has not ended")),
            _ => assert!(output.status.success(), "{command:?}: {}", words(&output)),
        }
    }
    assert!(seen > 5, "the chapter has only {seen} commands");
    for mut process in serving {
        assert!(process.is_running());
    }
}

async fn the_page_shows_what_is_there_and_escapes_it() {
    let fleet = Fleet::start(1, LIMITS()).await;
    fleet
        .database
        .submit("<script>alert(1)</script>", "")
        .await
        .unwrap();
    let people = fleet.file("people.csv", &check::people(3));
    fleet.run(&["submit", "--all", &people]);
    let mut program = fleet.program(&["page", "--listen", "127.0.0.1:0"]);
    program.stdout(Stdio::piped());
    let mut page = fleet.keep(program);
    let url = page.line();
    let read = async |path: &str| {
        let answer = reqwest::get(format!("{url}{path}")).await.unwrap();
        assert!(answer.headers().contains_key("content-security-policy"));
        answer.text().await.unwrap()
    };
    let all = read("/").await;
    assert!(all.contains("org-0") && all.contains("waiting"), "{all}");
    assert!(!all.contains("<script>"), "{all}");
    let one = read("/orgs/org-0").await;
    assert!(one.contains("1 runs") && !one.contains("script"), "{one}");
}
