/**
 * Calls each function of a compiled registry-client against a local server whose answers are large, and prints how many
 * answers are still neither taken nor cancelled afterwards.
 *
 * Usage: node count-held-bodies.js <dist/index.js>
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';

/** Far more than what the kernel and the client buffer, so that an answer only ends when somebody takes it. */
const LARGE = Buffer.alloc(16 * 1024 * 1024, 'x');
/** Milliseconds in which a body that was let go must be gone, at most. */
const DEADLINE = 3000;

const [entry] = process.argv.slice(2);
/** @type {Set<import('node:http').ServerResponse>} */
const open = new Set();
let busyAnswers = 0;

const server = createServer((req, res) => {
  open.add(res);
  res.once('close', () => open.delete(res));
  req.resume();
  const { status, headers = {}, body = LARGE } = answer(`${req.method} ${new URL(req.url, 'http://local').pathname}`);
  res.writeHead(status, headers);
  res.end(req.method === 'HEAD' ? undefined : body);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${server.address().port}`;

const client = await import(pathToFileURL(entry));
const tokens = new client.Tokens(`${base}/token`, 'local');
await Promise.allSettled([
  new client.Tokens(`${base}/no-token`, 'local').get('app:pull'),
  new client.Transport(base, tokens).request('/busy', { scope: 'app:pull' }).then((res) => res.text()),
  client.listTags(base, 'missing'),
  client.hasTag(base, 'app', 'latest'),
  client.getManifest(base, 'missing', 'latest'),
  client.getManifest(base, 'old', 'latest'),
  client.deleteManifest(base, 'missing', 'sha256:0'),
  client.readBlob(base, 'app', 'sha256:0'),
  client.openBlob(base, 'app', 'sha256:0').then((stream) => stream.cancel()),
  client.writeBlob(base, 'app', 'sha256:0', new Uint8Array(8)),
  client.isReachable(base),
  client.measureLatency(base),
  client.getVersion(base),
  client.announce([`${base}/listener`], { repository: 'app', tag: 'latest', digest: 'sha256:0' }),
]);

const deadline = Date.now() + DEADLINE;
while (open.size > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
process.stdout.write(String(open.size), () => process.exit());

/** @param {string} request */
function answer(request) {
  switch (request) {
    case 'GET /token':
      return { status: 200, body: JSON.stringify({ token: 'secret' }) };
    case 'GET /busy':
      return busyAnswers++ === 0 ? { status: 503 } : { status: 200, body: 'done' };
    case 'GET /v2/old/manifests/latest':
      return { status: 200, headers: { 'content-type': 'text/html' } };
    case 'GET /v2/app/blobs/sha256:0':
      return { status: 200, headers: { 'content-type': 'application/octet-stream' } };
    case 'GET /v2/':
      return { status: 200 };
    default:
      return { status: 404 };
  }
}
