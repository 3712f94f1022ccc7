import { subscribe } from 'node:diagnostics_channel';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noUnclosedResponseBody as codemod } from '../../codemods/no-unclosed-response-body.js';
import type { Target } from '../../codemods/types.js';
import { repairText } from './support/repair-text.js';

const FOLDER = fileURLToPath(new URL('../../fixtures/no-unclosed-response-body/', import.meta.url));
const BODY_SIZE = 256 * 1024;

type Subject = Record<string, unknown>;
interface Scenario {
  run(subject: Subject, url: string): Promise<unknown>;
  target?: Partial<Target>;
}
const subjects = import.meta.glob<Subject>('../../fixtures/no-unclosed-response-body/*/{input,expected}.ts');
const scenarios = import.meta.glob<Scenario>('../../fixtures/no-unclosed-response-body/*/scenario.ts');
const load = <T>(modules: Record<string, () => Promise<T>>, file: string) => modules[`../../fixtures/no-unclosed-response-body/${file}`]!();

const names = readdirSync(FOLDER);
const repaired = names.filter((name) => existsSync(`${FOLDER}${name}/expected.ts`));
const read = (file: string) => readFileSync(`${FOLDER}${file}`, 'utf8');

// The server answers with 256 KiB and closes its side of the connection: what is still open then is held by the client.
const requests = new Map<string, number>();
const server = createServer((req, res) => {
  const [, run, kind, value] = req.url!.split('/');
  const count = (requests.get(run!) ?? 0) + 1;
  requests.set(run!, count);
  const status = kind === 'flaky' ? (count > Number(value) ? 200 : 503) : Number(value);
  res.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  const path = `/${kind}/${value}`;
  res.end(JSON.stringify({ path, padding: '.'.repeat(BODY_SIZE) }));
});
let url = '';
let runs = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

// Every connection of a client in this process. undici opens a new one for each that it broke off, and keeps it for the
// next request: only those that have brought something can hold a body.
const connections: Socket[] = [];
subscribe('net.client.socket', (message) => {
  connections.push((message as { socket: Socket }).socket);
});
const findHeld = () => connections.filter((socket) => !socket.destroyed && socket.bytesRead > 0);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What a scenario comes to, and how many of its connections are still open when nothing moves any more. */
async function observe(scenario: Scenario, subject: Subject, patience: number): Promise<{ outcome: unknown; held: number }> {
  const heldBefore = new Set(findHeld());
  const countHeld = () => findHeld().filter((socket) => !heldBefore.has(socket)).length;
  const outcome = await scenario.run(subject, `${url}/${++runs}`).then(
    (value) => ({ value }),
    (error: Error) => ({ error: `${error.name}: ${error.message}` }),
  );
  // Sockets close a little after the function has ended, and answers come a little after that; what is held stays.
  await pause(50);
  for (let waited = 0; countHeld() > 0 && waited < patience; waited += 20) await pause(20);
  return { outcome, held: countHeld() };
}

const repair = (text: string, target?: Partial<Target>) => repairText(codemod, text, { target });

/** A snippet without the indentation of this file. */
function t({ raw }: TemplateStringsArray): string {
  const lines = raw[0]!.split('\n').slice(1, -1);
  const depth = /^ */.exec(lines[0]!)![0].length;
  return `${lines.map((line) => line.slice(depth)).join('\n')}\n`;
}

describe.each(repaired)('%s', (name) => {
  it('is written as expected, and a second run changes nothing', async () => {
    const { target } = await load(scenarios, `${name}/scenario.ts`);
    const { text: after, results } = await repair(read(`${name}/input.ts`), target);
    expect(results.length).toBeGreaterThan(0);

expect(results.map(({ status }) => status)).toEqual(results.map(() => 'changed'));
    expect(after).toBe(read(`${name}/expected.ts`));
    expect((await repair(after, target)).results).toEqual([]);
  });

  it('holds sockets before and none after, with the same outcome', async () => {
    const scenario = await load(scenarios, `${name}/scenario.ts`);
    let before = await observe(scenario, await load(subjects, `${name}/input.ts`), 300);
    // The collector may have been there in the meantime, and ends what it finds; not every time.
    for (let again = 0; again < 4 && before.held === 0; again++) before = await observe(scenario, await load(subjects, `${name}/input.ts`), 100);
    expect(before.held).toBeGreaterThan(0);
    const after = await observe(scenario, await load(subjects, `${name}/expected.ts`), 5000);
    expect(after).toEqual({ outcome: before.outcome, held: 0 });
  });
});

