"""Users through Okta's SDK: their life, custom attributes, types, factors, linked objects."""

import base64
import hashlib
import hmac
import struct
import time

from okta import models
from steps import client, done, holds, refused, run, same, step, wrong_in_client


def person(login, **profile):
    named = {"firstName": "Ada", "lastName": "Lovelace", "email": login, "login": login}
    return models.CreateUserRequest.from_dict({
        "profile": {**named, **profile},
        "credentials": {"password": {"value": "Analytical-Engine-1"}},
    })


async def life(okta):
    with step("create a user"):
        user = await done(okta.create_user(person("ada@example.com"), activate=True))
        same(user.status, "ACTIVE")
        same(user.profile.login, "ada@example.com")
        same(user.type.id is None, False)
    with step("a login belongs to one user"):
        error = await refused(okta.create_user(person("ada@example.com")), 400, "E0000001")
        holds("login" in error.error_causes[0]["errorSummary"], "the cause names the member")
    with step("get a user by id and by login"):
        same((await done(okta.get_user(user.id))).id, user.id)
        same((await done(okta.get_user("ada@example.com"))).id, user.id)
        same((await done(okta.get_user("ada"))).id, user.id)
    with step("the user of the token"):
        same((await done(okta.get_user("me"))).profile.login, "admin@example.com")
    with step("find users by search, filter and q"):
        found = await done(okta.list_users(search='profile.login eq "ada@example.com"'))
        same([one.id for one in found], [user.id])
        found = await done(okta.list_users(filter='profile.email eq "ada@example.com"'))
        same([one.id for one in found], [user.id])
        same([one.id for one in await done(okta.list_users(q="lovel"))], [user.id])
    with step("update a part of a profile"):
        part = models.UpdateUserRequest.from_dict({"profile": {"nickName": "Countess"}})
        changed = await done(okta.update_user(user.id, part))
        same((changed.profile.nick_name, changed.profile.first_name), ("Countess", "Ada"))
    with step("replace a profile"):
        whole = models.UpdateUserRequest.from_dict({
            "profile": {"firstName": "Ada", "lastName": "King", "email": "ada@example.com", "login": "ada@example.com"},
        })
        changed = await done(okta.replace_user(user.id, whole))
        same((changed.profile.nick_name, changed.profile.last_name), (None, "King"))
    with step("suspend and unsuspend"):
        await done(okta.suspend_user(user.id))
        same((await done(okta.get_user(user.id))).status, "SUSPENDED")
        await refused(okta.suspend_user(user.id), 400, "E0000001")
        await done(okta.unsuspend_user(user.id))
        same((await done(okta.get_user(user.id))).status, "ACTIVE")


async def passwords(okta):
    with step("change a password"):
        user = await done(okta.create_user(person("passwords@example.com")))
        change = models.ChangePasswordRequest.from_dict({
            "oldPassword": {"value": "Analytical-Engine-1"},
            "newPassword": {"value": "Analytical-Engine-2"},
        })
        same((await done(okta.change_password(user.id, change))).provider.type, "OKTA")
    with step("a wrong old password is refused"):
        await refused(okta.change_password(user.id, change), 403, "E0000014")
    with step("reset and expire a password"):
        token = await done(okta.reset_password(user.id, False))
        holds("/reset_password/" in token.reset_password_url or "http" in token.reset_password_url, "there is a link")
        await done(okta.expire_password(user.id))
        same((await done(okta.get_user(user.id))).status, "PASSWORD_EXPIRED")
    with step("end the sessions of a user"):
        await done(okta.revoke_user_sessions(user.id))
    with step("change a recovery question"):
        asked = models.UserCredentials.from_dict({
            "password": {"value": "Analytical-Engine-2"},
            "recovery_question": {"question": "Who wrote the notes?", "answer": "Augusta"},
        })
        credentials = await done(okta.change_recovery_question(user.id, asked))
        same(credentials.recovery_question.question, "Who wrote the notes?")


async def leaving(okta):
    with step("create a user who is staged, and activate"):
        user = await done(okta.create_user(person("leaver@example.com"), activate=False))
        same(user.status, "STAGED")
        await done(okta.activate_user(user.id, send_email=False))
        same((await done(okta.get_user(user.id))).status, "ACTIVE")
    with step("deactivate and delete a user"):
        await done(okta.deactivate_user(user.id))
        same((await done(okta.get_user(user.id))).status, "DEPROVISIONED")
        await done(okta.delete_user(user.id))
    with step("who was deleted is not found"):
        await refused(okta.get_user(user.id), 404, "E0000007")
        await refused(okta.delete_user(user.id), 404, "E0000007")


async def custom_attributes(okta):
    declared = models.UserSchema.from_dict({
        "definitions": {"custom": {
            "id": "#custom",
            "type": "object",
            "properties": {
                "shoeSize": {"title": "Shoe size", "type": "integer", "minimum": 15, "maximum": 60},
                "languages": {"title": "Languages", "type": "array", "items": {"type": "string"}},
            },
        }},
    })
    with step("declare custom attributes"):
        schema = await done(okta.update_user_profile("default", declared))
        holds("shoeSize" in schema.definitions.custom.properties, "shoeSize is declared")
        schema = await done(okta.get_user_schema("default"))
        same(schema.definitions.custom.properties["shoeSize"].title, "Shoe size")
        holds(schema.definitions.base.properties.login is not None, "login is declared")
    with step("a user has custom attributes"):
        body = person("custom@example.com", shoeSize=38, languages=["en", "fr"])
        user = await done(okta.create_user(body))
        user = await done(okta.get_user(user.id))
        same(user.profile.additional_properties["shoeSize"], 38)
        same(user.profile.additional_properties["languages"], ["en", "fr"])
    with step("find users by a custom attribute"):
        found = await done(okta.list_users(search="profile.shoeSize eq 38"))
        same([one.id for one in found], [user.id])
    with step("what no schema declares is refused"):
        error = await refused(okta.create_user(person("hat@example.com", hatSize=7)), 400, "E0000001")
        holds("hatSize" in error.error_causes[0]["errorSummary"], "the cause names the attribute")
    with step("a value of another type is refused"):
        await refused(okta.create_user(person("shoe@example.com", shoeSize="large")), 400, "E0000001")


