// Lists that are longer than a page, through Okta's SDK: the org has 1,050 users more.

import okta from "@okta/okta-sdk-nodejs";
import { every, holds, ids, run, same, step } from "./steps.mjs";

const { userApi, groupApi } = new okta.Client({ cacheMiddleware: null });

await run(async () => {
  let users;
  await step("all users, 200 at a time", async () => {
    users = await every(userApi.listUsers({ limit: 200 }));
    holds(users.length > 1050, `${users.length} users`);
    same(new Set(ids(users)).size, users.length);
  });
  await step("a sorted search over pages", async () => {
    const query = { search: 'status eq "ACTIVE"', sortBy: "profile.login", sortOrder: "asc", limit: 100 };
    const logins = (await every(userApi.listUsers(query))).map((user) => user.profile.login);
    holds(logins.length > 1000, "there are as many");
    same(logins, [...logins].sort());
  });
  await step("members of a group over pages", async () => {
    const [everyone] = await every(groupApi.listGroups({ q: "Everyone" }));
    same((await every(groupApi.listGroupUsers({ groupId: everyone.id, limit: 200 }))).length, users.length);
  });
  await step("groups over pages", async () => {
    for (let number = 0; number < 25; number++) {
      await groupApi.createGroup({ group: { profile: { name: `Team ${number}` } } });
    }
    holds((await every(groupApi.listGroups({ limit: 10 }))).length >= 28, "there are as many");
  });
});
