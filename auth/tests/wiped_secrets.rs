//! No copy of a token stays in memory once the last credentials that hold it are gone.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::fs::{File, read_to_string};
use std::hint::black_box;
use std::os::unix::fs::FileExt;

use okta_auth::{ApiToken, BearerToken, Credentials, Secret};

/// Each letter of a token is kept turned, so that this program holds the token nowhere else.
const TURN: u8 = 0x15;

fn turned(number: usize) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let letters = (0..96).map(|place| alphabet[(place * 7 + number * 3) % alphabet.len()]);
    letters.map(|letter| letter ^ TURN).collect()
}

/// The token as a text, of the very size that it needs.
fn token(turned: &[u8]) -> String {
    let mut text = String::with_capacity(turned.len());
    text.extend(turned.iter().map(|letter| char::from(letter ^ TURN)));
    text
}

/// How often the end of the token stands in this process's writable memory. An allocator writes
/// over the beginning of what is given back.
fn copies(turned: &[u8]) -> usize {
    let end = &turned[turned.len() - 32..];
    let memory = File::open("/proc/self/mem").unwrap();
    let maps = read_to_string("/proc/self/maps").unwrap();
    let mut found = 0;
    for map in maps.lines() {
        let mut fields = map.split_whitespace();
        let (range, mode) = (fields.next().unwrap(), fields.next().unwrap());
        if !mode.starts_with("rw") {
            continue;
        }
        let (start, stop) = range.split_once('-').unwrap();
        let at = |text| u64::from_str_radix(text, 16).unwrap();
        let mut bytes = vec![0; usize::try_from(at(stop) - at(start)).unwrap()];
        // Some regions cannot be read.
        if memory.read_exact_at(&mut bytes, at(start)).is_ok() {
            let is_copy = |piece: &&[u8]| piece.iter().zip(end).all(|(a, b)| a ^ TURN == *b);
            found += bytes.windows(end.len()).filter(is_copy).count();
        }
        // What was read is not to be found in turn.
        bytes.fill(0);
        black_box(&bytes);
    }
    found
}

#[test]
fn no_copy_of_a_token_stays_when_its_credentials_go() {
    type Make = fn(Secret) -> Credentials;
    let makes: [Make; 2] = [
        |token| ApiToken::new(token).unwrap().into(),
        |token| BearerToken::new(token).unwrap().into(),
    ];
    for (number, make) in (0..).zip(makes) {
        let turned = turned(number);
        let credentials = make(Secret::from(token(&turned)));
        assert!(copies(&turned) > 0, "the search finds nothing");
        let clone = credentials.clone();
        drop(credentials);
        assert!(copies(&turned) > 0);
        drop(clone);
        assert_eq!(copies(&turned), 0);
    }
}
