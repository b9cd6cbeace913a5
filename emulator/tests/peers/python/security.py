"""Policies, zones, authorization servers, identity providers, hooks, origins, brands, realms, the log."""

from datetime import datetime, timezone

from okta import models
from steps import client, done, holds, refused, run, same, step


async def policies(okta):
    with step("policies that every org has"):
        for kind in ["OKTA_SIGN_ON", "PASSWORD", "MFA_ENROLL", "ACCESS_POLICY"]:
            listed = await done(okta.list_policies(kind))
            holds(any(one.system for one in listed), f"there is a system policy of type {kind}")
    with step("create a policy"):
        body = models.Policy.from_dict({
            "type": "OKTA_SIGN_ON", "name": "Night shift", "description": "After hours", "status": "ACTIVE", "priority": 1,
            "conditions": {"people": {"groups": {"include": []}}},
        })
        policy = await done(okta.create_policy(body))
        same((policy.type, policy.name, policy.system), ("OKTA_SIGN_ON", "Night shift", False))
    with step("create and list rules of a policy"):
        body = models.PolicyRule.from_dict({
            "type": "SIGN_ON", "name": "Nobody", "conditions": {"network": {"connection": "ANYWHERE"}},
            "actions": {"signon": {"access": "DENY"}},
        })
        rule = await done(okta.create_policy_rule(policy.id, body))
        same((await done(okta.get_policy_rule(policy.id, rule.id))).actions.signon.access, "DENY")
        holds(rule.id in [one.id for one in await done(okta.list_policy_rules(policy.id))], "the rule is listed")
    with step("switch policies and rules off and on"):
        await done(okta.deactivate_policy_rule(policy.id, rule.id))
        same((await done(okta.get_policy_rule(policy.id, rule.id))).status, "INACTIVE")
        await done(okta.activate_policy_rule(policy.id, rule.id))
        await done(okta.deactivate_policy(policy.id))
        same((await done(okta.get_policy(policy.id))).status, "INACTIVE")
        await done(okta.activate_policy(policy.id))
    with step("change a policy"):
        policy.name = "Late shift"
        same((await done(okta.replace_policy(policy.id, policy))).name, "Late shift")
    with step("delete rule and policy"):
        await done(okta.delete_policy_rule(policy.id, rule.id))
        await refused(okta.get_policy_rule(policy.id, rule.id), 404, "E0000007")
        await done(okta.delete_policy(policy.id))
        await refused(okta.get_policy(policy.id), 404, "E0000007")
    with step("a password policy"):
        body = models.Policy.from_dict({
            "type": "PASSWORD", "name": "Long ones", "description": "At least twelve", "status": "ACTIVE",
            "conditions": {"authProvider": {"provider": "OKTA"}},
            "settings": {"password": {"complexity": {"minLength": 12}}},
        })
        policy = await done(okta.create_policy(body))
        same(policy.settings.password.complexity.min_length, 12)
        await done(okta.delete_policy(policy.id))


async def zones(okta):
    with step("zones that every org has"):
        names = [one.name for one in await done(okta.list_network_zones())]
        holds("LegacyIpZone" in names, "there is the zone of old")
    with step("the life of a zone"):
        body = models.NetworkZone.from_dict({
            "type": "IP", "name": "Office", "status": "ACTIVE", "usage": "POLICY",
            "gateways": [{"type": "CIDR", "value": "192.0.2.0/24"}],
        })
        zone = await done(okta.create_network_zone(body))
        same((zone.type, zone.gateways[0].value), ("IP", "192.0.2.0/24"))
        zone = await done(okta.get_network_zone(zone.id))
        zone.name = "Head office"
        same((await done(okta.replace_network_zone(zone.id, zone))).name, "Head office")
        same((await done(okta.deactivate_network_zone(zone.id))).status, "INACTIVE")
        same((await done(okta.activate_network_zone(zone.id))).status, "ACTIVE")
        await done(okta.deactivate_network_zone(zone.id))
        await done(okta.delete_network_zone(zone.id))
        await refused(okta.get_network_zone(zone.id), 404, "E0000007")


