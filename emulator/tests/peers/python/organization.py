"""Groups, rules, applications and administrator roles through Okta's SDK."""

from okta import models
from steps import client, done, holds, refused, run, same, step


async def new_user(okta, login, **profile):
    named = {"firstName": "Mary", "lastName": "Somerville", "email": login, "login": login}
    body = {"profile": {**named, **profile}, "credentials": {"password": {"value": "Mechanism-1831"}}}
    return await done(okta.create_user(models.CreateUserRequest.from_dict(body)))


def group(name, description=None):
    return models.AddGroupRequest.from_dict({"profile": {"name": name, "description": description}})


async def groups(okta):
    with step("create a group"):
        made = await done(okta.add_group(group("Astronomers", "Look up")))
        same(made.type, "OKTA_GROUP")
    with step("the name of a group is unique"):
        await refused(okta.add_group(group("Astronomers")), 400, "E0000001")
    with step("change a group"):
        changed = await done(okta.replace_group(made.id, group("Stargazers", "Look up")))
        found = await done(okta.get_group(made.id))
        profile = found.profile.actual_instance if hasattr(found.profile, "actual_instance") else found.profile
        same((changed.id, profile.name), (made.id, "Stargazers"))
    with step("find groups by q, search and filter"):
        same([one.id for one in await done(okta.list_groups(q="Starg"))], [made.id])
        same([one.id for one in await done(okta.list_groups(search='profile.name eq "Stargazers"'))], [made.id])
        holds(len(await done(okta.list_groups(filter='type eq "OKTA_GROUP"'))) >= 3, "there are groups of the seed")
    with step("members come and go"):
        user = await new_user(okta, "mary@example.com")
        await done(okta.assign_user_to_group(made.id, user.id))
        same([one.id for one in await done(okta.list_group_users(made.id))], [user.id])
        holds(made.id in [one.id for one in await done(okta.list_user_groups(user.id))], "the user has the group")
        await done(okta.unassign_user_from_group(made.id, user.id))
        same(await done(okta.list_group_users(made.id)), [])
    with step("nobody leaves Everyone"):
        everyone = (await done(okta.list_groups(q="Everyone")))[0]
        same(everyone.type, "BUILT_IN")
        await refused(okta.unassign_user_from_group(everyone.id, user.id), 501, "E0000060")
    with step("delete a group"):
        await done(okta.delete_group(made.id))
        await refused(okta.get_group(made.id), 404, "E0000007")


async def rules(okta):
    with step("create a group rule"):
        target = await done(okta.add_group(group("Mathematicians")))
        body = models.CreateGroupRuleRequest.from_dict({
            "type": "group_rule",
            "name": "Mathematics",
            "conditions": {"expression": {
                "type": "urn:okta:expression:1.0", "value": 'user.department=="Mathematics"',
            }},
            "actions": {"assignUserToGroups": {"groupIds": [target.id]}},
        })
        rule = await done(okta.create_group_rule(body))
        same(rule.status, "INACTIVE")
    with step("switch a rule on and off"):
        await done(okta.activate_group_rule(rule.id))
        same((await done(okta.get_group_rule(rule.id))).status, "ACTIVE")
        await done(okta.deactivate_group_rule(rule.id))
        holds(rule.id in [one.id for one in await done(okta.list_group_rules())], "the rule is listed")
    with step("delete a rule"):
        await done(okta.delete_group_rule(rule.id))
        await refused(okta.get_group_rule(rule.id), 404, "E0000007")


BOOKMARK = {
    "name": "bookmark",
    "label": "Almanac",
    "signOnMode": "BOOKMARK",
    "settings": {"app": {"requestIntegration": False, "url": "https://example.com/almanac"}},
}
WEB = {
    "name": "oidc_client",
    "label": "Observatory",
    "signOnMode": "OPENID_CONNECT",
    "credentials": {"oauthClient": {"token_endpoint_auth_method": "client_secret_basic"}},
    "settings": {"oauthClient": {
        "application_type": "web",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "redirect_uris": ["https://example.com/callback"],
    }},
}
SAML = {
    "label": "Planetarium",
    "signOnMode": "SAML_2_0",
    "settings": {"signOn": {
        "ssoAcsUrl": "https://example.com/acs",
        "audience": "https://example.com",
        "recipient": "https://example.com/acs",
        "destination": "https://example.com/acs",
        "subjectNameIdTemplate": "${user.userName}",
        "subjectNameIdFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        "responseSigned": True,
        "assertionSigned": True,
        "signatureAlgorithm": "RSA_SHA256",
        "digestAlgorithm": "SHA256",
        "authnContextClassRef": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        "honorForceAuthn": True,
    }},
}


