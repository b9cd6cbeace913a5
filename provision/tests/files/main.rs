//! What an org should be, read from files.
#![allow(clippy::unwrap_used, clippy::panic)]

mod administration;

use okta_provision::{
    AppAccess, Attributes, Credentials, Desired, Error, Group, OwnedPeople, Person, Principal,
    Role, RoleList, Standing,
};
use serde_json::json;

fn read(files: &[(&str, &str)]) -> Result<Desired, Error> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    Desired::read(folder.path())
}

/// Problems as `file:line:column: message`, without the folder.
fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let Err(Error::BadInput(problems)) = read(files) else {
        panic!("this was read");
    };
    let shown = problems.into_iter().map(|mut problem| {
        problem.file = problem.file.file_name().unwrap().into();
        problem.to_string()
    });
    shown.collect()
}

fn wanted() -> Desired {
    let mut desired = Desired::new();
    desired
        .person(
            Person::new("Ada@example.com", "Ada", "Lovelace")
                .attribute("email", "ada@home.example.com")
                .attribute("badgeNumber", 4711)
                .attribute("locker", "007")
                .manager("bob@example.com")
                .standing(Standing::Suspended),
        )
        .member("Analysts", "ada@example.com")
        .member("Site Oslo", "ada@example.com")
        .app_user("Wiki", "ada@example.com", Attributes::new())
        .role(
            Principal::user("ada@example.com"),
            Role::standard("APP_ADMIN"),
        );
    desired
}

#[test]
fn the_same_person_in_each_format() {
    let csv = "login,email,firstName,lastName,manager,status,groups,apps,roles,badgeNumber,locker,x\n\
        Ada@example.com,ada@home.example.com,Ada,Lovelace,bob@example.com,suspended,\
        Analysts; Site Oslo,Wiki,APP_ADMIN,4711,007,\n";
    assert_eq!(read(&[("a.csv", csv)]).unwrap(), wanted());
    let json = r#"{"login": "Ada@example.com", "email": "ada@home.example.com", "firstName": "Ada", "lastName": "Lovelace", "manager": "bob@example.com", "status": "suspended", "groups": ["Analysts", "Site Oslo"], "apps": ["Wiki"], "roles": ["APP_ADMIN"], "badgeNumber": 4711, "locker": "007"}"#;
    assert_eq!(read(&[("a.jsonl", json)]).unwrap(), wanted());
    let yaml = "
people:
  - login: Ada@example.com
    email: ada@home.example.com
    firstName: Ada
    lastName: Lovelace
    manager: bob@example.com
    status: suspended
    groups: [Analysts, Site Oslo]
    apps: [Wiki]
    roles: [APP_ADMIN]
    badgeNumber: 4711
    locker: 007
";
    assert_eq!(read(&[("a.yaml", yaml)]).unwrap(), wanted());
}

