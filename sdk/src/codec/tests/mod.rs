#![allow(clippy::unwrap_used, clippy::panic)]
// The models here have what generated ones have, which is more than each test uses.
#![allow(dead_code)]

mod any;
mod inspecting;
mod lists;
mod misfits;
mod reading;
mod text;
mod unions;
mod values;
mod writing;

use std::collections::BTreeMap;

use okta_auth::Secret;
use serde_json::Value;

use super::macros::{open_enum, record, union};
use super::{DecodeError, Extra, Nullable, Number, OneOrMany, Strictness, Timestamp};

/// A model with a property of every kind.
#[derive(Clone, Default)]
struct Person {
    active: Option<bool>,
    age: Option<i64>,
    anything: Option<Value>,
    born: Option<Timestamp>,
    friends: Option<Vec<Person>>,
    id: Option<String>,
    links: Option<OneOrMany<Badge>>,
    mood: Option<Mood>,
    nickname: Nullable<String>,
    partner: Option<Box<Person>>,
    password: Option<Secret>,
    pet: Nullable<Pet>,
    scores: Option<BTreeMap<String, Number>>,
    titles: Option<BTreeMap<String, Nullable<String>>>,
    extra: Extra,
}

record! {
    Person {
        active: "active" sent,
        age: "age" sent,
        anything: "anything" sent,
        born: "born" sent,
        friends: "friends" sent,
        id: "id" sent,
        links: "links" sent,
        mood: "mood" sent,
        nickname: "nickname" sent,
        partner: "partner" sent,
        password: "password" sent,
        pet: "pet" sent,
        scores: "scores" sent,
        titles: "titles" sent,
    }
}

#[derive(Clone, Default)]
struct Badge {
    href: Option<String>,
    serial: Option<i64>,
    extra: Extra,
}

record! {
    Badge {
        href: "href" sent,
        serial: "serial" server_owned,
    }
}

#[derive(Clone, PartialEq, Eq)]
enum Mood {
    Good,
    NotSoGood,
    Unrecognized(String),
}

open_enum! {
    Mood {
        Good = "GOOD",
        NotSoGood = "NOT_SO_GOOD",
    }
}

#[derive(Clone)]
enum Pet {
    Cat(Box<Cat>),
    Dog(Box<Dog>),
    Unrecognized(Box<AnyPet>),
}

union! {
    Pet by "kind" {
        Cat(Cat) = "CAT" | "TOMCAT",
        Dog(Dog) = "DOG",
    } else AnyPet
}

#[derive(Clone, Default)]
struct Cat {
    kind: Option<String>,
    lives: Option<i64>,
    name: Option<String>,
    extra: Extra,
}

record! {
    Cat {
        kind: "kind" sent,
        lives: "lives" sent,
        name: "name" sent,
    }
}

#[derive(Clone, Default)]
struct Dog {
    good: Option<bool>,
    kind: Option<String>,
    name: Option<String>,
    extra: Extra,
}

record! {
    Dog {
        good: "good" sent,
        kind: "kind" sent,
        name: "name" sent,
    }
}

/// What all pets share.
#[derive(Clone, Default)]
struct AnyPet {
    kind: Option<String>,
    name: Option<String>,
    extra: Extra,
}

record! {
    AnyPet {
        kind: "kind" sent,
        name: "name" sent,
    }
}

fn decode<T: super::Slot>(json: &[u8]) -> Result<T, DecodeError> {
    super::decode(json, Strictness::Lenient)
}

fn person(json: &Value) -> Result<Person, DecodeError> {
    decode(json.to_string().as_bytes())
}

fn person_of_text(json: &str) -> Person {
    decode(json.as_bytes()).unwrap()
}
