import { describe, expect, it } from 'vitest';
import { getBuiltinParts } from '../../cli/get-builtin-parts.js';
import { makeProject } from './support/make-project.js';
import { runCli } from './support/run-cli.js';

/** What is said about a line of a module, without its name and place. */
async function explain(line: number, code: readonly string[], name = 'a.ts'): Promise<string> {
  const { root } = makeProject({ [name]: `${code.join('\n')}\n` });
  const { stdout } = await runCli(root, ['explain', `${name}:${line}`], { parts: { ...getBuiltinParts(), canUseThreads: false } });
  return stdout;
}

describe('explain, at a place that is silent', () => {
  it('says where a resource is released on each path', async () => {
    const code = ['export async function load(url: string, signal: AbortSignal) {', '  const res = await fetch(url, { signal });', '  if (!res.ok) {', '    await res.body?.cancel();', '    return undefined;', '  }', '  return await res.text();', '}'];
    expect(await explain(2, code)).toBe(
      [
        'a.ts:2:21 acquires a response body. Nothing is reported, because on every path it is released or has another owner:',
        '  line 4: `res.body?.cancel()` releases it',
        '  line 7: `res.text()` releases it',
        '',
      ].join('\n'),
    );
  });

  it('says the same where it is released', async () => {
    const code = ['export async function load(url: string, signal: AbortSignal) {', '  const res = await fetch(url, { signal });', '  return await res.text();', '}'];
    expect(await explain(3, code)).toBe(await explain(2, code));
  });

  it('says that the caller gets it', async () => {
    expect(await explain(1, ['export const open = (url: string) => fetch(url);'])).toContain('line 1: it is returned, so the caller has to release it');
  });

  it('says who is given it, and that what they do is not known', async () => {
    const code = ["import { save } from 'somewhere';", 'export async function load(url: string) {', '  const res = await fetch(url);', '  await save(res);', '}'];
    const text = await explain(3, code);
    expect(text).toContain('because on every path somebody gets it who may release it:');
    expect(text).toContain('line 4: `save(res)` is given it, and what that does with it is not known');
  });

  it('says where it is kept', async () => {
    const code = ['export class Store {', '  responses: Response[] = [];', '  async load(url: string) {', '    const res = await fetch(url);', '    this.responses.push(res);', '  }', '}'];
    expect(await explain(4, code)).toContain('line 5: `this.responses.push(res)` keeps it beyond this function');
  });

  it('says that a path loses it, but not for certain', async () => {
    const code = ["import { open } from 'node:fs/promises';", 'export async function size(path: string, measure: (fd: number) => number) {', '  const file = await open(path);', '  const size = measure(file.fd);', '  await file.close();', '  return size;', '}'];
    expect(await explain(3, code)).toMatch(
      /^a\.ts:3:22 acquires a file handle\. A path loses it; on the others:\n {2}line 5: `file\.close\(\)` releases it\na\.ts:3:22 is not reported, because not every step is known, and the option `includePotential` of `no-unclosed-resource` is not set: The file handle .* when line 4 throws/,
    );
  });

  it('says that a file of tests is left out', async () => {
    const code = ["import { it } from 'vitest';", "it('is up', async () => {", "  const res = await fetch('/');", '  console.log(res.status);', '});'];
    expect(await explain(3, code, 'a.test.ts')).toContain('`no-unclosed-response-body` leaves this file out, as it does tests; its option `checkTestFiles` is not set: Body of');
  });

  it('says that the rule is not turned on', async () => {
    const { root } = makeProject({ 'a.ts': 'export const isUp = async (url: string) => (await fetch(url)).ok;\n' });
    const { stdout } = await runCli(root, ['explain', 'a.ts:1', '--rule', 'no-uncleared-timer'], { parts: { ...getBuiltinParts(), canUseThreads: false } });
    expect(stdout).toContain('is not reported, because `no-unclosed-response-body` is not turned on: Body of');
  });

  it('says which lines acquire something, when this one does not', async () => {
    const code = ['export async function load(url: string) {', '  const res = await fetch(url);', '  // wait', '  return await res.text();', '}'];
    expect(await explain(3, code)).toBe('Nothing is reported on line 3 of a.ts. Lines that acquire a resource: 2.\n');
  });
});
