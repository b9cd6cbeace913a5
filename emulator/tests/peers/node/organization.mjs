// Groups, rules, applications and administrator roles through Okta's SDK.

import okta from "@okta/okta-sdk-nodejs";
import { every, holds, ids, refused, run, same, step } from "./steps.mjs";

const client = new okta.Client({ cacheMiddleware: null });
const { userApi, groupApi, applicationApi, roleAssignmentApi, customRoleApi, resourceSetApi } = client;

const newUser = (login) => {
  const profile = { firstName: "Mary", lastName: "Somerville", email: login, login };
  return userApi.createUser({ body: { profile, credentials: { password: { value: "Mechanism-1831" } } } });
};
const newGroup = (name, description) => groupApi.createGroup({ group: { profile: { name, description } } });

async function groups() {
  let groupId, userId;
  await step("create a group", async () => {
    const group = await newGroup("Astronomers", "Look up");
    groupId = group.id;
    same([group.type, group.profile.name], ["OKTA_GROUP", "Astronomers"]);
  });
  await step("the name of a group is unique", () => refused(newGroup("Astronomers"), 400, "E0000001"));
  await step("change a group", async () => {
    await groupApi.replaceGroup({ groupId, group: { profile: { name: "Stargazers", description: "Look up" } } });
    same((await groupApi.getGroup({ groupId })).profile.name, "Stargazers");
  });
  await step("find groups by q, search and filter", async () => {
    same(ids(await every(groupApi.listGroups({ q: "Starg" }))), [groupId]);
    same(ids(await every(groupApi.listGroups({ search: 'profile.name eq "Stargazers"' }))), [groupId]);
    const own = await every(groupApi.listGroups({ filter: 'type eq "OKTA_GROUP"' }));
    holds(own.length >= 3, "there are groups of the seed");
  });
  await step("members come and go", async () => {
    userId = (await newUser("mary@example.com")).id;
    await groupApi.assignUserToGroup({ groupId, userId });
    same(ids(await every(groupApi.listGroupUsers({ groupId }))), [userId]);
    holds(ids(await every(userApi.listUserGroups({ userId }))).includes(groupId), "the user has the group");
    await groupApi.unassignUserFromGroup({ groupId, userId });
    same(await every(groupApi.listGroupUsers({ groupId })), []);
  });
  await step("nobody leaves Everyone", async () => {
    const [everyone] = await every(groupApi.listGroups({ q: "Everyone" }));
    same(everyone.type, "BUILT_IN");
    await refused(groupApi.unassignUserFromGroup({ groupId: everyone.id, userId }), 501, "E0000060");
  });
  await step("delete a group", async () => {
    await groupApi.deleteGroup({ groupId });
    await refused(groupApi.getGroup({ groupId }), 404, "E0000007");
  });
}

async function rules() {
  let ruleId;
  await step("create a group rule", async () => {
    const target = await newGroup("Mathematicians");
    const expression = { type: "urn:okta:expression:1.0", value: 'user.department=="Mathematics"' };
    const groupRule = {
      type: "group_rule",
      name: "Mathematics",
      conditions: { expression },
      actions: { assignUserToGroups: { groupIds: [target.id] } },
    };
    const rule = await groupApi.createGroupRule({ groupRule });
    ruleId = rule.id;
    same(rule.status, "INACTIVE");
  });
  await step("switch a rule on and off", async () => {
    await groupApi.activateGroupRule({ ruleId });
    same((await groupApi.getGroupRule({ ruleId })).status, "ACTIVE");
    await groupApi.deactivateGroupRule({ ruleId });
    holds(ids(await every(groupApi.listGroupRules())).includes(ruleId), "the rule is listed");
  });
  await step("delete a rule", async () => {
    await groupApi.deleteGroupRule({ ruleId });
    await refused(groupApi.getGroupRule({ ruleId }), 404, "E0000007");
  });
}

const BOOKMARK = {
  name: "bookmark",
  label: "Almanac",
  signOnMode: "BOOKMARK",
  settings: { app: { requestIntegration: false, url: "https://example.com/almanac" } },
};
const WEB = {
  name: "oidc_client",
  label: "Observatory",
  signOnMode: "OPENID_CONNECT",
  credentials: { oauthClient: { token_endpoint_auth_method: "client_secret_basic" } },
  settings: {
    oauthClient: {
      application_type: "web",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      redirect_uris: ["https://example.com/callback"],
    },
  },
};
const SAML = {
  label: "Planetarium",
  signOnMode: "SAML_2_0",
  settings: {
    signOn: {
      ssoAcsUrl: "https://example.com/acs",
      audience: "https://example.com",
      recipient: "https://example.com/acs",
      destination: "https://example.com/acs",
      subjectNameIdTemplate: "${user.userName}",
      subjectNameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
      responseSigned: true,
      assertionSigned: true,
      signatureAlgorithm: "RSA_SHA256",
      digestAlgorithm: "SHA256",
      authnContextClassRef: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
      honorForceAuthn: true,
    },
  },
};

