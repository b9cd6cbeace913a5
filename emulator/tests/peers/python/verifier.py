"""Tokens through Okta's verifier for Python, which speaks nothing but `https`."""

import os

import requests
from okta_jwt_verifier import AccessTokenVerifier, IDTokenVerifier
from steps import holds, run, same, step

ISSUER = os.environ["ISSUER"]
CLIENT = (os.environ["TRUSTED_CLIENT_ID"], os.environ["TRUSTED_CLIENT_SECRET"])


def tokens():
    form = {"grant_type": "password", "username": "grace@example.com", "password": os.environ["PASSWORD"],
            "scope": "openid profile api:read"}
    answer = requests.post(f"{ISSUER}/v1/token", data=form, auth=CLIENT, timeout=30)
    answer.raise_for_status()
    return answer.json()


def tampered(token):
    head, claims, signature = token.split(".")
    return ".".join([head, claims, signature[:-6] + ("AAAAAA" if signature[-6:] != "AAAAAA" else "BBBBBB")])


async def is_refused(verified):
    try:
        await verified
    except Exception as why:
        return type(why).__name__
    raise AssertionError("was not refused")


async def script():
    issued = tokens()
    with step("the issuer is https"):
        holds(ISSUER.startswith("https://"), ISSUER)
    access = AccessTokenVerifier(issuer=ISSUER, audience="api://default")
    with step("an access token is verified"):
        await access.verify(issued["access_token"])
    with step("one that was tampered with is refused"):
        same(await is_refused(access.verify(tampered(issued["access_token"]))), "JWTValidationException")
    with step("one for another audience is refused"):
        other = AccessTokenVerifier(issuer=ISSUER, audience="api://other")
        same(await is_refused(other.verify(issued["access_token"])), "JWTValidationException")
    identity = IDTokenVerifier(issuer=ISSUER, client_id=CLIENT[0], audience=CLIENT[0])
    with step("an ID token is verified"):
        await identity.verify(issued["id_token"])
    with step("an ID token of another client is refused"):
        other = IDTokenVerifier(issuer=ISSUER, client_id="another", audience="another")
        same(await is_refused(other.verify(issued["id_token"])), "JWTValidationException")


run(script)
