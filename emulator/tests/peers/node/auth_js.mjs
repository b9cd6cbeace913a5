// Logging in through Okta's SDK for web pages, as far as it goes without a browser.

import crypto from "node:crypto";
import { OktaAuth } from "@okta/okta-auth-js";
import { holds, run, same, step } from "./steps.mjs";

const { env } = process;
const login = "grace@example.com";
const auth = new OktaAuth({
  issuer: env.ISSUER,
  clientId: env.NATIVE_CLIENT_ID,
  redirectUri: "http://localhost:8000/callback",
  scopes: ["openid", "profile", "email", "offline_access"],
});

const manage = (method, path, body) =>
  fetch(env.OKTA_CLIENT_ORGURL + path, {
    method,
    headers: { authorization: `SSWS ${env.OKTA_CLIENT_TOKEN}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  }).then((answer) => answer.json());

// The code that an authenticator app shows now, RFC 6238.
function passcode(secret) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const hash = crypto.createHmac("sha1", key).update(counter).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1000000).padStart(6, "0");
}

const failed = async (call) => {
  try {
    await call;
  } catch (error) {
    return error.errorCode;
  }
  throw new Error("was not refused");
};

await run(async () => {
  let transaction, tokens;
  await step("a wrong password is refused", async () => {
    const wrong = auth.signInWithCredentials({ username: login, password: "wrong" });
    same(await failed(wrong), "E0000004");
  });
  await step("the right one gives a session token", async () => {
    transaction = await auth.signInWithCredentials({ username: login, password: env.PASSWORD });
    same(transaction.status, "SUCCESS");
    holds(transaction.sessionToken, "there is a session token");
  });
  await step("the session token gives a code, and the code tokens", async () => {
    const parameters = await auth.token.prepareTokenParams({ sessionToken: transaction.sessionToken });
    const query = new URLSearchParams({
      client_id: parameters.clientId,
      code_challenge: parameters.codeChallenge,
      code_challenge_method: parameters.codeChallengeMethod,
      nonce: parameters.nonce,
      prompt: "none",
      redirect_uri: parameters.redirectUri,
      response_type: "code",
      scope: parameters.scopes.join(" "),
      sessionToken: transaction.sessionToken,
      state: parameters.state,
    });
    const answer = await fetch(`${env.ISSUER}/v1/authorize?${query}`, { redirect: "manual" });
    const back = new URL(answer.headers.get("location")).searchParams;
    same(back.get("state"), parameters.state);
    const exchange = { ...parameters, authorizationCode: back.get("code") };
    ({ tokens } = await auth.token.exchangeCodeForTokens(exchange));
    same(tokens.idToken.claims.preferred_username, login);
    holds(tokens.refreshToken, "there is a refresh token");
  });
  await step("the ID token is verified", () => auth.token.verify(tokens.idToken));
  await step("userinfo", async () => {
    const user = await auth.token.getUserInfo(tokens.accessToken, tokens.idToken);
    same(user.email, login);
  });
  await step("tokens are renewed, and the refresh token changes", async () => {
    const renewed = await auth.token.renewTokensWithRefresh({ scopes: auth.options.scopes }, tokens.refreshToken);
    holds(renewed.accessToken.accessToken !== tokens.accessToken.accessToken, "the access token is new");
    holds(renewed.refreshToken.refreshToken !== tokens.refreshToken.refreshToken, "the refresh token is new");
    tokens = renewed;
  });
  await step("a revoked access token opens nothing", async () => {
    await auth.token.revoke(tokens.accessToken);
    const answer = await fetch(`${env.ISSUER}/v1/userinfo`, {
      headers: { authorization: `Bearer ${tokens.accessToken.accessToken}` },
    });
    same(answer.status, 401);
  });
  await step("a second factor is asked for and proved", async () => {
    const factors = `/api/v1/users/${login}/factors`;
    const enrolled = await manage("POST", factors, { factorType: "token:software:totp", provider: "GOOGLE" });
    const secret = enrolled._embedded.activation.sharedSecret;
    const activation = `${factors}/${enrolled.id}/lifecycle/activate`;
    same((await manage("POST", activation, { passCode: passcode(secret) })).status, "ACTIVE");
    let begun = await auth.signInWithCredentials({ username: login, password: env.PASSWORD });
    same(begun.status, "MFA_REQUIRED");
    same(begun.factors.map((factor) => factor.factorType), ["token:software:totp"]);
    same(await failed(begun.factors[0].verify({ passCode: "000000" })), "E0000068");
    begun = await begun.factors[0].verify({ passCode: passcode(secret) });
    same(begun.status, "SUCCESS");
  });
  await step("a login under way is resumed and cancelled", async () => {
    const begun = await auth.signInWithCredentials({ username: login, password: env.PASSWORD });
    const { stateToken } = begun.data;
    same((await auth.tx.resume({ stateToken })).status, "MFA_REQUIRED");
    await begun.cancel();
    same(await failed(auth.tx.resume({ stateToken })), "E0000011");
  });
  await step("a password is recovered by e-mail", async () => {
    const sent = await auth.forgotPassword({ username: "alan@example.com", factorType: "EMAIL" });
    same(sent.status, "RECOVERY_CHALLENGE");
    const messages = await manage("GET", "/_emulator/messages");
    const { token } = messages.findLast((message) => message.template === "ForgotPassword");
    const begun = await auth.verifyRecoveryToken({ recoveryToken: token });
    same(begun.status, "PASSWORD_RESET");
    same((await begun.resetPassword({ newPassword: "Battery-staple-8" })).status, "SUCCESS");
    const again = await auth.signInWithCredentials({ username: "alan@example.com", password: "Battery-staple-8" });
    same(again.status, "SUCCESS");
  });
});
