// Writes ../tokens/jose.json: the tokens of ../tokens/recipes.json, made by jose.
import { createHash, createHmac, createPublicKey, sign as signature } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

import { base64url, CompactEncrypt, importJWK, SignJWT, UnsecuredJWT } from 'jose';

const folder = new URL('../tokens/', import.meta.url);
const read = async (name) => JSON.parse(await readFile(new URL(name, folder), 'utf8'));
const recipes = await read('recipes.json');
const keys = await read('keys.json');

function changed(base, changes = {}) {
  const all = Object.entries({ ...base, ...changes });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

// `{"half_hash": "SHA-256"}` stands for the left half of the access token's hash.
function halfHash(name) {
  const digest = createHash(name.replace('-', '')).update(recipes.access_token).digest();
  return base64url.encode(digest.subarray(0, digest.length / 2));
}

function claimsOf(recipe) {
  const claims = changed(recipes.claims[recipe.claims_of ?? recipe.kind], recipe.claims);
  if (claims.at_hash?.half_hash) claims.at_hash = halfHash(claims.at_hash.half_hash);
  return claims;
}

const headerOf = (recipe) => changed(recipes.headers[recipe.kind], recipe.header);

// The token as jose makes it.
async function made(recipe) {
  const [header, claims] = [headerOf(recipe), claimsOf(recipe)];
  const jwk = keys[recipe.key ?? 'rsa'];
  if (recipe.encrypt) {
    const { kty, n, e } = jwk;
    const plaintext = new TextEncoder().encode(JSON.stringify(claims));
    return new CompactEncrypt(plaintext)
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' })
      .encrypt(await importJWK({ kty, n, e }, 'RSA-OAEP-256'));
  }
  if (header.alg === 'none') return new UnsecuredJWT(claims).encode();
  return new SignJWT(claims).setProtectedHeader(header).sign(await importJWK(jwk, header.alg));
}

// What `node:crypto` has to be told about an algorithm besides the key.
const SETTINGS = {
  RS256: {},
  PS256: { padding: 6, saltLength: 32 },
  'ES256 in DER': { dsaEncoding: 'der' },
};

// A signature by an algorithm that the header need not name, or of an input that jose would not
// write.
function signed(input, by, { d, p, q, dp, dq, qi, ...publicHalf }) {
  if (by === 'none') return '';
  if (by === 'HS256') {
    const secret = createPublicKey({ key: publicHalf, format: 'jwk' });
    const pem = secret.export({ type: 'spki', format: 'pem' });
    return createHmac('sha256', pem).update(input).digest('base64url');
  }
  const key = { key: { ...publicHalf, d, p, q, dp, dq, qi }, format: 'jwk', ...SETTINGS[by] };
  return signature('sha256', Buffer.from(input), key).toString('base64url');
}

const padded = (text) => text + '='.repeat((4 - (text.length % 4)) % 4);

function madeByHand(recipe) {
  const { header_text, claims_text, repeat_claim, pad } = recipe.before ?? {};
  let claims = claims_text ?? JSON.stringify(claimsOf(recipe));
  if (repeat_claim) {
    const [name, value] = repeat_claim.map((text) => JSON.stringify(text));
    claims = `${claims.slice(0, -1)},${name}:${value}}`;
  }
  const texts = { header: header_text ?? JSON.stringify(headerOf(recipe)), claims };
  // A space more, where the length would need no padding.
  if (pad && Buffer.byteLength(texts[pad]) % 3 === 0) texts[pad] += ' ';
  const parts = { header: base64url.encode(texts.header), claims: base64url.encode(texts.claims) };
  if (pad) parts[pad] = padded(parts[pad]);
  const input = `${parts.header}.${parts.claims}`;
  return `${input}.${signed(input, recipe.sign_by, keys[recipe.key ?? 'rsa'])}`;
}

// What is done to a token once it is signed.
async function tampered(token, recipe) {
  const after = recipe.after ?? {};
  let [header, claims, signature] = token.split('.');
  if (after.drop === 'all') return '';
  if (after.drop === 'signature') return `${header}.${claims}`;
  const encoded = (members) => base64url.encode(JSON.stringify(members));
  if (after.header) header = encoded(changed(headerOf(recipe), after.header));
  if (after.claims) claims = encoded(changed(claimsOf(recipe), after.claims));
  if (after.signature_of) {
    [, , signature] = (await made({ ...recipe, ...after.signature_of })).split('.');
  }
  if (after.cut) signature = signature.slice(0, -after.cut);
  if (after.pad) signature = padded(signature);
  if (after.standard) signature = signature.replaceAll('-', '+').replaceAll('_', '/');
  return `${header}.${claims}.${signature}${after.append ?? ''}`;
}

const tokens = {};
for (const recipe of recipes.cases) {
  if (recipe.makers && !recipe.makers.includes('jose')) continue;
  const token = recipe.sign_by ? madeByHand(recipe) : await made(recipe);
  tokens[recipe.name] = recipe.after ? await tampered(token, recipe) : token;
}

const jose = new URL('node_modules/jose/package.json', import.meta.url);
const { version } = JSON.parse(await readFile(jose, 'utf8'));
const made_by = { jose: version, node: process.versions.node };
await writeFile(new URL('jose.json', folder), `${JSON.stringify({ made_by, tokens }, null, 1)}\n`);
