// Rate limits through Okta's SDK: the org takes eight requests in two seconds.

import okta from "@okta/okta-sdk-nodejs";
import { holds, refused, run, same, step } from "./steps.mjs";

// A client that tries again so many times, and counts how often it has to wait.
function client(maxRetries) {
  const requestExecutor = new okta.DefaultRequestExecutor({ maxRetries });
  const made = { waits: 0, userApi: new okta.Client({ cacheMiddleware: null, requestExecutor }).userApi };
  requestExecutor.on("backoff", () => made.waits++);
  return made;
}

await run(async () => {
  await step("without retries, one request too many is an error", async () => {
    const { userApi } = client(0);
    for (let count = 0; count < 8; count++) await userApi.getUser({ userId: "me" });
    await refused(userApi.getUser({ userId: "me" }), 429, "E0000047");
  });
  await step("with retries, all requests are answered", async () => {
    const patient = client(4);
    for (let count = 0; count < 20; count++) {
      same((await patient.userApi.getUser({ userId: "me" })).profile.login, "admin@example.com");
    }
    holds(patient.waits > 0, "some had to wait");
  });
});
