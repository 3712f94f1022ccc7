import { type RequestListener, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A handler of `node:http`, an Express application, or a Fastify instance. */
export type Served = RequestListener | { ready(): PromiseLike<unknown>; routing: RequestListener };

export interface Answer {
  readonly status: number | undefined;
  readonly allowOrigin: string | undefined;
  readonly credentials: string | undefined;
  readonly body: string;
  readonly vary: string | undefined;
}

/** Origins of nobody who is meant, and what attackers send in their place. */
export const STRANGERS = [
  'https://evil.example',
  'https://freight.example.evil.example',
  'https://console.freight.example.evil.example',
  'https://pr-1.freight.example.evil.example',
  'https://pr-1.freightxexample',
  'https://consolexfreight.example.evil.example',
  'https://evilfreight.example',
  'https://evil-freight.example',
  'https://console.freight.exam',
  'https://con',
  'https://freight.example@evil.example',
  'https://evil.example/freight.example',
  'https://evil.example?https://console.freight.example',
  'https://evil.example#https://console.freight.example',
  'https://evil.example/https://console.freight.example',
  'https://evil.example\\.console.freight.example',
  'https://console.freight.example\\@evil.example',
  'https://console.freight.example@evil.example',
  'https://console.freight.example:443@evil.example',
  'https://evil.example:443',
  'https://evil@console.freight.example',
  'https://@console.freight.example',
  'https://console.freight.example:',
  'https://CONSOLE.freight.example',
  'HTTPS://console.freight.example',
  'https://console.freight.example.',
  'https://console.freight.example..',
  'https://console.freight.example/',
  'https://console.freight.example/login',
  'https:console.freight.example',
  '//console.freight.example',
  'console.freight.example',
  'ftp://console.freight.example',
  'javascript://console.freight.example',
  'https://xn--cnsole-yva.freight.example.evil.example',
  'https://xn--frght-6ve.example',
  'https://c\u00f6nsole.freight.example',
  'https://console\u00ad.freight.example',
  'https://console%2efreight.example',
  'https://console.freight.example%00.evil.example',
  'https://console.freight.example\t.evil.example',
  'https://console.freight.example .evil.example',
  'https://console.freight.example`.evil.example',
  'https://console.freight.example{.evil.example',
  'https://console.freight.example https://evil.example',
  'https://console.freight.example, https://evil.example',
  'https://evil.example,https://console.freight.example',
  // Two header lines.
  'https://console.freight.example\nhttps://evil.example',
  'https://evil.example\nhttps://console.freight.example',
  'null',
  'NULL',
  '*',
];

/** Asks a server that runs for this long only, once for each origin; undefined asks without one. */
export async function askAll<T extends string | undefined>(served: Served, origins: readonly T[]): Promise<Map<T, Answer>> {
  if ('ready' in served) await served.ready();
  const server = createServer('routing' in served ? (req, res) => served.routing(req, res) : served);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const answers = new Map<T, Answer>();
    // One after the other: what a pattern remembers goes from one request to the next.
    for (const origin of origins) answers.set(origin, await ask(port, origin));
    return answers;
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function ask(port: number, origin: string | undefined): Promise<Answer> {
  const headers = ['Host', `127.0.0.1:${port}`, ...(origin?.split('\n') ?? []).flatMap((line) => ['Origin', line])];
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, headers }, (res) => {
      let body = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => (body += chunk));
      res.on('end', () => {
        const { 'access-control-allow-origin': allowOrigin, 'access-control-allow-credentials': credentials, vary } = res.headers;
        resolve({ status: res.statusCode, allowOrigin, credentials, body, vary });
      });
    })
      .on('error', reject)
      .end();
  });
}

/** Whether a browser would let a page of that origin read the answer. */
export function letsIn(answer: Answer, origin: string): boolean {
  const { allowOrigin } = answer;
  // Of two header lines a server sees the one, the other, or both as a list.
  const strangers = origin.split('\n').filter((line) => line.includes('evil'));
  return allowOrigin === '*' || (allowOrigin !== undefined && [origin, origin.replace('\n', ', '), ...strangers].includes(allowOrigin));
}