async def authorization_servers(okta):
    with step("the default authorization server"):
        listed = await done(okta.list_authorization_servers())
        same([one.name for one in listed], ["default"])
        same((await done(okta.get_authorization_server("default"))).audiences, ["api://default"])
    with step("create and change an authorization server"):
        body = {"name": "Library", "description": "Books", "audiences": ["https://library.example.com"]}
        server = await done(okta.create_authorization_server(models.AuthorizationServer.from_dict(body)))
        same(server.issuer, f"{okta.get_base_url()}/oauth2/{server.id}")
        server.description = "Books and maps"
        same((await done(okta.replace_authorization_server(server.id, server))).description, "Books and maps")
    with step("scopes of a server"):
        names = [one.name for one in await done(okta.list_o_auth2_scopes(server.id))]
        holds("openid" in names and "offline_access" in names, "there are those of OpenID Connect")
        body = models.OAuth2Scope.from_dict({"name": "books:read", "description": "Read books"})
        scope = await done(okta.create_o_auth2_scope(server.id, body))
        same((await done(okta.get_o_auth2_scope(server.id, scope.id))).name, "books:read")
        await done(okta.delete_o_auth2_scope(server.id, scope.id))
    with step("claims of a server"):
        body = models.OAuth2Claim.from_dict({
            "name": "card", "claimType": "RESOURCE", "valueType": "EXPRESSION", "value": "user.employeeNumber",
            "status": "ACTIVE", "alwaysIncludeInToken": True, "conditions": {"scopes": []},
        })
        claim = await done(okta.create_o_auth2_claim(server.id, body))
        holds(claim.id in [one.id for one in await done(okta.list_o_auth2_claims(server.id))], "it is listed")
        await done(okta.delete_o_auth2_claim(server.id, claim.id))
    with step("policies and rules of a server"):
        body = models.AuthorizationServerPolicy.from_dict({
            "type": "OAUTH_AUTHORIZATION_POLICY", "name": "Readers", "description": "All clients", "priority": 1,
            "status": "ACTIVE", "conditions": {"clients": {"include": ["ALL_CLIENTS"]}},
        })
        policy = await done(okta.create_authorization_server_policy(server.id, body))
        body = models.AuthorizationServerPolicyRuleRequest.from_dict({
            "type": "RESOURCE_ACCESS", "name": "Codes", "priority": 1,
            "conditions": {
                "people": {"groups": {"include": ["EVERYONE"]}},
                "grantTypes": {"include": ["authorization_code"]},
                "scopes": {"include": ["*"]},
            },
            "actions": {"token": {"accessTokenLifetimeMinutes": 60, "refreshTokenLifetimeMinutes": 0,
                                  "refreshTokenWindowMinutes": 10080}},
        })
        rule = await done(okta.create_authorization_server_policy_rule(server.id, policy.id, body))
        listed = await done(okta.list_authorization_server_policy_rules(server.id, policy.id))
        same([one.id for one in listed], [rule.id])
        await done(okta.deactivate_authorization_server_policy_rule(server.id, policy.id, rule.id))
        await done(okta.delete_authorization_server_policy_rule(server.id, policy.id, rule.id))
        same([one.id for one in await done(okta.list_authorization_server_policies(server.id))], [policy.id])
        await done(okta.delete_authorization_server_policy(server.id, policy.id))
    with step("keys of a server"):
        keys = await done(okta.list_authorization_server_keys(server.id))
        holds(any(key.status == "ACTIVE" for key in keys), "one is active")
        same([key.kty for key in keys][:1], ["RSA"])
    with step("delete a server"):
        await done(okta.deactivate_authorization_server(server.id))
        await done(okta.delete_authorization_server(server.id))
        await refused(okta.get_authorization_server(server.id), 404, "E0000007")


async def identity_providers(okta):
    with step("the life of an identity provider"):
        body = models.IdentityProvider.from_dict({
            "type": "OIDC", "name": "Elsewhere",
            "protocol": {
                "type": "OIDC",
                "algorithms": {"request": {"signature": {"algorithm": "RS256", "scope": "REQUEST"}},
                               "response": {"signature": {"algorithm": "RS256", "scope": "ANY"}}},
                "endpoints": {
                    "acs": {"binding": "HTTP-POST", "type": "INSTANCE"},
                    "authorization": {"binding": "HTTP-REDIRECT", "url": "https://idp.example.com/authorize"},
                    "token": {"binding": "HTTP-POST", "url": "https://idp.example.com/token"},
                    "userInfo": {"binding": "HTTP-REDIRECT", "url": "https://idp.example.com/userinfo"},
                    "jwks": {"binding": "HTTP-REDIRECT", "url": "https://idp.example.com/keys"},
                },
                "scopes": ["openid"],
                "credentials": {"client": {"client_id": "id", "client_secret": "secret"}},
                "issuer": {"url": "https://idp.example.com"},
            },
            "policy": {
                "accountLink": {"action": "AUTO", "filter": None},
                "provisioning": {"action": "AUTO", "conditions": {"deprovisioned": {"action": "NONE"},
                                 "suspended": {"action": "NONE"}}, "groups": {"action": "NONE"}},
                "maxClockSkew": 120000,
                "subject": {"userNameTemplate": {"template": "idpuser.email"}, "matchType": "USERNAME"},
            },
        })
        idp = await done(okta.create_identity_provider(body))
        same((idp.type, idp.status), ("OIDC", "ACTIVE"))
        same((await done(okta.get_identity_provider(idp.id))).name, "Elsewhere")
        same([one.id for one in await done(okta.list_identity_providers(q="Else"))], [idp.id])
        same((await done(okta.deactivate_identity_provider(idp.id))).status, "INACTIVE")
        same((await done(okta.activate_identity_provider(idp.id))).status, "ACTIVE")
        await done(okta.delete_identity_provider(idp.id))
        await refused(okta.get_identity_provider(idp.id), 404, "E0000007")


