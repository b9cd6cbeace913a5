// Tokens of the emulator, verified by Okta's verifier.

import Verifier from "@okta/jwt-verifier";
import { holds, run, same, step } from "./steps.mjs";

const { ISSUER, PASSWORD, TRUSTED_CLIENT_ID: clientId, TRUSTED_CLIENT_SECRET: secret } = process.env;
const verifier = (options) => new Verifier({ issuer: ISSUER, testing: { disableHttpsCheck: true }, ...options });

async function logIn() {
  const body = new URLSearchParams({
    grant_type: "password",
    username: "grace@example.com",
    password: PASSWORD,
    scope: "openid email",
  });
  const authorization = `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`;
  const response = await fetch(`${ISSUER}/v1/token`, { method: "POST", body, headers: { authorization } });
  return response.json();
}

const fails = (promise, words) =>
  promise.then(
    () => {
      throw new Error("was not refused");
    },
    (error) => holds(words.test(error.message), `the error says so: ${error.message}`),
  );

await run(async () => {
  const { access_token: accessToken, id_token: idToken } = await logIn();
  await step("an access token", async () => {
    const { claims } = await verifier().verifyAccessToken(accessToken, "api://default");
    same([claims.cid, claims.sub, claims.iss], [clientId, "grace@example.com", ISSUER]);
    holds(claims.scp.includes("email"), "the scope is in it");
  });
  await step("claims that have to be there", async () => {
    const assertClaims = { "scp.includes": ["openid", "email"], cid: clientId };
    await verifier({ assertClaims }).verifyAccessToken(accessToken, "api://default");
    const demanding = verifier({ assertClaims: { "scp.includes": ["profile"] } });
    await fails(demanding.verifyAccessToken(accessToken, "api://default"), /does not include/);
  });
  await step("an ID token", async () => {
    const { claims } = await verifier().verifyIdToken(idToken, clientId);
    same([claims.aud, claims.email], [clientId, "grace@example.com"]);
  });
  await step("tokens for others are refused", async () => {
    await fails(verifier().verifyAccessToken(accessToken, "api://other"), /audience/);
    await fails(verifier().verifyIdToken(idToken, "0oaOther"), /client id/);
  });
  await step("a changed token is refused", async () => {
    const [header, , signature] = accessToken.split(".");
    const claims = Buffer.from(JSON.stringify({ iss: ISSUER, exp: 9999999999 })).toString("base64url");
    await fails(verifier().verifyAccessToken(`${header}.${claims}.${signature}`, "api://default"), /[Ss]ignature/);
  });
});
