//! Relationships between users, and who is in them.
//!
//! Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/tags/linkedobject>.

pub(crate) mod operations;

use serde_json::Value;

use crate::object::Object;
use crate::org::Org;
use crate::org::linked_objects::LinkedObject;
use crate::problem::Problem;

/// How many relationships an org can define.
const MOST: usize = 200;

impl Org {
    /// The relationship that has a side of that name.
    pub(crate) fn linked_object(&self, name: &str) -> Result<&LinkedObject, Problem> {
        let found = self.linked_objects.named(name);
        found.ok_or_else(|| Problem::not_found(name, "LinkedObject"))
    }

    /// The relationship of a primary name.
    fn relationship(&self, primary: &str) -> Result<&LinkedObject, Problem> {
        let found = self.linked_object(primary)?;
        match found.primary_name() == primary {
            true => Ok(found),
            false => Err(Problem::not_found(primary, "LinkedObject")),
        }
    }

    /// Defines a relationship, and gives it.
    pub(crate) fn create_linked_object(&mut self, body: &Object) -> Result<LinkedObject, Problem> {
        let side = |name: &str| body.get(name).cloned().unwrap_or_default();
        let defined = LinkedObject {
            primary: side("primary"),
            associated: side("associated"),
        };
        let names = [
            ("primary", defined.primary_name()),
            ("associated", defined.associated_name()),
        ];
        for (member, name) in names {
            if name.is_empty() {
                return Err(Problem::blank(&format!("{member}.name")));
            }
            if !is_name(name) {
                let cause = format!(
                    "{member}.name: must have letters, digits and underscores only, and no digit \
                     at the start"
                );
                return Err(Problem::validation(member, [cause]));
            }
        }
        let is_taken = |name: &str| self.linked_objects.named(name).is_some();
        let is_twice = defined.primary_name() == defined.associated_name();
        let taken = names.iter().filter(|(_, name)| is_twice || is_taken(name));
        let taken: Vec<&str> = taken.map(|(member, _)| *member).collect();
        if !taken.is_empty() {
            return Err(Problem::linked_object_in_use(&taken));
        }
        if self.linked_objects.definitions.len() >= MOST {
            let cause = format!("The org has {MOST} linked objects, and can have no more");
            return Err(Problem::validation("linkedObjects", [cause]));
        }
        self.linked_objects.definitions.push(defined.clone());
        Ok(defined)
    }

    pub(crate) fn delete_linked_object(&mut self, name: &str) -> Result<(), Problem> {
        self.linked_object(name)?;
        self.linked_objects.remove(name);
        Ok(())
    }

    /// Makes a user the primary one of another, in the place of the one before.
    pub(crate) fn link_user(
        &mut self,
        associated: u64,
        primary_name: &str,
        primary: &str,
    ) -> Result<(), Problem> {
        self.relationship(primary_name)?;
        let found = self.users.position(primary);
        let primary = found.ok_or_else(|| Problem::not_found(primary, "User"))?;
        self.linked_objects.link(primary_name, associated, primary);
        Ok(())
    }

    /// Ends the link of an associated user; nothing happens to one who has none.
    pub(crate) fn unlink_user(
        &mut self,
        associated: u64,
        primary_name: &str,
    ) -> Result<(), Problem> {
        self.relationship(primary_name)?;
        self.linked_objects.unlink(primary_name, associated);
        Ok(())
    }

    /// The users to whom one is linked: by the primary name the one primary user, by the associated
    /// name all who are associated.
    pub(crate) fn linked_users(&self, user: u64, name: &str) -> Result<Vec<u64>, Problem> {
        let relationship = self.linked_object(name)?;
        let primary_name = relationship.primary_name();
        let links = &self.linked_objects;
        Ok(match primary_name == name {
            true => links.primary_of(primary_name, user).into_iter().collect(),
            false => links.associated_with(primary_name, user).collect(),
        })
    }
}

fn is_name(name: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_';
    name.chars().all(is_part) && !name.starts_with(|it: char| it.is_ascii_digit())
}

/// A relationship on the wire. Its link has the primary name, whatever it was asked for by.
fn shown(linked: &LinkedObject, base: &str) -> Value {
    let name = linked.primary_name();
    let href = format!("{base}/api/v1/meta/schemas/user/linkedObjects/{name}");
    serde_json::json!({
        "primary": linked.primary,
        "associated": linked.associated,
        "_links": { "self": { "href": href } },
    })
}
