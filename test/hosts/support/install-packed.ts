import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { buildCli } from '../../cli/support/spawn-bin.js';
import { PACKAGES, type PackageFolder, ROOT } from '../../repository/support/paths.js';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

interface PackedPackage {
  readonly name: string;
  /** Absolute. */
  readonly tarball: string;
  /** The paths in it, without the folder around them. */
  readonly files: readonly string[];
}

export interface Installed {
  readonly directory: string;
  readonly packages: readonly PackedPackage[];
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/**
 * Builds and packs packages, and lays them into the `node_modules` of a temporary directory as `npm install` would, with
 * the dependencies that are here anyway instead of the network. The directory goes away after the tests of the file.
 */
export async function installPacked(folders: readonly PackageFolder[] = PACKAGES): Promise<Installed> {
  await buildCli();
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'watertight-packed-')));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory, ...folders.map((folder) => `./${folder}`)];
  const output = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const packed = JSON.parse(output) as { name: string; filename: string; files: { path: string }[] }[];
  const modules = join(directory, 'node_modules');
  for (const { name, filename } of packed) {
    const target = join(modules, name);
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['xzf', join(directory, filename), '--strip-components=1', '-C', target]);
  }
  for (const { name } of packed) linkDependencies(modules, name);
  writeFileSync(join(directory, 'package.json'), '{ "private": true, "type": "module" }');
  return { directory, packages: packed.map(({ name, filename, files }) => ({ name, tarball: join(directory, filename), files: files.map(({ path }) => path) })) };
}

/** Only what a package says it needs: what it forgot is not found. */
function linkDependencies(modules: string, name: string): void {
  const folder = join(modules, name);
  const { dependencies, peerDependencies } = readManifest(folder);
  for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
    if (existsSync(join(modules, dependency))) continue;
    link(join(folder, 'node_modules', dependency), dependency);
  }
}

/** Makes a package of the workspace available in a directory. */
export function link(path: string, name: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), path, 'junction');
}
