"""What else an administrator sets up, through Okta's SDK: each is created, read, and gone once it is
deleted."""

from okta import models
from steps import client, done, holds, refused, run, same, step, wrong_in_client


async def life(okta, name, plural, body, model, identifier="id"):
    """Creates, reads, lists and deletes an object of a collection."""
    with step(f"the life of a {name}".replace("_", " ")):
        made = await done(getattr(okta, f"create_{name}")(model.from_dict(body)))
        key = getattr(made, identifier)
        same(getattr(await done(getattr(okta, f"get_{name}")(key)), identifier), key)
        listed = await done(getattr(okta, f"list_{plural}")())
        holds(key in [getattr(one, identifier) for one in listed], "it is listed")
        await done(getattr(okta, f"delete_{name}")(key))
        await refused(getattr(okta, f"get_{name}")(key), 404, "E0000007")


async def collections(okta):
    await life(okta, "behavior_detection_rule", "behavior_detection_rules", {
        "name": "Fast travel", "type": "VELOCITY", "settings": {"velocityKph": 900},
    }, models.BehaviorRule)
    await life(okta, "device_assurance_policy", "device_assurance_policies", {
        "name": "Phones", "platform": "ANDROID", "osVersion": {"minimum": "14"},
    }, models.DeviceAssurance)
    await life(okta, "sms_template", "sms_templates", {
        "name": "Codes", "type": "SMS_VERIFY_CODE", "template": "${org.name}: your code is ${code}",
        "translations": {"fr": "${org.name} : votre code est ${code}"},
    }, models.SmsTemplate)
    await life(okta, "push_provider", "push_providers", {
        "name": "Phones", "providerType": "APNS",
        "configuration": {"keyId": "ABC123DEFG", "teamId": "DEF123GHIJ", "tokenSigningKey": "-----BEGIN PRIVATE KEY-----",
                          "fileName": "key.p8"},
    }, models.PushProvider)
    await life(okta, "hook_key", "hook_keys", {"name": "Signing"}, models.KeyRequest)
    await life(okta, "captcha_instance", "captcha_instances", {
        "name": "Robots", "type": "HCAPTCHA", "siteKey": "site", "secretKey": "secret",
    }, models.CAPTCHAInstance)


async def log_streams(okta):
    with wrong_in_client("create a log stream", "the model of the request needs what the server makes"):
        body = models.LogStream.from_dict({
            "type": "splunk_cloud_logstreaming", "name": "Events",
            "settings": {"edition": "aws", "host": "example.splunkcloud.com", "token": "58A7C8D6-4E2F-4C3B-8F5B-D4E2F3A4B5C6"},
        })
        await done(okta.create_log_stream(body))


async def domains(okta):
    with step("the life of a domain"):
        body = {"domain": "login.example.com", "certificateSourceType": "MANUAL"}
        domain = await done(okta.create_custom_domain(models.DomainRequest.from_dict(body)))
        same(domain.domain, "login.example.com")
        holds(domain.id in [one.id for one in (await done(okta.list_custom_domains())).domains], "it is listed")
        await done(okta.verify_domain(domain.id))
        await done(okta.delete_custom_domain(domain.id))
        await refused(okta.get_custom_domain(domain.id), 404, "E0000007")


async def emails(okta):
    with step("a text of an e-mail"):
        brand = (await done(okta.list_brands()))[0].id
        template = (await done(okta.list_email_templates(brand)))[0].name
        body = {"language": "en", "isDefault": True, "subject": "Welcome", "body": "<p>${activationLink}</p>"}
        text = models.EmailCustomization.from_dict(body)
        made = await done(okta.create_email_customization(brand, template, text))
        same((await done(okta.get_email_customization(brand, template, made.id))).subject, "Welcome")
        await done(okta.delete_all_customizations(brand, template))
        same(await done(okta.list_email_customizations(brand, template)), [])


async def owners(okta):
    with step("owners of a group"):
        group = (await done(okta.list_groups(q="Engineering")))[0].id
        user = (await done(okta.get_user("grace@example.com"))).id
        body = models.AssignGroupOwnerRequestBody.from_dict({"id": user, "type": "USER"})
        same((await done(okta.assign_group_owner(group, body))).id, user)
        same([one.id for one in await done(okta.list_group_owners(group))], [user])
        await done(okta.delete_group_owner(group, user))
        same(await done(okta.list_group_owners(group)), [])


async def switches(okta):
    with step("authenticators are switched off and on"):
        listed = await done(okta.list_authenticators())
        key = next(one for one in listed if one.key == "webauthn")
        same((await done(okta.deactivate_authenticator(key.id))).status, "INACTIVE")
        same((await done(okta.activate_authenticator(key.id))).status, "ACTIVE")
    with step("features are switched off and on"):
        feature = (await done(okta.list_features()))[0]
        for lifecycle, status in [("DISABLE", "DISABLED"), ("ENABLE", "ENABLED")]:
            same((await done(okta.update_feature_lifecycle(feature.id, lifecycle))).status, status)
    with step("settings of threats"):
        body = models.ThreatInsightConfiguration.from_dict({"action": "block", "excludeZones": []})
        await done(okta.update_configuration(body))
        same((await done(okta.get_current_configuration())).action, "block")
    with step("settings of the org"):
        body = models.OrgSetting.from_dict({"companyName": "Difference Engines", "website": "https://example.com"})
        same((await done(okta.update_org_settings(body))).company_name, "Difference Engines")
        same((await done(okta.get_org_settings())).website, "https://example.com")
    with step("mappings of profiles"):
        mapping = (await done(okta.list_profile_mappings()))[0].id
        change = {"properties": {"nickName": {"expression": "user.nickName", "pushStatus": "PUSH"}}}
        changed = await done(okta.update_profile_mapping(mapping, models.ProfileMappingRequest.from_dict(change)))
        same(changed.properties["nickName"].expression, "user.nickName")


async def copies(okta):
    with step("a policy is cloned"):
        policy = (await done(okta.list_policies("ACCESS_POLICY")))[0]
        clone = await done(okta.clone_policy(policy.id))
        holds(clone.id != policy.id and clone.name != policy.name, "it is another one")
    with step("a rule that assigns realms"):
        realm = (await done(okta.list_realms()))[0].id
        body = models.CreateRealmAssignmentRequest.from_dict({
            "name": "Partners", "priority": 0,
            "conditions": {"profileSourceId": "0oa0000000000000000", "expression": {"value": "user.profile.title.startsWith('P')"}},
            "actions": {"assignUserToRealm": {"realmId": realm}},
        })
        rule = await done(okta.create_realm_assignment(body))
        await done(okta.activate_realm_assignment(rule.id))
        same((await done(okta.get_realm_assignment(rule.id))).status, "ACTIVE")
        await done(okta.deactivate_realm_assignment(rule.id))
        await done(okta.delete_realm_assignment(rule.id))
        await refused(okta.get_realm_assignment(rule.id), 404, "E0000007")


async def script():
    okta = client()
    for part in [collections, log_streams, domains, emails, owners, switches, copies]:
        await part(okta)


run(script)
