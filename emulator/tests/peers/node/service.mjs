// A service app with a private key, through Okta's SDK. Its tokens are always bound to the key.

import okta from "@okta/okta-sdk-nodejs";
import { every, holds, refused, run, step } from "./steps.mjs";

const service = (scopes) =>
  new okta.Client({
    authorizationMode: "PrivateKey",
    clientId: process.env.SERVICE_CLIENT_ID,
    privateKey: process.env.SERVICE_KEY,
    keyId: process.env.SERVICE_KEY_ID,
    scopes,
    cacheMiddleware: null,
  });

await run(async () => {
  const client = service("okta.users.read");
  await step("a service app reads users", async () => {
    holds((await every(client.userApi.listUsers())).length > 0, "there are users");
  });
  await step("a query is no part of the proof", async () => {
    holds((await every(client.userApi.listUsers({ search: 'status eq "ACTIVE"' }))).length > 0, "there are users");
  });
  await step("another scope is not granted by the token", () => {
    return refused(every(client.groupApi.listGroups()), 403, "E0000006");
  });
});
