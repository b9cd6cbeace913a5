//! Made-up people, each a function of a number.

use serde_json::{Map, Value, json};

use super::SeedUser;

const FIRST: [&str; 12] = [
    "Amara", "Bjørn", "Chen", "Dalia", "Emeka", "Freya", "Goran", "Hana", "Ines", "Jonas", "Kofi",
    "Lucía",
];
const LAST: [&str; 11] = [
    "Abara",
    "Bergström",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fernandes",
    "García",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kimura",
];
const DEPARTMENTS: [&str; 7] = [
    "Engineering",
    "Sales",
    "Support",
    "Finance",
    "Legal",
    "People",
    "Security",
];
const DIVISIONS: [&str; 3] = ["Product", "Market", "Office"];
const TITLES: [&str; 5] = [
    "Engineer",
    "Account Manager",
    "Analyst",
    "Counsel",
    "Team Lead",
];
const CITIES: [&str; 6] = [
    "Oakland", "Portland", "Austin", "Denver", "Boston", "Chicago",
];
const SKILLS: [&str; 5] = ["rust", "negotiation", "accounting", "writing", "teaching"];

/// Person number `number`, with base and custom attributes.
pub(super) fn person(number: u32) -> SeedUser {
    let n = number as usize;
    let login = format!("user{number}@example.com");
    let (first, last) = (FIRST[n % FIRST.len()], LAST[n % LAST.len()]);
    let profile = json!({
        "login": login,
        "email": login,
        "firstName": first,
        "lastName": last,
        "displayName": format!("{first} {last}"),
        "nickName": first,
        "userType": "Employee",
        "organization": "Example Works",
        "division": DIVISIONS[n % DIVISIONS.len()],
        "title": TITLES[n % TITLES.len()],
        "manager": format!("user{}@example.com", 1 + number / 10),
        "costCenter": format!("CC-{:04}", 1000 + n % 90),
        "city": CITIES[n % CITIES.len()],
        "countryCode": "US",
        "timezone": "America/Los_Angeles",
        "locale": "en_US",
        "mobilePhone": format!("+1555{number:07}"),
        "department": DEPARTMENTS[n % DEPARTMENTS.len()],
        "employeeNumber": format!("E{number:06}"),
        "badgeNumber": number,
        "remote": n.is_multiple_of(3),
        "skills": [SKILLS[n % SKILLS.len()], SKILLS[(n + 2) % SKILLS.len()]],
        "startDate": format!("20{:02}-{:02}-{:02}", 10 + n % 15, 1 + n % 12, 1 + n % 28),
    });
    let profile = match profile {
        Value::Object(profile) => profile,
        _ => Map::new(),
    };
    SeedUser {
        profile,
        ..SeedUser::default()
    }
}
