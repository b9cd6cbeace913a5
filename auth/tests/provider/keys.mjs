// Signing keys of the provider: new ones at each start, nothing to keep secret in the repository.
import { exportJWK, generateKeyPair } from 'jose';

async function signingKey(alg) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...await exportJWK(privateKey), alg, use: 'sig', kid: `${alg}-${crypto.randomUUID()}` };
}

export async function signingKeys() {
  return { keys: await Promise.all(['RS256', 'ES256'].map(signingKey)) };
}
