#![allow(clippy::unwrap_used, clippy::panic)]

mod forgetting;

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::format::{self, Unusable};
use super::{Opened, open};
use crate::clock::Clock;
use crate::error::Error;
use crate::model::fixture::{self, ACTIVATE, STAGE};
use crate::oauth::memory::once::Once;
use crate::oauth::memory::sessions::Session;
use crate::object::Object;
use crate::org::Org;
use crate::org::group_owners::{Owner, OwnerKind};
use crate::org::log::Log;
use crate::org::roles::Assignee;
use crate::org::samples::Samples;
use crate::org::signing_keys::{Csr, PublicKey, TrustedCertificate, TrustedKey};
use crate::org::store::Item;
use crate::seed::{Seed, Start};
use crate::tracked::part::{Changes, Deed};

/// What is kept, by part and key.
type Entries = BTreeMap<(&'static str, Vec<u8>), Vec<u8>>;

/// Does to entries what the writer does to the database.
fn change(entries: &mut Entries, org: &mut Org) {
    let mut changes = Changes::default();
    org.parts(&mut |name, part| {
        changes.of(name);
        part.collect(&mut changes);
    });
    for change in changes.list {
        match change.deed {
            Deed::Put(value) => drop(entries.insert((change.part, change.key), value)),
            Deed::Remove => drop(entries.remove(&(change.part, change.key))),
            Deed::RemoveAll => entries
                .retain(|(part, key), _| *part != change.part || !key.starts_with(&change.key)),
        }
    }
}

/// All that an org holds.
fn everything(org: &mut Org) -> Entries {
    let mut entries = Entries::new();
    org.parts(&mut |_, part| part.watch(true));
    change(&mut entries, org);
    entries
}

/// An org that is read from entries.
fn restored(entries: &Entries, log_size: usize) -> Org {
    let mut org = fixture::org();
    org.log = Log::of_size(log_size);
    org.empty();
    org.parts(&mut |name, part| {
        for ((_, key), value) in entries.iter().filter(|((part, _), _)| *part == name) {
            part.restore(key, value).unwrap();
        }
        part.watch(false);
    });
    org
}

fn object(value: Value) -> Object {
    value.as_object().unwrap().clone()
}

/// One of many things that happen in an org. What a rule of the org forbids leaves it as it was, or
/// half changed.
fn act(org: &mut Org, deed: u8, one: u64, other: u64) -> Option<()> {
    let name = format!("{one}-{other}");
    match deed {
        0 => drop(org.create_user(&fixture::person(&format!("{name}@x")), ACTIVATE)),
        1 => drop(org.create_user(&fixture::person(&format!("{name}@x")), STAGE)),
        2 => drop(org.create_group(&fixture::group(&name))),
        3 => org.add_member(one, other).ok()?,
        4 => org.remove_member(one, other).ok()?,
        5 => org.delete_user(one).ok()?,
        6 => org.delete_group(one).ok()?,
        7 => drop(org.create_app(&fixture::bookmark(&name), true)),
        8 => org.assign_user_to_app(one, other, &Object::new()).ok()?,
        9 => org.assign_group_to_app(one, other, &Object::new()).ok()?,
        10 => org.unassign_group_from_app(one, other).ok()?,
        11 => {
            org.app_mut(one).ok()?.active = false;
            org.delete_app(one).ok()?;
        }
        12 => {
            let group = org.group(one).ok()?.id.clone();
            let rule = org.create_rule(&object(json!({
                "name": name, "type": "group_rule",
                "conditions": { "expression": {
                    "value": "user.lastName == \"Brock\"", "type": "urn:okta:expression:1.0",
                } },
                "actions": { "assignUserToGroups": { "groupIds": [group] } },
            })));
            org.set_rule_active(rule.ok()?, true).ok()?;
        }
        13 => org.set_rule_active(one, false).ok()?,
        14 => org.delete_rule(one, other == 1).ok()?,
        15 => {
            let role = object(json!({ "type": "HELP_DESK_ADMIN" }));
            org.assign_role(Assignee::User(one), &role).ok()?;
        }
        16 => {
            let key = other.to_string();
            let body = json!({ "id": key, "number": 1.1 });
            org.store
                .insert(&format!("/api/v1/zones/{one}/more"), Item { key, body });
        }
        17 => drop(
            org.store
                .remove(&format!("/api/v1/zones/{one}/more"), &other.to_string()),
        ),
        18 => org.store.remove_below(&format!("/api/v1/zones/{one}")),
        19 => drop(
            org.store
                .singles
                .insert(name, object(json!({ "a": [null, 2] }))),
        ),
        20 => {
            let session = Session::by_password(one, org.now);
            org.oauth
                .sessions
                .keep(format!("102{name}"), session, org.now);
        }
        21 => org.oauth.revoke_user(one),
        22 => org.owners.add(
            one,
            Owner {
                id: other.to_string(),
                kind: OwnerKind::User,
                last_updated: org.now,
            },
        ),
        23 => org.owners.remove(one, &other.to_string()),
        24 => org.linked_objects.link("manager", one, other),
        25 => org.linked_objects.forget_user(one),
        26 => org
            .store
            .collections
            .clear(&format!("/api/v1/zones/{one}/more")),
        27 => {
            let until = Once::until(i64::try_from(other).ok()?);
            org.oauth
                .assertions
                .insert((name, other.to_string()), until);
        }
        28 => drop(org.app_schema(one).ok()?),
        29 => {
            let (id, pair) = (other.to_string(), org.signing.take_pair());
            let (created, der) = (org.now, vec![1, 2]);
            let request = Csr {
                id,
                created,
                pair,
                der,
            };
            org.signing.add_request(&one.to_string(), request);
        }
        30 => drop(
            org.signing
                .remove_request(&one.to_string(), &other.to_string()),
        ),
        31 => org.keep_key(&one.to_string(), &other.to_string(), org.now),
        32 => {
            let kid = org.kid_of_providers();
            org.signing.share(&one.to_string(), &kid);
            org.keep_key(&other.to_string(), &kid, org.now);
        }
        33 => org.forget_signer(&one.to_string()),
        34 => drop(org.signing.trusted.insert(TrustedKey {
            kid: org.ids.uuid(),
            created: org.now,
            last_updated: org.now,
            certificate: TrustedCertificate {
                chain: vec![name],
                der: vec![1],
                expires: org.now,
                key: PublicKey::EllipticCurve,
            },
        })),
        _ => {
            org.user_mut(one).ok()?.roles.clear();
        }
    }
    Some(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_is_written_bit_by_bit_is_all_that_the_org_holds(
        deeds in prop::collection::vec((0..36_u8, 1..6_u64, 1..6_u64), 1..120),
        every in 1..8_usize,
        size in prop_oneof![Just(3_usize), Just(1000)],
    ) {
        let mut org = fixture::org();
        org.log = Log::of_size(size);
        let mut entries = everything(&mut org);
        for (number, (deed, one, other)) in deeds.into_iter().enumerate() {
            act(&mut org, deed, one, other);
            if number % every == 0 {
                change(&mut entries, &mut org);
            }
        }
        change(&mut entries, &mut org);
        let mut again = restored(&entries, size);
        prop_assert_eq!(different(&everything(&mut again), &entries), Vec::new());
        // What follows on the org that was read is what follows on the first.
        act(&mut again, 0, 9, 9);
        change(&mut entries, &mut again);
        act(&mut org, 0, 9, 9);
        prop_assert_eq!(different(&everything(&mut org), &entries), Vec::new());
    }
}

/// The keys of entries that only one side has, or that differ.
fn different(one: &Entries, other: &Entries) -> Vec<(&'static str, Vec<u8>)> {
    let keys = one.keys().chain(other.keys());
    let different = keys.filter(|key| one.get(*key) != other.get(*key));
    different.cloned().collect()
}

/// A directory of this test alone.
fn directory(name: &str) -> PathBuf {
    let name = format!("okta-emulator-{}-{name}", std::process::id());
    let directory = std::env::temp_dir().join(name);
    drop(std::fs::remove_dir_all(&directory));
    directory
}

fn started(org: &mut Org) -> Start {
    let seed = Seed::default();
    Start {
        token: "00token".to_owned(),
        administrator: seed.plant(org).unwrap(),
        seed,
    }
}

fn reason(error: Error) -> String {
    match error {
        Error::Data { reason, .. } => reason,
        other => panic!("{other}"),
    }
}

#[test]
fn an_org_with_samples_and_keys_comes_back() {
    let directory = directory("round");
    let mut org = fixture::org();
    let start = started(&mut org);
    Samples::keyed_service(&mut org).unwrap();
    let opened = Opened::at(&directory).unwrap();
    assert!(opened.start.is_none());
    opened.begin(&directory, &mut org, &start).unwrap();
    drop(opened);

    let opened = Opened::at(&directory).unwrap();
    let read = opened.start.as_ref().unwrap();
    assert_eq!((read.token.as_str(), read.administrator), ("00token", 1));
    assert_eq!(format!("{:?}", read.seed), format!("{:?}", start.seed));
    let mut again = fixture::org();
    let clock = Clock::system();
    opened.read(&directory, &mut again, &clock).unwrap();
    let (all, all_again) = (everything(&mut org), everything(&mut again));
    assert!(all.keys().any(|(part, _)| *part == "keys"));
    assert!(all == all_again, "the orgs differ");
    drop(opened);
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn what_is_no_org_is_refused_with_words() {
    let directory = directory("refused");
    let mut org = fixture::org();
    let start = started(&mut org);
    let opened = Opened::at(&directory).unwrap();
    let in_use = reason(Opened::at(&directory).map(drop).unwrap_err());
    assert!(
        in_use.starts_with("another emulator has it open"),
        "{in_use}"
    );
    opened.begin(&directory, &mut org, &start).unwrap();

    let writing = opened.database.begin_write().unwrap();
    writing
        .open_table(format::ABOUT)
        .unwrap()
        .insert("format", 7)
        .unwrap();
    writing.commit().unwrap();
    drop(opened);
    let other = reason(Opened::at(&directory).map(drop).unwrap_err());
    assert!(
        other.starts_with("it has format 7, and this version reads format 3;"),
        "{other}"
    );

    let path = directory.join(open::FILE);
    for garbage in [
        &b"not a database"[..],
        &[0; 9000],
        b"redb\x1a\x0a\xa9\x0d\x0a and no more",
    ] {
        std::fs::write(&path, garbage).unwrap();
        let refused = reason(Opened::at(&directory).map(drop).unwrap_err());
        assert!(refused.contains("move it away"), "{refused}");
    }
    std::fs::remove_dir_all(&directory).unwrap();
    std::fs::write(&directory, "a file").unwrap();
    let file = reason(Opened::at(&directory).map(drop).unwrap_err());
    assert!(file.contains("choose a directory"), "{file}");
    std::fs::remove_file(directory).unwrap();
}

#[test]
fn a_damaged_file_is_read_as_it_was_or_refused() {
    let directory = directory("damaged");
    let mut org = fixture::org();
    let start = started(&mut org);
    let opened = Opened::at(&directory).unwrap();
    opened.begin(&directory, &mut org, &start).unwrap();
    drop(opened);
    let path = directory.join(open::FILE);
    let whole = std::fs::read(&path).unwrap();
    let all = everything(&mut org);
    let mut refused = 0;
    for number in 0..60 {
        let mut bytes = whole.clone();
        let at = (number * 7919 * 104_729) % bytes.len();
        if number % 3 == 0 {
            bytes.truncate(at);
        } else {
            bytes[at] ^= 0x5a;
        }
        std::fs::write(&path, bytes).unwrap();
        let mut again = fixture::org();
        let clock = Clock::system();
        let read = Opened::at(&directory).and_then(|opened| {
            let is_new = opened.start.is_none();
            opened.read(&directory, &mut again, &clock).map(|()| is_new)
        });
        match read {
            Ok(is_new) => assert!(!is_new && everything(&mut again) == all, "{at}"),
            Err(error) => {
                refused += 1;
                assert!(!reason(error).is_empty());
            }
        }
    }
    assert!(refused >= 10, "{refused}");
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn what_another_program_wrote_is_refused() {
    let directory = directory("foreign");
    std::fs::create_dir_all(&directory).unwrap();
    let database = redb::Database::create(directory.join(open::FILE)).unwrap();
    let writing = database.begin_write().unwrap();
    let table = redb::TableDefinition::<u64, u64>::new("theirs");
    writing.open_table(table).unwrap().insert(1, 2).unwrap();
    writing.commit().unwrap();
    drop(database);
    let refused = reason(Opened::at(&directory).map(drop).unwrap_err());
    assert_eq!(refused, Unusable::Foreign.to_string());
    std::fs::remove_dir_all(directory).unwrap();
}
