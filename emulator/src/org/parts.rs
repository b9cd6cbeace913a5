//! The parts of an org that are kept: the one list of them. A new member of [`Org`] has to be put
//! here before the program compiles.

use super::Org;
use super::table::Table;
use crate::tracked::part::Visitor;

impl Org {
    /// Takes out what a new org has, before an old one is read.
    pub(crate) fn empty(&mut self) {
        self.groups = Table::default();
        self.user_types = Table::default();
    }

    /// Visits every part that is kept, with the name under which it is.
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self {
            id,
            user_type,
            user_types,
            group_schema,
            app_schemas,
            lax_profiles: _,   // A setting of each start,
            reconciliation: _, // and so is this.
            users,
            groups,
            memberships,
            everyone,
            owners,
            rules,
            linked_objects,
            apps,
            signing,
            custom_roles,
            resource_sets,
            policies,
            authorization_servers,
            event_hooks,
            signal_stream,
            deliveries: _, // Under way, by this process.
            factors,
            challenges,
            outbox,
            tickets,
            log,
            logging: _, // Off only while a seed is planted.
            ids,
            now: _,    // Of the present request,
            caller: _, // and so is this.
            api_tokens,
            authentications,
            oauth,
            store,
            samples,
        } = self;
        visit("org", id);
        visit("default user type", user_type);
        visit("user types", user_types);
        visit("group schema", group_schema);
        visit("app schemas", app_schemas);
        visit("users", users);
        visit("groups", groups);
        visit("memberships", memberships);
        visit("everyone", everyone);
        owners.parts(visit);
        visit("group rules", rules);
        linked_objects.parts(visit);
        visit("apps", apps);
        signing.parts(visit);
        visit("custom roles", custom_roles);
        visit("resource sets", resource_sets);
        visit("policies", policies);
        visit("authorization servers", authorization_servers);
        visit("event hooks", event_hooks);
        visit("signal stream", signal_stream);
        visit("factors", factors);
        challenges.parts(visit);
        outbox.parts(visit);
        visit("tickets", tickets);
        visit("log", log);
        visit("ids", ids);
        visit("api tokens", api_tokens);
        authentications.parts(visit);
        oauth.parts(visit);
        store.parts(visit);
        visit("samples", samples);
    }
}