async function apps() {
  let appId, userId, groupId;
  await step("create a bookmark", async () => {
    const app = await applicationApi.createApplication({ application: BOOKMARK });
    appId = app.id;
    same([app.status, app.signOnMode], ["ACTIVE", "BOOKMARK"]);
  });
  await step("change an app", async () => {
    const application = await applicationApi.getApplication({ appId });
    application.label = "Almanack";
    same((await applicationApi.replaceApplication({ appId, application })).label, "Almanack");
  });
  await step("find apps", async () => {
    same(ids(await every(applicationApi.listApplications({ q: "Almanack" }))), [appId]);
    const active = await every(applicationApi.listApplications({ filter: 'status eq "ACTIVE"' }));
    holds(active.length >= 3, "there are apps of the seed");
  });
  await step("assign users and groups to an app", async () => {
    userId = (await newUser("assigned@example.com")).id;
    const assigned = await applicationApi.assignUserToApplication({ appId, appUser: { id: userId, scope: "USER" } });
    same([assigned.id, assigned.scope], [userId, "USER"]);
    same(ids(await every(applicationApi.listApplicationUsers({ appId }))), [userId]);
    groupId = (await newGroup("Readers")).id;
    await applicationApi.assignGroupToApplication({ appId, groupId });
    same(ids(await every(applicationApi.listApplicationGroupAssignments({ appId }))), [groupId]);
    same(ids(await every(groupApi.listAssignedApplicationsForGroup({ groupId }))), [appId]);
    const links = (await every(userApi.listAppLinks({ userId }))).map((link) => link.label);
    holds(links.includes("Almanack"), "the user has a link to the app");
  });
  await step("take an app away", async () => {
    await applicationApi.unassignUserFromApplication({ appId, userId });
    await refused(applicationApi.getApplicationUser({ appId, userId }), 404, "E0000007");
    await applicationApi.unassignApplicationFromGroup({ appId, groupId });
    same(await every(applicationApi.listApplicationGroupAssignments({ appId })), []);
  });
  await step("an active app is not deleted", () =>
    refused(applicationApi.deleteApplication({ appId }), 403, "E0000056"),
  );
  await step("deactivate and delete an app", async () => {
    await applicationApi.deactivateApplication({ appId });
    same((await applicationApi.getApplication({ appId })).status, "INACTIVE");
    await applicationApi.deleteApplication({ appId });
    await refused(applicationApi.getApplication({ appId }), 404, "E0000007");
  });
  await step("create a web app of OpenID Connect", async () => {
    const web = await applicationApi.createApplication({ application: WEB });
    appId = web.id;
    const { client_id: id, client_secret: secret } = web.credentials.oauthClient;
    holds(id && secret, "it has a client id and a secret");
  });
  await step("scopes of an app", async () => {
    const grant = { issuer: client.baseUrl, scopeId: "okta.users.read" };
    const given = await applicationApi.grantConsentToScope({ appId, oAuth2ScopeConsentGrant: grant });
    const listed = await every(applicationApi.listScopeConsentGrants({ appId }));
    same(listed.map((one) => one.scopeId), ["okta.users.read"]);
    await applicationApi.revokeScopeConsentGrant({ appId, grantId: given.id });
  });
  await step("create an app of SAML", async () => {
    const saml = await applicationApi.createApplication({ application: SAML });
    same(saml.settings.signOn.audience, "https://example.com");
    const [key] = await every(applicationApi.listApplicationKeys({ appId: saml.id }));
    same([key.kty, key.use], ["RSA", "sig"]);
  });
}

async function roles() {
  await step("assign a role and take it away", async () => {
    const userId = (await newUser("administrator@example.com")).id;
    const given = await roleAssignmentApi.assignRoleToUser({ userId, assignRoleRequest: { type: "USER_ADMIN" } });
    const listed = await every(roleAssignmentApi.listAssignedRolesForUser({ userId }));
    same(listed.map((one) => one.type), ["USER_ADMIN"]);
    await roleAssignmentApi.unassignRoleFromUser({ userId, roleId: given.id });
    same(await every(roleAssignmentApi.listAssignedRolesForUser({ userId })), []);
  });
  await step("a custom role with its permissions", async () => {
    const instance = { label: "Librarian", description: "Reads", permissions: ["okta.users.read"] };
    const role = await customRoleApi.createRole({ instance });
    same((await customRoleApi.getRole({ roleIdOrLabel: "Librarian" })).id, role.id);
    const { permissions } = await customRoleApi.listRolePermissions({ roleIdOrLabel: role.id });
    same(permissions.map((one) => one.label), ["okta.users.read"]);
    await customRoleApi.deleteRole({ roleIdOrLabel: role.id });
  });
  await step("a resource set", async () => {
    const resources = [`${client.baseUrl}/api/v1/users`];
    const instance = { label: "Everybody", description: "All users", resources };
    const { id } = await resourceSetApi.createResourceSet({ instance });
    const listed = await resourceSetApi.listResourceSets();
    holds(ids(listed["resource-sets"] ?? listed.resource_sets).includes(id), "it is listed");
    await resourceSetApi.deleteResourceSet({ resourceSetId: id });
  });
}

await run(async () => {
  for (const part of [groups, rules, apps, roles]) await part();
});
