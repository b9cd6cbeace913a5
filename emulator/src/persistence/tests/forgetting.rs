//! What has expired leaves the memory and the file.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Opened, change, directory, everything, fixture};
use crate::clock::Timestamp;
use crate::oauth::memory::approval::{Approval, Terms};
use crate::oauth::memory::authorization::AuthorizationRequest;
use crate::oauth::memory::backchannel::BackchannelAuthorization;
use crate::oauth::memory::code::Code;
use crate::oauth::memory::decision::{Decision, Request};
use crate::oauth::memory::device::DeviceAuthorization;
use crate::oauth::memory::once::Once;
use crate::oauth::memory::pending::{Errand, Pending};
use crate::oauth::memory::pushed::PushedRequest;
use crate::oauth::memory::sessions::Session;
use crate::oauth::memory::tokens::{AccessToken, Assertion, RefreshToken};
use crate::oauth::words::request::Form;
use crate::oauth::words::response_mode::ResponseMode;
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::org::authentication::Step;
use crate::persistence::format;
use crate::seed::{Seed, Start};
use crate::tracked::part::{Change, Changes, Deed};

/// How many of each kind are forgotten in memory, and in a file, which costs much more.
const IN_MEMORY: u32 = 100_000;
const IN_FILE: u32 = 3_000;

/// The parts that hold what expires.
const PARTS: [&str; 15] = [
    "DPoP proofs",
    "access tokens",
    "assertions",
    "authentications",
    "backchannel requests",
    "client assertions",
    "codes",
    "device authorizations",
    "pushed requests",
    "pushes",
    "refresh tokens",
    "sent codes",
    "session tokens",
    "sessions",
    "waiting requests",
];

fn approval(number: u32) -> Approval {
    Approval {
        server: Server::Org,
        client_id: "client".to_owned(),
        user: Some(1),
        scopes: Vec::new(),
        authenticated: 0,
        second: None,
        nonce: None,
        acr: None,
        family: number.to_string(),
        terms: Terms::default(),
    }
}

fn authorization() -> AuthorizationRequest {
    AuthorizationRequest {
        server: Server::Org,
        client_id: "client".to_owned(),
        redirect_uri: String::new(),
        state: String::new(),
        mode: ResponseMode::Query,
        scopes: Vec::new(),
        nonce: None,
        acr: None,
        challenge: None,
        prompt: Vec::new(),
        max_age: None,
        login_hint: None,
    }
}

fn request() -> Request {
    Request {
        server: Server::Org,
        client_id: "client".to_owned(),
        scopes: Vec::new(),
    }
}

/// One of each kind.
fn remember(org: &mut Org, number: u32) {
    let (now, seconds) = (org.now, org.now.epoch_seconds());
    let name = number.to_string();
    let position = u64::from(number);
    let oauth = &mut org.oauth;
    let access = AccessToken {
        approval: approval(number),
        jti: String::new(),
        issuer: String::new(),
        audience: String::new(),
        subject: String::new(),
        issued: seconds,
        expires: seconds + 3600,
        key: None,
        revoked: number.is_multiple_of(2),
    };
    oauth.tokens.keep_access(name.clone(), access);
    let refresh = RefreshToken {
        identity: oauth.tokens.identify(name.clone(), now),
        approval: approval(number),
        last_updated: now,
        expires: seconds + 3600,
        key: None,
        replaced: None,
        revoked: number.is_multiple_of(2),
    };
    oauth.tokens.keep_refresh(name.clone(), refresh);
    let assertion = Assertion::new(approval(number), seconds + 300);
    oauth.tokens.keep_assertion(name.clone(), assertion);
    let code = Code {
        approval: approval(number),
        redirect_uri: String::new(),
        challenge: None,
        expires: seconds + Code::LIFETIME,
        used: number.is_multiple_of(2),
    };
    oauth.codes.insert(name.clone(), code);
    let pushed = PushedRequest {
        server: Server::Org,
        form: Form::default(),
        client_id: String::new(),
        expires: seconds + PushedRequest::LIFETIME,
    };
    oauth.pushed.insert(name.clone(), pushed);
    let pending = Pending::new(Errand::Authorization(authorization().into()), None, now);
    oauth.waiting.insert(name.clone(), pending);
    let device = DeviceAuthorization {
        user_code: name.clone(),
        request: request(),
        decision: Decision::pending(now, 600),
    };
    oauth.devices.insert(name.clone(), device);
    let backchannel = BackchannelAuthorization {
        user: 1,
        request: request(),
        decision: Decision::pending(now, 300),
    };
    oauth.backchannel.insert(name.clone(), backchannel);
    let serial = (String::new(), name.clone());
    let once = Once::until(seconds + 3600);
    oauth.assertions.insert(serial.clone(), once);
    assert!(oauth.dpop.is_first(serial, seconds));
    let session = Session::by_password(1, now);
    oauth.sessions.keep(name.clone(), session, now);
    org.challenges.send_code(position, name.clone(), now);
    org.challenges.send_push(name.clone(), position, now);
    let logins = &mut org.authentications;
    logins.begin(name.clone(), 1, Step::ChooseFactor, None, now);
    logins.finish(name, session, now);
}

