// Users through Okta's SDK: their life, custom attributes, types, factors, linked objects.

import crypto from "node:crypto";
import okta from "@okta/okta-sdk-nodejs";
import { every, holds, ids, refused, run, same, step } from "./steps.mjs";

const client = new okta.Client({ cacheMiddleware: null });
const { userApi, userTypeApi, userFactorApi, schemaApi, linkedObjectApi } = client;

const person = (login, profile = {}) => ({
  profile: { firstName: "Ada", lastName: "Lovelace", email: login, login, ...profile },
  credentials: { password: { value: "Analytical-Engine-1" } },
});
const create = (login, profile) => userApi.createUser({ body: person(login, profile) });

async function life() {
  let user;
  await step("create a user", async () => {
    user = await userApi.createUser({ body: person("ada@example.com"), activate: true });
    same([user.status, user.profile.login], ["ACTIVE", "ada@example.com"]);
    holds(user.created instanceof Date, "the time of creation is a date");
  });
  await step("a login belongs to one user", async () => {
    const error = await refused(create("ada@example.com"), 400, "E0000001");
    holds(error.errorCauses[0].errorSummary.startsWith("login"), "the cause names the member");
  });
  await step("get a user by id and by login", async () => {
    for (const userId of [user.id, "ada@example.com", "ada"]) same((await userApi.getUser({ userId })).id, user.id);
    same((await userApi.getUser({ userId: "me" })).profile.login, "admin@example.com");
  });
  await step("find users by search, filter and q", async () => {
    const queries = [
      { search: 'profile.login eq "ada@example.com"' },
      { filter: 'profile.email eq "ada@example.com"' },
      { q: "lovel" },
    ];
    for (const query of queries) same(ids(await every(userApi.listUsers(query))), [user.id]);
  });
  await step("update a part of a profile", async () => {
    const changed = await userApi.updateUser({ userId: user.id, user: { profile: { nickName: "Countess" } } });
    same([changed.profile.nickName, changed.profile.firstName], ["Countess", "Ada"]);
  });
  await step("replace a profile", async () => {
    const { profile } = person("ada@example.com", { lastName: "King" });
    const changed = await userApi.replaceUser({ userId: user.id, user: { profile } });
    same([changed.profile.nickName ?? null, changed.profile.lastName], [null, "King"]);
  });
  await step("suspend and unsuspend", async () => {
    await userApi.suspendUser({ userId: user.id });
    same((await userApi.getUser({ userId: user.id })).status, "SUSPENDED");
    await refused(userApi.suspendUser({ userId: user.id }), 400, "E0000001");
    await userApi.unsuspendUser({ userId: user.id });
    same((await userApi.getUser({ userId: user.id })).status, "ACTIVE");
  });
}

async function passwords() {
  let userId;
  const change = {
    oldPassword: { value: "Analytical-Engine-1" },
    newPassword: { value: "Analytical-Engine-2" },
  };
  await step("change a password", async () => {
    userId = (await create("passwords@example.com")).id;
    same((await userApi.changePassword({ userId, changePasswordRequest: change })).provider.type, "OKTA");
  });
  await step("a wrong old password is refused", () =>
    refused(userApi.changePassword({ userId, changePasswordRequest: change }), 403, "E0000014"),
  );
  await step("reset and expire a password", async () => {
    const token = await userApi.generateResetPasswordToken({ userId, sendEmail: false });
    holds(token.resetPasswordUrl.startsWith("http"), "there is a link");
    await userApi.expirePassword({ userId });
    same((await userApi.getUser({ userId })).status, "PASSWORD_EXPIRED");
  });
  await step("end the sessions of a user", () => userApi.revokeUserSessions({ userId }));
  await step("change a recovery question", async () => {
    const userCredentials = {
      password: { value: "Analytical-Engine-2" },
      recovery_question: { question: "Who wrote the notes?", answer: "Augusta" },
    };
    const changed = await userApi.changeRecoveryQuestion({ userId, userCredentials });
    same(changed.recovery_question.question, "Who wrote the notes?");
  });
}

async function leaving() {
  let userId;
  await step("create a user who is staged, and activate", async () => {
    const user = await userApi.createUser({ body: person("leaver@example.com"), activate: false });
    userId = user.id;
    same(user.status, "STAGED");
    await userApi.activateUser({ userId, sendEmail: false });
    same((await userApi.getUser({ userId })).status, "ACTIVE");
  });
  await step("deactivate and delete a user", async () => {
    await userApi.deactivateUser({ userId });
    same((await userApi.getUser({ userId })).status, "DEPROVISIONED");
    await userApi.deleteUser({ userId });
  });
  await step("who was deleted is not found", async () => {
    await refused(userApi.getUser({ userId }), 404, "E0000007");
    await refused(userApi.deleteUser({ userId }), 404, "E0000007");
  });
}

async function customAttributes() {
  let user;
  await step("declare custom attributes", async () => {
    const shoeSize = { title: "Shoe size", type: "integer", minimum: 15, maximum: 60 };
    const languages = { title: "Languages", type: "array", items: { type: "string" } };
    const custom = { id: "#custom", type: "object", properties: { shoeSize, languages } };
    await schemaApi.updateUserProfile({ schemaId: "default", userSchema: { definitions: { custom } } });
    const { definitions } = await schemaApi.getUserSchema({ schemaId: "default" });
    same(definitions.custom.properties.shoeSize.title, "Shoe size");
    holds(definitions.base.properties.login, "login is declared");
  });
  await step("a user has custom attributes", async () => {
    user = await create("custom@example.com", { shoeSize: 38, languages: ["en", "fr"] });
    const { profile } = await userApi.getUser({ userId: user.id });
    same([profile.shoeSize, profile.languages], [38, ["en", "fr"]]);
  });
  await step("find users by a custom attribute", async () => {
    same(ids(await every(userApi.listUsers({ search: "profile.shoeSize eq 38" }))), [user.id]);
  });
  await step("what no schema declares is refused", async () => {
    const error = await refused(create("hat@example.com", { hatSize: 7 }), 400, "E0000001");
    holds(error.errorCauses[0].errorSummary.includes("hatSize"), "the cause names the attribute");
  });
  await step("a value of another type is refused", () =>
    refused(create("shoe@example.com", { shoeSize: "large" }), 400, "E0000001"),
  );
}