async def hooks(okta):
    channel = {"type": "HTTP", "version": "1.0.0", "config": {"uri": "https://hooks.example.com/in", "headers": []}}
    with step("the life of an event hook"):
        body = models.EventHook.from_dict({
            "name": "Joiners", "events": {"type": "EVENT_TYPE", "items": ["user.lifecycle.create"]}, "channel": channel,
        })
        hook = await done(okta.create_event_hook(body))
        same((hook.status, hook.verification_status), ("ACTIVE", "UNVERIFIED"))
        same([one.id for one in await done(okta.list_event_hooks())], [hook.id])
        same((await done(okta.deactivate_event_hook(hook.id))).status, "INACTIVE")
        await done(okta.delete_event_hook(hook.id))
        await refused(okta.get_event_hook(hook.id), 404, "E0000007")
    with step("the life of an inline hook"):
        body = models.InlineHookCreate.from_dict({
            "name": "Tokens", "type": "com.okta.oauth2.tokens.transform", "version": "1.0.0",
            "channel": {"type": "HTTP", "version": "1.0.0", "config": {
                "uri": "https://hooks.example.com/token", "method": "POST", "headers": [],
                "authScheme": {"type": "HEADER", "key": "authorization", "value": "secret"},
            }},
        })
        hook = await done(okta.create_inline_hook(body))
        same((hook.status, hook.type), ("ACTIVE", "com.okta.oauth2.tokens.transform"))
        same([one.id for one in await done(okta.list_inline_hooks())], [hook.id])
        same((await done(okta.deactivate_inline_hook(hook.id))).status, "INACTIVE")
        await done(okta.delete_inline_hook(hook.id))
        await refused(okta.get_inline_hook(hook.id), 404, "E0000007")


async def origins(okta):
    with step("the life of a trusted origin"):
        body = models.TrustedOriginWrite.from_dict({
            "name": "Shop", "origin": "https://shop.example.com", "scopes": [{"type": "CORS"}, {"type": "REDIRECT"}],
        })
        origin = await done(okta.create_trusted_origin(body))
        same((origin.status, [scope.type for scope in origin.scopes]), ("ACTIVE", ["CORS", "REDIRECT"]))
        same((await done(okta.deactivate_trusted_origin(origin.id))).status, "INACTIVE")
        same((await done(okta.activate_trusted_origin(origin.id))).status, "ACTIVE")
        holds(origin.id in [one.id for one in await done(okta.list_trusted_origins())], "it is listed")
        await done(okta.delete_trusted_origin(origin.id))
        await refused(okta.get_trusted_origin(origin.id), 404, "E0000007")


async def brands(okta):
    with step("the brand that every org has"):
        brand = (await done(okta.list_brands()))[0]
        same(brand.is_default, True)
        themes = await done(okta.list_brand_themes(brand.id))
        holds(themes[0].primary_color_hex.startswith("#"), "it has a theme with a colour")
    with step("the life of a brand"):
        brand = await done(okta.create_brand(models.CreateBrandRequest.from_dict({"name": "Second"})))
        changed = models.BrandRequest.from_dict({"name": "Third"})
        same((await done(okta.replace_brand(brand.id, changed))).name, "Third")
        await done(okta.delete_brand(brand.id))
        await refused(okta.get_brand(brand.id), 404, "E0000007")


async def realms(okta):
    with step("the life of a realm"):
        body = models.CreateRealmRequest.from_dict({"profile": {"name": "Partners", "realmType": "PARTNER"}})
        realm = await done(okta.create_realm(body))
        same((await done(okta.get_realm(realm.id))).profile.name, "Partners")
        body = models.UpdateRealmRequest.from_dict({"profile": {"name": "Suppliers", "realmType": "PARTNER"}})
        same((await done(okta.replace_realm(realm.id, body))).profile.name, "Suppliers")
        holds(realm.id in [one.id for one in await done(okta.list_realms())], "it is listed")
        await done(okta.delete_realm(realm.id))
        await refused(okta.get_realm(realm.id), 404, "E0000007")


async def log(okta):
    with step("the log has what happened"):
        body = {"profile": {"firstName": "Log", "lastName": "Book", "email": "log@example.com", "login": "log@example.com"}}
        user = await done(okta.create_user(models.CreateUserRequest.from_dict(body)))
        events = await done(okta.list_log_events(filter='eventType eq "user.lifecycle.create"', sort_order="DESCENDING"))
        holds(user.id in [target.id for target in events[0].target], "the newest event is about the user")
        same(events[0].outcome.result, "SUCCESS")
    with step("the log by time and words"):
        since = datetime(2000, 1, 1, tzinfo=timezone.utc).isoformat().replace("+00:00", "Z")
        events = await done(okta.list_log_events(since=since, q="log@example.com", limit=5))
        holds(1 <= len(events) <= 5, "there are events")
        holds(all(one.published for one in events), "all have a time")


async def script():
    okta = client()
    for part in [policies, zones, authorization_servers, identity_providers, hooks, origins, brands, realms, log]:
        await part(okta)


run(script)
