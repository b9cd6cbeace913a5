// A client that this project did not write: it obtains an access token that is bound to its key, and
// makes proofs for a request with it. Prints a JSON object: the token, and a proof by each library.
//
//   node bound_client.mjs ISSUER CLIENT_ID CLIENT_SECRET ALGORITHM URL

import { createHash, randomUUID } from 'node:crypto';
import { SignJWT, exportJWK } from 'jose';
import * as oidc from 'openid-client';

const [issuer, clientId, secret, algorithm, url] = process.argv.slice(2);

const config = await oidc.discovery(
  new URL(issuer),
  clientId,
  undefined,
  oidc.ClientSecretBasic(secret),
  { execute: [oidc.allowInsecureRequests] },
);
const keys = await oidc.randomDPoPKeyPair(algorithm, { extractable: true });
const DPoP = oidc.getDPoPHandle(config, keys);
const tokens = await oidc.clientCredentialsGrant(config, { scope: 'api:read' }, { DPoP });
const token = tokens.access_token;

// The request of a protected resource, which goes nowhere.
let sent;
config[oidc.customFetch] = async (_, options) => {
  sent = new Headers(options.headers);
  return new Response('{}');
};
await oidc.fetchProtectedResource(config, token, new URL(url), 'GET', null, new Headers(), { DPoP });

const ath = createHash('sha256').update(token).digest('base64url');
const jose = await new SignJWT({ htm: 'GET', htu: url, ath, jti: randomUUID() })
  .setProtectedHeader({ typ: 'dpop+jwt', alg: algorithm, jwk: await exportJWK(keys.publicKey) })
  .setIssuedAt()
  .sign(keys.privateKey);

console.log(JSON.stringify({
  token,
  authorization: sent.get('authorization').split(' ')[0],
  proofs: { 'openid-client': sent.get('dpop'), jose },
}));
