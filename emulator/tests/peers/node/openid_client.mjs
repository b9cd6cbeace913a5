// The flows of OAuth 2.0 and OpenID Connect through openid-client, a certified client.

import crypto from "node:crypto";
import * as oidc from "openid-client";
import { holds, run, same, step } from "./steps.mjs";

const { env } = process;
const REDIRECT = "http://localhost:8000/callback";
const insecure = { execute: [oidc.allowInsecureRequests] };

const web = () =>
  oidc.discovery(
    new URL(env.ISSUER),
    env.WEB_CLIENT_ID,
    undefined,
    oidc.ClientSecretBasic(env.WEB_CLIENT_SECRET),
    insecure,
  );

// What a browser does, whose user is logged in: the URL that it comes back to.
async function visit(url) {
  const response = await fetch(url, { redirect: "manual" });
  return new URL(response.headers.get("location"));
}

async function codeFlow(config, options) {
  const verifier = oidc.randomPKCECodeVerifier();
  const expected = { expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() };
  const parameters = {
    redirect_uri: REDIRECT,
    scope: "openid profile email offline_access",
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state: expected.expectedState,
    nonce: expected.expectedNonce,
  };
  const back = await visit(oidc.buildAuthorizationUrl(config, parameters));
  return oidc.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier, ...expected }, undefined, options);
}

async function serviceKey() {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const der = crypto.createPrivateKey(env.SERVICE_KEY).export({ type: "pkcs8", format: "der" });
  return { key: await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]), kid: env.SERVICE_KEY_ID };
}

await run(async () => {
  let config, tokens;
  await step("discovery", async () => {
    config = await web();
    same(config.serverMetadata().issuer, env.ISSUER);
  });
  await step("authorization code with PKCE, state and nonce", async () => {
    tokens = await codeFlow(config);
    same(tokens.claims().preferred_username, "grace@example.com");
    holds(tokens.refresh_token, "there is a refresh token");
  });
  await step("userinfo", async () => {
    const { email } = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
    same(email, "grace@example.com");
  });
  await step("refresh", async () => {
    const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    holds(fresh.access_token !== tokens.access_token, "it is another token");
  });
  await step("introspection and revocation", async () => {
    same((await oidc.tokenIntrospection(config, tokens.access_token)).active, true);
    await oidc.tokenRevocation(config, tokens.access_token);
    same((await oidc.tokenIntrospection(config, tokens.access_token)).active, false);
  });
  await step("tokens that are bound to a key", async () => {
    const handle = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair());
    const bound = await codeFlow(config, { DPoP: handle });
    same(bound.token_type.toLowerCase(), "dpop");
    const { sub } = bound.claims();
    same((await oidc.fetchUserInfo(config, bound.access_token, sub, { DPoP: handle })).sub, sub);
  });
  await step("a pushed request", async () => {
    const verifier = oidc.randomPKCECodeVerifier();
    const expectedState = oidc.randomState();
    const url = await oidc.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: REDIRECT,
      scope: "openid",
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state: expectedState,
    });
    same([...url.searchParams.keys()].sort(), ["client_id", "request_uri"]);
    const checks = { pkceCodeVerifier: verifier, expectedState };
    const pushed = await oidc.authorizationCodeGrant(config, await visit(url), checks);
    holds(pushed.id_token, "there is an ID token");
  });
  await step("client credentials with a private key", async () => {
    const authentication = oidc.PrivateKeyJwt(await serviceKey());
    const url = new URL(env.OKTA_CLIENT_ORGURL);
    const service = await oidc.discovery(url, env.SERVICE_CLIENT_ID, undefined, authentication, insecure);
    const { access_token: token } = await oidc.clientCredentialsGrant(service, { scope: "okta.users.read" });
    const users = await fetch(`${url.origin}/api/v1/users`, { headers: { authorization: `Bearer ${token}` } });
    same(users.status, 200);
  });
});
