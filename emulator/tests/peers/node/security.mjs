// Policies, zones, authorization servers, identity providers, hooks, origins, brands, realms, the log.

import okta from "@okta/okta-sdk-nodejs";
import { every, holds, ids, refused, run, same, step } from "./steps.mjs";

const client = new okta.Client({ cacheMiddleware: null });

async function policies() {
  const { policyApi } = client;
  let policyId, ruleId;
  await step("policies that every org has", async () => {
    for (const type of ["OKTA_SIGN_ON", "PASSWORD", "MFA_ENROLL", "ACCESS_POLICY"]) {
      const listed = await every(policyApi.listPolicies({ type }));
      holds(listed.some((one) => one.system), `there is a system policy of type ${type}`);
    }
  });
  await step("create a policy", async () => {
    const policy = await policyApi.createPolicy({
      policy: {
        type: "OKTA_SIGN_ON",
        name: "Night shift",
        description: "After hours",
        status: "ACTIVE",
        conditions: { people: { groups: { include: [] } } },
      },
    });
    policyId = policy.id;
    same([policy.type, policy.name, policy.system], ["OKTA_SIGN_ON", "Night shift", false]);
  });
  await step("create and list rules of a policy", async () => {
    const policyRule = {
      type: "SIGN_ON",
      name: "Nobody",
      conditions: { network: { connection: "ANYWHERE" } },
      actions: { signon: { access: "DENY" } },
    };
    ruleId = (await policyApi.createPolicyRule({ policyId, policyRule })).id;
    same((await policyApi.getPolicyRule({ policyId, ruleId })).actions.signon.access, "DENY");
    holds(ids(await every(policyApi.listPolicyRules({ policyId }))).includes(ruleId), "the rule is listed");
  });
  await step("switch policies and rules off and on", async () => {
    await policyApi.deactivatePolicyRule({ policyId, ruleId });
    same((await policyApi.getPolicyRule({ policyId, ruleId })).status, "INACTIVE");
    await policyApi.activatePolicyRule({ policyId, ruleId });
    await policyApi.deactivatePolicy({ policyId });
    same((await policyApi.getPolicy({ policyId })).status, "INACTIVE");
    await policyApi.activatePolicy({ policyId });
  });
  await step("change a policy", async () => {
    const policy = await policyApi.getPolicy({ policyId });
    policy.name = "Late shift";
    same((await policyApi.replacePolicy({ policyId, policy })).name, "Late shift");
  });
  await step("delete rule and policy", async () => {
    await policyApi.deletePolicyRule({ policyId, ruleId });
    await refused(policyApi.getPolicyRule({ policyId, ruleId }), 404, "E0000007");
    await policyApi.deletePolicy({ policyId });
    await refused(policyApi.getPolicy({ policyId }), 404, "E0000007");
  });
}

async function zones() {
  const { networkZoneApi } = client;
  await step("zones that every org has", async () => {
    const names = (await every(networkZoneApi.listNetworkZones())).map((one) => one.name);
    holds(names.includes("LegacyIpZone"), "there is the zone of old");
  });
  await step("the life of a zone", async () => {
    const gateways = [{ type: "CIDR", value: "192.0.2.0/24" }];
    const zone = await networkZoneApi.createNetworkZone({ zone: { type: "IP", name: "Office", gateways } });
    same([zone.status, zone.gateways[0].value], ["ACTIVE", "192.0.2.0/24"]);
    const zoneId = zone.id;
    const renamed = { ...(await networkZoneApi.getNetworkZone({ zoneId })), name: "Head office" };
    same((await networkZoneApi.replaceNetworkZone({ zoneId, zone: renamed })).name, "Head office");
    same((await networkZoneApi.deactivateNetworkZone({ zoneId })).status, "INACTIVE");
    await networkZoneApi.deleteNetworkZone({ zoneId });
    await refused(networkZoneApi.getNetworkZone({ zoneId }), 404, "E0000007");
  });
}

