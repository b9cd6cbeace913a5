// What the provider offers. Endpoints lie where Okta has them, below the issuer.
import { randomBytes } from 'node:crypto';

import { errors } from 'oidc-provider';

// A new refresh token at every refresh; the old one is dead, and with it the family if it
// comes again.
const rotateRefreshToken = () => true;

// As with Okta, an application may have refresh tokens without asking for consent each time.
const issueRefreshToken = (ctx, client, code) =>
  client.grantTypeAllowed('refresh_token') &&
  (code.scopes.has('offline_access') || client.refresh_without_consent === true);

// What CIBA asked of whom last.
export const newestRequest = new Map();

// The people who can log in: whoever says so, at one domain.
async function findAccount(ctx, id) {
  const claims = { sub: id, name: 'Isaac Brock', email: `${id}@example.com`, email_verified: true };
  return { accountId: id, claims: async () => claims };
}

function features(resources) {
  return {
    // Login and consent pages with plain forms, part of oidc-provider.
    devInteractions: { enabled: true },
    backchannelLogout: { enabled: true },
    ciba: {
      enabled: true,
      deliveryModes: ['poll'],
      // The user is found by login hint, and says yes on another page, when the test wants.
      processLoginHint: async (ctx, hint) => (hint === 'nobody' ? undefined : hint),
      triggerAuthenticationDevice: async (ctx, request) => {
        newestRequest.set(request.accountId, request);
      },
      validateRequestContext: async () => {},
      verifyUserCode: async () => {},
    },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
    introspection: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      // An access token is for the resource that the client registered, and then it is a JWT;
      // a client without one gets an opaque token.
      defaultResource: async (ctx, client, oneOf) => oneOf ?? client.default_resource,
      getResourceServerInfo: async (ctx, indicator) => {
        const resource = resources[indicator];
        if (!resource) throw new errors.InvalidTarget();
        return {
          audience: indicator,
          scope: resource.scope,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: resource.alg } },
        };
      },
    },
  };
}

export function configuration({ clients, resources }, jwks) {
  return {
    clients,
    jwks,
    findAccount,
    issueRefreshToken,
    rotateRefreshToken,
    enabledJWA: { dPoPSigningAlgValues: ['RS256', 'ES256', 'EdDSA', 'Ed25519'] },
    features: features(resources),
    extraClientMetadata: { properties: ['default_resource', 'refresh_without_consent'] },
    // Claims that Okta puts into access tokens, next to those of RFC 9068.
    extraTokenClaims: (ctx, token) => ({ cid: token.clientId, scp: [...token.scopes] }),
    claims: { openid: ['sub', 'acr', 'amr'], profile: ['name'], email: ['email', 'email_verified'] },
    // Claims about the user in ID tokens too, not at userinfo alone.
    conformIdTokenClaims: false,
    // In seconds. Access tokens end long before anything else does.
    ttl: { AccessToken: 300, ClientCredentials: 300, IdToken: 3600, RefreshToken: 86400 },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    // Logout tokens go to a loopback address, which oidc-provider's own agent refuses.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    routes: {
      authorization: '/v1/authorize',
      backchannel_authentication: '/v1/bc/authorize',
      code_verification: '/activate',
      device_authorization: '/v1/device/authorize',
      end_session: '/v1/logout',
      introspection: '/v1/introspect',
      jwks: '/v1/keys',
      pushed_authorization_request: '/v1/par',
      revocation: '/v1/revoke',
      token: '/v1/token',
      userinfo: '/v1/userinfo',
    },
  };
}
