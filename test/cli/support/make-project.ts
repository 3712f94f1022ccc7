import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface TestProject {
  readonly root: string;
  readonly path: (name: string) => string;
  readonly read: (name: string) => string;
  readonly write: (name: string, text: string | Buffer) => void;
}

/** A project in a temporary directory that goes away with the test. */
export function makeProject(files: Readonly<Record<string, string | Buffer>>): TestProject {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'watertight-cli-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const path = (name: string) => join(root, name);
  const write = (name: string, text: string | Buffer) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { root, path, write, read: (name) => readFileSync(path(name), 'utf8') };
}

export function makeReadOnly(path: string): void {
  chmodSync(path, 0o444);
}