async function authorizationServers() {
  const { authorizationServerApi: api } = client;
  let authServerId;
  await step("the default authorization server", async () => {
    same((await every(api.listAuthorizationServers())).map((one) => one.name), ["default"]);
    same((await api.getAuthorizationServer({ authServerId: "default" })).audiences, ["api://default"]);
  });
  await step("create and change an authorization server", async () => {
    const asked = { name: "Library", description: "Books", audiences: ["https://library.example.com"] };
    const server = await api.createAuthorizationServer({ authorizationServer: asked });
    authServerId = server.id;
    same(server.issuer, `${client.baseUrl}/oauth2/${server.id}`);
    server.description = "Books and maps";
    const changed = await api.replaceAuthorizationServer({ authServerId, authorizationServer: server });
    same(changed.description, "Books and maps");
  });
  await step("scopes of a server", async () => {
    const names = (await every(api.listOAuth2Scopes({ authServerId }))).map((one) => one.name);
    holds(names.includes("openid") && names.includes("offline_access"), "there are those of OpenID Connect");
    const oAuth2Scope = { name: "books:read", description: "Read books" };
    const { id: scopeId } = await api.createOAuth2Scope({ authServerId, oAuth2Scope });
    same((await api.getOAuth2Scope({ authServerId, scopeId })).name, "books:read");
    await api.deleteOAuth2Scope({ authServerId, scopeId });
  });
  await step("claims of a server", async () => {
    const oAuth2Claim = {
      name: "card",
      claimType: "RESOURCE",
      valueType: "EXPRESSION",
      value: "user.employeeNumber",
      status: "ACTIVE",
      alwaysIncludeInToken: true,
      conditions: { scopes: [] },
    };
    const { id: claimId } = await api.createOAuth2Claim({ authServerId, oAuth2Claim });
    holds(ids(await every(api.listOAuth2Claims({ authServerId }))).includes(claimId), "it is listed");
    await api.deleteOAuth2Claim({ authServerId, claimId });
  });
  await step("policies and rules of a server", async () => {
    const policy = {
      type: "OAUTH_AUTHORIZATION_POLICY",
      name: "Readers",
      description: "All clients",
      priority: 1,
      status: "ACTIVE",
      conditions: { clients: { include: ["ALL_CLIENTS"] } },
    };
    const { id: policyId } = await api.createAuthorizationServerPolicy({ authServerId, policy });
    const policyRule = {
      type: "RESOURCE_ACCESS",
      name: "Codes",
      priority: 1,
      conditions: {
        people: { groups: { include: ["EVERYONE"] } },
        grantTypes: { include: ["authorization_code"] },
        scopes: { include: ["*"] },
      },
      actions: {
        token: { accessTokenLifetimeMinutes: 60, refreshTokenLifetimeMinutes: 0, refreshTokenWindowMinutes: 10080 },
      },
    };
    const { id: ruleId } = await api.createAuthorizationServerPolicyRule({ authServerId, policyId, policyRule });
    same(ids(await every(api.listAuthorizationServerPolicyRules({ authServerId, policyId }))), [ruleId]);
    same(ids(await every(api.listAuthorizationServerPolicies({ authServerId }))), [policyId]);
    await api.deleteAuthorizationServerPolicyRule({ authServerId, policyId, ruleId });
    await api.deleteAuthorizationServerPolicy({ authServerId, policyId });
  });
  await step("keys of a server", async () => {
    const keys = await every(api.listAuthorizationServerKeys({ authServerId }));
    holds(keys.some((key) => key.status === "ACTIVE" && key.kty === "RSA"), "one is active");
  });
  await step("delete a server", async () => {
    await api.deactivateAuthorizationServer({ authServerId });
    await api.deleteAuthorizationServer({ authServerId });
    await refused(api.getAuthorizationServer({ authServerId }), 404, "E0000007");
  });
}

const at = (path) => ({ binding: "HTTP-REDIRECT", url: `https://idp.example.com/${path}` });
const IDP = {
  type: "OIDC",
  name: "Elsewhere",
  protocol: {
    type: "OIDC",
    endpoints: {
      acs: { binding: "HTTP-POST", type: "INSTANCE" },
      authorization: at("authorize"),
      token: { ...at("token"), binding: "HTTP-POST" },
      userInfo: at("userinfo"),
      jwks: at("keys"),
    },
    scopes: ["openid"],
    credentials: { client: { client_id: "id", client_secret: "secret" } },
    issuer: { url: "https://idp.example.com" },
  },
  policy: {
    accountLink: { action: "AUTO" },
    provisioning: {
      action: "AUTO",
      conditions: { deprovisioned: { action: "NONE" }, suspended: { action: "NONE" } },
      groups: { action: "NONE" },
    },
    maxClockSkew: 120000,
    subject: { userNameTemplate: { template: "idpuser.email" }, matchType: "USERNAME" },
  },
};

async function identityProviders() {
  const { identityProviderApi: api } = client;
  await step("the life of an identity provider", async () => {
    const idp = await api.createIdentityProvider({ identityProvider: IDP });
    const idpId = idp.id;
    same([idp.type, idp.status], ["OIDC", "ACTIVE"]);
    same((await api.getIdentityProvider({ idpId })).name, "Elsewhere");
    same(ids(await every(api.listIdentityProviders({ q: "Else" }))), [idpId]);
    same((await api.deactivateIdentityProvider({ idpId })).status, "INACTIVE");
    same((await api.activateIdentityProvider({ idpId })).status, "ACTIVE");
    await api.deleteIdentityProvider({ idpId });
    await refused(api.getIdentityProvider({ idpId }), 404, "E0000007");
  });
}

