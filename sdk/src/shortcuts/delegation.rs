//! A custom role with what it is about and who has it.

use crate::models::{
    CreateIamRoleRequest, CreateResourceSetRequest, IamRole, ResourceSet,
    ResourceSetBindingAddMembersRequest, ResourceSetBindingCreateRequest,
};
use crate::paths::ResourceSetRole;
use crate::resources::{CustomRoles, ResourceSets};
use crate::shortcuts::ensured::{Ensured, find_or_create};
use crate::{CallFuture, Client, Error, Id};

/// Who may do what to which resources; see [`Client::delegate`].
#[derive(Clone, Debug)]
pub struct Delegation {
    /// What may be done.
    pub role: CreateIamRoleRequest,
    /// To which resources, each by its URL or ORN.
    pub resource_set: CreateResourceSetRequest,
    /// Ids of the users that get the role.
    pub users: Vec<Id>,
    /// Ids of the groups whose members get the role.
    pub groups: Vec<Id>,
}

/// What [`Client::delegate`] found and made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Delegated {
    /// The role.
    pub role: Ensured<IamRole>,
    /// The resource set.
    pub resource_set: Ensured<ResourceSet>,
    /// Whether the binding of the two was made. If not, members were added to one that was there.
    pub binding_created: bool,
}

impl Client {
    /// Gives users and groups a custom role on a set of resources.
    ///
    /// The role and the set are found by label, and created where they are missing. One that is
    /// there is left as it is, even if its permissions or resources differ. The users and groups
    /// are added to those who have the role on the set.
    ///
    /// ```no_run
    /// use okta_sdk::models::{
    ///     CreateIamRoleRequest, CreateIamRoleRequestParts, CreateResourceSetRequest,
    ///     CreateResourceSetRequestParts,
    /// };
    /// use okta_sdk::shortcuts::Delegation;
    ///
    /// # async fn run(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
    /// let made = okta
    ///     .delegate(Delegation {
    ///         role: CreateIamRoleRequest::new(CreateIamRoleRequestParts {
    ///             label: "User reader".into(),
    ///             description: "Reads users".into(),
    ///             permissions: vec!["okta.users.read".into()],
    ///         }),
    ///         resource_set: CreateResourceSetRequest::new(CreateResourceSetRequestParts {
    ///             label: "All users".into(),
    ///             description: "Every user of the org".into(),
    ///             resources: vec![format!("{}/api/v1/users", okta.org_url().as_str())],
    ///         }),
    ///         users: vec!["00u1".into()],
    ///         groups: vec![],
    ///     })
    ///     .await?;
    /// println!("role {}", made.role.get().id);
    /// # Ok(()) }
    /// ```
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/guides/roles/>.
    ///
    /// # Errors
    /// An argument error without users and groups, or if an id is absent; else what the calls give.
    /// What was made before a failure stays, and is found when this is called again.
    pub fn delegate(&self, delegation: Delegation) -> CallFuture<Delegated> {
        let okta = self.clone();
        CallFuture::new("Client::delegate", async move {
            let members = okta.member_urls(&delegation)?;
            let role = okta.custom_roles().find_or_create(delegation.role).await?;
            let sets = okta.resource_sets();
            let resource_set = sets.find_or_create(delegation.resource_set).await?;
            let path = ResourceSetRole {
                resource_set_id_or_label: &resource_set.get().id,
                role_id_or_label: &role.get().id,
            };
            let binding_created = bind(&sets, path, members).await?;
            Ok(Delegated {
                role,
                resource_set,
                binding_created,
            })
        })
    }

    /// Okta takes members by URL.
    fn member_urls(&self, delegation: &Delegation) -> Result<Vec<String>, Error> {
        let org = self.org_url().as_str();
        let users = delegation.users.iter().map(|id| ("users", id));
        let groups = delegation.groups.iter().map(|id| ("groups", id));
        let urls = users.chain(groups).map(|(kind, id)| match id.as_str() {
            Some(id) => Ok(format!("{org}/api/v1/{kind}/{id}")),
            None => Err(Error::invalid_argument(
                kind,
                "has an absent id; pass one that Okta has sent",
            )),
        });
        let urls: Vec<String> = urls.collect::<Result<_, _>>()?;
        if urls.is_empty() {
            let why = "and groups are empty; name at least one who gets the role";
            return Err(Error::invalid_argument("users", why));
        }
        Ok(urls)
    }
}

impl CustomRoles {
    /// The custom role with the label of `role`, or else `role`, created. One that is found is
    /// left as it is.
    ///
    /// # Errors
    /// What the calls give, an argument error for a role without a label included.
    pub fn find_or_create(&self, role: CreateIamRoleRequest) -> CallFuture<Ensured<IamRole>> {
        let handle = self.clone();
        CallFuture::new("CustomRoles::find_or_create", async move {
            let label = role.label.clone().unwrap_or_default();
            let found = present(handle.get(&label).await)?;
            find_or_create(found, handle.create(role), async |_| {
                handle.get(&label).await
            })
            .await
        })
    }
}

impl ResourceSets {
    /// The resource set with the label of `set`, or else `set`, created. One that is found is left
    /// as it is.
    ///
    /// # Errors
    /// What the calls give, an argument error for a set without a label included.
    pub fn find_or_create(
        &self,
        set: CreateResourceSetRequest,
    ) -> CallFuture<Ensured<ResourceSet>> {
        let handle = self.clone();
        CallFuture::new("ResourceSets::find_or_create", async move {
            let label = set.label.clone().unwrap_or_default();
            let found = present(handle.get(&label).await)?;
            find_or_create(found, handle.create(set), async |_| {
                handle.get(&label).await
            })
            .await
        })
    }
}

/// Adds members to a binding, which is made where it is missing; whether it was.
async fn bind(
    sets: &ResourceSets,
    path: ResourceSetRole<&Id, &Id>,
    members: Vec<String>,
) -> Result<bool, Error> {
    if present(sets.get_binding(path).await)?.is_none() {
        let binding = ResourceSetBindingCreateRequest::new()
            .members(members.clone())
            .role(path.role_id_or_label);
        let created = sets.create_binding(path.resource_set_id_or_label, binding);
        match created.await {
            Ok(_) => return Ok(true),
            Err(error) if error.is_conflict() => {}
            Err(error) => return Err(error),
        }
    }
    let additions = ResourceSetBindingAddMembersRequest::new().additions(members);
    sets.add_binding_members(path, additions).await?;
    Ok(false)
}

/// An answer, or nothing if what was asked for does not exist.
fn present<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
