"""A user in a group, through Okta's SDK for Python."""

import asyncio

from okta import models
from okta.client import Client


async def main():
    okta = Client()  # reads OKTA_CLIENT_ORGURL and OKTA_CLIENT_TOKEN

    profile = {"login": "ada@example.com", "email": "ada@example.com", "firstName": "Ada", "lastName": "King"}
    user, _, error = await okta.create_user(models.CreateUserRequest.from_dict({"profile": profile}))
    assert error is None, error

    request = models.AddGroupRequest.from_dict({"profile": {"name": "Mathematicians"}})
    group, _, error = await okta.add_group(request)
    assert error is None, error
    await okta.assign_user_to_group(group.id, user.id)

    members, _, _ = await okta.list_group_users(group.id)
    assert [member.profile.login for member in members] == ["ada@example.com"]
    print("ok", members[0].profile.login)


asyncio.run(main())
print("end")
