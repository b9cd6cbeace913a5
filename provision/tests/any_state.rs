//! From any state of an org a plan leads to the wanted one, and planning again gives nothing to do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;

use okta_provision::{
    AppAccess, Attributes, Desired, Group, Person, Principal, Role, RoleList, Standing,
};
use proptest::prelude::*;
use support::{assert_done, client, members, org, provision, roles, status};

const PEOPLE: usize = 4;
const GROUPS: [&str; 3] = ["One", "Two", "Three"];
const ROLES: [&str; 2] = ["APP_ADMIN", "READ_ONLY_ADMIN"];
const STANDINGS: [Standing; 3] = [Standing::Staged, Standing::Active, Standing::Deactivated];

/// All that a state has, by numbers of people, groups and roles.
#[derive(Clone, Debug)]
struct State {
    people: Vec<(usize, u8)>,
    members: Vec<BTreeSet<usize>>,
    users: BTreeSet<usize>,
    app_groups: BTreeSet<usize>,
    roles: Vec<BTreeSet<usize>>,
}

fn some(of: usize) -> impl Strategy<Value = BTreeSet<usize>> {
    proptest::collection::btree_set(0..of, 0..=of)
}

fn state() -> impl Strategy<Value = State> {
    let people = proptest::collection::vec((0..STANDINGS.len(), 0..3_u8), PEOPLE);
    let members = proptest::collection::vec(some(PEOPLE), GROUPS.len());
    let roles = proptest::collection::vec(some(ROLES.len()), GROUPS.len() + PEOPLE);
    (people, members, some(PEOPLE), some(GROUPS.len()), roles).prop_map(
        |(people, members, users, app_groups, roles)| State {
            people,
            members,
            users,
            app_groups,
            roles,
        },
    )
}

fn login(number: usize) -> String {
    format!("person{number}@example.com")
}

impl State {
    fn is_here(&self, number: usize) -> bool {
        STANDINGS[self.people[number].0] != Standing::Deactivated
    }

    /// Who has left has nothing.
    fn desired(&self) -> Desired {
        let mut desired = Desired::new();
        for (number, (standing, badge)) in self.people.iter().enumerate() {
            let person = Person::new(login(number), "P", "Q").attribute("badgeNumber", *badge);
            desired.person(person.standing(STANDINGS[*standing]));
        }
        for (name, members) in GROUPS.iter().zip(&self.members) {
            let here = members.iter().filter(|it| self.is_here(**it));
            let group = Group::new(name).exclusive();
            desired.group(here.fold(group, |group, it| group.member(&login(*it))));
        }
        let mut app = AppAccess::new("Wiki").exclusive();
        for number in self.users.iter().filter(|it| self.is_here(**it)) {
            app = app.user(&login(*number), Attributes::new());
        }
        for group in &self.app_groups {
            app = app.group(GROUPS[*group], Attributes::new());
        }
        desired.app(app);
        for (number, roles) in self.roles.iter().enumerate() {
            let principal = match number.checked_sub(GROUPS.len()) {
                None => Principal::group(GROUPS[number]),
                Some(number) if self.is_here(number) => Principal::user(&login(number)),
                Some(_) => continue,
            };
            let list = RoleList::new(principal).exclusive();
            let roles = roles.iter().map(|it| Role::standard(ROLES[*it]));
            desired.roles(roles.fold(list, RoleList::role));
        }
        desired
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_leads_there_and_another_has_nothing_to_do(before in state(), after in state()) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let org = org().await;
            let okta = client(&org);
            for state in [&before, &after] {
                let desired = state.desired();
                let report = provision(&okta, &desired).await;
                assert!(report.is_complete(), "{report}");
                assert_done(&org, &desired).await;
            }
            // By other means than the crate's own.
            for (number, name) in GROUPS.iter().enumerate() {
                let here = after.members[number].iter().filter(|it| after.is_here(**it));
                let wanted: BTreeSet<String> = here.map(|it| login(*it)).collect();
                assert_eq!(members(&okta, name).await, wanted);
            }
            for number in 0..PEOPLE {
                let now = status(&okta, &login(number)).await;
                let is_here = now.is_some_and(|it| it != "DEPROVISIONED");
                assert_eq!(is_here, after.is_here(number));
                if !is_here {
                    continue;
                }
                let mut wanted = after.roles[GROUPS.len() + number].clone();
                for group in 0..GROUPS.len() {
                    if after.members[group].contains(&number) {
                        wanted.extend(&after.roles[group]);
                    }
                }
                let wanted = wanted.into_iter().map(|it| ROLES[it].to_owned()).collect();
                assert_eq!(roles(&okta, &login(number)).await, wanted);
            }
        });
    }
}
