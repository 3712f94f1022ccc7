import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { eventually } from './eventually.js';

/** A server whose paths name the body they answer with, and that knows which sockets are open. */
export interface BodyServer extends AsyncDisposable {
  readonly url: string;
  /** Sockets that clients hold open now. */
  readonly sockets: ReadonlySet<Socket>;
  /**
   * The sockets that are open now, and a wait until all of them are closed. Others may be open by then: the undici
   * in Node opens a new connection for one that it broke off.
   */
  watchSockets(): { readonly count: number; allClosed(): Promise<void> };
  /** Sockets that were ever opened. */
  readonly opened: number;
  readonly requests: number;
  /** Answers that are still being sent: undici opens a new connection for one that it broke off, which counts as a socket. */
  readonly sending: number;
}

/**
 * `/<n>` answers with n bytes and their length, `/chunked/<n>` without it, `/endless` never ends, `/trickle` sends one
 * byte every 20 ms, `/late` answers after 200 ms, `/silent` never answers, `/error` breaks off in the middle of the body, `/status/<code>/<n>` sets the status.
 */
export async function bodyServer(): Promise<BodyServer> {
  const sockets = new Set<Socket>();
  let opened = 0;
  let requests = 0;
  let sending = 0;
  const server: Server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    requests++;
    const parts = (req.url ?? '/').split('/').slice(1);
    const status = parts[0] === 'status' ? Number(parts[1]) : 200;
    const size = Number(parts.at(-1));
    sending++;
    res.on('close', () => sending--);
    res.on('error', () => {});
    switch (parts[0]) {
      case 'chunked':
        res.write(Buffer.alloc(1, 97));
        res.end(Buffer.alloc(size - 1, 97));
        return;
      case 'endless': {
        const more = () => {
          while (!res.destroyed && res.write(Buffer.alloc(16_384, 97)));
        };
        res.on('drain', more);
        more();
        return;
      }
      case 'trickle': {
        const timer = setInterval(() => res.write('a'), 20);
        res.on('close', () => clearInterval(timer));
        return;
      }
      case 'late':
        setTimeout(() => res.end('late'), 200);
        return;
      case 'silent':
        return;
      case 'error':
        res.writeHead(200, { 'content-length': 1_000_000 });
        res.write(Buffer.alloc(1000, 97));
        setTimeout(() => res.destroy(), 20);
        return;
      default:
        res.writeHead(status, { 'content-length': size });
        res.end(req.method === 'HEAD' ? undefined : Buffer.alloc(size, 97));
    }
  });
  server.on('connection', (socket) => {
    opened++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    get opened() {
      return opened;
    },
    get requests() {
      return requests;
    },
    watchSockets() {
      const watched = [...sockets];
      const open = () => watched.filter((socket) => sockets.has(socket)).length;
      return { count: watched.length, allClosed: () => eventually(() => open() === 0, () => `${open()} of ${watched.length} sockets are open`) };
    },
    get sending() {
      return sending;
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