async function hooks() {
  const { eventHookApi, inlineHookApi } = client;
  const channel = (config) => ({ type: "HTTP", version: "1.0.0", config });
  await step("the life of an event hook", async () => {
    const eventHook = {
      name: "Joiners",
      events: { type: "EVENT_TYPE", items: ["user.lifecycle.create"] },
      channel: channel({ uri: "https://hooks.example.com/in", headers: [] }),
    };
    const hook = await eventHookApi.createEventHook({ eventHook });
    const eventHookId = hook.id;
    same([hook.status, hook.verificationStatus], ["ACTIVE", "UNVERIFIED"]);
    same(ids(await every(eventHookApi.listEventHooks())), [eventHookId]);
    same((await eventHookApi.deactivateEventHook({ eventHookId })).status, "INACTIVE");
    await eventHookApi.deleteEventHook({ eventHookId });
    await refused(eventHookApi.getEventHook({ eventHookId }), 404, "E0000007");
  });
  await step("the life of an inline hook", async () => {
    const authScheme = { type: "HEADER", key: "authorization", value: "secret" };
    const inlineHook = {
      name: "Tokens",
      type: "com.okta.oauth2.tokens.transform",
      version: "1.0.0",
      channel: channel({ uri: "https://hooks.example.com/token", method: "POST", headers: [], authScheme }),
    };
    const hook = await inlineHookApi.createInlineHook({ inlineHook });
    const inlineHookId = hook.id;
    same([hook.status, hook.type], ["ACTIVE", "com.okta.oauth2.tokens.transform"]);
    same(ids(await every(inlineHookApi.listInlineHooks())), [inlineHookId]);
    same((await inlineHookApi.deactivateInlineHook({ inlineHookId })).status, "INACTIVE");
    await inlineHookApi.deleteInlineHook({ inlineHookId });
    await refused(inlineHookApi.getInlineHook({ inlineHookId }), 404, "E0000007");
  });
}

async function origins() {
  const { trustedOriginApi: api } = client;
  await step("the life of a trusted origin", async () => {
    const scopes = [{ type: "CORS" }, { type: "REDIRECT" }];
    const asked = { name: "Shop", origin: "https://shop.example.com", scopes };
    const origin = await api.createTrustedOrigin({ trustedOrigin: asked });
    const trustedOriginId = origin.id;
    same([origin.status, origin.scopes.map((scope) => scope.type)], ["ACTIVE", ["CORS", "REDIRECT"]]);
    same((await api.deactivateTrustedOrigin({ trustedOriginId })).status, "INACTIVE");
    same((await api.activateTrustedOrigin({ trustedOriginId })).status, "ACTIVE");
    holds(ids(await every(api.listTrustedOrigins())).includes(trustedOriginId), "it is listed");
    await api.deleteTrustedOrigin({ trustedOriginId });
    await refused(api.getTrustedOrigin({ trustedOriginId }), 404, "E0000007");
  });
}

async function brands() {
  const { customizationApi: api } = client;
  await step("the brand that every org has", async () => {
    const [brand] = await every(api.listBrands());
    same(brand.isDefault, true);
    const [theme] = await every(api.listBrandThemes({ brandId: brand.id }));
    holds(theme.primaryColorHex.startsWith("#"), "it has a theme with a colour");
  });
  await step("the life of a brand", async () => {
    const { id: brandId } = await api.createBrand({ CreateBrandRequest: { name: "Second" } });
    same((await api.replaceBrand({ brandId, brand: { name: "Third" } })).name, "Third");
    await api.deleteBrand({ brandId });
    await refused(api.getBrand({ brandId }), 404, "E0000007");
  });
}

async function realms() {
  const { realmApi: api } = client;
  await step("the life of a realm", async () => {
    const body = { profile: { name: "Partners", realmType: "PARTNER" } };
    const { id: realmId } = await api.createRealm({ body });
    same((await api.getRealm({ realmId })).profile.name, "Partners");
    const changed = { profile: { name: "Suppliers", realmType: "PARTNER" } };
    same((await api.replaceRealm({ realmId, body: changed })).profile.name, "Suppliers");
    holds(ids(await every(api.listRealms())).includes(realmId), "it is listed");
    await api.deleteRealm({ realmId });
    await refused(api.getRealm({ realmId }), 404, "E0000007");
  });
}

async function log() {
  const { systemLogApi, userApi } = client;
  const until = new Date(Date.now() + 60_000).toISOString();
  await step("the log has what happened", async () => {
    const profile = { firstName: "Log", lastName: "Book", email: "log@example.com", login: "log@example.com" };
    const user = await userApi.createUser({ body: { profile } });
    const filter = 'eventType eq "user.lifecycle.create"';
    const [newest] = await every(systemLogApi.listLogEvents({ filter, until, sortOrder: "DESCENDING" }));
    holds(ids(newest.target).includes(user.id), "the newest event is about the user");
    same(newest.outcome.result, "SUCCESS");
  });
  await step("the log by time and words", async () => {
    const query = { since: "2000-01-01T00:00:00Z", until, q: "log@example.com", limit: 5 };
    const events = await every(systemLogApi.listLogEvents(query));
    holds(events.length >= 1, "there are events");
    holds(events.every((event) => event.published instanceof Date), "all have a time");
  });
}

await run(async () => {
  const parts = [policies, zones, authorizationServers, identityProviders, hooks, origins, brands, realms, log];
  for (const part of parts) await part();
});
