//! People and groups that are wanted, and whether an org has them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use okta_emulator::Emulator;
use okta_sdk::Client;

/// How many groups there are.
const GROUPS: usize = 5;

/// A CSV file of so many people, each in two groups.
pub fn people(count: usize) -> String {
    let mut csv = "login,email,firstName,lastName,groups\n".to_owned();
    for number in 0..count {
        let (one, other) = groups(number);
        writeln!(
            csv,
            "user{number}@example.com,user{number}@example.com,First,Last{number},{one};{other}"
        )
        .unwrap();
    }
    csv
}

fn groups(person: usize) -> (String, String) {
    let name = |number: usize| format!("Group {}", number % GROUPS);
    (name(person), name(person + 1))
}

/// Compares an org with the file, member by member.
pub async fn compare(okta: &Client, count: usize) {
    let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for number in 0..count {
        let (one, other) = groups(number);
        for group in [one, other] {
            let login = format!("user{number}@example.com");
            wanted.entry(group).or_default().insert(login);
        }
    }
    let users = okta.users().list().all().await.unwrap();
    let logins = users.into_iter().filter_map(|user| user.profile?.login);
    let mut logins: Vec<String> = logins.filter(|login| login.starts_with("user")).collect();
    logins.sort();
    let mut people: Vec<String> = wanted.values().flatten().cloned().collect();
    people.sort();
    people.dedup();
    assert_eq!(logins, people);

    let groups = okta.groups().list().filter("type eq \"OKTA_GROUP\"");
    let mut found = BTreeMap::new();
    for group in groups.all().await.unwrap() {
        let members = okta.groups().list_users(&group.id).all().await.unwrap();
        let members = members.into_iter().filter_map(|user| user.profile?.login);
        let name = group.profile.unwrap().name.unwrap();
        let before = found.insert(name.clone(), members.collect::<BTreeSet<_>>());
        assert_eq!(before, None, "{name} is there twice");
    }
    assert_eq!(found, wanted);
}

/// Whether no two workers have written at the same time: as requests arrive, the epoch only goes up,
/// and an epoch is of one worker. How many workers have written.
pub fn one_after_the_other(org: &Emulator) -> usize {
    let mut workers: BTreeMap<i64, String> = BTreeMap::new();
    let mut last = 0;
    for request in org.requests() {
        let agent = request
            .headers
            .iter()
            .find(|(name, _)| name == "user-agent");
        let agent = agent.map(|(_, agent)| agent.as_str()).unwrap_or_default();
        let Some((_, fleet)) = agent.split_once("fleet/") else {
            continue;
        };
        if request.method == "GET" {
            continue;
        }
        let (worker, epoch) = fleet.split_once(" epoch/").unwrap();
        let epoch: i64 = epoch.split(' ').next().unwrap().parse().unwrap();
        assert!(
            epoch >= last,
            "epoch {epoch} of {worker} writes after {last}"
        );
        last = epoch;
        let before = workers.insert(epoch, worker.to_owned());
        assert!(before.is_none_or(|before| before == worker));
    }
    workers.len()
}
