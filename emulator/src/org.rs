//! The org's state and its rules, without HTTP: what a request does, and what it may not do.

pub(crate) mod api_tokens;
pub(crate) mod app_assignments;
pub(crate) mod apps;
pub(crate) mod authentication;
pub(crate) mod authorization_servers;
pub(crate) mod bindings;
pub(crate) mod challenges;
pub(crate) mod client_secrets;
pub(crate) mod credentials;
pub(crate) mod custom_roles;
pub(crate) mod deliveries;
pub(crate) mod event_hooks;
pub(crate) mod events;
pub(crate) mod factors;
pub(crate) mod group_owners;
pub(crate) mod group_rules;
pub(crate) mod groups;
pub(crate) mod ids;
pub(crate) mod inline_hooks;
pub(crate) mod linked_objects;
pub(crate) mod log;
pub(crate) mod memberships;
pub(crate) mod messages;
#[cfg(feature = "data")]
mod parts;
pub(crate) mod passcodes;
pub(crate) mod policies;
pub(crate) mod profile;
pub(crate) mod reconciliation;
pub(crate) mod resource_sets;
pub(crate) mod roles;
pub(crate) mod samples;
pub(crate) mod schemas;
pub(crate) mod scope_grants;
pub(crate) mod signal_stream;
pub(crate) mod signing_keys;
pub(crate) mod store;
pub(crate) mod table;
pub(crate) mod targets;
pub(crate) mod tickets;
pub(crate) mod trusted_origins;
pub(crate) mod user_types;
pub(crate) mod users;

use std::sync::{Arc, OnceLock};

use crate::clock::Timestamp;
use crate::oauth::memory;
use crate::tracked::{Tracked, TrackedMap};
use api_tokens::ApiToken;
use apps::App;
use authentication::Authentications;
use authorization_servers::AuthorizationServer;
use challenges::Challenges;
use custom_roles::CustomRole;
use deliveries::Deliveries;
use event_hooks::EventHook;
use events::{Actor, Caller, Event, EventKind, Target};
use factors::Factor;
use group_owners::GroupOwners;
use group_rules::GroupRule;
use groups::Group;
use ids::Ids;
use linked_objects::LinkedObjects;
use log::Log;
use memberships::Memberships;
use messages::Outbox;
use policies::Policy;
use reconciliation::Reconciliation;
use resource_sets::ResourceSet;
use samples::Samples;
use schemas::ProfileSchema;
use signal_stream::SignalStream;
use signing_keys::SigningKeys;
use store::Store;
use table::Table;
use tickets::Tickets;
use user_types::UserType;
use users::User;

/// Everything an org holds.
#[derive(Debug)]
pub(crate) struct Org {
    pub(crate) id: Tracked<String>,
    /// The id of the type that users have if nothing is said.
    pub(crate) user_type: Tracked<String>,
    pub(crate) user_types: Table<UserType>,
    pub(crate) group_schema: Tracked<ProfileSchema>,
    /// Schemas of the users of apps, by the app's id.
    pub(crate) app_schemas: TrackedMap<String, ProfileSchema>,
    /// Whether profiles may have attributes that no schema declares.
    pub(crate) lax_profiles: bool,
    pub(crate) reconciliation: Reconciliation,
    pub(crate) users: Table<User>,
    pub(crate) groups: Table<Group>,
    pub(crate) memberships: Memberships,
    pub(crate) everyone: Tracked<u64>,
    pub(crate) owners: GroupOwners,
    pub(crate) rules: Table<GroupRule>,
    pub(crate) linked_objects: LinkedObjects,
    pub(crate) apps: Table<App>,
    /// With what applications and identity providers sign.
    pub(crate) signing: SigningKeys,
    pub(crate) custom_roles: Table<CustomRole>,
    pub(crate) resource_sets: Table<ResourceSet>,
    pub(crate) policies: Table<Policy>,
    /// The custom ones; the org's own server is no object.
    pub(crate) authorization_servers: Table<AuthorizationServer>,
    pub(crate) event_hooks: Table<EventHook>,
    /// Where security event tokens go.
    pub(crate) signal_stream: Tracked<Option<SignalStream>>,
    /// Events that wait to be sent to both.
    pub(crate) deliveries: Deliveries,
    pub(crate) factors: Table<Factor>,
    /// Codes and pushes that were sent.
    pub(crate) challenges: Challenges,
    /// What was sent to people.
    pub(crate) outbox: Outbox,
    /// Tokens of links in e-mails.
    pub(crate) tickets: Tickets,
    pub(crate) log: Log,
    /// Off while the seed is planted: the System Log starts with the first request.
    pub(crate) logging: bool,
    pub(crate) ids: Tracked<Ids>,
    pub(crate) now: Timestamp,
    pub(crate) caller: Caller,
    pub(crate) api_tokens: Table<ApiToken>,
    pub(crate) authentications: Authentications,
    /// What the authorization servers remember.
    pub(crate) oauth: memory::State,
    /// What is not modelled by hand.
    pub(crate) store: Store,
    /// The applications that tests start with, once they are there.
    pub(crate) samples: Tracked<Option<Samples>>,
}

