//! Event hooks: who wants to be told of which events.

pub(crate) mod operations;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::object::Object;
use crate::org::Org;
use crate::org::event_hooks::{Definition, EventHook};
use crate::org::events;
use crate::problem::Problem;

impl Org {
    /// The position of an event hook.
    pub(crate) fn find_event_hook(&self, id: &str) -> Result<u64, Problem> {
        let found = self.event_hooks.position(id);
        found.ok_or_else(|| Problem::not_found(id, "EventHook"))
    }

    pub(crate) fn event_hook(&self, position: u64) -> Result<&EventHook, Problem> {
        self.event_hooks.get(position).ok_or_else(Problem::internal)
    }

    fn event_hook_mut(&mut self, position: u64) -> Result<&mut EventHook, Problem> {
        let hook = self.event_hooks.get_mut(position);
        hook.ok_or_else(Problem::internal)
    }

    /// Creates a hook with `name`, `events` and `channel`: active, and not verified.
    pub(crate) fn create_event_hook(&mut self, body: &Object) -> Result<u64, Problem> {
        let definition = self.event_hook_definition(body, None)?;
        let hook = EventHook {
            id: self.ids.object("who"),
            name: definition.name,
            description: definition.description,
            active: true,
            verified: false,
            created: self.now,
            created_by: self.caller.actor.id.clone(),
            last_updated: self.now,
            events: definition.events,
            filter: definition.filter,
            channel: definition.channel,
        };
        let target = hook.target();
        let position = self.event_hooks.insert(hook);
        self.record(events::EVENT_HOOK_CREATED, [target]);
        Ok(position)
    }

    /// Replaces a hook. One that leads elsewhere has to be verified again.
    pub(crate) fn replace_event_hook(
        &mut self,
        position: u64,
        body: &Object,
    ) -> Result<(), Problem> {
        let definition = self.event_hook_definition(body, Some(position))?;
        let now = self.now;
        let hook = self.event_hook_mut(position)?;
        let uri = &definition.channel["config"]["uri"];
        hook.verified &= uri.as_str() == Some(hook.uri());
        hook.name = definition.name;
        hook.description = definition.description;
        hook.events = definition.events;
        hook.filter = definition.filter;
        hook.channel = definition.channel;
        hook.last_updated = now;
        let target = hook.target();
        self.record(events::EVENT_HOOK_UPDATED, [target]);
        Ok(())
    }

    fn event_hook_definition(
        &self,
        body: &Object,
        own: Option<u64>,
    ) -> Result<Definition, Problem> {
        let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
        if name.trim().is_empty() {
            return Err(Problem::blank("name"));
        }
        let mut others = self.event_hooks.iter().filter(|(at, _)| Some(*at) != own);
        if others.any(|(_, hook)| hook.name == name) {
            return Err(Problem::taken("name"));
        }
        let member = |name: &str| body.get(name).cloned().unwrap_or_default();
        let (subscription, channel) = (member("events"), member("channel"));
        let items = subscription["items"].as_array().into_iter().flatten();
        let items = items.filter_map(Value::as_str).map(str::to_owned);
        let events: BTreeSet<String> = items.collect();
        if events.is_empty() {
            return Err(Problem::blank("events"));
        }
        if channel["config"]["uri"].as_str().is_none_or(str::is_empty) {
            return Err(Problem::blank("channel"));
        }
        Ok(Definition {
            name: name.to_owned(),
            description: member("description"),
            events,
            filter: subscription["filter"].clone(),
            channel,
        })
    }

    /// Switches a hook on or off.
    pub(crate) fn set_event_hook_active(&mut self, position: u64, on: bool) -> Result<(), Problem> {
        let now = self.now;
        let hook = self.event_hook_mut(position)?;
        (hook.active, hook.last_updated) = (on, now);
        let target = hook.target();
        let event = match on {
            true => events::EVENT_HOOK_ACTIVATED,
            false => events::EVENT_HOOK_DEACTIVATED,
        };
        self.record(event, [target]);
        Ok(())
    }

    /// Takes down that the service has answered the challenge.
    pub(crate) fn set_event_hook_verified(&mut self, position: u64) -> Result<(), Problem> {
        let now = self.now;
        let hook = self.event_hook_mut(position)?;
        (hook.verified, hook.last_updated) = (true, now);
        let target = hook.target();
        self.record(events::EVENT_HOOK_VERIFIED, [target]);
        Ok(())
    }

    /// Deletes a hook, which must be inactive.
    pub(crate) fn delete_event_hook(&mut self, position: u64) -> Result<(), Problem> {
        if self.event_hook(position)?.active {
            let cause = "status: Deactivate the event hook before you delete it";
            return Err(Problem::validation("eventHook", [cause]));
        }
        if let Some(hook) = self.event_hooks.remove(position) {
            self.record(events::EVENT_HOOK_DELETED, [hook.target()]);
        }
        Ok(())
    }
}