it('writes code that type-checks', () => {
  const files = repaired.flatMap((name) => [`${FOLDER}${name}/expected.ts`, `${FOLDER}${name}/scenario.ts`]);
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    paths: { 'watertight-runtime': [fileURLToPath(new URL('../../runtime/index.ts', import.meta.url))] },
  });
  const errors = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  expect(errors.map(({ file, messageText }) => `${file?.fileName.slice(FOLDER.length)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)).toEqual([]);
});

describe('what is left alone', () => {
  const nearMisses: Record<string, string> = {
    'a response that is returned': t`
      export async function open(url: string) {
        const res = await fetch(url);
        return res;
      }
    `,
    'a response that is read in the error': t`
      export async function load(url: string) {
        const res = await fetch(url);
        if (!res.ok) throw new Error(await res.text());
        return await res.json();
      }
    `,
    'a body that is piped': t`
      import { pipeline } from 'node:stream/promises';
      export async function save(url: string, file: NodeJS.WritableStream) {
        const res = await fetch(url);
        if (!res.body) throw new Error('empty');
        await pipeline(res.body, file);
      }
    `,
    'a response that is managed': t`
      import { managed } from 'watertight-runtime';
      export async function isUp(url: string) {
        await using res = managed(await fetch(url));
        return res.ok;
      }
    `,
    'a HEAD request': t`
      export async function isUp(url: string) {
        const res = await fetch(url, { method: 'HEAD' });
        return res.ok;
      }
    `,
    'a response that a helper reads': t`
      async function finish(res: Response) {
        await res.text();
      }
      export async function isUp(url: string) {
        const res = await fetch(url);
        await finish(res);
        return res.ok;
      }
    `,
  };
  it.each(Object.entries(nearMisses))('%s', async (_name, text) => {
    expect(await repair(text)).toEqual({ text, results: [] });
  });

  it.each([
    [
      'a sum that was read before the request',
      t`
        export async function count(urls: string[]) {
          let total = 0;
          for (const url of urls) total += (await fetch(url)).status;
          return total;
        }
      `,
      'unsupported-shape',
    ],
    [
      'a request that is not always made',
      t`
        export async function isUp(url: string, isForced: boolean) {
          return isForced || (await fetch(url)).ok;
        }
      `,
      'unsupported-shape',
    ],
    [
      'the test of a loop, which is asked again and again',
      t`
        export async function wait(url: string) {
          while (!(await fetch(url)).ok) await new Promise((resolve) => setTimeout(resolve, 100));
        }
      `,
      'unsupported-shape',
    ],
    [
      'a list of which the exit reads one',
      t`
        export async function loadFirst(urls: string[]) {
          const answers = await Promise.all(urls.map((url) => fetch(url)));
          for (const res of answers) {
            if (res.ok) return await res.json();
          }
          return undefined;
        }
      `,
      'unsupported-shape',
    ],
    [
      'an end of a block where it may have been handed over',
      t`
        export async function load(url: string, take?: (res: Response) => void) {
          const res = await fetch(url);
          if (res.ok) {
            if (take) take(res);
          } else {
            console.error(await res.text());
          }
        }
      `,
      'ambiguous-owner',
    ],
    [
      'a response that comes with an error',
      t`
        import axios from 'axios';
        export async function open(url: string) {
          try {
            return (await axios.get(url, { responseType: 'stream' })).data;
          } catch (error: any) {
            if (error.response) return null;
            throw error;
          }
        }
      `,
      'unsupported-shape',
    ],
  ])('%s, with a reason', async (_name, text, reason) => {
    const { text: after, results } = await repair(text);
    expect(after).toBe(text);
    expect(results).toEqual([expect.objectContaining({ status: 'skipped', reason, detail: expect.stringMatching(/\w/) as string })]);
  });
});

describe('forms', () => {
  const text = t`
    export async function isUp(url: string) {
      const res = await fetch(url);
      return res.ok;
    }
  `;

  it('imports from the module of the project', async () => {
    const { text: after } = await repair(text, { runtimeModule: '#http' });
    expect(after).toContain(`import { managed } from '#http';`);
  });

  it('requires where the file does', async () => {
    const { text: after } = await repair(`const url = require('url');\n${text.replace('export ', '')}`, { moduleFormat: 'commonjs', canUseUsing: false });
    expect(after).toContain(`const { releaseBody } = require('watertight-runtime');`);
    expect(after).toContain('  } finally {\n    await releaseBody(res);\n  }\n}');
  });

  it('manages no promise and no request', async () => {
    const { text: waiting } = await repair(t`
      export async function load(url: string) {
        const request = fetch(url);
        const res = await request;
        if (!res.ok) throw new Error(res.statusText);
        return await res.text();
      }
    `);
    expect(waiting).toContain('const request = fetch(url);');
    expect(waiting).toContain('    await releaseBody(res);\n    throw');
    const { text: after } = await repair(t`
      import http from 'node:http';
      export async function ask(url: string, done: (status?: number) => void) {
        const req = http.get(url, (res) => {
          done(res.statusCode);
        });
        req.on('error', () => done());
      }
    `);
    expect(after).toContain('const req = http.get(');
    expect(after).toContain('    void releaseBody(res);\n');
  });

  it('gives new variables of one function names of their own', async () => {
    const { text: after } = await repair(t`
      export async function areUp(first: string, second: string) {
        const isFirstUp = (await fetch(first)).ok;
        const isSecondUp = (await fetch(second)).ok;
        return isFirstUp && isSecondUp;
      }
    `);
    expect(after).toContain('const response = await fetch(first);');
    expect(after).toContain('const isFirstUp = response.ok;');
    expect(after).toContain('const res = await fetch(second);');
    expect(after).toContain('const isSecondUp = res.ok;');
  });

  it('does not guard the rest of a block that a function above it needs', async () => {
    const { text: after } = await repair(
      t`
        export async function isUp(url: string) {
          const say = () => console.log(status);
          const res = await fetch(url);
          const status = res.status;
          say();
          return status < 500;
        }
      `,
      { style: 'try-finally' },
    );
    expect(after).not.toContain('try {');
    expect(after).toContain('  await releaseBody(res);\n  return status < 500;');
  });
});
