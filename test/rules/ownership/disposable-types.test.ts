import { afterAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lintProject } from '../support/lint-project.js';

const LEASES = `export class Lease implements Disposable {
  readonly id = 1;
  renew(): void {}
  start(): this { return this; }
  close(): void {}
  [Symbol.dispose](): void {}
}
export class Registered implements Disposable {
  constructor(list: Disposable[]) { list.push(this); }
  [Symbol.dispose](): void {}
}
export interface Session extends AsyncDisposable { readonly token: string }
export declare function openSession(): Promise<Session>;
export declare function getSession(): Promise<Session>;
export declare function createLock(): Disposable;
export declare const pool: { acquire(): Promise<Session>; get(id: number): Lease };
export declare function adopt(lease: Disposable): void;
export declare function values(): IteratorObject<number>;
`;

const root = mkdtempSync(join(tmpdir(), 'watertight-types-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const HEAD = "import { Lease, type Session, adopt, createLock, getSession, openSession, pool, values } from './leases.js';\n";
const valid: Record<string, string> = {
  using: 'export function f(): void { using lease = new Lease(); lease.renew(); }',
  awaitUsing: 'export async function f(): Promise<string> { await using session = await openSession(); return session.token; }',
  disposed: 'export function f(): void { const lease = new Lease(); lease[Symbol.dispose](); }',
  closed: 'export function f(): void { const lease = new Lease(); try { lease.renew(); } finally { lease.close(); } }',
  returned: 'export function f(): Lease { const lease = new Lease(); lease.renew(); return lease; }',
  fluent: 'export function f(): Lease { const lease = new Lease(); return lease.start(); }',
  handedOver: 'export function f(): void { const lease = new Lease(); adopt(lease); }',
  inList: 'const all: Lease[] = []; export function f(): void { const lease = new Lease(); all.push(lease); }',
  inObject: 'export function f(): { lease: Lease } { const lease = new Lease(); return { lease }; }',
  gotten: 'export async function f(): Promise<string> { const session = await getSession(); return session.token; }',
  fromCollection: 'export function f(): void { const lease = pool.get(1); lease.renew(); }',
  fromMap: 'const all = new Map<number, Lease>(); export function f(): void { const lease = all.get(1); lease?.renew(); }',
  iterator: 'export function f(): void { const list = values(); list.next(); }',
  generator: 'function* numbers() { yield 1; } export function f(): void { const list = numbers(); list.next(); }',
  module: 'const lease = new Lease(); lease.renew();',
  registersItself: "const all: Disposable[] = []; class Own implements Disposable { constructor() { all.push(this); } [Symbol.dispose](): void {} } export function f(): void { new Own(); }",
  ownedField: 'export class Owner { #lease = new Lease(); constructor() { this.#lease = new Lease(); } stop(): void { this.#lease.close(); } }',
  timer: 'declare function setTimeout(f: () => void): { [Symbol.dispose](): void }; export function f(): void { const timer = setTimeout(() => {}); void timer; }',
};
const LOST = 'is not released when';
const invalid: Record<string, readonly [code: string, message: string]> = {
  dropped: ['export function f(): void { createLock(); }', 'The disposable of `createLock` is dropped without being released. Keep it and release it.'],
  droppedNew: ['export function f(): void { new Lease(); }', 'The disposable of `Lease` is dropped without being released. Keep it and release it.'],
  forgotten: ['export function f(): void { const lease = new Lease(); lease.renew(); }', `The disposable in \`lease\` ${LOST} the function ends. Release it there, or in a \`finally\`.`],
  early: ['export function f(ok: boolean): void {\n  const lease = new Lease();\n  if (!ok) return;\n  lease.close();\n}', `The disposable in \`lease\` ${LOST} line 4 returns. Release it there, or in a \`finally\`.`],
  partOnly: ['export async function f(): Promise<string> { const session = await openSession(); return session.token; }', `The disposable in \`session\` ${LOST} line 2 returns. Release it there, or in a \`finally\`.`],
  acquired: ['export async function f(): Promise<void> { const session = await pool.acquire(); session.token.trim(); }', `The disposable in \`session\` ${LOST} the function ends. Release it there, or in a \`finally\`.`],
  fluent: ['export function f(): void { const lease = new Lease().start(); lease.renew(); }', `The disposable in \`lease\` ${LOST} the function ends. Release it there, or in a \`finally\`.`],
  field: ['export class Owner { #lease: Lease | undefined; start(): void { this.#lease = new Lease(); } }', `The disposable of \`Lease\` ${LOST} line 2 stores it, since no method of the class releases the field. Release it there, or in a \`finally\`.`],
  wrapped: ['function make() { return new Lease(); }\nexport function f(): void { make(); }', 'The disposable of `make` is dropped without being released. Keep it and release it.'],
};
writeFileSync(join(root, 'leases.ts'), LEASES);
writeFileSync(
  join(root, 'tsconfig.json'),
  JSON.stringify({ compilerOptions: { strict: true, target: 'ES2022', lib: ['ESNext', 'ESNext.Disposable'], types: [], module: 'ESNext', moduleResolution: 'Bundler' }, include: ['*.ts'] }),
);
const cases = [...Object.entries(valid).map(([name, code]) => [`valid-${name}`, code, []] as const), ...Object.entries(invalid).map(([name, [code, message]]) => [`invalid-${name}`, code, [message]] as const)];
for (const [name, code] of cases) writeFileSync(join(root, `${name}.ts`), HEAD + code);
const parserOptions = { project: './tsconfig.json', tsconfigRootDir: root, disallowAutomaticSingleRunInference: true };

function lint(name: string, code: string, options: Readonly<Record<string, unknown>>): string[] {
  return lintProject(root, join(root, `${name}.ts`), HEAD + code, 'no-unclosed-resource', { parserOptions: options }).map((line) => line.replace(/^\d+: /, ''));
}

describe('what is disposable by its type', () => {
  it.each(cases)('%s', (name, code, messages) => {
    expect(lint(name, code, parserOptions)).toEqual(messages);
  });

  it.each(cases)('%s is silent without types', (name, code) => {
    expect(lint(name, code, {})).toEqual([]);
  });
});
