import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeSource, encodeSource } from '../../cli/files/read-source.js';
import { writeSource } from '../../cli/files/write-source.js';
import { makeProject } from './support/make-project.js';
import { runCli } from './support/run-cli.js';
import { ROOT, buildCli } from './support/spawn-bin.js';

describe('writeSource', () => {
  const [old, next] = [Buffer.from('old\n'), Buffer.from('new\n')];

  it('replaces the contents and leaves nothing else behind', async () => {
    const { root, path, read } = makeProject({ 'a.ts': 'old\n' });
    await writeSource(path('a.ts'), old, next);
    expect(read('a.ts')).toBe('new\n');
    expect(readdirSync(root)).toEqual(['a.ts']);
  });

  it('refuses a file that changed since it was read', async () => {
    const { path, read } = makeProject({ 'a.ts': 'mine\n' });
    await expect(writeSource(path('a.ts'), old, next)).rejects.toThrow('The file changed since it was read.');
    expect(read('a.ts')).toBe('mine\n');
  });

  it('refuses a read-only file, also for root', async () => {
    const { path, read } = makeProject({ 'a.ts': 'old\n' });
    chmodSync(path('a.ts'), 0o444);
    await expect(writeSource(path('a.ts'), old, next)).rejects.toThrow('The file is read-only.');
    expect(read('a.ts')).toBe('old\n');
  });

  it('refuses a file that is gone', async () => {
    const { path } = makeProject({});
    await expect(writeSource(path('a.ts'), old, next)).rejects.toThrow('ENOENT');
  });

  it('writes the file behind a chain of links', async () => {
    const { path, read } = makeProject({ 'real/a.ts': 'old\n' });
    mkdirSync(path('links'));
    symlinkSync('../real/a.ts', path('links/b.ts'));
    symlinkSync('links/b.ts', path('c.ts'));
    chmodSync(path('real/a.ts'), 0o640);
    await writeSource(path('c.ts'), old, next);
    expect(read('real/a.ts')).toBe('new\n');
    expect(statSync(path('real/a.ts')).mode & 0o777).toBe(0o640);
  });

  describe('when the process is killed', () => {
    beforeAll(buildCli, 300_000);

    it('leaves the old bytes or the new ones', { timeout: 600_000 }, async () => {
      const size = 4 * 1024 * 1024;
      const { path } = makeProject({ 'a.ts': 'a'.repeat(size) });
      const module = pathToFileURL(join(ROOT, 'cli/dist/files/write-source.js')).href;
      // Writes one text over the other without end.
      const script = `
        import { writeSource } from ${JSON.stringify(module)};
        const texts = ['a', 'b'].map((letter) => Buffer.alloc(${size}, letter));
        const { readFileSync } = await import('node:fs');
        let now = texts.findIndex((text) => text[0] === readFileSync(process.argv[1])[0]);
        process.stdout.write('.');
        for (;;) { await writeSource(process.argv[1], texts[now], texts[1 - now]); now = 1 - now; }`;
      const seen = new Set<number>();
      const rounds = Number(process.env['WATERTIGHT_KILLS'] ?? 12);
      for (let round = 0; round < rounds; round += 1) {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script, path('a.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
        await new Promise((resolve) => child.stdout.once('data', resolve));
        await new Promise((resolve) => setTimeout(resolve, 5 + (round % 12) * 17));
        child.kill('SIGKILL');
        await new Promise((resolve) => child.once('exit', resolve));
        const bytes = readFileSync(path('a.ts'));
        expect(bytes.length).toBe(size);
        expect(bytes.equals(Buffer.alloc(size, bytes[0]))).toBe(true);
        seen.add(bytes[0]!);
      }
      // Were it never written, or never killed between two writes, this test would show nothing.
      expect(seen.size).toBe(2);
    });
  });
});

describe('reading and writing back', () => {
  it.each([
    ['plain', Buffer.from('a\r\nб😀'), true],
    ['with a byte order mark', Buffer.from('\uFEFFa'), true],
    ['empty', Buffer.alloc(0), true],
    ['Latin-1', Buffer.from([0x61, 0xe9]), false],
    ['UTF-16', Buffer.from('\uFEFFab', 'utf16le'), false],
    ['cut inside a character', Buffer.from('😀').subarray(0, 3), false],
  ])('gives the same bytes when they were UTF-8: %s', (_, bytes, isUtf8) => {
    const source = decodeSource(bytes);
    expect(source.isUtf8).toBe(isUtf8);
    if (isUtf8) expect(encodeSource(source.text, source).equals(bytes)).toBe(true);
    expect(source.text.startsWith('\uFEFF')).toBe(false);
  });
});

describe('a file that changes while fix works', () => {
  const files = {
    'kit.js': 'exports.held = (value) => value;\n',
    'a.js': 'leak(1);\n',
    'b.js': 'leak(1);\n',
  };

  it('is not written, and the others are', async () => {
    const { root, read } = makeProject(files);
    // The check runs once between reading and writing.
    const args = ['fix', '-w', '--runtime-module', './kit.js', '--format', 'json', '--verify', 'test -e done || echo "// mine" >> a.js; touch done'];
    const { code, stdout } = await runCli(root, args);
    const { sites } = JSON.parse(stdout) as { sites: { file: string; status: string; detail: string | null }[] };
    expect(sites.map(({ file, status, detail }) => [file, status, detail])).toEqual([
      ['a.js', 'failed', 'Not written: The file changed since it was read.'],
      ['b.js', 'changed', null],
    ]);
    expect(read('a.js')).toBe('leak(1);\n// mine\n');
    expect(read('b.js')).toContain('held(leak(1))');
    expect(code).toBe(1);
  });

  it('is put back when Ctrl-C ends the check', async () => {
    const { root, read } = makeProject(files);
    const before = process.listenerCount('SIGINT');
    const run = runCli(root, ['fix', '-w', '--runtime-module', './kit.js', '--verify', 'test -e done && sleep 30; touch done']);
    await expect.poll(() => read('b.js').includes('held') && process.listenerCount('SIGINT') > before, { timeout: 30_000 }).toBe(true);
    process.listeners('SIGINT').at(-1)!('SIGINT');
    const { code, stderr } = await run;
    expect(stderr).toContain('Interrupted while');
    expect([read('a.js'), read('b.js')]).toEqual(['leak(1);\n', 'leak(1);\n']);
    expect(code).toBe(130);
  });
});
