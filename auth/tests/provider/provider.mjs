// oidc-provider, a certified OpenID provider, for the tests of okta-auth.
//
// Reads one line of JSON from stdin, `{"clients": [...], "resources": {...}}`, listens on a free
// loopback port, prints one line of JSON, `{"issuer": "http://127.0.0.1:…/oauth2/default"}`, and
// ends when stdin closes, so that it never outlives the test that started it.
//
// The line `rotate` on stdin gives the server new signing keys; it answers `{"rotated": true}`.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

import { Provider } from 'oidc-provider';

import { configuration, newestRequest } from './configuration.mjs';
import { signingKeys } from './keys.mjs';

// oidc-provider says here what it wants changed in production. Stdout is ours alone.
console.info = console.warn = console.error;

// An issuer with a path, as a custom authorization server of Okta has.
const MOUNT = '/oauth2/default';

const lines = createInterface({ input: process.stdin });
lines.on('close', () => process.exit(0));
const [first] = await once(lines, 'line');
const wishes = JSON.parse(first);

const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;
const issuer = origin + MOUNT;

let provider;
let handle;

async function start() {
  provider = new Provider(issuer, configuration(wishes, await signingKeys()));
  handle = provider.callback();
}

// A user's own device, where CIBA asks: says yes to the newest request.
async function confirm(user, response) {
  const request = newestRequest.get(user);
  const grant = new provider.Grant({ accountId: user, clientId: request.clientId });
  grant.addOIDCScope(request.scope);
  const how = { acr: 'urn:okta:loa:1fa:any', amr: ['swk'] };
  await provider.backchannelResult(request, await grant.save(), how);
  response.writeHead(204).end();
}

server.on('request', (request, response) => {
  const { pathname } = new URL(request.url, origin);
  if (request.method === 'POST' && pathname.startsWith('/device-of-user/')) {
    confirm(pathname.split('/').pop(), response);
  } else if (pathname.startsWith(`${MOUNT}/`)) {
    request.originalUrl = request.url;
    request.url = request.url.slice(MOUNT.length);
    handle(request, response);
  } else {
    response.writeHead(404).end();
  }
});

await start();
console.log(JSON.stringify({ issuer }));

lines.on('line', async (line) => {
  if (line === 'rotate') {
    await start();
    console.log(JSON.stringify({ rotated: true }));
  }
});
