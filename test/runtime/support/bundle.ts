import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const runtimeIndex = fileURLToPath(new URL('../../../runtime/index.ts', import.meta.url));

/** What an application ships of the runtime, minified, when its source is this. */
export async function bundledCode(source: string, minify: boolean): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'bundle-'));
  try {
    const entry = join(dir, 'entry.js');
    writeFileSync(entry, source);
    const result = await build({
      configFile: false,
      logLevel: 'error',
      root: dir,
      resolve: { alias: { 'watertight-runtime': runtimeIndex } },
      build: {
        write: false,
        ssr: entry,
        target: 'node20',
        minify,
        rolldownOptions: { external: /^node:/ },
      },
    });
    const [output] = Array.isArray(result) ? result : [result];
    if (output === undefined || !('output' in output)) {
      throw new Error('The bundler gave no output.');
    }
    return output.output.map((file) => (file.type === 'chunk' ? file.code : '')).join('');
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** The whole runtime as one module in a file, for child processes that know no TypeScript. */
export async function bundledRuntime(): Promise<{ path: string } & Disposable> {
  const dir = mkdtempSync(join(tmpdir(), 'runtime-'));
  const path = join(dir, 'runtime.mjs');
  writeFileSync(path, await bundledCode("export * from 'watertight-runtime';", false));
  return { path, [Symbol.dispose]: () => rmSync(dir, { recursive: true }) };
}
