"""A service app with a private key, through Okta's SDK."""

import os

from steps import client, done, holds, refused, run, step


def service(scopes, **settings):
    return client(**{
        "authorizationMode": "PrivateKey",
        "clientId": os.environ["SERVICE_CLIENT_ID"],
        "privateKey": os.environ["SERVICE_KEY"],
        "kid": os.environ["SERVICE_KEY_ID"],
        "scopes": scopes,
        **settings,
    })


async def script():
    with step("a service app reads users"):
        okta = service(["okta.users.read"])
        holds(len(await done(okta.list_users())) > 0, "there are users")
    with step("one token serves for many calls"):
        holds(len(await done(okta.list_users(limit=1))) == 1, "there is a user")
    with step("another scope is not granted by the token"):
        await refused(okta.list_groups(), 403, "E0000006")
    with step("scopes that the app lacks"):
        error = (await service(["okta.policies.manage"]).list_users())[-1]
        holds("consent_required" in str(error), f"the error names the reason: {error}")
    with step("tokens that are bound to a key"):
        bound = service(["okta.users.read"], dpopEnabled=True)
        holds(len(await done(bound.list_users())) > 0, "there are users")
        holds(len(await done(bound.list_users(search='status eq "ACTIVE"'))) > 0, "a query is no part of the proof")


run(script)