#[test]
fn a_folder_is_one_wish() {
    let people = "login,email,firstName,lastName,groups\n\
        ada@example.com,ada@example.com,Ada,L,Analysts\n";
    let rest = r#"
groups:
  - { name: Analysts, description: "Who: analyses", exclusive: true, members: [bob@example.com] }
  - { name: Old, removed: true }
apps:
  - label: Wiki
    exclusive: true
    users: { ada@example.com: { nick: a }, bob@example.com: }
    groups: [Analysts]
roles:
  - group: Analysts
    exclusive: true
    roles: [READ_ONLY_ADMIN, { role: Reader, resourceSet: All }]
leavers: [eve@example.com, { login: fay@example.com }]
own: [{ search: 'profile.source eq "hr"' }]
"#;
    let more = r#"{"kind": "person", "login": "bob@example.com", "email": "bob@example.com", "firstName": "B", "lastName": "M", "credentials": "hook"}
{"kind": "leaver", "login": "gil@example.com"}
"#;
    let files = [
        ("b.csv", people),
        ("a.yml", rest),
        ("c.ndjson", more),
        ("notes.txt", "no"),
    ];
    let mut desired = Desired::new();
    let bob = Person::new("bob@example.com", "B", "M").credentials(Credentials::ImportHook);
    desired
        .person(Person::new("ada@example.com", "Ada", "L"))
        .person(bob)
        .group(
            Group::new("Analysts")
                .description("Who: analyses")
                .exclusive()
                .member("ada@example.com")
                .member("bob@example.com"),
        )
        .group(Group::new("Old").removed())
        .app(
            AppAccess::new("Wiki")
                .exclusive()
                .user("ada@example.com", [("nick".to_owned(), json!("a"))].into())
                .user("bob@example.com", Attributes::new())
                .group("Analysts", Attributes::new()),
        )
        .roles(
            RoleList::new(Principal::group("Analysts"))
                .exclusive()
                .role(Role::standard("READ_ONLY_ADMIN"))
                .role(Role::Custom {
                    label: "Reader".to_owned(),
                    resource_set: "All".to_owned(),
                }),
        )
        .leaver("eve@example.com")
        .leaver("fay@example.com")
        .leaver("gil@example.com")
        .own(OwnedPeople::Search("profile.source eq \"hr\"".to_owned()));
    assert_eq!(read(&files).unwrap(), desired);
}

