//! Users as an org has them that uses most of Okta's attributes and ten of its own.

use std::fmt::Write as _;
use std::ops::Range;

/// A page of users as JSON, about 1,250 bytes each.
#[must_use]
pub fn page(address: &str, users: Range<usize>) -> String {
    let mut json = String::with_capacity(users.len() * 1_400);
    json.push('[');
    for number in users {
        if !json.ends_with('[') {
            json.push(',');
        }
        user(&mut json, address, number);
    }
    json.push(']');
    json
}

fn user(json: &mut String, address: &str, number: usize) {
    let (minute, second) = (number / 60 % 60, number % 60);
    // Writing to a string cannot fail.
    let _ = write!(
        json,
        r#"{{"id":"00u{number:017}","status":"ACTIVE","created":"2024-03-01T08:{minute:02}:{second:02}.000Z","activated":"2024-03-01T09:{minute:02}:{second:02}.000Z","statusChanged":"2024-03-01T09:{minute:02}:{second:02}.000Z","lastLogin":"2026-01-12T07:{minute:02}:{second:02}.000Z","lastUpdated":"2025-11-30T16:{minute:02}:{second:02}.000Z","passwordChanged":"2025-06-17T12:{minute:02}:{second:02}.000Z","type":{{"id":"oty00000000000bench"}},"#,
    );
    let _ = write!(
        json,
        r#""profile":{{"firstName":"Given{number}","lastName":"Family{number}","displayName":"Given{number} Family{number}","login":"person.{number}@example.com","email":"person.{number}@example.com","mobilePhone":null,"secondEmail":null,"title":"Engineer {}","department":"Department {}","division":"Division {}","organization":"Example","employeeNumber":"{number:06}","costCenter":"cc-{}","city":"Springfield","countryCode":"US","locale":"en_US","timezone":"America/Chicago","managerId":"person.{}@example.com","#,
        number % 7,
        number % 40,
        number % 5,
        number % 300,
        number / 10,
    );
    // The org's own attributes.
    let _ = write!(
        json,
        r#""badgeNumber":{number},"remote":{},"officeFloor":{},"contractEnd":null,"startDate":"2024-03-01","skills":["rust","sql","directory services"],"building":"Building {}, 12 Long Street","shirtSize":"M","onCall":false,"parkingSpace":"P{}"}},"#,
        number.is_multiple_of(3),
        number % 12,
        number % 9,
        number % 500,
    );
    let _ = write!(
        json,
        r#""credentials":{{"password":{{}},"emails":[{{"value":"person.{number}@example.com","status":"VERIFIED","type":"PRIMARY"}}],"provider":{{"type":"OKTA","name":"OKTA"}}}},"_links":{{"self":{{"href":"{address}/api/v1/users/00u{number:017}"}}}}}}"#,
    );
}