async def apps(okta):
    with step("create a bookmark"):
        app = await done(okta.create_application(models.Application.from_dict(BOOKMARK)))
        same((app.status, app.sign_on_mode), ("ACTIVE", "BOOKMARK"))
    with step("change an app"):
        app = await done(okta.get_application(app.id))
        app.label = "Almanack"
        same((await done(okta.replace_application(app.id, app))).label, "Almanack")
    with step("find apps"):
        same([one.id for one in await done(okta.list_applications(q="Almanack"))], [app.id])
        holds(len(await done(okta.list_applications(filter='status eq "ACTIVE"'))) >= 3, "there are apps of the seed")
    with step("assign users and groups to an app"):
        user = await new_user(okta, "assigned@example.com")
        assigned = models.AppUserAssignRequest.from_dict({"id": user.id, "scope": "USER"})
        same((await done(okta.assign_user_to_application(app.id, assigned))).id, user.id)
        same([one.id for one in await done(okta.list_application_users(app.id))], [user.id])
        same((await done(okta.get_application_user(app.id, user.id))).scope, "USER")
        team = await done(okta.add_group(group("Readers")))
        given = await done(okta.assign_group_to_application(app.id, team.id))
        same(given.id, team.id)
        same([one.id for one in await done(okta.list_application_group_assignments(app.id))], [team.id])
        same([one.id for one in await done(okta.list_assigned_applications_for_group(team.id))], [app.id])
        links = await done(okta.list_app_links(user.id))
        holds("Almanack" in [one.label for one in links], "the user has a link to the app")
    with step("take an app away"):
        await done(okta.unassign_user_from_application(app.id, user.id))
        await refused(okta.get_application_user(app.id, user.id), 404, "E0000007")
        await done(okta.unassign_application_from_group(app.id, team.id))
        same(await done(okta.list_application_group_assignments(app.id)), [])
    with step("an active app is not deleted"):
        await refused(okta.delete_application(app.id), 403, "E0000056")
    with step("deactivate and delete an app"):
        await done(okta.deactivate_application(app.id))
        same((await done(okta.get_application(app.id))).status, "INACTIVE")
        await done(okta.delete_application(app.id))
        await refused(okta.get_application(app.id), 404, "E0000007")
    with step("create a web app of OpenID Connect"):
        web = await done(okta.create_application(models.Application.from_dict(WEB)))
        credentials = web.credentials.oauth_client
        holds(credentials.client_id and credentials.client_secret, "it has a client id and a secret")
    with step("secrets of a client"):
        first = await done(okta.list_o_auth2_client_secrets(web.id))
        same([one.status for one in first], ["ACTIVE"])
        second = await done(okta.create_o_auth2_client_secret(web.id))
        holds(second.client_secret != first[0].client_secret, "it is another one")
        await done(okta.deactivate_o_auth2_client_secret(web.id, second.id))
        await done(okta.delete_o_auth2_client_secret(web.id, second.id))
        same(len(await done(okta.list_o_auth2_client_secrets(web.id))), 1)
    with step("scopes of an app"):
        body = models.OAuth2ScopeConsentGrant.from_dict({
            "issuer": okta.get_base_url(),
            "scopeId": "okta.users.read",
        })
        grant = await done(okta.grant_consent_to_scope(web.id, body))
        same([one.scope_id for one in await done(okta.list_scope_consent_grants(web.id))], ["okta.users.read"])
        await done(okta.revoke_scope_consent_grant(web.id, grant.id))
    with step("create an app of SAML"):
        saml = await done(okta.create_application(models.Application.from_dict(SAML)))
        same(saml.settings.sign_on.audience, "https://example.com")
        keys = await done(okta.list_application_keys(saml.id))
        same([key.use for key in keys], ["sig"])


async def roles(okta):
    with step("assign a role and take it away"):
        user = await new_user(okta, "administrator@example.com")
        body = models.AssignRoleToUserRequest.from_dict({"type": "USER_ADMIN"})
        given = await done(okta.assign_role_to_user(user.id, body))
        listed = await done(okta.list_assigned_roles_for_user(user.id))
        types = [getattr(one, "actual_instance", one).type for one in listed]
        same(types, ["USER_ADMIN"])
        given = getattr(given, "actual_instance", given)
        await done(okta.unassign_role_from_user(user.id, given.id))
        same(await done(okta.list_assigned_roles_for_user(user.id)), [])
    with step("a custom role with its permissions"):
        body = models.CreateIamRoleRequest.from_dict({
            "label": "Librarian", "description": "Reads", "permissions": ["okta.users.read"],
        })
        role = await done(okta.create_role(body))
        same((await done(okta.get_role("Librarian"))).id, role.id)
        same([one.label for one in (await done(okta.list_role_permissions(role.id))).permissions], ["okta.users.read"])
        await done(okta.create_role_permission(role.id, "okta.groups.read"))
        same(len((await done(okta.list_role_permissions(role.id))).permissions), 2)
        await done(okta.delete_role(role.id))
    with step("a resource set"):
        body = models.CreateResourceSetRequest.from_dict({
            "label": "Everybody", "description": "All users", "resources": [f"{okta.get_base_url()}/api/v1/users"],
        })
        made = await done(okta.create_resource_set(body))
        holds(made.id in [one.id for one in (await done(okta.list_resource_sets())).resource_sets], "it is listed")
        await done(okta.delete_resource_set(made.id))


async def script():
    okta = client()
    await groups(okta)
    await rules(okta)
    await apps(okta)
    await roles(okta)


run(script)
