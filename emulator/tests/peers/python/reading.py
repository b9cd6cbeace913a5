"""All that Okta's SDK reads with no id, or with one that an org has. Its models are strict: what they
take for something else, the emulator got wrong, or the document does."""

import inspect

from steps import client, done, refused, run, step, wrong_in_client

LIST = "the document has one object, and the client reads a list"
ONE = "the answer is a list, and the client reads one object"
WRONG = {
    "get_authenticator_settings": LIST,
    "get_user_lockout_settings": LIST,
    "list_authenticator_enrollments": ONE,
}
# What an org has only after somebody wrote it.
ABSENT = {
    "get_customized_error_page",
    "get_customized_sign_in_page",
    "get_preview_error_page",
    "get_preview_sign_in_page",
    "get_ssf_streams",
}
# These read from an object that no list gives.
BY_ANOTHER_ID = {"get_app_service_account", "get_hook_key", "get_ui_schema"}


async def ids(okta):
    """What the parameters of that name may be."""

    async def of(call):
        return [one.id for one in await done(call)]

    user = (await of(okta.list_users(search='profile.login eq "grace@example.com"')))[:1]
    apps = await of(okta.list_applications())
    return {
        "api_token_id": await of(okta.list_api_tokens()),
        "app_id": apps,
        "auth_server_id": ["default"],
        "authenticator_id": await of(okta.list_authenticators()),
        "behavior_id": await of(okta.list_behavior_detection_rules()),
        "brand_id": await of(okta.list_brands()),
        "client_id": apps[-1:],
        "device_id": await of(okta.list_devices()),
        "feature_id": await of(okta.list_features()),
        "group_id": await of(okta.list_groups(q="Engineering")),
        "id": user,
        "mapping_id": await of(okta.list_profile_mappings()),
        "policy_id": await of(okta.list_policies("ACCESS_POLICY")),
        "pool_id": await of(okta.list_agent_pools()),
        "realm_id": await of(okta.list_realms()),
        "schema_id": ["default"],
        "type_id": ["default"],
        "user_id": user,
        "zone_id": await of(okta.list_network_zones()),
    }


def readers(okta, known):
    """The methods that read, with the one argument that each may take."""
    for name in sorted(dir(okta)):
        is_reader = name.startswith(("get_", "list_")) and not name.endswith(("_http_info", "_preload_content"))
        method = getattr(okta, name)
        if not is_reader or not inspect.iscoroutinefunction(inspect.unwrap(method)) or name in BY_ANOTHER_ID:
            continue
        parameters = inspect.signature(method).parameters.values()
        needed = [one.name for one in parameters if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD]
        if not needed:
            yield name, method, []
        elif len(needed) == 1 and needed[0] in known:
            for value in known[needed[0]]:
                yield name, method, [value]


async def script():
    okta = client()
    with step("ids of what an org has"):
        known = await ids(okta)
    for name, method, arguments in readers(okta, known):
        if name in WRONG:
            with wrong_in_client(name, WRONG[name]):
                await done(method(*arguments))
        elif name in ABSENT:
            with step(name):
                await refused(method(*arguments), 404, "E0000007")
        else:
            with step(name):
                await done(method(*arguments))


run(script)
