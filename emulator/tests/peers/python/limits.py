"""Rate limits through Okta's SDK: the org takes eight requests in two seconds."""

from steps import client, done, refused, run, same, step


async def script():
    with step("without retries, one request too many is an error"):
        hasty = client(rateLimit={"maxRetries": 0})
        for _ in range(8):
            await done(hasty.get_user("me"))
        await refused(hasty.get_user("me"), 429, "E0000047")
    with step("with retries, all requests are answered"):
        patient = client(rateLimit={"maxRetries": 4})
        for _ in range(20):
            same((await done(patient.get_user("me"))).profile.login, "admin@example.com")


run(script)