#[test]
fn all_that_is_wrong_is_told_at_once_with_its_place() {
    let csv = "login,email,firstName,lastName,status,roles,manager\n\
        ada@example.com,,Ada,L,,,\n\
        bob@example.com,b@example.com,B,M,gone,HELPDESK,\n\
        cy@example.com,c@example.com\n\
        di@example.com,d@example.com,D,N,,,DI@example.com\n\
        DI@example.com,d@example.com,D,N,,,\n";
    let json = "{\"login\": \"eve@example.com\", \"email\": 7, \"firstName\": \"E\", \"lastName\": \"O\"}\n\
        \n\
        {\"login\": \n\
        {\"kind\": \"robot\"}\n";
    let yaml = "groups:\n  - { name: Analysts, member: [x] }\n  - members: x\nrobots: []\n";
    let found = problems(&[("a.csv", csv), ("b.jsonl", json), ("c.yaml", yaml)]);
    let mut expected = vec![
        "a.csv:2:1: email is missing",
        "a.csv:3:5: unknown status; write one of staged, active, suspended, deactivated",
        "a.csv:3:6: HELPDESK is no role of Okta's",
        "a.csv:4:1: has 2 fields and not 7, as the first line has",
        "a.csv:5:7: di@example.com is their own manager",
        "a.csv:6:1: DI@example.com is there twice",
        "b.jsonl:1:30: email has to be text; put it in quotes",
        "b.jsonl:3:9: is no JSON object",
        "b.jsonl:4:2: unknown kind; write one of person, group, app, roles, leaver, own, \
         customRole, resourceSet, application",
        "c.yaml:2:31: unknown member member",
        "c.yaml:3:5: name is missing",
        "c.yaml:4:9: unknown list robots",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for found in &found {
        let expected = expected.remove(0);
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
}

#[test]
fn a_misspelled_column_is_no_attribute() {
    let csv = "login,email,firstName,lastName,group\na@x.org,a@x.org,A,B,One\n";
    let said = ["a.csv:1:5: column group: did you mean groups?"];
    assert_eq!(problems(&[("a.csv", csv)]), said);
    let csv = "login;email;firstName;lastName\n";
    let found = problems(&[("a.csv", csv)]);
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(
        found[0].ends_with("Columns are separated by commas"),
        "{found:?}"
    );
}

#[test]
fn yaml_that_is_not_read_is_named() {
    for (yaml, said) in [
        ("people: [", "a.yaml:2:1: is not valid YAML"),
        (
            "people: &x []\nroles: *x\n",
            "a.yaml:2:8: aliases are not read",
        ),
        ("- a\n", "a.yaml:1:1: write lists under people"),
        ("people:\n  - 7\n", "a.yaml:2:5: has to be a map"),
        (
            "people: []\npeople: []\n",
            "a.yaml:2:1: people is there twice",
        ),
        (
            "leavers: [no]\nown: [{}]\n",
            "a.yaml:2:7: write either group or search",
        ),
    ] {
        let found = problems(&[("a.yaml", yaml)]);
        assert!(found[0].starts_with(said), "{found:?}\n{said}");
    }
    let deep = format!("people: {}{}", "[".repeat(40), "]".repeat(40));
    assert!(problems(&[("a.yaml", &deep)])[0].contains("nested more than 32 deep"));
}

#[test]
fn who_stays_and_leaves_is_a_contradiction() {
    let yaml = "people:\n  - { login: a@x.org, email: a@x.org, firstName: A, lastName: B }\n\
        leavers: [A@x.org]\n";
    let found = problems(&[("a.yaml", yaml)]);
    assert!(
        found[0].contains("a@x.org is listed as a person and as a leaver"),
        "{found:?}"
    );
}

#[test]
fn what_cannot_be_read_is_named() {
    let error = Desired::read("nowhere.csv").unwrap_err().to_string();
    assert!(error.starts_with("cannot use nowhere.csv: "), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.txt");
    std::fs::write(&file, "x").unwrap();
    let error = Desired::read(&file).unwrap_err().to_string();
    assert!(
        error.contains("end it with .csv, .jsonl or .yaml"),
        "{error}"
    );
}

/// Files as Windows programs write them.
#[test]
fn marks_of_the_byte_order_and_ends_of_lines_are_no_text() {
    let mut desired = Desired::new();
    desired.person(Person::new("a@x.org", "A", "B, \"C\""));
    let csv = "\u{feff}login,email,firstName,lastName\r\na@x.org,a@x.org,A,\"B, \"\"C\"\"\"\r\n";
    assert_eq!(read(&[("a.csv", csv)]).unwrap(), desired);
    let json = "\u{feff}{\"login\": \"a@x.org\", \"email\": \"a@x.org\", \"firstName\": \"A\", \
                \"lastName\": \"B, \\\"C\\\"\"}\r\n\r\n";
    assert_eq!(read(&[("a.jsonl", json)]).unwrap(), desired);
    let yaml = "\u{feff}people:\r\n  - login: a@x.org\r\n    email: a@x.org\r\n    firstName: A\r\n    \
                lastName: 'B, \"C\"'\r\n";
    assert_eq!(read(&[("a.yaml", yaml)]).unwrap(), desired);
}

/// What never ends is not read to its end.
#[test]
fn long_rows_and_lines_are_refused() {
    let long = "x".repeat(3 << 20);
    let csv = format!("login,email,firstName,lastName\na@x.org,a@x.org,\"A,{long}\n{long}");
    let said = problems(&[("a.csv", &csv)]);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].contains("a row is longer than a megabyte"),
        "{said:?}"
    );
    // Many rows are no long row.
    let rows = "a,b,c,d\n".repeat(300_000);
    let said = problems(&[("a.csv", &format!("login,email,firstName,lastName\n{rows}"))]);
    assert!(said[0].contains("a is there twice"), "{said:?}");
    let said = problems(&[("a.csv", &long)]);
    assert!(said.iter().all(|it| it.len() < 400), "{}", said[0].len());
    let said = problems(&[("a.jsonl", &format!("{{\"login\": \"{long}\"}}"))]);
    assert_eq!(
        said,
        ["a.jsonl:1:1: is longer than a megabyte, and the rest is not read"]
    );
    let deep = "[".repeat(100_000);
    let said = problems(&[("a.yaml", &format!("people: {deep}"))]);
    assert!(said[0].contains("recursion limit exceeded"), "{said:?}");
    let deep = "[".repeat(40);
    let said = problems(&[("a.yaml", &format!("people: {deep}"))]);
    assert!(said[0].contains("nested more than 32 deep"), "{said:?}");
    let bomb = "people: [&a [x, x], &b [*a, *a], &c [*b, *b]]";
    assert!(problems(&[("a.yaml", bomb)])[0].contains("aliases are not read"));
}

#[test]
fn an_unknown_member_is_told_with_the_one_that_is_meant() {
    let said = problems(&[
        (
            "a.jsonl",
            r#"{"login": "a@x.org", "email": "a@x.org", "firstName": "A", "lastNam": "B", "lastName": "B"}"#,
        ),
        (
            "b.yaml",
            "groups:\n  - { name: G, desciption: x }\n  - { name: H, colour: red }\n",
        ),
    ]);
    assert_eq!(
        said,
        [
            "a.jsonl:1:60: lastNam: did you mean lastName?",
            "b.yaml:2:28: unknown member desciption: did you mean description?",
            "b.yaml:3:24: unknown member colour; known are name, description, exclusive, removed, members",
        ]
    );
}

#[test]
fn no_problem_says_a_secret() {
    for (name, text) in [
        ("a.jsonl", "\"hunter2\"\n"),
        ("a.jsonl", "[\"hunter2\"]\n"),
        (
            "a.jsonl",
            "{\"credentials\": {\"hash\": \"hunter2\"}, \"login\": 7}\n",
        ),
        ("a.jsonl", "{\"credentials\": \"hunter2\"}\n"),
        (
            "a.jsonl",
            "{\"credentials\": {\"hash\": {\"value\": \"hunter2\"}}\n",
        ),
        ("a.yaml", "people:\n  - {credentials: hunter2}\n"),
        (
            "a.yaml",
            "people:\n  - {credentials: {hash: hunter2}, login: {}}\n",
        ),
        (
            "a.csv",
            "login,email,firstName,lastName,credentials\na@x.org,a@x.org,A,B,hunter2\n",
        ),
    ] {
        let said = problems(&[(name, text)]).join("\n");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

/// Each kind of file may speak of the same things, and of people once.
#[test]
fn a_folder_of_several_kinds_is_one_wish_without_doubles() {
    let row = "login,email,firstName,lastName\na@x.org,a@x.org,A,B\n";
    let line = r#"{"login": "A@X.org", "email": "a@x.org", "firstName": "A", "lastName": "B"}"#;
    let lists = "groups: [{ name: Team, members: [a@x.org] }, { name: team }]";
    let said = problems(&[
        ("a.csv", row),
        ("b.jsonl", line),
        ("c.yaml", lists),
        ("d.txt", "?"),
    ]);
    assert_eq!(
        said,
        [
            "b.jsonl:1:1: A@X.org is there twice",
            "c.yaml:1:1: the groups Team and team differ by case only, and are one to Okta",
        ]
    );
}

#[test]
fn a_person_may_have_had_another_login() {
    let mut desired = Desired::new();
    let ada = Person::new("ada.king@x.org", "Ada", "King");
    desired.person(ada.former_login("ada@x.org"));
    let csv = "login,formerLogin,email,firstName,lastName\n\
        ada.king@x.org,ada@x.org,ada.king@x.org,Ada,King\n";
    let json = r#"{"login": "ada.king@x.org", "formerLogin": "ada@x.org", "email": "ada.king@x.org", "firstName": "Ada", "lastName": "King"}"#;
    for (name, text) in [("a.csv", csv), ("a.jsonl", json)] {
        assert_eq!(read(&[(name, text)]).unwrap(), desired);
    }
    let bad = json.replace("\"ada@x.org\"", "7");
    assert_eq!(
        problems(&[("a.jsonl", &bad)]),
        ["a.jsonl:1:29: formerLogin has to be text; put it in quotes"]
    );
}
