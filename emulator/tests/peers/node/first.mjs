// A user in a group, through Okta's SDK for Node.

import assert from "node:assert/strict";
import okta from "@okta/okta-sdk-nodejs";

const { userApi, groupApi } = new okta.Client(); // reads OKTA_CLIENT_ORGURL and OKTA_CLIENT_TOKEN

const profile = { login: "ada@example.com", email: "ada@example.com", firstName: "Ada", lastName: "King" };
const { id: userId } = await userApi.createUser({ body: { profile } });
const { id: groupId } = await groupApi.createGroup({ group: { profile: { name: "Mathematicians" } } });
await groupApi.assignUserToGroup({ groupId, userId });

const members = await groupApi.listGroupUsers({ groupId });
for await (const member of members) {
  assert.equal(member.profile.login, "ada@example.com");
  console.log("ok", member.profile.login);
}
console.log("end");