impl Org {
    /// An org with nothing but the group Everyone.
    pub(crate) fn new(now: Timestamp) -> Self {
        let mut ids = Ids::default();
        let mut groups = Table::default();
        let everyone = groups.insert(Group::everyone(ids.object("00g"), now));
        let id = ids.object("00o");
        let user_type = ids.object("oty");
        let mut user_types = Table::default();
        let schema = ids.object("osc");
        user_types.insert(UserType::default_of(user_type.clone(), schema, now));
        Self {
            id: id.into(),
            user_type: user_type.into(),
            user_types,
            group_schema: ProfileSchema::of_groups(now).into(),
            app_schemas: TrackedMap::default(),
            lax_profiles: false,
            reconciliation: Reconciliation::default(),
            users: Table::default(),
            groups,
            memberships: Memberships::default(),
            everyone: everyone.into(),
            owners: GroupOwners::default(),
            rules: Table::default(),
            linked_objects: LinkedObjects::default(),
            apps: Table::default(),
            signing: SigningKeys::default(),
            custom_roles: Table::default(),
            resource_sets: Table::default(),
            policies: Table::default(),
            authorization_servers: Table::default(),
            event_hooks: Table::default(),
            signal_stream: Tracked::default(),
            deliveries: Deliveries::default(),
            factors: Table::default(),
            challenges: Challenges::default(),
            outbox: Outbox::default(),
            tickets: Tickets::default(),
            log: Log::default(),
            logging: true,
            ids: ids.into(),
            now,
            caller: Caller::system(),
            api_tokens: Table::default(),
            authentications: Authentications::default(),
            oauth: memory::State::default(),
            store: Store::default(),
            samples: Tracked::default(),
        }
    }

    /// Starts a request: what happens from here on happens now, and `caller` did it. What is due is
    /// forgotten, a part of it if it is much.
    pub(crate) fn begin(&mut self, now: Timestamp, caller: Caller) {
        self.now = now;
        self.caller = caller;
        self.challenges.sweep(now);
        self.authentications.sweep(now);
        self.oauth.sweep(now);
    }

    /// Writes to the System Log that the present caller did this.
    pub(crate) fn record(&mut self, kind: EventKind, targets: impl IntoIterator<Item = Target>) {
        self.record_by(self.caller.actor.clone(), kind, targets);
    }

    /// Writes to the System Log that someone did this.
    pub(crate) fn record_by(
        &mut self,
        actor: Arc<Actor>,
        kind: EventKind,
        targets: impl IntoIterator<Item = Target>,
    ) {
        self.write(actor, kind, targets.into_iter().collect(), None);
    }

    /// Writes to the System Log that the present caller did this, or why they failed at it.
    pub(crate) fn record_outcome(
        &mut self,
        kind: EventKind,
        targets: impl IntoIterator<Item = Target>,
        failure: Option<&str>,
    ) {
        let (actor, targets) = (self.caller.actor.clone(), targets.into_iter().collect());
        self.write(actor, kind, targets, failure.map(Box::from));
    }

    fn write(
        &mut self,
        actor: Arc<Actor>,
        kind: EventKind,
        targets: Vec<Target>,
        failure: Option<Box<str>>,
    ) {
        if !self.logging {
            return;
        }
        let event = self.log.push(Event {
            uuid: self.ids.uuid(),
            published: self.now,
            kind,
            actor,
            request: self.caller.request.clone(),
            targets,
            failure,
            texts: OnceLock::new(),
        });
        if let Some(stream) = self.signal_stream.as_ref()
            && stream.is_told_of(&event)
        {
            self.deliveries.add(&stream.id, event.clone());
        }
        for (_, hook) in self.event_hooks.iter() {
            if hook.is_told_of(kind) {
                self.deliveries.add(&hook.id, event.clone());
            }
        }
    }

    /// The user at `position` as the doer of things.
    pub(crate) fn actor(&self, position: u64) -> Option<Arc<Actor>> {
        self.users.get(position).map(|user| {
            Arc::new(Actor {
                id: user.id.clone(),
                kind: "User",
                alternate_id: user.login().to_owned(),
                display_name: user.display_name(),
            })
        })
    }
}