/// How many entries the parts have that hold what expires.
fn counts<'p>(parts: impl Iterator<Item = &'p str>) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for part in parts.filter(|part| PARTS.contains(part)) {
        *counts.entry(part.to_owned()).or_default() += 1;
    }
    counts
}

fn later(org: &Org, seconds: u64) -> Timestamp {
    Timestamp(org.now.0 + Duration::from_secs(seconds))
}

/// What changes by a request that does nothing at a moment.
fn changes(org: &mut Org, moment: Timestamp) -> Vec<Change> {
    org.begin(moment, org.caller.clone());
    let mut changes = Changes::default();
    org.parts(&mut |name, part| {
        changes.of(name);
        part.collect(&mut changes);
    });
    changes.list
}

#[test]
fn what_has_expired_leaves_the_memory_bit_by_bit() {
    let mut org = fixture::org();
    for number in 0..IN_MEMORY {
        remember(&mut org, number);
    }
    org.parts(&mut |_, part| part.watch(false));
    let (early, late) = (later(&org, 299), later(&org, 7 * 24 * 3600));
    assert!(changes(&mut org, early).is_empty(), "not before its time");
    let mut gone = BTreeMap::new();
    for _ in 0..IN_MEMORY / 1000 {
        let changed = changes(&mut org, late);
        assert!(changed.iter().all(|it| matches!(it.deed, Deed::Remove)));
        for (part, count) in counts(changed.iter().map(|it| it.part)) {
            assert!(count <= 1000, "{part}");
            *gone.entry(part).or_default() += count;
        }
    }
    assert!(changes(&mut org, late).is_empty());
    assert_eq!(gone, PARTS.map(|part| (part.to_owned(), IN_MEMORY)).into());
    let held = everything(&mut org);
    assert_eq!(counts(held.keys().map(|(part, _)| *part)), BTreeMap::new());
}

#[test]
fn what_has_expired_leaves_the_file() {
    let directory = directory("forgetting");
    let mut org = fixture::org();
    let start = Start {
        seed: Seed::empty(),
        token: "00token".to_owned(),
        administrator: 1,
    };
    for number in 0..IN_FILE {
        remember(&mut org, number);
    }
    let opened = Opened::at(&directory).unwrap();
    opened.begin(&directory, &mut org, &start).unwrap();
    let written = || {
        let parts = format::parts(&opened.database).unwrap();
        counts(parts.iter().map(String::as_str))
    };
    let all = PARTS.map(|part| (part.to_owned(), IN_FILE));
    assert_eq!(written(), all.into());
    let late = later(&org, 7 * 24 * 3600);
    for _ in 0..IN_FILE / 1000 {
        format::write(&opened.database, &changes(&mut org, late)).unwrap();
    }
    assert_eq!(written(), BTreeMap::new());
    drop(opened);
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn what_is_read_again_is_forgotten_in_time() {
    let mut org = fixture::org();
    (0..10).for_each(|number| remember(&mut org, number));
    let mut entries = everything(&mut org);
    let mut again = super::restored(&entries, 1000);
    again.begin(later(&org, 7 * 24 * 3600), org.caller.clone());
    change(&mut entries, &mut again);
    let kept = counts(entries.keys().map(|(part, _)| *part));
    assert_eq!(kept, BTreeMap::new());
}