async def types(okta):
    with step("create, change, list and delete a user type"):
        body = {"name": "contractor", "displayName": "Contractor", "description": "From outside"}
        kind = await done(okta.create_user_type(models.UserType.from_dict(body)))
        part = models.UserTypePostRequest.from_dict({"displayName": "Freelancer"})
        same((await done(okta.update_user_type(kind.id, part))).display_name, "Freelancer")
        same((await done(okta.get_user_type(kind.id))).name, "contractor")
        same(sorted(one.name for one in await done(okta.list_user_types())), ["contractor", "user"])
    with step("a user of a type"):
        body = person("contractor@example.com")
        body.type = models.CreateUserRequestType.from_dict({"id": kind.id})
        user = await done(okta.create_user(body))
        same(user.type.id, kind.id)
        await done(okta.deactivate_user(user.id))
        await done(okta.delete_user(user.id))
    with step("a type that nobody has is deleted"):
        await done(okta.delete_user_type(kind.id))
        await refused(okta.get_user_type(kind.id), 404, "E0000007")


def passcode(secret, at):
    """RFC 6238."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7fffffff) % 1000000:06}"


async def factors(okta):
    with step("factors that a user may have"):
        user = await done(okta.create_user(person("factors@example.com")))
        supported = await done(okta.list_supported_factors(user.id))
        holds("token:software:totp" in [one.factor_type for one in supported], "TOTP is supported")
        questions = await done(okta.list_supported_security_questions(user.id))
        holds(len(questions) > 5, "there are questions")
    with step("enroll a security question"):
        body = models.UserFactor.from_dict({
            "factorType": "question",
            "provider": "OKTA",
            "profile": {"question": "disliked_food", "answer": "mayonnaise"},
        })
        question = await done(okta.enroll_factor(user.id, body))
        same((question.status, question.profile.question), ("ACTIVE", "disliked_food"))
    with step("enroll an authenticator app"):
        body = models.UserFactor.from_dict({"factorType": "token:software:totp", "provider": "GOOGLE"})
        app = await done(okta.enroll_factor(user.id, body))
        same(app.status, "PENDING_ACTIVATION")
        secret = app.embedded["activation"]["sharedSecret"]
    with wrong_in_client("activate an authenticator app", "the model of the request has no passCode"):
        code = models.UserFactorActivateRequest.from_dict({"passCode": passcode(secret, time.time())})
        await done(okta.activate_factor(user.id, app.id, code))
    with step("list and get factors"):
        enrolled = await done(okta.list_factors(user.id))
        same(sorted(one.factor_type for one in enrolled), ["question", "token:software:totp"])
        same((await done(okta.get_factor(user.id, question.id))).id, question.id)
    with wrong_in_client("verify a factor", "the model of the request has no answer"):
        answer = models.UserFactorVerifyRequest.from_dict({"answer": "mayonnaise"})
        await done(okta.verify_factor(user.id, question.id, body=answer))
    with step("unenroll a factor, and reset all"):
        await done(okta.unenroll_factor(user.id, app.id))
        await refused(okta.get_factor(user.id, app.id), 404, "E0000007")
        await done(okta.reset_factors(user.id))
        same(await done(okta.list_factors(user.id)), [])


async def linked_objects(okta):
    with step("define linked objects"):
        body = models.LinkedObject.from_dict({
            "primary": {"name": "mentor", "title": "Mentor", "type": "USER"},
            "associated": {"name": "mentee", "title": "Mentee", "type": "USER"},
        })
        same((await done(okta.create_linked_object_definition(body))).primary.name, "mentor")
        same([one.primary.name for one in await done(okta.list_linked_object_definitions())], ["mentor"])
        same((await done(okta.get_linked_object_definition("mentor"))).associated.name, "mentee")
    with step("link users"):
        boss = (await done(okta.create_user(person("boss@example.com")))).id
        junior = (await done(okta.create_user(person("junior@example.com")))).id
        await done(okta.assign_linked_object_value_for_primary(junior, "mentor", boss))
        linked = await done(okta.list_linked_objects_for_user(boss, "mentee"))
        same(len(linked), 1)
        await done(okta.delete_linked_object_for_user(junior, "mentor"))
        same(await done(okta.list_linked_objects_for_user(boss, "mentee")), [])
    with step("delete the definition"):
        await done(okta.delete_linked_object_definition("mentor"))
        same(await done(okta.list_linked_object_definitions()), [])


async def script():
    okta = client()
    await life(okta)
    await passwords(okta)
    await leaving(okta)
    await custom_attributes(okta)
    await types(okta)
    await factors(okta)
    await linked_objects(okta)


run(script)
