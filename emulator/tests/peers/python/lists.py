"""Lists that are longer than a page, through Okta's SDK: the org has 1,050 users more."""

from okta import models
from steps import client, done, every, holds, run, same, step


async def script():
    okta = client()
    with step("all users, 200 at a time"):
        users, pages = await every(okta.list_users, limit=200)
        holds(len(users) > 1050 and pages == 6, f"{len(users)} users on {pages} pages")
        same(len({user.id for user in users}), len(users))
    with step("a sorted search over pages"):
        query = {"search": 'status eq "ACTIVE"', "sort_by": "profile.login", "sort_order": "asc", "limit": 100}
        found, _ = await every(okta.list_users, **query)
        logins = [user.profile.login for user in found]
        holds(len(logins) > 1000, "there are as many")
        same(logins, sorted(logins))
    with step("members of a group over pages"):
        everyone = (await done(okta.list_groups(q="Everyone")))[0]

        async def members(after=None, limit=None):
            return await okta.list_group_users(everyone.id, after=after, limit=limit)

        found, _ = await every(members, limit=200)
        same(len(found), len(users))
    with step("groups over pages"):
        for number in range(25):
            body = models.AddGroupRequest.from_dict({"profile": {"name": f"Team {number}"}})
            await done(okta.add_group(body))
        groups, pages = await every(okta.list_groups, limit=10)
        holds(len(groups) >= 28 and pages >= 3, f"{len(groups)} groups on {pages} pages")


run(script)