async function types() {
  let typeId;
  await step("create, change and list a user type", async () => {
    const userType = { name: "contractor", displayName: "Contractor", description: "From outside" };
    typeId = (await userTypeApi.createUserType({ userType })).id;
    const changed = await userTypeApi.updateUserType({ typeId, userType: { displayName: "Freelancer" } });
    same([changed.name, changed.displayName], ["contractor", "Freelancer"]);
    same((await every(userTypeApi.listUserTypes())).map((one) => one.name).sort(), ["contractor", "user"]);
  });
  await step("a user of a type", async () => {
    const user = await userApi.createUser({ body: { ...person("contractor@example.com"), type: { id: typeId } } });
    same(user.type.id, typeId);
    await userApi.deactivateUser({ userId: user.id });
    await userApi.deleteUser({ userId: user.id });
  });
  await step("a type that nobody has is deleted", async () => {
    await userTypeApi.deleteUserType({ typeId });
    await refused(userTypeApi.getUserType({ typeId }), 404, "E0000007");
  });
}

// RFC 6238.
function passcode(secret, seconds) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const digest = crypto.createHmac("sha1", key).update(count).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

async function factors() {
  let userId, question, app;
  await step("factors that a user may have", async () => {
    userId = (await create("factors@example.com")).id;
    const supported = await every(userFactorApi.listSupportedFactors({ userId }));
    holds(supported.some((one) => one.factorType === "token:software:totp"), "TOTP is supported");
    holds((await every(userFactorApi.listSupportedSecurityQuestions({ userId }))).length > 5, "there are questions");
  });
  await step("enroll a security question", async () => {
    const profile = { question: "disliked_food", answer: "mayonnaise" };
    question = await userFactorApi.enrollFactor({ userId, body: { factorType: "question", provider: "OKTA", profile } });
    same([question.status, question.profile.question], ["ACTIVE", "disliked_food"]);
  });
  await step("enroll and activate an authenticator app", async () => {
    app = await userFactorApi.enrollFactor({ userId, body: { factorType: "token:software:totp", provider: "GOOGLE" } });
    same(app.status, "PENDING_ACTIVATION");
    const passCode = passcode(app._embedded.activation.sharedSecret, Date.now() / 1000);
    app = await userFactorApi.activateFactor({ userId, factorId: app.id, body: { passCode } });
    same(app.status, "ACTIVE");
  });
  await step("list and get factors", async () => {
    const listed = await every(userFactorApi.listFactors({ userId }));
    same(listed.map((one) => one.factorType).sort(), ["question", "token:software:totp"]);
    same((await userFactorApi.getFactor({ userId, factorId: question.id })).id, question.id);
  });
  await step("verify a factor", async () => {
    const body = { answer: "mayonnaise" };
    same((await userFactorApi.verifyFactor({ userId, factorId: question.id, body })).factorResult, "SUCCESS");
  });
  await step("a wrong answer is refused", () => {
    const wrong = { userId, factorId: question.id, body: { answer: "mustard" } };
    return refused(userFactorApi.verifyFactor(wrong), 403, "E0000068");
  });
  await step("unenroll a factor, and reset all", async () => {
    await userFactorApi.unenrollFactor({ userId, factorId: app.id });
    await refused(userFactorApi.getFactor({ userId, factorId: app.id }), 404, "E0000007");
    await userApi.resetFactors({ userId });
    same(await every(userFactorApi.listFactors({ userId })), []);
  });
}

async function linkedObjects() {
  const linkedObjectName = "mentor";
  await step("define linked objects", async () => {
    const primary = { name: "mentor", title: "Mentor", type: "USER" };
    const associated = { name: "mentee", title: "Mentee", type: "USER" };
    await linkedObjectApi.createLinkedObjectDefinition({ linkedObject: { primary, associated } });
    const definition = await linkedObjectApi.getLinkedObjectDefinition({ linkedObjectName });
    same(definition.associated.name, "mentee");
  });
  await step("link users", async () => {
    const boss = (await create("boss@example.com")).id;
    const junior = (await create("junior@example.com")).id;
    const link = { associatedUserId: junior, primaryRelationshipName: "mentor", primaryUserId: boss };
    await userApi.setLinkedObjectForUser(link);
    const linked = await every(userApi.listLinkedObjectsForUser({ userId: boss, relationshipName: "mentee" }));
    same(linked.length, 1);
    holds(linked[0]._links.self.href.endsWith(`/users/${junior}`), "the link is to the other user");
    await userApi.deleteLinkedObjectForUser({ userId: junior, relationshipName: "mentor" });
    same(await every(userApi.listLinkedObjectsForUser({ userId: boss, relationshipName: "mentee" })), []);
  });
  await step("delete the definition", async () => {
    await linkedObjectApi.deleteLinkedObjectDefinition({ linkedObjectName });
    same(await every(linkedObjectApi.listLinkedObjectDefinitions()), []);
  });
}

await run(async () => {
  for (const part of [life, passwords, leaving, customAttributes, types, factors, linkedObjects]) await part();
});
